"""Who is first of many blocks, found by a look at some: nobody is missed who belongs there or ties with the last."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matching.columns import Columns, Floats, Ints
from matching.search import Search, first

WIDE = np.dtype([("row", "<i4")])
BLOCKS = st.lists(
    st.tuples(st.lists(st.integers(0, 9), min_size=1, max_size=5), st.integers(0, 3)), min_size=1, max_size=30
)
"""Keys of the rows of each block, and by how much its bound is too high."""


@given(BLOCKS, st.integers(1, 8), st.integers(0, 20))
def test_whoever_belongs_to_the_first_is_found(blocks: list[tuple[list[int], int]], limit: int, few: int) -> None:
    words = np.array([(1 << len(keys)) - 1 for keys, _ in blocks], dtype=np.uint64)
    bounds = np.array([float(max(keys) + loose) for keys, loose in blocks])
    starts = np.cumsum([0, *(len(keys) for keys, _ in blocks)])
    every = np.array([float(one) for keys, _ in blocks for one in keys])
    looked: list[int] = []

    def members(of: Ints) -> tuple[Columns, Floats]:
        looked.extend(of.tolist())
        table = np.zeros(sum(len(blocks[one][0]) for one in of.tolist()), dtype=WIDE)
        table["row"] = np.concatenate([np.arange(starts[one], starts[one + 1]) for one in of.tolist()])
        return Columns(table), every[table["row"]]

    found = first(Search(words, lambda: bounds, few), limit, members, lambda columns, km: km)
    least = np.sort(every)[::-1][: limit + 1][min(limit, len(every)) - 1]
    assert set(np.flatnonzero(every >= least).tolist()) <= set(found.rows.tolist())
    assert (found.keys == every[found.rows]).all()
    assert len(looked) == len(set(looked))
