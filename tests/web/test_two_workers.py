"""A server with two workers, as the README starts it: what ends, ends on the next request, whichever worker answers."""

import json
import os
import shutil
import signal
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.mmap_dict import MmapedDict
from sqlalchemy import text

from directory import migrate
from directory.db import make_engine
from directory.permissions import Role
from tests import postgres
from tests.conftest import admit
from tests.web.live import PATIENCE_S, Server, server
from tests.web.records import API

pytestmark = pytest.mark.long

AT_ONCE, BATCH, MOST_BATCHES = 8, 24, 20
KEYS, USERS = f"{API}/api-keys", f"{API}/users"


@dataclass(frozen=True, slots=True)
class Live:
    """A running server, the folder of its counts, and an administrator's key."""

    server: Server
    folder: Path
    admin: str
    url: str

    def send(self, key: str, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Status and value of an answer, over a connection of its own."""
        sent = {"Authorization": f"Bearer {key}", "Content-Type": "application/json", **headers}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.server.base + path, data, sent, method=method)  # noqa: S310
        try:
            with urllib.request.urlopen(request) as answer:  # noqa: S310
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as problem:
            return problem.code, json.load(problem)

    def done(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """What the administrator is answered, who is refused nothing here."""
        status, value = self.send(self.admin, method, path, body, **headers)
        assert 200 <= status < 300, value
        return value

    def key(self, role: Role, **acts_for: str | None) -> str:
        """A key of somebody new."""
        engine = make_engine(self.url)
        try:
            return admit(engine, role, **acts_for)
        finally:
            engine.dispose()

    def answered(self) -> dict[str, float]:
        """How many requests each worker has answered, as it counts them."""
        found = {}
        for path in sorted((self.folder / "instance" / "metrics").glob("histogram_*.db")):
            values = MmapedDict.read_all_values_from_file(str(path))  # type: ignore[no-untyped-call]
            found[path.stem] = sum(value for key, value, *_ in values if "_bucket" in key)
        return found

    def by_both(self, key: str, method: str, path: str, body: Any = None) -> list[tuple[int, Any]]:
        """Answers to the same request, sent until each of two workers has answered some of them."""
        before, answers = self.answered(), list[tuple[int, Any]]()
        for _ in range(MOST_BATCHES):
            with ThreadPoolExecutor(AT_ONCE) as pool:
                answers += pool.map(lambda _: self.send(key, method, path, body), range(BATCH))
            after = self.answered()
            if sum(after[one] > before.get(one, 0) for one in after) == 2:
                return answers
        raise AssertionError(f"one worker answered alone: {self.answered()}")

    def statuses(self, key: str, path: str = f"{API}/me") -> set[int]:
        """The statuses that both workers answer."""
        return {status for status, _ in self.by_both(key, "GET", path)}


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def live(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Live]:
    """A server on each database; on PostgreSQL as the role that serves, with the other for true locations."""
    folder = tmp_path_factory.mktemp("two")
    (folder / "instance").mkdir()
    environment = dict[str, str]()
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("empty_sqlite"), folder / "instance" / "directory.sqlite3")
        url = f"sqlite:///{folder / 'instance' / 'directory.sqlite3'}"
    else:
        url, environment = _on_postgres(request.getfixturevalue("postgres_server"), worker_id)
    engine = make_engine(url)
    admin = admit(engine, "admin")
    engine.dispose()
    with server(folder, workers=2, **environment) as started:
        yield Live(started, folder, admin, url)


def _on_postgres(server_url: str, worker_id: str) -> tuple[str, dict[str, str]]:
    """A database of its own, migrated, and the URLs of the two roles it is served by."""
    name, owner = f"live_{worker_id}", make_engine(server_url)
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    owner.dispose()
    engine = make_engine(owner.url.set(database=name).render_as_string(hide_password=False))
    migrate.upgrade(engine)
    made = postgres.restricted(engine, f"live_{worker_id}")
    serving, secret = (one.url.render_as_string(hide_password=False) for one in made)
    for one in (engine, *made):
        one.dispose()
    url = engine.url.render_as_string(hide_password=False)
    return url, {"DATABASE_URL": serving, "SECRET_DATABASE_URL": secret}


def test_both_workers_answer(live: Live) -> None:
    assert live.statuses(live.admin) == {200}
    assert len(live.answered()) == 2


def test_a_revoked_key_is_out(live: Live) -> None:
    made = live.done("POST", KEYS, {"name": "a program", "organisation_id": _partner(live)})
    assert live.statuses(made["token"]) == {200}
    live.done("DELETE", f"{KEYS}/{made['id']}", **{"If-Match": "*"})
    assert live.statuses(made["token"]) == {401}


def test_a_rotated_keys_old_secret_is_out(live: Live) -> None:
    made = live.done("POST", KEYS, {"name": "a program", "organisation_id": _partner(live)})
    assert live.statuses(made["token"]) == {200}
    rotated = live.done("POST", f"{KEYS}/{made['id']}/rotations", {"overlap_hours": 0})
    assert (live.statuses(made["token"]), live.statuses(rotated["token"])) == ({401}, {200})


def test_a_suspended_organisation_is_out_and_comes_back(live: Live) -> None:
    partner, coordinator = _partner(live), live.key("coordinator")
    theirs, others = live.key("partner_manager", organisation_id=partner), live.key("caseworker")
    where, whole = f"{API}/organisations/{partner}", f"{API}/organisations?page_size=200"

    def lists() -> set[bool]:
        return {partner in json.dumps(page["items"]) for _, page in live.by_both(others, "GET", whole)}

    assert (live.statuses(theirs), lists()) == ({200}, {True})
    status, made = live.send(coordinator, "POST", f"{where}/suspensions", {"code": "safeguarding"})
    assert status == 201, made
    assert (live.statuses(theirs), lists()) == ({401}, {False})
    lifted, told = live.send(coordinator, "DELETE", f"{where}/suspensions?code=resolved")
    assert lifted == 204, told
    assert (live.statuses(theirs), lists()) == ({200}, {True})


def test_a_closed_account_is_out(live: Live) -> None:
    account = live.done("POST", USERS, {"username": "nomsa", "display_name": "Nomsa", "role": "coordinator"})
    key = live.done("POST", KEYS, {"name": "hers", "account_id": account["id"]})["token"]
    assert live.statuses(key) == {200}
    live.done("DELETE", f"{USERS}/{account['id']}", **{"If-Match": "*"})
    assert live.statuses(key) == {401}


def test_what_is_written_is_read_and_matched(live: Live) -> None:
    partner = _partner(live)
    where = {"address": "1 Acacia Street", "lat": -23.9, "lon": 29.45}
    site = live.done("POST", f"{API}/sites", {"organisation_id": partner, "confidential": False, "location": where})
    given = {"organisation_id": partner, "name": "Talk", "codes": ["counselling"]}
    service = live.done("POST", f"{API}/services", given)
    asked = {"near": {"place": "Polokwane"}, "needs": ["counselling"]}
    before = live.by_both(live.admin, "POST", f"{API}/matches", asked)
    made = live.done("POST", f"{API}/service-sites", {"service_id": service["id"], "site_id": site["id"]})
    after = live.by_both(live.admin, "POST", f"{API}/matches", asked)
    live.done("PATCH", f"{API}/organisations/{partner}", {"name": "Marula"}, **{"If-Match": "*"})
    read = live.by_both(live.admin, "GET", f"{API}/organisations/{partner}")

    assert {made["id"] in json.dumps(answer) for _, answer in before} == {False}
    assert {made["id"] in json.dumps(answer) for _, answer in after} == {True}
    assert {answer["name"] for _, answer in read} == {"Marula"}


def test_a_worker_in_the_place_of_another_knows_what_was_written(live: Live) -> None:
    """Before it was there, and after."""
    partner = _partner(live)
    given = {"organisation_id": partner, "name": "By phone", "codes": ["hotline"], "delivery": "remote"}
    asked = {"near": {"place": "Polokwane"}, "needs": ["hotline"]}
    ended = set[int]()
    for number in range(2):
        service = live.done("POST", f"{API}/services", given | {"name": f"By phone {number}"})
        made = live.done("POST", f"{API}/service-sites", {"service_id": service["id"]})
        ended.add(_end_one(live.server, ended))
        found = live.by_both(live.admin, "POST", f"{API}/matches", asked)
        assert {made["id"] in json.dumps(answer) for _, answer in found} == {True}


def _end_one(server: Server, ended: set[int]) -> int:
    """Kill a worker that has not been killed yet; there are two again when this ends."""
    one = min(server.workers() - ended)
    os.kill(one, signal.SIGKILL)
    until = time.monotonic() + PATIENCE_S
    while len(server.workers() - {one}) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    return one


def test_counts_of_both_workers_are_added_up(live: Live) -> None:
    live.by_both(live.admin, "GET", "/healthz")
    threading.Event().wait(0.2)
    request = urllib.request.Request(f"{live.server.base}/metrics", headers={"Authorization": f"Bearer {live.admin}"})  # noqa: S310
    before = sum(live.answered().values())
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        told = answer.read().decode()
    counts = [line for line in told.splitlines() if line.startswith("directory_request_seconds_count")]
    assert sum(float(line.rsplit(" ", 1)[1]) for line in counts) == before
    assert "directory_audit_entries" in told
    assert "directory_index_rebuilds_total 1.0" in told


def _partner(live: Live) -> str:
    return str(live.done("POST", f"{API}/organisations", {"name": "Aloe", "org_type": "ngo"})["id"])
