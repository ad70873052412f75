"""A confidential organisation shows one geography, its published areas: what anybody reads of it."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import Clock
from tests.harm.asking import API, LANDLINE, READING, get, listed, patch, phone
from tests.harm.places import HIDEOUTS
from tests.harm.world import World
from tests.web.records import make, post

CLEARED = "disclosure"


@pytest.mark.parametrize("reader", READING)
def test_numbers_of_public_registers_are_absent_and_validity_is_shown(app: Flask, world: World, reader: str) -> None:
    shown = get(world.client(app, reader), f"organisations/{world['haven']}")

    assert not {"npo_number", "source"} & shown.keys()
    assert shown["external_ids"] == []
    assert shown["accreditation"] == {"status": "valid", "issued": "2024-01-02", "expires": "2028-01-01"}


def test_the_organisation_itself_and_cleared_roles_read_them(app: Flask, owner: FlaskClient, world: World) -> None:
    for client in (owner, world.client(app, CLEARED)):
        shown = get(client, f"organisations/{world['haven']}")
        assert shown["npo_number"] == "NPO 271-828"
        assert shown["accreditation"]["number"] == "FIC/577/215"


def test_a_landline_that_was_closed_is_not_shown(app: Flask, client: FlaskClient, world: World) -> None:
    """Whoever becomes confidential closes its landlines, and closed records stay readable."""
    new = make(client, "organisations", name="Late Refuge", org_type="ngo")["id"]
    line = make(client, "channels", **phone("organisation", new), visibility="public")["id"]
    hiding = {"organisation_id": new, "confidential": True, "location": dict(HIDEOUTS["haven_north"].home.written())}
    assert client.post(f"{API}/sites", json=hiding).status_code == 422
    client.delete(f"{API}/channels/{line}", headers={"If-Match": "*"})
    assert client.post(f"{API}/sites", json=hiding).status_code == 201

    for reader in READING:
        there = world.client(app, reader)
        assert LANDLINE not in there.get(f"{API}/channels/{line}").text
        assert LANDLINE not in there.get(f"{API}/channels?status=any&page_size=200").text
        assert LANDLINE not in there.get(f"{API}/changes?limit=1000").text


@pytest.mark.parametrize("reader", READING)
def test_no_place_of_its_own_is_shown(app: Flask, world: World, reader: str) -> None:
    there = world.client(app, reader)
    shown = get(there, f"organisations/{world['haven']}")

    assert not {"province", "district"} & shown.keys()
    assert world["haven"] in listed(there, "organisations?district=DC34")
    assert world["refuge"] not in listed(there, "organisations?district=DC35")


def test_units_and_services_show_no_district(app: Flask, client: FlaskClient, world: World) -> None:
    serves = {"scope": "district", "codes": ["DC36"]}
    desk = make(client, "departments", organisation_id=world["haven"], serves=serves)["id"]
    service = make(client, "services", organisation_id=world["haven"], name="Visits", serves=serves)["id"]

    for reader in READING:
        there = world.client(app, reader)
        for path in (f"departments/{desk}", f"services/{service}"):
            assert "serves" not in get(there, path)
        assert desk not in listed(there, "departments?district=DC36")
        assert "DC36" not in there.get(f"{API}/changes?limit=1000").text


@pytest.mark.parametrize("reader", ["coordinator", "admin"])
def test_links_to_stations_and_districts_are_not_shown(app: Flask, world: World, reader: str) -> None:
    there = world.client(app, reader)
    hidden = {world[name] for name in ("haven_station", "haven_desk", "haven_unit_station")}

    for query in ("?status=any", f"?organisation_id={world['haven']}", f"?department_id={world['station']}"):
        assert not hidden & set(listed(there, f"links{query}"))
    assert world["haven_dsd"] in listed(there, "links?page_size=200")
    assert {there.get(f"{API}/links/{one}").status_code for one in hidden} == {404}
    changes = {item["id"] for item in get(there, "changes?limit=1000")["items"]}
    assert (bool(hidden & changes), world["haven_dsd"] in changes) == (False, True)


def test_the_organisation_itself_reads_its_links(owner: FlaskClient, world: World) -> None:
    hidden = {world[name] for name in ("haven_station", "haven_desk")}

    assert hidden <= set(listed(owner, "links?page_size=200"))


@pytest.mark.parametrize("reader", READING)
def test_verification_is_dated_by_month_and_names_nobody(
    app: Flask, client: FlaskClient, world: World, reader: str
) -> None:
    desk = world["haven_unit"]
    said = {"method": "visit", "outcome": "confirmed", "verified_at": "2026-03-07T15:33:00+02:00"}
    records = {
        "organisations": world["refuge"],
        "sites": world["haven_north"],
        "departments": desk,
        "services": world["haven_shelter"],
        "service-sites": world["nest_beds"],
    }
    for path, one in records.items():
        assert client.post(f"{API}/{path}/{one}/verifications", json=said).status_code == 201
    there = world.client(app, reader)

    for path, one in records.items():
        shown = there.get(f"{API}/{path}/{one}")
        assert "2026-03-07" not in shown.text
        assert shown.json is not None
        assert shown.json["verified_at"] == "2026-03-01T00:00:00+00:00", path
    assert "verifier" not in there.get(f"{API}/changes?limit=1000").text


def test_stale_is_judged_by_the_month(app: Flask, client: FlaskClient, world: World, clock: Clock) -> None:
    """Else the day could be found by asking on each day whether it is stale yet."""
    for day in (2, 19):
        said = {"method": "phone", "outcome": "confirmed", "verified_at": f"2026-03-{day:02d}T10:00:00+02:00"}
        one = ("haven", "refuge")[day > 9]
        clock.now = max(clock.now, datetime.fromisoformat(said["verified_at"]))
        assert client.post(f"{API}/organisations/{world[one]}/verifications", json=said).status_code == 201
    seen = []
    for _ in range(40):
        clock.advance(days=6)
        stale = listed(client, "organisations?stale=true&page_size=200")
        seen.append((world["haven"] in stale, world["refuge"] in stale))

    assert [one for one in seen if one[0] != one[1]] == []
    assert {one[0] for one in seen} == {True, False}


def test_ids_are_random(client: FlaskClient) -> None:
    made = [UUID(make(client, "organisations")["id"]) for _ in range(4)]

    assert {one.version for one in made} == {4}
    assert len({one.hex[:6] for one in made}) == 4


def test_becoming_confidential_leaves_no_address_behind(app: Flask, client: FlaskClient, world: World) -> None:
    """The closed site of before stays readable: by its area, like the new one."""
    new = make(client, "organisations", name="Late Refuge", org_type="ngo")["id"]
    home = HIDEOUTS["haven_north"].home
    given = {"name": "Sunrise Villa", "confidential": False, "location": dict(home.written())}
    old = make(client, "sites", organisation_id=new, **given)["id"]
    former = make(client, "sites", organisation_id=new, **{**given, "name": "Sunset Villa"})["id"]
    client.delete(f"{API}/sites/{former}", headers={"If-Match": "*"})
    hidden = patch(client, f"sites/{old}", confidential=True)
    assert hidden.status_code == 200

    for reader in READING:
        there = world.client(app, reader)
        for one in (old, former):
            shown = get(there, f"sites/{one}")
            assert shown["point"] == {"lat": home.area.lat, "lon": home.area.lon}
            assert (shown["status"], shown["name"], shown["address"]) == ("closed", None, None)
            assert shown["district"] == home.area.district
        for path in ("sites?status=any&page_size=200", "changes?limit=1000"):
            text = there.get(f"{API}/{path}").text
            assert [said for said in ("Kingfisher", "-23.341", "Sunrise", "Sunset") if said in text] == []


def test_an_office_that_closes_leaves_no_address_behind(client: FlaskClient, world: World) -> None:
    """A confidential place may be found at an address that was an office before."""
    client.delete(f"{API}/sites/{world['office']}", headers={"If-Match": "*"})
    shown = get(client, f"sites/{world['office']}")

    area = shown["area"]["id"]
    same = [one for one in get(client, "sites?status=any&page_size=200")["items"] if one["area"]["id"] == area]
    assert (shown["address"], shown["name"]) == (None, None)
    assert {(one["point"]["lat"], one["point"]["lon"]) for one in same if one["status"] == "closed"} == {
        (-23.90449, 29.46885)
    }


def test_a_guest_is_as_confidential_as_its_host(app: Flask, client: FlaskClient, world: World) -> None:
    """Who gives a service at a confidential place shows no more of itself than who owns it."""
    shown = get(world.client(app, "caseworker"), f"organisations/{world['guest']}")
    assert not {"npo_number", "province", "district"} & shown.keys()
    assert post(client, "channels", **phone("organisation", world["guest"])).status_code == 422
    assert patch(client, f"services/{world['guest_talk']}", name="Bochum talks").status_code == 422


def test_the_month_turns_by_the_calendar(client: FlaskClient, world: World, clock: Clock) -> None:
    clock.advance(days=40)
    said = {"method": "phone", "outcome": "confirmed"}
    path = f"{API}/organisations/{world['nest']}/verifications"
    assert client.post(path, json=said).status_code == 201
    shown = get(client, f"organisations/{world['nest']}")["verified_at"]

    assert datetime.fromisoformat(shown) == clock.now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    assert clock.now - datetime.fromisoformat(shown) < timedelta(days=31)
