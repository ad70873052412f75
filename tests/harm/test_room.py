"""How much room a confidential place has: the figure is the managers' alone, and bands change together at the ticks."""

import itertools
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import Clock
from tests.harm.asks import parties
from tests.harm.dumping import API, MATCHES, WHOLE, Dump, changed, copied, dump
from tests.harm.reading import somebody
from tests.harm.replay import Request, posted
from tests.harm.world import OWNER, World

ROOMS = ("haven_north_beds", "haven_east_beds", "refuge_beds", "farm_beds", "nest_beds")
TICKS = (6, 12, 18, 22)
JOHANNESBURG = ZoneInfo("Africa/Johannesburg")


def say(client: FlaskClient, world: World, room: str, free: int) -> None:
    """A manager says how much room there is."""
    given = {"unit": "bed", "total": 40, "available": free}
    answer = client.put(f"{API}/service-sites/{world[room]}/capacity", json=given)
    assert answer.status_code == 200, answer.text


def bands(client: FlaskClient, world: World) -> list[Any]:
    """What is published of all rooms."""
    answer = client.get(f"{API}/service-sites?page_size=200").json
    assert answer is not None
    found = {one["id"]: one["capacity"] for one in answer["items"]}
    return [found[world[room]] for room in ROOMS]


def seen(app: Flask, world: World) -> Dump:
    """What an attacker reads: lists, changes, matches for parties of every size."""
    requests = [Request("GET", path) for path in WHOLE] + posted(MATCHES, parties())
    return dump(app, world, {"caseworker": requests})


def test_a_new_figure_changes_no_answer_before_the_tick(
    app: Flask, client: FlaskClient, world: World, clock: Clock
) -> None:
    before = seen(app, world)
    for room, free in zip(ROOMS, (0, 40, 7, 1, 0), strict=True):
        say(client, world, room, free)
    assert changed(before, seen(app, world)) == []
    clock.now = datetime(2026, 3, 11, 17, 59, 59, tzinfo=JOHANNESBURG)
    assert [one["band"] for one in bands(client, world)] == ["3+", "1-2", "none", "3+", "3+"]
    clock.now = datetime(2026, 3, 11, 18, 0, tzinfo=JOHANNESBURG)
    assert [one["band"] for one in bands(client, world)] == ["none", "3+", "3+", "1-2", "none"]


@pytest.mark.parametrize(("one", "other"), [(3, 40), (1, 2)])
def test_figures_of_one_band_are_answered_alike_for_ever(
    app: Flask, client: FlaskClient, database: Path, clock: Clock, world: World, one: int, other: int
) -> None:
    """Not even for a party of twenty: matching reads the band."""
    start = clock.now

    def evening(free: int) -> Dump:
        clock.now = start
        for room in ROOMS:
            say(world.client(app, "admin"), world, room, free)
        clock.advance(hours=8)
        return seen(app, world)

    with copied(app, database, clock):
        there = evening(other)
    assert changed(evening(one), there) == []


def test_polling_sees_changes_at_the_ticks_only_and_all_together(
    client: FlaskClient, world: World, clock: Clock
) -> None:
    """Managers write at any time; who asks every twenty minutes learns four times a day, of all places at once."""
    figures, written = itertools.cycle((0, 5, 1, 9, 2, 0, 4)), itertools.cycle(ROOMS)
    before, moved = bands(client, world), dict[datetime, set[str]]()
    for turn in range(72):
        if turn % 2:
            say(client, world, next(written), next(figures))
        clock.advance(minutes=20)
        after = bands(client, world)
        new = {room for room, was, now in zip(ROOMS, before, after, strict=True) if was != now}
        if new:
            moved[clock.now.astimezone(JOHANNESBURG)] = new
        before = after

    assert {at.hour for at in moved} == set(TICKS)
    assert all(at - at.replace(minute=0) < timedelta(minutes=20) for at in moved)
    assert max(len(rooms) for rooms in moved.values()) > 2


def test_an_open_place_is_published_at_once(client: FlaskClient, world: World) -> None:
    """The control: polling does see what is published at once."""
    say(client, world, "shelter_beds", 7)
    answer = client.get(f"{API}/service-sites/{world['shelter_beds']}").json
    assert answer is not None
    assert answer["capacity"]["available"] == 7


@pytest.mark.parametrize("reader", ["coordinator", "provincial coordinator", "admin"])
def test_who_manages_no_place_reads_no_figure_on_the_page_of_room(
    app: Flask, client: FlaskClient, world: World, clock: Clock, reader: str
) -> None:
    say(client, world, "haven_north_beds", 29)
    say(client, world, "shelter_beds", 31)
    told = {who: somebody(app, world, clock, who).read("/capacity").text for who in (reader, OWNER)}

    assert ("29 of 40" in told[reader], "31 of 40" in told[reader]) == (False, True)
    assert "29 of 40" in told[OWNER]
