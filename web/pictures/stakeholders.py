"""The stakeholder map: who stands how near to the person helped, and how strongly the quadrants are tied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log

from web.pictures.scene import (
    BLUE,
    FAINT,
    INK,
    MUTED,
    ORANGE,
    PAPER,
    SKY,
    Anchor,
    Box,
    Disc,
    Group,
    Mark,
    Paint,
    Picture,
    Table,
    Words,
    fitted,
    line,
)

MARGIN, HEAD, SIDE = 24.0, 30.0, 960.0
SIZE, KEY, ROW = 11.0, 11.5, 15.5
COLUMNS = 3

NAMES = {
    ("government", "national_provincial"): "Government, national and provincial",
    ("civil_society", "national_provincial"): "Civil society, national and provincial",
    ("government", "district_local"): "Government, district and local",
    ("civil_society", "district_local"): "Civil society, district and local",
}
Quadrant = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Spot:
    """Somebody on the map. `number` and place are None when there was no room: then the table has it."""

    name: str
    quadrant: Quadrant
    nearness: float | None
    contacts_a_year: int
    support: float | None
    resources: int
    number: int | None = None
    x: float = 0.0
    y: float = 0.0
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class Bond:
    """All links between two quadrants or inside one."""

    one: Quadrant
    other: Quadrant
    links: int
    backed: int
    strength: float


@dataclass(frozen=True, slots=True)
class Stakeholders:
    """The map in figures: `rings` are radii from the middle, the last that of those whose nearness is not known."""

    where: str
    spots: tuple[Spot, ...]
    bonds: tuple[Bond, ...]
    rings: tuple[float, ...]


def stakeholder_picture(stakeholders: Stakeholders) -> Picture:
    """Rings and discs with numbers, the names below by quadrant, then the ties between the quadrants."""
    reach = stakeholders.rings[-1]
    side = max(SIDE, 2 * (reach + MARGIN))
    centre = (side / 2, HEAD + MARGIN + reach)
    drawn = [spot for spot in stakeholders.spots if spot.number is not None]
    marks: list[Mark] = [*_ground(stakeholders.rings, centre), *(_spot(spot, centre) for spot in drawn)]
    below = centre[1] + reach + MARGIN + HEAD
    key, bottom = _key(drawn, below)
    bonds, end = _bonds(stakeholders.bonds, bottom + 24)
    left_out = len(stakeholders.spots) - len(drawn)
    also = f" {left_out} more are in the table." if left_out else ""
    return Picture(
        name="stakeholders",
        title=f"Stakeholder map, {stakeholders.where}",
        told=f"{len(drawn)} organisations by sector (government on the left) and level (national and provincial "
        f"above). The nearer to the middle, the nearer to the person helped; the larger, the more resources.{also}",
        width=side,
        height=end,
        marks=(*marks, *key, *bonds),
        table=Table(
            ("No.", "Organisation", "Quadrant", "Nearness", "Contacts a year", "Support", "Resources"),
            tuple(
                _row(spot) for spot in sorted(stakeholders.spots, key=lambda spot: (spot.number is None, spot.number))
            ),
        ),
    )


def _row(spot: Spot) -> tuple[str, ...]:
    known = spot.nearness is not None and spot.support is not None
    return (
        "" if spot.number is None else str(spot.number),
        spot.name,
        NAMES[spot.quadrant],
        f"{spot.nearness:.2f}" if known else "not known",
        str(spot.contacts_a_year) if known else "not known",
        f"{spot.support:.2f}" if known else "not known",
        str(spot.resources),
    )


def _ground(rings: Sequence[float], centre: tuple[float, float]) -> Iterator[Mark]:
    x, y = centre
    reach = rings[-1]
    yield Disc(x, y, reach, Paint(fill="#f6f6f6", stroke=FAINT, dash=(2, 4)))
    for number, ring in enumerate(reversed(rings[:-1])):
        yield Disc(x, y, ring, Paint(fill=PAPER if number % 2 == 0 else "#f2f7fb", stroke=FAINT))
    yield line((x - reach, y), (x + reach, y), Paint(stroke=MUTED))
    yield line((x, y - reach), (x, y + reach), Paint(stroke=MUTED))
    yield Disc(x, y, 36, Paint(fill=PAPER, stroke=INK, width=1.5))
    yield Words(x, y - 3, "the person", SIZE, "middle", bold=True)
    yield Words(x, y + 11, "helped", SIZE, "middle", bold=True)
    for number, name in enumerate(NAMES.values()):
        left = number % 2 == 0
        side: Anchor = "start" if left else "end"
        below = y + reach + MARGIN + 4
        yield Words(MARGIN if left else 2 * x - MARGIN, HEAD - 8 if number < 2 else below, name, 13, side, bold=True)
    yield Words(x, y - reach - 6, "outermost ring: nearness not known", 10.5, "middle", colour=MUTED)


def _spot(spot: Spot, centre: tuple[float, float]) -> Mark:
    x, y = centre[0] + spot.x, centre[1] + spot.y
    government = spot.quadrant[0] == "government"
    near = "nearness not known" if spot.nearness is None else f"nearness {spot.nearness:.2f}"
    known = spot.nearness is not None
    fill = (BLUE if government else SKY) if known else PAPER
    ink = PAPER if known and government else INK
    told = f"{spot.number}. {spot.name}, {NAMES[spot.quadrant].lower()}: {near}, resources {spot.resources}"
    paint = Paint(fill=fill, stroke=BLUE if government else INK, width=1.5, dash=() if known else (3, 2))
    return Group(
        told,
        (Disc(x, y, spot.radius, paint), Words(x, y + 3.5, str(spot.number), 10, "middle", bold=True, colour=ink)),
    )


def _key(drawn: Sequence[Spot], top: float) -> tuple[list[Mark], float]:
    """The names in columns, by quadrant; and where they end."""
    lines: list[tuple[str, bool]] = []
    for quadrant, name in NAMES.items():
        those = [spot for spot in drawn if spot.quadrant == quadrant]
        lines += [(name, True)] * bool(those) + [(f"{spot.number}  {spot.name}", False) for spot in those]
    deep = -(-len(lines) // COLUMNS)
    width = (SIDE - 2 * MARGIN) / COLUMNS
    marks: list[Mark] = [
        Words(
            MARGIN + width * (place // deep),
            top + ROW * (place % deep + 1),
            fitted(text, width - 10, KEY, bold=bold),
            KEY,
            bold=bold,
        )
        for place, (text, bold) in enumerate(lines)
    ]
    return marks, top + ROW * deep + 12


CORNERS: dict[Quadrant, tuple[float, float]] = dict(zip(NAMES, ((0, 0), (1, 0), (0, 1), (1, 1)), strict=True))
"""Where the quadrants stand in the lower diagram: column and row."""


def _bonds(bonds: Sequence[Bond], top: float) -> tuple[list[Mark], float]:
    """Four boxes as the quadrants stand, a line as thick as the tie between each two; and where it ends."""
    wide, high, across, down = 270.0, 62.0, SIDE - 2 * MARGIN - 270.0, 190.0
    start = top + 34
    middles = {one: (MARGIN + wide / 2 + across * x, start + high / 2 + down * y) for one, (x, y) in CORNERS.items()}
    marks: list[Mark] = [
        Words(
            MARGIN,
            top + 14,
            "Ties between the quadrants: thickness is strength, fresh links counting most",
            13,
            bold=True,
        )
    ]
    outside = [bond for bond in bonds if bond.one != bond.other]
    marks += [_bond(bond, middles) for bond in outside]
    marks += [_label(bond, middles) for bond in outside]
    inside = {bond.one: bond for bond in bonds if bond.one == bond.other}
    for quadrant, (x, y) in middles.items():
        own = inside.get(quadrant)
        said = f"{own.links} links inside, {own.backed} backed" if own else "no links inside"
        box = Box(x - wide / 2, y - high / 2, wide, high, Paint(fill=PAPER, stroke=INK, width=1.5))
        words = [Words(x, y - 6, NAMES[quadrant], 12, "middle", bold=True), Words(x, y + 14, said, 11.5, "middle")]
        marks.append(Group(f"{NAMES[quadrant]}: {said}", (box, *words)))
    return marks, start + down + high + 16


def _bond(bond: Bond, middles: dict[Quadrant, tuple[float, float]]) -> Mark:
    width = 1 + 3 * log(1 + bond.strength)
    told = f"{NAMES[bond.one]} and {NAMES[bond.other].lower()}: {bond.links} links, {bond.backed} backed, strength "
    route = line(middles[bond.one], middles[bond.other], Paint(stroke=ORANGE, width=width))
    return Group(f"{told}{bond.strength:.1f}", (route,))


def _label(bond: Bond, middles: dict[Quadrant, tuple[float, float]]) -> Mark:
    """A third of the way along a diagonal, so that the two do not cover each other."""
    (x1, y1), (x2, y2) = middles[bond.one], middles[bond.other]
    along = 0.5 if x1 == x2 or y1 == y2 else 0.36
    x, y = x1 + (x2 - x1) * along, y1 + (y2 - y1) * along
    words = Words(x, y + 4, f"{bond.links} links, {bond.backed} backed", 11.5, "middle")
    left, right = words.span
    return Group(words.text, (Box(left - 2, y - 10, right - left + 4, 20, Paint(fill=PAPER)), words))
