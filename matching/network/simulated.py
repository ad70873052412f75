"""Simulations and coverage as they are answered: with names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from matching.contact_records import end_home
from matching.network.leaving import suggestion
from matching.network.naming import Naming
from matching.network.report import (
    CellName,
    CellRow,
    Coverage,
    CutOffRow,
    LinkName,
    Somebody,
    Suggestion,
    UrgencyCoverage,
)
from matching.network.reporting import coverage_of
from matching.network.simulation import CellChange, LinkChange, Simulation
from matching.rulesets.coverage import CellKey


@dataclass(frozen=True, slots=True)
class NetworkCoverage:
    """Every required cell of the country or of a province."""

    province: str | None
    ruleset: str
    revision: int
    generated_at: datetime
    coverage: Coverage
    coverage_by_urgency: tuple[UrgencyCoverage, ...]
    cells: tuple[CellRow, ...]


@dataclass(frozen=True, slots=True)
class LinkChangeRow:
    """A link that got worse. `silent`: the ends, a or b, where nobody answers any more; suggestions are for those."""

    link: LinkName
    before: str
    after: str
    silent: tuple[str, ...]
    replacements: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class CellChangeRow:
    """A required cell whose state changed."""

    cell: CellName
    before: str
    after: str
    replacements: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class SimulationRow:
    """The network before and after. Lost is where nobody answers any more; weakened got worse and still answers;
    gained got better, which only a transfer brings about."""

    links_lost: tuple[LinkChangeRow, ...]
    links_weakened: tuple[LinkChangeRow, ...]
    cells_lost: tuple[CellChangeRow, ...]
    cells_weakened: tuple[CellChangeRow, ...]
    cells_gained: tuple[CellChangeRow, ...]
    cut_off: tuple[CutOffRow, ...]
    coverage_before: Coverage
    coverage_after: Coverage
    fragmentation_before: float
    fragmentation_after: float


@dataclass(frozen=True, slots=True)
class PersonAnswer:
    """What if this person leaves every post. `delta_f`: the change of F."""

    province: str | None
    revision: int
    generated_at: datetime
    person: Somebody
    delta_f: float
    loss: SimulationRow


@dataclass(frozen=True, slots=True)
class SimulationAnswer:
    """What if all of this goes at once."""

    province: str | None
    revision: int
    generated_at: datetime
    loss: SimulationRow


def simulated(naming: Naming, found: Simulation) -> SimulationRow:
    """A simulation with names."""
    cut_off = (CutOffRow(naming.organisation(one.organisation_id), one.function) for one in found.cut_off)
    return SimulationRow(
        links_lost=tuple(_link(naming, one) for one in found.links_lost),
        links_weakened=tuple(_link(naming, one) for one in found.links_weakened),
        cells_lost=tuple(_cell(naming, one) for one in found.cells_lost),
        cells_weakened=tuple(_cell(naming, one) for one in found.cells_weakened),
        cells_gained=tuple(_cell(naming, one) for one in found.cells_gained),
        cut_off=tuple(cut_off),
        coverage_before=coverage_of(found.coverage_before),
        coverage_after=coverage_of(found.coverage_after),
        fragmentation_before=found.fragmentation_before,
        fragmentation_after=found.fragmentation_after,
    )


def cell_name(key: CellKey) -> CellName:
    """Which cell."""
    return CellName(key.department, key.function, key.province)


def _link(naming: Naming, one: LinkChange) -> LinkChangeRow:
    a, b = (naming.partner(end_home(one.record[side])) for side in ("a", "b"))
    suggested = tuple(suggestion(naming, each) for each in one.replacements)
    return LinkChangeRow(LinkName(one.link_id, a, b), one.before, one.after, one.silent, suggested)


def _cell(naming: Naming, one: CellChange) -> CellChangeRow:
    suggested = tuple(suggestion(naming, each) for each in one.replacements)
    return CellChangeRow(cell_name(one.key), one.before, one.after, suggested)
