"""The first by some key, of rows in blocks: blocks are looked at in the order of what their rows can reach at most."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matching.bits import Words
from matching.columns import Columns, Floats, Ints

TOLERANCE = 1e-9
"""Keys that are this close count as equal, against rounding: in score, and in kilometres."""

MORE = 3
"""By how much the number of blocks that are looked at grows each time."""

NOBODY = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Found:
    """Rows, their keys (the highest is first) and how far they are."""

    rows: Ints
    keys: Floats
    km: Floats


@dataclass(frozen=True, slots=True)
class Search:
    """Blocks to be searched. `words`: the rows in question of each; `members`: of some blocks, by place, those that are
    in question indeed, and how far they are; `bounds`: the most that the key of a row of each can be; `size`: how many
    blocks are looked at first. So many rows are looked at without bounds as `few` says."""

    words: Words
    members: Callable[[Ints], tuple[Columns, Floats]]
    bounds: Callable[[], Floats]
    key: Callable[[Columns, Floats], Floats]
    size: int
    few: int


def first(search: Search, limit: int) -> Found:
    """Everybody who may be among the first `limit` by the highest key: blocks in the order of their bounds, until none
    that is left can reach the last of those found. Nobody who ties with the last is left out."""
    count, size = len(search.words), search.size
    found = Found(NOBODY, np.zeros(0), np.zeros(0))
    if not count:
        return found
    if np.bitwise_count(search.words).sum() <= search.few:
        return _best(_looked(search, np.arange(count), found), limit)[0]
    bounds, left = search.bounds(), np.arange(count)
    while len(left):
        best, left = _split(bounds, left, size)
        found, last = _best(_looked(search, best, found), limit)
        left = left[bounds[left] >= last]
        size *= MORE
    return found


def _split(bounds: Floats, left: Ints, size: int) -> tuple[Ints, Ints]:
    """The best blocks, and the others."""
    if len(left) <= size:
        return left, NOBODY
    order = left[np.argpartition(bounds[left], len(left) - size)]
    return order[len(left) - size :], order[: len(left) - size]


def _looked(search: Search, blocks: Ints, found: Found) -> Found:
    """With those of some blocks."""
    columns, km = search.members(blocks)
    if not len(km):
        return found
    rows, keys = columns.row.astype(np.int64), search.key(columns, km)
    if not len(found.rows):
        return Found(rows, keys, km)
    return Found(np.append(found.rows, rows), np.append(found.keys, keys), np.append(found.km, km))


def _best(found: Found, limit: int) -> tuple[Found, float]:
    """Those who may be among the first, and what they have to reach."""
    keys = found.keys
    if len(keys) < limit:
        return found, -np.inf
    last = float(np.partition(keys, len(keys) - limit)[len(keys) - limit]) - TOLERANCE
    kept = np.flatnonzero(keys >= last)
    if len(kept) == len(keys):
        return found, last
    return Found(found.rows[kept], keys[kept], found.km[kept]), last
