"""The first by some key, of rows in blocks: blocks are looked at in the order of what their rows can reach at most."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matching.bits import Words
from matching.columns import Columns, Floats, Ints

TOLERANCE = 1e-9
"""Keys that are this close count as equal, against rounding: in score, and in kilometres."""

MORE = 6
"""By how much the number of rows that are looked at grows each time."""

NOBODY = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Found:
    """Rows, their keys (the highest is first) and how far they are."""

    rows: Ints
    keys: Floats
    km: Floats

    def joined(self, other: "Found") -> "Found":
        """These and others."""
        if not len(self.rows):
            return other
        return Found(np.append(self.rows, other.rows), np.append(self.keys, other.keys), np.append(self.km, other.km))

    def reaching(self, key: float) -> "Found":
        """Those who have a key or a higher one."""
        kept = (self.keys >= key).nonzero()[0]
        return self if len(kept) == len(self.keys) else Found(self.rows[kept], self.keys[kept], self.km[kept])


class Search:
    """Blocks in the order of what their rows can reach. `words`: the rows in question of each; `bounds`: the most that
    the key of a row of each can be; `few`: so many rows are looked at without bounds, and at first."""

    def __init__(self, words: Words, bounds: Callable[[], Floats], few: int) -> None:
        bits = np.bitwise_count(words)
        self._begin, self._end, self._many = 0, len(words), few
        self._ordered = int(bits.sum()) > few
        if self._ordered:
            reach = -bounds()
            self._order = np.argsort(reach)
            self._reach, self._rows = reach[self._order], np.cumsum(bits[self._order], dtype=np.int64)

    @property
    def left(self) -> bool:
        """Whether there are blocks to be looked at."""
        return self._begin < self._end

    def next(self) -> Ints:
        """The best of those, by place."""
        if not self._ordered:
            self._begin = self._end
            return np.arange(self._end)
        until = int(np.searchsorted(self._rows, self._many, side="right"))
        begin, self._begin = self._begin, min(self._end, max(self._begin + 1, until))
        self._many *= MORE
        return self._order[begin : self._begin]

    def needs(self, last: float) -> None:
        """Blocks that cannot reach a key are not looked at."""
        if self.left:
            self._end = int(np.searchsorted(self._reach, -last, side="right"))


def first(
    search: Search,
    limit: int,
    members: Callable[[Ints], tuple[Columns, Floats]],
    key: Callable[[Columns, Floats], Floats],
) -> Found:
    """Everybody who may be among the first `limit` by the highest key: blocks in their order, until none that is left
    can reach the last of those found. Nobody who ties with the last is left out. `members`: of some blocks, by place,
    the rows in question indeed, and how far they are."""
    found = Found(NOBODY, np.zeros(0), np.zeros(0))
    while search.left:
        columns, km = members(search.next())
        if len(km):
            rows, keys = columns.row.astype(np.int64), key(columns, km)
            found = found.joined(Found(rows, keys, km))
            last = reached(found.keys, limit)
            found = found.reaching(last)
            search.needs(last)
    return found


def reached(keys: Floats, limit: int) -> float:
    """What one has to reach to be among the first of some."""
    if len(keys) < limit:
        return -np.inf
    return float(np.partition(keys, len(keys) - limit)[len(keys) - limit]) - TOLERANCE
