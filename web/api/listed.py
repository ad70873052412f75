"""What people listed do by their one-time link: see, correct, withdraw, name a deputy, object. The link is the key.

No key, no cookie and no Idempotency-Key here: a replayed request would be kept with its path, and the token with it.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response

from directory.services import listed
from directory.services.about_oneself import STATEMENT
from web import transaction
from web.api.records import empty
from web.paths import API
from web.schemas.listed import (
    CHANNEL_PATCH,
    COLLEAGUE,
    DEPUTY_SHOWN,
    DEPUTY_WRITE,
    KEPT_READ,
    KEPT_SHOWN,
    OBJECTION_WRITE,
    PERSON_PATCH,
    SAID_READ,
    SAID_SHOWN,
)
from web.smorest import PUBLIC, Blueprint, Gives, Json, Operation, Takes

TAG = "listed"
HERE = f"{API}/listed/<string:token>"
CHANNEL = f"{HERE}/channels/<uuid:channel_id>"
ONCE = (
    "The first call by a link opens it for 30 minutes, after which it is of no use. Unknown, used and expired ones are "
    "answered alike. A page that a link leads to waits for a press of a button: messengers open links by themselves."
)
Query = Mapping[str, Any]
Body = Mapping[str, Any]


def see(query: Query, token: str) -> Json:
    """All that is kept of oneself."""
    return listed.see(transaction.session(), token)


def correct(query: Query, body: Body, token: str) -> Json:
    """Change facts about oneself."""
    listed.correct(transaction.session(), token, body)
    return listed.see(transaction.session(), token)


def correct_channel(query: Query, body: Body, token: str, channel_id: UUID) -> Json:
    """Change a number or mailbox of one's own."""
    listed.correct_channel(transaction.session(), token, str(channel_id), body)
    return listed.see(transaction.session(), token)


def withdraw_channel(query: Query, token: str, channel_id: UUID) -> Response:
    """Withdraw a number or mailbox of one's own."""
    listed.withdraw_channel(transaction.session(), token, str(channel_id))
    return empty(204, {})


def name_deputy(query: Query, body: Body, token: str) -> tuple[Json, int]:
    """Suggest who stands in."""
    return _shown(listed.name_deputy(transaction.session(), token, body)), 201


def object_to(query: Query, body: Body, token: str) -> tuple[Json, int]:
    """Object to being listed, or to how."""
    return _shown(listed.object_to(transaction.session(), token, body)), 201


def _shown(statement: Any) -> Json:
    return {name: getattr(statement, name) for name in STATEMENT}


def _declared(method: str, rule: str, name: str, summary: str, **more: Any) -> Operation:
    problems = ("not-found", *more.pop("problems", ()))
    declared = {"policy": PUBLIC, "tag": TAG, "writes": True, "problems": problems, "description": ONCE, **more}
    return Operation(method=method, rule=rule, id=name, summary=summary, **declared)


def _on_oneself() -> list[tuple[Operation, Any]]:
    shown = Gives(schema=KEPT_READ, example=KEPT_SHOWN, description="All of it.")
    leave = {"status": "on_leave"}
    return [
        (_declared("GET", HERE, "seeListed", "All that is kept of you", gives=(shown,)), see),
        (
            _declared(
                "PATCH",
                HERE,
                "correctListed",
                "Correct your name or languages; say that you are on leave, or back",
                description=f"A merge patch, without If-Match: you are alone here. {ONCE}",
                gives=(shown,),
                takes=Takes(schema=PERSON_PATCH, examples={"on leave": leave, "languages": {"languages": ["zul"]}}),
                problems=("conflict",),
            ),
            correct,
        ),
    ]


def _on_channel() -> list[tuple[Operation, Any]]:
    shown = Gives(schema=KEPT_READ, example=KEPT_SHOWN, description="All of it.")
    hours = {"hours": [{"days": ["mon", "tue", "wed"], "opens": "08:00", "closes": "16:30"}]}
    untested = "A changed number or mailbox counts as untested, and coordinators are told that it changed."
    return [
        (
            _declared(
                "PATCH",
                CHANNEL,
                "correctListedChannel",
                "Correct a number or mailbox of yours, its hours, or who reads it",
                description=f"{untested} {ONCE}",
                gives=(shown,),
                takes=Takes(schema=CHANNEL_PATCH, examples={"hours": hours, "number": {"value": "+27827654321"}}),
            ),
            correct_channel,
        ),
        (
            _declared(
                "DELETE",
                CHANNEL,
                "withdrawListedChannel",
                "Withdraw a number or mailbox of yours: nobody is told it any more",
                gives=(Gives(status=204, description="Withdrawn."),),
            ),
            withdraw_channel,
        ),
    ]


def _on_statements() -> list[tuple[Operation, Any]]:
    objection = Gives(status=201, schema=SAID_READ, example=SAID_SHOWN, description="Kept for the coordinators.")
    deputy = Gives(status=201, schema=SAID_READ, example=DEPUTY_SHOWN, description="Kept for the coordinators.")
    return [
        (
            _declared(
                "POST",
                f"{HERE}/objections",
                "objectToListing",
                "Object to being listed, or to how",
                gives=(objection,),
                takes=Takes(schema=OBJECTION_WRITE, examples={"too widely read": {"code": "too_widely_read"}}),
            ),
            object_to,
        ),
        (
            _declared(
                "POST",
                f"{HERE}/deputies",
                "nameDeputy",
                "Suggest who stands in for you; a coordinator decides",
                gives=(deputy,),
                takes=Takes(schema=DEPUTY_WRITE, examples={"a colleague": {"person_id": COLLEAGUE}}),
            ),
            name_deputy,
        ),
    ]


def blueprint() -> Blueprint:
    """The routes."""
    made = Blueprint("listed", __name__)
    for operation, view in (*_on_oneself(), *_on_channel(), *_on_statements()):
        made.operation(operation, view)
    return made
