"""Records that become one, and organisations that follow each other, tell nobody a place and clear nobody."""

from collections.abc import Callable, Mapping, Sequence
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import Clock
from tests.harm.asking import API, get, patch, phone
from tests.harm.asks import parties
from tests.harm.dumping import MATCHES, Dump, changed, copied, dump, everything, gist, restarted
from tests.harm.moving import move_all
from tests.harm.places import HIDEOUTS
from tests.harm.replay import Request, posted
from tests.harm.test_probing import plain
from tests.harm.world import NPO_NUMBERS, World
from tests.web.records import make, post

ANY = {"If-Match": "*"}
PROBED = ("hostel", "haven", "refuge", "guest", "ngo")
KEPT_APART = {"npo_number", "province", "district", "website", "parent_id"}


def merged(client: FlaskClient, survivor: str, absorbed: str) -> TestResponse:
    """The answer to making two organisations one."""
    body = {"organisation_id": absorbed, "version": get(client, f"organisations/{absorbed}")["version"]}
    return client.post(f"{API}/organisations/{survivor}/merges", json=body, headers=ANY)


def followed(client: FlaskClient, owner: str, *successors: str, **given: Any) -> TestResponse:
    """The answer to letting organisations follow another."""
    kind = "renamed" if len(successors) == 1 else "split"
    body = {"kind": kind, "successors": list(successors), **given}
    return client.post(f"{API}/organisations/{owner}/successions", json=body, headers=ANY)


JOINED: Mapping[str, Callable[[FlaskClient, World], TestResponse]] = {
    "absorbed by it": lambda client, world: merged(client, world["haven"], world["guest"]),
    "absorbing it": lambda client, world: merged(client, world["guest"], world["haven"]),
    "following it": lambda client, world: followed(client, world["haven"], world["guest"]),
}


@pytest.mark.parametrize("how", list(JOINED))
def test_who_is_confidential_already_is_cleared_for_nobody_else_by_a_merge(app: Flask, world: World, how: str) -> None:
    """A guest hides no place of its own, and any coordinator makes one: its manager stays out until let in."""
    guest, coordinator = world.client(app, "manager of a guest"), world.client(app, "coordinator")
    assert JOINED[how](coordinator, world).status_code == 201
    read = guest.get(f"{API}/organisations/{world['haven']}")

    assert NPO_NUMBERS["haven"] not in read.text
    assert read.status_code == 401


def hide(client: FlaskClient, organisation: str) -> None:
    """Give an organisation its first confidential place."""
    at = dict(HIDEOUTS["nest_house"].home.written())
    make(client, "sites", organisation_id=organisation, confidential=True, location=at)


@pytest.mark.parametrize("join", [merged, lambda client, new, old: followed(client, old, new)], ids=["one", "follows"])
def test_who_goes_into_hiding_later_takes_what_it_was_along(
    app: Flask, client: FlaskClient, world: World, join: Any
) -> None:
    """The record that it was says its town still, and that it is the same."""
    given = {"province": "ZA-LP", "district": "DC34", "website": "https://old.example/musina", "npo_number": "1-2"}
    first, old, new = (make(client, "organisations", name=one, **given)["id"] for one in ("First", "Old", "New"))
    at = {"address": "1 Open Road", "lat": -24.19, "lon": 29.01}
    site = make(client, "sites", organisation_id=first, confidential=False, location=at)["id"]
    assert join(client, old, first).status_code == join(client, new, old).status_code == 201
    client.delete(f"{API}/sites/{site}", headers=ANY)
    assert get(client, f"sites/{site}")["address"]
    hide(client, new)

    reader = world.client(app, "caseworker")
    for one in (first, old, new):
        assert not get(reader, f"organisations/{one}").keys() & KEPT_APART, one
    assert get(reader, f"sites/{site}")["address"] is None


def test_it_is_told_that_somebody_went_into_hiding(client: FlaskClient) -> None:
    """Whoever keeps a copy has to forget its number and its town."""
    given = {"province": "ZA-LP", "district": "DC34", "npo_number": "1-2"}
    new = make(client, "organisations", name="New", **given)["id"]
    before = get(client, "changes?after=0&limit=1")["revision"]
    hide(client, new)
    told = [one["record"] for one in get(client, f"changes?after={before}")["items"] if one["id"] == new]

    assert [one.keys() & KEPT_APART for one in told] == [set()]
    assert told[0]["version"] == 2


def test_no_guest_with_a_landline_is_listed_at_a_confidential_place(client: FlaskClient, world: World) -> None:
    for landline, status in ((True, 422), (False, 201)):
        guest = make(client, "organisations", name="Guest")["id"]
        service = make(client, "services", organisation_id=guest)["id"]
        if landline:
            make(client, "channels", **phone("organisation", guest))
        given = {"service_id": service, "site_id": world["haven_east"]}
        assert post(client, "service_sites", **given).status_code == status


def test_nor_does_one_take_over_a_service_there(client: FlaskClient, world: World) -> None:
    guest = make(client, "organisations", name="Guest", npo_number="1-2")["id"]
    line = make(client, "channels", **phone("organisation", guest))["id"]
    before = get(client, "changes?after=0&limit=1")["revision"]
    taken = f"services/{world['haven_shelter']}"
    assert patch(client, taken, organisation_id=guest).status_code == 422
    client.delete(f"{API}/channels/{line}", headers=ANY)
    assert patch(client, taken, organisation_id=guest).status_code == 200
    told = [one["record"] for one in get(client, f"changes?after={before}")["items"] if one["id"] == guest]

    assert ["npo_number" in one for one in told] == [False]


def hosted(app: Flask, world: World) -> None:
    """An open organisation, verified on a day that is known, becomes a guest at a confidential place."""
    client = world.client(app, "admin")
    told = {"method": "phone", "outcome": "confirmed", "verified_at": "2026-03-10T11:00:00+02:00"}
    for name in ("hostel", "hostel_shelter", "shelter_beds", "rest_talk", "ngo"):
        path = {"hostel": "organisations", "ngo": "organisations", "hostel_shelter": "services"}.get(
            name, "service-sites"
        )
        assert client.post(f"{API}/{path}/{world[name]}/verifications", json=told).status_code == 201
    assert asked(app, world, ["caseworker"])
    make(client, "service_sites", service_id=world["hostel_shelter"], site_id=world["refuge_house"])


LATER: Mapping[str, Callable[[Flask, World], object]] = {
    "hosted": hosted,
    "merged": lambda app, world: merged(world.client(app, "coordinator"), world["ngo"], world["hostel"]),
    "hidden by a merge": lambda app, world: merged(world.client(app, "coordinator"), world["ngo"], world["nest"]),
    "followed": lambda app, world: followed(world.client(app, "coordinator"), world["hostel"], world["ngo"]),
    "split": lambda app, world: followed(world.client(app, "coordinator"), world["health"], world["ngo"], world["dsd"]),
}


def asked(app: Flask, world: World, readers: Sequence[str]) -> Dump:
    """Matches of every party, and the queue."""
    requests = [*posted(MATCHES, parties()), Request("GET", f"{API}/verification-queue?page_size=200")]
    return dump(app, world, dict.fromkeys(readers, requests))


@pytest.mark.parametrize("how", list(LATER))
def test_a_process_that_goes_on_answers_as_one_that_begins(
    app: Flask, database: Path, clock: Clock, world: World, how: str
) -> None:
    readers = ("caseworker", "coordinator", "police desk")
    before = asked(app, world, readers)
    LATER[how](app, world)
    after = asked(app, world, readers)
    assert changed(before, after) != []

    with restarted(app, database, clock):
        assert changed(after, asked(app, world, readers)) == []


def test_nothing_leaves_a_suspended_unit_by_another_name(app: Flask, client: FlaskClient, world: World) -> None:
    """A suspension is lifted by a coordinator, with a code, and by nothing else."""
    old, new = (make(client, "organisations", name=one)["id"] for one in ("Old", "New"))
    unit = make(client, "departments", organisation_id=old)["id"]
    service = make(client, "services", organisation_id=old, department_id=unit)["id"]
    path = f"{API}/departments/{unit}/suspensions"
    assert world.client(app, "coordinator").post(path, json={"code": "safeguarding"}).status_code == 201
    moves = [{"type": "service", "id": service, "successor_id": new}]

    assert followed(client, old, new, moves=moves).status_code == 409
    listed = get(client, "services?page_size=200")["items"]
    assert service not in [one["id"] for one in listed]


def test_nobody_stands_below_themselves_after_a_succession(client: FlaskClient) -> None:
    old = make(client, "organisations", name="Old")["id"]
    child = make(client, "organisations", name="Child", parent_id=old)["id"]
    new = make(client, "organisations", name="New", parent_id=child)["id"]
    assert followed(client, old, new).status_code == 201

    above = {one: get(client, f"organisations/{one}")["parent_id"] for one in (child, new)}
    assert above == {child: new, new: None}


def test_nobody_leaves_before_having_come(client: FlaskClient) -> None:
    """A succession on a day long past; what is kept so could not be loaded again."""
    old, new = (make(client, "organisations", name=one)["id"] for one in ("Old", "New"))
    post = make(client, "posts", organisation_id=old)["id"]
    holds = make(client, "focal_points", post_id=post, starts="2026-02-01")["id"]
    assert followed(client, old, new, on="2020-01-01", moves=[]).status_code == 201
    read = get(client, f"focal-points/{holds}")

    assert (read["status"], read["ends"]) == ("closed", "2026-02-01")


def joined(app: Flask, world: World, who: str) -> list[tuple[int, str]]:
    """Everything that joins organisations with confidential ones, and what is answered."""
    there = world.client(app, who)
    answers = [merged(there, world[one], world[other]) for one, other in permutations(PROBED, 2)]
    answers += [followed(there, world[one], world[other]) for one, other in permutations(PROBED, 2)]
    return [(one.status_code, plain(one.text)) for one in answers]


@pytest.mark.parametrize("who", ["coordinator", "provincial coordinator"])
def test_no_answer_to_a_merge_or_succession_depends_on_where_a_place_is(
    app: Flask, client: FlaskClient, database: Path, clock: Clock, world: World, who: str
) -> None:
    """And nothing that is read afterwards does."""
    read = dict.fromkeys(
        ("caseworker", "coordinator", "manager of another shelter"), gist(everything(client, world, 1, 2))
    )
    with copied(app, database, clock):
        move_all(client, world, lambda hideout: hideout.twin)
        there = joined(app, world, who)
        seen = dump(app, world, read)

    here = joined(app, world, who)
    assert here == there
    assert {status for status, _ in here} >= {201, 422}
    assert changed(dump(app, world, read), seen) == []
