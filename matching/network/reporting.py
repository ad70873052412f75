"""The network report, made from the measures: the first of each list, with names, worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from matching.contact_records import Home
from matching.contacts import GRADES
from matching.network.coverage import Share
from matching.network.definitions import DEFINITIONS
from matching.network.findings import Finding, findings
from matching.network.graph import Node
from matching.network.leaving import Leaving
from matching.network.loss import Measures
from matching.network.naming import Naming
from matching.network.picture import GradedLink
from matching.network.report import (
    Bridge,
    Count,
    Coverage,
    FindingRow,
    LinkRow,
    Listed,
    NetworkReport,
    NodeName,
    ShapeRow,
    UrgencyCoverage,
)
from matching.network.rows import Rows

FIRST = 50
"""Of each list: what somebody can work through in a month. The whole of a list has a route of its own."""
FIRST_PEOPLE = 25

Kept = TypeVar("Kept")


def network_report(measures: Measures, province: str | None, revision: int, generated_at: datetime) -> NetworkReport:
    """The report on the measures of the country or of a province."""
    rows = Rows(measures)
    found = findings(measures)
    single = [link for link in rows.links if link.grade.grade == "single_contact"]
    losing = [loss for loss in measures.people if loss.cells or loss.links]
    leaving = Leaving(measures, rows.naming)
    shape = measures.shape
    return NetworkReport(
        province=province,
        ruleset=measures.ruleset.version,
        revision=revision,
        generated_at=generated_at,
        coverage=coverage_of(measures.coverage),
        coverage_by_urgency=by_urgency(measures),
        cells=tuple(rows.cell(cell) for cell in measures.cells),
        links=len(measures.links),
        links_by_grade=_counts((link.grade.grade for link in measures.links), GRADES),
        single_by_trajectory=_counts(link.grade.trajectory or "unknown" for link in single),
        single_by_level=_counts(rows.level(link) for link in single),
        single_contact_links=_links(rows, single),
        dead_links=_links(rows, (link for link in rows.links if link.grade.grade == "dead")),
        people=Listed(len(losing), tuple(leaving.row(loss) for loss in losing[:FIRST_PEOPLE])),
        multiplex_links=_links(rows, (link for link in rows.links if _is_trap(measures, link))),
        stale_links=_links(rows, (link for link in rows.links if link.grade.band == "stale")),
        findings=Listed(len(found), tuple(finding_row(rows.naming, one) for one in found[:FIRST])),
        findings_by_action=_counts(one.action for one in found),
        shape=ShapeRow(
            shape.nodes, shape.ties, shape.parts, shape.fragmentation, shape.two_paths, shape.two_paths_partners
        ),
        articulation_points=_first([node_name(rows.naming, one) for one in _cutting(measures)]),
        bridges=_first([Bridge(*(node_name(rows.naming, one) for one in tie)) for tie in shape.bridges]),
        definitions=DEFINITIONS,
    )


def coverage_of(share: Share) -> Coverage:
    """B with what it is made of."""
    return Coverage(share.b, share.required, share.backed, share.single, share.gap)


def by_urgency(measures: Measures) -> tuple[UrgencyCoverage, ...]:
    """B for each urgency, the most urgent first."""
    return tuple(UrgencyCoverage(urgency, coverage_of(share)) for urgency, share in measures.by_urgency.items())


def finding_row(naming: Naming, one: Finding) -> FindingRow:
    """A finding with the name of its owner."""
    return FindingRow(
        key=one.key,
        kind=one.kind,
        subject=one.subject,
        found=one.found,
        action=one.action,
        owner=None if one.owner is None else naming.partner(one.owner),
        urgency=one.urgency,
        priority=one.priority,
        due_days=one.due_days,
        size=one.size,
        reason=one.reason,
    )


def node_name(naming: Naming, node: Node) -> NodeName:
    """A node of the graph by name."""
    if node[0] == "person":
        return NodeName(None, naming.person(node[1]))
    home: Home = node
    return NodeName(naming.partner(home), None)


def _cutting(measures: Measures) -> Sequence[Node]:
    """People by the harm of their leaving, then partners by name."""
    harm = {("person", loss.person): place for place, loss in enumerate(measures.people)}
    last = len(harm)
    return sorted(measures.shape.articulation_points, key=lambda node: (harm.get(node, last), node))


def _is_trap(measures: Measures, link: GradedLink) -> bool:
    """m high and m_s = 0."""
    return link.grade.m >= measures.ruleset.numbers.multiplexity_high and link.grade.m_s == 0


def _links(rows: Rows, links: Iterable[GradedLink]) -> Listed[LinkRow]:
    chosen = list(links)
    return Listed(len(chosen), tuple(rows.link(link) for link in chosen[:FIRST]))


def _first(items: Sequence[Kept]) -> Listed[Kept]:
    return Listed(len(items), tuple(items[:FIRST]))


def _counts(codes: Iterable[str], order: Sequence[str] = ()) -> tuple[Count, ...]:
    counted = Counter(codes)
    listed = order or sorted(counted, key=lambda code: (-counted[code], code))
    return tuple(Count(code, counted[code]) for code in listed)
