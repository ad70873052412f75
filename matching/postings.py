"""Which rows have a number: those of an organisation, those of a unit."""

from dataclasses import dataclass

import numpy as np

from matching.columns import Flags, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """Rows in the order of their number; those of number i begin at `begins[i]`."""

    rows: Ints
    begins: Ints

    @classmethod
    def of(cls, numbers: Ints, chosen: Flags) -> "Postings":
        """The postings of some rows."""
        rows = np.flatnonzero(chosen)
        mine = numbers[rows].astype(np.int64)
        order = np.argsort(mine, kind="stable")
        begins = np.searchsorted(mine[order], np.arange(int(mine.max(initial=-1)) + 2))
        return cls(rows[order].astype(np.int32), begins.astype(np.int32))

    def having(self, numbers: Ints) -> Ints:
        """All rows that have one of some numbers."""
        known = numbers[(numbers >= 0) & (numbers < len(self.begins) - 1)]
        start, size = self.begins[known].astype(np.int64), np.diff(self.begins)[known].astype(np.int64)
        ends = np.cumsum(size)
        at = np.arange(int(size.sum())) - np.repeat(ends - size, size) + np.repeat(start, size)
        return self.rows[at].astype(np.int64)

    @property
    def nbytes(self) -> int:
        return self.rows.nbytes + self.begins.nbytes
