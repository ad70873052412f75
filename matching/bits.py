"""Sets of codes as rows of bits, so that "do they share one?" is a single AND over all rows."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WORD = 64

Words = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Bits:
    """The bit that stands for each code; `words` is the number of 64-bit words that a set takes."""

    place: dict[str, int]
    words: int

    @classmethod
    def over(cls, sets: Iterable[Collection[str]]) -> "Bits":
        """One bit for every code that occurs, in the order of the codes."""
        codes = sorted({code for codes in sets for code in codes})
        return cls({code: i for i, code in enumerate(codes)}, max(1, -(-len(codes) // WORD)))

    def with_all(self, sets: Iterable[Collection[str]]) -> "Bits":
        """The same bits, and one for every further code; more words if they need them."""
        further = sorted({code for codes in sets for code in codes} - self.place.keys())
        if not further:
            return self
        place = {**self.place, **{code: len(self.place) + i for i, code in enumerate(further)}}
        return Bits(place, max(self.words, -(-len(place) // WORD)))

    def mask(self, codes: Iterable[str]) -> Words:
        """The bits of one set; a code that no row knows has none."""
        bits = np.zeros(self.words, dtype=np.uint64)
        for code in codes:
            if code in self.place:
                word, bit = divmod(self.place[code], WORD)
                bits[word] |= np.uint64(1 << bit)
        return bits

    def pack(self, sets: Sequence[Collection[str]]) -> Words:
        """One row of bits for each set."""
        distinct: dict[Collection[str], int] = {}
        rows = [distinct.setdefault(codes, len(distinct)) for codes in sets]
        masks = np.zeros((len(distinct), self.words), dtype=np.uint64)
        for codes, row in distinct.items():
            if codes:
                masks[row] = self.mask(codes)
        return masks[rows]


def shares(rows: Words, mask: Words) -> NDArray[np.bool_]:
    """Which rows have a bit of the mask."""
    if len(mask) == 1:
        return np.asarray(rows[:, 0] & mask[0], dtype=np.bool_)
    return np.asarray((rows & mask).any(axis=1), dtype=np.bool_)
