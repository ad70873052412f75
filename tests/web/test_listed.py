"""Links of people listed, notices, statements and erasure over HTTP: the link is the key, and nothing tells it."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from directory.services import erasure_list, tokens
from tests.conftest import Clock
from tests.directory.erasing import contents
from tests.web.records import API, answer_json, make

PHONE = "+27821112233"
Holder = Callable[..., FlaskClient]


@pytest.fixture
def instance(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An instance folder of the test's own."""
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], instance=tmp_path))
    return tmp_path


@pytest.fixture
def person(client: FlaskClient) -> dict[str, Any]:
    """Somebody in post, with a telephone."""
    held = make(client, "focal_points")
    owner = {"type": "person", "id": held["person_id"]}
    make(client, "channels", owner=owner, channel_kind="person_phone", value=PHONE)
    return answer_json(client.get(f"{API}/persons/{held['person_id']}"))


def link_of(client: FlaskClient, person: dict[str, Any]) -> str:
    """Where a new link of the person leads."""
    answer = client.post(f"{API}/persons/{person['id']}/links")
    assert answer.status_code == 201, answer.text
    return str(answer_json(answer)["path"])


def test_a_link_shows_corrects_and_withdraws(
    client: FlaskClient, stranger: FlaskClient, person: dict[str, Any]
) -> None:
    where = link_of(client, person)
    seen = answer_json(stranger.get(where))
    channel = f"{where}/channels/{seen['channels'][0]['id']}"

    on_leave = stranger.patch(where, json={"status": "on_leave"})
    round_the_clock = stranger.patch(channel, json={"hours": "24h"})
    withdrawn = stranger.delete(channel)

    assert seen["person"]["full_name"] == person["full_name"]
    assert answer_json(on_leave)["person"]["status"] == "on_leave"
    assert answer_json(round_the_clock)["channels"][0]["hours"] == "24h"
    assert (withdrawn.status_code, withdrawn.data) == (204, b"")
    assert answer_json(client.get(f"{API}/persons/{person['id']}"))["status"] == "on_leave"


def test_what_is_said_reaches_a_coordinator(
    client: FlaskClient, stranger: FlaskClient, holder: Holder, person: dict[str, Any]
) -> None:
    coordinator, where = holder("coordinator"), link_of(client, person)
    made = stranger.post(f"{where}/objections", json={"code": "erase_me"})
    listed = answer_json(coordinator.get(f"{API}/listed-statements"))
    settled = coordinator.patch(f"{API}/listed-statements/{answer_json(made)['id']}", json={"outcome": "followed"})

    assert made.status_code == 201
    assert [(one["person_id"], one["code"]) for one in listed["items"]] == [(person["id"], "erase_me")]
    assert answer_json(settled)["outcome"] == "followed"
    assert answer_json(coordinator.get(f"{API}/listed-statements"))["total"] == 0
    assert answer_json(coordinator.get(f"{API}/listed-statements?status=any"))["total"] == 1
    assert client.get(f"{API}/listed-statements").status_code == 403
    assert stranger.post(f"{where}/deputies", json={"person_id": person["id"]}).status_code == 422


def test_unknown_used_and_expired_links_are_answered_alike(
    client: FlaskClient, stranger: FlaskClient, clock: Clock, person: dict[str, Any]
) -> None:
    used, expired = link_of(client, person), link_of(client, make(client, "persons"))
    assert stranger.get(used).status_code == 200
    clock.advance(minutes=31)
    closed = stranger.get(used)
    clock.advance(days=7)
    answers = [
        closed,
        stranger.get(expired),
        stranger.get(f"{API}/listed/{tokens.new()}"),
        stranger.get(f"{API}/listed/x"),
    ]

    assert {one.status_code for one in answers} == {404}
    assert len({one.data for one in answers}) == 1


def test_a_link_is_told_by_nothing_but_itself(
    app: Flask,
    client: FlaskClient,
    stranger: FlaskClient,
    engine: Engine,
    person: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
) -> None:
    where = link_of(client, person)
    token = where.rsplit("/", 1)[1]
    answers = [
        stranger.get(where),
        stranger.patch(where, json={"full_name": 7}),
        stranger.post(f"{where}/objections", json={"code": "not_me"}, headers={"Idempotency-Key": "k"}),
        stranger.get(f"{where}/nothing"),
        client.get(f"{API}/audit"),
    ]
    logged = capsys.readouterr().err

    assert [one.status_code for one in answers] == [200, 422, 201, 404, 200]
    assert token not in "".join([*(one.text for one in answers), logged, contents(engine)])
    routes = [json.loads(line)["route"] for line in logged.splitlines() if "listed" in line]
    assert f"{API}/listed/<string:token>" in routes


def test_every_action_by_a_link_is_audited(
    client: FlaskClient, stranger: FlaskClient, holder: Holder, person: dict[str, Any]
) -> None:
    client.get(f"{API}/persons/{person['id']}/notice")
    where = link_of(client, person)
    channel = answer_json(stranger.get(where))["channels"][0]["id"]
    stranger.patch(where, json={"languages": ["zul"]})
    stranger.delete(f"{where}/channels/{channel}")
    stranger.post(f"{where}/objections", json={"code": "not_me"})

    entries = answer_json(holder("auditor").get(f"{API}/audit?page_size=200"))["items"]

    acted = [one["action"] for one in reversed(entries) if one["action"].startswith(("listed", "link", "notice"))]
    assert [one for one in acted if one != "listed.read"] == [
        *("notice.made", "link.made", "listed.opened"),
        *("listed.corrected", "listed.withdrawn", "listed.said"),
    ]
    by_link = [one for one in entries if one["action"].startswith("listed")]
    assert {(one["actor"]["kind"], one["role"]) for one in by_link} == {("anonymous", "anonymous")}
    assert {one["record_id"] for one in by_link} == {person["id"], channel}


def test_a_notice_is_for_who_lists_people(client: FlaskClient, holder: Holder, person: dict[str, Any]) -> None:
    where = f"{API}/persons/{person['id']}/notice"
    assert person["full_name"] in answer_json(client.get(where))["text"]
    assert holder("caseworker").get(where).status_code == 403
    assert client.get(where.replace(person["id"], tokens.new()[:8])).status_code == 404


def test_a_person_is_erased(
    client: FlaskClient, stranger: FlaskClient, instance: Path, engine: Engine, person: dict[str, Any]
) -> None:
    where, link = f"{API}/persons/{person['id']}", link_of(client, person)
    before = answer_json(client.get(f"{API}/changes?limit=1"))["revision"]

    erased = client.post(f"{where}/erasures", json={"reason": "own_request"})

    files = {"sqlite": "cleaned", "postgresql": "by_vacuum"}[engine.dialect.name]
    counts = {"focal_points": 1, "channels": 1, "links": 0, "trainings": 0}
    assert (erased.status_code, answer_json(erased)) == (201, {"id": person["id"], **counts, "files": files})
    assert client.get(where).status_code == 404
    assert client.post(f"{where}/erasures", json={"reason": "own_request"}).status_code == 404
    assert stranger.get(link).status_code == 404
    told = answer_json(client.get(f"{API}/changes?after={before}"))["items"]
    assert [(one["op"], one["record"]) for one in told if one["collection"] == "persons"] == [("erased", None)]
    assert erasure_list.read(instance / erasure_list.FILE) == [erasure_list.Entry("persons", person["id"])]


def test_who_may_not_erase_leaves_nothing_on_the_list(
    client: FlaskClient, holder: Holder, instance: Path, person: dict[str, Any]
) -> None:
    where = f"{API}/persons/{person['id']}/erasures"
    assert holder("caseworker").post(where, json={"reason": "own_request"}).status_code == 403
    assert holder("coordinator", province="ZA-WC").post(where, json={"reason": "own_request"}).status_code == 403
    assert client.post(where, json={"reason": "whim"}).status_code == 422
    assert not (instance / erasure_list.FILE).exists()


def test_the_command_erases_and_a_start_erases_again(
    app: Flask, client: FlaskClient, instance: Path, person: dict[str, Any]
) -> None:
    kept, other = instance / erasure_list.FILE, make(client, "persons")
    type_ = app.test_cli_runner().invoke

    erased = type_(args=["access", "erase-person", person["id"], "--reason", "own_request"])
    again = type_(args=["access", "erase-person", person["id"], "--reason", "own_request"])
    with kept.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"at": "2026-01-01", "collection": "persons", "id": other["id"]}) + "\n")
    started = type_(args=["db", "upgrade"])

    assert (erased.exit_code, again.exit_code, started.exit_code) == (0, 1, 0), erased.exc_info
    assert "1 focal points and 1 channels" in erased.output
    assert "Erased again after a backup was restored: 1." in started.output
    assert client.get(f"{API}/persons/{other['id']}").status_code == 404
    kept.write_text("not a list\n", encoding="utf-8")
    assert type_(args=["db", "upgrade"]).exit_code == 1
