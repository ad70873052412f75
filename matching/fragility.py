"""What may be asked about the network's dependence on single contacts: permission first, then the kept measures."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from directory.errors import Denied, Invalid, NotFound
from directory.permissions import OTHERS, Actor, may, require
from directory.services import figures, statistics
from directory.services.figures import Trend
from directory.services.plans import Plan
from directory.services.statistics import Raw
from matching import feed, network_feed
from matching.contacts import GRADES
from matching.network import mapped
from matching.network.mapped import NetworkMap
from matching.network.naming import Naming
from matching.network.picture import GradedLink, Picture
from matching.network.removal import Move, Removal, UnknownSubject
from matching.network.report import LinkRow, NetworkReport
from matching.network.reporting import by_urgency, coverage_of
from matching.network.rows import Rows
from matching.network.simulated import NetworkCoverage, PersonAnswer, SimulationAnswer, simulated
from matching.network.simulation import Scope, simulate
from matching.network.stakeholders import map_of
from matching.network_feed import State
from matching.network_plan import plan as network_plan_of


@dataclass(frozen=True, slots=True)
class LinkQuery:
    """Which links: null is any."""

    province: str | None = None
    grade: str | None = None
    trajectory: str | None = None
    level: str | None = None
    urgency: int | None = None


@dataclass(frozen=True, slots=True)
class LinksFound:
    """Links by urgency; `with_people`: whether the reader may know on whom each end hangs."""

    rows: tuple[LinkRow, ...]
    with_people: bool

    def of(self, organisation_id: str) -> "LinksFound":
        """Those with an end at an organisation or one of its units."""
        rows = (
            row
            for row in self.rows
            if organisation_id in {row.a.partner.organisation_id, row.b.partner.organisation_id}
        )
        return LinksFound(tuple(rows), self.with_people)


def network_report(session: Session, actor: Actor, province: str | None, now: datetime) -> NetworkReport:
    """What hangs on single contacts, in the country or in a province. Raises Denied: it is a list of targets, read by
    coordinators, and a provincial coordinator reads the province."""
    where = within(actor, province)
    return network_feed.state(session, now).report(session, where)


def network_coverage(session: Session, actor: Actor, province: str | None, now: datetime) -> NetworkCoverage:
    """Every required cell. Raises Denied."""
    where = within(actor, province)
    state = network_feed.state(session, now)
    measured = state.measures(session, where)
    rows = Rows(measured)
    return NetworkCoverage(
        province=where,
        ruleset=measured.ruleset.version,
        revision=state.revision,
        generated_at=state.now,
        coverage=coverage_of(measured.coverage),
        coverage_by_urgency=by_urgency(measured),
        cells=tuple(rows.cell(cell) for cell in measured.cells),
    )


def network_map(session: Session, actor: Actor, province: str | None, now: datetime) -> NetworkMap:
    """The stakeholder map of the country or of a province. Raises Denied."""
    where = within(actor, province)
    state = network_feed.state(session, now)
    return mapped.network_map(map_of(state.whole.picture, where), where, state.revision, state.now)


def network_links(session: Session, actor: Actor, asked: LinkQuery, now: datetime) -> LinksFound:
    """Links with their grades, the most urgent first and of those the worst. Whoever is no coordinator reads the own
    ones, without anybody's name. Raises Denied."""
    require(actor, "network.links")
    wide = OTHERS["network.links"][actor.role] in ("province", "all")
    state = network_feed.state(session, now)
    if wide:
        measured = state.measures(session, within(actor, asked.province, "network.links"))
    else:
        measured = state.own(session, actor, asked.province)
    rows = Rows(measured)
    found = [rows.link(link) for link in rows.links if asked.grade in (None, link.grade.grade)]
    chosen = [row for row in found if _is_asked(row, asked)]
    people = may(actor, "network.people")
    return LinksFound(tuple(sorted(chosen, key=lambda row: (row.urgency, _rank(row)))), people)


def _is_asked(row: LinkRow, asked: LinkQuery) -> bool:
    pairs = ((asked.trajectory, row.trajectory), (asked.level, row.level), (asked.urgency, row.urgency))
    return all(wanted in (None, is_so) for wanted, is_so in pairs)


GRADE_ORDER: Mapping[str, int] = {grade: place for place, grade in enumerate(GRADES)}


def _rank(row: LinkRow) -> tuple[int, int, str]:
    return (GRADE_ORDER[row.grade], -row.m, row.id)


def network_person(session: Session, actor: Actor, person_id: str, now: datetime) -> PersonAnswer:
    """What is lost when this person leaves every post, with replacements for each loss. Raises Denied, and NotFound
    for somebody who is not listed, or not in the reader's province."""
    where = within(actor, None, "network.people")
    state = network_feed.state(session, now)
    measured = state.measures(session, where)
    person = measured.picture.person_of.get(person_id)
    loss = next((one for one in measured.people if one.person == person), None)
    if person is None or (loss is None and where is not None):
        raise NotFound("persons", person_id)
    naming = Naming(measured.picture)
    found = simulate(state.whole, Removal(person=frozenset({person})), _scope(session, state, where))
    delta = 0.0 if loss is None else loss.delta_f
    return PersonAnswer(where, state.revision, state.now, naming.person(person), delta, simulated(naming, found))


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What goes at once: (type, id) pairs, and people who give up a post (a focal point) for another post."""

    province: str | None
    remove: tuple[tuple[str, str], ...]
    moves: tuple[tuple[str, str], ...] = ()


def network_simulation(session: Session, actor: Actor, asked: WhatIf, now: datetime) -> SimulationAnswer:
    """The loss when all of it happens together. Raises Denied, and Invalid for what the registry does not have."""
    where = within(actor, asked.province, "network.people")
    state = network_feed.state(session, now)
    moves = tuple(Move(*one) for one in asked.moves)
    try:
        found = simulate(state.whole, Removal.of(asked.remove), _scope(session, state, where), moves)
    except UnknownSubject as unknown:
        raise Invalid(_unknown(asked, set(unknown.subjects))) from unknown
    return SimulationAnswer(where, state.revision, state.now, simulated(Naming(state.whole.picture), found))


def _unknown(asked: WhatIf, unknown: set[tuple[str, str]]) -> dict[str, list[str]]:
    said = ["The registry has no such record."]
    errors = {f"remove.{at}.id": said for at, subject in enumerate(asked.remove) if subject in unknown}
    for at, (focal_point, post) in enumerate(asked.moves):
        if ("focal_point", focal_point) in unknown:
            errors[f"transfers.{at}.focal_point_id"] = said
        if ("post", post) in unknown:
            errors[f"transfers.{at}.post_id"] = said
    return errors


def network_plan(session: Session, actor: Actor, now: datetime) -> Plan:
    """What a run compares the tasks with, and keeps of the day. Reads alone. Raises Denied."""
    require(actor, "network.read")
    return network_plan_of(session, network_feed.state(session, now))


@dataclass(frozen=True, slots=True)
class TrendQuery:
    """From which day to which, both included."""

    first: date
    last: date
    province: str | None = None


def network_trend(session: Session, actor: Actor, asked: TrendQuery) -> Trend:
    """The figures day by day, and the links whose grade changed. Raises Denied."""
    where = within(actor, asked.province)
    seen = feed.links_seen(session, network_feed.COORDINATOR, where)
    return figures.trend(session, asked.first, asked.last, where, seen)


def _scope(session: Session, state: State, province: str | None) -> Scope | None:
    if province is None:
        return None
    return Scope(province, frozenset(link.id for link in state.measures(session, province).links))


def within(actor: Actor, province: str | None, action: str = "network.read") -> str | None:
    """The province that is reported on: the reader's own where the reader has one. Raises Denied for another."""
    require(actor, action)
    if OTHERS[action][actor.role] != "province" or actor.province is None:
        return province
    if province not in (None, actor.province):
        raise Denied(f"a coordinator of {actor.province} does not read {province}")
    return actor.province


def statistics_figures(session: Session, actor: Actor, now: datetime) -> tuple[Raw, Raw]:
    """Required functions by state and links by grade, for the statistics, which hide what is small. Raises Denied."""
    require(actor, statistics.ACTION)
    whole = network_feed.state(session, now).whole
    covered: Counter[tuple[str, str]] = Counter((cell.state, cell.key.province) for cell in whole.cells)
    graded: Counter[tuple[str, str]] = Counter(
        (link.grade.grade, _province(whole.picture, link)) for link in whole.links
    )
    columns = statistics.provinces()
    return (
        Raw(
            "required_functions",
            "Functions that departments owe a province, by how they can be reached: gap by nobody, single by one "
            "person or line, backed by two or more.",
            ("gap", "single", "backed"),
            columns,
            covered,
        ),
        Raw(
            "links_by_grade",
            "Links between partners by grade, from nobody answers (dead) to backed. In a province when both ends are, "
            "or one is and the other is the whole country's; else not said.",
            GRADES,
            columns,
            graded,
        ),
    )


def _province(picture: Picture, link: GradedLink) -> str:
    """The one province in which a link lies."""
    a, b = picture.provinces(link.a.home), picture.provinces(link.b.home)
    found = a & b if a and b else a | b
    return next(iter(found)) if len(found) == 1 else statistics.NOT_SAID
