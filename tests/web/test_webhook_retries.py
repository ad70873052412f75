"""A call is made at least once, together with others if it can, and on either database once at a time."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from directory.services import webhook_calls
from directory.services.webhook_calls import LEASE, Said, pause
from directory.services.webhooks import PAUSE
from tests.conftest import Clock
from tests.web.hooked import WEBHOOKS, Calls, calls, hook, mine, one, owner, said
from tests.web.receivers import HOST, URL
from tests.web.records import API, answer_json, make

__all__ = ["calls", "mine", "owner"]

A_WHILE = PAUSE.total_seconds()
WHATEVER = {"If-Match": "*"}


def test_what_changes_within_half_a_minute_is_told_together(
    client: FlaskClient, calls: Calls, mine: FlaskClient, clock: Clock
) -> None:
    hook(mine)
    make(client, "organisations")
    assert len(calls.after(seconds=1)) == 1
    for _ in range(3):
        make(client, "organisations")
        assert calls.after(seconds=5) == []

    (got,) = calls.after(seconds=A_WHILE)
    assert said(got)["revision"] == answer_json(mine.get(f"{API}/"))["revision"]


def test_a_call_that_fails_is_made_again_later_and_later(client: FlaskClient, calls: Calls, mine: FlaskClient) -> None:
    made = hook(mine)
    make(client, "organisations")
    calls.receiver.says.extend([Said("timed_out"), Said("refused", 503)])
    (first,) = calls.after(seconds=1)
    failed = one(mine, made)["last_delivery"]
    assert calls.after(seconds=20) == []
    (again,) = calls.after(seconds=20)
    assert calls.after(seconds=40) == []
    (at_last,) = calls.after(seconds=40)

    assert (failed["outcome"], failed["status"], failed["failures"]) == ("timed_out", None, 1)
    assert {got.headers["webhook-id"] for got in (first, again, at_last)} == {first.headers["webhook-id"]}
    last = one(mine, made)["last_delivery"]
    assert (last["outcome"], last["status"], last["failures"]) == ("accepted", 204, 0)


def test_a_server_that_dies_while_it_calls_calls_again_under_the_same_id(
    app: Flask, client: FlaskClient, calls: Calls, mine: FlaskClient
) -> None:
    made = hook(mine)
    make(client, "organisations")
    with app.extensions["registry"].within(write=True) as session:
        (due,) = webhook_calls.waiting(session)
        begun = webhook_calls.claim(session, calls.hooks.terms, due)
    assert begun is not None
    assert one(mine, made)["last_delivery"]["outcome"] == "under_way"

    assert calls.after(seconds=LEASE.total_seconds() - 5) == []
    (again,) = calls.after(seconds=10)
    assert again.headers["webhook-id"] == begun.headers["webhook-id"]
    assert repr(begun).count(URL) + repr(begun).count(begun.headers["webhook-signature"]) == 0


def test_two_who_call_at_once_call_once(app: Flask, client: FlaskClient, calls: Calls, mine: FlaskClient) -> None:
    hook(mine)
    make(client, "organisations")
    registry, terms = app.extensions["registry"], calls.hooks.terms
    claimed = []
    with registry.within(write=False) as session:
        due = webhook_calls.waiting(session)
    for _ in range(2):
        with registry.within(write=True) as session:
            claimed.append(webhook_calls.claim(session, terms, due[0]))

    assert [call is not None for call in claimed] == [True, False]


def test_what_was_told_to_another_address_is_told_again(
    app: Flask, client: FlaskClient, calls: Calls, mine: FlaskClient
) -> None:
    made = hook(mine)
    make(client, "organisations")
    registry = app.extensions["registry"]
    with registry.within(write=True) as session:
        begun = webhook_calls.claim(session, calls.hooks.terms, made["id"])
    mine.patch(f"{WEBHOOKS}/{made['id']}", json={"url": f"https://{HOST}/new"}, headers=WHATEVER)
    assert begun is not None
    with registry.within(write=True) as session:
        webhook_calls.keep(session, begun, Said("accepted", 200))

    assert [got.url for got in calls.after(seconds=A_WHILE)] == [f"https://{HOST}/new"]


def test_pauses_grow_to_two_hours_and_are_not_all_alike() -> None:
    assert [pause(number) <= timedelta(hours=2.4) for number in (1, 10, 10**6)] == [True] * 3
    assert pause(1) < timedelta(seconds=37) < pause(3)
    assert pause(10**6) > timedelta(hours=1.5)
    assert len({pause(5) for _ in range(9)}) > 1
