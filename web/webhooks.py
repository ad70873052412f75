"""Calls webhooks, beside the requests: one thread of one worker of all, and `flask webhooks deliver`.

Nobody waits for a call: it is claimed in one transaction, made outside of any, and what came of it is kept in another
(`directory.services.webhook_calls`). Where the settings name no host, there is no thread and no call."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from flask import Flask, current_app

from directory.services import webhook_calls
from directory.services.webhook_calls import ACCEPTED, LEASE, Call, Said
from directory.services.webhook_secrets import Seal
from directory.services.webhooks import Terms
from web import snapshots
from web.calling import Outward
from web.log import report
from web.settings import Settings
from web.transaction import Registry

LOCK = "webhooks"
LOOK_S = 5.0
"""How often it is looked whether somebody is to be told, and by the other workers whether nobody looks any more."""
REST_S = 60.0
"""After an error, such as a database that does not answer."""
AT_ONCE = 8
"""Calls that are made at the same time, so that one that does not answer keeps few others waiting."""

LONGEST_S = LEASE.total_seconds() / 2


@dataclass(frozen=True, slots=True)
class Hooks:
    """What calls need beside the registry: what the settings say, how to call, and which file says who of this machine
    calls."""

    terms: Terms
    outward: Outward
    lock: Path


@dataclass(frozen=True, slots=True)
class Done:
    """How many calls were answered as they should be, and how many were not."""

    accepted: int = 0
    failed: int = 0


def init_app(app: Flask, settings: Settings) -> None:
    """Keep what calls need."""
    terms = Terms(settings.webhook_hosts, Seal.of(settings.secret_key))
    app.extensions["webhooks"] = Hooks(terms, Outward(), settings.instance / LOCK)


def hooks() -> Hooks:
    """Those of the current application."""
    found: Hooks = current_app.extensions["webhooks"]
    return found


def keep_on(app: Flask) -> None:
    """Call from now on, in a thread of this process, unless another of this machine does."""
    kept: Hooks = app.extensions["webhooks"]
    if kept.terms.hosts:
        registry: Registry = app.extensions["registry"]
        Thread(target=_keep_on, args=(registry, kept), name="webhooks", daemon=True).start()


def _keep_on(registry: Registry, kept: Hooks) -> None:
    while True:
        try:
            with snapshots.alone(kept.lock) as mine:
                while mine:
                    deliver(registry, kept)
                    time.sleep(LOOK_S)
            time.sleep(LOOK_S)
        except Exception as error:
            report(error)
            time.sleep(REST_S)


def deliver(registry: Registry, kept: Hooks) -> Done:
    """Make every call that is due. Safe among several who do: each is claimed."""
    registry.look()
    with registry.within(write=False) as session:
        due = webhook_calls.waiting(session)
    outcomes: list[Said] = []
    for start in range(0, len(due), AT_ONCE):
        with registry.within(write=True) as session:
            claimed = [webhook_calls.claim(session, kept.terms, one) for one in due[start : start + AT_ONCE]]
        calls = [one for one in claimed if one is not None]
        said = _called(kept.outward, calls)
        if calls:
            with registry.within(write=True) as session:
                for call, outcome in zip(calls, said, strict=True):
                    webhook_calls.keep(session, call, outcome)
        outcomes += said
    accepted = sum(1 for one in outcomes if one.outcome == ACCEPTED)
    return Done(accepted, len(outcomes) - accepted)


def _called(outward: Outward, calls: Sequence[Call]) -> list[Said]:
    """What came of each call. They are made by threads that no end of the process waits for, and nobody for longer than
    a claim holds: names may be resolved without end."""
    said, ends = [Said("timed_out")] * len(calls), time.monotonic() + LONGEST_S

    def make(number: int, call: Call) -> None:
        try:
            said[number] = outward.post(call.url, call.headers, call.body)
        except Exception as error:
            report(error)
            said[number] = Said("broken_off")

    threads = [Thread(target=make, args=one, daemon=True) for one in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, ends - time.monotonic()))
    return list(said)
