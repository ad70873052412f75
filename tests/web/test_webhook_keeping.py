"""What fails for long is given up and told of; calling is one thread of one process, and keeps nobody waiting."""

import re
import time
from datetime import timedelta
from threading import Barrier, Event, Thread
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.models.record import new_id
from directory.services import outbox
from directory.services.webhook_calls import PATIENCE, Said
from directory.services.webhooks import PAUSE
from tests.conftest import Clock
from tests.web.browsing import Browser
from tests.web.hooked import WEBHOOKS, Calls, Holder, calls, hook, mine, one, owner, said
from tests.web.people import enlist
from tests.web.receivers import HOST, Receiver
from tests.web.records import API, answer_json, make
from web import snapshots, webhooks

__all__ = ["calls", "mine", "owner"]

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
A_WHILE = PAUSE.total_seconds()
WHATEVER = {"If-Match": "*"}


def test_after_a_day_it_is_given_up_and_whom_it_was_for_is_told(
    client: FlaskClient, calls: Calls, mine: FlaskClient, owner: str, holder: Holder
) -> None:
    made = hook(mine)
    make(client, "organisations")
    calls.receiver.says.extend([Said("unreachable")] * 99)
    hours = 0
    while one(mine, made)["state"] == "active":
        calls.after(hours=3)
        hours += 3

    assert PATIENCE <= timedelta(hours=hours) < PATIENCE + timedelta(hours=9)
    assert calls.after(days=3) == []
    manager = holder("partner_manager", organisation_id=owner)
    (message,) = answer_json(manager.get(f"{API}/outbox"))["items"]
    assert (message["kind"], message["about"], HOST in message["text"]) == (
        "webhook",
        {"type": "webhook", "id": made["id"]},
        True,
    )
    assert "/hooks" not in message["text"]
    others = [holder("partner_manager", organisation_id=make(client, "organisations")["id"]), holder("coordinator")]
    assert [answer_json(other.get(f"{API}/outbox"))["total"] for other in (*others, client)] == [0, 0, 0]
    assert "webhook.given_up" in client.get(f"{API}/audit?action=webhook.given_up").text
    calls.receiver.says.clear()
    assert mine.patch(f"{WEBHOOKS}/{made['id']}", json={}, headers=WHATEVER).status_code == 200
    assert len(calls.after(seconds=1)) == 1


def test_one_that_is_gone_is_given_up_at_once_and_a_trial_begins_again(
    client: FlaskClient, calls: Calls, holder: Holder
) -> None:
    coordinator = holder("coordinator")
    made = hook(coordinator)
    make(client, "organisations")
    calls.receiver.says.extend([Said("refused", 410), Said("refused", 500)])
    calls.after(seconds=1)
    state = one(coordinator, made)["state"]
    tried = coordinator.post(f"{WEBHOOKS}/{made['id']}/trials")
    (failed,) = calls.after(seconds=A_WHILE)
    still = one(coordinator, made)
    coordinator.post(f"{WEBHOOKS}/{made['id']}/trials")
    (trial,) = calls.after(seconds=A_WHILE)
    (missed,) = calls.after(seconds=A_WHILE)

    assert (state, tried.status_code, said(failed)["event"]) == ("given_up", 202, "trial")
    assert (still["state"], still["last_delivery"]["status"], still["last_delivery"]["failures"]) == (
        "given_up",
        500,
        1,
    )
    assert (said(trial)["event"], said(missed)["event"]) == ("trial", "changed")
    assert one(coordinator, made)["state"] == "active"
    (message,) = answer_json(coordinator.get(f"{API}/outbox"))["items"]
    assert (message["to"]["type"], answer_json(client.get(f"{API}/outbox"))["total"]) == ("account", 0)


def test_whom_it_was_kept_for_reads_it_on_the_page_of_messages(app: Flask, client: FlaskClient, clock: Clock) -> None:
    owner = make(client, "organisations", name="Umoja Centre")["id"]
    people = [
        enlist(client, "partner_manager", organisation_id=owner),
        enlist(client, "coordinator"),
        enlist(client, "coordinator", "another"),
    ]
    with app.extensions["registry"].within(write=True) as session:
        for to in (("organisation", owner), ("account", people[1]["id"])):
            outbox.tell_of_webhook(session, to, new_id(), f"Calls for the {to[0]} are not answered.")
    pages = []
    for person in people:
        browser = Browser(app)
        browser.sign_in(person, clock)
        pages.append(browser.read("/messages").text)

    told = [[kind for kind in ("organisation", "account") if f"Calls for the {kind}" in page] for page in pages]
    assert told == [["organisation"], ["account"], []]
    assert "Umoja Centre" in pages[0]
    assert re.search(r">\s*you\s*<", pages[1])


def test_trials_are_half_a_minute_apart_too(calls: Calls, mine: FlaskClient) -> None:
    made = hook(mine, paused=True)
    trials = f"{WEBHOOKS}/{made['id']}/trials"
    mine.post(trials)
    first = calls.after(seconds=1)
    mine.post(trials)

    assert (len(first), calls.after(seconds=1), len(calls.after(seconds=A_WHILE))) == (1, [], 1)


def test_one_that_does_not_answer_keeps_no_other_waiting(client: FlaskClient, calls: Calls, mine: FlaskClient) -> None:
    hook(mine), hook(mine)
    make(client, "organisations")
    together = Barrier(2, timeout=5)

    class Meeting(Receiver):
        def post(self, *given: Any) -> Said:
            together.wait()
            return super().post(*given)

    calls.receiver = Meeting()
    calls.allow(HOST)

    assert calls.deliver() == webhooks.Done(accepted=2)


def test_one_that_never_ends_is_left_behind(
    client: FlaskClient, calls: Calls, mine: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name's server that does not answer is waited for by the system, for as long as that likes."""
    goes_on = Event()

    class Stuck(Receiver):
        def post(self, *given: Any) -> Said:
            goes_on.wait(10)
            return super().post(*given)

    made = hook(mine)
    make(client, "organisations")
    calls.receiver = Stuck()
    calls.allow(HOST)
    monkeypatch.setattr(webhooks, "LONGEST_S", 0.05)

    assert calls.deliver() == webhooks.Done(failed=1)
    goes_on.set()
    assert one(mine, made)["last_delivery"]["outcome"] == "timed_out"


def test_a_call_that_breaks_here_is_a_failure_and_no_end(
    client: FlaskClient, calls: Calls, mine: FlaskClient, capfd: pytest.CaptureFixture[str]
) -> None:
    class Broken(Receiver):
        def post(self, *given: Any) -> Said:
            raise ValueError(str(given))

    made = hook(mine)
    make(client, "organisations")
    calls.receiver = Broken()
    calls.allow(HOST)

    assert calls.deliver() == webhooks.Done(failed=1)
    assert one(mine, made)["last_delivery"]["outcome"] == "broken_off"
    assert "hooks/directory" not in "".join(capfd.readouterr())


def test_one_process_of_a_machine_looks_and_another_takes_its_place(
    client: FlaskClient, calls: Calls, mine: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stop(BaseException):
        pass

    def stop(_seconds: float) -> None:
        raise Stop

    hook(mine)
    make(client, "organisations")
    monkeypatch.setattr(time, "sleep", stop)
    registry = calls.app.extensions["registry"]
    with snapshots.alone(calls.hooks.lock) as is_another, pytest.raises(Stop):
        webhooks._keep_on(registry, calls.hooks)
    assert is_another
    while_another_looks = len(calls.receiver.got)
    with pytest.raises(Stop):
        webhooks._keep_on(registry, calls.hooks)

    assert (while_another_looks, len(calls.receiver.got)) == (0, 1)


def test_no_thread_looks_where_no_host_is_named(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr(Thread, "start", lambda thread: started.append(thread.name))
    calls.allow()
    webhooks.keep_on(calls.app)
    none = list(started)
    calls.allow(HOST)
    webhooks.keep_on(calls.app)

    assert (none, started) == ([], ["webhooks"])


def test_a_timer_may_call_as_well(client: FlaskClient, calls: Calls, mine: FlaskClient) -> None:
    hook(mine)
    make(client, "organisations")
    run = calls.app.test_cli_runner().invoke
    did = [run(args=["webhooks", "deliver"]).output for _ in range(2)]
    calls.allow()

    assert did == ["Calls: 1 accepted, 0 failed.\n", "Calls: 0 accepted, 0 failed.\n"]
    assert "nobody is called" in run(args=["webhooks", "deliver"]).output
