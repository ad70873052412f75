"""Files and lists that take much at once depend on nothing that their reader may not read, whatever it is."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from directory.models.organisation import Organisation
from directory.models.service import Service, ServiceSite
from directory.models.site import Site
from directory.services.catalogue import COLLECTIONS
from tests.conftest import Clock
from tests.harm.dumping import API, Dump, changed, copied, dump, restarted
from tests.harm.moving import move, move_all
from tests.harm.places import Location
from tests.harm.replay import Request
from tests.harm.test_room import ROOMS, say
from tests.harm.world import World
from tests.unpacked import unpacked

HSDS = "/hsds/v3"
HIDDEN = ("haven", "refuge", "nest")
"""Confidential organisations of which no reader is one."""

CLEARED = f"disclosure: Request(method='GET', path='{HSDS}/"
"""Cleared for the day, as in lists; in no file."""


def requests(world: World) -> list[Request]:
    """All that is new and takes many records at once, or follows from many."""
    paths = [f"{API}/exports", *(f"{API}/exports/{one}" for one in ("csv", "xlsx", "hsds"))]
    paths += [f"{API}/exports/csv?collection={one.path}" for one in COLLECTIONS.values()]
    paths += [f"{HSDS}/{one}?full=true" for one in ("services", "service_at_locations", "organizations")]
    paths += [f"{HSDS}/{one}?modified_after=2026-03-11T09:20:00Z" for one in ("services", "service_at_locations")]
    paths += [f"{HSDS}/services?minimal=true", f"{HSDS}/organizations?search=umusa&full=true"]
    paths += [f"{HSDS}/organizations/{world[one]}?full_service=true" for one in HIDDEN]
    paths += [f"{API}/organisations/{world[one]}/successions" for one in HIDDEN]
    queue = ("", "?stale=true", "?stale=false", "?province=ZA-LP", "?district=DC34", "?collection=service-sites")
    paths += [f"{API}/verification-queue{one}" for one in queue]
    paths += [f"{API}/duplicates{one}" for one in ("", "?min_score=0.5", "?province=ZA-LP", "?collection=sites")]
    return [Request("GET", path) for path in paths]


def verified(app: Flask, world: World, day: int, those: Sequence[str]) -> None:
    """All that belongs to some organisations was confirmed on a day."""
    ids = [world[one] for one in those]
    at = {"verified_at": datetime(2026, 3, day, 7, 30, tzinfo=UTC)}
    services = select(Service.id).where(Service.organisation_id.in_(ids))
    engine = app.extensions["registry"].engine
    with engine.connect().execution_options(registry_write=True) as connection, connection.begin():
        connection.execute(update(Organisation).where(Organisation.id.in_(ids)).values(**at))
        connection.execute(update(ServiceSite).where(ServiceSite.service_id.in_(services)).values(**at))
        for model in (Site, Service):
            connection.execute(update(model).where(model.organisation_id.in_(ids)).values(**at))


def moved(app: Flask, world: World, other: bool) -> None:
    """An open place is elsewhere."""
    if other:
        move(world.client(app, "admin"), world["shelter"], Location("2 Open Road", "Seen", -24.0127, 29.3307))


def filled(app: Flask, world: World, free: Mapping[str, int]) -> None:
    """How much room there is."""
    for room, beds in free.items():
        say(world.client(app, "admin"), world, room, beds)


ALL = "all at once"
Secret = Callable[[Flask, World, bool], None]
SECRETS: Mapping[str, Secret] = {
    "the place": lambda app, world, other: (
        move_all(world.client(app, "admin"), world, lambda hideout: hideout.twin) if other else None
    ),
    "the room": lambda app, world, other: filled(app, world, dict.fromkeys(ROOMS, 7 if other else 1)),
    "the day": lambda app, world, other: verified(app, world, 9 if other else 4, HIDDEN),
}


def renamed(app: Flask, world: World, other: bool) -> None:
    """Shelters are called otherwise, and so is what they offer; one of them is suspended."""
    there = world.client(app, "coordinator")
    path = f"organisations/{world['hostel']}/suspensions"
    assert there.post(f"{API}/{path}", json={"code": "safeguarding"}).status_code == 201
    called = "Umusa Refuge" if other else "Amber House"
    for path in ("organisations/{hostel}", "services/{hostel_shelter}", "organisations/{refuge}"):
        answer = there.patch(f"{API}/{path.format_map(world.ids)}", json={"name": called}, headers={"If-Match": "*"})
        assert answer.status_code == 200, answer.text


OPEN: Mapping[str, Secret] = {
    "the place": moved,
    "the room": lambda app, world, other: filled(app, world, {"shelter_beds": 7 if other else 1}),
    "the day": lambda app, world, other: verified(app, world, 9 if other else 4, ["hostel"]),
}


@pytest.fixture
def read(app: Flask, database: Path, clock: Clock, world: World) -> Callable[[Secret], Iterator[Dump]]:
    """What is read of two worlds, between which a secret differs."""
    asked = dict.fromkeys(world.readers, requests(world))

    def both(secret: Secret) -> Iterator[Dump]:
        for other in (True, False):
            with copied(app, database, clock):
                secret(app, world, other)
                with restarted(app, database.with_name("twin.sqlite3"), clock):
                    yield dump(app, world, asked)

    return both


def together(those: Mapping[str, Secret]) -> Secret:
    """All of them at once."""

    def differ(app: Flask, world: World, other: bool) -> None:
        for one in those.values():
            one(app, world, other)

    return differ


EACH = [ALL, *(pytest.param(one, marks=pytest.mark.long) for one in SECRETS)]


@pytest.mark.parametrize("secret", EACH)
def test_no_copy_tells_what_is_secret(read: Callable[[Secret], Iterator[Dump]], secret: str) -> None:
    there, here = read(SECRETS.get(secret) or together(SECRETS))
    dated = secret in (ALL, "the day")

    assert [one for one in changed(there, here) if not (dated and one.startswith(CLEARED))] == []
    assert {one.status for one in here.values()} >= {200, 401, 403}


@pytest.mark.parametrize("secret", EACH)
def test_a_copy_tells_what_is_open(read: Callable[[Secret], Iterator[Dump]], secret: str) -> None:
    """The control: files, lists and the queue do tell of an open organisation what is secret of the others."""
    there, here = read(OPEN.get(secret) or together(OPEN))
    told = {one.path.partition("?")[0] for who, one in there if there[who, one] != here[who, one]}

    assert told >= {f"{API}/exports/csv", f"{API}/exports/xlsx", f"{API}/exports/hsds", f"{HSDS}/services"}


def test_no_copy_tells_of_who_is_suspended_or_hidden_from_its_reader(
    read: Callable[[Secret], Iterator[Dump]], world: World
) -> None:
    """Of the shelters renamed, the police may know of none; of the suspended one nobody reads in a copy."""
    there, here = read(renamed)
    differ = {who for who, one in there if there[who, one] != here[who, one]}
    named = [asked for asked, one in here.items() if world["hostel"] in unpacked(one.body)]

    assert not differ & {"police desk", "auditor", "somebody without a key"}
    assert differ >= {"caseworker", "coordinator", "app"}
    assert named == []
