"""Where each stakeholder stands on the paper: the same place for the same registry, and nobody on top of another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, hypot, pi, sin, sqrt

from matching.network.stakeholders import QUADRANTS, Quadrant, Stakeholder

MOST = 60
"""More than these cannot be told apart on a page; the others stand in the table."""

RINGS = 5
"""Rings of nearness, each a fifth of the scale; one more, outermost, is for those of whom it is not known."""

RING, HOLE, GAP, GROWTH = 62.0, 44.0, 3.0, 1.15
"""Width of a ring, radius of the middle, least distance between two, and how rings grow when there is no room."""

LEAST, MORE = 10.0, 8.0
"""Radius of the smallest, and what the largest has on top of it."""

ANGLES, DEPTHS = 60, 5
GOLDEN = (sqrt(5) - 1) / 2


@dataclass(frozen=True, slots=True)
class Placed:
    """A stakeholder with a number, its place from the middle (x to the right, y downwards) and its radius."""

    number: int
    stakeholder: Stakeholder
    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Placing:
    """Everybody who is drawn; `rings` the outer radius of each, the last that of the unknown."""

    placed: tuple[Placed, ...]
    rings: tuple[float, ...]


def place(stakeholders: Sequence[Stakeholder], most: int = MOST) -> Placing:
    """The first `most`, numbered as they are read: quadrant by quadrant, the nearest first.

    Distance from the middle: within its ring, at hole + ring (1 - n) 5 or as near to it as there is room. Radius =
    10 + 8 sqrt(resources / the most anybody has). The angle is free within the quadrant, and says nothing.
    """
    drawn = sorted(stakeholders[:most], key=lambda one: QUADRANTS.index(one.quadrant))
    width = RING
    while True:
        placed = list(_placed(drawn, width))
        if len(placed) == len(drawn):
            return Placing(tuple(placed), tuple(HOLE + width * (ring + 1) for ring in range(RINGS + 1)))
        width *= GROWTH


def ring_of(nearness: float | None) -> int:
    """0 for the nearest fifth to 4, 5 for not known."""
    return RINGS if nearness is None else min(RINGS - 1, int((1 - nearness) * RINGS))


def _placed(drawn: Sequence[Stakeholder], width: float) -> Iterator[Placed]:
    """Everybody in turn, until there is no room."""
    largest = max((one.resources for one in drawn), default=0) or 1
    standing: list[Placed] = []
    for number, one in enumerate(drawn, 1):
        radius = LEAST + MORE * sqrt(one.resources / largest)
        for x, y in _places(one, number, radius, width):
            if all(hypot(x - two.x, y - two.y) >= radius + two.radius + GAP for two in standing):
                standing.append(Placed(number, one, x, y, radius))
                yield standing[-1]
                break
        else:
            return


def _places(one: Stakeholder, number: int, radius: float, width: float) -> Iterator[tuple[float, float]]:
    """The best first: at the exact distance, all around the quadrant from an angle of its own; then farther from it."""
    ring = ring_of(one.nearness)
    inner, outer = HOLE + width * ring + radius, HOLE + width * (ring + 1) - radius
    wanted = (inner + outer) / 2 if one.nearness is None else HOLE + width * RINGS * (1 - one.nearness)
    depths = [inner + (outer - inner) * step / (DEPTHS - 1) for step in range(DEPTHS)]
    exact = min(max(wanted, inner), outer)
    for distance in (exact, *sorted(depths, key=lambda depth: (abs(depth - exact), depth))):
        for step in range(ANGLES):
            x, y = _at(one.quadrant, distance, (number * GOLDEN + step / ANGLES) % 1.0)
            if min(abs(x), abs(y)) >= radius + GAP:
                yield x, y


def _at(quadrant: Quadrant, distance: float, turn: float) -> tuple[float, float]:
    number = QUADRANTS.index(quadrant)
    x, y = distance * cos(turn * pi / 2), distance * sin(turn * pi / 2)
    return (x if number % 2 else -x), (y if number > 1 else -y)
