"""Accounts: who makes them, what they may be, and how little of their secrets is kept or told."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from directory.errors import Conflict, Denied, Invalid, NotFound, VersionConflict
from directory.permissions import LOCAL, Actor
from directory.services import access, accounts, own_secrets, passwords, sessions
from tests.conftest import Clock
from tests.directory.people import enlist, sign_in, signed_in
from tests.factories import Factory

STRANGER = Actor("coordinator", "c")


@pytest.mark.parametrize("role", ["coordinator", "disclosure", "auditor", "admin"])
def test_roles_that_see_much_get_a_second_factor(session: Session, role: str) -> None:
    assert enlist(session, role).totp_secret is not None


def test_other_roles_get_one_if_asked(session: Session) -> None:
    assert enlist(session, "caseworker").totp_secret is None
    assert enlist(session, "caseworker", "careful", second_factor=True).totp_secret is not None


def test_secrets_are_random_told_once_and_not_kept_as_they_are(session: Session) -> None:
    first, second = enlist(session, "admin", "one"), enlist(session, "admin", "two")
    assert first.password != second.password
    assert first.password not in first.account.password_hash
    assert first.account.password_hash.startswith("$argon2id$")
    told = str(accounts.publish(first.account)) + repr(first)
    assert first.password not in told
    assert str(first.totp_secret) not in told
    assert "argon2" not in told


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"role": "caseworker"}, "organisation_id"),
        ({"role": "partner_manager"}, "organisation_id"),
        ({"role": "unit_manager"}, "department_id"),
        ({"role": "auditor", "province": "ZA-LP"}, "province"),
        ({"role": "app"}, "role"),
        ({"role": "anonymous"}, "role"),
        ({"role": "admin", "username": "a b"}, "username"),
        ({"role": "admin", "password": "correct horse battery"}, "password"),
        ({"role": "coordinator", "organisation_id": "00000000-0000-4000-8000-000000000000"}, "organisation_id"),
    ],
)
def test_an_account_acts_for_whom_its_role_acts_for(session: Session, body: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as raised:
        accounts.create(session, LOCAL, {"username": "naledi", "display_name": "N", **body})
    assert field in raised.value.errors


def test_a_unit_manager_acts_for_the_units_organisation(session: Session, factory: Factory) -> None:
    unit = factory("departments")
    made = enlist(session, "unit_manager", organisation_id=None, department_id=unit.id)
    assert made.account.organisation_id == unit.organisation_id
    other = factory("organisations")
    with pytest.raises(Invalid):
        enlist(session, "unit_manager", "other", organisation_id=other.id, department_id=unit.id)


def test_a_user_name_is_taken_in_any_case(session: Session) -> None:
    enlist(session, "admin", "naledi")
    with pytest.raises(Invalid):
        enlist(session, "admin", "NALEDI")


def test_administrators_alone_manage_accounts(session: Session) -> None:
    made = enlist(session, "caseworker").account
    body = {"username": "x1y", "display_name": "x", "role": "admin"}
    for refused in (
        lambda: accounts.create(session, STRANGER, body),
        lambda: accounts.change(session, STRANGER, made.id, 1, {}),
        lambda: accounts.deactivate(session, STRANGER, made.id, 1),
        lambda: accounts.reset(session, STRANGER, made.id),
        lambda: accounts.get(session, STRANGER, made.id),
        lambda: accounts.page(session, STRANGER),
    ):
        with pytest.raises(Denied):
            refused()


def test_everybody_reads_their_own_account(session: Session) -> None:
    who = enlist(session, "caseworker")
    assert accounts.get(session, signed_in(session, who), who.account.id) is who.account


def test_accounts_are_listed_by_name(session: Session) -> None:
    for name in ("zanele", "amahle", "naledi"):
        enlist(session, "auditor", name)
    rows, total = accounts.page(session, LOCAL, page=1, page_size=2)
    assert ([row.username for row in rows], total) == (["amahle", "naledi"], 3)


def test_a_change_needs_the_version_seen(session: Session) -> None:
    account = enlist(session, "caseworker").account
    accounts.change(session, LOCAL, account.id, 1, {"display_name": "Other"})
    assert (account.display_name, account.version) == ("Other", 2)
    with pytest.raises(VersionConflict):
        accounts.change(session, LOCAL, account.id, 1, {"display_name": "Another"})


def test_signing_in_leaves_the_version(session: Session) -> None:
    who = enlist(session, "auditor")
    signed_in(session, who)
    session.refresh(who.account)
    assert (who.account.version, who.account.signed_in_at is None) == (1, False)


def test_a_role_that_needs_a_second_factor_is_not_given_without(session: Session) -> None:
    account = enlist(session, "caseworker").account
    with pytest.raises(Invalid):
        accounts.change(session, LOCAL, account.id, 1, {"role": "coordinator"})


def test_a_change_of_role_holds_at_the_next_lookup(session: Session) -> None:
    who = enlist(session, "caseworker", second_factor=True)
    opened = sign_in(session, who)
    assert opened is not None
    accounts.change(session, LOCAL, who.account.id, 1, {"role": "coordinator", "province": "ZA-LP"})
    actor = sessions.lookup(session, opened.token)
    assert actor is not None
    assert (actor.role, actor.province) == ("coordinator", "ZA-LP")


def test_a_deactivated_account_is_out_at_the_next_lookup(session: Session) -> None:
    who = enlist(session, "caseworker")
    opened = sign_in(session, who)
    assert opened is not None
    accounts.deactivate(session, LOCAL, who.account.id, 1)
    assert sessions.lookup(session, opened.token) is None
    assert sign_in(session, who, device=opened.device_token) is None


def test_the_last_administrator_stays_one(session: Session) -> None:
    account = enlist(session, "admin", "first").account
    with pytest.raises(Conflict):
        accounts.deactivate(session, LOCAL, account.id, 1)
    with pytest.raises(Conflict):
        accounts.change(session, LOCAL, account.id, 1, {"role": "auditor"})
    session.expire(account)
    enlist(session, "admin", "second")
    assert accounts.deactivate(session, LOCAL, account.id, account.version).active is False


def test_a_reset_gives_new_secrets_and_ends_sessions(session: Session) -> None:
    old = enlist(session, "auditor")
    opened = sign_in(session, old)
    assert opened is not None
    new = accounts.reset(session, LOCAL, old.account.id)
    assert sessions.lookup(session, opened.token) is None
    assert (new.password != old.password, new.totp_secret != old.totp_secret) == (True, True)
    assert sign_in(session, old) is None
    assert sign_in(session, new) is not None


def test_ones_own_password_is_changed_with_the_old_one(session: Session) -> None:
    who = enlist(session, "caseworker")
    other, actor = sign_in(session, who), signed_in(session, who)
    for current, new in (("wrong", "a new long password"), (who.password, "short"), (who.password, "caseworker-1 2 3")):
        with pytest.raises(Invalid):
            own_secrets.change_password(session, actor, current, new)
    own_secrets.change_password(session, actor, who.password, "a new long password")
    assert sign_in(session, who) is None
    assert sign_in(session, who, "a new long password") is not None
    assert other is not None
    assert sessions.lookup(session, other.token) is None


def test_passwords_are_compared_by_what_was_meant() -> None:
    assert passwords.verify(passwords.hashed("caf\u00e9 \ufb01ne"), "cafe\u0301 fine")
    assert not passwords.verify(passwords.hashed("x" * 200), "x" * 201)
    assert not passwords.verify("no hash at all", "x")


def test_no_account_is_found_under_what_is_no_id(session: Session) -> None:
    with pytest.raises(NotFound):
        accounts.get(session, LOCAL, "1 or 1=1")


def test_every_change_of_an_account_raises_the_access_revision(session: Session, clock: Clock) -> None:
    who = enlist(session, "caseworker")
    seen = [access.revision(session)]
    accounts.change(session, LOCAL, who.account.id, 1, {"display_name": "Other"})
    seen.append(access.revision(session))
    accounts.reset(session, LOCAL, who.account.id)
    seen.append(access.revision(session))
    accounts.deactivate(session, LOCAL, who.account.id, who.account.version)
    seen.append(access.revision(session))
    assert seen == sorted(set(seen))
