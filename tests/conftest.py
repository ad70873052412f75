"""What most tests start from: a clock, an empty migrated registry on both databases, a session, a client."""

import gc
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, insert, text
from sqlalchemy.orm import Session

from directory import db, migrate
from directory.db import begin, make_engine
from directory.models.access import Account, ApiKey
from directory.models.record import new_id
from directory.models.registry import Base
from directory.permissions import Role
from directory.services import keys, passwords, tokens
from tests import engines, postgres
from tests.applications import Applications, Configured
from tests.factories import Factory
from tests.kept import Kept
from web.app import create_app
from web.settings import Settings
from web.transaction import Registry

SECRET_KEY = b"a secret of the tests, 32 bytes+"
COLLECTED_AFTER = (10_000, 20, 20)
"""Objects, and rounds, after which Python looks for what nobody holds any more."""


def pytest_configure() -> None:
    """Look for what nobody holds less often."""
    gc.set_threshold(*COLLECTED_AFTER)


def pytest_collection_finish() -> None:
    """What is there when the tests begin stays to the end: it is not looked through."""
    gc.collect()
    gc.freeze()


def admit(engine: Engine, role: Role, **acts_for: str | None) -> str:
    """A key for a new account of this role, or for an app; no password is hashed, none would open it."""
    token, moment = tokens.new(tokens.KEY_PREFIX), datetime.now(UTC)
    account = None if role == "app" else new_id()
    person = {"id": account, "username": str(account), "display_name": role, "role": role, "password_hash": "none"}
    times = {"created_at": moment, "updated_at": moment}
    key = {"id": new_id(), "name": role, "prefix": token[:9], "token_hash": tokens.digest(token), "account_id": account}
    life = {"created_at": moment - timedelta(days=1), "expires_at": moment + timedelta(days=9999)}
    own = {"scopes": list(keys.SCOPES), "organisation_id": acts_for.get("organisation_id") if role == "app" else None}
    with engine.connect().execution_options(registry_write=True) as connection, connection.begin():
        if account is not None:
            connection.execute(insert(Account).values(**person, **times, **acts_for))
        connection.execute(insert(ApiKey).values(**key, **life, **own))
    return token


@dataclass(slots=True)
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        """The time it shows."""
        return self.now

    def advance(self, **by: float) -> datetime:
        """Move it on, by the arguments of a timedelta."""
        self.now += timedelta(**by)
        return self.now


@pytest.fixture
def clock() -> Clock:
    """The time of a test: that of its start, standing still."""
    return Clock()


@pytest.fixture(scope="session", autouse=True)
def _quick() -> Iterator[None]:
    """Nothing is compiled twice by a worker, no disk is waited for, and passwords cost next to nothing to hash."""
    assert "synchronous=FULL" in db.SQLITE
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(db, "create_engine", engines.sharing())
        patched.setattr(db, "SQLITE", [one.replace("synchronous=FULL", "synchronous=OFF") for one in db.SQLITE])
        patched.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated and empty database file, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "empty.sqlite3"
    engine = make_engine(f"sqlite:///{path}")
    migrate.upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a running PostgreSQL, started when the first test wants it."""
    with postgres.server() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_url(postgres_server: str, worker_id: str) -> str:
    """A migrated and empty database of this worker."""
    name = f"directory_{worker_id}"
    engine = make_engine(postgres_server)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    url = engine.url.set(database=name).render_as_string(hide_password=False)
    migrated = make_engine(url)
    migrate.upgrade(migrated)
    migrated.dispose()
    return url


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty registry, once on each database."""
    if request.param == "sqlite":
        path = tmp_path / "registry.sqlite3"
        shutil.copy(request.getfixturevalue("empty_sqlite"), path)
        return f"sqlite:///{path}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine of its own on an empty registry; what a test commits is gone afterwards."""
    made = make_engine(database_url)
    yield made
    if made.dialect.name == "postgresql":
        _empty(made)
    made.dispose()


def _empty(engine: Engine) -> None:
    """Delete every row, in one go. As a replica, the server runs neither triggers nor foreign key checks."""
    statements = [f'DELETE FROM "{name}"' for name in sorted(Base.metadata.tables)]  # noqa: S608
    with engine.begin() as connection:
        connection.exec_driver_sql("; ".join(["SET LOCAL session_replication_role = replica", *statements]))


@pytest.fixture
def session(engine: Engine, clock: Clock) -> Iterator[Session]:
    """A transaction for writing, rolled back after the test."""
    begun = begin(engine, write=True)
    begun.info["clock"] = clock
    yield begun
    begun.rollback()
    begun.close()


@pytest.fixture
def factory(session: Session) -> Factory:
    """Makes records of any collection, with what they need around them."""
    return Factory(session)


@pytest.fixture(scope="session")
def application(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application, put together once a worker; each test gives it a registry."""
    path = tmp_path_factory.mktemp("application") / "unused.sqlite3"
    return create_app(Settings(database_url=f"sqlite:///{path}", secret_key=SECRET_KEY, instance=path.parent))


@pytest.fixture(scope="session")
def kept() -> Kept:
    """Worlds that tests begin with, written once a worker."""
    return Kept()


@pytest.fixture(scope="session")
def _applications() -> Applications:
    return Applications()


@pytest.fixture
def configured(_applications: Applications) -> Iterator[Configured]:
    """Applications with settings of a test's own; what they connected to is let go afterwards."""
    with _applications.connected() as made:
        yield made


@pytest.fixture
def app(application: Flask, engine: Engine, clock: Clock, worker_id: str) -> Iterator[Flask]:
    """The application on an empty registry; on PostgreSQL as the role that serves, which reads no true location."""
    made = postgres.restricted(engine, worker_id) if engine.dialect.name == "postgresql" else ()
    serving, secret = made or (engine, None)
    application.extensions["registry"] = Registry(serving, clock, secret)
    yield application
    for one in made:
        one.dispose()


@pytest.fixture
def holder(app: Flask, engine: Engine) -> Callable[..., FlaskClient]:
    """Clients of whoever is named: a role, and for whom it acts."""

    def named(role: Role, **acts_for: str | None) -> FlaskClient:
        made = app.test_client()
        made.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {admit(engine, role, **acts_for)}"
        return made

    return named


@pytest.fixture
def client(holder: Callable[..., FlaskClient]) -> FlaskClient:
    """An administrator."""
    return holder("admin")


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    """Somebody without a key."""
    return app.test_client()
