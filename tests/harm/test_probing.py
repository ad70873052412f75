"""Who writes for a confidential organisation without knowing its places learns nothing of them from what is refused."""

import random
import re
from collections.abc import Iterator
from math import cos, radians
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory import geography
from tests.conftest import Clock
from tests.harm.asking import API, patch
from tests.harm.dumping import copied
from tests.harm.moving import move_all
from tests.harm.places import HIDEOUTS, Point
from tests.harm.test_second_geography import beside, opened
from tests.harm.world import World
from tests.web.records import make, post

PROBERS = ("admin", "provincial coordinator", "manager of a guest")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f-]{21}")
KM_A_DEGREE = 111.195
FAR: Point = (-24.19, 29.01)


def around(point: Point) -> Iterator[Point]:
    """Points at, beside and away from a place."""
    for north, east in ((0.0, -0.9), (1.2, 0.0), (60.0, -20.0)):
        yield point[0] + north / KM_A_DEGREE, point[1] + east / KM_A_DEGREE


def plain(text: str) -> str:
    """An answer with its random ids numbered as they come."""
    seen: dict[str, str] = {}
    return UUID.sub(lambda found: seen.setdefault(found[0], f"<{len(seen)}>"), text)


def probed(client: FlaskClient, world: World) -> list[tuple[int, str]]:
    """Everything that writes a place of the confidential organisation, or beside one, and what is answered."""
    answers = []
    for hideout in (HIDEOUTS["haven_north"], HIDEOUTS["haven_east"]):
        for at in (*around(hideout.home.point), *around(hideout.twin.point)):
            moved = {"location": {"lat": at[0], "lon": at[1], "address": "1 Open Road"}}
            answers += [opened(client, world, at), patch(client, f"sites/{world['office']}", **moved)]
    at = FAR
    opening = {"confidential": False, "location": {"lat": at[0], "lon": at[1]}}
    answers += [
        post(client, "departments", organisation_id=world["haven"], name="Desk", site_id=world["haven_north"]),
        post(client, "departments", organisation_id=world["ngo"], name="Desk", site_id=world["haven_north"]),
        post(client, "service_sites", service_id=world["hostel_shelter"], site_id=world["haven_east"]),
        patch(client, f"sites/{world['haven_east']}", **opening),
        patch(client, f"sites/{world['haven_north']}", location={"lat": at[0], "lon": at[1]}),
    ]
    return [(one.status_code, plain(one.text)) for one in answers]


@pytest.mark.parametrize("prober", PROBERS)
def test_a_probe_is_answered_alike_wherever_the_place_is(
    app: Flask, client: FlaskClient, database: Path, clock: Clock, world: World, prober: str
) -> None:
    with copied(app, database, clock):
        move_all(client, world, lambda hideout: hideout.twin)
        there = probed(world.client(app, prober), world)

    assert probed(world.client(app, prober), world) == there


def test_who_knows_the_place_is_answered_by_it(
    app: Flask, client: FlaskClient, owner: FlaskClient, database: Path, clock: Clock, world: World
) -> None:
    """The control: the organisation itself is refused within a kilometre, and a prober would find the place so."""
    with copied(app, database, clock):
        move_all(client, world, lambda hideout: hideout.twin)
        there = probed(owner, world)

    assert probed(owner, world) != there


@pytest.mark.parametrize("prober", ["admin", "coordinator", "provincial coordinator"])
def test_coordinators_open_places_in_other_areas(app: Flask, world: World, prober: str) -> None:
    there = world.client(app, prober)

    assert {opened(there, world, beside(km)).status_code for km in (0.3, 3.0, 9.0)} == {422}
    assert opened(there, world, FAR).status_code == 201


def test_a_place_within_a_kilometre_lies_in_an_area_that_is_looked_at() -> None:
    """Whatever the borders of areas and provinces: who is refused by area is refused within a kilometre."""
    chance, found, crossed = random.Random(20261122), 0, 0
    places = geography.places()
    while found < 1500:
        one, other = chance.sample(places, 2) if found % 2 else [chance.choice(places)] * 2
        share = chance.random()
        lat, lon = (share * a + (1 - share) * b for a, b in ((one.lat, other.lat), (one.lon, other.lon)))
        north, east = chance.uniform(-0.7, 0.7) / KM_A_DEGREE, chance.uniform(-0.7, 0.7) / KM_A_DEGREE
        hidden, open_too = geography.locate(lat, lon), geography.locate(lat + north, lon + east / cos(radians(lat)))
        if hidden is None or open_too is None:
            continue
        found += 1
        crossed += hidden.area_id != open_too.area_id
        assert hidden.area_id in geography.areas_near(lat + north, lon + east / cos(radians(lat)), 1.0)
    assert crossed > 3


@pytest.mark.parametrize("manager", ["manager of another shelter", "manager of a guest"])
def test_a_guest_is_listed_by_a_coordinator(app: Flask, world: World, manager: str) -> None:
    """People are sent to the numbers of who is listed at a shelter."""
    service = "guest_talk" if manager == "manager of a guest" else "hostel_shelter"
    given = {"service_id": world[service], "site_id": world["haven_north"]}

    assert post(world.client(app, manager), "service_sites", **given).status_code == 403
    assert post(world.client(app, manager), "service_sites", **{**given, "site_id": world["rest"]}).status_code == 201
    assert post(world.client(app, "provincial coordinator"), "service_sites", **given).status_code == 201


def test_no_unit_stands_at_anothers_confidential_place(client: FlaskClient, world: World) -> None:
    unit = make(client, "departments", organisation_id=world["ngo"], site_id=world["rest"])["id"]

    assert patch(client, f"departments/{unit}", site_id=world["haven_north"]).status_code == 422
    assert patch(client, f"departments/{world['haven_unit']}", site_id=world["haven_east"]).status_code == 200


def test_who_goes_into_hiding_leaves_guests_behind(client: FlaskClient, world: World) -> None:
    """They never hid: their numbers, names and districts would tell the place, and are not theirs to refuse."""
    at: dict[str, Any] = {"address": "1 Open Road", "lat": FAR[0], "lon": FAR[1]}
    new = make(client, "organisations", name="Late Refuge", org_type="ngo")["id"]
    place = make(client, "sites", organisation_id=new, confidential=False, location=at)["id"]
    own = make(client, "services", organisation_id=new, name="Beds", codes=["shelter_emergency"])["id"]
    kept = make(client, "service_sites", service_id=own, site_id=place)["id"]
    guest = make(client, "service_sites", service_id=world["clinic_doctor"], site_id=place)["id"]
    desk = make(client, "departments", organisation_id=world["health"], site_id=place)["id"]
    hidden = patch(client, f"sites/{place}", confidential=True).json or {}

    read = {one: client.get(f"{API}/service-sites/{one}").json or {} for one in (kept, guest)}
    assert {one["status"] for one in read.values()} == {"closed"}
    here = client.get(f"{API}/service-sites?page_size=200").json or {}
    assert [one["service_id"] for one in here["items"] if one["site_id"] == hidden["id"]] == [own]
    assert (client.get(f"{API}/departments/{desk}").json or {})["site_id"] is None
    assert "district" in (client.get(f"{API}/organisations/{world['health']}").json or {})
