"""On PostgreSQL the role that serves reads no true location by whatever query, and the registry works all the same."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from directory import database_roles
from directory.database_roles import Roles, Unfit
from directory.db import begin
from directory.errors import Invalid
from directory.exchange import dump
from directory.permissions import LOCAL, Actor
from directory.services import records
from directory.services.catalogue import COLLECTIONS, change
from tests import postgres
from tests.directory.conftest import MUSINA, MUSINA_TOO, POLOKWANE

Make = Callable[..., Any]
READS = (
    "SELECT latitude FROM site_secret",
    "SELECT * FROM site_secret",
    "SELECT count(*) FROM site_secret WHERE longitude > 30",
    "SELECT site_id FROM site_secret ORDER BY latitude",
    "UPDATE site_secret SET version = latitude::int",
    "UPDATE site_secret SET version = 2 RETURNING address",
    "UPDATE site SET lat = latitude FROM site_secret WHERE site.id = site_secret.site_id",
    "DELETE FROM site_secret",
    "COPY site_secret TO STDOUT",
    "CREATE VIEW mine AS SELECT latitude FROM site_secret",
    "ALTER TABLE site_secret DISABLE TRIGGER ALL",
    "GRANT SELECT ON site_secret TO CURRENT_USER; SELECT address FROM site_secret",
    "DELETE FROM audit_entry",
    "UPDATE audit_entry SET action = 'none'",
)


@pytest.fixture
def database_url(postgres_url: str) -> str:
    """SQLite has no roles."""
    return postgres_url


@pytest.fixture
def engines(engine: Engine, worker_id: str) -> Iterator[tuple[Engine, Engine]]:
    """As the serving role, and as the secret one."""
    made = postgres.restricted(engine, worker_id)
    yield made
    for one in made:
        one.dispose()


@pytest.fixture
def session(engines: tuple[Engine, Engine], clock: Callable[[], Any]) -> Iterator[Session]:
    """A writing transaction of the serving role."""
    with begin(engines[0], write=True) as begun:
        begun.info["clock"] = clock
        yield begun


def refused(session: Session, statement: str) -> str:
    """What the database says to a statement that it refuses."""
    with pytest.raises(ProgrammingError) as raised, session.begin_nested():
        session.execute(text(statement))
    return str(raised.value.orig)


def test_places_are_written_moved_and_closed_unseen(session: Session, make: Make, haven: Any) -> None:
    site = make("sites", organisation_id=haven.id, confidential=True, location=POLOKWANE)
    moved = change(session, LOCAL, COLLECTIONS["sites"], site.id, site.version, {"location": {"address": "3 Acacia"}})
    assert (moved.id, moved.version) == (site.id, 1)
    elsewhere = change(session, LOCAL, COLLECTIONS["sites"], site.id, 1, {"location": MUSINA_TOO})
    assert elsewhere.id != site.id
    assert session.scalars(text("SELECT version FROM site_secret ORDER BY version")).all() == [1, 1, 2]
    records.close(session, LOCAL, COLLECTIONS["sites"], elsewhere.id, elsewhere.version)


@pytest.mark.parametrize("statement", READS)
@pytest.mark.usefixtures("haven")
def test_the_database_refuses_what_reads_them(session: Session, statement: str) -> None:
    assert "permission denied" in refused(session, statement) or "must be owner" in refused(session, statement)


def opened(session: Session, haven: Any, lat: float) -> Any:
    """A place that the organisation opens itself."""
    own = Actor("partner_manager", "haven", organisation_id=haven.id)
    given = {"organisation_id": haven.id, "confidential": False, "location": {**MUSINA, "lat": lat}}
    return records.create(session, own, COLLECTIONS["sites"], given)


def test_an_open_place_beside_a_hidden_one_is_refused_unseen(session: Session, haven: Any) -> None:
    with pytest.raises(Invalid, match="beside"):
        opened(session, haven, -22.342)


def test_at_a_kilometre_it_is_not(session: Session, haven: Any) -> None:
    assert opened(session, haven, -22.3409).lat == -22.3409


def test_nobody_else_may_ask_about_neighbours(engines: tuple[Engine, Engine], haven: Any) -> None:
    with begin(engines[1], write=False) as secrets:
        assert "permission denied" in refused(secrets, f"SELECT open_site_beside_secret('{haven.id}')")
        assert "permission denied" in refused(secrets, "SELECT name FROM organisation")


def test_a_dump_reads_true_locations_through_the_other_role(
    engines: tuple[Engine, Engine], session: Session, haven: Any, tmp_path: Path
) -> None:
    session.commit()
    with begin(engines[1], write=False) as secrets:
        assert dump.dump(session, LOCAL, tmp_path, secrets)["organisations"] == 1
    location = orjson.loads((tmp_path / "sites.jsonl").read_bytes())["location"]
    assert location == MUSINA
    with pytest.raises(ProgrammingError, match="permission denied"):
        dump.dump(session, LOCAL, tmp_path, session)
    session.rollback()


def test_who_could_read_them_does_not_serve(engine: Engine, engines: tuple[Engine, Engine], worker_id: str) -> None:
    serving, secret = engines
    with begin(serving, write=False) as session:
        database_roles.check_serving(session)
        with pytest.raises(Unfit, match="SECRET_DATABASE_URL"):
            database_roles.check_secret(session)
    with begin(secret, write=False) as session:
        database_roles.check_secret(session)
        with pytest.raises(Unfit, match="may read where"):
            database_roles.check_serving(session)
    with begin(engine, write=False) as session, pytest.raises(Unfit, match="superuser"):
        database_roles.check_serving(session)


@pytest.mark.parametrize(
    ("excess", "said"),
    [
        ("GRANT SELECT (latitude) ON site_secret TO PUBLIC", "may read where"),
        ("GRANT pg_read_all_data TO {role}", "may read where"),
        ("ALTER ROLE {role} CREATEROLE", "may make roles"),
        ("ALTER ROLE {role} SUPERUSER", "superuser"),
        (
            "CREATE ROLE other_{role}; ALTER TABLE site_secret OWNER TO other_{role}; GRANT other_{role} TO {role}",
            "owns",
        ),
    ],
)
def test_a_role_that_was_given_too_much_does_not_serve(
    engine: Engine, engines: tuple[Engine, Engine], worker_id: str, excess: str, said: str
) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql(excess.format(role=f"serving_{worker_id}"))
        with Session(connection) as session:
            connection.exec_driver_sql(f"SET LOCAL SESSION AUTHORIZATION serving_{worker_id}")
            with pytest.raises(Unfit, match=said):
                database_roles.check_serving(session)
        connection.rollback()


def test_roles_that_can_read_all_the_same_are_not_made_fit(engine: Engine) -> None:
    with pytest.raises(Unfit, match="superuser"):
        database_roles.secure(engine, Roles("postgres", "directory_secret_unused"))
