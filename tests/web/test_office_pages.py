"""The pages of administration, oversight and listed people: the same services as the API, secrets shown once."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import Clock
from tests.web.browsing import Browser, enlisted
from tests.web.records import make

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
API = "/api/v1"


def signed_in(app: Flask, clock: Clock, role: Any, **given: Any) -> Browser:
    made = Browser(app)
    made.sign_in(enlisted(app, role, **given), clock)
    return made


def ids(page: str, path: str) -> list[str]:
    return re.findall(rf"/{path}/([0-9a-f-]{{36}})", page)


@pytest.fixture
def admin(app: Flask, clock: Clock) -> Browser:
    return signed_in(app, clock, "admin")


@pytest.fixture
def coordinator(app: Flask, clock: Clock) -> Browser:
    return signed_in(app, clock, "coordinator")


def test_an_accounts_secrets_are_shown_once_and_open_a_session(app: Flask, admin: Browser, clock: Clock) -> None:
    form = {"username": "night.case", "display_name": "Night", "role": "auditor"}
    told = admin.send("/users", form, seen="/users/new")
    password = re.search(r"Password</dt><dd><code>([^<]+)<", told.text)
    seed = re.search(r"authenticator</dt><dd><code>([^<]+)<", told.text)

    assert told.status_code == 201
    assert password is not None
    assert seed is not None
    assert password[1] not in admin.read("/users").text
    who = {"username": "night.case", "password": password[1], "totp_secret": seed[1]}
    assert Browser(app).sign_in(who, clock).status_code == 303


def test_who_is_shut_out_is_out(app: Flask, admin: Browser, clock: Clock) -> None:
    gone = signed_in(app, clock, "auditor")
    page = admin.read("/users").text
    row = next(part for part in page.split("<tr>") if "auditor-1" in part)
    version = re.search(r'name="version" value="(\d+)"', row)
    assert version is not None
    admin.send(f"/users/{ids(row, 'users')[0]}/deactivate", {"version": version[1]}, seen="/users")

    assert gone.read("/audit").status_code == 303


def test_what_is_wrong_with_an_account_is_said(admin: Browser) -> None:
    answer = admin.send("/users", {"username": "x", "display_name": "X", "role": "king"}, seen="/users/new")

    assert answer.status_code == 422
    assert answer.text.count('aria-invalid="true"') == 2


def test_a_key_is_shown_once_rotated_and_revoked(app: Flask, client: FlaskClient, admin: Browser) -> None:
    org = make(client, "organisations", name="Umbrella House", org_type="ngo")["id"]
    told = admin.send("/keys", {"name": "Sheet", "organisation_id": org}, seen="/keys/new")
    token = re.search(r"<code>(pd_[^<]+)</code>", told.text)
    assert token is not None
    asking = {"Authorization": f"Bearer {token[1]}"}
    before = app.test_client().get(f"{API}/me", headers=asking).status_code
    page = admin.read("/keys").text
    assert token[1] not in page
    row = next(part for part in page.split("<tr>") if "Sheet" in part)
    admin.send(f"/keys/{ids(row, 'keys')[0]}/revoke", seen="/keys")

    assert (before, app.test_client().get(f"{API}/me", headers=asking).status_code) == (200, 401)


def test_the_audit_is_searched(app: Flask, client: FlaskClient, clock: Clock) -> None:
    make(client, "organisations", name="Umbrella House", org_type="ngo")
    auditor = signed_in(app, clock, "auditor")

    assert ">created</td>" in auditor.read("/audit?action=created").text
    assert ">created</td>" not in auditor.read("/audit?action=closed").text
    assert auditor.read("/audit?since=nonsense").status_code == 200


def test_a_concern_reaches_coordinators_and_is_settled(
    app: Flask, client: FlaskClient, coordinator: Browser, clock: Clock
) -> None:
    org = make(client, "organisations", name="Umbrella House", org_type="ngo")["id"]
    caseworker = signed_in(app, clock, "caseworker", organisation_id=org)
    form = {"about.type": "organisation", "about.id": "umbrella house", "code": "bribery"}
    assert "Sent" in caseworker.send("/concerns/new", form, seen="/concerns/new").text
    page = coordinator.read("/concerns").text
    where = f"/concerns/{ids(page, 'concerns')[0]}"
    coordinator.send(where, {"outcome": "put_right"}, seen=where)

    assert "Umbrella House" in page
    assert ids(coordinator.read("/concerns").text, "concerns") == []
    assert caseworker.read("/concerns").status_code == 403


def listed_link(client: FlaskClient, coordinator: Browser) -> tuple[str, str]:
    """A person listed, and the path of the link that a coordinator made."""
    person = make(client, "persons", full_name="Palesa Test")["id"]
    where = f"/registry/persons/{person}"
    told = coordinator.send(f"{where}/invite", seen=where).text
    link = re.search(r'value="http://[^/]+(/listed/[^"]+)"', told)
    assert link is not None
    return person, link[1]


def test_a_link_is_opened_by_a_press_and_not_by_being_followed(
    app: Flask, client: FlaskClient, coordinator: Browser
) -> None:
    _person, link = listed_link(client, coordinator)
    visitor = Browser(app)
    door = [visitor.read(link).text for _ in range(2)]
    opened = visitor.send(link, seen=link)

    assert "Palesa" not in "".join(door)
    assert visitor.read("/listed/unknown").status_code == 200
    assert 'value="Palesa Test"' in opened.text
    assert visitor.send("/listed/unknown", seen=link).status_code == 404


def test_somebody_listed_corrects_objects_and_is_heard(app: Flask, client: FlaskClient, coordinator: Browser) -> None:
    person, link = listed_link(client, coordinator)
    visitor = Browser(app)
    visitor.send(link, seen=link)
    form = {"full_name": "Palesa Test", "languages": "zul", "status": "on_leave"}
    kept = visitor.send(f"{link}/facts", form, seen=link)
    visitor.send(f"{link}/objections", {"code": "in_danger"}, seen=link)
    heard = coordinator.read("/statements").text
    coordinator.send(f"/statements/{ids(heard, 'statements')[0]}", {"outcome": "followed"}, seen="/statements")

    assert "Kept." in kept.text
    assert client.get(f"{API}/persons/{person}").get_json()["status"] == "on_leave"
    assert "Being listed puts the person in danger." in heard
    assert ids(coordinator.read("/statements").text, "statements") == []


def test_what_somebody_listed_gets_wrong_is_said(app: Flask, client: FlaskClient, coordinator: Browser) -> None:
    _person, link = listed_link(client, coordinator)
    visitor = Browser(app)
    visitor.send(link, seen=link)
    answer = visitor.send(f"{link}/facts", {"full_name": "Palesa", "languages": "zulu", "status": "active"}, seen=link)

    assert answer.status_code == 422
    assert "ISO 639-3" in answer.text


def test_what_to_ask_again_is_told_with_the_reason_and_the_way_there(client: FlaskClient, coordinator: Browser) -> None:
    made = make(client, "organisations", name="Lesedi House")
    page = coordinator.read("/verification-queue?collection=organisations").text

    assert "no contact, never verified" in page
    assert f"/registry/organisations/{made['id']}" in page


def test_a_likely_pair_is_put_aside_by_two_presses(client: FlaskClient, coordinator: Browser) -> None:
    first, second = sorted(make(client, "organisations", name="Lesedi House")["id"] for _ in range(2))
    assert "Lesedi House / Lesedi House" in coordinator.read("/duplicates").text
    given = {"collection": "organisations", "first": first, "second": second}
    assert coordinator.send("/duplicates/dismissals", given, seen="/duplicates").status_code == 303

    assert "Lesedi House" not in coordinator.read("/duplicates").text
