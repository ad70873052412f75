"""What the rest of the house asks of matching: match and explain."""

from datetime import datetime

from sqlalchemy.orm import Session

from directory.errors import NotFound
from directory.permissions import Actor, require
from matching import feed, places
from matching.ranking import Question, Ranker
from matching.types import Asker, Case, Explanation, MatchResult, Need


def match(session: Session, actor: Actor, need: Need, now: datetime) -> MatchResult:
    """For each need, most urgent first: partners in the order to call them, and why others are missing.

    `now` is the answer's `generated_at`. Raises Denied, and Invalid for places that are unknown or ambiguous."""
    require(actor, "match")
    network = feed.network(session)
    case = resolve(need, now)
    question = _question(network, actor, case)
    by_need = tuple(question.result(one) for one in question.needs)
    return MatchResult(
        ruleset=question.world.ruleset.version,
        revision=network.revision,
        generated_at=now,
        near=case.near,
        first=(),
        duties=(),
        by_need=by_need,
        uncovered=tuple(one.need for one in by_need if not one.suitable and not one.confirm_by_phone),
        trace=tuple(question.trace),
    )


def explain(session: Session, actor: Actor, need: Need, service_site_id: str, now: datetime) -> Explanation:
    """Why this one, or why not. Raises as `match` does, and NotFound for a service site that does not exist."""
    require(actor, "match")
    case = resolve(need, now)
    network = feed.network(session)
    if service_site_id not in network.index.number.rows:
        raise NotFound("service-sites", service_site_id)
    return _question(network, actor, case).explain(service_site_id)


def resolve(need: Need, now: datetime) -> Case:
    """A request with its places resolved and its clock read: facts age by whole minutes."""
    return Case(
        near=places.near(need.near),
        needs=need.needs,
        now=now.replace(second=0, microsecond=0),
        when=need.when or now,
        party=need.party,
        profile=need.profile,
        avoid=places.avoid(need.avoid),
        stay_days=need.stay_days,
        sort=need.sort,
        max_km=need.max_km,
        limit=need.limit,
    )


def _question(network: feed.Network, actor: Actor, case: Case) -> Question:
    asker = Asker(actor.organisation_id, actor.department_id, actor.visibility)
    return Ranker(network.world(case.now), asker).read(case)
