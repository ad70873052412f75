"""Whether a committed write is in the next match of every worker: `python -m benchmarks.freshness [--tries N]`.

Two processes, each with an engine of its own, on the fictitious network, first in SQLite, then in PostgreSQL. They take
turns in counting the beds of a shelter anew; once that is committed each is asked for a match, which has to show it.
Between the two go an organisation's new name or another confirmation of a line, so that not one kind of change is
tried alone. No HTTP: `benchmarks.visible` asks the server. Ends with 1 if a match was behind."""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from sqlalchemy import Engine, select

from benchmarks.reading import reading
from directory import migrate
from directory.db import begin, make_engine
from directory.models.channel import Channel
from directory.models.organisation import Organisation
from directory.models.service import Service, ServiceSite
from directory.permissions import LOCAL, Actor
from directory.services import capacity, records
from directory.services.catalogue import COLLECTIONS
from matching import service
from matching.types import Member, NearAsked, Need, OpenCapacity, Profile, Ranked
from seed import load
from tests import postgres

ARGUMENTS = ("--tries", "200")
WORKERS = 2
KINDS = ("sqlite", "postgresql")
NEED = Need(
    near=NearAsked(place="Johannesburg"),
    needs=("shelter_emergency",),
    party=(Member(age=29, gender="female"),),
    profile=Profile(mental_acuity="low", medical_acuity="low", substance="none"),
    max_km=None,
    limit=15,
)
ASKER = Actor("coordinator", "benchmark")
BEDS = range(2, 40)
SAID = 500
"""After so many writes it says how far it is."""
SITES = 4
"""Shelters that are counted: the first of the list, which stay on it as their counts are fresh."""


def listed(engine: Engine) -> dict[str, Ranked]:
    """Whom a match lists, by the service at the site."""
    with reading(engine) as session:
        found = service.match(session, ASKER, NEED, datetime.now(UTC)).by_need[0]
    return {one.service_site_id: one for one in (*found.suitable, *found.confirm_by_phone)}


def write(engine: Engine, site: str, number: int) -> str:
    """Beds counted anew, one time in ten with the organisation's name, one with a line. The name that is now true."""
    session = begin(engine, write=True)
    try:
        place = session.get_one(ServiceSite, site)
        beds = {"unit": "bed", "total": BEDS[-1], "available": BEDS[number % len(BEDS)]}
        capacity.put(session, LOCAL, COLLECTIONS["service_sites"], place, beds)
        owner = session.get_one(Organisation, session.get_one(Service, place.service_id).organisation_id)
        if number % 10 == 3:
            change = {"name": f"Partner {number}"}
            records.update(session, LOCAL, COLLECTIONS["organisations"], owner.id, owner.version, change)
        line = session.scalars(select(Channel).where(Channel.owner_id == owner.id)).first()
        if number % 10 == 7 and line is not None:
            tested = {"tested_at": (datetime.now(UTC) - timedelta(days=number % 90)).isoformat()}
            records.update(session, LOCAL, COLLECTIONS["channels"], line.id, line.version, tested)
        session.commit()
        return owner.name
    finally:
        session.close()


def work(url: str, orders: Connection) -> None:
    """A worker: writes or looks as it is told."""
    engine = make_engine(url)
    while (order := orders.recv()) is not None:
        site, number, writes = order
        if writes:
            orders.send(write(engine, site, number))
            continue
        start = time.perf_counter()
        shown = listed(engine).get(site)
        room = shown.facts.capacity if shown is not None else None
        available = room.available if isinstance(room, OpenCapacity) else None
        orders.send((available, shown and shown.organisation.name, (time.perf_counter() - start) * 1e3))


def tried(url: str, tries: int) -> tuple[int, list[float]]:
    """How many of twice as many matches showed the write before them, and how long they took, in milliseconds."""
    engine = make_engine(url)
    sites = [one for one, shown in listed(engine).items() if isinstance(shown.facts.capacity, OpenCapacity)][:SITES]
    engine.dispose()
    context = get_context("spawn")
    ends = [context.Pipe() for _ in range(WORKERS)]
    workers = [context.Process(target=work, args=(url, theirs), daemon=True) for _, theirs in ends]
    for worker in workers:
        worker.start()
    pipes = [mine for mine, _ in ends]
    seen, took = 0, []
    for number in range(tries):
        site = sites[number % len(sites)]
        pipes[number % WORKERS].send((site, number, True))
        name = pipes[number % WORKERS].recv()
        for pipe in pipes:
            pipe.send((site, number, False))
        for pipe in pipes:
            available, called, milliseconds = pipe.recv()
            seen += (available, called) == (BEDS[number % len(BEDS)], name)
            took.append(milliseconds)
        if (number + 1) % SAID == 0:
            print(f"  {number + 1} writes: {seen} of {WORKERS * (number + 1)} matches", flush=True)
    for pipe, worker in zip(pipes, workers, strict=True):
        pipe.send(None)
        worker.join()
    return seen, took


@contextmanager
def registries(names: Sequence[str]) -> Iterator[dict[str, str]]:
    """The URLs of a registry in each of some kinds of database, with the fictitious network."""
    with tempfile.TemporaryDirectory() as folder, postgres.server() as server:
        known = {"sqlite": f"sqlite:///{Path(folder) / 'registry.sqlite3'}", "postgresql": server}
        urls = {name: known[name] for name in names}
        for url in urls.values():
            engine = make_engine(url)
            migrate.upgrade(engine)
            with begin(engine, write=True) as session:
                load.load(session, LOCAL)
                session.commit()
            engine.dispose()
        yield urls


def main() -> int:
    """Print how many writes were seen, for each kind of database."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tries", type=int, default=10_000)
    options.add_argument("--databases", nargs="+", choices=KINDS, default=KINDS)
    given = options.parse_args()
    behind = 0
    with registries(given.databases) as urls:
        for name, url in urls.items():
            seen, took = tried(url, given.tries)
            behind += WORKERS * given.tries - seen
            print(
                f"{name}: {given.tries} writes, {seen} of {WORKERS * given.tries} matches showed them; "
                f"median {statistics.median(took):.1f} ms, load {os.getloadavg()[0]:.1f}",
                flush=True,
            )
    return int(behind > 0)


if __name__ == "__main__":
    sys.exit(main())
