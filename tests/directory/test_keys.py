"""Keys of apps and people: told once, limited, ended on a day or at once."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from directory import changes, permissions
from directory.errors import Conflict, Denied, Invalid, NotFound
from directory.models.access import ApiKey
from directory.permissions import ACTIONS, LOCAL, Actor
from directory.services import access, accounts, keys, suspensions
from tests.conftest import Clock
from tests.directory.people import enlist, wait, working
from tests.factories import Factory

COORDINATOR = Actor("coordinator", "c")


@pytest.fixture
def organisation_id(factory: Factory) -> str:
    return str(factory("organisations").id)


@pytest.fixture
def made(session: Session, organisation_id: str) -> keys.Made:
    return keys.create(session, LOCAL, {"name": "case app", "organisation_id": organisation_id})


def test_a_key_is_random_recognisable_and_kept_hashed(session: Session, made: keys.Made) -> None:
    assert made.token.startswith("pd_")
    assert len(made.token) == 46
    assert made.token.startswith(made.key.prefix)
    kept = session.execute(select(ApiKey.__table__)).one()
    assert made.token not in str(kept) + repr(made) + str(keys.publish(made.key))
    assert keys.publish(made.key)["prefix"] == made.token[:9]


def test_a_key_says_who_acts(session: Session, made: keys.Made, organisation_id: str) -> None:
    actor = keys.lookup(session, made.token)
    assert actor is not None
    assert (actor.role, actor.organisation_id, actor.key_id) == ("app", organisation_id, made.key.id)
    assert actor.scopes == frozenset({"registry.read", "match", "outcomes.say", "concerns.raise", "webhooks.manage"})


@pytest.mark.parametrize("token", ["", "pd_", "pd_" + "A" * 43, "x" * 100_000, "\ud800"])
def test_no_other_token_does(session: Session, made: keys.Made, token: str) -> None:
    assert keys.lookup(session, token) is None
    assert keys.lookup(session, made.key.token_hash) is None


def test_every_scope_is_an_action_and_says_what_it_allows() -> None:
    assert keys.SCOPES.keys() <= ACTIONS.keys()
    assert all(text.endswith(".") for text in keys.SCOPES.values())


def test_scopes_limit_what_a_role_may(session: Session, organisation_id: str) -> None:
    body = {"name": "reader", "organisation_id": organisation_id, "scopes": ["registry.read"]}
    actor = keys.lookup(session, keys.create(session, LOCAL, body).token)
    assert actor is not None
    permissions.require(actor, "registry.read")
    with pytest.raises(Denied):
        permissions.require(actor, "match")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"scopes": ["registry.write"]}, "scopes"),
        ({"scopes": ["everything"]}, "scopes.0"),
        ({"scopes": []}, "scopes"),
        ({"organisation_id": None}, "organisation_id"),
        ({"organisation_id": "00000000-0000-4000-8000-000000000000"}, "organisation_id"),
        ({"account_id": "00000000-0000-4000-8000-000000000000"}, "organisation_id"),
        ({"organisation_id": None, "account_id": "00000000-0000-4000-8000-000000000000"}, "account_id"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "2199-01-01T00:00:00Z"}, "expires_at"),
        ({"note": "x"}, "note"),
    ],
)
def test_what_a_key_cannot_be(session: Session, organisation_id: str, change: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as raised:
        keys.create(session, LOCAL, {"name": "app", "organisation_id": organisation_id, **change})
    assert field in raised.value.errors


def test_a_persons_key_has_the_persons_role_while_they_have_it(session: Session) -> None:
    who = enlist(session, "coordinator", province="ZA-LP")
    made = keys.create(session, LOCAL, {"name": "script", "account_id": who.account.id})
    actor = keys.lookup(session, made.token)
    assert actor is not None
    assert (actor.role, actor.province, actor.name) == ("coordinator", "ZA-LP", who.account.username)
    accounts.change(session, LOCAL, who.account.id, 1, {"role": "auditor", "province": None})
    changed = keys.lookup(session, made.token)
    assert changed is not None
    assert changed.role == "auditor"
    with pytest.raises(Denied):
        permissions.require(changed, "audit.read")
    accounts.deactivate(session, LOCAL, who.account.id, who.account.version)
    assert keys.lookup(session, made.token) is None


def test_a_key_ends_on_its_day(session: Session, clock: Clock, made: keys.Made) -> None:
    wait(session, clock, days=364)
    assert keys.lookup(session, made.token) is not None
    wait(session, clock, days=1)
    assert keys.lookup(session, made.token) is None


def test_a_rotated_key_overlaps_with_its_successor(session: Session, clock: Clock, made: keys.Made) -> None:
    new = keys.rotate(session, LOCAL, made.key.id, timedelta(hours=2))
    assert made.key.rotated_to_id == new.key.id
    assert new.key.scopes == made.key.scopes
    assert keys.lookup(session, made.token) is not None
    wait(session, clock, hours=2)
    assert keys.lookup(session, made.token) is None
    assert keys.lookup(session, new.token) is not None


def test_what_has_ended_is_not_rotated(session: Session, made: keys.Made) -> None:
    with pytest.raises(Invalid):
        keys.rotate(session, LOCAL, made.key.id, timedelta(days=31))
    keys.rotate(session, LOCAL, made.key.id)
    with pytest.raises(Conflict):
        keys.rotate(session, LOCAL, made.key.id)


def test_a_revoked_key_is_out_at_the_next_lookup_anywhere(engine: Engine, clock: Clock) -> None:
    with working(engine, clock) as session:
        organisation = Factory(session)("organisations")
        made = keys.create(session, LOCAL, {"name": "app", "organisation_id": organisation.id})
    with working(engine, clock, write=False) as session:
        assert keys.lookup(session, made.token) is not None
        before = access.revision(session)
    with working(engine, clock) as session:
        keys.revoke(session, LOCAL, made.key.id)
    with working(engine, clock, write=False) as session:
        assert keys.lookup(session, made.token) is None
        assert access.revision(session) > before


def test_keys_of_a_suspended_organisation_are_out(session: Session, made: keys.Made, organisation_id: str) -> None:
    suspensions.suspend(session, COORDINATOR, "organisations", organisation_id, {"code": "compromised_account"})
    assert keys.lookup(session, made.token) is None


def test_administrators_alone_manage_keys(session: Session, made: keys.Made) -> None:
    for refused in (
        lambda: keys.create(session, COORDINATOR, {}),
        lambda: keys.rotate(session, COORDINATOR, made.key.id),
        lambda: keys.revoke(session, COORDINATOR, made.key.id),
        lambda: keys.get(session, COORDINATOR, made.key.id),
        lambda: keys.page(session, COORDINATOR),
    ):
        with pytest.raises(Denied):
            refused()
    assert keys.get(session, LOCAL, made.key.id) is made.key
    assert keys.page(session, LOCAL) == ([made.key], 1)
    with pytest.raises(NotFound):
        keys.get(session, LOCAL, "no-such-key")


def test_the_last_use_is_noted_once_an_hour(session: Session, clock: Clock, made: keys.Made) -> None:
    def wants_a_note() -> bool:
        held = keys.held(session, made.token)
        assert held is not None
        return held.needs_touch(changes.now(session))

    actor = keys.lookup(session, made.token)
    assert actor is not None
    before = access.revision(session)
    assert wants_a_note()
    keys.touch(session, actor)
    assert not wants_a_note()
    wait(session, clock, hours=1)
    assert wants_a_note()
    session.refresh(made.key)
    assert made.key.last_used_at == changes.now(session) - timedelta(hours=1)
    assert access.revision(session) == before


@pytest.mark.parametrize("opaque", ["a8f3kq", "case_worker-17", "6f1d3b1e-9f9e-4d5c-8f0e-111111111111"])
def test_an_app_may_say_for_whom_it_asks(opaque: str) -> None:
    assert keys.on_behalf(Actor("app", "app"), opaque).end_user == opaque


@pytest.mark.parametrize(
    "telling", ["0821234567", "082-123-4567", "thandi@shelter.example", "8001015009087", "a", "x" * 65]
)
def test_but_not_by_what_may_be_a_number_or_mailbox(telling: str) -> None:
    with pytest.raises(Invalid):
        keys.on_behalf(Actor("app", "app"), telling)
