"""What of the measures is kept: findings that become tasks, the day's figures, and every link's grade."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from directory import geography
from directory.services.plans import COUNTRY, Found, Plan
from matching.contacts import GRADES
from matching.network.findings import Finding, findings
from matching.network.loss import Measures
from matching.network_feed import State

ACTED_ON = 3
"""Findings up to this priority become tasks: what may wait two months is in the report, and no task yet."""


def plan(session: Session, state: State) -> Plan:
    """The plan of the day, from the kept measures of the country and of each province."""
    parts = {province: state.measures(session, province) for province in geography.provinces()}
    lying = {(found.kind, found.subject): set[str]() for found in findings(state.whole)}
    for province, measured in parts.items():
        for subject in _within(measured):
            if subject in lying:
                lying[subject].add(province)
    return Plan(
        revision=state.revision,
        day=state.whole.picture.records.today,
        found=tuple(
            _found(one, frozenset(lying[one.kind, one.subject]))
            for one in findings(state.whole)
            if one.priority <= ACTED_ON
        ),
        figures={COUNTRY: figures(state.whole), **{province: figures(one) for province, one in parts.items()}},
        grades={link.id: link.grade.grade for link in state.whole.links},
    )


def _within(measured: Measures) -> set[tuple[str, str]]:
    """All that a finding may be about in a province, by kind and subject."""
    cells = {("cell", f"{cell.key.department}/{cell.key.function}/{cell.key.province}") for cell in measured.cells}
    people = {("person", loss.person) for loss in measured.people if loss.cells or loss.links}
    kinds = ("link_end", "link_multiplex", "link_stale")
    return cells | people | {(kind, link.id) for link in measured.links for kind in kinds}


def _found(one: Finding, provinces: frozenset[str]) -> Found:
    return Found(
        key=one.key,
        kind=one.kind,
        subject=one.subject,
        found=one.found,
        action=one.action,
        reason=one.reason,
        owner=one.owner,
        urgency=one.urgency,
        priority=one.priority,
        size=one.size,
        due_days=one.due_days,
        provinces=provinces,
    )


def figures(measured: Measures) -> Mapping[str, Any]:
    """A day's figures: of coverage, of links by grade, and F."""
    grades = Counter(link.grade.grade for link in measured.links)
    share = measured.coverage
    return {
        "b": share.b,
        **{name: getattr(share, name) for name in ("required", "backed", "single", "gap")},
        "fragmentation": measured.shape.fragmentation,
        "links": len(measured.links),
        "by_grade": {grade: grades[grade] for grade in GRADES},
    }
