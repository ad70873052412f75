"""Two records that are one organisation, and organisations that follow each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models.access import Account
from directory.models.fragility import Message
from directory.models.oversight import Alert, AuditEntry, Quota, QuotaLimit
from directory.models.registry import Base
from tests.conftest import Clock
from tests.factories import POLOKWANE
from tests.web.people import enlist, key_of
from tests.web.records import API, VERIFICATION, answer_json, make, path
from tests.web.test_tasks import tasks

Holder = Callable[..., FlaskClient]
Json = dict[str, Any]
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ANY = {"If-Match": "*"}
MUSINA = {"address": "7 Baobab Lane", "lat": -22.35, "lon": 30.04}
TOLD_OF_OLD = frozenset({"organisation", "change", "verification", "replay", "audit_entry"})
"""Tables that still name an absorbed record: itself, and what was done then."""


def write(app: Flask) -> Any:
    return app.extensions["registry"].within(write=True)


def get(client: FlaskClient, name: str, one: str) -> Json:
    return answer_json(client.get(f"{path(name)}/{one}"))


def merge(client: FlaskClient, survivor: Json, absorbed: Json, **headers: str) -> Json:
    body = {"organisation_id": absorbed["id"], "version": get(client, "organisations", absorbed["id"])["version"]}
    answer = client.post(f"{path('organisations')}/{survivor['id']}/merges", json=body, headers={**ANY, **headers})
    assert answer.status_code == 201, answer.text
    return answer_json(answer)


def succeed(client: FlaskClient, owner: Json, **given: Any) -> list[Json]:
    answer = client.post(f"{path('organisations')}/{owner['id']}/successions", json=given, headers=ANY)
    assert answer.status_code == 201, answer.text
    items: list[Json] = answer_json(answer)["items"]
    return items


def link(client: FlaskClient, a: Json, b: Json, **given: Any) -> Json:
    ends = {name: {"type": "organisation", "id": one["id"]} for name, one in (("a", a), ("b", b))}
    return make(client, "links", **ends, **given)


def named_in(session: Session, needle: str) -> set[str]:
    """Tables with a row that has an id anywhere in it."""
    found = set()
    for table in Base.metadata.tables.values():
        rows = session.execute(select(table)).all() if table.name != "site_secret" else ()
        if any(needle in str(value) for row in rows for value in row):
            found.add(table.name)
    return found


def referred_to_by_all(client: FlaskClient, app: Flask, old: Json) -> None:
    """Let a row of every table that can name an organisation name this one."""
    one = {"organisation_id": old["id"]}
    for name in ("departments", "posts", "services"):
        make(client, name, **one)
    site = make(client, "sites", **one, location=POLOKWANE)
    make(client, "service_sites", site_id=site["id"])
    make(client, "organisations", name="Branch", parent_id=old["id"])
    make(client, "channels", owner={"type": "organisation", "id": old["id"]})
    link(client, make(client, "organisations", name="Far"), old)
    make(client, "trainings", attendees=[{"person_id": make(client, "persons")["id"], **one}])
    enlist(client, "partner_manager", **one)
    key_of(client, scopes=["match"], **one)
    client.post(f"{path('organisations')}/{old['id']}/verifications", json=VERIFICATION)
    with write(app) as session:
        now = app.extensions["registry"].clock()
        told = {"kind": "handover", "about_type": "link", "about_id": site["id"], "text": "A post changed hands."}
        session.add(Message(to_type="organisation", to_id=old["id"], created_at=now, due_on=now.date(), **told))
        day = now.date()
        session.add_all(
            [
                Quota(holder_id=old["id"], day=day, kind="contacts", leased=40),
                QuotaLimit(holder_id=old["id"], kind="contacts", daily=90),
                Alert(holder_id=old["id"], day=day, kind="contacts", at=now),
            ]
        )


def test_all_that_referred_to_the_absorbed_record_refers_to_the_other(
    app: Flask, client: FlaskClient, holder: Holder, coordinator: FlaskClient
) -> None:
    old, new = make(client, "organisations", name="Thandeka Office"), make(client, "organisations", name="Thandeka")
    referred_to_by_all(client, app, old)
    where = f"{path('organisations')}/{old['id']}"
    assert coordinator.post(f"{where}/suspensions", json={"code": "own_request"}).status_code == 201
    about = {"about": {"type": "organisation", "id": old["id"]}, "code": "abuse"}
    assert holder("caseworker").post(f"{API}/concerns", json=about).status_code == 201
    body = {"organisation_id": old["id"], "version": 1}
    refused = coordinator.post(f"{path('organisations')}/{new['id']}/merges", json=body, headers=ANY)
    assert refused.status_code == 412
    assert coordinator.post(f"{where}/successions", json={"kind": "closed"}, headers=ANY).status_code == 409
    assert coordinator.delete(f"{where}/suspensions?code=mistaken").status_code == 204
    with write(app) as session:
        before = session.scalar(select(Base.metadata.tables["registry_state"].c.revision))

    told = merge(coordinator, new, old)

    assert (told["absorbed"]["status"], told["absorbed"]["merged_into"]) == ("closed", new["id"])
    assert told["organisation"]["alternate_names"] == ["Thandeka Office"]
    with write(app) as session:
        assert named_in(session, old["id"]) <= TOLD_OF_OLD
        assert len(session.scalars(select(AuditEntry).where(AuditEntry.action == "organisation.merged")).all()) == 1
        assert session.get_one(Quota, (new["id"], app.extensions["registry"].clock().date(), "contacts")).leased == 40
    changed = answer_json(coordinator.get(f"{API}/changes?after={before}"))["items"]
    assert {one["collection"] for one in changed} == {
        *("organisations", "departments", "posts", "services", "sites", "channels", "links", "trainings")
    }


@SQLITE
def test_two_links_to_one_partner_become_one_and_those_between_the_two_end(client: FlaskClient) -> None:
    new, old, far = (make(client, "organisations", name=name) for name in ("New", "Old", "Far"))
    early, late = "2026-01-02T03:00:00+00:00", "2026-02-03T04:00:00+00:00"
    lines = [make(client, "channels", owner={"type": "organisation", "id": one["id"]})["id"] for one in (far, old)]
    kept = link(client, new, far, link_types=["training"], last_confirmed_at=early)
    ends = [{"end": "a", "channel_id": lines[0]}, {"end": "b", "channel_id": lines[1]}]
    doubled = link(client, far, old, channels=ends, last_confirmed_at=late)
    between = link(client, old, new)
    merge(client, new, old)

    joined = get(client, "links", kept["id"])
    assert joined["link_types"] == ["training", "referral_sent"]
    assert joined["channels"] == [{"end": "b", "channel_id": lines[0]}, {"end": "a", "channel_id": lines[1]}]
    assert joined["last_confirmed_at"] == late
    assert [get(client, "links", one["id"])["status"] for one in (kept, doubled, between)] == [
        *("active", "closed", "closed")
    ]


@SQLITE
def test_nobody_is_below_themselves_after_a_merge(client: FlaskClient) -> None:
    top, old = make(client, "organisations", name="Top"), None
    old = make(client, "organisations", name="Old", parent_id=top["id"])
    middle = make(client, "organisations", name="Middle", parent_id=old["id"])
    new = make(client, "organisations", name="New", parent_id=middle["id"])
    merge(client, new, old)

    assert get(client, "organisations", new["id"])["parent_id"] == top["id"]
    assert get(client, "organisations", middle["id"])["parent_id"] == new["id"]


def haven(client: FlaskClient, **given: Any) -> Json:
    made = make(client, "organisations", name="Haven", org_type="shelter", npo_number="1-2", **given)
    make(client, "sites", organisation_id=made["id"], confidential=True, location=MUSINA)
    return made


@SQLITE
@pytest.mark.parametrize("absorbs", [True, False], ids=["the open one absorbs", "the hidden one absorbs"])
def test_what_is_one_with_a_hidden_place_is_hidden_and_nobody_is_cleared_by_it(
    client: FlaskClient, coordinator: FlaskClient, app: Flask, absorbs: bool
) -> None:
    hidden = haven(client)
    plain = make(client, "organisations", name="Plain", npo_number="3-4", province="ZA-LP", district="DC35")
    account = enlist(client, "partner_manager", organisation_id=plain["id"])["id"]
    new, old = (plain, hidden) if absorbs else (hidden, plain)
    merge(coordinator, new, old)

    for one in (new, old):
        read = get(coordinator, "organisations", one["id"])
        assert not read.keys() & {"npo_number", "district", "website"}, one["name"]
    with write(app) as session:
        kept = session.get_one(Account, account)
        assert (kept.active, kept.organisation_id) == (False, new["id"])


@SQLITE
def test_an_open_place_beside_a_hidden_one_is_refused_by_area_alone(client: FlaskClient) -> None:
    hidden, plain = haven(client), make(client, "organisations", name="Plain")
    make(client, "sites", organisation_id=plain["id"], location={**MUSINA, "lat": -22.40})
    body = {"organisation_id": hidden["id"], "version": get(client, "organisations", hidden["id"])["version"]}
    refused = client.post(f"{path('organisations')}/{plain['id']}/merges", json=body, headers=ANY)

    assert (refused.status_code, list(answer_json(refused)["errors"])) == (422, ["organisation_id"])
    assert "npo_number" in get(client, "organisations", plain["id"])


@SQLITE
def test_a_merge_asks_for_both_versions_and_both_provinces_and_is_done_once(
    client: FlaskClient, holder: Holder
) -> None:
    new = make(client, "organisations", name="New", province="ZA-LP")
    old = make(client, "organisations", name="Old", province="ZA-GP")
    where, body = f"{path('organisations')}/{new['id']}/merges", {"organisation_id": old["id"], "version": 1}
    here = holder("coordinator", province="ZA-LP")
    assert client.post(where, json=body).status_code == 428
    assert client.post(where, json=body, headers={"If-Match": f'"{new["id"]}.7"'}).status_code == 412
    assert client.post(where, json={**body, "version": 7}, headers=ANY).status_code == 412
    assert client.post(where, json={**body, "organisation_id": new["id"]}, headers=ANY).status_code == 422
    assert here.post(where, json=body, headers=ANY).status_code == 403
    first = merge(client, new, old, **{"Idempotency-Key": "once"})
    again = client.post(where, json=body, headers={"Idempotency-Key": "once"})
    assert (again.status_code, answer_json(again)) == (201, first)
    assert client.post(where, json=body, headers=ANY).status_code in (409, 412)


@SQLITE
def test_who_follows_alone_gets_all_and_all_of_it_is_to_be_confirmed(
    client: FlaskClient, coordinator: FlaskClient, clock: Clock
) -> None:
    old = make(client, "organisations", name="Old", accreditation={"status": "valid"}, province="ZA-LP")
    new, far = make(client, "organisations", name="New"), make(client, "organisations", name="Far")
    service = make(client, "services", organisation_id=old["id"])
    site = make(client, "sites", organisation_id=old["id"], location=POLOKWANE)
    bed = {"unit": "bed", "total": 4, "available": 2}
    there = make(client, "service_sites", service_id=service["id"], site_id=site["id"], capacity=bed)
    tie = link(client, old, far, last_confirmed_at="2026-01-02T03:00:00+00:00")
    for name, one in (("organisations", new), ("services", service), ("service_sites", there), ("links", tie)):
        assert client.post(f"{path(name)}/{one['id']}/verifications", json=VERIFICATION).status_code == 201
    (told,) = succeed(coordinator, old, kind="renamed", successors=[new["id"]])

    assert (told["successor"]["name"], told["kind"]) == ("New", "renamed")
    assert get(client, "organisations", old["id"])["status"] == "closed"
    assert get(client, "services", service["id"])["organisation_id"] == new["id"]
    read = get(client, "service_sites", there["id"])
    assert (read["verified_at"], read["capacity"], read["status"]) == (None, None, "active")
    read = get(client, "links", tie["id"])
    assert (read["a"]["id"], read["verified_at"], read["last_confirmed_at"]) == (new["id"], None, None)
    assert get(client, "organisations", new["id"])["accreditation"] is None
    for one in (old, new):
        listed = answer_json(coordinator.get(f"{path('organisations')}/{one['id']}/successions"))
        assert [each["predecessor"]["name"] for each in listed["items"]] == ["Old"]
    (task,) = [one for one in tasks(coordinator) if one["kind"] == "succession"]
    assert (task["subject"], task["action"], task["state"]) == (new["id"], "reverify", "open")
    assert task["provinces"] == ["ZA-LP"]
    client.post(f"{path('organisations')}/{new['id']}/verifications", json=VERIFICATION)
    clock.advance(days=1)
    assert [one["state"] for one in tasks(coordinator) if one["kind"] == "succession"] == ["done"]


@SQLITE
def test_of_what_is_split_each_gets_what_is_named_and_the_rest_closes(client: FlaskClient) -> None:
    old, one, two = (make(client, "organisations", name=name) for name in ("Old", "One", "Two"))
    unit = make(client, "departments", organisation_id=old["id"])
    post = make(client, "posts", organisation_id=old["id"], department_id=unit["id"])
    site = make(client, "sites", organisation_id=old["id"], location=POLOKWANE)
    stays, goes = (make(client, "services", organisation_id=old["id"], name=name) for name in ("Stays", "Goes"))
    given = [make(client, "service_sites", service_id=each["id"], site_id=site["id"]) for each in (stays, goes)]
    moves = [
        {"type": "department", "id": unit["id"], "successor_id": one["id"]},
        {"type": "service", "id": goes["id"], "successor_id": two["id"]},
        {"type": "site", "id": site["id"], "successor_id": two["id"]},
    ]
    split = {"kind": "split", "successors": [one["id"], two["id"]]}
    where = f"{path('organisations')}/{old['id']}/successions"
    for wrong in (
        {**split, "kind": "merged"},
        {**split, "on": "2999-01-01"},
        {**split, "moves": [{**moves[0], "id": goes["id"]}]},
        {**split, "moves": [{**moves[0], "successor_id": old["id"]}]},
        {"kind": "renamed", "successors": [old["id"]]},
    ):
        assert client.post(where, json=wrong, headers=ANY).status_code == 422, wrong
    assert len(succeed(client, old, **split, moves=moves)) == 2

    assert get(client, "posts", post["id"])["organisation_id"] == one["id"]
    assert get(client, "services", goes["id"])["organisation_id"] == two["id"]
    assert get(client, "services", stays["id"])["status"] == "closed"
    assert [get(client, "service_sites", each["id"])["status"] for each in given] == ["closed", "active"]


@SQLITE
def test_who_follows_a_hidden_place_is_hidden_and_so_is_who_was_followed(client: FlaskClient) -> None:
    hidden, new = haven(client), make(client, "organisations", name="New", npo_number="5-6", district="DC35")
    succeed(client, hidden, kind="renamed", successors=[new["id"]])

    admin_reads = [get(client, "organisations", one["id"]) for one in (hidden, new)]
    assert [read.keys() & {"npo_number", "district"} for read in admin_reads] == [set(), set()]


@SQLITE
def test_who_may_not_know_of_the_one_knows_of_neither(client: FlaskClient, holder: Holder) -> None:
    """A government office outside its duty sees no shelter, nor that another record is one with it."""
    shelter = make(client, "organisations", name="Shelter", org_type="shelter")
    advice = make(client, "organisations", name="Advice", org_type="ngo")
    office = make(client, "organisations", name="Office", sector="government")
    reads = holder("caseworker", organisation_id=office["id"])
    assert reads.get(f"{path('organisations')}/{advice['id']}").status_code == 200
    merge(client, shelter, advice)

    assert [reads.get(f"{path('organisations')}/{one['id']}").status_code for one in (advice, shelter)] == [404, 404]
