"""Webhooks: for who would rather be called than ask for changes, each their own."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response

from directory.services import webhooks
from web import etags, transaction
from web.api.lists import page
from web.api.records import empty
from web.auth import actor
from web.paths import API
from web.schemas.filters import wanted
from web.schemas.webhooks import BROWSED, CHANGE, GIVEN, MADE_READ, PAGE, READ, ROTATION_WRITE, SHOWN, TOLD, WRITE
from web.smorest import Blueprint, Gives, Json, Operation, Takes
from web.webhooks import hooks

TAG, POLICY = "webhooks", webhooks.ACTION
PATH = f"{API}/webhooks"
ONE = f"{PATH}/<uuid:record_id>"
Query = Mapping[str, Any]
Body = Mapping[str, Any]
Answered = tuple[Json, int, dict[str, str]]


def browse(query: Query) -> Json:
    """One page of webhooks."""
    asked = wanted(query)
    session, who = transaction.session(), actor()
    status = asked.filters.get("status")
    found, total = webhooks.page(session, who, status=status, page=asked.page, page_size=asked.page_size)
    return page(asked, [_show(one) for one in found], total)


def create(query: Query, body: Body) -> Answered:
    """Make a webhook and tell its secret."""
    return _told(webhooks.create(transaction.session(), actor(), hooks().terms, body))


def read(query: Query, record_id: UUID) -> Answered:
    """One webhook."""
    found = webhooks.get(transaction.session(), actor(), str(record_id))
    return _show(found), 200, etags.headers(found)


def change(query: Query, body: Body, record_id: UUID) -> Answered:
    """Change a webhook."""
    session, who = transaction.session(), actor()
    version = etags.expected_version(webhooks.get(session, who, str(record_id)))
    found = webhooks.change(session, who, hooks().terms, str(record_id), version, body)
    return _show(found), 200, etags.headers(found)


def close(query: Query, record_id: UUID) -> Response:
    """Close a webhook."""
    session, who = transaction.session(), actor()
    version = etags.expected_version(webhooks.get(session, who, str(record_id)))
    return empty(204, etags.headers(webhooks.close(session, who, str(record_id), version)))


def rotate(query: Query, body: Body, record_id: UUID) -> Answered:
    """Make a new secret and tell it."""
    return _told(webhooks.rotate(transaction.session(), actor(), hooks().terms, str(record_id), body))


def ask_trial(query: Query, record_id: UUID) -> Answered:
    """Have it called once."""
    found = webhooks.ask_trial(transaction.session(), actor(), hooks().terms, str(record_id))
    return _show(found), 202, {**etags.headers(found), "Location": f"{PATH}/{found.id}"}


def _show(webhook: Any) -> Json:
    return webhooks.publish(transaction.session(), actor(), hooks().terms, webhook)


def _told(made: webhooks.Made) -> Answered:
    where = {"Location": f"{PATH}/{made.webhook.id}"}
    return {**_show(made.webhook), "secret": made.secret}, 201, {**etags.headers(made.webhook), **where}


CALLS = """\
A call is `POST` with a JSON body of `event` (`changed`, or `trial` after a trial was asked for), `revision`,
`webhook_id` and `sent_at`, and no record: ask `GET /changes` for those, from where you last stopped. It carries
`webhook-id`, `webhook-timestamp` and `webhook-signature` in the form of Standard Webhooks: `v1,` and the base64 of
HMAC-SHA256, under the secret's bytes, of id, timestamp and body joined by full stops; two such signatures while a
secret is being replaced. Answer 2xx within seconds. Anything else is called again, after 30 seconds, then later and
later, for a day; 410 ends it. A call may come twice under one id, and one call may stand for many changes: there is at
most one in 30 seconds. Hosts are called only once the server's administrator has named them (`WEBHOOK_HOSTS`), by
https, at public addresses.
"""
GUARDED = ("not-found", "version-conflict", "precondition-required", "conflict")
SHOWS = Gives(schema=READ, example=SHOWN, headers=("ETag",), description="As it is.")
TELLS = Gives(
    status=201,
    schema=MADE_READ,
    example=TOLD,
    headers=("ETag", "Location"),
    description="Made. The secret is told in this answer and never again.",
)


def _declared(method: str, rule: str, name: str, summary: str, **more: Any) -> Operation:
    writes = method != "GET"
    return Operation(method=method, rule=rule, id=name, tag=TAG, policy=POLICY, summary=summary, writes=writes, **more)


def _on_all() -> list[tuple[Operation, Any]]:
    browsing = _declared(
        "GET",
        PATH,
        "listWebhooks",
        "List one's own webhooks, oldest first; administrators all",
        query=BROWSED,
        gives=(Gives(schema=PAGE, example=page(wanted({}), [SHOWN], 1), description="One page."),),
    )
    everything = {"url": GIVEN["url"]}
    creating = _declared(
        "POST",
        PATH,
        "createWebhook",
        "Be called when something changed; the secret that calls are signed with is told once",
        description=f"{CALLS}\nTakes no Idempotency-Key: no secret is kept to be told again.",
        gives=(TELLS,),
        takes=Takes(schema=WRITE, examples={"of two collections": GIVEN, "of all that one reads": everything}),
        problems=("conflict",),
    )
    return [(browsing, browse), (creating, create)]


def _on_one() -> list[tuple[Operation, Any]]:
    reading = _declared("GET", ONE, "getWebhook", "Read one webhook", gives=(SHOWS,), problems=("not-found",))
    changing = _declared(
        "PATCH",
        ONE,
        "changeWebhook",
        "Change by merge patch; one that was given up begins again",
        description="From now on it lasts as long as the key in use. Administrators change their own alone.",
        gives=(SHOWS,),
        takes=Takes(schema=CHANGE, examples={"paused": {"paused": True}}),
        request_headers=("If-Match",),
        problems=GUARDED,
    )
    closing = _declared(
        "DELETE",
        ONE,
        "closeWebhook",
        "Close: it is not called again",
        gives=(Gives(status=204, headers=("ETag",), description="Closed; it stays readable."),),
        request_headers=("If-Match",),
        problems=GUARDED,
    )
    return [(reading, read), (changing, change), (closing, close)]


def _on_calls() -> list[tuple[Operation, Any]]:
    rotating = _declared(
        "POST",
        f"{ONE}/rotations",
        "rotateWebhook",
        "A new secret; calls are signed with both for a while",
        gives=(TELLS,),
        takes=Takes(schema=ROTATION_WRITE, examples={"a day": {}, "at once": {"overlap_hours": 0}}),
        problems=("not-found", "conflict"),
    )
    trying = _declared(
        "POST",
        f"{ONE}/trials",
        "tryWebhook",
        "Be called once though nothing changed; `last_delivery` says what came of it",
        description="The call is made after the answer, within a minute. Success begins again what was given up.",
        gives=(
            Gives(
                status=202, schema=READ, example=SHOWN, headers=("ETag", "Location"), description="It will be called."
            ),
        ),
        problems=("not-found", "conflict"),
    )
    return [(rotating, rotate), (trying, ask_trial)]


def blueprint() -> Blueprint:
    """The routes."""
    made = Blueprint("webhooks", __name__)
    for operation, view in (*_on_all(), *_on_one(), *_on_calls()):
        made.operation(operation, view)
    return made
