"""Two places for one party: only when no place takes them together, and always with the distance between.

Every way to make two groups of a small party is looked at; of a large one only those that somebody would think of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from matching.guidance.inputs import BUCKETS, Guide
from matching.index import tie_break
from matching.party import Party, Person
from matching.sphere import haversine
from matching.types import Case, Sighted

SMALL_PARTY = 5
"""Up to so many members every division is tried: at most 15."""

LOOKED_AT = 5
"""Candidates looked at for each group, in the order of the case."""


@dataclass(frozen=True, slots=True)
class Division:
    """Two groups (positions in the request, the one helped in the first), where each would go, and how far apart."""

    members: tuple[tuple[int, ...], tuple[int, ...]]
    places: tuple[Sighted, Sighted]
    km: float
    alone: int
    asked: int

    @property
    def order(self) -> tuple[int, int, float, tuple[tuple[int, ...], ...], bytes, bytes]:
        """Fewest children without an adult, fewest places that must first be asked, shortest way between."""
        first, second = (tie_break(place.service_site_id) for place in self.places)
        return (self.alone, self.asked, self.km, self.members, first, second)


def divisions(case: Case, need: str, guide: Guide, limit: int) -> list[Division]:
    """The best ways to house the party in two places, the better first."""
    found = {}
    places: dict[tuple[int, ...], tuple[Sighted, ...]] = {}
    for pair in _pairs(case):
        for group in pair:
            if group not in places:
                places[group] = _places(case, need, group, guide)
        best = _best(case, pair, (places[pair[0]], places[pair[1]]))
        if best is not None:
            found[pair] = best
    return sorted(found.values(), key=lambda division: division.order)[:limit]


def _pairs(case: Case) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Divisions into two groups; the one helped is in the first."""
    everybody = tuple(range(len(case.party)))
    others = everybody[1:]
    if len(everybody) <= SMALL_PARTY:
        apart = {group for size in range(1, len(everybody)) for group in combinations(others, size)}
    else:
        people = [Person.of(member) for member in case.party]
        apart = {(one,) for one in others} | {
            tuple(one for one in others if people[one].gender != people[0].gender),
            tuple(one for one in others if people[one].child),
            others,
        }
    for group in sorted(apart):
        if group:
            yield tuple(one for one in everybody if one not in group), group


def _places(case: Case, need: str, group: tuple[int, ...], guide: Guide) -> tuple[Sighted, ...]:
    """Where the group could go: suitable places, else those to be asked."""
    party = replace(case, party=tuple(case.party[one] for one in group), needs=(need,))
    for bucket in BUCKETS:
        found = tuple(one for one in guide.search.sight(party, need, bucket, LOOKED_AT) if one.point is not None)
        if found:
            return found
    return ()


def _best(
    case: Case,
    pair: tuple[tuple[int, ...], tuple[int, ...]],
    places: tuple[tuple[Sighted, ...], tuple[Sighted, ...]],
) -> Division | None:
    alone = sum(_children_alone(case, group) for group in pair)
    apart = _kilometres(places[0], places[1])
    found = [
        Division(pair, (one, other), float(apart[i, j]), alone, int(one.asks) + int(other.asks))
        for i, one in enumerate(places[0])
        for j, other in enumerate(places[1])
        if one.service_site_id != other.service_site_id
    ]
    return min(found, key=lambda division: division.order, default=None)


def _kilometres(these: Sequence[Sighted], those: Sequence[Sighted]) -> NDArray[np.float64]:
    """How far each of these is from each of those."""
    points = [[(one.point.lat, one.point.lon) for one in group if one.point] for group in (these, those)]
    (lats, lons), (to_lats, to_lons) = (np.array(group, dtype=np.float64).reshape(-1, 2).T for group in points)
    return haversine(lats[:, None], lons[:, None], to_lats, to_lons)


def _children_alone(case: Case, group: tuple[int, ...]) -> int:
    members = [case.party[one] for one in group]
    return len(members) if Party.of(members).unaccompanied else 0
