"""The pocket guide: public office lines of a province, dated; no shelter, no person, nothing confidential."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.permissions import LOCAL
from directory.services import suspensions
from tests.conftest import Clock
from tests.web.records import API, make
from web import pocket_guide
from web.html import telephone

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MUSINA = {"address": "7 Baobab Lane", "lat": -22.35, "lon": 30.04}
LINE = {"channel_kind": "duty_line", "visibility": "public"}
CANARIES = ("+27850000001", "+27850000002", "+27850000003", "+27850000004", "+27850000005", "+27850000006", "Canary")


@pytest.fixture
def network(client: FlaskClient) -> dict[str, Any]:
    """One office to be printed, and everything that must not be."""
    made: dict[str, Any] = {}

    def line(kind: str, owner: str, value: str, **given: Any) -> None:
        make(client, "channels", owner={"type": kind, "id": owner}, value=value, **{**LINE, **given})

    office = make(client, "organisations", name="Marula Advice Office", org_type="ngo", province="ZA-LP")["id"]
    unit = make(client, "departments", organisation_id=office, name="Marula Desk", level="district")["id"]
    haven = make(client, "organisations", name="Canary Haven", org_type="ngo", province="ZA-LP")["id"]
    make(client, "sites", organisation_id=haven, confidential=True, location=MUSINA)
    shelter = make(client, "organisations", name="Canary Shelter", org_type="shelter", province="ZA-LP")["id"]
    gone = make(client, "organisations", name="Canary Suspended", org_type="ngo", province="ZA-LP")["id"]
    far = make(client, "organisations", name="Canary Cape", org_type="ngo", province="ZA-WC")["id"]
    person = make(client, "persons", full_name="Canary Person")["id"]
    line("organisation", office, "+27850000000", hours="24h")
    line("department", unit, "+27850000009")
    line("organisation", office, "+27850000001", visibility="network")
    line("person", person, "+27850000002", channel_kind="person_phone")
    line("organisation", office, "+27850000002")
    for owner, value in ((haven, "3"), (shelter, "4"), (gone, "5"), (far, "6")):
        line("organisation", owner, f"+2785000000{value}")
    made |= {"office": office, "haven": haven, "gone": gone}
    return made


@pytest.fixture
def suspended(holder: Callable[..., FlaskClient], network: dict[str, Any]) -> dict[str, Any]:
    """With one of them suspended."""
    where = f"{API}/organisations/{network['gone']}/suspensions"
    assert holder("coordinator").post(where, json={"code": next(iter(suspensions.CODES))}).status_code == 201
    return network


def guide(app: Flask, clock: Clock) -> pocket_guide.Guide:
    with app.extensions["registry"].within(write=False) as session:
        return pocket_guide.make(session, LOCAL, "ZA-LP", clock())


def test_it_has_public_office_lines_and_no_canary(app: Flask, clock: Clock, suspended: dict[str, Any]) -> None:
    made = guide(app, clock)
    with app.test_request_context():
        pages = [pocket_guide.page(made), pocket_guide.page(made, alone=True)]

    assert [one.name for one in made.entries] == ["Marula Desk", "Marula Advice Office"]
    assert [[line.value for line in one.lines] for one in made.entries] == [["+27850000009"], ["+27850000000"]]
    assert [canary for canary in CANARIES for page in pages if canary in page] == []
    assert [canary for canary in CANARIES if telephone(canary) in pages[0]] == []
    assert "085 000 0000" in pages[0]
    assert "day and night" in pages[0]


def test_it_is_dated_and_ends(app: Flask, clock: Clock, network: dict[str, Any]) -> None:
    made = guide(app, clock)
    with app.test_request_context():
        page = pocket_guide.page(made)

    assert (made.expires - made.made).days == 90
    assert f'data-expires="{made.expires.isoformat()}"' in page
    assert f"Throw it away after {made.expires:%d %B %Y}" in page


def test_a_page_of_it_says_nothing_of_its_reader_and_a_file_needs_nothing(app: Flask, clock: Clock) -> None:
    made = guide(app, clock)
    with app.test_request_context():
        page, alone = pocket_guide.page(made), pocket_guide.page(made, alone=True)

    assert [word for word in ("csrf", "Sign out", "nav", "<style") if word in page] == []
    assert [word for word in ("/static/", "<script", 'rel="stylesheet"') if word in alone] == []


@pytest.mark.parametrize(("kind", "start"), [("pdf", b"%PDF-"), ("html", b"<!doctype html>")])
def test_the_command_writes_it(app: Flask, network: dict[str, Any], tmp_path: Path, kind: str, start: bytes) -> None:
    path = tmp_path / f"guide.{kind}"
    command = ["registry", "pocket-guide", "--province", "ZA-LP", "--format", kind, "--output", str(path)]
    ran = app.test_cli_runner().invoke(args=command)

    assert (ran.exit_code, "3 offices" in ran.output) == (0, True)
    assert path.read_bytes().startswith(start)


def test_a_guide_to_nowhere_is_not_there(app: Flask, client: FlaskClient) -> None:
    assert app.test_cli_runner().invoke(args=["registry", "pocket-guide", "--province", "ZA-XX"]).exit_code == 2


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (None, "hours not known"),
        ("24h", "day and night"),
        ([{"days": ["mon", "tue", "wed"], "opens": "08:00", "closes": "16:00"}], "Mon-Wed 08:00-16:00"),
        ([{"days": ["mon", "wed"], "opens": "08:00", "closes": "16:00"}], "Mon Wed 08:00-16:00"),
    ],
)
def test_hours_are_read_aloud(database_url: str, given: Any, said: str) -> None:
    assert pocket_guide.hours(given) == said
