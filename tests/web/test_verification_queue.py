"""What has to be asked again: in the order in which it hurts, to whom it is to ask, and grading nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conftest import Clock
from tests.directory.conftest import MUSINA
from tests.factories import POLOKWANE
from tests.web.network_world import Ids
from tests.web.records import API, answer_json, make, path

Holder = Callable[..., FlaskClient]
Json = dict[str, Any]
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
QUEUE = f"{API}/verification-queue"


def queue(client: FlaskClient, **query: str) -> list[Json]:
    answer = client.get(QUEUE, query_string={"page_size": "200", **query})
    assert answer.status_code == 200, answer.text
    found: list[Json] = answer_json(answer)["items"]
    return found


def confirm(client: FlaskClient, name: str, one: str, clock: Clock, **ago: float) -> None:
    said = {"method": "phone", "outcome": "confirmed", "verified_at": (clock.now - timedelta(**ago)).isoformat()}
    answer = client.post(f"{path(name)}/{one}/verifications", json=said)
    assert answer.status_code == 201, answer.text


def service(client: FlaskClient, name: str, code: str, clock: Clock, days: float | None) -> str:
    """A service of an organisation of its own, confirmed so many days ago."""
    owner = make(client, "organisations", name=f"{name}'s")["id"]
    made = str(make(client, "services", name=name, codes=[code], organisation_id=owner)["id"])
    site = make(client, "sites", organisation_id=owner, location=POLOKWANE)["id"]
    make(client, "service_sites", service_id=made, site_id=site)
    if days is not None:
        confirm(client, "services", made, clock, days=days)
    return made


def backed(client: FlaskClient, name: str, clock: Clock) -> None:
    """Give the organisation of a service two lines that were tried just now."""
    (owner,) = [
        one["id"] for one in answer_json(client.get(path("organisations")))["items"] if one["name"] == f"{name}'s"
    ]
    for value in ("+27820000001", "+27820000002"):
        line = {"owner": {"type": "organisation", "id": owner}, "channel_kind": "duty_line", "value": value}
        made = make(client, "channels", **line, tested_at=clock.now.isoformat())
        confirm(client, "channels", made["id"], clock)


def test_the_order_is_by_contacts_then_age_then_need_then_days(client: FlaskClient, clock: Clock) -> None:
    told = {"Old": 400.0, "Older": 401.0, "Soon": 170.0, "Never": None, "Fresh": 10.0}
    for name, days in told.items():
        service(client, name, "labour_claim", clock, days)
    service(client, "Urgent", "shelter_emergency", clock, 300)
    service(client, "Backed", "shelter_emergency", clock, None)
    backed(client, "Backed", clock)

    found = queue(client, collection="services")
    assert [one["name"] for one in found] == ["Never", "Urgent", "Older", "Old", "Soon", "Backed"]
    assert [one["rank"] for one in found] == [1, 2, 3, 4, 5, 6]
    assert found[1]["reasons"] == ["no_contact", "stale", "urgent_need", "scarce_need"]
    assert (found[1]["days"], found[1]["organisation"]["name"]) == (300, "Urgent's")
    assert found[5]["reasons"] == ["never_verified", "urgent_need", "scarce_need"]
    stale, soon = (queue(client, collection="services", stale=said) for said in ("true", "false"))
    assert [one["name"] for one in (*stale, *soon)] == ["Never", "Urgent", "Older", "Old", "Backed", "Soon"]
    second = answer_json(client.get(f"{QUEUE}?collection=services&page_size=2&page=2"))
    assert ([one["name"] for one in second["items"]], second["total"]) == (["Older", "Old"], 6)


@SQLITE
def test_what_was_asked_leaves_the_queue_and_a_wrong_number_comes_back_first(client: FlaskClient, clock: Clock) -> None:
    made = service(client, "Counsel", "counselling", clock, None)
    at = answer_json(client.get(path("service_sites")))["items"][0]["id"]
    line = make(client, "channels", owner={"type": "service_site", "id": at})["id"]
    for name, one in (("services", made), ("channels", line)):
        confirm(client, name, one, clock)
        assert one not in [each["id"] for each in queue(client)]
    clock.advance(hours=1)
    said = {"outcome": "wrong_number", "channel_id": line}
    assert client.post(f"{path('service_sites')}/{at}/contact-outcomes", json=said).status_code == 204

    (doubted,) = queue(client, collection="channels", stale="true")
    assert (doubted["id"], doubted["name"], doubted["reasons"][0]) == (
        line,
        "Counsel, Capricorn, Limpopo",
        "doubted",
    )


@SQLITE
def test_everybody_reads_their_own_and_only_coordinators_what_hangs_on_people(
    coordinator: FlaskClient, holder: Holder, ids: Ids, clock: Clock
) -> None:
    clock.advance(days=400)
    whole = queue(coordinator)
    graded = {"no_contact", "single_contact"}
    people = {"persons", "posts", "focal-points", "channels"}
    assert any(graded & set(one["reasons"]) for one in whole if one["collection"] in people)
    told = answer_json(holder("auditor").get(f"{API}/audit?action=read.confidential"))["items"]
    assert told[0]["details"][0] == "what:grading"

    own = holder("partner_manager", organisation_id=ids["lily"])
    mine = queue(own)
    assert {one["organisation"]["id"] for one in mine if one["collection"] != "links"} == {ids["lily"]}
    assert [one for one in mine if one["collection"] in people and graded & set(one["reasons"])] == []
    unit = queue(holder("unit_manager", department_id=ids["police-lp"]))
    assert {one["id"] for one in unit if one["collection"] == "departments"} == {ids["police-lp"]}
    assert [one["id"] for one in unit if one["collection"] == "organisations"] == []
    here = queue(holder("coordinator", province="ZA-LP"))
    assert {one["id"] for one in here} < {one["id"] for one in whole}
    for role in ("caseworker", "app", "auditor", "disclosure"):
        assert holder(role).get(QUEUE).status_code == 403


@SQLITE
def test_of_a_hidden_place_the_month_alone_says_how_old_it_is(
    client: FlaskClient, coordinator: FlaskClient, clock: Clock
) -> None:
    clock.now = clock.now.replace(year=2026, month=6, day=20)
    haven = make(client, "organisations", name="Haven", org_type="shelter")["id"]
    make(client, "sites", organisation_id=haven, confidential=True, location=MUSINA)
    confirm(client, "organisations", haven, clock, days=3)
    clock.advance(days=170)

    (item,) = queue(coordinator, collection="organisations")
    assert (item["verified_at"], item["days"]) == ("2026-06-01T00:00:00+00:00", 189)
