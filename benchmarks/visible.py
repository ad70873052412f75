"""From a write to the match that shows it: `python -m benchmarks.visible [--copies N] [--tries N] [--folder FOLDER]`.

The product serves N times the fictitious network with two workers, as `make run` does. A shelter's beds are counted
anew over HTTP, and as soon as that is answered a match is asked on another connection, which either worker may get: it
has to show the new count, always. How long the count took, that match, and the same match once more."""

from __future__ import annotations

import argparse
import http.client
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import figures, multiplied
from benchmarks.http import MATCHES, bodies, serving
from benchmarks.peers import SERVER
from directory.db import make_engine
from tests.conftest import admit

ARGUMENTS = ("--tries", "200")
LARGE = ("--copies", "91", "--tries", "200")
NEED = "shelter_emergency"
MOST_BEDS = 40
PARTY = 2
"""People of the largest party: with fewer beds a shelter would be left out."""


def call(port: int, key: str, method: str, path: str, body: Any) -> tuple[Any, float]:
    """An answer on a connection of its own, and the milliseconds it took."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    start = time.perf_counter()
    connection.request(method, path, json.dumps(body), headers)
    answer = connection.getresponse()
    text = answer.read()
    took = (time.perf_counter() - start) * 1e3
    connection.close()
    assert answer.status < 300, (path, answer.status, text[:300])
    return json.loads(text), took


def shelters(found: Any) -> dict[str, dict[str, Any]]:
    """The capacities of an answer, by the service at the site."""
    lists = [one[name] for one in found["by_need"] if one["need"] == NEED for name in ("suitable", "confirm_by_phone")]
    return {row["service_site_id"]: row["capacity"] for rows in lists for row in rows if row["capacity"]}


def tried(port: int, key: str, tries: int) -> dict[str, list[float]]:
    """Count, look, look again, so many times, at as many shelters as possible. Fails where a match is behind."""
    took: dict[str, list[float]] = {"write": [], "next match": [], "match": []}
    asked = [question for question in map(json.loads, bodies(tries * 4)) if NEED in question["needs"]]
    for number in range(tries):
        question = {**asked[number % len(asked)], "needs": [NEED], "limit": 50}
        before, _ = call(port, key, "POST", MATCHES, question)
        counted = [(one, fact) for one, fact in shelters(before).items() if "available" in fact]
        site, fact = counted[number % len(counted)]
        beds = {"unit": fact["unit"], "total": MOST_BEDS, "available": PARTY + number % (MOST_BEDS - PARTY)}
        _, write = call(port, key, "PUT", f"/api/v1/service-sites/{site}/capacity", beds)
        after, following = call(port, key, "POST", MATCHES, question)
        shown = shelters(after).get(site)
        assert shown is not None, (site, "is not in the answer")
        assert shown["available"] == beds["available"], (site, shown, beds)
        _, again = call(port, key, "POST", MATCHES, question)
        for name, value in zip(took, (write, following, again), strict=True):
            took[name].append(value)
    return took


def main() -> int:
    """Print how many were seen, and how long it took."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--copies", type=int, default=1)
    options.add_argument("--tries", type=int, default=200)
    options.add_argument("--folder", type=Path, help="Where the registry is kept, or made if it is not there.")
    figures.add_write(options)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as made:
        kept = given.folder or Path(made)
        multiplied.registry(kept, given.copies)
        database = Path(made) / "asked.sqlite3"
        shutil.copy(kept / multiplied.FOLDER_NAME, database)
        engine = make_engine(f"sqlite:///{database}")
        key = admit(engine, "coordinator")
        engine.dispose()
        with serving(SERVER, f"sqlite:///{database}", Path(made), key) as port:
            took = tried(port, key, given.tries)
    medians = {name: statistics.median(values) for name, values in took.items()}
    print(f"{given.tries} of {given.tries} writes were in the next match, load {os.getloadavg()[0]:.1f}")
    print("  ".join(f"{name} {value:.1f} ms" for name, value in medians.items()))
    ratios = {f"{given.copies} copies: match over the next one": medians["match"] / medians["next match"]}
    return figures.held("visible", ratios, {f"{given.copies} copies": medians}, write=given.write)


if __name__ == "__main__":
    sys.exit(main())
