"""Pairs of records that are likely one."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response

from directory.services import duplicates
from directory.services.catalogue import COLLECTIONS
from web import idempotency, transaction
from web.api.lists import page
from web.api.records import empty
from web.auth import actor
from web.paths import API
from web.schemas.duplicates import (
    DISMISSAL_GIVEN,
    DISMISSAL_READ,
    DISMISSAL_SHOWN,
    DISMISSAL_WRITE,
    PAIR_PAGE,
    PAIR_SHOWN,
    PAIRS,
)
from web.schemas.filters import wanted
from web.smorest import Blueprint, Gives, Json, Operation, Takes

TAG = "duplicates"
DISMISSALS = f"{API}/duplicates/dismissals"
Query = Mapping[str, Any]


def browse(query: Query) -> Json:
    """A page of likely pairs."""
    asked = wanted(query)
    session = transaction.session()
    found, total = duplicates.page(session, actor(), asked.filters, page=asked.page, page_size=asked.page_size)
    return page(asked, duplicates.publish(session, found), total)


def dismiss(query: Query, body: Any) -> tuple[Json, int, dict[str, str]]:
    """Say that two records are not one, or answer again for the same key."""
    session, who = transaction.session(), actor()
    attempt = idempotency.attempt(session, who)
    earlier = attempt.earlier()
    if earlier is None:
        made, again = duplicates.dismiss(session, who, body), {}
        attempt.keep(made.id)
    else:
        made, again = duplicates.get(session, who, earlier.record_id), idempotency.REPLAYED
    shown = {"id": made.id, "collection": COLLECTIONS[made.collection].path, "at": made.at}
    return shown | {"ids": [made.first_id, made.second_id]}, 201, {"Location": f"{DISMISSALS}/{made.id}", **again}


def take_back(query: Query, record_id: UUID) -> Response:
    """Let a pair be likely again."""
    duplicates.take_back(transaction.session(), actor(), str(record_id))
    return empty(204, {})


def _listing() -> Operation:
    return Operation(
        method="GET",
        rule=f"{API}/duplicates",
        id="listDuplicates",
        policy=duplicates.ACTION,
        tag=TAG,
        summary="Pairs of records that are likely one, the likeliest first",
        description=(
            "Organisations, open sites and services of one organisation, people, and numbers. By what is published: of "
            "confidential organisations neither number nor website, and of confidential sites nothing. A provincial "
            "coordinator reads pairs of which one lies in the province. Order: score, collection, ids. Two "
            "organisations that are one are made one by `POST /organisations/{id}/merges`; of all else close one."
        ),
        query=PAIRS,
        gives=(
            Gives(
                schema=PAIR_PAGE,
                example={"items": [PAIR_SHOWN], "total": 1, "page": 1, "page_size": 50},
                description="A page of pairs.",
            ),
        ),
    )


def _dismissing() -> Operation:
    return Operation(
        method="POST",
        rule=DISMISSALS,
        id="dismissDuplicate",
        policy=duplicates.ACTION,
        tag=TAG,
        summary="Say that two records are not one: they are no pair any more, whatever changes of them",
        gives=(
            Gives(
                status=201,
                schema=DISMISSAL_READ,
                example=DISMISSAL_SHOWN,
                headers=("Location", "Idempotency-Replayed"),
                description="Kept. Location is what takes it back.",
            ),
        ),
        takes=Takes(schema=DISMISSAL_WRITE, examples={"usual": DISMISSAL_GIVEN}),
        request_headers=("Idempotency-Key",),
        problems=("not-found",),
        writes=True,
    )


def _taking_back() -> Operation:
    return Operation(
        method="DELETE",
        rule=f"{DISMISSALS}/<uuid:record_id>",
        id="returnDuplicate",
        policy=duplicates.ACTION,
        tag=TAG,
        summary="Take it back: the two may be one again",
        gives=(Gives(status=204, description="Taken back."),),
        problems=("not-found",),
        writes=True,
    )


def blueprint() -> Blueprint:
    """The routes."""
    made = Blueprint("duplicates", __name__)
    made.operation(_listing(), browse)
    made.operation(_dismissing(), dismiss)
    made.operation(_taking_back(), take_back)
    return made
