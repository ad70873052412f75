"""Names nearly right, quickly: those that share most runs of three letters with a query, then the most alike of them.

Likeness is rapidfuzz's WRatio: among a million names it takes seconds. Names that are alike share trigrams of their
words (two blanks before a word, one after it), however the words are ordered; so only the best thousand by trigrams are
compared. What a name has in common with a query depends on these two alone, never on the other names: whoever leaves
out some names sees the others in the order they had.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

COMPARED = 1000
"""How many names are compared letter by letter."""

SYMBOLS = 64
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
BITS = 6
KEYS = SYMBOLS**3
FULLER = 0.3
"""What likeness of the whole counts beside the share of the shorter one: of names that hold all of the query, or are
held by it, those of about its length come first."""

Ints = NDArray[np.int64]
Rows = NDArray[np.int32]


def _symbols() -> NDArray[np.uint8]:
    """The symbol of each code point up to 0xffff: 0 for a blank, others share what letters leave."""
    table = (len(LETTERS) + 1 + np.arange(0x10000) % (SYMBOLS - len(LETTERS) - 1)).astype(np.uint8)
    table[[ord(letter) for letter in LETTERS]] = np.arange(1, len(LETTERS) + 1)
    table[ord(" ")] = 0
    return table


TABLE = _symbols()


def trigrams(names: Sequence[str]) -> tuple[NDArray[np.int32], Rows]:
    """The trigrams of the words of normalised names, and the number of the name that each stands in."""
    text = "".join("  " + name.replace(" ", "  ") + " " for name in names)
    points = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    lengths = np.fromiter((len(name) + name.count(" ") + 3 for name in names), dtype=np.int64, count=len(names))
    symbols = TABLE[points & 0xFFFF].astype(np.int32)
    keys = (symbols[:-2] << 2 * BITS) | (symbols[1:-1] << BITS) | symbols[2:]
    owner = np.repeat(np.arange(len(names), dtype=np.int32), lengths)
    inside = (owner[:-2] == owner[2:]) & (keys & (SYMBOLS**2 - 1) != 0)
    return keys[inside], owner[:-2][inside]


@dataclass(frozen=True, slots=True)
class Postings:
    """For each trigram the names that have it, and how many trigrams each name has."""

    rows: Rows
    starts: Ints
    sizes: NDArray[np.uint8]

    @classmethod
    def of(cls, names: Sequence[str]) -> "Postings":
        """The postings of normalised names."""
        keys, owner = trigrams(names)
        both = (keys.astype(np.int64) << 32) | owner
        both.sort()
        if len(both):
            both = both[np.append(True, both[1:] != both[:-1])]
        rows = (both & 0xFFFFFFFF).astype(np.int32)
        sizes = np.minimum(np.bincount(rows, minlength=len(names)), 255).astype(np.uint8)
        return cls(rows, np.searchsorted(both >> 32, np.arange(KEYS + 1)), sizes)

    def shared(self, query: str) -> NDArray[np.float32]:
        """How much of their trigrams each name and the query have in common: the share of the shorter one (overlap
        coefficient), and a little for both (Dice's coefficient)."""
        keys = np.unique(trigrams([query])[0])
        found = [self.rows[self.starts[key] : self.starts[key + 1]] for key in keys.tolist()]
        if not found:
            return np.zeros(len(self.sizes), dtype=np.float32)
        counts = np.bincount(np.concatenate(found), minlength=len(self.sizes)).astype(np.float32)
        size = np.float32(len(keys))
        both = self.weights(float(size))
        return counts * both[self.sizes]

    @staticmethod
    def weights(size: float) -> NDArray[np.float32]:
        """What one shared trigram counts with a name of each size, for a query of a size."""
        sizes = np.maximum(np.arange(256, dtype=np.float32), 1)
        return np.asarray(1 / np.minimum(sizes, size) + 2 * FULLER / (sizes + size), dtype=np.float32)


def likest(query: str, names: Sequence[str], floor: float) -> list[tuple[int, float]]:
    """Positions and likeness (0 to 100) of the names at least so alike, the most alike first."""
    found = process.extract(query, names, scorer=fuzz.WRatio, score_cutoff=floor, limit=None)
    return [(at, score) for _, score, at in found]
