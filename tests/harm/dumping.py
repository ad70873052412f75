"""All that everybody reads of a world, so that two worlds can be told apart, or cannot."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from directory.db import make_engine
from tests.conftest import Clock
from tests.harm.asks import explanations, grid_of, matches, removals
from tests.harm.replay import Answer, Request, differences, posted, readable, replay
from tests.harm.secrets import DOORS, NUMBERS, found
from tests.harm.world import World
from tests.unpacked import unpacked
from web.transaction import Registry

API = "/api/v1"
MATCHES, EXPLANATIONS, PACKAGES = f"{API}/matches", f"{API}/matches/explanations", f"{API}/packages"
SIMULATIONS = f"{API}/network/simulations"
WHOLE = (
    *(f"{API}/{name}?status=any" for name in ("organisations", "sites", "services", "service-sites", "links")),
    f"{API}/changes?limit=1000",
    "/hsds/v3/service_at_locations?full=true",
)
GAZETTEER = f"{API}/places"

Asked = Mapping[str, Sequence[Request]]
Dump = dict[tuple[str, Request], Answer]


def everything(client: FlaskClient, world: World, measured: int, steps: int) -> list[Request]:
    """Every request that reads; `measured` points to measure from, ladders of so many `steps`."""
    asked = posted(MATCHES, matches(world, measured, steps))
    why = posted(EXPLANATIONS, explanations(world, measured, steps))
    together = posted(PACKAGES, list(matches(world, measured, steps))[::4])
    what_if = posted(SIMULATIONS, removals(world))
    return [*readable(client, grid_of(world, measured, steps)), *asked, *why, *together, *what_if]


def gist(requests: Sequence[Request]) -> list[Request]:
    """What everybody asks even in the small test: whole lists of what has a place, all changes, some matches."""
    lists = [one for one in requests if one.path in WHOLE]
    asked = [one for one in requests if one.path == MATCHES]
    return [*lists, *asked[:: max(1, len(asked) // 2)]]


def shared(world: World, requests: Sequence[Request]) -> Asked:
    """Every request asked by somebody, the gist by everybody: the small test."""
    readers = world.readers
    share = {name: requests[index :: len(readers)] for index, name in enumerate(readers)}
    return {name: list(dict.fromkeys([*gist(requests), *share[name]])) for name in readers}


def dump(app: Flask, world: World, asked: Asked) -> Dump:
    """All answers, by reader and request."""
    return {
        (name, one): answer
        for name, requests in asked.items()
        for one, answer in replay(world.client(app, name), requests).items()
    }


def changed(before: Dump, after: Dump) -> list[str]:
    """What is answered otherwise, by whom it was asked."""
    readers = dict.fromkeys(name for name, _ in before)
    return [f"{name}: {one}" for name in readers for one in differences(_of(before, name), _of(after, name))]


def told(read: Dump, cleared: Sequence[str]) -> list[str]:
    """The answers that tell a secret that their reader did not say itself; who is cleared reads register numbers."""
    said = []
    for (reader, one), answer in read.items():
        secrets = DOORS if reader in cleared else [*DOORS, *NUMBERS]
        text = unpacked(answer.body) + repr(answer.headers)
        if not one.path.startswith(GAZETTEER):
            said += [f"{reader}: {one}: {secret}" for secret in found(text, secrets, one.path + one.body)]
    return said


def _of(read: Dump, reader: str) -> dict[Request, Answer]:
    return {one: answer for (name, one), answer in read.items() if name == reader}


@contextmanager
def copied(app: Flask, database: Path, clock: Clock) -> Iterator[None]:
    """A second world for a while, the same as the first until one of them is changed."""
    twin = database.with_name("twin.sqlite3")
    shutil.copy(database, twin)
    with restarted(app, twin, clock):
        yield


@contextmanager
def restarted(app: Flask, database: Path, clock: Clock) -> Iterator[None]:
    """Another process on a database for a while: nothing is remembered of what was read before."""
    engine = make_engine(f"sqlite:///{database}")
    first = app.extensions["registry"]
    app.extensions["registry"] = Registry(engine, clock)
    try:
        yield
    finally:
        app.extensions["registry"] = first
        engine.dispose()
