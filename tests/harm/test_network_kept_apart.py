"""What the network report says of confidential organisations: no link to a station or district, to nobody."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.harm.asking import API, get, patch
from tests.harm.world import World
from tests.web.records import make

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


@pytest.mark.parametrize("reader", ["coordinator", "provincial coordinator"])
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


@pytest.mark.parametrize("reader", ["admin", "coordinator", "provincial coordinator"])
def test_no_handover_tells_of_them(
    app: Flask, client: FlaskClient, owner: FlaskClient, world: World, reader: str
) -> None:
    """Whoever hands a station's post over is told its links, and how much hangs on it: but for those."""
    unit = {"organisation_id": world["saps"], "department_id": world["station"]}
    post = make(client, "posts", title="Desk", functions=[], **unit)["id"]
    person = make(client, "persons", full_name="Example Officer", languages=["eng"])["id"]
    seated = make(client, "focal_points", post_id=post, person_id=person)["id"]
    ends = {"a": {"type": "organisation", "id": world["ngo"]}, "b": {"type": "department", "id": world["station"]}}
    carrier = {"end": "b", "focal_point_id": seated, "link_types": ["referral_sent"]}
    known = [make(client, "links", link_types=["referral_sent"], carriers=[carrier], **ends)["id"] for _ in range(2)]
    for name in HIDDEN[:1]:
        assert patch(owner, f"links/{world[name]}", carriers=[carrier]).status_code == 200
    there = world.client(app, reader)
    first, again = (
        there.post(f"{API}/posts/{post}/handovers", json={}, headers={"Idempotency-Key": "a-key-of-mine"}).json or {}
        for _ in range(2)
    )

    assert first == again
    assert first["links"] == sorted(known)
    tasks = get(there, "network/actions?page_size=200")["items"]
    assert [one["size"] for one in tasks if one["subject"] == post] == [2]
