"""Posts that change hands, and the messages that tell those concerned."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from directory.services import handovers, outbox, records
from directory.services.catalogue import COLLECTIONS
from web import idempotency, transaction
from web.api.lists import page
from web.auth import actor
from web.paths import API
from web.schemas.filters import wanted
from web.schemas.upkeep import (
    HANDOVER_GIVEN,
    HANDOVER_READ,
    HANDOVER_SHOWN,
    HANDOVER_WRITE,
    MESSAGE_PAGE,
    MESSAGE_READ,
    MESSAGE_SHOWN,
    MESSAGES,
)
from web.smorest import Blueprint, Gives, Json, Operation, Takes

Query = Mapping[str, Any]
POSTS = COLLECTIONS["posts"]


def hand_over(query: Query, body: Any, record_id: UUID) -> tuple[Json, int, dict[str, str]]:
    """Hand a post over, or answer again for the same key."""
    session, who = transaction.session(), actor()
    attempt = idempotency.attempt(session, who)
    earlier = attempt.earlier()
    if earlier is None:
        done, again = handovers.hand_over(session, who, str(record_id), body), {}
        attempt.keep(done.post_id)
    else:
        post = records.get(session, who, POSTS, earlier.record_id)
        day = handovers.day_of(body, earlier.created_at)
        done, again = handovers.summary(session, who, post, day), idempotency.REPLAYED
    return asdict(done), 201, {"Location": f"{API}/posts/{done.post_id}", **again}


def browse(query: Query) -> Json:
    """A page of messages."""
    asked = wanted(query)
    found, total = outbox.page(
        transaction.session(), actor(), unread=asked.filters.get("unread"), page=asked.page, page_size=asked.page_size
    )
    return page(asked, [outbox.publish(one) for one in found], total)


def read(query: Query, record_id: UUID) -> Json:
    """Say that a message was read."""
    return outbox.publish(outbox.read(transaction.session(), actor(), str(record_id)))


def _handing_over() -> Operation:
    return Operation(
        method="POST",
        rule=f"{API}/posts/<uuid:record_id>/handovers",
        id="handOverPost",
        policy="registry.write",
        tag="posts",
        summary="A post changes hands: who follows, from which day, and which numbers stay",
        description=(
            "Whoever holds the post ends on the day, whoever follows starts on it and carries the same links; both may "
            "lie ahead, and links are graded by the day. Partners at the other end get a message that names the post. "
            "Where nobody follows there is a task for the office. No If-Match: it adds to what is there."
        ),
        gives=(
            Gives(
                status=201,
                schema=HANDOVER_READ,
                example=HANDOVER_SHOWN,
                headers=("Location", "Idempotency-Replayed"),
                description="Handed over. Location is the post's.",
            ),
        ),
        takes=Takes(schema=HANDOVER_WRITE, examples={"somebody follows": HANDOVER_GIVEN, "nobody yet": {}}),
        request_headers=("Idempotency-Key",),
        problems=("not-found", "conflict"),
        writes=True,
    )


def _on_messages() -> list[tuple[Operation, Any]]:
    listing = Operation(
        method="GET",
        rule=f"{API}/outbox",
        id="listMessages",
        policy="messages.read",
        tag="outbox",
        summary="Messages to one's organisation or unit, newest first",
        description="Coordinators read those about links that they may know of. Nothing is sent elsewhere.",
        query=MESSAGES,
        gives=(
            Gives(
                schema=MESSAGE_PAGE,
                example={"items": [MESSAGE_SHOWN], "total": 1, "page": 1, "page_size": 50},
                description="A page of messages.",
            ),
        ),
    )
    reading = Operation(
        method="PUT",
        rule=f"{API}/outbox/<uuid:record_id>/read",
        id="readMessage",
        policy=outbox.MARK,
        tag="outbox",
        summary="Say that a message to one's own organisation or unit was read",
        gives=(Gives(schema=MESSAGE_READ, example=MESSAGE_SHOWN, description="The message."),),
        problems=("not-found",),
        writes=True,
    )
    return [(listing, browse), (reading, read)]


def blueprint() -> Blueprint:
    """The routes."""
    made = Blueprint("handovers", __name__)
    made.operation(_handing_over(), hand_over)
    for operation, view in _on_messages():
        made.operation(operation, view)
    return made
