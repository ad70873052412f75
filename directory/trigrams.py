"""Names nearly right, quickly: those that share most runs of three letters with a query, then the most alike of them.

Likeness is rapidfuzz's WRatio: among a million names it takes seconds. Names that are alike share trigrams of their
words (two blanks before a word, one after it), however the words are ordered; so only the best thousand by trigrams are
compared. What a name has in common with a query depends on these two alone, never on the other names: whoever leaves
out some names sees the others in the order they had.
"""

from collections.abc import Mapping, Sequence
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

MOST = 255
"""Trigrams that are counted of a name or a query."""
COMMON = 32
"""A trigram that one name in so many has is common: a bit for each name takes no more than their numbers."""
FEW = 8
"""Short names are looked at by themselves if they are no more than one in so many."""
SLACK = 1e-5
"""By which bounds are wider than they need be, against rounding."""

Ints = NDArray[np.int64]
Rows = NDArray[np.int32]
Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]


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
    """For each trigram the names that have it, and how many trigrams each name has. Those of the rarer trigrams are
    listed; of the `common` ones there is a bit for each name, which takes less to count. `shortest`: the names by their
    sizes, those of each up to its `ends`."""

    rows: Rows
    starts: Ints
    common: Mapping[int, Bytes]
    sizes: Bytes
    shortest: Rows
    ends: Ints

    @classmethod
    def of(cls, names: Sequence[str]) -> "Postings":
        """The postings of normalised names."""
        keys, owner = trigrams(names)
        both = (keys.astype(np.int64) << 32) | owner
        both.sort()
        if len(both):
            both = both[np.append(True, both[1:] != both[:-1])]
        rows = (both & 0xFFFFFFFF).astype(np.int32)
        sizes = np.minimum(np.bincount(rows, minlength=len(names)), MOST).astype(np.uint8)
        starts = np.searchsorted(both >> 32, np.arange(KEYS + 1))
        common = np.flatnonzero(np.diff(starts) >= max(COMMON, len(names) / COMMON))
        bits = {key: _bits(rows[starts[key] : starts[key + 1]], len(names)) for key in common.tolist()}
        listed = np.diff(starts)
        kept = np.repeat(~np.isin(np.arange(KEYS), common), listed)
        listed[common] = 0
        shortest = np.argsort(sizes, kind="stable").astype(np.int32)
        ends = np.cumsum(np.bincount(sizes, minlength=MOST + 1))
        return cls(rows[kept], np.append(0, np.cumsum(listed)), bits, sizes, shortest, ends)

    @property
    def nbytes(self) -> int:
        """How many bytes they take."""
        bits = sum(one.nbytes for one in self.common.values())
        return self.rows.nbytes + self.sizes.nbytes + self.shortest.nbytes + bits

    def shared(self, query: str) -> "Shared":
        """How many trigrams each name and the query have in common."""
        keys = np.unique(trigrams([query])[0])[:MOST].tolist()
        counts = np.zeros(len(self.sizes), dtype=np.uint8)
        for key in keys:
            bits = self.common.get(key)
            if bits is None:
                counts[self.rows[self.starts[key] : self.starts[key + 1]]] += 1
            else:
                counts += np.unpackbits(bits, count=len(counts))
        return Shared(self, len(keys), counts)


def _bits(rows: Rows, count: int) -> Bytes:
    flags = np.zeros(count, dtype=np.bool_)
    flags[rows] = True
    return np.packbits(flags)


@dataclass(frozen=True, slots=True)
class Shared:
    """What names have in common with a query of `size` trigrams, by how many of them each has."""

    postings: Postings
    size: int
    counts: Bytes

    def values(self, rows: Rows | Ints) -> Floats:
        """How much of their trigrams some names and the query have in common: the share of the shorter one (overlap
        coefficient), and a little for both (Dice's coefficient)."""
        return self.counts[rows] * self._weights()[self.postings.sizes[rows]]

    def _weights(self) -> Floats:
        """What one shared trigram counts with a name of each size."""
        sizes = np.maximum(np.arange(MOST + 1, dtype=np.float32), 1)
        size = np.float32(max(1, self.size))
        return np.asarray(1 / np.minimum(sizes, size) + 2 * FULLER / (sizes + size), dtype=np.float32)

    def best(self, count: int) -> list[int]:
        """The names that have most in common, in their order; which of equal ones is settled by position. Who shares
        few trigrams is looked at only where that is much of a short name."""
        count = min(count, len(self.counts))
        for least in (self.size // 4, self.size // 8):
            rows = np.flatnonzero(self.counts >= least)
            if least and len(rows) >= count:
                values = self.values(rows)
                few = self._few(least, np.partition(values, len(values) - count)[len(values) - count] if count else 0.0)
                if few is not None:
                    rows = np.sort(np.concatenate([rows, few])) if len(few) else rows
                    return first(rows, self.values(rows) if len(few) else values, count)
        rows = np.arange(len(self.counts))
        return first(rows, self.values(rows), count)

    def _few(self, least: int, value: float) -> Rows | None:
        """The names that share fewer than so many trigrams and may yet have as much in common, which are short; None if
        they are many."""
        may = np.flatnonzero((least - 1) * self._weights() * np.float32(1 + SLACK) >= value)
        short = self.postings.shortest[: self.postings.ends[may[-1]] if len(may) else 0]
        return None if len(short) * FEW > len(self.counts) else short[self.counts[short] < least]


def first(rows: Rows | Ints, values: Floats, count: int) -> list[int]:
    """Of some rows those with the highest values, in their order; which of equal ones is settled by position."""
    if not count:
        return []
    least = np.partition(values, len(values) - count)[len(values) - count]
    above, level = np.flatnonzero(values > least), np.flatnonzero(values == least)
    chosen = np.concatenate([above, level[: count - len(above)]])
    found: list[int] = rows[chosen[np.argsort(-values[chosen], kind="stable")]].tolist()
    return found


def likest(query: str, names: Sequence[str], floor: float) -> list[tuple[int, float]]:
    """Positions and likeness (0 to 100) of the names at least so alike, the most alike first."""
    found = process.extract(query, names, scorer=fuzz.WRatio, score_cutoff=floor, limit=None)
    return [(at, score) for _, score, at in found]
