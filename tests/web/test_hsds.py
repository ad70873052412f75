"""The registry as Open Referral's HSDS has it: by the profile, and no more than the lists of the API tell."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema_rs import Draft202012Validator
from sqlalchemy import Engine, event

from directory.db import make_engine
from tests.conftest import Clock, admit
from tests.web.hsds_world import (
    DESK,
    DOOR,
    HSDS,
    NETWORK,
    OWN,
    PUBLIC,
    Ids,
    contents,
    get,
    settle,
)
from tests.web.people import with_key
from tests.web.records import API, answer_json, make
from web.schemas.hsds import PROFILE
from web.settings import ROOT
from web.transaction import Registry

Holder = Callable[..., FlaskClient]
KINDS = {"services": "service", "service_at_locations": "service_at_location", "organizations": "organization"}
WORDS = {"taxonomies": "taxonomy", "taxonomy_terms": "taxonomy_term"}
READERS = ("app", "coordinator", "disclosure")


@pytest.fixture(scope="module")
def made(application: Flask, empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ids]:
    """The shelter and the office in a database file, made once, and their ids."""
    path = tmp_path_factory.mktemp("hsds") / "world.sqlite3"
    shutil.copy(empty_sqlite, path)
    engine = make_engine(f"sqlite:///{path}")
    application.extensions["registry"] = Registry(engine, Clock())
    admin = with_key(application, admit(engine, "admin"))
    ids = settle(admin)
    with engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path, ids


@pytest.fixture
def world(made: tuple[Path, Ids]) -> Ids:
    """The ids of the shelter and the office."""
    return made[1]


@pytest.fixture
def database_url(made: tuple[Path, Ids], tmp_path: Path) -> str:
    """A copy of them, for one test."""
    path = tmp_path / "registry.sqlite3"
    shutil.copy(made[0], path)
    return f"sqlite:///{path}"


def closed(schema: Any) -> Any:
    """The same schema, whose objects have no fields but those named."""
    if isinstance(schema, dict):
        inner = {name: closed(value) for name, value in schema.items()}
        return inner | ({"additionalProperties": False} if "properties" in schema else {})
    return [closed(one) for one in schema] if isinstance(schema, list) else schema


@cache
def validator(name: str) -> Draft202012Validator:
    """What checks objects of a kind."""
    schema = {"$ref": f"#/$defs/{name}", "$defs": closed(PROFILE["$defs"])}
    return Draft202012Validator(schema, validate_formats=True)


def faults(name: str, value: Any) -> list[str]:
    """What of an object is not as the profile says."""
    return [f"{name} {one.instance_path}: {one.message}" for one in validator(name).iter_errors(value)]


def test_every_answer_is_by_the_profile(holder: Holder, world: Ids) -> None:
    wrong: list[str] = []
    for role in READERS:
        reader = holder(role)
        for path, name in KINDS.items():
            for query in ("", "?full=true"):
                found = contents(reader, path + query)
                assert len(found) >= 2
                wrong += [fault for one in found.values() for fault in faults(name, one)]
            wrong += [fault for one in found for fault in faults(name, get(reader, f"{path}/{one}"))]
        whole = get(reader, f"organizations/{world['office']}?full_service=true")
        assert [one["id"] for one in whole["services"]] == [world["advice"]]
        wrong += faults("organization", whole)

    assert wrong == []


def test_the_profile_can_be_broken(client: FlaskClient, world: Ids) -> None:
    service = get(client, f"services/{world['advice']}")
    nested = {**service, "organization": {**service["organization"], "npo": "1"}}
    broken = ({**service, "id": "7"}, {**service, "status": "open"}, {**service, "name": None}, nested)

    assert [bool(faults("service", one)) for one in broken] == [True] * 4


def test_who_has_no_key_reads_the_words_and_no_record(stranger: FlaskClient, holder: Holder) -> None:
    about = get(stranger, "")
    assert about["version"] == "3.1.1"
    assert {name: stranger.get(about[name]).status_code for name in ("profile", "openapi_url")} == {
        "profile": 200,
        "openapi_url": 200,
    }
    assert get(stranger, "profile") == json.loads((ROOT / "openapi" / "hsds-profile.json").read_text("utf-8"))
    for path, name in WORDS.items():
        for one in contents(stranger, f"{path}?per_page=200"):
            assert faults(name, get(stranger, f"{path}/{one}")) == []
    for path in KINDS:
        for asking, status in ((stranger, 401), (holder("auditor"), 403)):
            answer = asking.get(f"{HSDS}/{path}")
            assert (answer.status_code, answer.content_type) == (status, "application/problem+json")


def test_an_open_service_is_told_with_all_that_belongs_to_it(holder: Holder, world: Ids) -> None:
    service = get(holder("caseworker"), f"services/{world['advice']}")

    assert (service["minimum_age"], "maximum_age" in service, service["assured_date"]) == (16, False, "2026-03-11")
    assert [(one["byday"], one["opens_at"], one["closes_at"]) for one in service["schedules"]] == [
        ("MO,FR", "08:30+02:00", "15:30+02:00"),
        ("SA", "20:00+02:00", "06:00+02:00"),
    ]
    assert [(one["code"], one["name"]) for one in service["languages"]] == [("eng", "English"), ("ven", "Venda")]
    assert [(one["name"], one["extent"]) for one in service["service_areas"]] == [("Capricorn", "DC35")]
    assert [one["document"] for one in service["required_documents"]] == ["An identity document"]
    assert [(one["option"], one["amount"]) for one in service["cost_options"]] == [("free", 0)]
    room = service["capacities"][0]
    assert (room["available"], room["maximum"], room["unit"]["identifier"]) == (4, 12, "bed")
    assert room["service_at_location_id"] == world["advice_at"]
    answers = {one["taxonomy_term"]["code"]: one["value"] for one in service["attributes"] if "taxonomy_term" in one}
    assert {"legal_advice": "legal_advice", "sex_gender": "any", "age_max": "case_by_case"}.items() <= answers.items()
    assert (service["program"]["id"], service["program"]["name"]) == (world["desk"], "Desk")
    assert [(one["title"], one["phones"][0]["number"]) for one in service["contacts"]] == [("Paralegal", DESK)]
    assert [one["number"] for one in service["phones"]] == [PUBLIC]
    where = service["service_at_locations"][0]
    assert [one["number"] for one in where["phones"]] == [NETWORK]
    address = where["location"]["addresses"][0]
    assert (address["address_1"], address["city"]) == ("1 Acacia Street, Polokwane", "Polokwane")
    assert (where["location"]["latitude"], where["location"]["longitude"]) == (-23.9, 29.45)


def test_an_organisation_is_told_with_its_units_as_programs(holder: Holder, world: Ids) -> None:
    office = get(holder("caseworker"), f"organizations/{world['office']}")

    assert (office["alternate_name"], office["email"]) == ("The Umbrella; UMB", "help@umbrella.example")
    assert office["website"] == "https://umbrella.example/%C3%BCber"
    assert [one["id"] for one in office["programs"]] == [world["desk"]]
    assert [one["id"] for one in office["locations"]] == [world["open"]]
    numbers = [(one["identifier_scheme"], one["identifier"]) for one in office["organization_identifiers"]]
    assert numbers == [("ZA-NPO", "000-001-NPO"), ("saps", "77")]
    assert [one["source"] for one in office["funding"]] == ["Lotteries"]
    line = office["phones"][0]
    assert (line["number"], line["description"]) == (PUBLIC, "Duty phone; answered day and night; takes WhatsApp")


def test_a_confidential_place_is_its_area_and_its_band(
    client: FlaskClient, holder: Holder, world: Ids, clock: Clock
) -> None:
    said = {"unit": "bed", "total": 9, "available": 2}
    assert client.put(f"{API}/service-sites/{world['beds_at']}/capacity", json=said).status_code == 200
    clock.now = datetime.now(UTC) + timedelta(days=1)
    site = answer_json(client.get(f"{API}/sites/{world['hidden']}"))
    point = (site["point"]["lat"], site["point"]["lon"])
    assert point != (DOOR["lat"], DOOR["lon"])

    for role in ("app", "caseworker", "coordinator", "disclosure"):
        service = get(holder(role), f"services/{world['beds']}")
        places = {one["id"]: one for one in service["service_at_locations"]}
        where = places[world["beds_at"]]["location"]
        assert (where["latitude"], where["longitude"], where["name"]) == (*point, site["area"]["label"])
        assert "addresses" not in where
        assert places[world["beds_afar"]]["location"]["location_type"] == "virtual"
        room = service["capacities"][0]
        assert (room["available"], "maximum" in room) == (1, False)
        assert "Baobab" not in json.dumps(service)


def test_what_is_masked_in_the_api_is_masked_here(holder: Holder, world: Ids) -> None:
    def read(role: str) -> tuple[bool, bool, str]:
        service = get(holder(role), f"services/{world['beds']}")
        return (
            "organization_identifiers" in service["organization"],
            "service_areas" in service,
            service["assured_date"],
        )

    assert {role: read(role) for role in ("app", "coordinator", "disclosure")} == {
        "app": (False, False, "2026-03-01"),
        "coordinator": (False, False, "2026-03-01"),
        "disclosure": (True, True, "2026-03-11"),
    }


def test_no_person_is_told_to_anybody(holder: Holder, world: Ids) -> None:
    for role in READERS:
        reader = holder(role)
        told = "".join(reader.get(f"{HSDS}/{path}?full=true").text for path in KINDS)
        told += reader.get(f"{HSDS}/organizations/{world['office']}?full_service=true").text
        assert PUBLIC in told
        assert [one for one in (*OWN, "Naledi", "Mokoena") if one in told] == []


def test_lines_are_those_of_the_readers_class(holder: Holder, world: Ids) -> None:
    told = {role: holder(role).get(f"{HSDS}/services?full=true").text for role in ("app", "caseworker")}

    assert {role: [number in text for number in (PUBLIC, DESK, NETWORK)] for role, text in told.items()} == {
        "app": [True, False, False],
        "caseworker": [True, True, True],
    }


def _told(reader: FlaskClient, world: Ids) -> list[bool]:
    """Whether the shelter is in any list, and whether it is answered by its ids."""
    listed = [world[name] in contents(reader, path) for name, path in LISTED]
    asked = [reader.get(f"{HSDS}/{path}/{world[name]}").status_code == 200 for name, path in LISTED]
    return listed + asked


LISTED = (("haven", "organizations"), ("beds", "services"), ("beds_at", "service_at_locations"))


def test_a_restricted_line_read_is_audited(client: FlaskClient, holder: Holder, world: Ids) -> None:
    owner = {"type": "department", "id": world["desk"]}
    line = make(client, "channels", owner=owner, value="+27821110009", visibility="restricted")["id"]
    told = {role: line in holder(role).get(f"{HSDS}/services?full=true").text for role in ("caseworker", "coordinator")}
    audited = answer_json(holder("auditor").get(f"{API}/audit?action=read.confidential"))["items"]

    assert told == {"caseworker": False, "coordinator": True}
    assert [(one["role"], one["collection"], one["record_id"]) for one in audited] == [
        ("coordinator", "channels", line)
    ]


def test_who_is_suspended_is_absent_with_the_next_request(holder: Holder, coordinator: FlaskClient, world: Ids) -> None:
    reader = holder("caseworker")
    assert _told(reader, world) == [True] * 6

    suspended = coordinator.post(f"{API}/organisations/{world['haven']}/suspensions", json={"code": "safeguarding"})
    assert suspended.status_code == 201, suspended.text

    assert _told(reader, world) == [False] * 6


def test_who_is_suspended_stands_in_nothing_else(holder: Holder, coordinator: FlaskClient, world: Ids) -> None:
    reader = holder("caseworker")
    whole = f"organizations/{world['office']}?full_service=true"
    office = get(reader, whole)
    assert [one["department"] for one in office["contacts"]] == ["Desk"]

    suspended = coordinator.post(f"{API}/departments/{world['desk']}/suspensions", json={"code": "not_operating"})
    assert suspended.status_code == 201, suspended.text

    without = get(reader, whole)
    assert [name for name in ("programs", "contacts") if name in without] == []
    assert without["services"] == []
    assert world["desk"] not in reader.get(f"{API}/exports/hsds").text


def test_what_is_closed_is_absent(client: FlaskClient, world: Ids) -> None:
    assert client.delete(f"{API}/services/{world['beds']}", headers={"If-Match": "*"}).status_code == 204

    assert world["beds"] not in contents(client, "services")
    assert client.get(f"{HSDS}/services/{world['beds']}").status_code == 404


def test_government_sees_no_shelter_outside_its_duty(client: FlaskClient, holder: Holder, world: Ids) -> None:
    police = make(client, "organisations", name="Police", org_type="law_enforcement", sector="government")["id"]

    assert _told(holder("caseworker", organisation_id=police), world) == [False] * 6


def test_the_export_is_all_that_is_listed_in_full(holder: Holder, world: Ids) -> None:
    reader = holder("caseworker")
    answer = reader.get(f"{API}/exports/hsds")
    export = answer_json(answer)

    assert (export["version"], str(export["revision"])) == ("3.1.1", answer.headers["Registry-Revision"])
    for path in ("organizations", "services"):
        assert {one["id"]: one for one in export[path]} == contents(reader, f"{path}?full=true")
    for path in WORDS:
        assert {one["id"]: one for one in export[path]} == contents(reader, f"{path}?per_page=200&page=1") | {
            one["id"]: one for one in get(reader, f"{path}?per_page=200&page=2")["contents"]
        }


def test_a_file_is_masked_for_cleared_roles_too(holder: Holder, world: Ids) -> None:
    told = {role: answer_json(holder(role).get(f"{API}/exports/hsds")) for role in ("caseworker", "disclosure")}

    assert told["disclosure"]["organizations"] == told["caseworker"]["organizations"]
    assert told["disclosure"]["services"] == told["caseworker"]["services"]
    assert "000-002-NPO" not in json.dumps(told)


def test_lists_are_pages_of_what_was_asked_for(client: FlaskClient, world: Ids, clock: Clock) -> None:
    first, last = get(client, "services?per_page=1"), get(client, "services?per_page=1&page=2")
    envelope = {"total_items": 2, "total_pages": 2, "size": 1, "empty": False}
    assert {name: first[name] for name in envelope} == {name: last[name] for name in envelope} == envelope
    assert [(one["page_number"], one["first_page"], one["last_page"]) for one in (first, last)] == [
        (1, True, False),
        (2, False, True),
    ]
    assert [one["contents"][0]["id"] for one in (first, last)] == [world["advice"], world["beds"]]
    nothing = get(client, "services?page=9")
    assert (nothing["empty"], nothing["last_page"], nothing["contents"]) == (True, True, [])

    terms = {one["code"]: one["id"] for one in contents(client, "taxonomy_terms?per_page=200&search=advice").values()}
    later = (clock.now + timedelta(days=1)).isoformat().replace("+", "%2B")
    asked = {
        f"services?taxonomy_term_id={terms['legal_advice']}": ["advice"],
        f"service_at_locations?taxonomy_term_id={terms['legal_advice']}": ["advice_at"],
        f"services?organization_id={world['haven']}": ["beds"],
        "services?search=bedz": ["beds"],
        "organizations?search=umbrela": ["office"],
        f"services?modified_after={later}": [],
    }
    assert {path: list(contents(client, path)) for path in asked} == {
        path: [world[name] for name in names] for path, names in asked.items()
    }
    ids = get(client, "services?minimal=true")["contents"]
    assert [(one["id"], sorted(one)) for one in ids] == [
        (world[name], ["id", "modified_date"]) for name in ("advice", "beds")
    ]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("services?per_page=201", "per_page"),
        ("services?format=xml", "format"),
        ("services?postcode=0699", "postcode"),
        ("services?taxonomy_term_id=7", "taxonomy_term_id"),
        ("organizations?taxonomy_term_id=6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7a01", "taxonomy_term_id"),
    ],
)
def test_what_is_not_supported_is_refused(client: FlaskClient, query: str, field: str) -> None:
    answer = client.get(f"{HSDS}/{query}")

    assert (answer.status_code, list(answer_json(answer)["errors"])) == (422, [field])


def test_a_longer_page_asks_the_database_no_more_questions(client: FlaskClient, engine: Engine, world: Ids) -> None:
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *said: asked.append(said[2]))

    def questions(path: str) -> int:
        asked.clear()
        get(client, path)
        return len(asked)

    paths = [f"{path}{query}" for path in KINDS for query in ("", "?full=true")]

    def counted() -> dict[str, int]:
        """Of the second time: the first after a change looks the key up anew."""
        return [{path: questions(path) for path in paths} for _ in range(2)][1]

    before = counted()
    for at in range(6):
        own = make(client, "organisations", name=f"Further {at}")["id"]
        site = make(client, "sites", organisation_id=own)["id"]
        unit = make(client, "departments", organisation_id=own)["id"]
        service = make(client, "services", organisation_id=own, department_id=unit)["id"]
        make(client, "service_sites", service_id=service, site_id=site)
        make(client, "channels", owner={"type": "department", "id": unit}, value=f"+2782111100{at}")

    assert counted() == before
    assert max(before.values()) < 40
