"""What has to be asked again first."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from directory.services import audit, due
from matching import service
from web import transaction
from web.api.lists import page
from web.auth import actor
from web.json import answer
from web.paths import API
from web.schemas.filters import wanted
from web.schemas.match_answer import wire
from web.schemas.verification import ITEM_SHOWN, PATHS, QUEUE, QUEUE_PAGE
from web.smorest import Blueprint, Gives, Operation

Query = Mapping[str, Any]


def queue(query: Query) -> Response:
    """A page of the queue; to whom it tells how much hangs on whom, it grades people, and that is audited."""
    asked = wanted(query)
    filters = dict(asked.filters)
    if "collection" in filters:
        filters["collection"] = PATHS[filters["collection"]]
    start = (asked.page - 1) * asked.page_size
    part, now = slice(start, start + asked.page_size), transaction.registry().clock()
    found = service.verification_queue(transaction.session(), actor(), filters, now, part)
    if found.with_people:
        audit.grading(transaction.session())
    return answer(page(asked, wire(found)["items"], found.total))


def blueprint() -> Blueprint:
    """The routes."""
    made = Blueprint("verification", __name__)
    made.operation(
        Operation(
            method="GET",
            rule=f"{API}/verification-queue",
            id="verificationQueue",
            policy=due.ACTION,
            tag="verification-queue",
            summary="What has to be asked again, the record first that hurts most if it is wrong",
            description=(
                "Records that nobody ever confirmed, stale ones, those that turn stale soon, and numbers that led to "
                "somebody else; trainings apart. Coordinators read the country's or their province's, managers their "
                "own. Order: what hangs on no contact before one and several; doubted, never confirmed, stale, soon "
                "stale; the most urgent need served, and of those what at most two organisations of the province "
                "serve; the longest not confirmed; then by collection, name and id. What hangs on people, posts, focal "
                "points and numbers is told to coordinators alone: to all others they stand as if there were several. "
                "`POST /{collection}/{id}/verifications` takes a record out of the queue."
            ),
            query=QUEUE,
            gives=(
                Gives(
                    schema=QUEUE_PAGE,
                    example={"items": [ITEM_SHOWN], "total": 1, "page": 1, "page_size": 50},
                    description="A page of the queue.",
                ),
            ),
        ),
        queue,
    )
    return made
