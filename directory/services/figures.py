"""The measures day by day, and what changed between two days. Kept small: figures, and ids of links with new grades."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from directory.models.fragility import LinkGradeChange, NetworkFigures
from directory.services.plans import COUNTRY, GONE, Plan


@dataclass(frozen=True, slots=True)
class Trend:
    """Figures by day, and the links whose grade on the last day is not that of the first: (before, after) by id. Null
    is no link yet, or no more."""

    days: tuple[tuple[date, Mapping[str, Any]], ...]
    changed: Mapping[str, tuple[str | None, str | None]]


def keep(session: Session, plan: Plan) -> None:
    """Keep a day's figures in place of any kept that day before."""
    session.execute(delete(NetworkFigures).where(NetworkFigures.day == plan.day))
    session.add_all(
        NetworkFigures(day=plan.day, province=province, figures=dict(told)) for province, told in plan.figures.items()
    )
    session.execute(delete(LinkGradeChange).where(LinkGradeChange.day == plan.day))
    before = _grades(session, plan.day)
    now = {**dict.fromkeys(before, GONE), **plan.grades}
    session.add_all(
        LinkGradeChange(link_id=link, day=plan.day, grade=grade)
        for link, grade in now.items()
        if before.get(link) != grade
    )


def trend(session: Session, first: date, last: date, province: str | None, links: frozenset[str]) -> Trend:
    """Figures from the first day to the last, both included, and what became of the links that may be told of."""
    kept = select(NetworkFigures).where(
        NetworkFigures.day >= first, NetworkFigures.day <= last, NetworkFigures.province == (province or COUNTRY)
    )
    rows = session.scalars(kept.order_by(NetworkFigures.day)).all()
    if not rows:
        return Trend((), {})
    before, after = (_grades(session, row.day) for row in (rows[0], rows[-1]))
    pairs = {link: (_told(before.get(link)), _told(after.get(link))) for link in sorted(links & after.keys())}
    changed = {link: pair for link, pair in pairs.items() if pair[0] != pair[1]}
    return Trend(tuple((row.day, row.figures) for row in rows), changed)


def counted(found: Trend) -> Mapping[str, int]:
    """How many links got each grade that they did not have before."""
    return Counter(after or GONE for _, after in found.changed.values())


def _told(grade: str | None) -> str | None:
    return None if grade == GONE else grade


def _grades(session: Session, day: date) -> dict[str, str]:
    """The grade of every link as of a day."""
    kept = select(LinkGradeChange.link_id, LinkGradeChange.grade).where(LinkGradeChange.day <= day)
    return {row.link_id: row.grade for row in session.execute(kept.order_by(LinkGradeChange.day))}
