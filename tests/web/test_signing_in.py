"""Signing in and out over HTTP: cookies, forms, sessions, tries that fail."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from directory.models.access import Device, LoginSession
from directory.services import guards, passwords
from tests.applications import Configured
from tests.conftest import SECRET_KEY, Clock
from tests.web.browsing import CSRF, ORIGIN, Browser, enlisted
from tests.web.people import code
from tests.web.records import API
from web.pages.signing_in import way_back
from web.settings import Settings

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PUBLIC = "https://directory.example"
FAILED = "That did not work."


@pytest.fixture
def coordinator(app: Flask) -> dict[str, Any]:
    return enlisted(app, "coordinator")


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app)


def is_in(browser: Browser) -> bool:
    return browser.read("/start").status_code == 200


def test_name_password_and_code_open_the_start_page(
    browser: Browser, coordinator: dict[str, Any], clock: Clock
) -> None:
    answer = browser.sign_in(coordinator, clock)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/start")
    assert is_in(browser)


@pytest.mark.parametrize(
    "wrong", [{"password": "another one, long"}, {"code": ""}, {"code": "000000"}, {"username": "nobody"}]
)
def test_whatever_is_wrong_is_answered_alike(
    app: Flask, browser: Browser, coordinator: dict[str, Any], clock: Clock, wrong: dict[str, str]
) -> None:
    answer = browser.sign_in(coordinator, clock, **wrong)
    known = Browser(app).sign_in(coordinator, clock, password="wrong in another way")

    assert (answer.status_code, FAILED in answer.text) == (422, True)
    assert _without_what_was_typed(answer) == _without_what_was_typed(known)
    assert not is_in(browser)


def _without_what_was_typed(answer: TestResponse) -> str:
    text = CSRF.sub("", answer.text)
    return text.replace('value="nobody"', "").replace('value="coordinator-1"', "")


def test_the_same_work_is_done_for_known_and_unknown(
    app: Flask, coordinator: dict[str, Any], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    verify = passwords.HASHER.verify

    def noted(_self: object, kept: str, given: bytes) -> bool:
        checked.append(kept)
        return verify(kept, given)

    monkeypatch.setattr(type(passwords.HASHER), "verify", noted)
    for username in ("coordinator-1", "nobody"):
        Browser(app).sign_in(coordinator, clock, username=username, password="a wrong password")

    assert len(checked) == 2
    assert len({kept.rpartition("$")[0].rpartition("$")[0] for kept in checked}) == 1


def test_cookies_on_this_machine_are_plain(browser: Browser, coordinator: dict[str, Any], clock: Clock) -> None:
    set_by = browser.sign_in(coordinator, clock).headers.getlist("Set-Cookie")

    assert browser.cookies() == {"session", "device"}
    for one in set_by:
        assert "HttpOnly" in one
        assert "SameSite=Lax" in one
        assert "Path=/" in one
        assert "Secure" not in one
        assert "Domain" not in one
    assert [("Max-Age" in one, one.partition("=")[0]) for one in set_by] == [(True, "device"), (False, "session")]


@pytest.fixture
def at_public_url(configured: Configured, database_url: str, clock: Clock) -> Flask:
    return configured(Settings(database_url=database_url, secret_key=SECRET_KEY, clock=clock, public_url=PUBLIC))


def test_cookies_elsewhere_travel_by_tls_to_this_host_alone(
    at_public_url: Flask, coordinator: dict[str, Any], clock: Clock
) -> None:
    theirs = Browser(at_public_url, PUBLIC)
    set_by = theirs.sign_in(coordinator, clock).headers.getlist("Set-Cookie")

    assert theirs.cookies() == {"__Host-session", "__Host-device"}
    assert all("Secure" in one and "HttpOnly" in one and "Path=/" in one and "Domain" not in one for one in set_by)
    assert is_in(theirs)


@pytest.mark.parametrize("origin", ["http://directory.example", "http://localhost", "https://localhost"])
def test_nobody_signs_in_elsewhere_than_at_the_public_address(
    at_public_url: Flask, coordinator: dict[str, Any], clock: Clock, origin: str
) -> None:
    theirs = Browser(at_public_url, PUBLIC)
    token = CSRF.search(theirs.read("/sign-in").text)
    assert token is not None
    form = {"csrf_token": token[1], "username": "coordinator-1", "password": coordinator["password"]}
    answer = theirs.post("/sign-in", {**form, "code": code(coordinator, clock)}, Origin=origin)

    assert answer.status_code == 403


def test_by_another_name_without_tls_there_is_no_page(app: Flask) -> None:
    answer = app.test_client().get("/sign-in", base_url="http://directory.example")

    assert (answer.status_code, answer.headers.get("Set-Cookie")) == (400, None)


@pytest.mark.parametrize(
    "sent",
    [
        {"Origin": ""},
        {"Origin": "null"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "http://localhost:8001"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
def test_a_form_from_elsewhere_is_refused(
    browser: Browser, coordinator: dict[str, Any], clock: Clock, sent: dict[str, str]
) -> None:
    browser.sign_in(coordinator, clock)
    answer = browser.send("/sign-out", seen="/account", **sent)

    assert (answer.status_code, is_in(browser)) == (403, True)


@pytest.mark.parametrize("token", [None, "", "made-up", "other"])
def test_a_form_without_its_token_is_refused(
    app: Flask, browser: Browser, coordinator: dict[str, Any], clock: Clock, token: str | None
) -> None:
    browser.sign_in(coordinator, clock)
    others = CSRF.search(Browser(app).read("/sign-in").text)
    assert others is not None
    given = {} if token is None else {"csrf_token": others[1] if token == "other" else token}
    answer = browser.post("/sign-out", given)

    assert (answer.status_code, is_in(browser)) == (403, True)


def test_a_token_in_a_header_will_do(browser: Browser, coordinator: dict[str, Any], clock: Clock) -> None:
    browser.sign_in(coordinator, clock)
    token = CSRF.search(browser.read("/account").text)
    assert token is not None
    answer = browser.post("/sign-out", {}, X_CSRFToken=token[1])

    assert (answer.status_code, is_in(browser)) == (303, False)


def test_signing_in_needs_a_token_too(browser: Browser, coordinator: dict[str, Any], clock: Clock) -> None:
    form = {"username": coordinator["username"], "password": coordinator["password"], "code": code(coordinator, clock)}

    assert (browser.post("/sign-in", form).status_code, is_in(browser)) == (403, False)


def test_a_session_from_before_signing_in_opens_nothing(
    app: Flask, browser: Browser, coordinator: dict[str, Any], clock: Clock
) -> None:
    token = CSRF.search(browser.read("/sign-in").text)
    before = browser.client.get_cookie("session")
    browser.sign_in(coordinator, clock)
    after = browser.client.get_cookie("session")
    planted = Browser(app)
    assert before is not None
    assert after is not None
    assert token is not None
    planted.client.set_cookie("session", before.value)

    assert before.value != after.value
    assert not is_in(planted)
    assert browser.post("/sign-out", {"csrf_token": token[1]}).status_code == 403


def test_signing_in_again_ends_the_session_there_was(
    app: Flask, browser: Browser, coordinator: dict[str, Any], clock: Clock
) -> None:
    browser.sign_in(coordinator, clock)
    first = browser.client.get_cookie("session")
    clock.advance(minutes=1)
    browser.sign_in(coordinator, clock)
    old = Browser(app)
    assert first is not None
    old.client.set_cookie("session", first.value)

    assert (is_in(browser), is_in(old)) == (True, False)


def test_signing_out_ends_the_session_on_the_server(
    app: Flask, browser: Browser, coordinator: dict[str, Any], clock: Clock
) -> None:
    browser.sign_in(coordinator, clock)
    kept = browser.client.get_cookie("session")
    answer = browser.send("/sign-out", seen="/account")
    thief = Browser(app)
    assert kept is not None
    thief.client.set_cookie("session", kept.value)

    assert answer.headers["Location"] == "/sign-in"
    assert (is_in(browser), is_in(thief)) == (False, False)


def test_an_ended_session_is_out_with_the_next_request_of_every_worker(
    database_url: str, client: FlaskClient, coordinator: dict[str, Any], clock: Clock, configured: Configured
) -> None:
    other = configured(Settings(database_url=database_url, secret_key=SECRET_KEY, clock=clock))
    there = Browser(other)
    there.sign_in(coordinator, clock)
    before = is_in(there)
    version = client.get(f"{API}/users/{coordinator['id']}").headers["ETag"]
    closed = client.delete(f"{API}/users/{coordinator['id']}", headers={"If-Match": version})

    assert (before, closed.status_code, is_in(there)) == (True, 204, False)


def test_a_suspended_organisations_people_are_out_with_the_next_request(
    app: Flask, client: FlaskClient, holder: Any, clock: Clock
) -> None:
    organisation = client.post(f"{API}/organisations", json={"name": "Haven"}).get_json()["id"]
    manager = enlisted(app, "partner_manager", organisation_id=organisation)
    theirs = Browser(app)
    theirs.sign_in(manager, clock)
    before = is_in(theirs)
    suspended = holder("coordinator").post(
        f"{API}/organisations/{organisation}/suspensions", json={"code": "safeguarding"}
    )

    assert (before, suspended.status_code, is_in(theirs)) == (True, 201, False)
    assert FAILED in Browser(app).sign_in(manager, clock).text


def test_idleness_and_half_a_day_end_a_session(browser: Browser, coordinator: dict[str, Any], clock: Clock) -> None:
    browser.sign_in(coordinator, clock)
    used = []
    for _ in range(13):
        clock.advance(minutes=55)
        used.append(is_in(browser))
    clock.advance(minutes=6)
    out = is_in(browser)
    browser.sign_in(coordinator, clock)
    clock.advance(minutes=61)

    assert (used, out, is_in(browser)) == ([True] * 13, False, False)


def test_strangers_lock_strangers_out_and_no_enrolled_device(
    app: Flask, browser: Browser, coordinator: dict[str, Any], clock: Clock
) -> None:
    browser.sign_in(coordinator, clock)
    browser.send("/sign-out", seen="/account")
    stranger = Browser(app)
    for _ in range(guards.MOST):
        stranger.sign_in(coordinator, clock, password="a guess, and wrong")
    clock.advance(minutes=1)

    assert stranger.sign_in(coordinator, clock).status_code == 422
    assert browser.sign_in(coordinator, clock).status_code == 303


def test_two_people_share_a_device_and_it_knows_both(
    app: Flask, browser: Browser, coordinator: dict[str, Any], clock: Clock
) -> None:
    others = enlisted(app, "auditor")
    for who in (coordinator, others, coordinator, others):
        clock.advance(minutes=1)
        assert browser.sign_in(who, clock).status_code == 303
    with app.extensions["registry"].within(write=False) as session:
        assert session.scalar(select(func.count()).select_from(Device)) == 2
    stranger = Browser(app)
    for _ in range(guards.MOST):
        stranger.sign_in(coordinator, clock, password="a guess, and wrong")
    clock.advance(minutes=1)

    assert browser.sign_in(coordinator, clock).status_code == 303


def test_who_is_led_to_sign_in_comes_back(browser: Browser, coordinator: dict[str, Any], clock: Clock) -> None:
    led = browser.read("/account?changed=password")
    shown = browser.read(led.headers["Location"])

    assert led.headers["Location"] == "/sign-in?next=%2Faccount%3Fchanged%3Dpassword"
    assert 'name="next" value="/account?changed=password"' in shown.text
    answer = browser.sign_in(coordinator, clock, next="/account?changed=password")
    assert answer.headers["Location"] == "/account?changed=password"


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example/",
        "//evil.example/account",
        "/\\evil.example",
        "\\\\evil.example",
        "/account\r\nX: y",
        "/account?x=\r\nX: y",
        "javascript:alert(1)",
        "account",
        "/docs",
        "/sign-in",
        "/sign-out",
        f"{API}/me",
        "/account/../../evil",
        "///account",
        "http:account",
        "",
    ],
)
def test_nobody_is_led_elsewhere(
    app: Flask, browser: Browser, coordinator: dict[str, Any], clock: Clock, to: str
) -> None:
    with app.test_request_context():
        assert way_back(to) == ""
        assert way_back("/account?changed=password") == "/account?changed=password"
    answer = browser.sign_in(coordinator, clock, next=to)

    assert answer.headers["Location"] == "/start"


def test_the_api_neither_honours_nor_sets_a_cookie(
    app: Flask, browser: Browser, coordinator: dict[str, Any], clock: Clock
) -> None:
    browser.sign_in(coordinator, clock)
    answers = [browser.client.get(where, base_url=ORIGIN) for where in (f"{API}/me", f"{API}/organisations", f"{API}/")]

    assert [one.status_code for one in answers] == [401, 401, 200]
    assert [one.headers.getlist("Set-Cookie") for one in answers] == [[], [], []]
    assert ["Cookie" in one.headers.get("Vary", "") for one in answers] == [False] * 3


def test_pages_honour_no_key(client: FlaskClient) -> None:
    assert client.get("/start").headers["Location"] == "/sign-in?next=%2Fstart"


def test_sessions_are_kept_hashed_and_the_cookie_cannot_be_forged(
    app: Flask, browser: Browser, coordinator: dict[str, Any], clock: Clock
) -> None:
    browser.sign_in(coordinator, clock)
    kept = browser.client.get_cookie("session")
    assert kept is not None
    with app.extensions["registry"].within(write=False) as session:
        hashes = list(session.scalars(select(LoginSession.token_hash)))
    forger = Browser(app)
    front, _, signature = kept.value.rpartition(".")
    forger.client.set_cookie("session", f"{front}.{'B' if signature.startswith('A') else 'A'}{signature[1:]}")

    assert len(hashes) == 1
    assert hashes[0] not in kept.value
    assert not is_in(forger)


def test_nothing_typed_is_logged(
    browser: Browser, coordinator: dict[str, Any], clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    browser.sign_in(coordinator, clock)
    browser.read("/account?changed=password")
    logged = capsys.readouterr().err

    assert "/account" in logged
    assert [word for word in (coordinator["password"], coordinator["username"], "changed") if word in logged] == []
