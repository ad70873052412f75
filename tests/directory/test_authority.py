"""Who reads and changes which records: owners, provinces, and government outside its duty."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.errors import Denied, NotFound
from directory.models.site import Site
from directory.permissions import READERS, WRITERS, Actor, Role
from directory.services import catalogue, listing, records
from directory.services.catalogue import COLLECTIONS
from tests.directory.conftest import MUSINA, POLOKWANE, Make


@pytest.fixture
def police(make: Make) -> Any:
    """A police desk in Musina that places nobody, of an organisation of government."""
    owner = make("organisations", name="Police", org_type="law_enforcement", sector="government")
    serves = {"scope": "district", "codes": ["DC34"]}
    return make("departments", organisation_id=owner.id, name="Desk", functions=["police_report"], serves=serves)


def patch(session: Session, actor: Actor, name: str, record: Any, **given: Any) -> Any:
    return catalogue.change(session, actor, COLLECTIONS[name], record.id, record.version, given)


def names(session: Session, actor: Actor, name: str) -> list[Any]:
    return [record.id for record in listing.page(session, actor, COLLECTIONS[name], {})[0]]


def test_every_collection_says_who_reads_and_writes_it() -> None:
    assert READERS.keys() == WRITERS.keys() == COLLECTIONS.keys()


@pytest.mark.parametrize("role", ["anonymous", "auditor"])
@pytest.mark.parametrize("name", list(COLLECTIONS))
def test_who_has_no_grant_reads_nothing(session: Session, role: Role, name: str) -> None:
    with pytest.raises(Denied):
        listing.page(session, Actor(role, "x"), COLLECTIONS[name], {})


def test_a_partner_manager_changes_its_own_organisation_only(session: Session, make: Make, haven: Any) -> None:
    other = make("organisations", name="Other")
    manager = Actor("partner_manager", "m", organisation_id=haven.id)
    assert patch(session, manager, "organisations", haven, description="Ours").description == "Ours"
    with pytest.raises(Denied):
        patch(session, manager, "organisations", other, description="Theirs")
    with pytest.raises(Denied):
        records.create(session, manager, COLLECTIONS["organisations"], {"name": "A third"})
    with pytest.raises(Denied):
        records.create(session, manager, COLLECTIONS["services"], {"organisation_id": other.id, "name": "Beds"})


def test_nothing_is_handed_over_to_somebody_else(session: Session, make: Make, haven: Any) -> None:
    other = make("organisations", name="Other")
    manager = Actor("partner_manager", "m", organisation_id=haven.id)
    service = records.create(session, manager, COLLECTIONS["services"], {"organisation_id": haven.id, "name": "Meals"})
    with pytest.raises(Denied):
        patch(session, manager, "services", service, organisation_id=other.id)


def test_a_partner_manager_moves_its_own_site_only(session: Session, make: Make, haven: Any) -> None:
    site = session.scalars(select(Site)).one()
    stranger = Actor("partner_manager", "s", organisation_id=make("organisations", name="Other").id)
    with pytest.raises(Denied):
        patch(session, stranger, "sites", site, location=POLOKWANE)
    manager = Actor("partner_manager", "m", organisation_id=haven.id)
    assert patch(session, manager, "sites", site, location=POLOKWANE).id != site.id


def test_a_unit_manager_changes_its_own_unit_only(session: Session, make: Make, police: Any) -> None:
    other = make("departments", organisation_id=police.organisation_id, name="Next door")
    manager = Actor("unit_manager", "u", organisation_id=police.organisation_id, department_id=police.id)
    assert patch(session, manager, "departments", police, typical_wait_days=2).typical_wait_days == 2
    with pytest.raises(Denied):
        patch(session, manager, "departments", other, typical_wait_days=2)
    post = records.create(session, manager, COLLECTIONS["posts"], {"department_id": police.id, "title": "Officer"})
    person = records.create(session, manager, COLLECTIONS["persons"], {"full_name": "Ann Example"})
    given = {"person_id": person.id, "post_id": post.id}
    assert records.create(session, manager, COLLECTIONS["focal_points"], given).post_id == post.id
    with pytest.raises(Denied):
        records.create(session, manager, COLLECTIONS["posts"], {"department_id": other.id, "title": "Officer"})


def test_a_provincial_coordinator_changes_its_province_only(session: Session, make: Make, haven: Any) -> None:
    here, there = (Actor("coordinator", "c", province=p) for p in ("ZA-LP", "ZA-WC"))
    assert patch(session, here, "organisations", haven, description="Seen").description == "Seen"
    with pytest.raises(Denied):
        patch(session, there, "organisations", haven, description="Not seen")
    assert patch(session, Actor("coordinator", "n"), "organisations", haven, description="All").description == "All"
    person = make("persons", full_name="Ann Example")
    post = make("posts", organisation_id=haven.id, title="Intake")
    make("focal_points", person_id=person.id, post_id=post.id)
    assert patch(session, here, "persons", person, full_name="Ann B. Example").version == 2
    with pytest.raises(Denied):
        patch(session, there, "persons", person, full_name="Nobody")


@pytest.mark.parametrize(
    "act",
    [
        lambda s, a, r: records.close(s, a, COLLECTIONS["organisations"], r.id, r.version),
        lambda s, a, r: records.verify(
            s, a, COLLECTIONS["organisations"], r.id, {"method": "self", "outcome": "confirmed"}
        ),
    ],
)
def test_closing_and_verifying_are_changes_too(session: Session, make: Make, act: Callable[..., Any]) -> None:
    record = make("organisations", name="Other")
    with pytest.raises(Denied):
        act(session, Actor("partner_manager", "m", organisation_id=make("organisations", name="Own").id), record)


def test_government_sees_no_shelter_outside_its_duty(session: Session, make: Make, haven: Any, police: Any) -> None:
    officer = Actor("unit_manager", "o", organisation_id=police.organisation_id, department_id=police.id)
    for name in ("sites", "services", "service_sites"):
        assert names(session, officer, name) == []
    assert haven.id not in names(session, officer, "organisations")
    with pytest.raises(NotFound):
        records.get(session, officer, COLLECTIONS["organisations"], haven.id)
    worker = Actor("caseworker", "w", organisation_id=make("organisations", name="NGO", sector="civil_society").id)
    assert haven.id in names(session, worker, "organisations")


def test_social_development_sees_the_shelters_of_the_area_it_serves(session: Session, make: Make, haven: Any) -> None:
    owner = make("organisations", name="Social Development", sector="government")
    unit = make("departments", organisation_id=owner.id, name="Unit", functions=["case_management"])
    worker = Actor("unit_manager", "w", organisation_id=owner.id, department_id=unit.id)
    seen = []
    for serves in (
        {"scope": "province", "codes": ["ZA-LP"]},
        {"scope": "province", "codes": ["ZA-WC"]},
        {"scope": "national", "codes": []},
    ):
        unit.serves = serves
        session.flush()
        session.info.pop(("hidden", owner.id, unit.id), None)
        seen.append(haven.id in names(session, worker, "organisations"))
    assert seen == [True, False, True]


def test_channels_are_read_by_class_and_by_their_owner(session: Session, make: Make, haven: Any) -> None:
    owner = {"type": "organisation", "id": haven.id}
    for number, visibility in (("0821234567", "restricted"), ("0821234568", "network"), ("0821234569", "public")):
        make("channels", owner=owner, channel_kind="duty_line", value=number, visibility=visibility)
    other = make("organisations", name="Other").id
    readers = (Actor("app", "a"), Actor("caseworker", "w", organisation_id=other), Actor("coordinator", "c"))
    assert [len(names(session, reader, "channels")) for reader in readers] == [1, 2, 3]
    assert len(names(session, Actor("partner_manager", "m", organisation_id=haven.id), "channels")) == 3


def test_links_are_read_by_their_ends(session: Session, make: Make) -> None:
    ours, theirs, third = (make("organisations", name=name, province="ZA-LP") for name in ("A", "B", "C"))
    link = make("links", a={"type": "organisation", "id": ours.id}, b={"type": "organisation", "id": theirs.id})
    read = {
        one.id: names(session, Actor("caseworker", "w", organisation_id=one.id), "links")
        for one in (ours, theirs, third)
    }
    assert read == {ours.id: [link.id], theirs.id: [link.id], third.id: []}
    assert names(session, Actor("coordinator", "c", province="ZA-LP"), "links") == [link.id]
    assert names(session, Actor("coordinator", "c", province="ZA-WC"), "links") == []


def test_a_site_elsewhere_is_not_listed_under_a_province(session: Session, make: Make) -> None:
    owner = make("organisations", name="A")
    make("sites", organisation_id=owner.id, location=MUSINA)
    given = {"organisation_id": owner.id, "location": POLOKWANE}
    with pytest.raises(Denied):
        records.create(session, Actor("coordinator", "c", province="ZA-WC"), COLLECTIONS["sites"], given)
