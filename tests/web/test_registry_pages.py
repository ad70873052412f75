"""The registry's pages: what people read, change, confirm and close there is what the API has."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from directory.services.catalogue import COLLECTIONS
from tests.conftest import Clock
from tests.web.browsing import Browser, enlisted
from tests.web.records import make

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
API = "/api/v1"


@pytest.fixture
def coordinator(app: Flask, clock: Clock) -> Browser:
    made = Browser(app)
    made.sign_in(enlisted(app, "coordinator"), clock)
    return made


@pytest.fixture
def house(client: FlaskClient) -> dict[str, Any]:
    return make(client, "organisations", name="Umbrella House", org_type="ngo", province="ZA-LP")


def at(record: dict[str, Any], more: str = "") -> str:
    return f"/registry/organisations/{record['id']}{more}"


def change(browser: Browser, record: dict[str, Any], **form: str) -> TestResponse:
    """Send the form of a record with something changed."""
    page = at(record, "/edit")
    version = re.search(r'name="version" value="(\d+)"', browser.read(page).text)
    assert version is not None
    return browser.send(page, {"version": version[1], "name": record["name"], **form}, seen=page)


@pytest.mark.parametrize("name", list(COLLECTIONS))
def test_every_collection_has_a_list_and_a_form(coordinator: Browser, name: str) -> None:
    path = f"/registry/{COLLECTIONS[name].path}"

    assert coordinator.read(path).status_code == 200
    form = coordinator.read(f"{path}/new").text
    absent = [field for field in COLLECTIONS[name].writable if f'"{field}' not in form]
    assert absent == []


def test_what_is_typed_is_kept(client: FlaskClient, coordinator: Browser) -> None:
    form = {
        "name": "Night desk",
        "organisation_id": make(client, "organisations", name="Lamp Trust", org_type="ngo")["id"],
        "codes": "counselling",
        "languages": "eng\nzul\n",
        "eligibility.age_min": "18",
        "eligibility.boy_child_max_age.code": "unknown",
        "intake.0.days": "mon",
        "intake.0.opens": "08:00",
        "intake.0.closes": "17:00",
        "serves.scope": "province",
        "serves.codes": "ZA-LP",
    }
    answer = coordinator.send("/registry/services", form, seen="/registry/services/new")
    kept = client.get(f"{API}/services/{answer.location.rsplit('/', 1)[1].split('?')[0]}").get_json()

    assert kept["eligibility"] == {"age_min": 18, "boy_child_max_age": "unknown"}
    assert (kept["codes"], kept["languages"]) == (["counselling"], ["eng", "zul"])
    assert kept["intake"] == [{"days": ["mon"], "opens": "08:00", "closes": "17:00"}]
    assert kept["serves"] == {"scope": "province", "codes": ["ZA-LP"]}


def test_what_is_wrong_is_said_beside_its_control(coordinator: Browser) -> None:
    form = {"name": " ", "org_type": "circus", "accreditation.issued": "soon", "accreditation.status": "valid"}
    answer = coordinator.send("/registry/organisations", form, seen="/registry/organisations/new")

    assert answer.status_code == 422
    for path in ("name", "org_type", "accreditation.issued"):
        assert re.search(rf'id="{path}"[^>]*aria-invalid="true"[^>]*aria-describedby="{path}-said"', answer.text), path
    assert 'value="soon"' in answer.text


def test_a_name_that_is_not_clear_offers_those_like_it(client: FlaskClient, coordinator: Browser) -> None:
    for _ in range(2):
        make(client, "organisations", name="Twin Hands", org_type="ngo")
    form = {"title": "Intake", "organisation_id": "twin hands"}
    answer = coordinator.send("/registry/posts", form, seen="/registry/posts/new")
    offered = re.findall(r"Twin Hands \([0-9a-f]{8}\)", answer.text)

    assert answer.status_code == 422
    assert len(set(offered)) == 2
    chosen = coordinator.send("/registry/posts", {**form, "organisation_id": offered[0]}, seen="/registry/posts/new")
    assert chosen.status_code == 303


def test_names_are_offered_as_they_are_typed(coordinator: Browser, house: dict[str, Any]) -> None:
    found = coordinator.send("/registry/organisations/names", {"parent_id": "umbrela"}, seen="/account").text

    assert f'<option value="Umbrella House ({house["id"][:8]})">' in found


def test_a_name_is_searched_for_and_stands_in_no_address(coordinator: Browser, house: dict[str, Any]) -> None:
    found = coordinator.send("/registry/organisations/search", {"q": "umbrela"}, seen="/registry")
    typed = coordinator.read("/registry/organisations?q=umbrela&province=ZA-GP")
    narrowed = coordinator.send(
        "/registry/organisations/search", {"q": " ", "province": "ZA-LP", "sector": ""}, seen="/registry"
    )

    assert (found.status_code, at(house) in found.text) == (200, True)
    assert "umbrela" not in typed.text
    assert (narrowed.status_code, narrowed.location) == (303, "/registry/organisations?province=ZA-LP")
    assert at(house) in coordinator.read(narrowed.location).text


def test_a_change_is_kept_and_what_was_not_touched_stays(
    client: FlaskClient, coordinator: Browser, house: dict[str, Any]
) -> None:
    given = {"description": "Open at night", "org_type": "ngo", "province": "ZA-LP"}

    assert change(coordinator, house, **given).status_code == 303
    kept = client.get(f"{API}/organisations/{house['id']}").get_json()
    differing = {name for name in kept if kept[name] != house[name]}
    assert differing == {"description", "version"}


def test_a_field_that_was_not_on_the_form_is_not_cleared(
    client: FlaskClient, coordinator: Browser, house: dict[str, Any]
) -> None:
    change(coordinator, house, description="Open at night")

    assert client.get(f"{API}/organisations/{house['id']}").get_json()["province"] == "ZA-LP"


def test_a_hidden_number_is_not_on_the_form_and_outlives_a_change(
    app: Flask, client: FlaskClient, coordinator: Browser, holder: Any
) -> None:
    """A coordinator does not read the number of a confidential organisation, and must not clear it either."""
    given = {"status": "valid", "number": "C-4711", "issued": "2026-01-01", "expires": "2030-01-01"}
    hidden = make(client, "organisations", name="Quiet House", org_type="shelter", accreditation=given)
    where = {"address": "1 Test Street", "lat": -23.9, "lon": 29.45}
    make(client, "sites", organisation_id=hidden["id"], confidential=True, location=where)
    form = {"accreditation.status": "lapsed", "accreditation.expires": "2026-02-02"}

    assert "4711" not in coordinator.read(at(hidden, "/edit")).text
    assert change(coordinator, hidden, **form).status_code == 303
    kept = holder("partner_manager", organisation_id=hidden["id"]).get(f"{API}/organisations/{hidden['id']}").get_json()
    assert kept["accreditation"] == {
        "status": "lapsed",
        "number": "C-4711",
        "issued": "2026-01-01",
        "expires": "2026-02-02",
    }


def test_two_who_change_at_once_see_both_versions(
    client: FlaskClient, coordinator: Browser, house: dict[str, Any]
) -> None:
    first = {"version": str(house["version"]), "name": "Umbrella House", "description": "Mine"}
    client.patch(at(house).replace("/registry", API), json={"description": "Theirs"}, headers={"If-Match": "*"})
    answer = coordinator.send(at(house, "/edit"), first, seen=at(house, "/edit"))

    assert answer.status_code == 409
    assert "<td>Theirs</td><td>Mine</td>" in answer.text
    assert client.get(f"{API}/organisations/{house['id']}").get_json()["description"] == "Theirs"
    newer = re.search(r'name="version" value="(\d+)"', answer.text)
    assert newer is not None
    assert coordinator.send(at(house, "/edit"), {**first, "version": newer[1]}, seen=at(house)).status_code == 303


def test_one_press_confirms(client: FlaskClient, coordinator: Browser, house: dict[str, Any]) -> None:
    coordinator.send(at(house, "/verify"), {"method": "phone", "outcome": "confirmed"}, seen=at(house))

    assert client.get(f"{API}/organisations/{house['id']}").get_json()["verified_at"] is not None


def test_closing_and_suspending(client: FlaskClient, coordinator: Browser, house: dict[str, Any]) -> None:
    coordinator.send(at(house, "/suspend"), {"code": "not_operating"}, seen=at(house))
    away = client.get(f"{API}/organisations?q=Umbrella").get_json()["total"]
    coordinator.send(at(house, "/suspend"), {"code": "mistaken", "lift": "yes"}, seen=at(house))
    back = client.get(f"{API}/organisations?q=Umbrella").get_json()["total"]
    version = str(client.get(f"{API}/organisations/{house['id']}").get_json()["version"])
    coordinator.send(at(house, "/close"), {"version": version}, seen=at(house))

    assert (away, back) == (0, 1)
    assert client.get(f"{API}/organisations/{house['id']}").get_json()["status"] == "closed"


def test_a_manager_says_the_room_of_the_own_place_in_two_taps(app: Flask, client: FlaskClient, clock: Clock) -> None:
    own = make(client, "organisations", name="Own House", org_type="shelter")["id"]
    where = {"address": "1 Test Street", "lat": -23.9, "lon": 29.45}
    site = make(client, "sites", organisation_id=own, confidential=True, location=where)["id"]
    service = make(client, "services", organisation_id=own, name="Beds", codes=["shelter_emergency"])["id"]
    beds = make(client, "service_sites", service_id=service, site_id=site, capacity={"unit": "bed", "total": 9})["id"]
    manager = Browser(app)
    manager.sign_in(enlisted(app, "partner_manager", organisation_id=own), clock)
    shown = manager.read("/capacity").text
    said = manager.send(f"/capacity/{beds}", {"unit": "bed", "total": "9", "available": "4"}, seen="/capacity")

    assert f'action="/capacity/{beds}"' in shown
    assert said.status_code == 303
    assert "4 of 9 beds free" in manager.read("/capacity").text


def test_who_may_only_read_is_offered_nothing_else(app: Flask, house: dict[str, Any], clock: Clock) -> None:
    caseworker = Browser(app)
    caseworker.sign_in(enlisted(app, "caseworker", organisation_id=house["id"]), clock)
    page = caseworker.read(at(house)).text

    assert "Umbrella House" in page
    assert [word for word in ("/edit", "/verify", '/close"', "/suspend", "/new?") if word in page] == []
    assert caseworker.read(at(house, "/edit")).status_code == 403


@pytest.mark.parametrize("name", ["alternate_names", "funding"])
def test_what_is_read_in_part_is_not_on_the_form_and_outlives_a_change(
    app: Flask, client: FlaskClient, coordinator: Browser, holder: Any, name: str
) -> None:
    """Of a confidential organisation a coordinator reads the names that tell no place, and must not clear the rest."""
    given = {
        "alternate_names": ["Quiet", "Quiet House Polokwane"],
        "funding": [{"source": "Polokwane fund"}, {"source": "A fund"}],
    }
    hidden = make(client, "organisations", name="Quiet House", org_type="shelter", **given)
    where = {"address": "1 Test Street", "lat": -23.9, "lon": 29.45}
    make(client, "sites", organisation_id=hidden["id"], confidential=True, location=where)
    theirs = holder("partner_manager", organisation_id=hidden["id"])
    before = theirs.get(at(hidden).replace("/registry", API)).get_json()
    sent = {"alternate_names": "Quiet", "funding.0.source": "A fund"}
    page = coordinator.read(at(hidden, "/edit")).text

    assert f'name="{name}' not in page
    assert (
        change(coordinator, hidden, **{key: one for key, one in sent.items() if key.startswith(name)}).status_code
        == 303
    )
    assert theirs.get(at(hidden).replace("/registry", API)).get_json()[name] == before[name]
