"""A map of outlines: where partners are, without tiles, so that nobody is asked for a picture of a place.

Drawn by the server as it is printed; script lets one move and enlarge the same drawing. A confidential place is its
published area: a circle around the area's point that holds all of it. Units are hundredths of a degree of latitude.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from directory import geography
from matching.types import Near, Ranked

WEST, NORTH = 16.0, -22.0
PER_DEGREE = 100.0
SQUEEZE = math.cos(math.radians(29.0))
"""A degree of longitude in the middle of the country, against one of latitude."""
KM_PER_DEGREE = 2 * math.pi * geography.EARTH_RADIUS_KM / 360
COARSE = 0.06
LEAST_SPAN = 220.0
MARGIN = 40.0
APART = 16.0
"""Places nearer than this part of the width share a mark."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the map; `reach` is 0 unless it is an area."""

    x: float
    y: float
    reach: float
    label: str


@dataclass(frozen=True, slots=True)
class Mark:
    """The numbers of the cards at one place, or at places too near each other to be told apart."""

    x: float
    y: float
    label: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Map:
    """What is drawn: outlines, where the search began, areas, marks; and the window that holds them."""

    outlines: str
    near: Spot
    areas: tuple[Spot, ...]
    marks: tuple[Mark, ...]
    window: tuple[float, float, float, float]


def drawn(near: Near, cards: Sequence[tuple[int, Ranked]]) -> Map | None:
    """The map of an answer; none where nobody has a place."""
    placed = [(number, spot) for number, one in cards if (spot := _spot(one)) is not None]
    if not placed:
        return None
    here = Spot(*_at(near.lon, near.lat), 0.0, near.label)
    window = _window((here, *(spot for _, spot in placed)))
    areas = tuple(dict.fromkeys(spot for _, spot in placed if spot.reach))
    return Map(_outlines(), here, areas, tuple(_marks(placed, window[2] / APART)), window)


def _spot(one: Ranked) -> Spot | None:
    if one.site is None or one.site.point is None:
        return None
    area = geography.areas().get(one.site.area.id) if one.site.area and one.site.confidential else None
    reach = 0.0 if area is None else round(area.reach_km / KM_PER_DEGREE * PER_DEGREE, 1)
    return Spot(*_at(one.site.point.lon, one.site.point.lat), reach, one.site.area.label if one.site.area else "")


def _marks(placed: Sequence[tuple[int, Spot]], apart: float) -> list[Mark]:
    marks: list[Mark] = []
    for number, spot in placed:
        beside = next((m for m in marks if math.hypot(m.x - spot.x, m.y - spot.y) < apart), None)
        if beside is None:
            marks.append(Mark(spot.x, spot.y, spot.label, (number,)))
            continue
        label = beside.label if spot.label in beside.label else f"{beside.label}; {spot.label}"
        marks[marks.index(beside)] = Mark(beside.x, beside.y, label, (*beside.numbers, number))
    return marks


def _at(lon: float, lat: float) -> tuple[float, float]:
    return round((lon - WEST) * SQUEEZE * PER_DEGREE, 1), round((NORTH - lat) * PER_DEGREE, 1)


@cache
def _outlines() -> str:
    """All outlines as one path."""
    rings = ([_at(lon, lat) for lon, lat in ring] for ring in geography.coarse_outlines(COARSE))
    return "".join("M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in ring) + "Z" for ring in rings)


def _window(spots: Sequence[Spot]) -> tuple[float, float, float, float]:
    """A window around all spots, three parts wide and two high, and not too small to recognise where one is."""
    left, right = min(s.x - s.reach for s in spots), max(s.x + s.reach for s in spots)
    top, bottom = min(s.y - s.reach for s in spots), max(s.y + s.reach for s in spots)
    width = max(right - left + 2 * MARGIN, (bottom - top + 2 * MARGIN) * 1.5, LEAST_SPAN * 1.5)
    height = width / 1.5
    return (
        round((left + right - width) / 2, 1),
        round((top + bottom - height) / 2, 1),
        round(width, 1),
        round(height, 1),
    )
