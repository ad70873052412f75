"""All that is answered and logged is searched for the address, its coordinates, register numbers and towns."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from tests.harm.asking import API, patch
from tests.harm.dumping import dump, everything, gist, told
from tests.harm.moving import move_all
from tests.harm.places import HIDEOUTS
from tests.harm.replay import Request, posted, replay
from tests.harm.secrets import DOORS, NUMBERS, found
from tests.harm.world import OWNER, World
from tests.web.records import make

CLEARED = ("disclosure", OWNER)
"""Who may read register numbers; a true location nobody may."""


def bad_requests(world: World) -> Iterator[Request]:
    """Requests that go wrong in every way: what is refused may say why, and no more."""
    site, room = f"{API}/sites/{world['haven_north']}", f"{API}/service-sites/{world['haven_north_beds']}"
    any_version, stale = (("If-Match", "*"),), (("If-Match", '"x.99"'),)
    for headers in (any_version, stale, ()):
        for body in ("{", "[]", '{"location": {"lat": 95}}', '{"location": {"lat": -1, "lon": 2}}', '{"lat": 1}'):
            yield Request("PATCH", site, body, headers)
        yield Request("DELETE", site, "", stale)
    near = {"lat": -23.05, "lon": 29.9}
    for confidential in (True, False, None):
        given: dict[str, Any] = {"organisation_id": world["haven"], "confidential": confidential, "location": near}
        yield from posted(f"{API}/sites", [given, {**given, "name": "Musina"}, {**given, "location": None}])
    yield from posted(f"{site}/verifications", [{"method": "phone"}, {"method": "phone", "outcome": "wrong", "x": 1}])
    yield from posted(f"{site}/location-disclosures", [{}, {"purpose": "transport"}, {"purpose": "curiosity"}])
    yield Request("PUT", f"{room}/capacity", '{"unit": "bed", "total": 1, "available": 2}')
    for query in ("near=1", "near=-23.05,29.9&max_km=-1", "sort=distance", "q=" + "x" * 201, "page=0", "status=gone"):
        yield Request("GET", f"{API}/sites?{query}")
    matches = [
        {},
        {"near": {"place": "Nowhere"}, "needs": ["counselling"]},
        {"near": {"district": "DC34"}, "needs": []},
    ]
    yield from posted(f"{API}/matches", matches)


def searched(app: Flask, world: World, reader: str, requests: Sequence[Request]) -> list[str]:
    """The requests of a reader whose answers tell a secret, with what they tell."""
    return told(dump(app, world, {reader: requests}), CLEARED)


def test_no_answer_tells(
    app: Flask, client: FlaskClient, world: World, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Not after places have moved to other areas and inside them; as the world is, the twin test looks."""
    move_all(client, world, lambda hideout: hideout.away)
    for name in ("refuge_house", "haven_east"):
        patch(client, f"sites/{world[name]}", location=dict(HIDEOUTS[name].twin.written()))
    requests = gist(everything(client, world, 1, 2))

    assert told(dump(app, world, dict.fromkeys(world.readers, requests)), CLEARED) == []
    assert found("".join(capfd.readouterr()) + caplog.text, [*DOORS, *NUMBERS]) == []


@pytest.mark.long
def test_no_answer_tells_anybody(app: Flask, client: FlaskClient, world: World) -> None:
    requests = everything(client, world, 2, 4)

    assert [said for reader in world.readers for said in searched(app, world, reader, requests)] == []


@pytest.mark.parametrize("reader", ["admin", "manager of another shelter", "caseworker", "social worker", OWNER])
def test_no_refusal_tells(app: Flask, world: World, reader: str, capfd: pytest.CaptureFixture[str]) -> None:
    requests = list(bad_requests(world))
    said = searched(app, world, reader, requests)
    first = replay(world.client(app, reader), requests)

    assert said == []
    assert {answer.status for answer in first.values()} & {403, 412, 422}
    assert found("".join(capfd.readouterr()), [*DOORS, *NUMBERS]) == []


def test_a_broken_database_tells_nothing(
    client: FlaskClient, engine: Engine, world: World, capfd: pytest.CaptureFixture[str]
) -> None:
    """A database's error carries the values of its statement: neither the answer nor the log repeats them."""
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE site_secret RENAME COLUMN address TO gone")
    answer = patch(client, f"sites/{world['haven_north']}", location=dict(HIDEOUTS["haven_north"].twin.written()))
    logged = "".join(capfd.readouterr())

    assert answer.status_code == 500
    assert found(answer.text + repr(answer.headers) + logged, DOORS) == []
    assert '"error"' in logged


def test_the_search_finds(app: Flask, client: FlaskClient, world: World) -> None:
    """The control: an open organisation's address and number are found where they are read."""
    lat, lon = HIDEOUTS["haven_north"].twin.point
    location = {"address": "4 Honeyguide Rise, Alldays", "lat": lat, "lon": lon}
    made = make(client, "sites", organisation_id=world["hostel"], confidential=False, location=location)
    patch(client, f"organisations/{world['hostel']}", npo_number="NPO 271-828")
    requests = [
        Request("GET", f"{API}/{path}") for path in ("organisations", "sites", "changes", f"sites/{made['id']}")
    ]

    answers = dump(app, world, {"caseworker": requests}).values()
    said = [found(answer.body.decode(), [*DOORS, *NUMBERS]) for answer in answers]
    assert said[1] == said[3] == ["-22.713", "29.146", "Alldays", "Honeyguide Rise"]
    assert said[0] == ["NPO 271-828"]
