"""What one organisation offers in one place: which of its open sites stand close to each other, and who covers what."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from matching.bits import WORD, Words
from matching.columns import Columns, Flags, Floats, Ints
from matching.sphere import KM_PER_DEGREE_OF_LATITUDE, haversine

APART = 400.0
"""Degrees between the latitudes of two organisations on one axis: more than any real distance."""

SLACK = 1e-6
"""Degrees by which the window is wider than the distance, against rounding."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """For every open point of an organisation (`home`), its open points near by, itself among them: those of home i
    stand in `beside` from `start[i]` on."""

    beside: Ints
    start: Ints

    def reach(self, has: Flags) -> Flags:
        """Which homes have a home near by that has it."""
        if not len(self.start):
            return has
        return np.asarray(np.logical_or.reduceat(has[self.beside], self.start), dtype=np.bool_)


def neighbours(organisation: Ints, lat: Floats, lon: Floats, within_km: float) -> Neighbours:
    """Pairs of homes of one organisation at most `within_km` apart, found in a window of latitude: near-linear."""
    axis = organisation * APART + lat
    order = np.argsort(axis, kind="stable")
    window = within_km / KM_PER_DEGREE_OF_LATITUDE + SLACK
    low = np.searchsorted(axis[order], axis[order] - window, side="left")
    high = np.searchsorted(axis[order], axis[order] + window, side="right")
    counts = high - low
    one = np.repeat(np.arange(len(axis)), counts)
    other = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(low, counts)
    one, other = order[one], order[other]
    near = haversine(lat[one], lon[one], lat[other], lon[other]) <= within_km
    near |= one == other
    one, other = one[near], other[near]
    by_home = np.argsort(one, kind="stable")
    return Neighbours(other[by_home], np.searchsorted(one[by_home], np.arange(len(axis)), side="left"))


def covers(c: Columns, usable: Flags, bits: Iterable[int], within_km: float) -> Words:
    """Per row, the codes that its organisation gives in the same place or remotely, of those with these bits. `c`
    holds all rows of each of its organisations, `usable` says which of them are active and not avoided.

    Two open sites are one place within the distance, any other two in the same published area; a remote candidate
    counts what is remote only."""
    grounds = _Grounds(c, within_km)
    found = np.zeros(c.codes.shape, dtype=np.uint64)
    for bit in bits:
        word, place = divmod(bit, WORD)
        mask = np.uint64(1 << place)
        offering = usable & ((c.codes[:, word] & mask) != 0)
        if offering.any():
            found[:, word] |= np.where(grounds.covered(offering), mask, np.uint64(0))
    return found


class _Grounds:
    """Where the rows of some organisations stand: their yards (an organisation in a published area), their homes (an
    organisation at an open point), each numbered from 0, -1 where there is none."""

    def __init__(self, c: Columns, within_km: float) -> None:
        self.remote, self.open_site = c.remote.copy(), c.open_site.copy()
        organisation = c.organisation.astype(np.int64)
        _, self.organisation = np.unique(organisation, return_inverse=True)
        placed = c.placed
        area = c.area.astype(np.int64)
        _, self.yard = _distinct(placed & (area >= 0), organisation, area)
        homes, self.home = _distinct(self.open_site, organisation, c.lat, c.lon)
        self.near = neighbours(homes[:, 0].astype(np.int64), homes[:, 1], homes[:, 2], within_km)

    def covered(self, offering: Flags) -> Flags:
        """Whose organisation has one of those that offer, there or remotely."""
        local = offering & ~self.remote
        anywhere = _has(self.yard, local)
        around = _has(self.yard, local & ~self.open_site)
        beside = np.append(self.near.reach(_numbers_with(self.home, local)[:-1]), False)[self.home]
        here = np.where(self.open_site, around | beside, anywhere) & ~self.remote
        return np.asarray(here | _has(self.organisation, offering & self.remote), dtype=np.bool_)


def _has(number: Ints, chosen: Flags) -> Flags:
    """Which rows share their number with a chosen one."""
    return _numbers_with(number, chosen)[number]


def _numbers_with(number: Ints, chosen: Flags) -> Flags:
    """Which numbers a chosen row has; one more entry, always False, stands for -1."""
    found = np.zeros(int(number.max(initial=-1)) + 2, dtype=np.bool_)
    found[number[chosen]] = True
    found[-1] = False
    return found


def _distinct(rows: Flags, *keys: Ints | Floats) -> tuple[Floats, Ints]:
    """The distinct combinations of keys among some rows, and for each row the number of its own, else -1."""
    stacked = np.stack([np.asarray(key[rows], dtype=np.float64) for key in keys], axis=1)
    order = np.lexsort(stacked.T[::-1])
    first = np.ones(len(stacked), dtype=np.bool_)
    first[1:] = (np.diff(stacked[order], axis=0) != 0).any(axis=1)
    inverse = np.empty(len(stacked), dtype=np.int64)
    inverse[order] = np.cumsum(first) - 1
    numbers = np.full(len(rows), -1, dtype=np.int64)
    numbers[rows] = inverse
    return stacked[order][first], numbers
