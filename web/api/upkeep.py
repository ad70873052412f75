"""What is kept up between the records: the room there is, and what changed."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response

from directory.fields import Integer
from directory.services import capacity, changefeed, outcomes, records
from directory.services.catalogue import COLLECTIONS
from web import etags, transaction
from web.api.records import empty, show
from web.auth import actor
from web.json import answer
from web.paths import API
from web.schemas.examples import EXAMPLES
from web.schemas.records import SURFACES
from web.smorest import Blueprint, Body, Gives, Json, Operation, Takes, schema_of

SERVICE_SITES = COLLECTIONS["service_sites"]
CAPACITY = schema_of("CapacityWrite", capacity.FIELDS, Body)
OUTCOME = schema_of("ContactOutcome", outcomes.FIELDS, Body)
USUAL_CHANGES, MOST_CHANGES = 100, 1000

CHANGES: Json = {
    "type": "object",
    "properties": {
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "revision": {"type": "integer"},
                    "collection": {"type": "string", "enum": [one.path for one in COLLECTIONS.values()]},
                    "id": {"type": "string", "format": "uuid"},
                    "op": {"type": "string", "enum": ["put", "closed", "erased"]},
                    "record": {"type": ["object", "null"], "description": "As it is now; grades are not sent."},
                },
                "required": ["revision", "collection", "id", "op", "record"],
            },
        },
        "next_after": {"type": "integer"},
        "revision": {"type": "integer", "description": "The registry's own."},
    },
    "required": ["items", "next_after", "revision"],
}


def put_capacity(query: Mapping[str, Any], body: Any, record_id: UUID) -> tuple[Json, int, dict[str, str]]:
    """Say how much room there is now."""
    session, who = transaction.session(), actor()
    record = records.get(session, who, SERVICE_SITES, str(record_id))
    capacity.put(session, who, SERVICE_SITES, record, body)
    return show(session, who, SERVICE_SITES, [record])[0], 200, etags.headers(record)


def say_outcome(query: Mapping[str, Any], body: Any, record_id: UUID) -> Response:
    """Say what came of a call."""
    outcomes.say(transaction.session(), actor(), str(record_id), body)
    return empty(204, {})


def list_changes(query: Mapping[str, Any]) -> Response:
    """What changed after a revision, oldest first."""
    after, limit = query.get("after") or 0, query.get("limit") or USUAL_CHANGES
    items, next_after, revision = changefeed.after(transaction.session(), actor(), after, limit)
    return answer({"items": items, "next_after": next_after, "revision": revision})


EXAMPLE = EXAMPLES["service_sites"].read


def _put() -> Operation:
    record = SURFACES["service_sites"].record
    kept = Gives(schema=record, example=EXAMPLE, headers=("ETag",), description="Kept.")
    return Operation(
        method="PUT",
        rule=f"{API}/service-sites/<uuid:record_id>/capacity",
        id="putCapacity",
        policy="capacity.write",
        tag="service-sites",
        summary="Say how much room there is now",
        description=(
            "What a shelter does every day: no If-Match, and neither version nor verified_at is touched. Of a "
            "confidential place the band is published at 06, 12, 18 and 22 h (Africa/Johannesburg), never the figure."
        ),
        gives=(kept,),
        takes=Takes(schema=CAPACITY, examples={"four of twelve beds": {"unit": "bed", "total": 12, "available": 4}}),
        problems=("not-found", "conflict"),
        writes=True,
    )


def _outcome() -> Operation:
    return Operation(
        method="POST",
        rule=f"{API}/service-sites/<uuid:record_id>/contact-outcomes",
        id="sayContactOutcome",
        policy="outcomes.say",
        tag="service-sites",
        summary="Say what came of a call",
        description=(
            "One tap after the call. It is counted by month; neither who called nor when is kept, and there is nowhere "
            "to put anything about the case. A wrong number (which names its `channel_id`) puts the channel into "
            "`GET /channels?doubted=true` until somebody confirms or changes it. Said twice, it counts twice."
        ),
        gives=(Gives(status=204, description="Counted."),),
        takes=Takes(
            schema=OUTCOME,
            examples={
                "somebody answered": {"outcome": "reached"},
                "somebody else answered": {"outcome": "wrong_number", "channel_id": EXAMPLE["id"]},
            },
        ),
        problems=("not-found", "conflict"),
        writes=True,
    )


def _feed() -> Operation:
    changed = {
        "revision": 1234,
        "collection": "service-sites",
        "id": EXAMPLE["id"],
        "op": "put",
        "record": EXAMPLE,
    }
    return Operation(
        method="GET",
        rule=f"{API}/changes",
        id="listChanges",
        policy="registry.read",
        tag="changes",
        summary="What changed after a revision, oldest first",
        query={
            "after": Integer(most=10**12, doc="0 if left out: from the beginning."),
            "limit": Integer(least=1, most=MOST_CHANGES, doc=f"{USUAL_CHANGES} if left out."),
        },
        gives=(
            Gives(
                schema=CHANGES,
                example={"items": [changed], "next_after": 1234, "revision": 1234},
                description="Go on from next_after; a page is empty only at the end.",
            ),
        ),
    )


def blueprint() -> Blueprint:
    """The routes."""
    made = Blueprint("upkeep", __name__)
    made.operation(_put(), put_capacity)
    made.operation(_outcome(), say_outcome)
    made.operation(_feed(), list_changes)
    return made
