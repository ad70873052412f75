"""A canary in everything that can be sent to a real server, and then looked for in everything that it leaves behind.

What is said of a case must be nowhere: no file of the database, log, count, temporary file, audit or other answer. What
is kept of people and doors stands in the database and in answers to those who may know, and nowhere beside.
"""

import json
import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest

from directory.db import make_engine
from tests.conftest import admit
from tests.web.live import Server, flask, server
from tests.web.records import API

pytestmark = pytest.mark.long

CASE = "Zanele-Canary-0825550199"
PERSON, NUMBER, STREET = "Thandeka Wagtail Mkhize", "+27825550188", "99 Honeyguide Rise"
KEPT = (PERSON, NUMBER, NUMBER[3:], STREET)
MATCHES = f"{API}/matches"
WHOLE = {"near": {"place": "Polokwane"}, "needs": ["counselling"], "party": [{"age": 29}]}
HEADERS = ("User-Agent", "Referer", "X-Request-Id", "Idempotency-Key", "If-Match", "Cookie", "X-End-User", "Accept")
GARBAGE = (
    f"GET /{CASE} HTTP/9.9\r\n\r\n",
    f"{CASE} / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    f"GET / HTTP/1.1\r\n{CASE} : x\r\n\r\n",
    f"GET / HTTP/1.1\r\nHost: {CASE}\r\n\r\n",
    f"POST {MATCHES} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {CASE}\r\n\r\n",
    f"POST {MATCHES} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n{CASE}\r\n\r\n",
    f"{CASE}\x00\r\n\r\n",
)
"""What is no HTTP, or hardly: the server below the application says so by itself."""


@dataclass(frozen=True, slots=True)
class Live:
    """A running server, its folder, and an administrator's key."""

    server: Server
    folder: Path
    key: str

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, str, str | None]:
        """Status, text and ETag of an answer; text is sent as it is."""
        there = urlsplit(self.server.base)
        connection = HTTPConnection(str(there.hostname), there.port, timeout=30)
        sent = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json", **headers}
        data = body if isinstance(body, str | None) else json.dumps(body)
        try:
            connection.request(method, path, data, sent)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), answer.headers.get("ETag")
        finally:
            connection.close()

    def raw(self, text: str) -> str:
        """What is answered to bytes that are no request."""
        there = urlsplit(self.server.base)
        with socket.create_connection((str(there.hostname), int(there.port or 0)), timeout=5) as line:
            line.sendall(text.encode("latin-1"))
            line.shutdown(socket.SHUT_WR)
            return line.recv(65_536).decode("latin-1")

    def made(self, collection: str, **given: Any) -> str:
        """The id of a record made."""
        status, text, _ = self.send("POST", f"{API}/{collection}", given)
        assert status == 201, text
        return str(json.loads(text)["id"])


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory, empty_sqlite: Path) -> Iterator[Live]:
    """A server with two workers, whose temporary files are in its own folder too."""
    folder = tmp_path_factory.mktemp("canary")
    for name in ("instance", "tmp"):
        (folder / name).mkdir()
    shutil.copy(empty_sqlite, folder / "instance" / "directory.sqlite3")
    engine = make_engine(f"sqlite:///{folder / 'instance' / 'directory.sqlite3'}")
    key = admit(engine, "admin")
    engine.dispose()
    with server(folder, workers=2, TMPDIR=str(folder / "tmp")) as started:
        yield Live(started, folder, key)


def left_behind(live: Live, *, database: bool) -> dict[str, bytes]:
    """Everything that the server has written: log, counts, audit, and its files, with or without the database's."""
    audit = flask(live.folder, "audit", "export")
    assert audit.returncode == 0, audit.stderr
    found = {"audit": audit.stdout.encode(), "metrics": live.send("GET", "/metrics")[1].encode()}
    for path in sorted(live.folder.rglob("*")):
        if path.is_file() and (database or not path.name.startswith("directory.sqlite3")):
            found[str(path.relative_to(live.folder))] = path.read_bytes()
    return found


def telling(behind: dict[str, bytes], *canaries: str) -> list[str]:
    """Where a canary is found, in any of the forms that text takes."""
    forms = {
        form
        for one in canaries
        for said in (one, one.lower(), quote(one), one.replace(" ", "+"))
        for form in (said.encode(), said.encode("utf-16-le"))
    }
    return [name for name, content in behind.items() if any(form in content for form in forms)]


def test_nothing_of_a_case_is_left_behind(live: Live) -> None:
    said: list[dict[str, Any]] = [
        {"near": {"place": CASE}},
        {"near": {"place": "Polokwane", "province": CASE}},
        {"needs": [CASE]},
        {"party": [{"age": CASE}]},
        {"party": [{"full_name": CASE}]},
        {"profile": {"languages": [CASE]}},
        {"profile": {CASE: True}},
        {"avoid": [{"place": CASE}]},
        {"avoid": [{"district": CASE}]},
        {"when": CASE},
        {"sort": CASE},
    ]
    statuses = {live.send("POST", MATCHES, {**WHOLE, **one})[0] for one in said}
    statuses |= {
        live.send("POST", MATCHES, f'{{"near": "{CASE}')[0],
        live.send("POST", f"{MATCHES}?q={CASE}", WHOLE)[0],
    }
    statuses |= {live.send("POST", MATCHES, WHOLE, **{name: CASE})[0] for name in HEADERS}
    statuses |= {live.send("GET", f"/{CASE}")[0], live.send("GET", f"{API}/places?q={CASE}")[0]}
    statuses |= {live.send(CASE.upper(), "/healthz")[0], live.send("GET", f"{API}/listed/{CASE}")[0]}
    statuses |= {live.send("GET", f"{API}/me", Authorization=f"Bearer pd_{CASE}")[0]}
    form = urlencode({"username": CASE, "password": CASE, "code": CASE})
    statuses |= {live.send("POST", "/sign-in", form, **{"Content-Type": "application/x-www-form-urlencoded"})[0]}
    statuses |= {live.send("POST", f"{API}/concerns", {"code": CASE, "text": CASE})[0]}
    answered = [live.raw(one) for one in GARBAGE]

    assert {200, 400, 401, 404, 422} <= statuses
    assert max(statuses) < 500
    assert len(answered) == len(GARBAGE)
    behind = left_behind(live, database=True)
    assert telling(behind, CASE) == []
    assert b"Invalid request" in behind["log"], "the control: the server below has complained"


def test_people_and_doors_are_in_the_database_alone(live: Live) -> None:
    partner = live.made("organisations", name="Aloe", org_type="shelter")
    there = {"address": STREET, "lat": -22.7134, "lon": 29.1467}
    live.made("sites", organisation_id=partner, confidential=True, location=there)
    person, post = live.made("persons", full_name=PERSON), live.made("posts", organisation_id=partner, title="Intake")
    live.made("focal-points", person_id=person, post_id=post)
    owner = {"type": "person", "id": person}
    live.made("channels", owner=owner, channel_kind="person_phone", value=NUMBER, visibility="restricted")
    refused = [
        live.send("POST", f"{API}/persons", {"full_name": PERSON, "mobile": NUMBER}),
        live.send("PATCH", f"{API}/persons/{person}", {"full_name": PERSON}),
        live.send("PATCH", f"{API}/persons/{person}", {"full_name": PERSON}, **{"If-Match": '"x.9"'}),
        live.send("POST", f"{API}/channels", {"owner": owner, "channel_kind": PERSON, "value": STREET}),
        live.send("GET", f"{API}/persons?q={quote(PERSON)}"),
        live.send("GET", f"{API}/persons?name={quote(NUMBER)}"),
        live.send("POST", f"{API}/persons/{person}/links", {}),
        live.send("GET", f"{API}/persons/{person}/notice"),
    ]
    found = [live.send("GET", f"{API}/{name}")[1] for name in ("persons", "focal-points", "channels", "sites")]
    stranger = [live.send("GET", path, Authorization="")[1] for path in (f"{API}/persons", "/", "/metrics", "/docs")]

    assert {status for status, *_ in refused} >= {200, 422, 428, 412}
    assert [PERSON in found[0], PERSON in found[1], NUMBER in found[2], STREET in found[3]] == [True, True, True, False]
    assert telling({str(at): text.encode() for at, text in enumerate(stranger)}, *KEPT) == []
    assert telling(left_behind(live, database=False), *KEPT) == []
    assert telling(left_behind(live, database=True), PERSON), "the control: the search finds what is kept"


def test_an_export_and_a_table_that_broke_leave_nothing_beside(live: Live) -> None:
    """The database's own words carry values: neither log nor answer repeats them."""
    live.made("persons", full_name=PERSON)
    engine = make_engine(f"sqlite:///{live.folder / 'instance' / 'directory.sqlite3'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE person RENAME COLUMN languages TO tongues")
    try:
        answers = [live.send("POST", f"{API}/persons", {"full_name": PERSON}), live.send("GET", f"{API}/persons")]
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE person RENAME COLUMN tongues TO languages")
        engine.dispose()

    assert {status for status, *_ in answers} == {500}
    assert [text for _, text, _ in answers if PERSON in text] == []
    behind = left_behind(live, database=False)
    assert b'"event":"error"' in behind["log"]
    assert telling(behind, *KEPT, CASE) == []
