"""How far each grant goes: every collection, every verb, one's own unit, the next one, and another province's."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from directory.permissions import ACTIONS, READERS, VISIBILITY, WRITERS, Reach, Role
from directory.services.catalogue import COLLECTIONS
from tests.web.domains import LIMPOPO, WESTERN_CAPE, Domain, neighbour, settle
from tests.web.records import API, CHANGES, VERIFICATION, answer_json, make, path

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Holder = Callable[..., FlaskClient]
ANY = {"If-Match": "*"}


@pytest.fixture
def domains(client: FlaskClient) -> list[Domain]:
    """One's own unit, the next one of the same organisation, and another organisation's in another province."""
    own = settle(client, LIMPOPO)
    return [own, neighbour(client, own), settle(client, WESTERN_CAPE)]


def acting(holder: Holder, role: Role, own: Domain) -> FlaskClient:
    """Somebody of a role in their domain."""
    if role == "coordinator":
        return holder(role, province=own.province)
    names = {"organisation_id": "organisations"} | ({"department_id": "departments"} if role == "unit_manager" else {})
    return holder(role, **({} if role in ("admin", "disclosure") else {one: own.ids[to] for one, to in names.items()}))


def reads(role: Role, collection: str, domain: Domain, own: Domain) -> bool:
    """Whether the matrix says that the role reads the record of a domain."""
    if role not in ACTIONS["registry.read"] or not domain.reached(READERS[collection].get(role), own):
        return False
    return collection != "channels" or "network" in VISIBILITY[role] or domain.reached("organisation", own)


@pytest.mark.parametrize("role", list(READERS["organisations"]))
def test_what_is_read_is_what_the_grant_reaches(holder: Holder, domains: list[Domain], role: Role) -> None:
    theirs, own, wrong = acting(holder, role, domains[0]), domains[0], []
    for name in COLLECTIONS:
        seen = {one["id"] for one in answer_json(theirs.get(f"{path(name)}?page_size=200")).get("items", ())}
        for domain in domains:
            expected = reads(role, name, domain, own)
            status = theirs.get(f"{path(name)}/{domain.ids[name]}").status_code
            missing = 404 if role in READERS[name] else 403
            if (status, domain.ids[name] in seen) != ((200, True) if expected else (missing, False)):
                wrong.append((name, domains.index(domain), status))

    assert wrong == []


def test_programs_read_no_people(holder: Holder, domains: list[Domain]) -> None:
    """Said here, as the tests around it believe whatever the table says."""
    program = holder("app", organisation_id=domains[0].ids["organisations"])
    people = ("persons", "focal_points", "links", "trainings")
    changed = answer_json(program.get(f"{API}/changes?limit=1000"))["items"]

    assert [program.get(path(name)).status_code for name in people] == [403] * 4
    assert {one["collection"] for one in changed} & {name.replace("_", "-") for name in people} == set()
    assert changed


@pytest.mark.parametrize("role", list(READERS["organisations"]))
def test_the_changes_tell_what_may_be_read(holder: Holder, domains: list[Domain], role: Role) -> None:
    theirs, own = acting(holder, role, domains[0]), domains[0]
    answer = theirs.get(f"{API}/changes?limit=1000")
    told = {(one["collection"].replace("-", "_"), one["id"]) for one in answer_json(answer).get("items", ())}
    wrong = [
        (name, domains.index(domain))
        for name in COLLECTIONS
        for domain in domains
        if ((name, domain.ids[name]) in told) != reads(role, name, domain, own)
    ]

    assert (answer.status_code, wrong) == (200, [])


@pytest.mark.parametrize("role", WRITERS["departments"])
def test_what_is_changed_is_what_the_grant_reaches(holder: Holder, domains: list[Domain], role: Role) -> None:
    theirs, own, wrong = acting(holder, role, domains[0]), domains[0], []
    for name in COLLECTIONS:
        granted: Reach | None = WRITERS[name].get(role)
        for domain in domains:
            where = f"{path(name)}/{domain.ids[name]}"
            changed = theirs.patch(where, json=CHANGES[name], headers=ANY).status_code
            verified = theirs.post(f"{where}/verifications", json=VERIFICATION).status_code
            refused = 403 if granted is None or reads(role, name, domain, own) else 404
            expected = (200, 201) if domain.reached(granted, own) else (refused, refused)
            if (changed, verified) != expected:
                wrong.append((name, domains.index(domain), changed, verified))
            if not domain.reached(granted, own):
                assert theirs.delete(where, headers=ANY).status_code == refused

    assert wrong == []


@pytest.mark.parametrize("role", WRITERS["departments"])
def test_what_is_made_is_what_the_grant_reaches(holder: Holder, domains: list[Domain], role: Role) -> None:
    theirs, own, wrong = acting(holder, role, domains[0]), domains[0], []
    for name in COLLECTIONS:
        for domain in domains:
            status = theirs.post(path(name), json=domain.body(name)).status_code
            may = domain.reached(WRITERS[name].get(role), own)
            if name == "organisations":
                may = role == "admin" or (role == "coordinator" and domain.province == own.province)
            if name == "departments" and role == "unit_manager":
                may = False
            if name == "persons":
                may = True
            if status != (201 if may else 403):
                wrong.append((name, domains.index(domain), status))

    assert wrong == []


@pytest.mark.parametrize("role", WRITERS["departments"])
def test_room_is_said_of_what_the_grant_reaches(holder: Holder, domains: list[Domain], role: Role) -> None:
    theirs, room = acting(holder, role, domains[0]), {"unit": "bed", "total": 3, "available": 1}
    where = [f"{path('service_sites')}/{one.ids['service_sites']}/capacity" for one in domains]
    expected = {"unit_manager": [403] * 3, "admin": [200] * 3}.get(role, [200, 200, 403])

    assert [theirs.put(one, json=room).status_code for one in where] == expected


def test_nobody_makes_somebody_elses_people_their_own(holder: Holder, domains: list[Domain]) -> None:
    own, _, other = domains
    for role in ("partner_manager", "unit_manager", "coordinator"):
        theirs = acting(holder, role, own)
        taken = theirs.post(path("focal_points"), json={"person_id": other.ids["persons"], "post_id": own.ids["posts"]})
        moved = theirs.patch(
            f"{path('focal_points')}/{own.ids['focal_points']}", json={"person_id": other.ids["persons"]}, headers=ANY
        )
        assert (role, taken.status_code, moved.status_code) == (role, 403, 403)


def test_a_unit_is_not_handed_to_another_organisation(holder: Holder, domains: list[Domain]) -> None:
    own, _, other = domains
    where, given = f"{path('departments')}/{own.ids['departments']}", {"organisation_id": other.ids["organisations"]}
    for role in ("partner_manager", "unit_manager"):
        assert acting(holder, role, own).patch(where, json=given, headers=ANY).status_code == 403


@pytest.mark.parametrize("unit", ["departments", "organisations"])
def test_an_office_of_government_does_not_say_itself_what_its_duty_is(
    client: FlaskClient, holder: Holder, unit: str
) -> None:
    owner = make(client, "organisations", name="Police", sector="government")["id"]
    desk = make(client, "departments", organisation_id=owner, functions=["police_report"])["id"]
    acts_for = {"organisation_id": owner, "department_id": desk}
    gains: dict[str, list[dict[str, Any]]] = {
        "organisations": [{"sector": "civil_society"}, {"sector": None}],
        "departments": [
            {"functions": ["case_management"]},
            {"serves": {"scope": "national", "codes": []}},
            {"organisation_id": make(client, "organisations")["id"]},
        ],
    }
    where = f"{path(unit)}/{owner if unit == 'organisations' else desk}"
    for given in gains[unit]:
        for role in WRITERS[unit].keys() - {"admin", "coordinator"}:
            answer = holder(role, **acts_for).patch(where, json=given, headers=ANY)
            assert (role, given, answer.status_code) == (role, given, 403)
        same = {"name": "Police desk", **{one: answer_json(client.get(where))[one] for one in given}}
        assert holder("partner_manager", **acts_for).patch(where, json=same, headers=ANY).status_code == 200
    assert holder("coordinator").patch(where, json=gains[unit][0], headers=ANY).status_code == 200
