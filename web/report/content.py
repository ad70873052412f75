"""The network report in words, tables and pictures: what to do first, and why, for somebody who coordinates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from directory.changes import LOCAL
from matching.service import LinkRow, NetworkMap, NetworkReport
from web.pictures.scene import Table
from web.report.document import Document, Figure, Section
from web.report.drawn import Trend, coverage_picture, map_picture, trend_drawn
from web.report.wording import (
    ACTIONS,
    GRADES,
    LEVELS,
    PROVINCES,
    TRAJECTORIES,
    URGENCIES,
    cell_name,
    counted,
    partner,
    plain,
    whose,
)

MOST = 10
"""Rows of a table on the page; the workbook and JSON have all that the report has."""
IN_A_CELL = 3
REASONS = 2
"""Suggestions told for each person; JSON has all."""
TARGETS = "A list of weak points: keep it as you would keep the numbers in it. For coordinators only."
SHARED = "Names posts and offices, no person. It may be given to partners."


@dataclass(frozen=True, slots=True)
class Asked:
    """How the report is wanted: `shareable` names no person; `most` rows a table, None for all."""

    shareable: bool = False
    most: int | None = MOST


def document(report: NetworkReport, drawn: NetworkMap, trend: Trend, asked: Asked) -> Document:
    """The report as a document."""
    where = PROVINCES.get(report.province or "", "South Africa")
    day = report.generated_at.astimezone(LOCAL)
    sections = (
        _first(report, asked),
        _single(report, asked),
        _coverage(report),
        _leaving(report, asked),
        _traps(report, asked),
        _dead(report, asked),
        _stale(report, asked),
        _trend(trend),
        _map(drawn),
        _definitions(report),
    )
    return Document(
        title=f"Dependence on single contacts: {where}",
        lead=(_lead(report, where), f"As of {day:%d %B %Y, %H:%M} (registry revision {report.revision})."),
        figures=_figures(report, trend),
        sections=sections,
        warning=SHARED if asked.shareable else TARGETS,
    )


def _lead(report: NetworkReport, where: str) -> str:
    single = _count(report, "single_contact")
    coverage = report.coverage
    return (
        f"Of {coverage.required} functions that departments owe {where}, {coverage.backed} are backed, "
        f"{coverage.single} hang on one contact and {coverage.gap} on nobody. {single} of {report.links} links end "
        f"when one person leaves; at {_count(report, 'dead')} an end answers no more."
    )


def _count(report: NetworkReport, grade: str) -> int:
    return next((one.count for one in report.links_by_grade if one.code == grade), 0)


def _figures(report: NetworkReport, trend: Trend) -> tuple[Figure, ...]:
    before = trend.days[0] if len(trend.days) > 1 else None
    single = _count(report, "single_contact")
    since = "" if before is None else f" since {before[0]:%d %B %Y}"
    moved = "" if before is None else f"; {report.coverage.b - before[1]:+.0%}{since}"
    links = "" if before is None else f"; {single - before[3]:+d}{since}"
    return (
        Figure(f"{report.coverage.b:.0%}", "backed (B)", f"of what departments must be reachable for{moved}"),
        Figure(str(single), "links on one person", f"of {report.links} links{links}"),
        Figure(str(_count(report, "dead")), "links that nobody answers", "at one end or both"),
        Figure(f"{report.shape.fragmentation:.2f}", "fragmentation (F)", "0: all can reach all, 1: nobody anybody"),
    )


def _table(columns: Sequence[str], rows: Iterable[tuple[str, ...]], asked: Asked) -> Table:
    return Table(tuple(columns), tuple(rows)[: asked.most])


def _shown(total: int, items: Sequence[object], asked: Asked) -> str:
    shown = min(len(items), asked.most or len(items))
    return f"All {total} are listed." if shown == total else f"The first {shown} of {total}."


def _first(report: NetworkReport, asked: Asked) -> Section:
    today = report.generated_at.astimezone(LOCAL).date()
    rows = [
        (
            str(number),
            ACTIONS[one.action],
            "no owner in the registry" if one.owner is None else one.owner.name,
            f"{today + timedelta(days=one.due_days):%d %b %Y}",
            _why_then(one.reason, "" if one.owner is None else one.owner.name),
        )
        for number, one in enumerate(report.findings.items, 1)
    ]
    by_action = ", ".join(f"{ACTIONS[one.code].lower()} {one.count}" for one in report.findings_by_action)
    words = ("In this order: the stage that cannot wait comes first, then what most hangs on.", f"In all: {by_action}.")
    shown = _shown(report.findings.total, report.findings.items, asked)
    columns = ("", "Do", "Who", "By", "Why")
    return Section("first", "What to do first", (*words, shown), _table(columns, rows, asked))


def _why_then(reason: str, owner: str) -> str:
    """The reason without its owner, who stands beside it."""
    rest = reason.removeprefix(f"{owner}: ")
    return rest[:1].upper() + rest[1:]


def _link(row: LinkRow, asked: Asked) -> tuple[str, ...]:
    ends = [end for end in (row.a, row.b) if end.grade == row.grade] or [row.a, row.b]
    hanging = "; ".join(dict.fromkeys(whose(end.hangs_on, asked.shareable) for end in ends if end.hangs_on))
    advice = "; ".join(dict.fromkeys(ACTIONS[end.advice] for end in ends if end.advice))
    return (URGENCIES[row.urgency], partner(row.a.partner), partner(row.b.partner), hanging or "nobody", advice)


LINK = ("Urgency", "One end", "Other end", "Hangs on", "Do")


def _single(report: NetworkReport, asked: Asked) -> Section:
    found = report.single_contact_links
    trajectories = counted(report.single_by_trajectory, TRAJECTORIES)
    levels = counted(report.single_by_level, LEVELS)
    words = (f"By trajectory: {trajectories}. By level: {levels}.", _shown(found.total, found.items, asked))
    rows = (_link(row, asked) for row in found.items)
    return Section("single", "Links that hang on one person", words, _table(LINK, rows, asked))


def _coverage(report: NetworkReport) -> Section:
    by_urgency = "; ".join(
        f"{URGENCIES[one.urgency]}: {one.coverage.backed} of {one.coverage.required} backed"
        for one in report.coverage_by_urgency
    )
    return Section(
        "coverage",
        "What departments can be reached for",
        (f"{by_urgency}.",),
        picture=coverage_picture(report),
    )


def _leaving(report: NetworkReport, asked: Asked) -> Section:
    rows = (
        (
            whose(one.person, asked.shareable),
            _some([cell_name(cell.department, cell.function, cell.province) for cell in one.cells_lost], asked),
            _some([f"{partner(link.a)} with {partner(link.b)}" for link in one.links_lost], asked),
            _some([f"{cut.organisation.name}: {plain(cut.function)}" for cut in one.cut_off], asked),
            " ".join(list(dict.fromkeys(each.reason for each in one.replacements))[:REASONS]),
        )
        for one in report.people.items
    )
    who = "The post" if asked.shareable else "Who"
    columns = (who, "Functions lost", "Links lost", "Cut off", "Who could answer instead")
    words = ("The greatest loss first. Nobody is at fault for being relied on: give each a deputy and a line.",)
    shown = _shown(report.people.total, report.people.items, asked)
    return Section("leaving", "Who would leave a hole", (*words, shown), _table(columns, rows, asked))


def _some(said: Sequence[str], asked: Asked) -> str:
    """The first of a list in a cell, and how many more there are."""
    kept = said if asked.most is None else said[:IN_A_CELL]
    more = [f"and {len(said) - len(kept)} more"] if len(said) > len(kept) else []
    return "; ".join((*kept, *more))


def _traps(report: NetworkReport, asked: Asked) -> Section:
    found = report.multiplex_links
    rows = ((*_link(row, asked)[:4], str(row.m), ", ".join(map(plain, row.link_types))) for row in found.items)
    words = ("Used for much, so they look strong; all of it leaves with one person (m high, m_s nought).",)
    columns = (*LINK[:4], "Uses", "Used for")
    shown = _shown(found.total, found.items, asked)
    return Section("traps", "Strong links that are not", (*words, shown), _table(columns, rows, asked))


def _dead(report: NetworkReport, asked: Asked) -> Section:
    found = report.dead_links
    rows = ((URGENCIES[row.urgency], partner(row.a.partner), partner(row.b.partner), _why(row)) for row in found.items)
    columns = ("Urgency", "One end", "Other end", "Why nobody answers")
    return Section(
        "dead", "Links that nobody answers", (_shown(found.total, found.items, asked),), _table(columns, rows, asked)
    )


def _why(row: LinkRow) -> str:
    return " ".join(dict.fromkeys(end.reason for end in (row.a, row.b) if end.grade == "dead"))


def _stale(report: NetworkReport, asked: Asked) -> Section:
    found = report.stale_links
    rows = (
        (
            URGENCIES[row.urgency],
            partner(row.a.partner),
            partner(row.b.partner),
            "never" if row.last_confirmed_at is None else f"{row.last_confirmed_at.astimezone(LOCAL):%d %b %Y}",
            GRADES[row.grade],
        )
        for row in found.items
    )
    columns = ("Urgency", "One end", "Other end", "Confirmed", "Grade")
    words = ("Nobody has said for more than 180 days that they are still in use. One call each tells.",)
    shown = _shown(found.total, found.items, asked)
    return Section("stale", "Links to confirm", (*words, shown), _table(columns, rows, asked))


def _trend(trend: Trend) -> Section:
    heading = "How it goes"
    if not trend.days:
        return Section("trend", heading, ("No day has been kept yet: it shows here from the first run on.",))
    return Section("trend", heading, picture=trend_drawn(trend))


def _map(drawn: NetworkMap) -> Section:
    words = (
        "Nearness = ln(1 + contacts a year) / ln(251), at most 1, times the mean support level (high 1, medium 2/3, "
        "low 1/3), over the latest fact of each link in which people are helped. Size = people who count, services and "
        "funds. Outermost, dashed: nobody has recorded how often they are called.",
    )
    return Section("map", "Who stands where", words, picture=map_picture(drawn))


def _definitions(report: NetworkReport) -> Section:
    rows = tuple((one.term, one.text) for one in report.definitions)
    return Section("terms", "What the terms mean", table=Table(("Term", "Meaning"), rows))
