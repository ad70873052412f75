"""The report's facts as pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from directory.services.figures import Trend as Kept
from matching.service import CellRow, LinkRow, NetworkCoverage, NetworkMap, NetworkReport, Partner
from web.pictures.ego import Ego, Tie, ego_picture
from web.pictures.matrix import Matrix, Square, matrix_picture
from web.pictures.scene import Picture
from web.pictures.stakeholders import Bond, Spot, Stakeholders, stakeholder_picture
from web.pictures.trend import Measure, trend_picture
from web.report.wording import PROVINCES, cell_name, plain

WORST = ("gap", "single", "backed")


def coverage_picture(found: NetworkReport | NetworkCoverage) -> Picture:
    """Departments and provinces; of one province each function by itself."""
    title = f"Coverage of required functions, {PROVINCES.get(found.province or '', 'South Africa')}"
    told = f"{found.coverage.backed} of {found.coverage.required} required functions are backed."
    if found.province is not None:
        return matrix_picture(_of_one(title, told, found.cells))
    provinces = tuple(dict.fromkeys(cell.province for cell in found.cells))
    departments = tuple(dict.fromkeys(cell.department for cell in found.cells))
    squares = {
        (department, province): _square([one for one in found.cells if (one.department, one.province) == key])
        for department in departments
        for province in provinces
        for key in [(department, province)]
    }
    return matrix_picture(Matrix(title, told, departments, provinces, squares))


def _of_one(title: str, told: str, cells: Sequence[CellRow]) -> Matrix:
    provinces = tuple(dict.fromkeys(cell.province for cell in cells))
    rows = tuple(f"{cell.department}: {plain(cell.function)}" for cell in cells)
    squares = {
        (row, cell.province): Square(cell.state, f"{cell.state}: {_who(cell)}", f"{cell.state}: {_who(cell)}")
        for row, cell in zip(rows, cells, strict=True)
    }
    return Matrix(title, told, rows, provinces, squares)


def _who(cell: CellRow) -> str:
    parts = [_number(cell.persons, "person", "people"), _number(cell.channels, "line", "lines")]
    return ", ".join(part for part in parts if part) or "nobody"


def _number(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}" if count else ""


def _square(cells: Sequence[CellRow]) -> Square:
    states = [cell.state for cell in cells]
    told = "; ".join(f"{cell_name(*_key(cell))}: {cell.state} ({_who(cell)})" for cell in cells)
    worst = min(states, key=WORST.index)
    return Square(worst, f"{states.count('backed')}/{len(states)}", told)


def _key(cell: CellRow) -> tuple[str, str, str]:
    return cell.department, cell.function, cell.province


def map_picture(found: NetworkMap) -> Picture:
    """The stakeholder map."""
    spots = (
        Spot(
            one.name,
            (one.side, one.level),
            one.nearness,
            one.contacts_a_year,
            one.support,
            one.resources,
            *((one.spot.number, one.spot.x, one.spot.y, one.spot.radius) if one.spot else ()),
        )
        for one in found.stakeholders
    )
    bonds = (
        Bond((one.sides[0], one.levels[0]), (one.sides[1], one.levels[1]), one.links, one.backed, one.strength)
        for one in found.ties
    )
    where = PROVINCES.get(found.province or "", "South Africa")
    return stakeholder_picture(Stakeholders(where, tuple(spots), tuple(bonds), found.rings))


def links_picture(organisation_id: str, links: Sequence[LinkRow]) -> Picture:
    """The ego network of an organisation, over the links that the reader may know of."""
    pairs = [(near, far, link) for link in links for near, far in ((link.a, link.b), (link.b, link.a))]
    own = [
        (near.partner, far.partner, link)
        for near, far, link in pairs
        if near.partner.organisation_id == organisation_id
    ]
    ties = tuple(Tie(far.name, link.grade, link.link_types, link.band) for _, far, link in own)
    return ego_picture(Ego(_name([near for near, _, _ in own]), ties))


def _name(partners: Sequence[Partner]) -> str:
    """The organisation's name; a unit's name ends with it."""
    itself = [one.name for one in partners if one.type == "organisation"]
    units = [one.name.rpartition(", ")[2] for one in partners]
    return next(iter((*itself, *units)), "an organisation without links")


@dataclass(frozen=True, slots=True)
class Trend:
    """The figures that were kept, by day, the earliest first: B, F and the number of single-contact links."""

    days: tuple[tuple[date, float, float, int], ...] = ()


def trend_of(found: Kept) -> Trend:
    """What is drawn of the figures kept."""
    return Trend(
        tuple(
            (day, float(told["b"]), float(told["fragmentation"]), int(told["by_grade"]["single_contact"]))
            for day, told in found.days
        )
    )


def trend_drawn(trend: Trend) -> Picture:
    """B, F and the links on one person, a panel each."""
    measures = [
        Measure("B, backed functions", "share", "up", tuple((day, b) for day, b, _, _ in trend.days)),
        Measure("F, fragmentation", "index", "down", tuple((day, f) for day, _, f, _ in trend.days)),
        Measure("Links on one person", "count", "down", tuple((day, float(n)) for day, _, _, n in trend.days)),
    ]
    return trend_picture(measures)
