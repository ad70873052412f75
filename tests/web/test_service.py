"""What holds for every answer: headers, logs, the document, who may come."""

import hashlib
import json
import logging
import sys
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from directory.errors import Denied
from tests.applications import Configured
from tests.conftest import SECRET_KEY
from tests.web.records import API, answer_json, make, path
from web import assets, docs
from web.errors import render
from web.problems import KINDS
from web.serving import without_values
from web.settings import Settings

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

VENDOR = assets.STATIC / "vendor"


@pytest.mark.parametrize("address", ["/", f"{API}/vocabulary", f"{API}/nothing", "/docs"])
def test_every_answer_is_guarded_and_sets_no_cookie(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "Set-Cookie" not in headers


def test_other_origins_are_not_answered_unless_named(client: FlaskClient) -> None:
    answer = client.get(f"{API}/", headers={"Origin": "https://elsewhere.example"})

    assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_named_origin_is_answered(database_url: str, client: FlaskClient, configured: Configured) -> None:
    origin = "https://partner.example"
    app = configured(Settings(database_url=database_url, secret_key=SECRET_KEY, cors_origins=(origin,)))

    allowed = app.test_client().options(path("organisations"), headers={"Origin": origin}).headers
    other = app.test_client().get(f"{API}/vocabulary", headers={"Origin": "https://elsewhere.example"}).headers

    assert (allowed["Access-Control-Allow-Origin"], allowed["Vary"]) == (origin, "Origin")
    assert "If-Match" in allowed["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Origin" not in other


@pytest.mark.parametrize(
    ("where", "sent", "status", "allowed"),
    [
        (path("organisations"), {"Access-Control-Request-Method": "PATCH"}, 204, True),
        (path("organisations"), {}, 401, True),
        (
            path("organisations"),
            {"Access-Control-Request-Method": "GET", "Origin": "https://other.example"},
            401,
            False,
        ),
        ("/account", {"Access-Control-Request-Method": "GET"}, 405, False),
    ],
)
def test_a_named_origins_browser_asks_first_without_the_key(
    database_url: str, configured: Configured, where: str, sent: dict[str, str], status: int, allowed: bool
) -> None:
    origin = "https://partner.example"
    named = configured(Settings(database_url=database_url, secret_key=SECRET_KEY, cors_origins=(origin,)))
    answer = named.test_client().options(where, headers={"Origin": origin, **sent})
    unasked = named.test_client().get(path("organisations"), headers={"Origin": origin})

    assert (answer.status_code, "Access-Control-Allow-Methods" in answer.headers) == (status, allowed)
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert unasked.status_code == 401


def test_nobody_but_this_machine_is_answered(client: FlaskClient) -> None:
    elsewhere = client.get(f"{API}/", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    by_another_name = client.get(f"{API}/", headers={"Host": "registry.example"})

    assert (elsewhere.status_code, answer_json(elsewhere)["type"]) == (403, "/problems/denied")
    assert by_another_name.status_code == 400


def test_a_match_leaves_no_trace_in_the_log(client: FlaskClient, capsys: pytest.CaptureFixture[str]) -> None:
    asked = {"near": {"place": "Umlazi"}, "needs": ["forensic_exam"], "party": [{"age": 15}], "secretly": "Thandi"}
    client.post(f"{API}/matches?case=4711", json=asked)
    client.get(f"{API}/places?q=Umlazi")

    logged = capsys.readouterr().err
    lines = [json.loads(line) for line in logged.splitlines()]

    assert [sorted(line) for line in lines] == [["at", "event", "method", "ms", "route", "status"]] * 2
    assert all(isinstance(line["ms"], float) for line in lines)
    assert [[line[name] for name in ("event", "method", "route", "status")] for line in lines] == [
        ["request", "POST", f"{API}/matches", 422],
        ["request", "GET", f"{API}/places", 200],
    ]


def test_an_unforeseen_error_tells_the_log_where_and_nobody_what(
    app: Flask, client: FlaskClient, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("Thandi, +27821234567")

    monkeypatch.setattr("directory.services.listing.page", fail)
    answer = client.get(path("organisations"))

    assert answer_json(answer) == {"type": "/problems/internal", "title": KINDS["internal"].title, "status": 500}
    logged = capsys.readouterr().err
    assert "RuntimeError" in logged
    assert "Thandi" not in logged


def test_a_commit_that_fails_is_a_problem_and_nothing_is_written(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("sqlalchemy.orm.Session.commit", _locked)
        answer = client.post(path("organisations"), json={"name": "Haven"})

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert answer_json(client.get(path("organisations")))["total"] == 0


def _locked(_session: object) -> None:
    raise OperationalError("COMMIT", {}, Exception("database is locked"))


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (StaleDataError(), 412),
        (IntegrityError("INSERT", {}, Exception("unique")), 409),
        (OperationalError("SELECT", {}, Exception("no such table")), 500),
        (Denied("no"), 403),
        (KeyError("x"), 500),
    ],
)
def test_errors_have_one_status_each(app: Flask, error: Exception, status: int) -> None:
    with app.test_request_context():
        assert render(error).status_code == status


def test_an_unmigrated_database_is_not_ready(database_url: str, configured: Configured, tmp_path: Path) -> None:
    empty = configured(Settings(database_url=f"sqlite:///{tmp_path / 'empty.sqlite3'}", secret_key=SECRET_KEY))

    answer = empty.test_client().get("/readyz")

    assert (answer.status_code, empty.test_client().get("/healthz").status_code) == (503, 200)


def test_the_document_that_is_served_is_what_the_code_says(app: Flask, client: FlaskClient) -> None:
    served = client.get("/openapi.json").text

    assert served == docs.as_text(app)
    assert json.loads(served)["openapi"] == "3.1.0"


def test_every_group_of_the_document_has_operations_and_every_operation_a_group(client: FlaskClient) -> None:
    told = answer_json(client.get("/openapi.json"))
    used = {tag for path in told["paths"].values() for one in path.values() if "tags" in one for tag in one["tags"]}

    assert {one["name"] for one in told["tags"] if one["description"]} == used


def test_the_page_reads_everything_from_here(client: FlaskClient) -> None:
    page = client.get("/docs").text

    assert "://" not in page
    assert "<script>" not in page
    for asset in ("vendor/swagger-ui/swagger-ui-bundle.js", "vendor/swagger-ui/swagger-ui.css", "docs.js"):
        assert f"/static/{asset}" in page
        with client.get(f"/static/{asset}") as answer:
            assert answer.status_code == 200


def test_every_type_of_problem_has_its_page(client: FlaskClient) -> None:
    listed = client.get("/problems").text

    assert [kind.uri for kind in KINDS.values() if client.get(kind.uri).status_code != 200] == []
    assert [kind.uri for kind in KINDS.values() if kind.uri not in listed] == []
    assert client.get("/problems/other").status_code == 404


def test_vendored_files_are_what_their_list_says(client: FlaskClient) -> None:
    lines = (VENDOR / "CHECKSUMS").read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, name in (line.split(maxsplit=1) for line in lines)}
    found = {file.relative_to(VENDOR).as_posix(): file for file in VENDOR.rglob("*") if file.is_file()}

    assert set(found) - {"CHECKSUMS"} == set(listed)
    assert {name: hashlib.sha256(found[name].read_bytes()).hexdigest() for name in listed} == listed


def test_a_record_made_is_there_for_another_application(
    database_url: str, client: FlaskClient, configured: Configured
) -> None:
    made = make(client, "organisations")
    other = configured(Settings(database_url=database_url, secret_key=SECRET_KEY))
    key = {"Authorization": client.environ_base["HTTP_AUTHORIZATION"]}

    assert other.test_client().get(f"{path('organisations')}/{made['id']}", headers=key).status_code == 200


@pytest.mark.parametrize(
    ("message", "given"),
    [
        ("Invalid request from ip=127.0.0.1: Invalid HTTP request line: 'Zanele Dube'", ()),
        ("Error handling request %s %s", ("GET", "/places?q=Zanele")),
        (ValueError("Zanele"), ()),
    ],
)
def test_the_server_below_says_what_went_wrong_and_of_what_nothing(
    database_url: str, message: object, given: tuple[str, ...]
) -> None:
    try:
        raise LookupError("Zanele")
    except LookupError:
        record = logging.LogRecord("gunicorn", logging.ERROR, __file__, 1, message, given, sys.exc_info())
    assert without_values(record)
    said = logging.Formatter().format(record)

    assert "Zanele" not in said
    assert said.startswith(("Invalid request", "Error handling request", "ValueError"))
    assert said.endswith("LookupError")
