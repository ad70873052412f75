"""The best smallest sets of candidates that cover all needs, exactly: sets of needs are bits, the rest is numbers.

A cover has as few candidates as any. Of two covers the better has fewer organisations, then the shorter worst distance,
then the higher total score, then the smallest tie-break that the other lacks. That order does not mind what the rest of
a cover is: whoever does the same for the same needs, no farther and with a higher score, can stand in for another, and
the cover is better for it. So a candidate that three others can replace is in none of the best three. What is left is
few, and is searched with exact bounds.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matching.columns import Flags, Floats, Ints

SCORE_UNITS = 10**12
"""Scores are added as whole numbers of this part of one: sums that differ by rounding alone are equal."""

Least = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pool:
    """Who may cover what. `needs`: bits; `km`: 0 from afar; `units`: scores in SCORE_UNITS; `tie`: ranks, all
    different."""

    needs: Ints
    organisation: Ints
    km: Floats
    units: Ints
    tie: Ints

    def __len__(self) -> int:
        return len(self.needs)


@dataclass(frozen=True, slots=True)
class Bundles:
    """What one organisation may put into a cover: `members` has a row of positions in the pool for each."""

    members: Ints
    needs: Ints
    organisation: Ints

    def take(self, rows: Ints | Flags) -> "Bundles":
        """Some of them."""
        return Bundles(self.members[rows], self.needs[rows], self.organisation[rows])


def best(pool: Pool, count: int) -> list[tuple[int, ...]]:
    """The best covers of all that anybody in the pool covers, best first; members are positions in the pool."""
    if not len(pool):
        return []
    whole = int(np.bitwise_or.reduce(pool.needs))
    least = fewest(np.unique(pool.needs), whole)
    return Search(pool, _bundles(pool, whole, least, count), whole, least, count).run()


def fewest(needs: Ints, whole: int) -> Least:
    """For each set of needs, how many candidates it takes at least; only subsets of `whole` matter."""
    sets = np.arange(whole + 1)
    least = np.full(whole + 1, -1, dtype=np.int64)
    least[0], taken = 0, 0
    while least[whole] < 0:
        reached = least >= 0
        for one in needs.tolist():
            least[(least < 0) & reached[sets & ~one]] = taken + 1
        taken += 1
    return least


def _bundles(pool: Pool, whole: int, least: Least, count: int) -> list[Bundles]:
    """For each size, the bundles that a best cover may have."""
    size = int(least[whole])
    rows = np.flatnonzero(_fits(pool.needs, 1, whole, least))
    singles = Bundles(rows[:, None], pool.needs[rows], pool.organisation[rows])
    singles = _outstanding(pool, singles, _within(singles), count)
    singles = singles.take(np.lexsort((singles.members[:, 0], singles.organisation)))
    ends = np.searchsorted(singles.organisation, singles.organisation, side="right")
    sizes, last, grown = [singles], np.arange(len(singles.needs)), singles
    for taken in range(2, size + 1):
        counts = ends[last] - last - 1
        old = np.repeat(np.arange(len(last)), counts)
        new = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(last + 1, counts)
        needs = grown.needs[old] | singles.needs[new]
        fit = _fits(needs, taken, whole, least)
        old, new, needs = old[fit], new[fit], needs[fit]
        members = np.concatenate([grown.members[old], singles.members[new]], axis=1)
        made = Bundles(members, needs, grown.organisation[old])
        kept = _layers(pool, made, _within(made), count)
        grown, last = made.take(kept), new[kept]
        sizes.append(grown)
    return [_outstanding(pool, one, one.needs, count) for one in sizes]


def _fits(needs: Ints, size: int, whole: int, least: Least) -> Flags:
    """Whether so many candidates may be part of a smallest cover: it takes as many for these needs, and the rest."""
    return np.asarray((least[needs] == size) & (least[whole & ~needs] == least[whole] - size), dtype=np.bool_)


def _within(bundles: Bundles) -> Ints:
    """What says which bundles are of one organisation and for the same needs."""
    return bundles.organisation * (int(bundles.needs.max(initial=0)) + 1) + bundles.needs


def _outstanding(pool: Pool, bundles: Bundles, group: Ints, count: int) -> Bundles:
    return bundles.take(_layers(pool, bundles, group, count))


def _layers(pool: Pool, bundles: Bundles, group: Ints, count: int) -> Ints:
    """The bundles that fewer than so many of their group can replace, and perhaps some more: the outermost layers of
    those that nobody replaces, peeled one by one. In the order of the bundles."""
    if len(group) == 0:
        return np.arange(0)
    worst = pool.km[bundles.members].max(axis=1)
    ties = np.sort(pool.tie[bundles.members], axis=1)
    order = np.lexsort((*ties.T[::-1], -pool.units[bundles.members].sum(axis=1)))
    value = np.empty(len(order), dtype=np.int64)
    value[order] = np.arange(len(order), 0, -1)
    groups = np.unique(group, return_inverse=True)[1].reshape(-1)
    left = np.lexsort((-value, worst, groups))
    found = []
    for _ in range(count):
        height = groups[left] * (len(order) + 1) + value[left]
        before = np.maximum.accumulate(np.append(-1, height))[:-1]
        outermost = height > before
        found.append(left[outermost])
        left = left[~outermost]
    return np.sort(np.concatenate(found))


@dataclass(frozen=True, slots=True)
class Piece:
    """A bundle as the search takes it. `value`: total score, then tie-breaks, as one whole number that adds up."""

    km: float
    value: int
    organisation: int
    needs: int
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A cover: the less, the better."""

    km: float
    value: int
    members: tuple[int, ...]

    @property
    def key(self) -> tuple[float, int]:
        return (self.km, -self.value)


class Search:
    """Puts bundles together, no two of one organisation: one of both would be another bundle."""

    def __init__(self, pool: Pool, sizes: list[Bundles], whole: int, least: Least, count: int) -> None:
        self.pool = pool
        self.whole = whole
        self.least = least
        self.count = count
        self.pieces = sorted(self._pieces(sizes), key=lambda piece: piece.km)
        self.distances = sorted({piece.km for piece in self.pieces})

    def _pieces(self, sizes: list[Bundles]) -> Iterator[Piece]:
        used = np.unique(np.concatenate([one.members.reshape(-1) for one in sizes]))
        order = used[np.argsort(-self.pool.tie[used], kind="stable")].tolist()
        shift = len(order)
        units = self.pool.units[order].tolist()
        value = {
            one: (points << shift) + (1 << bit) for bit, (one, points) in enumerate(zip(order, units, strict=True))
        }
        for bundles in sizes:
            worst = self.pool.km[bundles.members].max(axis=1, initial=0.0).tolist()
            for row, km in enumerate(worst):
                members = tuple(bundles.members[row].tolist())
                total = sum(value[one] for one in members)
                yield Piece(km, total, int(bundles.organisation[row]), int(bundles.needs[row]), members)

    def run(self) -> list[tuple[int, ...]]:
        """Fewest organisations first; for each number of them the search is widened until it has found enough."""
        best: list[tuple[int, ...]] = []
        for organisations in range(1, int(self.least[self.whole]) + 1):
            missing = self.count - len(best)
            if missing:
                best += [one.members for one in self._of(organisations, missing)]
        return best

    def _of(self, organisations: int, missing: int) -> list[Found]:
        nearest = Reach(self, self.distances[-1]).nearest(self.whole, organisations)
        if nearest is None:
            return []
        at, step = self.distances.index(nearest), 1
        while True:
            found = Reach(self, self.distances[at]).best(organisations, missing)
            if len(found) == missing or at == len(self.distances) - 1:
                return found
            at, step = min(at + step, len(self.distances) - 1), step * 4


class Reach:
    """The search within a distance. Its bounds leave out that an organisation may be taken once only."""

    def __init__(self, search: Search, most: float) -> None:
        self.least = search.least
        self.whole = search.whole
        self.by_needs: dict[int, list[Piece]] = {}
        for piece in search.pieces:
            if piece.km <= most:
                self.by_needs.setdefault(piece.needs, []).append(piece)
        self._bounds: dict[tuple[int, int], tuple[float, int] | None] = {(0, 0): (0.0, 0)}
        self._next: dict[int, list[tuple[int, int]]] = {}
        self.top: list[Found] = []
        self.missing = 0

    @cached_property
    def _peaks(self) -> Mapping[int, tuple[float, int]]:
        """For the same needs: the shortest distance and the highest value, not always of one bundle."""
        return {needs: (those[0].km, max(one.value for one in those)) for needs, those in self.by_needs.items()}

    def nearest(self, needs: int, organisations: int) -> float | None:
        """The shortest worst distance of a cover by so many organisations; None if there is none."""
        bound = self._bound(needs, organisations)
        return None if bound is None else bound[0]

    def _bound(self, needs: int, organisations: int) -> tuple[float, int] | None:
        """No cover of these needs is nearer, and none has a higher value."""
        key = (needs, organisations)
        if key not in self._bounds:
            self._bounds[key] = self._bounded(needs, organisations) if needs and organisations else None
        return self._bounds[key]

    def _bounded(self, needs: int, organisations: int) -> tuple[float, int] | None:
        found: tuple[float, int] | None = None
        for one, rest in self._steps(needs):
            bound = self._bound(rest, organisations - 1)
            if bound is not None:
                km, value = self._peaks[one]
                km, value = max(km, bound[0]), value + bound[1]
                found = (km, value) if found is None else (min(found[0], km), max(found[1], value))
        return found

    def _steps(self, needs: int) -> list[tuple[int, int]]:
        """Which needs a next bundle may cover, the first that is open among them, and what it leaves open."""
        if needs not in self._next:
            first, least = needs & -needs, self.least
            self._next[needs] = [
                (one, needs & ~one)
                for one in self.by_needs
                if one & first and least[needs & ~one] == least[needs] - least[one]
            ]
        return self._next[needs]

    def best(self, organisations: int, missing: int) -> list[Found]:
        """The best covers by so many organisations."""
        self.top, self.missing = [], missing
        self._extend(self.whole, organisations, Found(0.0, 0, ()), frozenset())
        return self.top

    def _extend(self, needs: int, organisations: int, part: Found, taken: frozenset[int]) -> None:
        if not needs:
            self._keep(Found(part.km, part.value, tuple(sorted(part.members))))
            return
        for one, rest in self._steps(needs):
            bound = self._bound(rest, organisations - 1)
            if bound is None:
                continue
            for piece in sorted(self.by_needs[one], key=lambda piece: -piece.value):
                km, value = max(part.km, piece.km), part.value + piece.value
                if piece.organisation not in taken and self._may_enter(max(km, bound[0]), value + bound[1]):
                    grown = Found(km, value, (*part.members, *piece.members))
                    self._extend(rest, organisations - 1, grown, taken | {piece.organisation})

    def _may_enter(self, km: float, value: int) -> bool:
        return len(self.top) < self.missing or (km, -value) < self.top[-1].key

    def _keep(self, found: Found) -> None:
        if found not in self.top:
            self.top = sorted([*self.top, found], key=lambda one: one.key)[: self.missing]
