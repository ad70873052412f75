"""Requests a second of `POST /matches` beside three floors: the same server and application with a constant body, asked
without a key, with the same look at the key as a match takes, and with matches that were found before.

`python -m benchmarks.http [--copies N] [--seconds S] [--server NAME …]` starts each server on a registry of its own
(the fictitious network, or N times its partners), with two workers, and asks it from four connections. Matches and the
floors take turns, second by second, so that whatever else the machine does slows all. Every answer's status is checked;
figures are medians over the turns. Where other work takes the processor, what stays comparable is the processor time
that the servers take, and the share by that. Who asks is a caseworker of an organisation that may be told of a million
people a day.
"""

import argparse
import http.client
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Engine, insert, select

from benchmarks import multiplied, turns
from benchmarks.turns import Figures, Target
from directory import geography
from directory.db import make_engine
from directory.models.organisation import Organisation
from directory.models.oversight import QuotaLimit
from directory.services.quotas import HIGHEST
from tests.conftest import admit
from web.snapshots import FILE

ARGUMENTS = ("--seconds", "10")
ROOT = Path(__file__).resolve().parent.parent
WORKERS = 2
PATIENCE_S = 1200.0
NEEDS = ("shelter_emergency", "medical_general", "counselling", "legal_advice", "police_report", "case_management")
LARGE_PLACES = 150
GUNICORN = ("-m", "gunicorn", "--no-control-socket", "--workers", str(WORKERS), "--config", "python:web.serving")
GTHREAD = (*GUNICORN, "--worker-class", "gthread")
SERVERS: dict[str, tuple[str, ...]] = {
    **{
        f"gunicorn gthread {threads}": (*GTHREAD, "--threads", threads, "--bind", "127.0.0.1:{port}")
        for threads in ("1", "2", "4")
    },
    "gunicorn sync": (*GUNICORN, "--worker-class", "sync", "--bind", "127.0.0.1:{port}"),
    "granian": (
        *("-m", "granian", "--interface", "wsgi", "--workers", str(WORKERS), "--no-ws", "--log-level", "warning"),
        *("--host", "127.0.0.1", "--port", "{port}"),
    ),
}
APPLICATION = "benchmarks.floor:app"
FLOORS = ("floor", "checked", "told")
MATCHES = "/api/v1/matches"


def bodies(count: int, seed: int = 1) -> list[bytes]:
    """Mixed questions from large places: one to three needs, with and without a party, by score and nearest."""
    random = Random(seed)
    places = sorted(geography.places(), key=lambda place: -place.population)[:LARGE_PLACES]
    party = [{"age": 29, "gender": "female"}, {"age": 9, "gender": "male", "relation": "child"}]
    made = []
    for _ in range(count):
        asked: dict[str, Any] = {
            "near": {"place_id": random.choice(places).id},
            "needs": random.sample(NEEDS, random.randint(1, 3)),
            "party": party[: random.randint(1, 2)],
            "profile": {"mental_acuity": "low", "medical_acuity": "low", "substance": "none", "languages": ["eng"]},
            "sort": random.choice(("score", "score", "nearest")),
        }
        made.append(json.dumps(asked).encode())
    return made


def asker(engine: Engine) -> str:
    """The key of a caseworker, of some organisation of civil society."""
    with engine.connect().execution_options(registry_write=True) as connection, connection.begin():
        chosen = select(Organisation.id).where(Organisation.sector != "government").order_by(Organisation.id).limit(1)
        own = connection.execute(chosen).scalar_one()
        connection.execute(insert(QuotaLimit).values(holder_id=own, kind="contacts", daily=HIGHEST))
    return admit(engine, "caseworker", organisation_id=own)


@contextmanager
def serving(command: Sequence[str], database: str, folder: Path, key: str) -> Iterator[int]:
    """A server until it answers, and its port; stopped afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    (folder / "metrics").mkdir(exist_ok=True)
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "INSTANCE": str(folder),
        "PORT": str(port),
        "WEB_CONCURRENCY": str(WORKERS),
        "RATE_PER_KEY": "0",
        "PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics"),
    }
    words = [sys.executable, *(word.format(port=port) for word in command), APPLICATION]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        _wait(server, port, key)
        yield port
    finally:
        server.terminate()
        server.wait(60)


def _wait(server: "subprocess.Popen[bytes]", port: int, key: str) -> None:
    """Until each worker has very likely derived its index: several answers of a match in a row come quickly."""
    until, quick = time.monotonic() + PATIENCE_S, 0
    first = bodies(1)[0]
    while quick < 8 * WORKERS:
        if server.poll() is not None or time.monotonic() > until:
            raise SystemExit("The server did not start.")
        begun = time.perf_counter()
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
            turns.ask(Target(port, MATCHES, ()), first, key, connection)
            connection.close()
        except OSError:
            time.sleep(0.2)
            continue
        quick = quick + 1 if time.perf_counter() - begun < 1 else 0


def _settle(port: int, key: str, questions: Sequence[bytes], file: Path) -> None:
    """Wait until the server has written what it derived, and has answered every question in either worker."""
    until = time.monotonic() + PATIENCE_S
    while not file.exists() and time.monotonic() < until:
        time.sleep(0.2)
    for body in questions * (2 * WORKERS):
        for path in (MATCHES, "/told/0"):
            turns.ask(Target(port, path, ()), body, key)


def measured(port: int, key: str, seconds: float, questions: Sequence[bytes]) -> dict[str, Figures]:
    """Figures of matches and of the floors, in turns."""
    marks = (str(port),)
    matches = Target(port, MATCHES, marks)
    size = int(statistics.median(len(turns.ask(matches, body, key)) for body in questions[:40]))
    floors = {name: Target(port, f"/{name}/{size}", marks) for name in FLOORS}
    return turns.measured({"matches": matches, **floors}, questions, key, seconds)


def main() -> None:
    """Print a row for each server."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--copies", type=int, default=1)
    options.add_argument("--seconds", type=float, default=20.0)
    options.add_argument("--server", choices=SERVERS, action="append")
    options.add_argument("--folder", type=Path, help="Where the registry is kept, or made if it is not there.")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as made:
        kept = given.folder or Path(made)
        multiplied.registry(kept, given.copies)
        database = Path(made) / "asked.sqlite3"
        shutil.copy(kept / multiplied.FOLDER_NAME, database)
        engine = make_engine(f"sqlite:///{database}")
        key = asker(engine)
        engine.dispose()
        heads = ("matches/s", "p50 ms", "p99 ms", "work ms")
        heads += tuple(f"{floor} {head}" for floor in FLOORS for head in ("/s", "ms", "share", "by work"))
        print(f"{'':18} {' '.join(f'{head:>15}' for head in heads)}")
        for name in given.server or SERVERS:
            with serving(SERVERS[name], f"sqlite:///{database}", Path(made), key) as port:
                questions = bodies(300)
                _settle(port, key, questions, Path(made) / FILE)
                found = measured(port, key, given.seconds, questions)
            match, floors = found["matches"], [found[name] for name in FLOORS]
            cells = [f"{match.rate:15.0f}", *(f"{one:15.2f}" for one in (match.p50, match.p99, match.work))]
            for floor in floors:
                shares = (match.rate / floor.rate, floor.work / match.work)
                cells += [f"{floor.rate:15.0f}", f"{floor.work:15.2f}", *(f"{share:15.1%}" for share in shares)]
            print(f"{name:18}", *cells, flush=True)


if __name__ == "__main__":
    main()
