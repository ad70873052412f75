"""A server that is killed loses nothing that it has acknowledged, and writers at once all win in turn."""

import json
import os
import shutil
import signal
import threading
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from directory.db import make_engine
from tests.conftest import admit
from tests.web.live import Server, server
from tests.web.records import API

pytestmark = pytest.mark.long

WRITERS = 6
WRITES = 25
BEFORE_THE_KILL_S = 2.0


@pytest.fixture
def folder(tmp_path: Path, empty_sqlite: Path) -> Path:
    """An instance folder with a migrated registry."""
    (tmp_path / "instance").mkdir()
    shutil.copy(empty_sqlite, tmp_path / "instance" / "directory.sqlite3")
    return tmp_path


@pytest.fixture
def key(folder: Path) -> str:
    """A key of an administrator."""
    engine = make_engine(f"sqlite:///{folder / 'instance' / 'directory.sqlite3'}")
    token = admit(engine, "admin")
    engine.dispose()
    return token


def send(started: Server, key: str, method: str, path: str, body: Any = None, **headers: str) -> tuple[Any, str]:
    """The answer's value and its ETag."""
    request = urllib.request.Request(  # noqa: S310
        started.base + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json", **headers},
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return json.load(answer), answer.headers.get("ETag", "")


def test_what_was_acknowledged_survives_a_kill(folder: Path, key: str) -> None:
    acknowledged: list[str] = []
    with server(folder, workers=2) as started:

        def write() -> None:
            try:
                while True:
                    acknowledged.append(send(started, key, "POST", f"{API}/organisations", {"name": "x"})[0]["id"])
            except (urllib.error.URLError, ConnectionError, ValueError, OSError):
                return

        writers = [threading.Thread(target=write) for _ in range(WRITERS)]
        for one in writers:
            one.start()
        threading.Event().wait(BEFORE_THE_KILL_S)
        os.killpg(started.process_group, signal.SIGKILL)
        for one in writers:
            one.join()
    with server(folder) as again:
        kept = {id_ for id_ in acknowledged if send(again, key, "GET", f"{API}/organisations/{id_}")[0]["id"] == id_}
        changes = send(again, key, "GET", f"{API}/changes?limit=1000")[0]

    assert len(acknowledged) > WRITERS
    assert kept == set(acknowledged)
    assert [one["revision"] for one in changes["items"]] == list(range(1, len(changes["items"]) + 1))


def test_writers_at_once_all_win_in_turn(folder: Path, key: str) -> None:
    with server(folder, workers=2) as started:
        where = f"{API}/departments/"
        organisation = send(started, key, "POST", f"{API}/organisations", {"name": "x"})[0]["id"]
        desk = {"organisation_id": organisation, "name": "Desk", "typical_wait_days": 0}
        where += send(started, key, "POST", f"{API}/departments", desk)[0]["id"]

        def add_one(_: int) -> None:
            while True:
                record, seen = send(started, key, "GET", where)
                raised = {"typical_wait_days": record["typical_wait_days"] + 1}
                try:
                    send(started, key, "PATCH", where, raised, **{"If-Match": seen})
                    return
                except urllib.error.HTTPError as problem:
                    if problem.code != 412:
                        raise

        with ThreadPoolExecutor(WRITERS) as pool:
            list(pool.map(add_one, range(WRITES)))
        record, _ = send(started, key, "GET", where)

    assert (record["typical_wait_days"], record["version"]) == (WRITES, WRITES + 1)
