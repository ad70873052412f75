"""Packages: which few partners cover all needs together. A request is neither stored nor logged."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from web.json import sent
from web.limits import packaged
from web.paths import API
from web.schemas.match import MATCH_REQUEST, need_of
from web.schemas.match_answer import reference
from web.schemas.match_bytes import dumped
from web.schemas.match_examples import MATCH, PACKAGES_ANSWER, SMALLEST
from web.smorest import Blueprint, Gives, Operation, Takes

READING = """\
The body of the match (`sort` and `limit` change nothing here). The answer is the best three packages, or fewer if there
are no more. A package is a smallest set of candidates that covers all needs: no other set covers as many with fewer.

- Who may cover a need: the candidates that are suitable for it. Only where nobody within `max_km` is suitable, those to
  confirm by phone; such needs stand in the member's `to_confirm`, and what to ask in its `confirm`. A need that nobody
  may cover is `uncovered`, in every package alike. If that is all needs, there is no package.
- Order: fewer organisations; then the shorter distance of the farthest member, to published points (from afar is no
  distance, a place that is not known is beyond all others); then the higher sum of the members' unrounded scores, in
  units of 1e-12; then the package with the smallest hash (BLAKE2b-512 of the lower-case service_site_id) among those
  that the other has not.
- A member is shown as the match shows it for the most urgent need that it covers; `covers` names them all. `rank` is
  its place among the members, most urgent need first. `score` is the sum of theirs.
- `worst_distance_band` is null where all help from afar, or where the place of one is not known.
- `single_contact_needs`: those who can be reached for the need are of one organisation, and graded `single_contact`.

People it names are taken from the organisation's daily allowance, as those of a match are. Nothing of the request is
stored or logged."""


def package(query: Mapping[str, Any], body: Any) -> Response:
    """Which few partners cover all needs together."""
    return sent(dumped(packaged(need_of(body))))


def blueprint() -> Blueprint:
    """The route of packages."""
    made = Blueprint("packages", __name__)
    made.operation(
        Operation(
            method="POST",
            rule=f"{API}/packages",
            id="packages",
            policy="match",
            tag="matches",
            summary="Which few partners cover all needs of this person together",
            description=READING,
            gives=(Gives(schema=reference("Packages"), example=PACKAGES_ANSWER, description="The best three."),),
            takes=Takes(schema=MATCH_REQUEST, examples={"mother and son": MATCH, "smallest": SMALLEST}),
            problems=("unclear-place",),
        ),
        package,
    )
    return made
