"""What would give a confidential organisation a second geography is refused, and the refusal tells nobody where."""

from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from tests.conftest import admit
from tests.harm.asking import API, LANDLINE, get, patch, phone
from tests.harm.places import HIDEOUTS, Point
from tests.harm.world import World
from tests.web.records import make, post

STRANGERS = (
    "manager of another shelter",
    "manager of a guest",
    "police desk",
    "social worker",
    "caseworker",
    "app",
    "disclosure",
    "auditor",
)


@pytest.mark.parametrize("kind", ["organisation", "department", "post", "person", "service_site"])
def test_a_landline_is_refused(client: FlaskClient, world: World, kind: str) -> None:
    names = {"organisation": "haven", "department": "haven_unit", "post": "haven_post"}
    names |= {"person": "haven_worker", "service_site": "haven_office_talk"}
    answer = post(client, "channels", **phone(kind, world[names[kind]]))

    assert (answer.status_code, answer.json and list(answer.json["errors"])) == (422, ["value"])
    mobile = world["haven_line"]
    assert patch(client, f"channels/{mobile}", value=LANDLINE).status_code == 422


def test_a_landline_comes_in_no_other_way(client: FlaskClient, world: World) -> None:
    """Not with a person who takes a post, nor with a post, a unit or a service that changes hands."""
    person = make(client, "persons", full_name="Example Newcomer")["id"]
    make(client, "channels", **phone("person", person))
    holds = post(client, "focal_points", person_id=person, post_id=world["haven_post"])
    there = post(client, "focal_points", person_id=person, post_id=world["ngo_post"])
    assert (holds.status_code, there.status_code) == (422, 201)
    desk = make(client, "departments", organisation_id=world["ngo"])["id"]
    desk_post = make(client, "posts", organisation_id=world["ngo"])["id"]
    service = make(client, "services", organisation_id=world["ngo"])["id"]
    remote = make(client, "service_sites", service_id=service, site_id=None)["id"]
    for kind, one in (("department", desk), ("post", desk_post), ("service_site", remote)):
        make(client, "channels", **phone(kind, one))
    for path in (f"departments/{desk}", f"posts/{desk_post}", f"services/{service}"):
        assert patch(client, path, organisation_id=world["haven"]).status_code == 422, path
    moved = patch(client, f"focal-points/{there.json and there.json['id']}", post_id=world["haven_post"])
    assert moved.status_code == 422


def test_a_confidential_site_has_no_name_of_its_own(client: FlaskClient, world: World) -> None:
    at = dict(HIDEOUTS["nest_house"].home.written())
    made = make(client, "sites", organisation_id=world["nest"], name="Sunrise Villa", confidential=True, location=at)

    assert made["name"] is None
    assert patch(client, f"sites/{world['nest_house']}", name="Sunrise Villa").status_code == 200
    assert get(client, f"sites/{world['nest_house']}")["name"] is None


@pytest.mark.parametrize(
    "name", ["Musina beds", "Beds (MUSINA)", "Louis Trichardt house", "Safe_Musina", "Bochum-beds"]
)
def test_a_name_that_names_a_place_is_refused(client: FlaskClient, world: World, name: str) -> None:
    at: Mapping[str, Any] = {"lat": -24.19, "lon": 29.01, "address": "1 Open Road"}
    answers = [
        post(client, "services", organisation_id=world["haven"], name=name),
        patch(client, f"services/{world['haven_shelter']}", name=name),
        post(client, "sites", organisation_id=world["haven"], name=name, confidential=False, location=at),
        patch(client, f"sites/{world['office']}", name=name),
    ]

    assert [one.status_code for one in answers] == [422] * 4


def test_what_named_a_place_before_is_renamed_first(client: FlaskClient) -> None:
    """Closed records stay readable, so they count too."""
    new = make(client, "organisations", name="Late Refuge", org_type="ngo")["id"]
    service = make(client, "services", organisation_id=new, name="Bochum beds")["id"]
    client.delete(f"{API}/services/{service}", headers={"If-Match": "*"})
    at = dict(HIDEOUTS["haven_north"].home.written())

    assert post(client, "sites", organisation_id=new, confidential=True, location=at).status_code == 422
    assert patch(client, f"services/{service}", name="Beds").status_code == 200
    assert post(client, "sites", organisation_id=new, confidential=True, location=at).status_code == 201


def beside(km: float) -> Point:
    """A point so far north of a confidential place."""
    lat, lon = HIDEOUTS["haven_north"].home.point
    return lat + km / 111.195, lon


def opened(client: FlaskClient, world: World, at: Point) -> TestResponse:
    """The answer to opening a site of the confidential organisation."""
    location = {"lat": at[0], "lon": at[1], "address": "1 Open Road"}
    body = {"organisation_id": world["haven"], "name": "Shop", "confidential": False, "location": location}
    return client.post(f"{API}/sites", json=body)


def test_no_open_site_stands_beside_a_confidential_one(owner: FlaskClient, world: World) -> None:
    assert opened(owner, world, beside(0.98)).status_code == 422
    assert opened(owner, world, beside(1.02)).status_code == 201
    near = {"location": {"lat": beside(0.5)[0], "lon": beside(0.5)[1]}}
    assert patch(owner, f"sites/{world['office']}", **near).status_code == 422
    lat, lon = -23.8984, 29.4461
    hidden = {"organisation_id": world["haven"], "confidential": True, "location": {"lat": lat + 0.004, "lon": lon}}
    assert owner.post(f"{API}/sites", json=hidden).status_code == 422


@pytest.mark.parametrize("reader", STRANGERS)
def test_the_refusal_tells_a_stranger_nothing(app: Flask, world: World, reader: str) -> None:
    """Beside the door or far from it: who may not write the organisation's sites is told so, and no more."""
    there = world.client(app, reader)
    creating = [opened(there, world, beside(km)) for km in (0.0, 0.4, 5.0, 60.0)]
    moving = []
    for km in (0.0, 0.4, 5.0, 60.0):
        lat, lon = beside(km)
        moving.append(patch(there, f"sites/{world['office']}", location={"lat": lat, "lon": lon}))

    assert {(one.status_code, one.data) for one in creating} == {(creating[0].status_code, creating[0].data)}
    assert {(one.status_code, one.data) for one in moving} == {(moving[0].status_code, moving[0].data)}
    assert {creating[0].status_code, moving[0].status_code} <= {403, 404}


def test_the_refusal_tells_the_coordinator_of_another_province_nothing(
    app: Flask, engine: Engine, world: World
) -> None:
    there = app.test_client()
    there.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {admit(engine, 'coordinator', province='ZA-GP')}"
    answers = [opened(there, world, beside(km)) for km in (0.0, 0.4, 5.0)]

    assert {one.status_code for one in answers} == {403}
    assert len({one.data for one in answers}) == 1
