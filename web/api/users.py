"""Accounts of people and their sessions, as administrators keep them. Secrets are told once, to who makes them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response

from directory.fields import checked
from directory.services import accounts, sessions
from web import etags, transaction
from web.api.lists import page, whole
from web.api.records import empty
from web.auth import actor
from web.paths import API
from web.schemas.access import (
    RESET,
    RESET_WRITE,
    SESSION,
    SESSION_PAGE,
    SESSION_SHOWN,
    USER_CHANGE,
    USER_GIVEN,
    USER_MADE,
    USER_PAGE,
    USER_READ,
    USER_SHOWN,
    USER_TOLD,
    USER_WRITE,
)
from web.schemas.filters import PAGING, wanted
from web.smorest import Blueprint, Gives, Json, Operation, Takes

TAG, POLICY = "users", "accounts.manage"
PATH = f"{API}/users"
ONE = f"{PATH}/<uuid:record_id>"
Query = Mapping[str, Any]
Body = Mapping[str, Any]


def browse(query: Query) -> Json:
    """One page of accounts."""
    asked = wanted(query)
    found, total = accounts.page(transaction.session(), actor(), page=asked.page, page_size=asked.page_size)
    return page(asked, [accounts.publish(one) for one in found], total)


def create(query: Query, body: Body) -> tuple[Json, int, dict[str, str]]:
    """Make an account and tell its secrets."""
    made = accounts.create(transaction.session(), actor(), body)
    where = {"Location": f"{PATH}/{made.account.id}"}
    return _told(made), 201, {**etags.headers(made.account), **where}


def read(query: Query, record_id: UUID) -> tuple[Json, int, dict[str, str]]:
    """One account."""
    account = accounts.get(transaction.session(), actor(), str(record_id))
    return accounts.publish(account), 200, etags.headers(account)


def change(query: Query, body: Body, record_id: UUID) -> tuple[Json, int, dict[str, str]]:
    """Change an account."""
    session, who = transaction.session(), actor()
    version = etags.expected_version(accounts.get(session, who, str(record_id)))
    account = accounts.change(session, who, str(record_id), version, body)
    session.flush()
    return accounts.publish(account), 200, etags.headers(account)


def deactivate(query: Query, record_id: UUID) -> Response:
    """Shut an account out."""
    session, who = transaction.session(), actor()
    version = etags.expected_version(accounts.get(session, who, str(record_id)))
    account = accounts.deactivate(session, who, str(record_id), version)
    return empty(204, etags.headers(account))


def reset(query: Query, body: Body, record_id: UUID) -> tuple[Json, int, dict[str, str]]:
    """Give an account new secrets and tell them."""
    asked = checked(RESET, dict(body)).get("second_factor")
    made = accounts.reset(transaction.session(), actor(), str(record_id), second_factor=bool(asked))
    where = {"Location": f"{PATH}/{made.account.id}"}
    return _told(made), 201, {**etags.headers(made.account), **where}


def list_sessions(query: Query, record_id: UUID) -> Json:
    """The open sessions of an account."""
    session, who = transaction.session(), actor()
    account = accounts.get(session, who, str(record_id))
    held = sessions.held(session, who, account.id)
    return whole([{name: getattr(one, name) for name in SESSION} for one in held])


def end_sessions(query: Query, record_id: UUID) -> Response:
    """End all sessions of an account."""
    session, who = transaction.session(), actor()
    sessions.revoke_all(session, who, accounts.get(session, who, str(record_id)).id)
    return empty(204, {})


def end_session(query: Query, record_id: UUID) -> Response:
    """End one session."""
    sessions.revoke(transaction.session(), actor(), str(record_id))
    return empty(204, {})


def _told(made: accounts.Credentials) -> Json:
    return {**accounts.publish(made.account), "password": made.password, "totp_secret": made.totp_secret}


GUARDED = ("not-found", "version-conflict", "precondition-required", "conflict")
SHOWN = Gives(schema=USER_READ, example=USER_SHOWN, headers=("ETag",), description="As it is.")
TOLD = Gives(
    status=201,
    schema=USER_MADE,
    example=USER_TOLD,
    headers=("ETag", "Location"),
    description="Made. The secrets are told in this answer and never again.",
)


def _declared(method: str, rule: str, name: str, summary: str, **more: Any) -> Operation:
    writes = method != "GET"
    named: Json = {"tag": TAG, "policy": POLICY, **more}
    return Operation(method=method, rule=rule, id=name, summary=summary, writes=writes, **named)


def _on_all() -> list[tuple[Operation, Any]]:
    listed = page(wanted({}), [USER_SHOWN], 1)
    browsing = _declared(
        "GET",
        PATH,
        "listUsers",
        "List accounts by user name",
        query=PAGING,
        gives=(Gives(schema=USER_PAGE, example=listed, description="One page."),),
    )
    creating = _declared(
        "POST",
        PATH,
        "createUser",
        "Make an account; its password and TOTP secret are told once",
        description="Takes no Idempotency-Key, as secrets are not kept to be told again; a user name is taken once.",
        gives=(TOLD,),
        takes=Takes(schema=USER_WRITE, examples={"caseworker": USER_GIVEN}),
    )
    return [(browsing, browse), (creating, create)]


def _on_one() -> list[tuple[Operation, Any]]:
    summary = "Read one account, active or not"
    reading = _declared("GET", ONE, "getUser", summary, gives=(SHOWN,), problems=("not-found",))
    changing = _declared(
        "PATCH",
        ONE,
        "changeUser",
        "Change by merge patch: role, for whom, display name",
        description="It holds from the next request. The last administrator stays one (409).",
        gives=(SHOWN,),
        takes=Takes(schema=USER_CHANGE, examples={"renamed": {"display_name": "N. Mokoena"}}),
        request_headers=("If-Match",),
        problems=GUARDED,
    )
    closing = _declared(
        "DELETE",
        ONE,
        "deactivateUser",
        "Deactivate: its sessions end and its keys are revoked, from the next request",
        gives=(Gives(status=204, headers=("ETag",), description="Deactivated; it stays readable."),),
        request_headers=("If-Match",),
        problems=GUARDED,
    )
    resetting = _declared(
        "POST",
        f"{ONE}/resets",
        "resetUser",
        "New secrets, told once; it is active and unlocked again",
        description="Its sessions and enrolled devices end; its keys stay.",
        gives=(TOLD,),
        takes=Takes(schema=RESET_WRITE, examples={"usual": {}, "with codes": {"second_factor": True}}),
        problems=("not-found",),
    )
    return [(reading, read), (changing, change), (closing, deactivate), (resetting, reset)]


def _on_sessions() -> list[tuple[Operation, Any]]:
    where, known = f"{ONE}/sessions", {"problems": ("not-found",)}
    shown = Gives(schema=SESSION_PAGE, example=whole([SESSION_SHOWN]), description="All of them.")
    gone = (Gives(status=204, description="Ended, in every worker."),)
    summary = "Open sessions of an account, the latest used first"
    listing = _declared("GET", where, "listUserSessions", summary, gives=(shown,), **known)
    all_ended = _declared("DELETE", where, "endUserSessions", "End all sessions of an account", gives=gone, **known)
    one = f"{API}/sessions/<uuid:record_id>"
    one_ended = _declared("DELETE", one, "endSession", "End one session", tag="sessions", gives=gone, **known)
    return [(listing, list_sessions), (all_ended, end_sessions), (one_ended, end_session)]


def blueprint() -> Blueprint:
    """The routes."""
    made = Blueprint("users", __name__)
    for operation, view in (*_on_all(), *_on_one(), *_on_sessions()):
        made.operation(operation, view)
    return made
