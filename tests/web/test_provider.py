"""Signing in with an outside provider: who is let in, and what is not believed."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from directory.models.access import Account, LoginSession
from directory.permissions import LOCAL
from directory.services import guards, identities
from directory.services.identities import Vouched
from tests.conftest import SECRET_KEY, Clock
from tests.web.browsing import Browser, enlisted
from tests.web.issuer import CLIENT, SECRET, Issuer, issuer
from tests.web.people import code
from tests.web.records import API, answer_json
from tests.web.test_signing_in import is_in
from web.app import create_app
from web.provider import NAME
from web.settings import Provider, Settings, Unsafe, from_environment

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
START = "/sign-in/provider"
REFUSED = "/sign-in?refused=1"


@pytest.fixture(scope="module")
def _running() -> Iterator[Issuer]:
    with issuer() as made:
        yield made


@pytest.fixture
def provider(_running: Issuer) -> Issuer:
    _running.forget()
    return _running


@pytest.fixture
def known(provider: Issuer) -> Provider:
    return Provider(issuer=provider.base, client_id=CLIENT, client_secret=SECRET)


Made = Callable[..., Flask]


@pytest.fixture(scope="module")
def _applications() -> dict[Provider, Flask]:
    return {}


@pytest.fixture
def with_provider(app: Flask, known: Provider, _applications: dict[Provider, Flask]) -> Made:
    """The application with the provider, put together once for all tests whose settings are alike."""

    def build(**given: Any) -> Flask:
        wanted = replace(known, **given)
        if wanted not in _applications:
            _applications[wanted] = create_app(
                Settings(database_url="sqlite://", secret_key=SECRET_KEY, provider=wanted)
            )
        made = _applications[wanted]
        made.extensions["registry"] = app.extensions["registry"]
        made.extensions["authlib.integrations.flask_client"].create_client(NAME).server_metadata.clear()
        return made

    return build


def bound(app: Flask, provider: Issuer, role: Any, subject: str = "s-1", **given: Any) -> dict[str, Any]:
    """An account, bound to a subject of the provider."""
    who = enlisted(app, role, **given)
    with app.extensions["registry"].within(write=True) as session:
        identities.bind(session, LOCAL, who["username"], Vouched(provider.base, subject))
    return who


def caseworker(app: Flask, client: FlaskClient, provider: Issuer) -> dict[str, Any]:
    organisation = answer_json(client.post(f"{API}/organisations", json={"name": "Haven"}))["id"]
    return bound(app, provider, "caseworker", organisation_id=organisation)


def come_back(browser: Browser, provider: Issuer, **claims: Any) -> TestResponse:
    """To the provider, signed in there, and back."""
    there = browser.read(START).headers["Location"]
    back = provider.sign_in(there, **claims)
    return browser.read(back.removeprefix(browser.origin), Sec_Fetch_Site="cross-site")


def denials(holder: Callable[..., FlaskClient]) -> list[str]:
    entries = answer_json(holder("auditor").get(f"{API}/audit?action=denied"))["items"]
    return [one["details"][1] for one in entries]


def test_without_the_setting_there_is_none(app: Flask) -> None:
    browser = Browser(app)

    assert [browser.read(one).status_code for one in (START, f"{START}/callback?state=x")] == [404, 404]
    assert START not in browser.read("/sign-in").text


def test_who_is_bound_is_let_in(with_provider: Made, client: FlaskClient, provider: Issuer) -> None:
    app = with_provider()
    caseworker(app, client, provider)
    browser = Browser(app)
    answer = come_back(browser, provider)

    assert answer.headers["Location"] == "/start"
    assert is_in(browser)
    assert START in browser.read("/sign-in").text
    assert provider.asked["code_challenge_method"] == "S256"
    assert (provider.asked["scope"], len(provider.asked["nonce"]) >= 20) == ("openid", True)


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"aud": "another"},
        {"aud": "another", "azp": CLIENT},
        {"aud": ["another", "third"]},
        {"aud": None},
        {"exp": int(time.time()) - 600},
        {"exp": None},
        {"iat": int(time.time()) + 6000},
        {"azp": "another"},
        {"sub": None},
        {"sub": ""},
        {"sub": "s" * 300},
        {"sub": 1},
    ],
)
def test_what_is_not_for_us_now_is_not_believed(
    with_provider: Made, client: FlaskClient, provider: Issuer, holder: Any, claims: dict[str, Any]
) -> None:
    app = with_provider()
    caseworker(app, client, provider)
    browser = Browser(app)

    assert come_back(browser, provider, **claims).headers["Location"] == REFUSED
    assert not is_in(browser)
    assert denials(holder) == ["reason:token"]


@pytest.mark.parametrize("fault", ["alg none", "public key as secret", "foreign key", "no token"])
def test_what_is_not_signed_by_the_provider_is_not_believed(
    with_provider: Made, client: FlaskClient, provider: Issuer, holder: Any, fault: str
) -> None:
    app = with_provider()
    caseworker(app, client, provider)
    browser = Browser(app)
    provider.fault = fault

    assert come_back(browser, provider).headers["Location"] == REFUSED
    assert not is_in(browser)
    assert denials(holder) == ["reason:token"]


@pytest.mark.parametrize(
    "about",
    [
        {"issuer": "https://elsewhere.example"},
        {"token_endpoint": "http://elsewhere.example/token"},
        {"jwks_uri": "http://elsewhere.example/jwks"},
        {"authorization_endpoint": None},
    ],
)
def test_a_provider_that_says_it_is_another_is_not_asked(
    with_provider: Made, provider: Issuer, about: dict[str, Any]
) -> None:
    provider.about = about

    assert Browser(with_provider()).read(START).headers["Location"] == REFUSED


def test_a_provider_that_is_out_of_reach_is_told(with_provider: Made) -> None:
    app = with_provider(issuer="http://127.0.0.1:1")

    assert Browser(app).read(START).headers["Location"] == REFUSED


def test_a_state_holds_once_and_in_its_own_browser(with_provider: Made, client: FlaskClient, provider: Issuer) -> None:
    app = with_provider()
    caseworker(app, client, provider)
    first, other = Browser(app), Browser(app)
    back = provider.sign_in(first.read(START).headers["Location"]).removeprefix(first.origin)
    in_another = other.read(back)
    let_in = first.read(back)
    first.send("/sign-out", seen="/account")
    again = first.read(back)
    made_up = first.read(f"{START}/callback?code=x&state=")

    assert [one.headers["Location"] for one in (in_another, let_in, again, made_up)] == [
        REFUSED,
        "/start",
        REFUSED,
        REFUSED,
    ]
    assert not is_in(other)


def test_whoever_is_not_known_is_not_let_in_and_makes_no_account(
    with_provider: Made, provider: Issuer, holder: Any
) -> None:
    app = with_provider()
    enlisted(app, "auditor", "naledi")
    answer = come_back(Browser(app), provider, preferred_username="naledi", email="naledi@a.example")
    with app.extensions["registry"].within(write=False) as session:
        usernames = set(session.scalars(select(Account.username).where(Account.password_hash != "none")))

    assert answer.headers["Location"] == REFUSED
    assert usernames == {"naledi"}
    assert denials(holder) == ["reason:no_account"]


@pytest.mark.parametrize("how", ["closed", "suspended"])
def test_whoever_is_shut_out_is_not_let_in(
    with_provider: Made, client: FlaskClient, provider: Issuer, holder: Any, how: str
) -> None:
    app = with_provider()
    who = caseworker(app, client, provider)
    user = client.get(f"{API}/users/{who['id']}")
    if how == "closed":
        assert client.delete(f"{API}/users/{who['id']}", headers={"If-Match": user.headers["ETag"]}).status_code == 204
    else:
        where = f"{API}/organisations/{answer_json(user)['organisation_id']}/suspensions"
        assert holder("coordinator").post(where, json={"code": "safeguarding"}).status_code == 201
    browser = Browser(app)

    assert come_back(browser, provider).headers["Location"] == REFUSED
    assert denials(holder) == ["reason:no_account" if how == "closed" else "reason:closed"]


def test_a_coordinator_gives_a_code_too(with_provider: Made, provider: Issuer, clock: Clock) -> None:
    app = with_provider()
    who, browser = bound(app, provider, "coordinator"), Browser(app)
    answer = come_back(browser, provider, amr=["mfa"], acr="high")
    before = is_in(browser)
    wrong = browser.send(f"{START}/code", {"code": "000000"}, seen=f"{START}/code")
    empty = browser.send(f"{START}/code", {"code": ""}, seen=f"{START}/code")
    right = browser.send(f"{START}/code", {"code": code(who, clock)}, seen=f"{START}/code")

    assert (answer.headers["Location"], before) == (f"{START}/code", False)
    assert [one.status_code for one in (wrong, empty, right)] == [422, 422, 303]
    assert is_in(browser)


def test_ten_wrong_codes_lock_this_identity_and_nobody_else(
    with_provider: Made, provider: Issuer, holder: Any, clock: Clock
) -> None:
    app = with_provider()
    who, browser = bound(app, provider, "coordinator"), Browser(app)
    come_back(browser, provider)
    for _ in range(guards.MOST):
        browser.send(f"{START}/code", {"code": "000000"}, seen=f"{START}/code")
    locked = browser.send(f"{START}/code", {"code": code(who, clock)}, seen=f"{START}/code")

    assert (locked.status_code, is_in(browser)) == (422, False)
    assert Browser(app).sign_in(who, clock).status_code == 303
    assert denials(holder).count("reason:wrong_code") == guards.MOST
    assert "reason:locked" in denials(holder)


def test_a_code_is_waited_for_five_minutes(with_provider: Made, provider: Issuer, clock: Clock) -> None:
    app = with_provider()
    who, browser = bound(app, provider, "coordinator"), Browser(app)
    come_back(browser, provider)
    clock.advance(minutes=6)

    assert browser.read(f"{START}/code").headers["Location"] == REFUSED
    assert browser.send(f"{START}/code", {"code": code(who, clock)}).headers["Location"] == REFUSED


@pytest.mark.parametrize(
    ("setting", "claims", "let_in"),
    [
        ({"amr": ("mfa",)}, {"amr": ["pwd", "mfa"]}, True),
        ({"amr": ("mfa",)}, {"amr": ["pwd"]}, False),
        ({"amr": ("mfa",)}, {"acr": "mfa"}, False),
        ({"acr": ("high",)}, {"acr": "high"}, True),
        ({"acr": ("high",)}, {"acr": "low"}, False),
        ({"acr": ("high",)}, {}, False),
        ({"acr": ("high",)}, {"amr": ["high"]}, False),
    ],
)
def test_the_provider_may_have_asked_where_the_settings_believe_it(
    with_provider: Made, provider: Issuer, setting: dict[str, Any], claims: dict[str, Any], let_in: bool
) -> None:
    app = with_provider(**setting)
    bound(app, provider, "coordinator")
    browser = Browser(app)
    come_back(browser, provider, **claims)

    assert is_in(browser) == let_in
    with app.extensions["registry"].within(write=False) as session:
        assert list(session.scalars(select(LoginSession.second_factor_at))) == ([None] if let_in else [])


def test_the_first_time_a_user_name_may_do_and_never_again(with_provider: Made, provider: Issuer) -> None:
    app = with_provider(bind_by="preferred_username", amr=("mfa",))
    enlisted(app, "auditor", "naledi")
    said = {"preferred_username": "Naledi", "amr": ["mfa"]}
    first, renamed, taken = (Browser(app) for _ in range(3))
    come_back(first, provider, **said)
    come_back(renamed, provider, **{**said, "preferred_username": "somebody-else"})
    come_back(taken, provider, **said, sub="s-2")

    assert [is_in(one) for one in (first, renamed, taken)] == [True, True, False]
    assert provider.asked["scope"] == "openid profile"


def test_a_user_name_binds_nobody_before_the_code(with_provider: Made, provider: Issuer, clock: Clock) -> None:
    app = with_provider(bind_by="preferred_username")
    who = enlisted(app, "auditor", "naledi")
    thief, owner = Browser(app), Browser(app)
    come_back(thief, provider, preferred_username="naledi", sub="thief")
    thief.send(f"{START}/code", {"code": "000000"}, seen=f"{START}/code")
    come_back(owner, provider, preferred_username="naledi", sub="owner")
    owner.send(f"{START}/code", {"code": code(who, clock)}, seen=f"{START}/code")

    assert [is_in(one) for one in (thief, owner)] == [False, True]


@pytest.mark.parametrize(
    ("claims", "let_in"),
    [
        ({"email": "naledi@haven.example", "email_verified": True}, True),
        ({"email": "naledi@HAVEN.example", "email_verified": True}, True),
        ({"email": "naledi@haven.example", "email_verified": False}, False),
        ({"email": "naledi@haven.example", "email_verified": "true"}, False),
        ({"email": "naledi@haven.example"}, False),
        ({"email": "naledi@elsewhere.example", "email_verified": True}, False),
        ({"email": "naledi", "email_verified": True}, False),
        ({"preferred_username": "naledi"}, False),
    ],
)
def test_a_mailbox_binds_if_it_is_verified_and_of_the_domain(
    with_provider: Made, provider: Issuer, claims: dict[str, Any], let_in: bool
) -> None:
    app = with_provider(bind_by="email", mailbox_domain="haven.example", amr=("mfa",))
    enlisted(app, "auditor", "naledi")
    browser = Browser(app)
    come_back(browser, provider, amr=["mfa"], **claims)

    assert is_in(browser) == let_in


def test_a_reset_unbinds(with_provider: Made, client: FlaskClient, provider: Issuer) -> None:
    app = with_provider(amr=("mfa",))
    who = bound(app, provider, "auditor")
    before, after = Browser(app), Browser(app)
    come_back(before, provider, amr=["mfa"])
    was_in = is_in(before)
    assert client.post(f"{API}/users/{who['id']}/resets", json={}).status_code in (200, 201)
    come_back(after, provider, amr=["mfa"])

    assert (was_in, is_in(before), is_in(after)) == (True, False, False)


def test_who_is_led_away_comes_back_to_a_page_of_ours(
    with_provider: Made, client: FlaskClient, provider: Issuer
) -> None:
    app = with_provider()
    caseworker(app, client, provider)
    landed = []
    for to in ("/account", "https://evil.example/", "//evil.example"):
        browser = Browser(app)
        back = provider.sign_in(browser.read(f"{START}?next={to}").headers["Location"])
        landed.append(browser.read(back.removeprefix(browser.origin)).headers["Location"])

    assert landed == ["/account", "/start", "/start"]


@pytest.mark.parametrize(
    "given",
    [
        {"OIDC_ISSUER": "http://provider.example"},
        {"OIDC_ISSUER": "https://provider.example?x=1"},
        {"OIDC_ISSUER": "provider.example"},
        {"OIDC_ISSUER": "https://me@provider.example"},
        {"OIDC_CLIENT_ID": ""},
        {"OIDC_CLIENT_SECRET": ""},
        {"OIDC_BIND_BY": "name"},
        {"OIDC_BIND_BY": "email"},
        {"OIDC_MAILBOX_DOMAIN": "haven.example"},
    ],
)
def test_unsafe_settings_are_refused(database_url: str, tmp_path: Any, given: dict[str, str]) -> None:
    usual = {"OIDC_ISSUER": "https://provider.example/realm", "OIDC_CLIENT_ID": CLIENT, "OIDC_CLIENT_SECRET": SECRET}
    found = from_environment(usual, tmp_path).provider

    assert found == Provider(issuer=usual["OIDC_ISSUER"], client_id=CLIENT, client_secret=SECRET)
    assert SECRET not in repr(found)
    with pytest.raises(Unsafe):
        from_environment({**usual, **given}, tmp_path)
