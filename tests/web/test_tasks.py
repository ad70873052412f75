"""Findings become tasks: whose, by when, clearing by themselves, coming back; and the measures day by day."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from directory.models.fragility import Action, ActionStep
from directory.permissions import Actor
from directory.services import runs
from matching import service
from tests.conftest import Clock
from tests.web.domains import LIMPOPO
from tests.web.network_world import CASE, GAUTENG, NETWORK, Ids
from tests.web.records import API, answer_json, path
from web.transaction import Registry

Holder = Callable[..., FlaskClient]
ANY = {"If-Match": "*"}
COORDINATOR = Actor("coordinator", "c")
CELL = "SAPS/police_report/ZA-LP"
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def tasks(client: FlaskClient, **query: str) -> list[dict[str, Any]]:
    answer = client.get(f"{NETWORK}/actions", query_string={"page_size": "200", **query})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer_json(answer)["items"]
    return found


def about(client: FlaskClient, subject: str) -> dict[str, Any]:
    (found,) = [one for one in tasks(client) if one["subject"] == subject and one["kind"] in ("cell", "post")]
    return found


def steps(client: FlaskClient, task: dict[str, Any]) -> list[str]:
    told = answer_json(client.get(f"{NETWORK}/actions/{task['id']}"))
    return [one["cause"] for one in told["history"]]


def line(client: FlaskClient, ids: Ids, clock: Clock) -> str:
    """A duty line of the police in Limpopo that was tried just now."""
    owner = {"type": "department", "id": ids["police-lp"]}
    given = {"owner": owner, "channel_kind": "duty_line", "value": "+27150000077", "tested_at": clock.now.isoformat()}
    answer = client.post(path("channels"), json=given)
    assert answer.status_code == 201, answer.text
    return str(answer_json(answer)["id"])


def test_a_task_says_its_reason_in_words(coordinator: FlaskClient, ids: Ids) -> None:
    reasons = [one["reason"] for one in tasks(coordinator) if one["kind"] == "cell"]

    assert any(one.startswith("South African Police Service, police report, Western Cape:") for one in reasons)
    assert [one for one in reasons if "ZA-" in one or "SAPS" in one] == []


def test_what_is_pressing_becomes_a_task_with_an_owner_and_a_day(coordinator: FlaskClient, ids: Ids) -> None:
    found = tasks(coordinator)
    pressing = [row for row in CASE.expect["findings"] if row[0] <= 3]
    elsewhere = 3 * 7  # nobody does any of the three functions in the other seven provinces
    assert len(found) == len(pressing) + elsewhere
    assert {one["state"] for one in found} == {"open"}
    task = about(coordinator, CELL)
    assert (task["owner"]["id"], task["action"], task["priority"]) == (ids["police-lp"], "nominate_deputy", 2)
    assert (task["provinces"], task["overdue"]) == ([LIMPOPO], False)
    assert task["due_on"] == (CASE.now + timedelta(days=14)).date().isoformat()
    assert steps(coordinator, task) == ["found"]


def test_a_task_clears_when_the_registry_changes_and_returns_when_it_comes_back(
    coordinator: FlaskClient, ids: Ids, clock: Clock
) -> None:
    task = about(coordinator, CELL)
    channel = line(coordinator, ids, clock)
    assert about(coordinator, CELL)["state"] == "open"
    clock.advance(hours=1)
    mended = about(coordinator, CELL)
    assert (mended["state"], mended["cleared_at"] is not None) == ("done", True)

    assert coordinator.delete(f"{path('channels')}/{channel}", headers=ANY).status_code == 204
    clock.advance(days=1)
    returned = about(coordinator, CELL)
    assert (returned["id"], returned["state"], returned["cleared_at"]) == (task["id"], "open", None)
    assert steps(coordinator, task) == ["found", "cleared", "returned"]


@SQLITE
def test_what_is_called_done_and_still_found_is_open_again(coordinator: FlaskClient, ids: Ids, clock: Clock) -> None:
    task = about(coordinator, CELL)
    said = coordinator.patch(f"{NETWORK}/actions/{task['id']}", json={"state": "done"}, headers=ANY)
    assert (said.status_code, answer_json(said)["state"]) == (200, "done")
    clock.advance(days=1)
    assert about(coordinator, CELL)["state"] == "open"
    assert steps(coordinator, task) == ["found", "said", "still_found"]


@SQLITE
def test_what_is_overdue_is_handed_to_the_task_team_once(coordinator: FlaskClient, ids: Ids, clock: Clock) -> None:
    task = about(coordinator, CELL)
    clock.advance(days=15)
    late = about(coordinator, CELL)
    assert (late["action"], late["advice"], late["overdue"]) == ("task_team_escalation", "nominate_deputy", True)
    clock.advance(days=1)
    assert steps(coordinator, task) == ["found", "escalated"]
    assert task["id"] in [one["id"] for one in tasks(coordinator, escalated="true", province=LIMPOPO)]
    query = {"from": CASE.now.date().isoformat(), "to": clock.now.date().isoformat()}
    told = answer_json(coordinator.get(f"{NETWORK}/results", query_string=query))["items"]
    (police,) = [one for one in told if (one["owner"] or {}).get("id") == ids["police-lp"]]
    assert (police["opened"], police["escalated"], police["cleared"]) == (police["standing"], police["overdue"], 0)


@SQLITE
def test_owners_see_their_own_tasks_and_nobody_graded(coordinator: FlaskClient, holder: Holder, ids: Ids) -> None:
    everything = tasks(coordinator)
    house = holder("partner_manager", organisation_id=ids["lily"])
    own = tasks(house)
    assert {one["owner"]["id"] for one in own} == {ids["lily"]}
    assert len(own) == len([one for one in everything if one["owner"] and one["owner"]["id"] == ids["lily"]])
    person = next(one for one in own if one["kind"] == "person")
    assert "subject" not in person
    others = next(one for one in everything if one["owner"] is None or one["owner"]["id"] != ids["lily"])
    assert house.get(f"{NETWORK}/actions/{others['id']}").status_code == 404
    begun = house.patch(f"{NETWORK}/actions/{person['id']}", json={"state": "doing"}, headers=ANY)
    assert answer_json(begun)["state"] == "doing"
    dropping = house.patch(f"{NETWORK}/actions/{person['id']}", json={"state": "dropped"}, headers=ANY)
    assert dropping.status_code == 403
    unit = holder("unit_manager", department_id=ids["police-lp"])
    assert {one["owner"]["id"] for one in tasks(unit)} == {ids["police-lp"]}
    elsewhere = holder("coordinator", province=GAUTENG)
    assert [one for one in tasks(elsewhere) if GAUTENG not in one["provinces"]] == []


@SQLITE
def test_a_change_needs_the_version_seen(coordinator: FlaskClient, ids: Ids) -> None:
    where = f"{NETWORK}/actions/{about(coordinator, CELL)['id']}"
    tag = coordinator.get(where).headers["ETag"]
    assert coordinator.patch(where, json={"state": "doing"}).status_code == 428
    assert coordinator.patch(where, json={"state": "doing"}, headers={"If-Match": tag}).status_code == 200
    assert coordinator.patch(where, json={"state": "done"}, headers={"If-Match": tag}).status_code == 412


@SQLITE
def test_reading_writes_nothing_when_no_run_is_due(
    coordinator: FlaskClient, ids: Ids, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks(coordinator)
    begun: list[bool] = []
    begin = Registry.begin

    def watched(registry: Registry, *, write: bool) -> Any:
        begun.append(write)
        return begin(registry, write=write)

    monkeypatch.setattr(Registry, "begin", watched)
    tasks(coordinator)
    assert begun
    assert True not in begun


def test_runs_at_the_same_time_make_each_task_once(coordinator: FlaskClient, ids: Ids, app: Flask) -> None:
    registry: Registry = app.extensions["registry"]
    with registry.within(write=False) as session:
        plan = service.network_plan(session, COORDINATOR, registry.clock())

    def run(_: int) -> runs.Done:
        with registry.within(write=True) as session:
            return runs.apply(session, plan)

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(run, range(4)))
    with registry.within(write=False) as session:
        made = session.scalar(select(func.count()).select_from(Action))
        told = session.scalar(select(func.count()).select_from(ActionStep))
    assert sum(one.opened for one in done) == len(plan.found) == made == told


@SQLITE
def test_an_older_plan_changes_nothing(coordinator: FlaskClient, ids: Ids, app: Flask, clock: Clock) -> None:
    registry: Registry = app.extensions["registry"]
    with registry.within(write=False) as session:
        old = service.network_plan(session, COORDINATOR, registry.clock())
    line(coordinator, ids, clock)
    assert CELL not in [one["subject"] for one in tasks(coordinator)]
    with registry.within(write=True) as session:
        assert runs.apply(session, old) == runs.Done()
    assert CELL not in [one["subject"] for one in tasks(coordinator)]


def test_the_trend_says_which_links_changed(coordinator: FlaskClient, ids: Ids, clock: Clock) -> None:
    first = clock.now.date()
    tasks(coordinator)
    clock.advance(days=1)
    assert coordinator.delete(f"{path('persons')}/{ids['carl']}", headers=ANY).status_code == 204
    assert coordinator.delete(f"{path('links')}/{ids['L10']}", headers=ANY).status_code == 204
    query = {"from": first.isoformat(), "to": clock.now.date().isoformat()}
    told = answer_json(coordinator.get(f"{NETWORK}/trend", query_string=query))

    assert [day["day"] for day in told["days"]] == [query["from"], query["to"]]
    assert [day["links"] for day in told["days"]] == [9, 8]
    assert [day["single_contact_links"] for day in told["days"]] == [4, 4]
    # the line of the clinic stays where carl is gone, and lerato's 180 days are over
    assert {(one["link_id"], one["before"], one["after"]) for one in told["changed"]} == {
        (ids["L06"], "backed", "single_channel"),
        (ids["L10"], "dead", None),
    }
    assert told["became"] == [{"grade": "gone", "count": 1}, {"grade": "single_channel", "count": 1}]
    province = answer_json(coordinator.get(f"{NETWORK}/trend", query_string={**query, "province": LIMPOPO}))
    assert ([day["links"] for day in province["days"]], province["changed"]) == ([3, 3], [])
    assert coordinator.get(f"{NETWORK}/trend?from=2026-11-21&to=2026-11-20").status_code == 422
    assert coordinator.get(f"{NETWORK}/trend").get_json()["days"] != []


@SQLITE
def test_what_is_kept_names_nobody(coordinator: FlaskClient, ids: Ids, app: Flask) -> None:
    tasks(coordinator)
    names = [person["full_name"] for person in CASE.collections["persons"]]
    with app.extensions["registry"].within(write=False) as session:
        said = " ".join(session.scalars(select(Action.reason)))
    assert [name for name in names if name in said] == []
    assert answer_json(coordinator.get(f"{API}/outbox"))["total"] == 0


@SQLITE
def test_a_task_about_somebody_goes_when_they_are_erased(
    client: FlaskClient, coordinator: FlaskClient, ids: Ids
) -> None:
    assert [one["subject"] for one in tasks(coordinator) if one["subject"] == ids["thabo"]]
    erased = client.post(f"{path('persons')}/{ids['thabo']}/erasures", json={"reason": "own_request"})
    assert erased.status_code in (200, 201, 204), erased.text
    assert [one["subject"] for one in tasks(coordinator) if one["subject"] == ids["thabo"]] == []
