"""Who may stand among the first of a bucket, without looking at everybody: blocks in the order of their bounds, until
none that is left can reach the last of those found.

Exact: nobody who ties with the last by the first key is left out; the order among them is made afterwards, by all
keys."""

from collections.abc import Callable

import numpy as np

from matching.bits import Words
from matching.blocks import Blocks
from matching.columns import Floats, Ints

MORE = 4
"""By how much the number of blocks that are looked at grows each time."""

TOLERANCE = 1e-9
"""Keys that are this close count as equal, against rounding: in score, and in kilometres."""

Bound = Callable[[Ints, Words], Floats]
"""For some of the blocks by their place, and the words of all: the most that the key of a row in each can be."""


def shortlist(blocks: Blocks, at: Ints, words: Words, bound: Bound, key: Callable[[Ints], Floats], limit: int) -> Ints:
    """The rows of `words` (a bucket, in blocks `at`) that may be among the first `limit` by the highest `key`."""
    layout = blocks.layout
    left = np.flatnonzero(words)
    if int(np.bitwise_count(words[left]).sum()) <= max(blocks.size.few, limit):
        return layout.unpack(at[left], words[left])
    bounds = bound(left, words)
    rows, keys = np.zeros(0, dtype=np.int64), np.zeros(0)
    size = blocks.size.first
    while len(left):
        best = np.argpartition(-bounds, size - 1)[:size] if len(left) > size else np.arange(len(left))
        more = layout.unpack(at[left[best]], words[left[best]])
        rows, keys = np.append(rows, more), np.append(keys, key(more))
        left, bounds = np.delete(left, best), np.delete(bounds, best)
        if len(keys) >= limit:
            last = np.partition(keys, len(keys) - limit)[len(keys) - limit] - TOLERANCE
            rows, keys = rows[keys >= last], keys[keys >= last]
            left, bounds = left[bounds >= last], bounds[bounds >= last]
        size *= MORE
    return rows
