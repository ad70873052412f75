"""What the rest of the house asks of matching: match and explain, and what hangs on single contacts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from directory import vocabulary
from directory.errors import NotFound
from directory.permissions import Actor, require
from directory.services import snapshot_keys
from matching import explaining, feed, packages, places, told
from matching.fragility import (
    LinkQuery,
    LinksFound,
    TrendQuery,
    WhatIf,
    network_coverage,
    network_links,
    network_map,
    network_person,
    network_plan,
    network_report,
    network_simulation,
    network_trend,
    statistics_figures,
    within,
)
from matching.guidance.alternatives import alternatives
from matching.guidance.duties import duties
from matching.guidance.first import first_steps
from matching.guidance.inputs import Guide
from matching.guidance.units import Wanted
from matching.network.mapped import NetworkMap
from matching.network.report import CellRow, LinkRow, NetworkReport, Partner
from matching.network.simulated import NetworkCoverage, PersonAnswer, SimulationAnswer, SimulationRow
from matching.ranking import Question, Ranker
from matching.types import (
    Asker,
    Case,
    Explanation,
    MatchResult,
    Near,
    NearAsked,
    Need,
    NeedResult,
    Package,
    PackagesResult,
    Who,
)
from matching.verification import QUEUE_REASONS, Queue, QueueItem, verification_queue

__all__ = [
    "QUEUE_REASONS",
    "CellRow",
    "LinkQuery",
    "LinkRow",
    "LinksFound",
    "MatchAndPackages",
    "NetworkCoverage",
    "NetworkMap",
    "NetworkReport",
    "Partner",
    "PersonAnswer",
    "Queue",
    "QueueItem",
    "SimulationAnswer",
    "SimulationRow",
    "TrendQuery",
    "WhatIf",
    "answer",
    "come_to_rest",
    "competent",
    "explain",
    "grades",
    "links_graded",
    "match",
    "match_and_packages",
    "network_coverage",
    "network_links",
    "network_map",
    "network_person",
    "network_plan",
    "network_report",
    "network_simulation",
    "network_trend",
    "package",
    "packaged",
    "people_packaged",
    "people_told",
    "prepare",
    "resolve",
    "restore",
    "snapshot",
    "statistics_figures",
    "verification_queue",
    "within",
]


@dataclass(frozen=True, slots=True)
class MatchAndPackages:
    """Both answers to one question: lists for each need, and the packages for all; none for a single need."""

    match: MatchResult
    packages: tuple[Package, ...]

    @property
    def near(self) -> Near:
        """Where from, resolved."""
        return self.match.near


def match(session: Session, actor: Actor, need: Need, now: datetime, *, limited: bool = False) -> MatchResult:
    """For each need, most urgent first: partners in the order to call them, and why others are missing.

    `now` is the answer's `generated_at`; `limited` leaves institutional lines alone to call. Raises Denied, and Invalid
    for places that are unknown or ambiguous."""
    require(actor, "match")
    case = resolve(need, now)
    network = feed.network(session)
    return answer(network, case, _asker(session, actor, network), now, limited=limited)


def match_and_packages(
    session: Session, actor: Actor, need: Need, now: datetime, *, limited: bool = False
) -> MatchAndPackages:
    """What `match` answers, and the packages of the same question, for which nothing is assessed again. Raises as
    `match` does."""
    require(actor, "match")
    case = resolve(need, now)
    network = feed.network(session)
    question = Ranker(network.world(case.now, limited=limited), _asker(session, actor, network)).read(case)
    together = packages.packages(question) if len(question.needs) > 1 else ()
    return MatchAndPackages(_answered(network, question, now), together)


def prepare(session: Session, now: datetime) -> None:
    """Derive what a match needs, so that the first one finds it."""
    feed.network(session).world(now)


def restore(session: Session, path: Path) -> bool:
    """Begin with what `snapshot` wrote, if it is of this registry and nothing is derived yet."""
    key = snapshot_keys.find(session)
    return key is not None and feed.restore(session, path, key)


def snapshot(session: Session, path: Path, now: datetime) -> Callable[[], None] | None:
    """What writes a file of all that is derived, which takes seconds and needs no session; None if it has that already.
    Without a key (`directory.services.snapshot_keys`) nothing is written."""
    key = snapshot_keys.find(session)
    return None if key is None else feed.snapshot_of(session, path, key, now)


def come_to_rest(engine: Engine) -> None:
    """Wait for what is done beside the matches of a registry."""
    feed.come_to_rest(engine)


def competent(session: Session, actor: Actor, near: NearAsked, now: datetime) -> dict[str, Who]:
    """Of each department, by its code, the unit that is competent at a place, with office lines alone. Raises Denied,
    and Invalid as `match` does."""
    require(actor, "match")
    network = feed.network(session)
    case = resolve(Need(near=near, needs=()), now)
    guide = network.guide(Ranker(network.world(case.now, limited=True), _asker(session, actor, network)))
    found = {one.kind: guide.who(one, case) for one in _departments()}
    return {code: who for code, who in found.items() if who is not None}


@cache
def _departments() -> tuple[Wanted, ...]:
    return tuple(Wanted(one["code"], tuple(one["functions"])) for one in vocabulary.reference("departments"))


def people_told(found: MatchResult) -> int:
    """How many people an answer names, for the allowance that it is taken from."""
    return told.people(found)


def people_packaged(found: PackagesResult) -> int:
    """The same of packages."""
    return told.packaged(found)


def answer(network: feed.Network, case: Case, asker: Asker, now: datetime, *, limited: bool = False) -> MatchResult:
    """The whole answer from a network: candidates ranked, then what comes before and beside them."""
    ranker = Ranker(network.world(case.now, limited=limited), asker)
    return _answered(network, ranker.read(case), now)


def _answered(network: feed.Network, question: Question, now: datetime) -> MatchResult:
    case, guide = question.case, network.guide(question.ranker)
    by_need = tuple(_with_ways_out(case, question.result(one), guide) for one in question.needs)
    return MatchResult(
        ruleset=question.world.ruleset.version,
        revision=network.revision,
        generated_at=now,
        near=case.near,
        first=first_steps(case, guide),
        duties=duties(case, guide),
        by_need=by_need,
        uncovered=tuple(one.need for one in by_need if not one.suitable and not one.confirm_by_phone),
    )


def _with_ways_out(case: Case, found: NeedResult, guide: Guide) -> NeedResult:
    ways = alternatives(case, found, guide)
    return replace(found, alternatives=ways) if ways else found


def package(session: Session, actor: Actor, need: Need, now: datetime, *, limited: bool = False) -> PackagesResult:
    """The best smallest sets of partners that cover all needs together; see `matching.packages`. Raises as `match`."""
    require(actor, "match")
    network = feed.network(session)
    return packaged(network, resolve(need, now), _asker(session, actor, network), now, limited=limited)


def packaged(
    network: feed.Network, case: Case, asker: Asker, now: datetime, *, limited: bool = False
) -> PackagesResult:
    """The packages from a network, after what comes before any list."""
    ranker = Ranker(network.world(case.now, limited=limited), asker)
    question = ranker.read(case)
    return PackagesResult(
        ruleset=question.world.ruleset.version,
        revision=network.revision,
        generated_at=now,
        near=case.near,
        first=first_steps(case, network.guide(ranker)),
        packages=packages.packages(question),
        uncovered=packages.uncovered(question),
    )


def explain(session: Session, actor: Actor, need: Need, service_site_id: str, now: datetime) -> Explanation:
    """Why this one, or why not. Raises as `match` does, and NotFound for a service site that does not exist."""
    require(actor, "match")
    case = resolve(need, now)
    network = feed.network(session)
    asker = _asker(session, actor, network)
    row = network.index.find(service_site_id)
    if row is None or network.index.row(row).belongs_to(asker.hidden):
        raise NotFound("service-sites", service_site_id)
    return explaining.explain(Ranker(network.world(case.now), asker).read(case), service_site_id)


def grades(session: Session, links: Sequence[Mapping[str, Any]], now: datetime) -> list[dict[str, Any]]:
    """The grades of published links, in their order: grade_a, grade_b, grade, redundancy, m, m_s, n_eff, band,
    trajectory."""
    book = feed.network(session).book(now)
    return [asdict(book.grade_link(_typed(link))) for link in links]


def links_graded(session: Session, actor: Actor, grade: str, now: datetime) -> list[str]:
    """Ids of the links of a grade. Raises Denied."""
    require(actor, "grades.read")
    network = feed.network(session)
    book = network.book(now)
    links = network.records["links"]
    return [key for key in sorted(links) if book.grade_link(links[key]).grade == grade]


def _typed(link: Mapping[str, Any]) -> dict[str, Any]:
    """A published link with the days of its memorandum as days."""
    memorandum = link.get("memorandum")
    if memorandum is None:
        return dict(link)
    days = {name: memorandum.get(name) and date.fromisoformat(memorandum[name]) for name in ("signed", "expires")}
    return {**link, "memorandum": {**memorandum, **days}}


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


def _asker(session: Session, actor: Actor, network: feed.Network) -> Asker:
    hidden = feed.hidden(session, actor, network)
    return Asker(actor.organisation_id, actor.department_id, actor.visibility, hidden)
