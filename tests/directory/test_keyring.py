"""What a worker remembers of keys: only while both revisions are those it was looked up at, and while the key lasts."""

from datetime import timedelta

from sqlalchemy import Engine

from directory.permissions import LOCAL
from directory.services import access, keys
from directory.services.keyring import MOST_KEPT, Keyring
from tests.conftest import Clock
from tests.directory.people import working
from tests.factories import Factory


def test_a_holder_is_known_until_anything_changes_that_could_end_the_key(engine: Engine, clock: Clock) -> None:
    ring = Keyring()
    with working(engine, clock) as session:
        organisation = Factory(session)("organisations")
        made = keys.create(session, LOCAL, {"name": "app", "organisation_id": organisation.id})
    seen = access.revisions(engine)
    with working(engine, clock, write=False) as session:
        held = keys.held(session, made.token)
        assert held is not None
        assert seen == (1, access.revision(session))
    ring.keep(made.token, seen, held)
    assert ring.find(made.token, access.revisions(engine), clock.now) == held
    assert ring.find(f"{made.token}x", seen, clock.now) is None

    with working(engine, clock) as session:
        keys.revoke(session, LOCAL, made.key.id)
    assert ring.find(made.token, access.revisions(engine), clock.now) is None
    with working(engine, clock) as session:
        Factory(session)("organisations")
    assert access.revisions(engine).registry == seen.registry + 1


def test_a_key_ends_by_the_clock_alone(engine: Engine, clock: Clock) -> None:
    ring, seen = Keyring(), access.revisions(engine)
    with working(engine, clock) as session:
        made = keys.create(session, LOCAL, {"name": "app", "organisation_id": Factory(session)("organisations").id})
        held = keys.held(session, made.token)
    assert held is not None
    ring.keep(made.token, seen, held)
    assert ring.find(made.token, seen, held.until - timedelta(microseconds=1)) == held
    assert ring.find(made.token, seen, held.until) is None


def test_it_remembers_so_many_and_forgets_when_told(engine: Engine, clock: Clock) -> None:
    ring, seen = Keyring(), access.revisions(engine)
    held = keys.Held(LOCAL, clock.now + timedelta(days=1), None)
    for number in range(MOST_KEPT + 1):
        ring.keep(str(number), seen, held)
    assert ring.find("0", seen, clock.now) is None
    assert ring.find(str(MOST_KEPT), seen, clock.now) == held
    ring.forget()
    assert ring.find(str(MOST_KEPT), seen, clock.now) is None
