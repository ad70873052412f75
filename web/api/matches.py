"""The match and its explanation. A request is neither stored nor logged; its needs and province are counted."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from matching import service
from web import transaction
from web.auth import actor
from web.json import sent
from web.limits import matched
from web.paths import API
from web.schemas.match import EXPLANATION_REQUEST, MATCH_REQUEST, explained, need_of
from web.schemas.match_answer import reference
from web.schemas.match_bytes import dumped
from web.schemas.match_examples import EXPLANATION, EXPLANATION_ANSWER, MATCH, MATCH_ANSWER, SMALLEST
from web.smorest import Blueprint, Gives, Operation, Takes

TAG = "matches"


def match(query: Mapping[str, Any], body: Any) -> Response:
    """Whom to call, in which order, and why."""
    return sent(dumped(matched(need_of(body))))


def explain(query: Mapping[str, Any], body: Any) -> Response:
    """Why this one, or why not."""
    need, service_site_id = explained(body)
    now = transaction.registry().clock()
    found = service.explain(transaction.session(), actor(), need, service_site_id, now)
    return sent(dumped(found))


def blueprint() -> Blueprint:
    """The routes of the match."""
    made = Blueprint("matches", __name__)
    made.operation(
        Operation(
            method="POST",
            rule=f"{API}/matches",
            id="match",
            policy="match",
            tag=TAG,
            summary="Whom to call for this person, in which order, and why",
            description=(
                "For each need, most urgent first: suitable partners, those to confirm by phone, ways out where there "
                "is none, and why others are missing. What is left out is unknown and is never read as yes or no. "
                "Nothing of the request is stored or logged; its needs are counted, by month and province. There is "
                "nowhere in it to put a name. People it names are taken from the organisation's daily allowance; once "
                "that is spent, answers say `contacts.limited` and give institutional lines alone."
            ),
            gives=(Gives(schema=reference("Match"), example=MATCH_ANSWER, description="The answer."),),
            takes=Takes(schema=MATCH_REQUEST, examples={"mother and son": MATCH, "smallest": SMALLEST}),
            problems=("unclear-place",),
        ),
        match,
    )
    made.operation(
        Operation(
            method="POST",
            rule=f"{API}/matches/explanations",
            id="explainMatch",
            policy="match",
            tag=TAG,
            summary="Why this partner, or why not",
            description="The body of the match with a service_site_id: every rule with its outcome, and the features.",
            gives=(Gives(schema=reference("Explanation"), example=EXPLANATION_ANSWER, description="Why."),),
            takes=Takes(schema=EXPLANATION_REQUEST, examples={"why not": EXPLANATION}),
            problems=("unclear-place", "not-found"),
        ),
        explain,
    )
    return made
