"""Keys, as administrators keep them, and what a key may do, as its holder reads it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Response

from directory import permissions
from directory.fields import checked
from directory.services import keys, records
from directory.services.catalogue import COLLECTIONS
from web import transaction
from web.api.lists import page
from web.api.records import empty
from web.auth import actor
from web.paths import API
from web.schemas.access import (
    KEY_GIVEN,
    KEY_MADE,
    KEY_PAGE,
    KEY_READ,
    KEY_SHOWN,
    KEY_TOLD,
    KEY_WRITE,
    ME_READ,
    ME_SHOWN,
    ROTATION,
    ROTATION_WRITE,
    USER_ID,
)
from web.schemas.filters import PAGING, wanted
from web.smorest import HOLDER, Blueprint, Gives, Json, Operation, Takes

TAG, POLICY = "api-keys", "keys.manage"
PATH = f"{API}/api-keys"
ONE = f"{PATH}/<uuid:record_id>"
Query = Mapping[str, Any]
Body = Mapping[str, Any]


def browse(query: Query) -> Json:
    """One page of keys."""
    asked = wanted(query)
    found, total = keys.page(transaction.session(), actor(), page=asked.page, page_size=asked.page_size)
    return page(asked, [keys.publish(one) for one in found], total)


def create(query: Query, body: Body) -> tuple[Json, int, dict[str, str]]:
    """Make a key and tell its token."""
    return _told(keys.create(transaction.session(), actor(), body))


def read(query: Query, record_id: UUID) -> Json:
    """One key."""
    return keys.publish(keys.get(transaction.session(), actor(), str(record_id)))


def rotate(query: Query, body: Body, record_id: UUID) -> tuple[Json, int, dict[str, str]]:
    """Make the key that takes this one's place and tell its token."""
    hours = checked(ROTATION, dict(body)).get("overlap_hours")
    overlap = keys.OVERLAP if hours is None else timedelta(hours=hours)
    return _told(keys.rotate(transaction.session(), actor(), str(record_id), overlap))


def revoke(query: Query, record_id: UUID) -> Response:
    """End a key."""
    keys.revoke(transaction.session(), actor(), str(record_id))
    return empty(204, {})


def show_me(query: Query) -> Json:
    """Who asks, for whom, and what is granted."""
    who = actor()
    return {
        "role": who.role,
        "name": who.name,
        "account_id": who.account_id,
        "key_id": who.key_id,
        "organisation": _named("organisations", who.organisation_id),
        "department": _named("departments", who.department_id),
        "province": who.province,
        "scopes": None if who.scopes is None else sorted(who.scopes),
        "may": [action for action in permissions.ACTIONS if permissions.may(who, action)],
    }


def _told(made: keys.Made) -> tuple[Json, int, dict[str, str]]:
    return {**keys.publish(made.key), "token": made.token}, 201, {"Location": f"{PATH}/{made.key.id}"}


def _named(collection: str, record_id: str | None) -> Json | None:
    if record_id is None:
        return None
    return {"id": record_id, "name": records.find(transaction.session(), COLLECTIONS[collection], record_id).name}


TOLD = Gives(
    status=201,
    schema=KEY_MADE,
    example=KEY_TOLD,
    headers=("Location",),
    description="Made. The token is told in this answer and never again.",
)


def _declared(method: str, rule: str, name: str, summary: str, **more: Any) -> Operation:
    writes = method != "GET"
    return Operation(method=method, rule=rule, id=name, tag=TAG, policy=POLICY, summary=summary, writes=writes, **more)


def _on_all() -> list[tuple[Operation, Any]]:
    listed = Gives(schema=KEY_PAGE, example=page(wanted({}), [KEY_SHOWN], 1), description="One page.")
    of_a_person = {"name": "Spreadsheet", "account_id": USER_ID}
    creating = _declared(
        "POST",
        PATH,
        "createApiKey",
        "Make a key for an organisation's app or for a person; its token is told once",
        description="A key never has more than its role. Takes no Idempotency-Key: no token is kept to be told again.",
        gives=(TOLD,),
        takes=Takes(schema=KEY_WRITE, examples={"of an app": KEY_GIVEN, "of a person": of_a_person}),
    )
    return [
        (_declared("GET", PATH, "listApiKeys", "List keys by name", query=PAGING, gives=(listed,)), browse),
        (creating, create),
    ]


def _on_one() -> list[tuple[Operation, Any]]:
    shown = Gives(schema=KEY_READ, example=KEY_SHOWN, description="As it is, without its token.")
    summary = "Read one key, ended or not"
    rotating = _declared(
        "POST",
        f"{ONE}/rotations",
        "rotateApiKey",
        "A new key like this one, which itself ends after an overlap",
        gives=(TOLD,),
        takes=Takes(schema=ROTATION_WRITE, examples={"a day": {}, "at once": {"overlap_hours": 0}}),
        problems=("not-found", "conflict"),
    )
    revoking = _declared(
        "DELETE",
        ONE,
        "revokeApiKey",
        "Revoke: it holds from the next request, in every worker",
        gives=(Gives(status=204, description="Revoked; it stays readable."),),
        problems=("not-found",),
    )
    return [
        (_declared("GET", ONE, "getApiKey", summary, gives=(shown,), problems=("not-found",)), read),
        (rotating, rotate),
        (revoking, revoke),
    ]


def _on_me() -> tuple[Operation, Any]:
    shown = Gives(schema=ME_READ, example=ME_SHOWN, description="As the key says.")
    mine = Operation(
        method="GET",
        rule=f"{API}/me",
        id="getMe",
        tag="service",
        policy=HOLDER,
        summary="Who I am to this service, for whom I act, and what I may do",
        gives=(shown,),
    )
    return mine, show_me


def blueprint() -> Blueprint:
    """The routes."""
    made = Blueprint("access", __name__)
    for operation, view in (*_on_all(), *_on_one(), _on_me()):
        made.operation(operation, view)
    return made
