"""Webhooks over HTTP, and who keeps them."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.services.webhook_secrets import Seal
from directory.services.webhooks import Terms
from tests.conftest import SECRET_KEY, Clock
from tests.web.receivers import HOST, URL, Got, Receiver
from tests.web.records import API, answer_json, make
from web import webhooks
from web.webhooks import Done, Hooks

WEBHOOKS = f"{API}/webhooks"
Holder = Callable[..., FlaskClient]


class Calls:
    """The calls of one application: they are made when a test says so."""

    def __init__(self, app: Flask, clock: Clock, receiver: Receiver) -> None:
        self.app, self.clock, self.receiver = app, clock, receiver

    @property
    def hooks(self) -> Hooks:
        """What calls need."""
        found: Hooks = self.app.extensions["webhooks"]
        return found

    def allow(self, *hosts: str, secret: bytes = SECRET_KEY) -> None:
        """Be a server with other settings."""
        terms = Terms(frozenset(hosts), Seal.of(secret))
        self.app.extensions["webhooks"] = replace(self.hooks, terms=terms, outward=self.receiver)

    def deliver(self) -> Done:
        """Make every call that is due now."""
        return webhooks.deliver(self.app.extensions["registry"], self.hooks)

    def after(self, **by: float) -> list[Got]:
        """What was called for, once time has passed."""
        self.clock.advance(**by)
        before = len(self.receiver.got)
        self.deliver()
        return self.receiver.got[before:]


@pytest.fixture
def calls(app: Flask, clock: Clock) -> Iterator[Calls]:
    """A server that may call one host, and whoever is called."""
    kept = app.extensions["webhooks"]
    made = Calls(app, clock, Receiver())
    made.allow(HOST)
    yield made
    app.extensions["webhooks"] = kept


@pytest.fixture
def owner(client: FlaskClient) -> str:
    """Whose app is called."""
    return str(make(client, "organisations")["id"])


@pytest.fixture
def mine(calls: Calls, holder: Holder, owner: str) -> FlaskClient:
    """The app, at a server that may call one host."""
    return holder("app", organisation_id=owner)


def hook(client: FlaskClient, **given: Any) -> dict[str, Any]:
    """A webhook as its holder is told of it, secret included."""
    answer = client.post(WEBHOOKS, json={"url": URL, **given})
    assert answer.status_code == 201, answer.text
    return answer_json(answer)


def one(client: FlaskClient, made: dict[str, Any]) -> dict[str, Any]:
    """A webhook as it is read now."""
    return answer_json(client.get(f"{WEBHOOKS}/{made['id']}"))


def said(got: Got) -> dict[str, Any]:
    """The body of a call."""
    found: dict[str, Any] = json.loads(got.body)
    return found
