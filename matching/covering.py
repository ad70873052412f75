"""Which of the other needs of a case the organisations of some candidates give as well."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from matching.assess import judge
from matching.bits import WORD, Words
from matching.columns import Columns, Flags
from matching.index import Index
from matching.offered import Offered
from matching.reading import Reading
from matching.rules.outcome import PASS
from matching.rules.table import BY_CODE


def covered(reading: Reading, index: Index, columns: Columns, needs: Sequence[str]) -> Flags:
    """For each need, whose organisation gives it in the same place or remotely by what is not avoided."""
    if not needs:
        return np.zeros((0, len(columns)), dtype=np.bool_)
    codes, avoid = [reading.code(need) for need in needs], reading.case.avoid
    if avoid.districts or avoid.circles or avoid.organisations or avoid.departments:
        covers = _without_avoided(reading, index, columns, codes)
    elif isinstance(columns, Offered):
        kept = (columns.keep((covered, one), partial(_giving, index, columns.covers, one)) for one in codes)
        return np.array(list(kept))
    else:
        covers = columns.covers
    return np.array([_giving(index, covers, code) for code in codes])


def _giving(index: Index, covers: Words, code: str) -> Flags:
    bit = index.number.codes.place.get(code)
    if bit is None:
        return np.zeros(len(covers), dtype=np.bool_)
    return np.asarray((covers[:, bit // WORD] >> np.uint64(bit % WORD)) & np.uint64(1), dtype=np.bool_)


def _without_avoided(reading: Reading, index: Index, columns: Columns, codes: Sequence[str]) -> Words:
    theirs = index.columns.take(np.sort(index.rows_of(np.unique(columns.organisation))))
    usable = theirs.active & (judge(BY_CODE["avoided"], reading.asked, theirs) == PASS)
    if np.array_equal(usable, theirs.active):
        return columns.covers
    return index.covers(theirs, usable, codes)[np.searchsorted(theirs.row, columns.row)]
