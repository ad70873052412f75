"""How long a server takes to start, how long a worker takes that takes the place of another, and what they weigh.

`python -m benchmarks.start [--copies N] [--folder F]` makes a registry of N times the fictitious network (91: 100,191
candidates) and starts a server on it as `make run` does, with two workers: first without a snapshot, then with the one
that it wrote. It ends one worker and waits for the next to answer matches. Seconds of the clock until each has answered
one, and of the processors; memory by what is a process's own share (Linux: proportional set size), in megabytes."""

from __future__ import annotations

import argparse
import http.client
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import multiplied, turns
from benchmarks.http import MATCHES, PATIENCE_S, ROOT, WORKERS, asker, bodies
from benchmarks.processor import PROC, worked
from benchmarks.turns import Target
from directory.db import make_engine
from tests.web.live import free_port
from web.snapshots import FILE

ARGUMENTS = ("--copies", "1")
LARGE = ("--copies", "91")
ENDINGS = 3
STARTS = 3
QUESTIONS = 12


@contextmanager
def started(database: Path, folder: Path, port: int, key: str, said: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server that has answered its first match; stopped afterwards. Says how long that took."""
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{database}",
        "INSTANCE": str(folder),
        "FLASK_APP": "wsgi.py",
        "DEMO": "0",
        "RATE_PER_KEY": "0",
    }
    command = [sys.executable, "-m", "flask", "start", "--port", str(port), "--workers", str(WORKERS)]
    begun = time.perf_counter()
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        answered(port, key)
        took, work = time.perf_counter() - begun, worked(str(port))
        print(f"{said}: {took:.2f} s, {work:.2f} s of processor time, load {os.getloadavg()[0]:.1f}", flush=True)
        yield server
    finally:
        server.terminate()
        server.wait(60)


def answered(port: int, key: str) -> None:
    """Wait until a match is answered."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        try:
            turns.ask(Target(port, MATCHES, ()), bodies(1)[0], key, connection)
            return
        except OSError:
            time.sleep(0.02)
        finally:
            connection.close()
    raise SystemExit("The server did not start.")


def asked(port: int, key: str, body: bytes) -> float:
    """Seconds until one match is answered, over a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        begun = time.perf_counter()
        turns.ask(Target(port, MATCHES, ()), body, key, connection)
        return time.perf_counter() - begun
    finally:
        connection.close()


def workers(server: int) -> list[int]:
    """The processes that it has started and that are not ending."""
    found = (PROC / f"{server}/task/{server}/children").read_text().split()
    return [int(one) for one in found if "Z" not in (PROC / one / "stat").read_text().rpartition(")")[2].split()[0]]


def weighed(process: int) -> float:
    """Its share of memory, in megabytes: what several hold together is divided among them."""
    lines = (PROC / str(process) / "smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def replaced(server: int, port: int, key: str) -> float:
    """Seconds from a worker's end until another is there and both answer."""
    old = workers(server)
    begun = time.perf_counter()
    os.kill(old[0], signal.SIGKILL)
    while len(now := workers(server)) < WORKERS or old[0] in now:
        time.sleep(0.01)
    new = next(one for one in now if one not in old)
    os.kill(old[1], signal.SIGSTOP)
    try:
        answered(port, key)
    finally:
        os.kill(old[1], signal.SIGCONT)
    took = time.perf_counter() - begun
    if new not in workers(server):
        raise SystemExit("The new worker did not stay.")
    return took


def main() -> None:
    """Print what was found."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--copies", type=int, default=1)
    options.add_argument("--folder", type=Path, help="Where the registry is kept, or made if it is not there.")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as made:
        kept, folder = given.folder or Path(made) / "kept", Path(made)
        multiplied.registry(kept, given.copies)
        database = folder / "started.sqlite3"
        shutil.copy(kept / multiplied.FOLDER_NAME, database)
        engine = make_engine(f"sqlite:///{database}")
        key = asker(engine)
        engine.dispose()
        port = free_port()
        with started(database, folder, port, key, "start"):
            begun = time.perf_counter()
            while not (folder / FILE).exists():
                time.sleep(0.1)
            size = (folder / FILE).stat().st_size / 1e6
            print(f"file of what is derived: {size:.0f} MB, {time.perf_counter() - begun:.1f} s later", flush=True)
        for number in range(STARTS):
            with started(database, folder, port, key, f"start {number + 1} with that file"):
                pass
        with started(database, folder, port, key, "once more") as server:
            first = [asked(port, key, body) for body in bodies(QUESTIONS)]
            print(f"first {QUESTIONS} matches: {', '.join(f'{1000 * one:.0f}' for one in first)} ms", flush=True)
            for number in range(ENDINGS):
                print(
                    f"worker {number + 1} in the place of another: {replaced(server.pid, port, key):.2f} s", flush=True
                )
            for one in (server.pid, *workers(server.pid)):
                print(f"process {'of the server' if one == server.pid else 'of a worker'}: {weighed(one):.0f} MB")


if __name__ == "__main__":
    main()
