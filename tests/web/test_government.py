"""An office of government sees no shelter outside its duty: not listed, read, changed, matched, explained or told."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.permissions import LOCAL, Role
from directory.services import records
from directory.services.catalogue import COLLECTIONS
from tests.unpacked import unpacked
from tests.web.domains import LIMPOPO, PLACES
from tests.web.records import API, CHANGES, VERIFICATION, path
from web import matrix

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Holder = Callable[..., FlaskClient]
Ids = Mapping[str, str]
NOBODY = "00000000-0000-4000-8000-000000000000"
NEED = {"near": {"place": "Polokwane"}, "needs": ["shelter_emergency", "counselling"], "limit": 50}
OFFICES: Mapping[Role, tuple[str, ...]] = {
    "app": ("organisation_id",),
    "caseworker": ("organisation_id",),
    "partner_manager": ("organisation_id",),
    "unit_manager": ("organisation_id", "department_id"),
}


class Builder:
    """Makes records in one transaction and keeps their ids by name."""

    def __init__(self, session: Any) -> None:
        self.session = session
        self.ids: dict[str, str] = {}

    def add(self, name: str, collection: str, /, **given: Any) -> str:
        """Make a record; the collection goes before a dot in the name's own key."""
        made = records.create(self.session, LOCAL, COLLECTIONS[collection], given)
        self.ids[f"{collection}.{name}"] = str(made.id)
        return str(made.id)


def shelter(builder: Builder, name: str, *, confidential: bool) -> None:
    """A shelter with a record of every kind, and a guest's service at its place."""
    add, given = builder.add, {"org_type": "shelter", "sector": "civil_society", "province": LIMPOPO}
    owner = add(name, "organisations", name=f"Shelter {name}", **given)
    site = add(name, "sites", organisation_id=owner, confidential=confidential, location=PLACES[LIMPOPO])
    unit = add(name, "departments", organisation_id=owner, name="Intake", site_id=site)
    service = add(name, "services", organisation_id=owner, name="Beds", codes=["shelter_emergency"])
    at = add(name, "service_sites", service_id=service, site_id=site)
    person = add(name, "persons", full_name=f"Naledi {name.title()}")
    post = add(name, "posts", organisation_id=owner, department_id=unit, title="Intake")
    add(name, "focal_points", person_id=person, post_id=post)
    owners = {"organisation": owner, "department": unit, "post": post, "person": person, "service_site": at}
    for index, (kind, record_id) in enumerate(owners.items()):
        line = {"channel_kind": "duty_line", "value": f"+2782123{index}{len(name):03}", "visibility": "public"}
        add(f"{name}_{kind}", "channels", owner={"type": kind, "id": record_id}, **line)
    ends = {"a": {"type": "organisation", "id": owner}, "b": {"type": "organisation", "id": builder.ids["police"]}}
    add(name, "links", link_types=["referral_sent"], **ends)
    guest = add(f"{name}_guest", "organisations", name="Guest", org_type="ngo", sector="civil_society")
    talk = add(f"{name}_guest", "services", organisation_id=guest, name="Talks", codes=["counselling"])
    add(f"{name}_guest", "service_sites", service_id=talk, site_id=site)


@pytest.fixture
def ids(app: Flask) -> dict[str, str]:
    """A confidential and an open shelter; police without a duty to place people; a counsellor by telephone."""
    with app.extensions["registry"].within(write=True) as session:
        builder = Builder(session)
        police = {"org_type": "law_enforcement", "sector": "government"}
        builder.ids["police"] = builder.add("police", "organisations", name="Police", **police)
        serves = {"scope": "province", "codes": [LIMPOPO]}
        given = {"organisation_id": builder.ids["police"], "functions": ["police_report"], "serves": serves}
        builder.ids["desk"] = builder.add("police", "departments", name="Desk", **given)
        for name, confidential in (("haven", True), ("hostel", False)):
            shelter(builder, name, confidential=confidential)
        line = builder.add("line", "organisations", name="Line", org_type="ngo", sector="civil_society")
        afar = builder.add("line", "services", organisation_id=line, name="Line", codes=["counselling"])
        builder.add("line", "service_sites", service_id=afar, site_id=None)
    return builder.ids


def office(holder: Holder, ids: Ids, role: Role) -> FlaskClient:
    """Somebody of the police."""
    known = {"organisation_id": ids["police"], "department_id": ids["desk"]}
    return holder(role, **{name: known[name] for name in OFFICES[role]})


def sheltering(ids: Ids) -> dict[str, str]:
    """The records of the shelters, and what others give at their places; guests of an open one are known as such."""
    kept = {name: one for name, one in ids.items() if re.search(r"\.(haven|hostel)", name)}
    return {
        name: one for name, one in kept.items() if name not in ("organisations.hostel_guest", "services.hostel_guest")
    }


@pytest.mark.parametrize("role", OFFICES)
def test_no_shelter_is_in_any_list_or_the_changes(app: Flask, holder: Holder, ids: dict[str, str], role: Role) -> None:
    theirs, secret = office(holder, ids, role), sheltering(ids)
    lists = [rule.operation for rule in matrix.rules(app) if rule.operation.method == "GET"]
    asked = [one.rule for one in lists if "<" not in one.rule] + [f"{API}/changes?limit=1000"]
    asked += [f"{path(name)}?status=any&page_size=200" for name in COLLECTIONS]
    told = {where: unpacked(theirs.get(where).data) for where in asked}

    assert [(where, name) for where, text in told.items() for name, one in secret.items() if one in text] == []
    whole = [f"{path('service_sites')}?status=any&page_size=200", f"{API}/changes?limit=1000"]
    whole += [f"{API}/exports/csv", f"{API}/exports/xlsx"]
    assert [where for where in whole if ids["service_sites.line"] not in told[where]] == []


@pytest.mark.parametrize("role", OFFICES)
def test_no_record_of_a_shelter_is_there(holder: Holder, ids: dict[str, str], role: Role) -> None:
    theirs, wrong = office(holder, ids, role), []
    nowhere = cache(lambda collection: _tried(theirs, collection, NOBODY))
    for name, record_id in sheltering(ids).items():
        collection = name.partition(".")[0]
        there = _tried(theirs, collection, record_id)
        if there != nowhere(collection) or not set(there) <= {403, 404}:
            wrong.append((name, there, nowhere(collection)))

    assert wrong == []


def _tried(theirs: FlaskClient, collection: str, record_id: str) -> list[int]:
    where, whatever = f"{path(collection)}/{record_id}", {"If-Match": "*"}
    tried = (
        theirs.get(where),
        theirs.patch(where, json=CHANGES[collection], headers=whatever),
        theirs.delete(where, headers=whatever),
        theirs.post(f"{where}/verifications", json=VERIFICATION),
    )
    return [one.status_code for one in tried]


@pytest.mark.parametrize("role", OFFICES)
def test_no_shelter_is_matched_or_explained(holder: Holder, ids: dict[str, str], role: Role) -> None:
    theirs, secret = office(holder, ids, role), sheltering(ids)
    found = theirs.post(f"{API}/matches", json=NEED)
    told = [name for name, one in secret.items() if one in found.text]
    why = {
        name: theirs.post(f"{API}/matches/explanations", json={**NEED, "service_site_id": one}).status_code
        for name, one in secret.items()
        if name.startswith("service_sites.")
    }

    assert (found.status_code, told) == (200, [])
    assert set(why.values()) == {404}
    assert ids["service_sites.line"] in found.text


def test_others_are_told_of_them(holder: Holder, ids: dict[str, str]) -> None:
    """The control: what the office is not told is there to be told."""
    text = holder("caseworker", organisation_id=ids["organisations.line"]).post(f"{API}/matches", json=NEED).text

    assert [
        name for name in ("haven", "hostel", "haven_guest", "hostel_guest") if ids[f"service_sites.{name}"] not in text
    ] == []
