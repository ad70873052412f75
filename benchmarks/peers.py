"""`POST /matches` over HTTP beside a plain Flask application over PostGIS, and beside the floor.

`python -m benchmarks.peers [--copies N] [--seconds S] [--folder FOLDER] [--write]`: a registry of N times the
fictitious network (91: 100,191 candidates) is served by the product as `make run` serves it, and by
`benchmarks.plain_app` over the same facts in PostGIS, each with as many workers and threads. First some mixed questions
of `benchmarks.http` are put to both, and who is suitable, who is to be asked, their scores and the counts of the
excluded have to be the same; then matches, the floor and the plain application take turns, second by second.

Other work on the machine takes more from a server with few processes than from one with many; so what a request costs
in processor time, of the workers and of PostgreSQL, stands beside.

Needs `benchmarks/install_postgis`; says so and ends well where that was not run."""

from __future__ import annotations

import argparse
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
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from benchmarks import figures, multiplied, plain_load, turns
from benchmarks.cluster import MISSING, cluster, programs
from benchmarks.http import APPLICATION, GTHREAD, MATCHES, ROOT, WORKERS, bodies, serving
from benchmarks.turns import Figures, Target
from directory.db import make_engine
from tests.conftest import admit
from web.serving import THREADS

ARGUMENTS = ("--copies", "9", "--seconds", "30")
LARGE = ("--copies", "91", "--seconds", "90")
SERVER = (*GTHREAD, "--threads", str(THREADS), "--bind", "127.0.0.1:{port}")
"""As `flask start` serves."""
PLAIN = ("-m", "gunicorn", "--no-control-socket", "--workers", str(WORKERS), "--worker-class", "gthread")
PLAIN_APPLICATION = "benchmarks.plain_app:app"
QUESTIONS = 300
COMPARED = 40
TRIES = 3


@contextmanager
def plain(address: str, folder: Path) -> Iterator[int]:
    """The plain application until it answers, and its port; stopped afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    words = [sys.executable, *PLAIN, "--threads", str(THREADS), "--bind", f"127.0.0.1:{port}"]
    environment = {**os.environ, "PLAIN_DATABASE": address}
    with (folder / "plain log").open("wb") as log:
        started = [*words, PLAIN_APPLICATION]
        server = subprocess.Popen(started, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait(60)


def said(text: bytes) -> Any:
    """What both answers have to agree on."""
    found = []
    for one in json.loads(text)["by_need"]:
        lists = [[(row["service_site_id"], round(row["score"], 4)) for row in one[name]] for name in LISTS]
        nearest = [row["service_site_id"] for row in one["excluded"]["nearest"]]
        found.append((one["need"], lists, one["excluded"]["total"], one["excluded"]["by_reason"], nearest))
    return found


LISTS = ("suitable", "confirm_by_phone")


def compare(product: Target, other: Target, questions: Sequence[bytes], key: str) -> None:
    """Both say the same; facts age by whole minutes, so that a question across one is asked again. The peer has counted
    contacts when it was loaded: where a line has turned stale since, load anew."""
    for body in questions:
        for attempt in range(TRIES):
            mine, theirs = (said(turns.ask(target, body, key)) for target in (product, other))
            if mine == theirs:
                break
            assert attempt < TRIES - 1, (body, mine, theirs)


def run(folder: Path, registry: Path, seconds: float) -> dict[str, Figures]:
    """Both servers on a registry, and what they did."""
    database = folder / "asked.sqlite3"
    shutil.copy(registry, database)
    engine = make_engine(f"sqlite:///{database}")
    key = admit(engine, "coordinator")
    engine.dispose()
    questions = bodies(QUESTIONS)
    with cluster() as address:
        print(f"{plain_load.load(address, registry):,} candidates", flush=True)
        with serving(SERVER, f"sqlite:///{database}", folder, key) as port, plain(address, folder) as other:
            product = Target(port, MATCHES, (APPLICATION,))
            peer = Target(other, "/matches", (PLAIN_APPLICATION, address.split()[0].removeprefix("host=")))
            compare(product, peer, questions[:COMPARED], key)
            sizes = [
                statistics.median(len(turns.ask(one, body, key)) for body in questions[:20]) for one in (product, peer)
            ]
            print(f"{COMPARED} answers are the same; {sizes[0] / 1000:.0f} kB, and {sizes[1] / 1000:.0f} kB plain")
            floor = replace(product, path=f"/floor/{int(sizes[0])}")
            targets = {"matches": product, "floor": floor, "plain": peer}
            return turns.measured(targets, questions, key, seconds)


def main() -> int:
    """Print a row for each."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--copies", type=int, default=91)
    options.add_argument("--seconds", type=float, default=60.0)
    options.add_argument("--folder", type=Path, help="Where the registry is kept, or made if it is not there.")
    figures.add_write(options)
    given = options.parse_args()
    if programs() is None:
        print(MISSING)
        return 0
    with tempfile.TemporaryDirectory() as made:
        kept = given.folder or Path(made)
        multiplied.registry(kept, given.copies)
        found = run(Path(made), kept / multiplied.FOLDER_NAME, given.seconds)
    for name, one in found.items():
        print(f"{name:8} {one.rate:8.1f}/s  p50 {one.p50:7.1f} ms  p99 {one.p99:7.1f} ms  {one.work:6.2f} ms of work")
    ratios = {
        f"{given.copies} copies: matches over floor": found["matches"].rate / found["floor"].rate,
        f"{given.copies} copies: matches over plain": found["matches"].rate / found["plain"].rate,
        f"{given.copies} copies: work of plain over matches": found["plain"].work / found["matches"].work,
    }
    for name, ratio in ratios.items():
        print(f"{name} {ratio:.2f}")
    print(f"load {os.getloadavg()[0]:.1f}")
    measured = {f"{given.copies} copies: {name}": asdict(one) for name, one in found.items()}
    return figures.held("peers", ratios, measured, write=given.write)


if __name__ == "__main__":
    sys.exit(main())
