"""Suspension: out of every list and match with the next request, by a coordinator, with a code, and back."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from directory import changes
from directory.errors import Conflict, Denied, Invalid, NotFound
from directory.models.oversight import Suspension
from directory.models.upkeep import Change
from directory.permissions import LOCAL, Actor
from directory.queries import candidates
from directory.services import access, changefeed, listing, records, suspensions
from directory.services.catalogue import COLLECTIONS
from tests.conftest import Clock
from tests.directory.people import working
from tests.factories import Factory

COORDINATOR = Actor("coordinator", "c")
CODE = {"code": "safeguarding"}
BELONGING = (
    "organisations",
    "departments",
    "sites",
    "services",
    "service_sites",
    "posts",
    "focal_points",
    "persons",
    "channels",
    "links",
)
UNITS = set(BELONGING) - {"organisations", "sites"}
"""What goes with a unit."""


@dataclass
class Partner:
    """An organisation with one of everything."""

    organisation: Any
    unit: Any
    made: dict[str, Any]


@pytest.fixture
def partner(factory: Factory) -> Partner:
    organisation = factory("organisations", province="ZA-LP")
    site = factory("sites", organisation_id=organisation.id)
    unit = factory("departments", organisation_id=organisation.id, site_id=site.id)
    service = factory("services", organisation_id=organisation.id, department_id=unit.id)
    given = factory("service_sites", service_id=service.id, site_id=site.id)
    post = factory("posts", organisation_id=organisation.id, department_id=unit.id)
    held = factory("focal_points", post_id=post.id)
    owner = {"type": "person", "id": held.person_id}
    other = factory("organisations", name="Elsewhere")
    ends = {"a": {"type": "organisation", "id": other.id}, "b": {"type": "department", "id": unit.id}}
    made = {
        "organisations": organisation.id,
        "sites": site.id,
        "departments": unit.id,
        "services": service.id,
        "service_sites": given.id,
        "posts": post.id,
        "focal_points": held.id,
        "persons": held.person_id,
        "channels": factory("channels", owner=owner).id,
        "links": factory("links", **ends).id,
    }
    return Partner(organisation, unit, made)


def listed(session: Session, partner: Partner, **filters: Any) -> set[str]:
    """The collections in whose lists the partner's record is found."""
    return {
        name
        for name, record_id in partner.made.items()
        if record_id in {row.id for row in listing.page(session, LOCAL, COLLECTIONS[name], filters, page_size=200)[0]}
    }


def test_a_suspended_organisation_is_out_of_every_list(session: Session, partner: Partner) -> None:
    assert listed(session, partner) == set(BELONGING)
    suspensions.suspend(session, COORDINATOR, "organisations", partner.organisation.id, CODE)
    assert listed(session, partner) == set()
    assert listed(session, partner, status="any") == set()
    found = listing.page(session, LOCAL, COLLECTIONS["organisations"], {"q": partner.organisation.name})[0]
    near = listing.page(session, LOCAL, COLLECTIONS["organisations"], {"near": (-23.9, 29.45)})[0]
    assert partner.organisation.id not in {row.id for row in (*found, *near)}


def test_a_suspended_unit_takes_along_what_is_its_own(session: Session, partner: Partner) -> None:
    suspensions.suspend(session, COORDINATOR, "departments", partner.unit.id, CODE)
    assert listed(session, partner) == {"organisations", "sites"}


def test_somebody_with_a_post_elsewhere_stays(session: Session, partner: Partner, factory: Factory) -> None:
    factory("focal_points", person_id=partner.made["persons"])
    suspensions.suspend(session, COORDINATOR, "organisations", partner.organisation.id, CODE)
    assert listed(session, partner) == {"persons", "channels"}


def test_lifting_brings_everything_back(session: Session, partner: Partner) -> None:
    suspensions.suspend(session, COORDINATOR, "organisations", partner.organisation.id, CODE)
    assert [row.id for _, row in suspensions.current(session, COORDINATOR)] == [partner.organisation.id]
    suspensions.lift(session, COORDINATOR, "organisations", partner.organisation.id, {"code": "unfounded"})
    assert listed(session, partner) == set(BELONGING)
    assert suspensions.current(session, COORDINATOR) == []
    kept = suspensions.history(session, COORDINATOR, "organisations", partner.organisation.id)
    assert [(one.code, one.lifted_code) for one in kept] == [("safeguarding", "unfounded")]


@pytest.mark.parametrize(("collection", "told"), [("organisations", set(BELONGING)), ("departments", UNITS)])
def test_a_copy_made_meanwhile_is_told_all_that_comes_back(
    session: Session, partner: Partner, collection: str, told: set[str]
) -> None:
    target = (collection, partner.made[collection])
    suspensions.suspend(session, COORDINATOR, *target, CODE)
    records.close(session, LOCAL, COLLECTIONS["links"], partner.made["links"], 1)
    session.commit()
    before = changes.revision(session)
    suspensions.lift(session, COORDINATOR, *target, {"code": "unfounded"})
    session.commit()
    items, _, _ = changefeed.after(session, LOCAL, before, 100)

    assert {one["id"] for one in items} == {partner.made[name] for name in told - {"links"}}
    assert {one["op"] for one in items} == {"put"}


def test_the_record_says_so_and_the_feed_tells_it(engine: Engine, clock: Clock) -> None:
    with working(engine, clock) as session:
        organisation = Factory(session)("organisations")
    with working(engine, clock) as session:
        before = access.revision(session), candidates.revision(session)
        suspensions.suspend(session, COORDINATOR, "organisations", organisation.id, CODE)
    with working(engine, clock, write=False) as session:
        row = records.get(session, LOCAL, COLLECTIONS["organisations"], organisation.id)
        change = session.scalars(select(Change).order_by(Change.revision.desc())).first()
        snapshot = candidates.snapshot(session, COLLECTIONS)
        assert (row.suspended, row.version) == (True, 2)
        assert change is not None
        assert (change.collection, change.record_id, change.op) == ("organisations", organisation.id, "put")
        assert access.revision(session) > before[0]
        assert snapshot.revision > before[1]
        assert [one["suspended"] for one in snapshot.collections["organisations"]] == [True]


def test_coordinators_alone_suspend(session: Session, partner: Partner) -> None:
    for actor in (LOCAL, Actor("partner_manager", "m", partner.organisation.id), Actor("auditor", "a")):
        with pytest.raises(Denied):
            suspensions.suspend(session, actor, "organisations", partner.organisation.id, CODE)
        with pytest.raises(Denied):
            suspensions.lift(session, actor, "organisations", partner.organisation.id, CODE)
        with pytest.raises(Denied):
            suspensions.current(session, actor)


@pytest.mark.parametrize(("province", "may"), [("ZA-LP", True), ("ZA-GP", False)])
@pytest.mark.parametrize("collection", ["organisations", "departments"])
def test_a_provincial_coordinator_suspends_in_the_province(
    session: Session, partner: Partner, province: str, collection: str, *, may: bool
) -> None:
    actor, record_id = Actor("coordinator", "c", province=province), partner.made[collection]
    if may:
        suspensions.suspend(session, actor, collection, record_id, CODE)
    else:
        with pytest.raises(Denied):
            suspensions.suspend(session, actor, collection, record_id, CODE)
    assert [row.id for _, row in suspensions.current(session, actor)] == ([record_id] if may else [])


def test_a_unit_lies_in_the_province_of_the_districts_it_serves(session: Session, factory: Factory) -> None:
    unit = factory("departments", serves={"scope": "district", "codes": ["DC34"]})
    suspensions.suspend(session, Actor("coordinator", "c", province="ZA-LP"), "departments", unit.id, CODE)
    assert unit.suspended


def test_a_code_is_needed_and_nothing_else_is_taken(session: Session, partner: Partner) -> None:
    for given in ({}, {"code": "because"}, {**CODE, "reason": "Thandi said so"}):
        with pytest.raises(Invalid):
            suspensions.suspend(session, COORDINATOR, "organisations", partner.organisation.id, given)


def test_what_is_suspended_is_not_suspended_again(session: Session, partner: Partner) -> None:
    target = ("organisations", partner.organisation.id)
    with pytest.raises(Conflict):
        suspensions.lift(session, COORDINATOR, *target, {"code": "unfounded"})
    suspensions.suspend(session, COORDINATOR, *target, CODE)
    with pytest.raises(Conflict):
        suspensions.suspend(session, COORDINATOR, *target, CODE)
    assert len(session.scalars(select(Suspension)).all()) == 1
    with pytest.raises(NotFound):
        suspensions.suspend(session, COORDINATOR, "organisations", "nothing", CODE)
