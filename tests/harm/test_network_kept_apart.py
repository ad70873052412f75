"""What the network report says of confidential organisations: no link to a station or district, to nobody."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from tests.harm.asking import API
from tests.harm.world import World

OWN, NEARBY = ("haven", "haven_unit"), ("station", "desk")
HIDDEN = ("haven_station", "haven_desk", "haven_unit_station")


def small(value: Any) -> Iterator[str]:
    """Each object that holds no other but flat ones, as text: what is said in one breath."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    nested = [one for one in inner if isinstance(one, dict | list)]
    if isinstance(value, dict) and not any(isinstance(one, list) and one for one in nested):
        yield json.dumps(value)
    for one in nested:
        yield from small(one)


@pytest.mark.parametrize("reader", ["admin", "coordinator", "provincial coordinator"])
def test_links_to_stations_are_in_no_report(app: Flask, world: World, reader: str) -> None:
    there = world.client(app, reader)
    document = there.get("/openapi.json").json or {}
    paths = [path for path in document["paths"] if path.startswith(f"{API}/network") and "{" not in path]
    told = {path: there.get(path).text for path in paths if "get" in document["paths"][path]}

    assert len(told) > 2
    assert [(path, name) for path, text in told.items() for name in HIDDEN if world[name] in text] == []
    said = [text for whole in told.values() if whole.startswith("{") for text in small(json.loads(whole))]
    both = [one for one in said if any(world[a] in one and world[b] in one for a in OWN for b in NEARBY)]
    assert both == []
    assert any(world["haven_dsd"] in text for text in told.values())
