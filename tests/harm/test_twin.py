"""The twin test: move the confidential places inside their areas, and nothing that anybody reads is different.

What is read after the move is read by another process: a move takes no revision, so that the first one would answer
matches from what it remembers.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import Clock
from tests.harm.dumping import (
    API,
    EXPLANATIONS,
    MATCHES,
    Dump,
    changed,
    copied,
    dump,
    everything,
    gist,
    restarted,
    shared,
    told,
)
from tests.harm.moving import move, move_all
from tests.harm.places import Location
from tests.harm.replay import Request
from tests.harm.world import World

KINDS: Mapping[str, Callable[[Request], bool]] = {
    "a list by distance": lambda one: "sort=distance" in one.path,
    "a list within a radius": lambda one: "max_km" in one.path,
    "a record": lambda one: one.path.startswith(f"{API}/sites/"),
    "a location": lambda one: one.path.startswith("/hsds/v3/service_at_locations/"),
    "the changes": lambda one: one.path.startswith(f"{API}/changes"),
    "the revision": lambda one: one.path == f"{API}/",
    "a match by score": lambda one: '"score"' in one.body,
    "a match by distance": lambda one: '"nearest"' in one.body,
    "a match within a radius": lambda one: one.path == MATCHES and "max_km" in one.body,
    "a match that avoids a circle": lambda one: one.path == MATCHES and "radius_km" in one.body,
    "an explanation": lambda one: one.path == EXPLANATIONS,
}
"""Ways of asking that could tell where a place is."""

PARTS = 3
VERIFIED = {"method": "phone", "outcome": "confirmed", "verified_at": "2026-03-11T11:00:00+02:00"}


@pytest.mark.parametrize("part", range(PARTS))
def test_a_move_inside_the_area_changes_no_answer(
    app: Flask, client: FlaskClient, database: Path, clock: Clock, world: World, part: int
) -> None:
    """Every request is asked by one reader, the gist by all; the parts are groups of readers."""
    whole = shared(world, everything(client, world, 2, 3))
    asked = {reader: whole[reader] for reader in world.readers[part::PARTS]}
    before = dump(app, world, asked)
    move_all(client, world, lambda hideout: hideout.twin)

    with restarted(app, database, clock):
        assert changed(before, dump(app, world, asked)) == []
    assert told(before, ["disclosure"]) == []


@pytest.mark.long
def test_a_move_inside_the_area_changes_no_answer_to_anybody(
    app: Flask, client: FlaskClient, database: Path, clock: Clock, world: World
) -> None:
    asked = dict.fromkeys(world.readers, everything(client, world, 4, 12))
    before = dump(app, world, asked)
    move_all(client, world, lambda hideout: hideout.twin)

    with restarted(app, database, clock):
        assert changed(before, dump(app, world, asked)) == []


@pytest.mark.long
def test_a_move_inside_the_area_changes_no_measurement(
    app: Flask, client: FlaskClient, database: Path, clock: Clock, world: World
) -> None:
    asked = {"caseworker": everything(client, world, 30, 60)}
    before = dump(app, world, asked)
    move_all(client, world, lambda hideout: hideout.twin)

    with restarted(app, database, clock):
        assert changed(before, dump(app, world, asked)) == []


def test_the_mover_itself_is_answered_alike(client: FlaskClient, world: World) -> None:
    """The answer to the change names the area and nothing finer, wherever the place went."""
    answers = []
    for lat, lon in ((-23.3412, 29.2873), (-22.7134, 29.1467), (-23.0441, 29.9031)):
        answer = move(client, world["haven_north"], Location("1 Robin Court", "Alldays", lat, lon))
        answers.append((answer.status_code, sorted(answer.headers), answer.data))

    assert answers == [answers[0]] * 3


def test_what_is_written_afterwards_is_answered_alike(
    app: Flask, client: FlaskClient, database: Path, clock: Clock, world: World
) -> None:
    """Of two worlds one has moved; both live on, and nobody can tell which is which."""
    asked = dict.fromkeys(("caseworker", "coordinator"), gist(everything(client, world, 1, 2)))

    def live_on() -> Dump:
        here = world.client(app, "admin")
        for name in ("haven_north_beds", "refuge_beds", "clinic_care"):
            said = here.post(f"{API}/service-sites/{world[name]}/verifications", json=VERIFIED)
            assert said.status_code == 201
        for path in (f"organisations/{world['haven']}", f"sites/{world['haven_north']}"):
            said = here.patch(f"{API}/{path}", json={"source": "a visit"}, headers={"If-Match": "*"})
            assert said.status_code == 200
        return dump(app, world, asked)

    with copied(app, database, clock):
        move_all(world.client(app, "admin"), world, lambda hideout: hideout.twin)
        moved = live_on()

    assert changed(live_on(), moved) == []


def test_a_move_to_another_area_is_seen(app: Flask, client: FlaskClient, world: World) -> None:
    """The control: the tests above can fail."""
    asked = dict.fromkeys(("admin", "app", "caseworker"), gist(everything(client, world, 1, 2)))
    before = dump(app, world, asked)
    move_all(client, world, lambda hideout: hideout.away)
    after = dump(app, world, asked)

    listed, revision = Request("GET", f"{API}/sites?status=any"), Request("GET", f"{API}/changes?limit=1000")
    assert [name for name in asked if before[name, listed] == after[name, listed]] == []
    first, last = (json.loads(answers["admin", revision].body)["revision"] for answers in (before, after))
    assert first < last


def test_every_way_of_asking_sees_an_open_site_move(app: Flask, client: FlaskClient, world: World) -> None:
    """The finer control: each kind of request does depend on where a place is, where it may."""
    requests = everything(client, world, 1, 4)
    those = [[one for one in requests if belongs(one)] for belongs in KINDS.values()]
    asked = {"caseworker": list(dict.fromkeys(one for each in those for one in each[:: 1 + len(each) // 24]))}
    before = dump(app, world, asked)
    for name, (lat, lon) in {"shelter": (-24.0127, 29.3307), "rest": (-23.2713, 30.6512)}.items():
        move(client, world[name], Location("2 Open Road", "Seen", lat, lon))
    after = dump(app, world, asked)

    seen = [one for who, one in before if before[who, one] != after[who, one]]
    assert [kind for kind, belongs in KINDS.items() if not any(belongs(one) for one in seen)] == []


def test_the_readers_are_who_they_are(app: Flask, owner: FlaskClient, world: World) -> None:
    """Each reads what its role may, so that the readers of the twin test are different ones."""
    path = f"{API}/organisations/{world['haven']}"
    answered = {name: world.client(app, name).get(path) for name in world.readers}

    assert {name for name, one in answered.items() if one.status_code == 200} == {
        "admin",
        "caseworker",
        "app",
        "coordinator",
        "provincial coordinator",
        "manager of another shelter",
        "manager of a guest",
        "social worker",
        "disclosure",
    }
    seen = {name for name, one in answered.items() if "npo_number" in (one.json or {})}
    assert (seen, "npo_number" in (owner.get(path).json or {})) == ({"disclosure"}, True)
