"""One's own account: sessions and devices ended, password and second factor changed."""

import re
from typing import Any

import pyotp
import pytest
from flask import Flask

from directory.services import guards
from tests.conftest import Clock
from tests.web.browsing import Browser, enlisted
from tests.web.people import code
from tests.web.test_signing_in import is_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NEW = "four words of no kin"


@pytest.fixture
def auditor(app: Flask) -> dict[str, Any]:
    return enlisted(app, "auditor")


@pytest.fixture
def here(app: Flask, auditor: dict[str, Any], clock: Clock) -> Browser:
    made = Browser(app)
    made.sign_in(auditor, clock)
    clock.advance(minutes=1)
    return made


@pytest.fixture
def there(app: Flask, here: Browser, auditor: dict[str, Any], clock: Clock) -> Browser:
    made = Browser(app)
    made.sign_in(auditor, clock)
    clock.advance(minutes=1)
    return made


def ids(page: str, what: str) -> list[str]:
    return re.findall(rf'action="/account/{what}/([0-9a-f-]+)/', page)


def test_one_ends_a_session_elsewhere(here: Browser, there: Browser) -> None:
    found = ids(here.read("/account").text, "sessions")
    here.send(f"/account/sessions/{found[0]}/end", seen="/account")

    assert len(found) == 1
    assert (is_in(here), is_in(there)) == (True, False)


def test_a_forgotten_device_is_a_strangers(
    app: Flask, here: Browser, there: Browser, auditor: dict[str, Any], clock: Clock
) -> None:
    assert here.read("/account").text.count("<strong>This one</strong>") == 1
    for one in ids(here.read("/account").text, "devices"):
        assert here.send(f"/account/devices/{one}/forget", seen="/account").status_code == 303
    stranger = Browser(app)
    for _ in range(guards.MOST):
        stranger.sign_in(auditor, clock, password="a guess, and wrong")

    assert ids(here.read("/account").text, "devices") == []
    assert there.sign_in(auditor, clock).status_code == 422


def test_nobody_ends_what_is_anothers(app: Flask, here: Browser, there: Browser, clock: Clock) -> None:
    page = here.read("/account").text
    other = Browser(app)
    other.sign_in(enlisted(app, "disclosure"), clock)
    session = other.send(f"/account/sessions/{ids(page, 'sessions')[0]}/end", seen="/account")
    device = other.send(f"/account/devices/{ids(page, 'devices')[0]}/forget", seen="/account")

    assert (session.status_code, device.status_code) == (403, 404)
    assert is_in(there)
    assert len(ids(here.read("/account").text, "devices")) == 2


def test_another_password_holds_and_ends_the_other_sessions(
    here: Browser, there: Browser, auditor: dict[str, Any], clock: Clock
) -> None:
    answer = here.send("/account/password", {"current": auditor["password"], "new": NEW}, seen="/account/password")

    assert answer.headers["Location"] == "/account?changed=password"
    assert "Your password is changed." in here.read("/account?changed=password").text
    assert (is_in(here), is_in(there)) == (True, False)
    assert there.sign_in(auditor, clock).status_code == 422
    assert there.sign_in(auditor, clock, password=NEW).status_code == 303


@pytest.mark.parametrize(
    "given", [{"current": "wrong", "new": NEW}, {"new": "short"}, {"new": "an auditor-1 with more"}, {}]
)
def test_a_password_that_will_not_do_is_refused_with_the_reason(
    here: Browser, auditor: dict[str, Any], clock: Clock, given: dict[str, str]
) -> None:
    form = {"current": auditor["password"], **given}
    answer = here.send("/account/password", form, seen="/account/password")

    assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)
    assert NEW not in answer.text
    assert here.sign_in(auditor, clock).status_code == 303


def test_a_session_left_open_guesses_no_password(here: Browser, auditor: dict[str, Any]) -> None:
    for _ in range(guards.MOST):
        here.send("/account/password", {"current": "a guess", "new": NEW}, seen="/account/password")
    answer = here.send("/account/password", {"current": auditor["password"], "new": NEW}, seen="/account/password")

    assert answer.status_code == 403


def offered(browser: Browser) -> str:
    page = browser.read("/account/second-factor").text
    assert 'src="data:image/svg+xml' in page
    secret = re.search(r"Key: <code>([A-Z2-7]{32})</code>", page)
    assert secret is not None
    return secret[1]


def sent(browser: Browser, form: dict[str, str]) -> int:
    """The form, with the token of another page, so that the key that was offered stays."""
    return browser.send("/account/second-factor", form, seen="/account").status_code


def test_another_second_factor_holds_and_ends_the_other_sessions(
    here: Browser, there: Browser, auditor: dict[str, Any], clock: Clock
) -> None:
    secret = offered(here)
    form = {"password": auditor["password"], "former": code(auditor, clock), "code": pyotp.TOTP(secret).at(clock.now)}

    assert sent(here, form) == 303
    assert (is_in(here), is_in(there)) == (True, False)
    clock.advance(minutes=1)
    assert there.sign_in(auditor, clock).status_code == 422
    assert there.sign_in({**auditor, "totp_secret": secret}, clock).status_code == 303


@pytest.mark.parametrize("wrong", [{"password": "another"}, {"former": "000000"}, {"former": ""}, {"code": "000000"}])
def test_a_second_factor_is_not_changed_without_password_and_both_codes(
    here: Browser, auditor: dict[str, Any], clock: Clock, wrong: dict[str, str]
) -> None:
    secret = offered(here)
    form = {"password": auditor["password"], "former": code(auditor, clock), "code": pyotp.TOTP(secret).at(clock.now)}

    assert sent(here, {**form, **wrong}) == 422
    clock.advance(minutes=1)
    assert here.sign_in(auditor, clock).status_code == 303


def test_a_key_that_was_not_offered_is_not_taken(here: Browser, auditor: dict[str, Any], clock: Clock) -> None:
    secret = pyotp.random_base32()
    form = {"password": auditor["password"], "former": code(auditor, clock), "code": pyotp.TOTP(secret).at(clock.now)}

    assert sent(here, {**form, "secret": secret}) == 303
    clock.advance(minutes=1)
    assert here.sign_in(auditor, clock).status_code == 303


def test_who_needs_no_second_factor_may_have_one(app: Flask, client: Any, clock: Clock) -> None:
    organisation = client.post("/api/v1/organisations", json={"name": "Haven"}).get_json()["id"]
    caseworker, theirs = enlisted(app, "caseworker", organisation_id=organisation), Browser(app)
    theirs.sign_in(caseworker, clock)
    secret = offered(theirs)
    form = {"password": caseworker["password"], "code": pyotp.TOTP(secret).at(clock.now)}

    assert sent(theirs, form) == 303
    clock.advance(minutes=1)
    assert theirs.sign_in(caseworker, clock).status_code == 422
    assert theirs.sign_in({**caseworker, "totp_secret": secret}, clock).status_code == 303
