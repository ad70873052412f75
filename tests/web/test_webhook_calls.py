"""A call says that something changed that its holder could read, and nothing else, and to nobody who is shut out."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.services import webhook_calls
from directory.services.webhooks import PAUSE
from tests.conftest import Clock
from tests.house.tree import ROOT
from tests.web.hooked import WEBHOOKS, Calls, Holder, calls, hook, mine, one, owner, said
from tests.web.people import KEYS, USERS, enlist, key_of, with_key
from tests.web.receivers import HOST, URL, Got
from tests.web.records import API, answer_json, make, path

__all__ = ["calls", "mine", "owner"]

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
A_WHILE = PAUSE.total_seconds()
WHATEVER = {"If-Match": "*"}


def documented() -> Callable[..., bool]:
    """What the guide tells receivers to do."""
    guide = (ROOT / "docs" / "for-developers.md").read_text(encoding="utf-8")
    code = next(block for block in re.findall(r"```python\n(.*?)```", guide, re.DOTALL) if "webhook" in block)
    known: dict[str, Any] = {}
    exec(code, known)  # noqa: S102
    found: Callable[..., bool] = known["is_genuine"]
    return found


def genuine(made: dict[str, Any], got: Got, clock: Clock) -> bool:
    """Whether a receiver who follows the guide believes a call."""
    return documented()(made["secret"], got.headers, got.body, clock.now.timestamp())


def test_a_call_says_that_something_changed_and_not_what(
    client: FlaskClient, calls: Calls, mine: FlaskClient, clock: Clock
) -> None:
    made = hook(mine)
    before = calls.after(seconds=1)
    changed = make(client, "organisations", name="Umoja Centre")
    (got,) = calls.after(seconds=1)
    revision = answer_json(mine.get(f"{API}/"))["revision"]

    body = {"event": "changed", "revision": revision, "webhook_id": made["id"], "sent_at": clock.now.isoformat()}
    assert (before, got.url, said(got)) == ([], URL, body)
    assert set(got.headers) == {"content-type", "webhook-id", "webhook-timestamp", "webhook-signature"}
    everything = f"{got.headers} {got.body!r}"
    assert [text for text in ("Umoja", changed["id"], made["secret"], made["secret"][6:]) if text in everything] == []
    assert (one(mine, made)["told_revision"], one(mine, made)["version"]) == (revision, 1)
    assert calls.after(hours=1) == []


def test_the_guides_own_check_believes_it_and_nothing_else(
    client: FlaskClient, calls: Calls, mine: FlaskClient, clock: Clock
) -> None:
    made, other = hook(mine), hook(mine)
    make(client, "organisations")
    first, second = sorted(calls.after(seconds=1), key=lambda got: said(got)["webhook_id"] != made["id"])

    assert genuine(made, first, clock)
    assert not genuine(other, first, clock)
    assert not genuine(made, Got(first.url, first.headers, first.body + b" "), clock)
    assert not genuine(
        made, Got(first.url, {**first.headers, "webhook-id": second.headers["webhook-id"]}, first.body), clock
    )
    clock.advance(minutes=6)
    assert not genuine(made, first, clock)


def test_nobody_is_called_for_what_they_do_not_read(
    client: FlaskClient, calls: Calls, mine: FlaskClient, holder: Holder
) -> None:
    app_s, coordinator = hook(mine), holder("coordinator")
    theirs, of_posts = hook(coordinator), hook(coordinator, collections=["posts"])
    make(client, "persons")
    told = [said(got)["webhook_id"] for got in calls.after(seconds=1)]

    assert told == [theirs["id"]]
    revision = answer_json(mine.get(f"{API}/"))["revision"]
    assert [one(who, made)["told_revision"] for who, made in ((mine, app_s), (coordinator, of_posts))] == [revision] * 2
    make(client, "posts")
    told = [said(got)["webhook_id"] for got in calls.after(seconds=A_WHILE)]
    assert sorted(told) == sorted([app_s["id"], theirs["id"], of_posts["id"]])


def test_a_shelter_that_an_office_may_not_know_of_calls_no_program_of_the_office(
    client: FlaskClient, calls: Calls, holder: Holder
) -> None:
    office = make(client, "organisations", sector="government")["id"]
    hook(holder("app", organisation_id=office))
    shelter = make(client, "organisations", org_type="shelter", sector="civil_society")
    unseen = calls.after(seconds=1)
    client.patch(f"{path('organisations')}/{shelter['id']}", json={"org_type": "ngo"}, headers=WHATEVER)

    assert (unseen, len(calls.after(seconds=A_WHILE))) == ([], 1)


def test_neither_room_nor_a_move_of_a_hidden_place_calls_anybody(
    client: FlaskClient, calls: Calls, mine: FlaskClient
) -> None:
    shelter = make(client, "organisations", name="Haven", org_type="shelter", province="ZA-LP")["id"]
    at = {"address": "7 Baobab Lane", "lat": -22.35, "lon": 30.04}
    site = make(client, "sites", organisation_id=shelter, confidential=True, location=at)["id"]
    service = make(client, "services", organisation_id=shelter, name="Beds", codes=["shelter_emergency"])["id"]
    there = make(client, "service_sites", service_id=service, site_id=site)["id"]
    hook(mine)
    where = f"{path('service_sites')}/{there}/capacity"
    assert client.put(where, json={"unit": "bed", "total": 8, "available": 2}).status_code == 200
    assert calls.after(seconds=1) == []

    near_by = {"location": {"address": "9 Marula Lane", "lat": -22.37, "lon": 30.05}}
    assert client.patch(f"{path('sites')}/{site}", json=near_by, headers=WHATEVER).status_code == 200
    assert calls.after(minutes=1) == []
    renamed = client.patch(f"{path('services')}/{service}", json={"name": "Rooms"}, headers=WHATEVER)
    assert (renamed.status_code, len(calls.after(minutes=1))) == (200, 1)


def test_very_many_changes_are_told_without_a_look_at_each(
    client: FlaskClient, calls: Calls, mine: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the revision tells everybody that there were so many, the call tells nobody more."""
    monkeypatch.setattr(webhook_calls, "MANY", 2)
    hook(mine)
    told = []
    for number in (2, 3):
        for _ in range(number):
            make(client, "persons")
        told.append(len(calls.after(minutes=1)))

    assert told == [0, 1]


def _revoke(client: FlaskClient, key: dict[str, Any], owner: str) -> None:
    assert client.delete(f"{KEYS}/{key['id']}").status_code == 204


def _suspend(client: FlaskClient, key: dict[str, Any], owner: str) -> None:
    coordinator = with_key(client.application, key_of(client, account_id=enlist(client, "coordinator")["id"])["token"])
    where = f"{path('organisations')}/{owner}/suspensions"
    assert coordinator.post(where, json={"code": "safeguarding"}).status_code == 201


def _rename_nothing(client: FlaskClient, key: dict[str, Any], owner: str) -> None:
    """The control: nothing happens to the holder."""


@pytest.mark.parametrize(("ends", "called"), [(_revoke, 0), (_suspend, 0), (_rename_nothing, 1)])
def test_who_is_shut_out_is_not_called_for_what_changed_before(
    app: Flask, client: FlaskClient, calls: Calls, owner: str, ends: Callable[..., None], called: int
) -> None:
    key = key_of(client, organisation_id=owner)
    made = hook(with_key(app, key["token"]))
    make(client, "organisations")
    ends(client, key, owner)

    assert len(calls.after(seconds=1)) == called
    assert len(calls.after(hours=1)) == 0
    assert one(client, made)["state"] == ("active" if called else "silent")


def test_who_has_left_is_not_called(app: Flask, client: FlaskClient, calls: Calls) -> None:
    account = enlist(client, "coordinator")
    hook(with_key(app, key_of(client, account_id=account["id"])["token"]))
    make(client, "organisations")
    client.delete(f"{USERS}/{account['id']}", headers=WHATEVER)

    assert calls.after(seconds=1) == []


def test_who_has_another_role_is_not_called(app: Flask, client: FlaskClient, calls: Calls) -> None:
    account = enlist(client, "coordinator")
    hook(with_key(app, key_of(client, account_id=account["id"])["token"]))
    make(client, "organisations")
    client.patch(f"{USERS}/{account['id']}", json={"role": "disclosure"}, headers=WHATEVER)

    assert calls.after(seconds=1) == []


def test_whoever_is_let_in_again_is_told_what_was_missed(
    app: Flask, client: FlaskClient, calls: Calls, owner: str, holder: Holder
) -> None:
    hook(holder("app", organisation_id=owner))
    _suspend(client, {}, owner)
    assert calls.after(seconds=1) == []
    coordinator = holder("coordinator")
    lifted = coordinator.delete(f"{path('organisations')}/{owner}/suspensions?code=unfounded")

    assert lifted.status_code < 300, lifted.text
    assert len(calls.after(minutes=6)) == 1


def test_a_host_that_is_named_no_more_is_not_called(client: FlaskClient, calls: Calls, mine: FlaskClient) -> None:
    made = hook(mine)
    make(client, "organisations")
    calls.allow("other.example.org")

    assert calls.after(seconds=1) == []
    assert one(mine, made)["state"] == "silent"
    calls.allow(HOST)
    assert len(calls.after(minutes=6)) == 1


def test_while_a_secret_is_replaced_both_sign(
    client: FlaskClient, calls: Calls, mine: FlaskClient, clock: Clock
) -> None:
    made = hook(mine)
    answer = mine.post(f"{WEBHOOKS}/{made['id']}/rotations", json={"overlap_hours": 2})
    new = answer_json(answer)
    make(client, "organisations")
    (during,) = calls.after(hours=1)
    believed = [genuine(one, during, clock) for one in (made, new)]
    make(client, "organisations")
    (after,) = calls.after(hours=1)

    assert (answer.status_code, new["version"], made["secret"] == new["secret"]) == (201, 2, False)
    assert (believed, [genuine(one, after, clock) for one in (made, new)]) == ([True, True], [False, True])


def test_a_server_with_another_secret_says_so_until_there_is_a_new_one(
    client: FlaskClient, calls: Calls, mine: FlaskClient
) -> None:
    made = hook(mine)
    make(client, "organisations")
    calls.allow(HOST, secret=b"of a server that was set up anew")
    assert calls.after(seconds=1) == []
    assert one(mine, made)["last_delivery"]["outcome"] == "secret_lost"

    mine.post(f"{WEBHOOKS}/{made['id']}/rotations", json={"overlap_hours": 0})
    assert len(calls.after(seconds=A_WHILE)) == 1
