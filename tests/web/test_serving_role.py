"""What a person types to serve PostgreSQL, and what the server says to a role that may do too much or too little."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import Engine

from tests import postgres
from tests.applications import Configured
from tests.conftest import SECRET_KEY
from web.settings import Settings

Type = Callable[..., Result]


@pytest.fixture
def database_url(postgres_url: str) -> str:
    """SQLite has no roles."""
    return postgres_url


@pytest.fixture
def typed(configured: Configured, tmp_path: Path) -> Type:
    """Types a command in the name of a role."""

    def typed(engine: Engine, *command: str) -> Result:
        url = engine.url.render_as_string(hide_password=False)
        app = configured(Settings(database_url=url, secret_key=SECRET_KEY, port=18_443, instance=tmp_path))
        with app.app_context():
            return app.test_cli_runner().invoke(args=command)

    return typed


def test_the_owner_makes_the_roles_once(typed: Type, engine: Engine, worker_id: str) -> None:
    roles = ("--serving", f"cli_serving_{worker_id}", "--secret", f"cli_secret_{worker_id}")
    first, again = (typed(engine, "db", "secure", *roles) for _ in range(2))
    assert (first.exit_code, again.exit_code) == (0, 0), first.output + again.output
    assert f"Made the role cli_serving_{worker_id}" in first.output
    assert "Made" not in again.output
    assert "SECRET_DATABASE_URL" in again.output


def test_the_server_does_not_start_as_a_superuser(typed: Type, engine: Engine) -> None:
    started = typed(engine, "start")
    assert started.exit_code == 1
    assert "postgres is a superuser of PostgreSQL" in started.output
    assert "flask db secure" in started.output


def test_nor_without_a_way_to_disclose(typed: Type, engine: Engine, worker_id: str) -> None:
    serving, secret = postgres.restricted(engine, worker_id)
    started = typed(serving, "start")
    assert "SECRET_DATABASE_URL cannot disclose" in started.output
    serving.dispose()
    secret.dispose()


def test_the_serving_role_loads_but_does_not_migrate(
    typed: Type, engine: Engine, worker_id: str, tmp_path: Path
) -> None:
    serving, secret = postgres.restricted(engine, worker_id)
    (tmp_path / "organisations.jsonl").write_text('{"key": "a", "name": "Aloe", "org_type": "ngo"}\n')
    loaded = typed(serving, "registry", "load", str(tmp_path))
    assert loaded.exit_code == 0, loaded.output
    typed(engine, "db", "downgrade", "0002")
    behind = typed(serving, "registry", "load", str(tmp_path))
    typed(engine, "db", "upgrade")
    assert (behind.exit_code, "may not migrate" in behind.output) == (1, True)
    serving.dispose()
    secret.dispose()


def test_no_request_is_served_by_who_may_read_everything(
    configured: Configured, engine: Engine, tmp_path: Path
) -> None:
    url = engine.url.render_as_string(hide_password=False)
    app = configured(Settings(database_url=url, secret_key=SECRET_KEY, instance=tmp_path))
    answers = [app.test_client().get("/readyz").status_code for _ in range(2)]
    assert answers == [500, 500]


def test_sqlite_has_no_roles(configured: Configured, empty_sqlite: Path, tmp_path: Path) -> None:
    app = configured(Settings(database_url=f"sqlite:///{empty_sqlite}", secret_key=SECRET_KEY, instance=tmp_path))
    said = app.test_cli_runner().invoke(args=["db", "secure"])
    assert (said.exit_code, "Only PostgreSQL" in said.output) == (1, True)
