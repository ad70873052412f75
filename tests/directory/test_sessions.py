"""Sessions: who holds a token, and what ends one."""

import pytest
from sqlalchemy.orm import Session

from directory.errors import Denied, NotFound
from directory.permissions import LOCAL, Actor
from directory.services import access, sessions, suspensions
from directory.services.logins import Opened
from tests.conftest import Clock
from tests.directory.people import enlist, sign_in, wait


@pytest.fixture
def opened(session: Session) -> Opened:
    found = sign_in(session, enlist(session, "caseworker"))
    assert found is not None
    return found


def test_a_token_says_who_acts(session: Session, opened: Opened) -> None:
    assert sessions.lookup(session, opened.token) == opened.actor


@pytest.mark.parametrize("token", ["", "x", "x" * 100_000, "\ud800", opened.__name__])
def test_no_other_token_does(session: Session, opened: Opened, token: str) -> None:
    assert sessions.lookup(session, token) is None


def test_idleness_ends_a_session(session: Session, clock: Clock, opened: Opened) -> None:
    wait(session, clock, minutes=59)
    assert sessions.lookup(session, opened.token) is not None
    wait(session, clock, minutes=1)
    assert sessions.lookup(session, opened.token) is None


def test_use_keeps_a_session_for_twelve_hours(session: Session, clock: Clock, opened: Opened) -> None:
    for _ in range(23):
        wait(session, clock, minutes=30)
        assert sessions.needs_touch(session, opened.actor)
        sessions.touch(session, opened.actor)
        assert not sessions.needs_touch(session, opened.actor)
    assert sessions.lookup(session, opened.token) is not None
    wait(session, clock, minutes=30)
    assert sessions.lookup(session, opened.token) is None


def test_one_ends_ones_own(session: Session, opened: Opened) -> None:
    before = access.revision(session)
    sessions.revoke(session, opened.actor, opened.session.id)
    assert sessions.lookup(session, opened.token) is None
    assert access.revision(session) > before


def test_nobody_ends_anothers_but_who_manages_accounts(session: Session, opened: Opened) -> None:
    other = Actor("caseworker", "other", account_id="00000000-0000-4000-8000-000000000000")
    for refused in (
        lambda: sessions.revoke(session, other, opened.session.id),
        lambda: sessions.revoke_all(session, other, opened.actor.account_id),
        lambda: sessions.held(session, other, opened.actor.account_id),
        lambda: sessions.revoke_all(session, Actor("app", "app")),
    ):
        with pytest.raises(Denied):
            refused()
    sessions.revoke(session, LOCAL, opened.session.id)
    assert sessions.lookup(session, opened.token) is None


def test_all_end_at_once(session: Session) -> None:
    who = enlist(session, "caseworker")
    both = [sign_in(session, who), sign_in(session, who)]
    actor = both[0].actor if both[0] else LOCAL
    assert len(sessions.held(session, actor)) == 2
    sessions.revoke_all(session, actor)
    assert sessions.held(session, actor) == []
    assert [sessions.lookup(session, one.token) for one in both if one] == [None, None]


def test_a_suspension_shuts_its_people_out(session: Session, opened: Opened) -> None:
    coordinator, organisation_id = Actor("coordinator", "c"), str(opened.actor.organisation_id)
    suspensions.suspend(session, coordinator, "organisations", organisation_id, {"code": "compromised_account"})
    assert sessions.lookup(session, opened.token) is None
    suspensions.lift(session, coordinator, "organisations", organisation_id, {"code": "resolved"})
    assert sessions.lookup(session, opened.token) is not None


def test_no_session_is_found_under_another_id(session: Session) -> None:
    with pytest.raises(NotFound):
        sessions.revoke(session, LOCAL, "00000000-0000-4000-8000-000000000000")
