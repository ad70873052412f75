"""What the network report says: plain values with names, for whoever renders or answers it. Nothing is computed here.

Only coordinators read it: it names whom the network hangs on. What may be shared names posts, and is cut from this.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from matching.network.definitions import Definition

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Partner:
    """An organisation or unit: `level` only of units; `province` where it is one, by what is published."""

    type: str
    id: str
    name: str
    organisation_id: str
    sector: str | None
    level: str | None
    provinces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seat:
    """A post that somebody holds, and where."""

    id: str
    title: str
    contact_role: str | None
    partner: Partner


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person by name, with every post held: one person may be listed under several records."""

    id: str
    name: str
    posts: tuple[Seat, ...]


@dataclass(frozen=True, slots=True)
class Holding:
    """What a cell hangs on: a person in a post, or a channel of an office."""

    partner: Partner
    post_id: str | None
    person: Somebody | None
    channel_id: str | None
    channel_kind: str | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """B = backed / required."""

    b: float
    required: int
    backed: int
    single: int
    gap: int


@dataclass(frozen=True, slots=True)
class UrgencyCoverage:
    """B over the functions whose stage has this urgency, 1 (tonight) to 5."""

    urgency: int
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class CellRow:
    """One required cell: a function of a department in a province. `held_by` is told of single cells alone."""

    department: str
    function: str
    province: str
    stage: str
    urgency: int
    state: str
    persons: int
    channels: int
    partners: tuple[Partner, ...]
    held_by: tuple[Holding, ...]
    required_because: str
    source: str


@dataclass(frozen=True, slots=True)
class EndRow:
    """One end of a link. `hangs_on`: the one person without whom nobody answers there."""

    partner: Partner
    grade: str
    redundancy: int
    reason: str
    advice: str | None
    hangs_on: Somebody | None


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link with its grades. `urgency` of the most urgent stage that either end serves; `level` of the more local
    end, `organisation` where neither is an office of government."""

    id: str
    a: EndRow
    b: EndRow
    link_types: tuple[str, ...]
    grade: str
    redundancy: int
    m: int
    m_s: int
    n_eff: float
    band: str
    last_confirmed_at: datetime | None
    trajectory: str | None
    level: str
    urgency: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Who could answer instead, and why: `kind` is same_unit, nearest_unit or same_training."""

    kind: str
    partner: Partner
    reason: str
    person: Somebody | None
    post_id: str | None
    channel_id: str | None
    distance_band: str | None
    distance_km: float | None


@dataclass(frozen=True, slots=True)
class CellName:
    """Which required cell."""

    department: str
    function: str
    province: str


@dataclass(frozen=True, slots=True)
class LinkName:
    """Which link, between whom."""

    id: str
    a: Partner
    b: Partner


@dataclass(frozen=True, slots=True)
class CutOffRow:
    """An organisation that could call somebody for a function, and no longer can."""

    organisation: Partner
    function: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    """What is lost when this person leaves every post. `cells_lost` is L, `links_lost` D, `delta_f` the change of F."""

    person: Somebody
    cells_lost: tuple[CellName, ...]
    links_lost: tuple[LinkName, ...]
    delta_f: float
    cut_off: tuple[CutOffRow, ...]
    replacements: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class FindingRow:
    """What is weak and what to do about it; `due_days` from the day it is found."""

    key: str
    kind: str
    subject: str
    found: str
    action: str
    owner: Partner | None
    urgency: int
    priority: int
    due_days: int
    size: int
    reason: str


@dataclass(frozen=True, slots=True)
class NodeName:
    """A node of the graph: a partner or a person, one of them null."""

    partner: Partner | None
    person: Somebody | None


@dataclass(frozen=True, slots=True)
class Bridge:
    """A tie without which two parts of the network have no way to each other."""

    one: NodeName
    other: NodeName


@dataclass(frozen=True, slots=True)
class ShapeRow:
    """The shape of the graph of partners and people. Shares are of unordered pairs."""

    nodes: int
    ties: int
    parts: int
    fragmentation: float
    two_paths: float
    two_paths_partners: float


@dataclass(frozen=True, slots=True)
class Count:
    """How many."""

    code: str
    count: int


@dataclass(frozen=True, slots=True)
class Listed(Generic[Item]):
    """The first of a list, and how many there are."""

    total: int
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class NetworkReport:
    """The network's dependence on single contacts, at one instant; `province` null is the whole country."""

    province: str | None
    ruleset: str
    revision: int
    generated_at: datetime
    coverage: Coverage
    coverage_by_urgency: tuple[UrgencyCoverage, ...]
    cells: tuple[CellRow, ...]
    links: int
    links_by_grade: tuple[Count, ...]
    single_by_trajectory: tuple[Count, ...]
    single_by_level: tuple[Count, ...]
    single_contact_links: Listed[LinkRow]
    dead_links: Listed[LinkRow]
    people: Listed[PersonRow]
    multiplex_links: Listed[LinkRow]
    stale_links: Listed[LinkRow]
    findings: Listed[FindingRow]
    findings_by_action: tuple[Count, ...]
    shape: ShapeRow
    articulation_points: Listed[NodeName]
    bridges: Listed[Bridge]
    definitions: tuple[Definition, ...]
