"""Figures for reports, each table with its definition; small figures hidden with as many others as that takes.

Every table is protected as a whole before a province is cut from it, and a month is the same whatever period is asked
for: two answers side by side tell no more than one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from directory import changes, geography, permissions, vocabulary
from directory.changes import LOCAL
from directory.errors import Denied, Invalid
from directory.models.organisation import Organisation
from directory.models.service import Capacity, Service, ServiceSite
from directory.models.site import Site
from directory.models.upkeep import Verification
from directory.permissions import Actor
from directory.queries.masking import masked_organisations, month_of
from directory.queries.standing import standing
from directory.services import capacity, counts
from directory.services.catalogue import COLLECTIONS
from directory.small_cells import protect

ACTION = "statistics.read"
MOST_MONTHS = 36
USUAL_MONTHS = 12
NOT_SAID = "not_said"
BANDS = ("none", "1-2", "3+", NOT_SAID)
TOTAL = "total"

Figures = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Raw:
    """A table before anything is hidden. `by_province` says that its columns are provinces and may be cut."""

    code: str
    definition: str
    rows: Sequence[str]
    columns: Sequence[str]
    figures: Figures
    month: str | None = None
    by_province: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A table as shown: None is hidden. Columns end with the total, rows too, where not cut. Rows in which all is
    hidden are left out."""

    code: str
    definition: str
    month: str | None
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int | None, ...]], ...]
    hidden: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """All tables, of the whole months of a period and of the registry as it is now."""

    months: tuple[str, ...]
    province: str | None
    generated_at: datetime
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day; None is a year ago, and today."""

    first: date | None = None
    last: date | None = None


def statistics(
    session: Session, actor: Actor, period: Period, province: str | None, more: Sequence[Raw] = ()
) -> Statistics:
    """The figures of a period and, with `more` from elsewhere, of the registry now. A coordinator of a province reads
    its own. Raises Denied, Invalid."""
    permissions.require(actor, ACTION)
    if actor.province is not None and province not in (None, actor.province):
        raise Denied("the figures of another province")
    cut = province or actor.province
    now = changes.now(session)
    months = _months(period, now)
    raws = [*_registry(session), *more, *(raw for month in months for raw in _of_month(session, month))]
    if actor.role == "coordinator" and actor.province is not None:
        raws = [raw for raw in raws if raw.by_province]
    return Statistics(months, cut, now, tuple(_shown(raw, cut) for raw in raws))


def _months(period: Period, now: datetime) -> tuple[str, ...]:
    """The published months that lie in the period as a whole. Raises Invalid."""
    today = now.astimezone(LOCAL).date()
    last = period.last or today
    first = period.first or date(last.year - 1, last.month, 1)
    if first > last:
        raise Invalid({"from": ["Must not be after to."]})
    found: list[str] = []
    year, month = (first.year, first.month) if first.day == 1 else _next(first.year, first.month)
    while (end := date(*_next(year, month), 1)) and end.toordinal() - 1 <= last.toordinal():
        if len(found) == MOST_MONTHS:
            raise Invalid({"to": [f"Must not be more than {MOST_MONTHS} months after from."]})
        found.append(f"{year:04}-{month:02}")
        year, month = end.year, end.month
    return tuple(one for one in found if not counts.is_open(one, now))


def _next(year: int, month: int) -> tuple[int, int]:
    return (year + 1, 1) if month == 12 else (year, month + 1)


def _shown(raw: Raw, province: str | None) -> Table:
    figures = [[raw.figures.get((row, column), 0) for column in raw.columns] for row in raw.rows]
    cells = protect(figures).cells
    names = (*raw.columns, TOTAL)
    kept = range(len(names))
    if province is not None and raw.by_province:
        kept = range(names.index(province), names.index(province) + 1)
    rows = [(name, tuple(row[place] for place in kept)) for name, row in zip((*raw.rows, TOTAL), cells, strict=True)]
    return Table(
        raw.code,
        raw.definition,
        raw.month,
        tuple(names[place] for place in kept),
        tuple((name, row) for name, row in rows if any(value is not None for value in row)),
        sum(value is None for _, row in rows for value in row),
    )


def provinces() -> tuple[str, ...]:
    """The columns of a table by province: codes, then what has none that is published."""
    return (*geography.provinces(), NOT_SAID)


def _registry(session: Session) -> Iterable[Raw]:
    yield Raw(
        "organisations_by_type",
        "Open organisations of the registry, by type and by the province they give. Confidential ones give none.",
        (*vocabulary.terms("org_type"), NOT_SAID),
        provinces(),
        _organisations(session),
    )
    yield Raw(
        "verification_of_services",
        "Open services by how long ago they were last confirmed: fresh up to 90 days, ageing up to 180, then, or never "
        "confirmed, stale. By the province their organisation gives.",
        ("fresh", "ageing", "stale"),
        provinces(),
        _confirmed(session),
    )
    yield Raw(
        "capacity_bands",
        "Open services at their sites that say how much room they have, by band of free units. Of confidential sites "
        "the band last published, and their area's province.",
        BANDS,
        provinces(),
        _bands(session),
    )


def _organisations(session: Session) -> Figures:
    masked = masked_organisations(session)
    chosen = select(Organisation.id, Organisation.org_type, Organisation.province).where(*_open())
    return Counter((kind or NOT_SAID, _place(key, at, masked)) for key, kind, at in session.execute(chosen))


def _open() -> tuple[ColumnElement[bool], ...]:
    return (Organisation.status == "active", *standing("organisations"))


def _place(organisation_id: str, province: str | None, masked: Set[str]) -> str:
    return NOT_SAID if province is None or organisation_id in masked else province


def _confirmed(session: Session) -> Figures:
    masked, now = masked_organisations(session), changes.now(session)
    chosen = (
        select(Organisation.id, Organisation.province, Service.verified_at)
        .join(Service, Service.organisation_id == Organisation.id)
        .where(*_open(), Service.status == "active", *standing("services"))
    )
    return Counter(
        (_age(month_of(since) if key in masked else since, now), _place(key, at, masked))
        for key, at, since in session.execute(chosen)
    )


def _age(since: datetime | None, now: datetime) -> str:
    days = None if since is None else (now - since).days
    return "stale" if days is None or days > 180 else "fresh" if days <= 90 else "ageing"


def _bands(session: Session) -> Figures:
    chosen = (
        select(Site.confidential, Site.province, Capacity.available, Capacity.published_band)
        .join(ServiceSite, ServiceSite.id == Capacity.service_site_id)
        .join(Site, Site.id == ServiceSite.site_id)
        .join(Service, Service.id == ServiceSite.service_id)
        .where(ServiceSite.status == "active", Site.status == "active", Service.status == "active")
        .where(*standing("service_sites"))
    )
    return Counter(
        ((published if hidden else capacity.band(free)) or NOT_SAID, province or NOT_SAID)
        for hidden, province, free, published in session.execute(chosen)
    )


def _of_month(session: Session, month: str) -> Iterable[Raw]:
    yield Raw(
        "needs_asked_for",
        "How often matches asked for a need, by the province they asked from. A match may ask for several, and the "
        "same person may be asked for more than once.",
        tuple(vocabulary.terms("service")),
        (*geography.provinces(), counts.OUTSIDE),
        counts.of_month(session, month),
        month,
    )
    year, number = map(int, month.split("-"))
    begins, ends = (datetime(*one, 1, tzinfo=LOCAL) for one in ((year, number), _next(year, number)))
    chosen = (
        select(Verification.collection, Verification.outcome, func.count())
        .where(Verification.created_at >= begins, Verification.created_at < ends)
        .group_by(Verification.collection, Verification.outcome)
    )
    found = {(collection, outcome): number for collection, outcome, number in session.execute(chosen)}
    yield Raw(
        "verifications_made",
        "How often somebody asked whether a record is still true, by collection and outcome.",
        tuple(COLLECTIONS),
        ("confirmed", "wrong", "unreachable"),
        found,
        month,
        by_province=False,
    )
