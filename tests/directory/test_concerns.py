"""Safeguarding concerns: from anyone known, about any partner, in codes, to coordinators alone."""

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from directory.errors import Conflict, Denied, Invalid, NotFound
from directory.permissions import KNOWN, LOCAL, Actor
from directory.services import auditing, concerns
from tests.conftest import Clock
from tests.directory.people import working
from tests.factories import Factory

COORDINATOR = Actor("coordinator", "c")


def about(record: Any, kind: str = "organisation", code: str = "abuse") -> dict[str, Any]:
    return {"about": {"type": kind, "id": record.id}, "code": code}


@pytest.mark.parametrize("role", sorted(KNOWN))
def test_anyone_known_raises_and_coordinators_alone_read(session: Session, factory: Factory, role: Any) -> None:
    actor = Actor(role, "somebody")
    made = concerns.raise_concern(session, actor, about(factory("organisations")))
    if role == "coordinator":
        assert concerns.page(session, actor) == ([made], 1)
        return
    for refused in (
        lambda: concerns.page(session, actor),
        lambda: concerns.get(session, actor, made.id),
        lambda: concerns.settle(session, actor, made.id, {"outcome": "unfounded"}),
    ):
        with pytest.raises(Denied):
            refused()


def test_nobody_unknown_raises_one(session: Session, factory: Factory) -> None:
    with pytest.raises(Denied):
        concerns.raise_concern(session, Actor("anonymous", "x"), about(factory("organisations")))


@pytest.mark.parametrize("change", [{"text": "Thandi, aged 15"}, {"code": "gossip"}, {"about": None}, {"about": {}}])
def test_codes_only(session: Session, factory: Factory, change: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        concerns.raise_concern(session, LOCAL, {**about(factory("organisations")), **change})


def test_a_partner_that_is_not_there(session: Session, factory: Factory) -> None:
    with pytest.raises(Invalid) as raised:
        concerns.raise_concern(session, LOCAL, about(factory("organisations"), kind="department"))
    assert "about.id" in raised.value.errors


def test_a_provincial_coordinator_reads_the_provinces(session: Session, factory: Factory) -> None:
    here, there = factory("organisations", province="ZA-LP"), factory("organisations", province="ZA-GP")
    made = [concerns.raise_concern(session, LOCAL, about(one)) for one in (here, there)]
    actor = Actor("coordinator", "c", province="ZA-LP")
    assert concerns.page(session, actor) == ([made[0]], 1)
    with pytest.raises(NotFound):
        concerns.get(session, actor, made[1].id)
    assert concerns.page(session, COORDINATOR)[1] == 2


def test_a_coordinator_reads_none_about_the_own_organisation(session: Session, factory: Factory) -> None:
    own = factory("organisations")
    unit = factory("departments", organisation_id=own.id)
    made = concerns.raise_concern(session, LOCAL, about(own))
    concerns.raise_concern(session, LOCAL, about(unit, kind="department"))
    actor = Actor("coordinator", "c", organisation_id=own.id)
    assert concerns.page(session, actor) == ([], 0)
    with pytest.raises(NotFound):
        concerns.settle(session, actor, made.id, {"outcome": "unfounded"})


def test_a_concern_is_settled_once_with_a_code(session: Session, factory: Factory) -> None:
    made = concerns.raise_concern(session, LOCAL, about(factory("organisations")))
    with pytest.raises(Invalid):
        concerns.settle(session, COORDINATOR, made.id, {"outcome": "forgotten"})
    concerns.settle(session, COORDINATOR, made.id, {"outcome": "put_right"})
    assert concerns.page(session, COORDINATOR) == ([], 0)
    assert concerns.page(session, COORDINATOR, settled=True) == ([made], 1)
    with pytest.raises(Conflict):
        concerns.settle(session, COORDINATOR, made.id, {"outcome": "put_right"})
    with pytest.raises(NotFound):
        concerns.get(session, COORDINATOR, "nothing")


def test_a_concern_as_read(session: Session, factory: Factory) -> None:
    organisation = factory("organisations")
    actor = Actor("app", "a", organisation_id=organisation.id)
    shown = concerns.publish(concerns.raise_concern(session, actor, about(organisation)))
    assert (shown["about"], shown["code"]) == ({"type": "organisation", "id": organisation.id}, "abuse")
    assert (shown["raised_for_id"], shown["outcome"]) == (organisation.id, None)


def test_the_audit_says_that_one_was_raised_and_not_about_whom(engine: Engine, clock: Clock) -> None:
    with working(engine, clock) as session:
        organisation = Factory(session)("organisations")
        concerns.raise_concern(session, LOCAL, about(organisation, code="trafficker_contact"))
    with working(engine, clock, write=False) as session:
        lines = list(auditing.export(session, Actor("auditor", "a")))
    (raised,) = [line for line in lines if "concern.raised" in line]
    assert organisation.id not in raised
    assert "trafficker_contact" not in raised
