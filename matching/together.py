"""What one organisation offers in one place: which of its open sites stand close to each other, and who covers what."""

from dataclasses import dataclass

import numpy as np

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


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many organisations, yards and homes an index has."""

    organisations: int
    yards: int
    homes: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which organisations cover a need, and where: remotely, by any site of a published area (`anywhere`), by a
    confidential one of it (`hidden`), by an open site near an open point (`beside`)."""

    remotely: Flags
    anywhere: Flags
    hidden: Flags
    beside: Flags

    @classmethod
    def of(cls, offering: Columns, usable: Flags, near: Neighbours, sizes: Sizes) -> "Coverage":
        """`usable`: which of those that offer the need are active and not avoided."""
        local = usable & ~offering.remote
        homes = _has(sizes.homes, offering.home[local])
        return cls(
            remotely=_has(sizes.organisations, offering.organisation[usable & offering.remote]),
            anywhere=_has(sizes.yards, offering.yard[local]),
            hidden=_has(sizes.yards, offering.yard[local & ~offering.open_site]),
            beside=np.append(near.reach(homes[:-1]), False),
        )

    def by(self, candidates: Columns) -> Flags:
        """Which candidates' organisation covers the need in the same place or remotely. Two open sites are one place
        within the distance of `near`, any other two in the same published area; a remote candidate counts what is
        remote only."""
        around = self.hidden[candidates.yard] | self.beside[candidates.home]
        here = np.where(candidates.open_site, around, self.anywhere[candidates.yard])
        found = self.remotely[candidates.organisation] | (here & ~candidates.remote)
        return np.asarray(found, dtype=np.bool_)


def _has(size: int, numbers: Ints) -> Flags:
    """Which of the numbers occur; one more entry, always False, stands for -1."""
    found = np.zeros(size + 1, dtype=np.bool_)
    found[numbers] = True
    found[-1] = False
    return found
