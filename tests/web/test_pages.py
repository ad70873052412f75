"""The ground of every page: who may read it, what it carries, how little it weighs."""

import gzip
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import SECRET_KEY, Clock
from tests.web.browsing import Browser, enlisted
from tests.web.domains import LIMPOPO, settle
from tests.web.records import API, answer_json
from web import assets, html, matrix
from web.app import create_app
from web.matrix import ROLES
from web.page import Page
from web.settings import Settings

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FIRST_LOAD_BYTES, LATER_BYTES = 100_000, 20_000
NOBODY = "00000000-0000-4000-8000-000000000000"
LANDMARKS = ('href="#main"', '<main class="container" id="main"', "<header", "<footer", "data-leave", '<html lang="en"')
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:|hx-on|hx-vals=['\"]js", re.IGNORECASE)


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app)


def somebody(app: Flask, client: FlaskClient, role: Any, clock: Clock) -> Browser:
    """Somebody of a role, signed in; nobody for who has no account."""
    made = Browser(app)
    if role in ("anonymous", "app"):
        return made
    given: dict[str, Any] = {}
    if role in ("caseworker", "partner_manager", "unit_manager"):
        home = settle(client, LIMPOPO)
        given = {"organisation_id": home.ids["organisations"]}
        given |= {"department_id": home.ids["departments"]} if role == "unit_manager" else {}
    assert made.sign_in(enlisted(app, role, **given), clock).status_code == 303
    return made


def address(rule: str) -> str:
    return re.sub(r"<(?:\w+:)?\w+>", NOBODY, rule)


@pytest.mark.parametrize("role", ROLES)
def test_every_page_answers_each_role_as_documented(app: Flask, client: FlaskClient, clock: Clock, role: str) -> None:
    reading, wrong = somebody(app, client, role, clock), []
    token = cache(reading.token)
    for rule in matrix.page_rules(app):
        page, grant = rule.page, rule.grants[role]  # type: ignore[index]
        if page.id == "sign_out" and grant != "unauthenticated":
            continue
        where = address(page.rule)
        seen = "/sign-in" if grant in ("unauthenticated", "open") else "/account"
        answer = reading.read(where) if page.method == "GET" else reading.post(where, {"csrf_token": token(seen)})
        led = answer.status_code == 303 and answer.headers["Location"].startswith("/sign-in")
        if led != (grant == "unauthenticated") or (answer.status_code == 403) != (grant == "denied"):
            wrong.append((page.method, page.rule, grant, answer.status_code))
        assert answer.status_code < 500

    assert wrong == []


def test_a_page_has_a_policy_of_the_table(database_url: str) -> None:
    given: dict[str, Any] = {"rule": "/x", "id": "x"}
    with pytest.raises(TypeError):
        Page(**given)
    with pytest.raises(ValueError, match="no policy"):
        Page(**given, policy="whatever")
    with pytest.raises(ValueError, match="navigation"):
        Page(**given, policy="holder", method="POST", menu="X")


def test_a_page_that_declares_nothing_stops_the_server_from_starting(
    monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    monkeypatch.setattr("web.pages.front.init_app", lambda app: app.add_url_rule("/back", "pages.back", lambda: "in"))
    with pytest.raises(matrix.Undeclared, match="/back"):
        create_app(Settings(database_url=database_url, secret_key=SECRET_KEY))


def test_a_denied_page_is_in_words_and_in_the_audit(
    app: Flask, client: FlaskClient, clock: Clock, holder: Callable[..., FlaskClient]
) -> None:
    theirs = somebody(app, client, "coordinator", clock)
    answer = theirs.read("/audit")

    assert (answer.status_code, answer.mimetype) == (403, "text/html")
    assert "You may not do this" in answer.text
    assert "/audit" not in theirs.read("/start").text
    entries = answer_json(holder("auditor").get(f"{API}/audit?action=denied"))["items"]
    assert [(one["role"], one["details"]) for one in entries] == [("coordinator", ["action:audit.read"])]
    assert "/audit" in somebody(app, client, "auditor", clock).read("/start").text


PAGES = ["/sign-in", "/start", "/account", "/account/password", "/account/second-factor", "/nothing"]


@pytest.mark.parametrize("where", PAGES)
def test_every_page_is_guarded_kept_by_nobody_and_says_little(
    app: Flask, client: FlaskClient, clock: Clock, where: str
) -> None:
    answer = somebody(app, client, "coordinator", clock).read(where)

    assert answer.mimetype == "text/html"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Security-Policy"] == html.CONTENT_POLICY
    assert "unsafe" not in html.CONTENT_POLICY
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Permissions-Policy"] == "camera=(), geolocation=(self), microphone=()"
    assert "<title>Directory</title>" in answer.text
    assert INLINE.findall(answer.text) == []
    assert [one for one in LANDMARKS if one not in answer.text] == []


@pytest.mark.parametrize("text", ["<script>x", '<p onclick="x">', '<p style="x">', "<style>"])
def test_what_runs_or_styles_inline_would_be_found(database_url: str, text: str) -> None:
    assert INLINE.search(text)


def test_a_page_is_light(app: Flask, client: FlaskClient, clock: Clock) -> None:
    theirs = somebody(app, client, "coordinator", clock)
    page = theirs.read("/account", Accept_Encoding="gzip")
    linked = re.findall(r'(?:src|href)="(/static/[^"]+)"', gzip.decompress(page.data).decode())
    weights = {one: len(theirs.read(one, Accept_Encoding="gzip").data) for one in linked}

    assert len(linked) == 4
    assert len(page.data) < LATER_BYTES
    assert len(page.data) + sum(weights.values()) < FIRST_LOAD_BYTES


def test_what_a_stranger_makes_a_browser_ask_for_tells_nothing_by_its_length(
    app: Flask, client: FlaskClient, clock: Clock
) -> None:
    theirs = somebody(app, client, "coordinator", clock)
    ours = theirs.read("/account", Accept_Encoding="gzip")
    led = theirs.read("/account", Accept_Encoding="gzip", Sec_Fetch_Site="cross-site")

    assert [one.headers.get("Content-Encoding") for one in (ours, led)] == ["gzip", None]


def test_an_asset_is_kept_for_good_by_its_content_alone(stranger: FlaskClient) -> None:
    by_content = stranger.get(assets.address("pages.css"))
    by_name = stranger.get("/static/pages.css")
    by_another = stranger.get("/static/pages.css?v=0000000000000000")
    again = stranger.get("/static/pages.css", headers={"If-None-Match": by_name.headers["ETag"]})

    assert by_content.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert by_name.headers["Cache-Control"] == by_another.headers["Cache-Control"] == "public, max-age=3600"
    assert (by_content.headers["Content-Type"], again.status_code) == ("text/css; charset=utf-8", 304)


@pytest.mark.parametrize("path", ["../app.py", "%2e%2e/app.py", "vendor", "vendor/../../app.py", "no.css"])
def test_nothing_else_is_an_asset(stranger: FlaskClient, path: str) -> None:
    assert stranger.get(f"/static/{path}").status_code == 404


def test_an_asset_that_is_not_there_is_named_by_no_page(database_url: str) -> None:
    with pytest.raises(KeyError):
        assets.address("no.css")


@pytest.mark.parametrize(
    ("accept", "status"), [("text/html,*/*;q=0.8", 303), ("*/*", 200), ("application/json", 200), ("", 200)]
)
def test_the_root_is_a_page_for_people_and_an_index_for_programs(
    stranger: FlaskClient, accept: str, status: int
) -> None:
    answer = stranger.get("/", headers={"Accept": accept})

    assert answer.status_code == status
    assert "Accept" in answer.headers["Vary"]
    if status == 200:
        assert answer_json(answer)["links"]["openapi"] == "/openapi.json"
    else:
        assert answer.headers["Location"] == "/sign-in"


def test_the_root_leads_who_is_signed_in_to_the_start(app: Flask, client: FlaskClient, clock: Clock) -> None:
    assert somebody(app, client, "coordinator", clock).read("/").headers["Location"] == "/start"


def test_errors_are_pages_for_people_and_problems_on_the_api(stranger: FlaskClient) -> None:
    told = {
        where: stranger.get(where, headers={"Accept": accept}).mimetype
        for where, accept in (("/nothing", "text/html"), (f"{API}/nothing", "text/html"), ("/nothing ", "*/*"))
    }

    assert list(told.values()) == ["text/html", "application/problem+json", "application/problem+json"]


def test_a_fragment_is_led_to_sign_in_as_a_whole(browser: Browser) -> None:
    answer = browser.read("/start", HX_Request="true")

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in")


def test_what_breaks_is_told_without_its_words(
    app: Flask, client: FlaskClient, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("Thandi")

    theirs = somebody(app, client, "coordinator", clock)
    monkeypatch.setattr("directory.services.own_secrets.devices", fail)
    answer = theirs.read("/account")

    assert (answer.status_code, answer.mimetype, "Thandi" in answer.text) == (500, "text/html", False)
    assert "Something broke here" in answer.text
