"""Signing in: what it takes, what whoever fails learns (nothing), and whom a lock shuts out (nobody else)."""

from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from directory import changes
from directory.errors import Denied
from directory.models.access import Device, Guard, KnownAddress, LoginSession
from directory.permissions import LOCAL, Actor
from directory.services import accounts, factors, guards, keys, logins, passwords, suspensions
from directory.services.accounts import Credentials
from directory.services.logins import Attempt
from tests.conftest import Clock
from tests.directory.people import OFFICE, STREET, code, enlist, sign_in, signed_in, wait, working


def fail(
    session: Session, who: Credentials, times: int, *, address: str | None = STREET, device: str | None = None
) -> None:
    for _ in range(times):
        assert sign_in(session, who, "wrong password", address=address, device=device) is None


def test_name_password_and_code_open_a_session(session: Session) -> None:
    who = enlist(session, "coordinator", province="ZA-LP")
    opened = sign_in(session, who)
    assert opened is not None
    actor = opened.actor
    assert (actor.role, actor.name, actor.province, actor.account_id) == (
        "coordinator",
        "coordinator-1",
        "ZA-LP",
        who.account.id,
    )
    assert opened.session.second_factor_at == changes.now(session)
    assert opened.token not in repr(opened)


def test_a_name_is_read_in_any_case(session: Session) -> None:
    who = enlist(session, "caseworker", "naledi")
    ticket = logins.admit(session, Attempt(" NALEDI "))
    assert logins.finish(session, ticket, logins.prove(ticket, who.password)) is not None


def test_tokens_are_kept_hashed(session: Session) -> None:
    opened = sign_in(session, enlist(session, "caseworker"))
    assert opened is not None
    session.flush()
    kept = (session.scalars(select(LoginSession.token_hash)).one(), session.scalars(select(Device.token_hash)).one())
    assert [len(one) for one in kept] == [64, 64]
    assert opened.token not in kept
    assert opened.device_token not in kept


def without_code(session: Session, who: Credentials) -> object:
    ticket = logins.admit(session, Attempt(who.account.username))
    return logins.finish(session, ticket, logins.prove(ticket, who.password))


def with_wrong_code(session: Session, who: Credentials) -> object:
    ticket = logins.admit(session, Attempt(who.account.username))
    return logins.finish(session, ticket, logins.prove(ticket, who.password), "000000")


def of_nobody(session: Session, who: Credentials) -> object:
    ticket = logins.admit(session, Attempt("nobody-at-all"))
    return logins.finish(session, ticket, logins.prove(ticket, who.password), code(session, who))


def of_one_shut_out(session: Session, who: Credentials) -> object:
    accounts.deactivate(session, LOCAL, who.account.id, who.account.version)
    return sign_in(session, who)


@pytest.mark.parametrize("attempt", [without_code, with_wrong_code, of_nobody, of_one_shut_out])
def test_whoever_fails_gets_the_same_nothing(session: Session, attempt: Callable[..., object]) -> None:
    assert attempt(session, enlist(session, "auditor")) is None


def test_the_same_work_is_done_for_known_and_unknown(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """One argon2 verification of today's cost, whoever it is, locked or not."""
    who = enlist(session, "caseworker")
    costs: list[str] = []

    class Counting:
        def __init__(self, hasher: object) -> None:
            self.hasher = hasher

        def __getattr__(self, name: str) -> object:
            return getattr(self.hasher, name)

        def verify(self, kept: str, given: bytes) -> bool:
            costs.append(kept.rsplit("$", 2)[0])
            return bool(self.hasher.verify(kept, given))  # type: ignore[attr-defined]

    monkeypatch.setattr(passwords, "HASHER", Counting(passwords.HASHER))
    fail(session, who, 1)
    of_nobody(session, who)
    fail(session, who, 10)
    locked = costs[-1]
    assert len(costs) == 12
    assert set(costs) == {locked}


def test_tries_of_unknown_names_are_counted_alike_and_kept_hashed(session: Session) -> None:
    for _ in range(guards.MOST):
        assert logins.admit(session, Attempt("my-secret-password")).tries is not None
    assert logins.admit(session, Attempt("my-secret-password")).tries is None
    assert "my-secret" not in str([(row.name_hash, row.source) for row in session.scalars(select(Guard))])


def test_ten_failures_lock_strangers_out(session: Session, clock: Clock) -> None:
    who = enlist(session, "caseworker")
    fail(session, who, 9)
    assert sign_in(session, who) is not None
    fail(session, who, 10, address=OFFICE)
    assert sign_in(session, who, address=OFFICE) is None
    wait(session, clock, minutes=61)
    assert sign_in(session, who, address=OFFICE) is not None


def test_failures_while_locked_do_not_prolong_it(session: Session, clock: Clock) -> None:
    who = enlist(session, "caseworker")
    fail(session, who, 10)
    wait(session, clock, minutes=50)
    fail(session, who, 5)
    wait(session, clock, minutes=11)
    assert sign_in(session, who) is not None


def test_an_enrolled_device_is_never_locked_out_by_others(session: Session) -> None:
    who = enlist(session, "caseworker")
    opened = sign_in(session, who)
    assert opened is not None
    fail(session, who, 40, address=OFFICE)
    fail(session, who, 40, address=STREET)
    assert sign_in(session, who, device=opened.device_token, address="8.8.8.8") is not None


def test_a_known_address_is_not_locked_out_by_strangers(session: Session) -> None:
    who = enlist(session, "caseworker")
    assert sign_in(session, who, address=OFFICE) is not None
    fail(session, who, 20)
    assert sign_in(session, who) is None
    assert sign_in(session, who, address=OFFICE) is not None


def test_a_device_locks_itself_alone(session: Session) -> None:
    who = enlist(session, "caseworker")
    first, second = sign_in(session, who), sign_in(session, who)
    assert first is not None
    assert second is not None
    fail(session, who, 10, device=first.device_token)
    assert sign_in(session, who, device=first.device_token) is None
    assert sign_in(session, who, device=second.device_token) is not None


def test_the_device_of_another_account_is_no_device(session: Session) -> None:
    thief, who = enlist(session, "caseworker", "thief"), enlist(session, "caseworker", "victim")
    opened = sign_in(session, thief)
    assert opened is not None
    fail(session, who, 10, device=opened.device_token, address=OFFICE)
    assert sign_in(session, who, device=opened.device_token, address=OFFICE) is None


def test_an_ipv6_subscriber_is_one_address(session: Session) -> None:
    who = enlist(session, "caseworker")
    assert sign_in(session, who, address="2001:db8:1:2::1") is not None
    assert sign_in(session, who, address="2001:db8:1:2:ffff::9") is not None
    rows = session.scalars(select(KnownAddress.reference)).all()
    assert len(rows) == 1
    assert "2001" not in rows[0]


def test_many_tries_at_once_are_no_way_round(session: Session) -> None:
    """A try counts before its password is checked."""
    who = enlist(session, "caseworker")
    tickets = [logins.admit(session, Attempt(who.account.username)) for _ in range(30)]
    ends = [logins.finish(session, ticket, logins.prove(ticket, "wrong")) for ticket in tickets[:-1]]
    assert not any(ends)
    assert logins.finish(session, tickets[-1], logins.prove(tickets[-1], who.password)) is None


def test_a_try_that_failed_stays_counted(engine: Engine, clock: Clock) -> None:
    with working(engine, clock) as session:
        who = enlist(session, "caseworker")
    for _ in range(10):
        with working(engine, clock) as session:
            ticket = logins.admit(session, Attempt("caseworker-1"))
        with working(engine, clock) as session:
            assert logins.finish(session, ticket, logins.prove(ticket, "wrong")) is None
    with working(engine, clock) as session:
        assert sign_in(session, who) is None


def test_a_code_is_accepted_once(session: Session, clock: Clock) -> None:
    who = enlist(session, "auditor")
    assert sign_in(session, who) is not None
    assert sign_in(session, who) is None
    wait(session, clock, seconds=30)
    assert sign_in(session, who) is not None


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_may_be_one_step_early_or_late(session: Session, steps: int, *, taken: bool) -> None:
    who = enlist(session, "auditor")
    shown = pyotp.TOTP(str(who.totp_secret)).at(changes.now(session) + timedelta(seconds=30 * steps))
    assert factors.accept(session, who.account, shown) is taken


def test_a_reset_unlocks(session: Session) -> None:
    who = enlist(session, "caseworker")
    fail(session, who, 10)
    assert sign_in(session, accounts.reset(session, LOCAL, who.account.id)) is not None


def test_a_ticket_ends_with_the_password_it_was_made_with(session: Session) -> None:
    who = enlist(session, "caseworker")
    ticket = logins.admit(session, Attempt(who.account.username))
    proof = logins.prove(ticket, who.password)
    accounts.reset(session, LOCAL, who.account.id)
    assert logins.finish(session, ticket, proof) is None


def test_an_old_hash_is_made_anew(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    who = enlist(session, "caseworker")
    before = who.account.password_hash
    monkeypatch.setattr(passwords, "HASHER", type(passwords.HASHER)(time_cost=2, memory_cost=8, parallelism=1))
    assert sign_in(session, who) is not None
    session.refresh(who.account)
    assert who.account.password_hash != before
    assert sign_in(session, who) is not None


def test_people_of_a_suspended_organisation_are_not_let_in(session: Session) -> None:
    who = enlist(session, "caseworker")
    assert who.account.organisation_id is not None
    coordinator = Actor("coordinator", "c")
    suspensions.suspend(session, coordinator, "organisations", who.account.organisation_id, {"code": "safeguarding"})
    assert sign_in(session, who) is None


def test_a_second_factor_is_recent_for_five_minutes(session: Session, clock: Clock) -> None:
    who = enlist(session, "disclosure")
    actor = signed_in(session, who)
    factors.require_recent(session, actor)
    wait(session, clock, minutes=5)
    factors.require_recent(session, actor)
    wait(session, clock, seconds=1)
    with pytest.raises(factors.SecondFactorNeeded):
        factors.require_recent(session, actor)
    assert factors.confirm(session, actor, str(code(session, who)))
    factors.require_recent(session, actor)


def test_a_second_factor_can_be_given_with_a_key(session: Session) -> None:
    who = enlist(session, "disclosure")
    made = keys.create(session, LOCAL, {"name": "console", "account_id": who.account.id})
    actor = keys.lookup(session, made.token)
    assert actor is not None
    with pytest.raises(factors.SecondFactorNeeded):
        factors.require_recent(session, actor)
    assert not factors.confirm(session, actor, "123")
    assert factors.confirm(session, actor, str(code(session, who)))
    factors.require_recent(session, actor)


def test_guessing_codes_ends_after_ten(session: Session) -> None:
    who = enlist(session, "disclosure")
    made = keys.create(session, LOCAL, {"name": "console", "account_id": who.account.id})
    actor = keys.lookup(session, made.token)
    assert actor is not None
    assert not any(factors.confirm(session, actor, "000000") for _ in range(10))
    assert not factors.confirm(session, actor, str(code(session, who)))


def test_an_app_has_no_second_factor(session: Session) -> None:
    with pytest.raises(Denied):
        factors.confirm(session, Actor("app", "app", key_id="x"), "000000")
