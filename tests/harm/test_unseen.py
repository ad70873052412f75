"""What somebody may not know of is answered like what is not there, when it is written about too."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from directory.permissions import Role
from tests.conftest import admit
from tests.harm.asking import API, get, patch
from tests.harm.world import World
from tests.web.records import make

NOBODY = "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7a01"
POLICE = "police desk"


def answered(answer: TestResponse, said: str) -> tuple[int, str]:
    """An answer without the id that was sent."""
    return answer.status_code, answer.text.replace(said, "<id>")


@pytest.mark.parametrize("name", ["haven", "refuge", "hostel"])
def test_a_shelter_outside_ones_duty_is_no_end_of_a_link(app: Flask, world: World, name: str) -> None:
    there = world.client(app, POLICE)

    def linked(one: str) -> tuple[int, str]:
        ends = {"a": {"type": "department", "id": world["desk"]}, "b": {"type": "organisation", "id": one}}
        return answered(there.post(f"{API}/links", json={**ends, "link_types": ["referral_sent"]}), one)

    assert linked(world[name]) == linked(NOBODY)
    assert linked(NOBODY)[0] == 422
    assert linked(world["ngo"])[0] == 201


def test_nor_is_a_concern_raised_about_it(app: Flask, world: World) -> None:
    def raised(reader: str, one: str) -> tuple[int, str]:
        body = {"about": {"type": "organisation", "id": one}, "code": "abuse"}
        return answered(world.client(app, reader).post(f"{API}/concerns", json=body), one)

    assert raised(POLICE, world["haven"]) == raised(POLICE, NOBODY)
    assert raised(POLICE, world["ngo"])[0] == 201
    assert raised("social worker", world["haven"])[0] == raised("auditor", world["haven"])[0] == 201


@pytest.mark.parametrize("given", ["haven_worker", "haven_post"])
def test_nor_is_anybody_of_it_referred_to(app: Flask, world: World, given: str) -> None:
    there, field = world.client(app, POLICE), "person_id" if given.endswith("worker") else "post_id"
    own = {"person_id": world["saps_worker"], "post_id": world["saps_post"]}

    def held(one: str) -> tuple[int, str]:
        return answered(there.post(f"{API}/focal-points", json={**own, field: one}), one)

    assert held(world[given]) == held(NOBODY)


def test_what_a_record_refers_to_already_may_stay(app: Flask, client: FlaskClient, world: World) -> None:
    """An array is replaced whole: who adds a line sends the restricted one of the other end again."""
    known = make(client, "channels", owner={"type": "organisation", "id": world["ngo"]}, visibility="restricted")["id"]
    own: list[dict[str, Any]] = [{"end": "b", "channel_id": world["hostel_line"]}]
    kept = [{"end": "a", "channel_id": known}]
    manager = world.client(app, "manager of another shelter")
    link = f"links/{world['ngo_hostel']}"

    assert patch(manager, link, channels=kept).status_code == 422
    assert patch(client, link, channels=kept).status_code == 200
    assert patch(manager, link, channels=[*kept, *own]).status_code == 200


@pytest.mark.parametrize("role", ["unit_manager", "partner_manager"])
def test_nor_does_a_task_name_it(app: Flask, client: FlaskClient, engine: Engine, world: World, role: Role) -> None:
    """A task is kept, and was made of links that its owner may not know of."""
    for name in ("haven", "hostel", "ngo"):
        ends = {"a": {"type": "organisation", "id": world[name]}, "b": {"type": "department", "id": world["hawks"]}}
        make(client, "links", link_types=["referral_sent"], **ends)
    whole = get(world.client(app, "coordinator"), "network/actions?page_size=200")["items"]
    acts_for = {"department_id": world["hawks"]} if role == "unit_manager" else {}
    keys = {**world.keys, "hawks": admit(engine, role, organisation_id=world["saps"], **acts_for)}
    hawks = World(world.ids, keys).client(app, "hawks")
    theirs = get(hawks, "network/actions?page_size=200")["items"]
    unknown = [one for one in whole if one["owner"] and one["owner"]["id"] == world["hawks"] and one not in theirs]

    assert len(unknown) == 2
    assert [one["reason"] for one in theirs if "Haven" in one["reason"] or "Hostel" in one["reason"]] == []
    assert [one["reason"].partition(":")[0] for one in theirs] == [
        "Police provincial, Police Service, on the link with Night Line"
    ]
    found = [hawks.get(f"{API}/network/actions/{one['id']}").status_code for one in unknown]
    assert found == [404, 404]


def test_nor_is_it_counted_where_places_are_scarce(app: Flask, client: FlaskClient, world: World) -> None:
    """The guard says that somebody is the only one who takes a wheelchair: to who knows of nobody else."""

    def beds(owner: str, site: str) -> None:
        given = {"codes": ["shelter_emergency"], "eligibility": {"sex_gender": "female", "step_free": "yes"}}
        made = make(client, "services", organisation_id=world[owner], name="Step-free beds", **given)
        make(client, "service_sites", service_id=made["id"], site_id=world[site])

    def penalties(reader: str) -> list[Any]:
        need = {"near": {"place": "Polokwane"}, "needs": ["shelter_emergency"], "limit": 50}
        asked = {**need, "profile": {"step_free": False}}
        answer = world.client(app, reader).post(f"{API}/matches", json=asked).json or {}
        found = [one for name in ("suitable", "confirm_by_phone") for one in answer["by_need"][0][name]]
        return [one["penalties"] for one in found if one["organisation"]["name"] == "Night Line"]

    beds("ngo", "rest")
    before = {reader: penalties(reader) for reader in (POLICE, "caseworker")}
    beds("refuge", "refuge_house")
    after = {reader: penalties(reader) for reader in (POLICE, "caseworker")}

    assert before[POLICE] == after[POLICE] == before["caseworker"] != after["caseworker"]
    assert "the only partner" in before[POLICE][0][0]["reason"]
