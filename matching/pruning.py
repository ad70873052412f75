"""One need over many candidates without looking at each: rules as bits, then the blocks that can reach the first.

What it finds is a superset of those that will be shown, and the counts; they are then assessed like any others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matching.asked import Asked
from matching.bits import Words
from matching.blocks import Blocks
from matching.bounds import Seen, most
from matching.columns import Columns, Floats, Ints
from matching.index import Index
from matching.passing import Passing, hour
from matching.reading import Reading
from matching.rulesets.ruleset import Ruleset
from matching.search import Found, Search, first
from matching.shelf import Hour, Shelf
from matching.sieve import Sieve, count
from matching.sphere import chord, haversine
from matching.types import Bucket, Sort

Key = Callable[[Columns, Floats], Floats]


@dataclass(frozen=True, slots=True)
class Sought:
    """What one question asks of an index with blocks. `others`: the codes of the other needs; `hidden`: organisations
    that are not shown; `linked`: rows that are scored by the asker's link; `robust`: planes of contacts; `score`
    measures columns at distances."""

    index: Index
    blocks: Blocks
    reading: Reading
    ruleset: Ruleset
    asked: Asked
    others: Sequence[str]
    hidden: Ints
    linked: Ints
    robust: Words | None
    score: Key


def _nearness(columns: Columns, km: Floats) -> Floats:
    return -km


class Pruning:
    """The candidates of one need that stand in blocks. Who stands first is found without counting the others."""

    def __init__(self, sought: Sought) -> None:
        self.sought = sought
        self.counted: Counts | None = None
        self.shelf: Shelf = sought.index.shelf(sought.asked.code, sought.blocks)

    def first(self, bucket: Bucket, sort: Sort, limit: int) -> Found:
        """A superset of the first rows of a bucket. The suitable are found without counting the others."""
        key = self.sought.score if sort == "score" else _nearness
        if self.counted is not None or bucket != "suitable":
            return self._first_counted(self.sift(), bucket, (sort, limit), key)
        far = self.sought.reading.case.max_km
        near = None if far is None else ((self._least <= far) | self.shelf.other).nonzero()[0]
        words = self._left(near)
        there = words.nonzero()[0]
        some, words = there if near is None else near[there], words[there]
        search = self._search(some, words, sort, self._hour)
        return first(search, limit, lambda of: self._members(some[of], words[of]), key)

    def _first_counted(self, counts: "Counts", bucket: Bucket, wanted: tuple[Sort, int], key: Key) -> Found:
        """The same where it is known who stands in which bucket."""
        there = counts.buckets[bucket].nonzero()[0]
        some, words = counts.some[there], counts.buckets[bucket][there]
        search = self._search(some, words, wanted[0], self._hour if bucket == "suitable" else None)
        return first(search, wanted[1], lambda of: self._measured(self.shelf.rows(words[of], some[of])), key)

    def _measured(self, rows: Ints) -> tuple[Columns, Floats]:
        columns = self.sought.index.columns.take(rows)
        return columns, self.sought.reading.kilometres(columns)

    def _search(self, some: Ints, words: Words, sort: Sort, hour: Hour | None) -> Search:
        def bounds() -> Floats:
            if sort == "nearest":
                return -self._least[some]
            return most(self.sought.ruleset, self._seen(some, words, hour))

        return Search(words, bounds, self.sought.blocks.size.few)

    def ordered(self, bucket: Bucket, sort: Sort, limit: int) -> Ints:
        """The first rows of a bucket, in their order."""
        found, columns = self.first(bucket, sort, limit), self.sought.index.columns
        rows, km = found.rows, found.km
        if sort == "score":
            return np.asarray(rows[np.lexsort((columns.tie[rows], km, -found.keys))][:limit], dtype=np.int64)
        order = np.argsort(km)
        rows, km = rows[order], km[order]
        if (km[1:] == km[:-1]).any():
            some = columns.take(rows)
            rows = rows[np.lexsort((some.tie, -self.sought.score(some, km), km))]
        return rows[:limit]

    def _left(self, some: Ints | None) -> Words:
        """Those of some blocks, by place, or of all who may be suitable."""
        at = self.shelf.at
        return self._passing.left(some) & self.sought.index.alive.take(at if some is None else at[some])

    @cached_property
    def _chords(self) -> Floats:
        near = self.sought.reading.case.near
        return self.shelf.chords(near.lat, near.lon)

    @cached_property
    def _least(self) -> Floats:
        return self.shelf.least_km(self._chords)

    @cached_property
    def _hour(self) -> Hour:
        return hour(self.sought.ruleset, self.sought.asked, self.shelf, at_once=self.sought.reading.at_once)

    @cached_property
    def _passing(self) -> Passing:
        sought = self.sought
        return Passing(sought.ruleset, sought.asked, sought.blocks, self.shelf, self._hour)

    def _members(self, some: Ints, words: Words) -> tuple[Columns, Floats]:
        """The rows of some blocks that are suitable, near enough, and may be shown; and how far they are."""
        sought = self.sought
        columns = sought.index.columns.take(self.shelf.rows(words, some))
        passing = self._passing.rows(columns)
        km, far = sought.reading.kilometres(columns), sought.reading.case.max_km
        if far is not None:
            near = (km <= far) | (km == np.inf)
            passing = near if passing is None else passing & near
        if len(sought.hidden):
            shown = ~(np.isin(columns.organisation, sought.hidden) | np.isin(columns.host, sought.hidden))
            passing = shown if passing is None else passing & shown
        if passing is None:
            return columns, km
        kept = passing.nonzero()[0]
        return (columns, km) if len(kept) == len(km) else (columns.take(kept), km[kept])

    def seen(self, bucket: Bucket) -> tuple[Seen, Ints]:
        """All blocks as the bounds see them, and the rows of a bucket."""
        words = np.zeros(len(self.shelf.at), dtype=np.uint64)
        words[self.sift().some] = self.sift().buckets[bucket]
        some = np.arange(len(words))
        return self._seen(some, words, self._hour if bucket == "suitable" else None), self.shelf.rows(words)

    def _seen(self, some: Ints, words: Words, hour: Hour | None) -> Seen:
        sought = self.sought
        places = sought.index.number.codes.place
        linked = None
        if len(sought.linked):
            early = sought.linked[sought.linked < sought.blocks.layout.rows]
            linked = np.isin(self.shelf.at[some], early // sought.blocks.layout.leaf)
        return Seen(
            asked=sought.asked,
            blocks=sought.blocks,
            shelf=self.shelf,
            some=some,
            words=words,
            others=[places.get(code) for code in sought.others],
            least_km=self._least[some],
            hour=hour,
            robust=sought.robust,
            linked=linked,
        )

    def sift(self) -> "Counts":
        """How many there are of whom, which takes a look at all blocks; who is first is then known sooner."""
        if self.counted is None:
            self.counted = Counts(self.sought, self.shelf, self._hour, self._chords)
        return self.counted


class Counts:
    """How many candidates in blocks stand where, and why."""

    def __init__(self, sought: Sought, shelf: Shelf, hour: Hour, chords: Floats) -> None:
        self.sought, self.at = sought, shelf.at
        offering = shelf.words & sought.index.alive[shelf.at]
        self.offering = count(offering)
        pool = self._near(self._shown(offering), shelf, chords)
        self.within = count(pool)
        some: Ints = np.flatnonzero(pool)
        self.some, self.at, pool = some, self.at[some], pool[some]
        self.sieve = Sieve(sought.ruleset, sought.asked, shelf, sought.blocks, some, hour)
        self.buckets = self.sieve.run(pool)

    def count(self, bucket: Bucket) -> int:
        """How many stand in a bucket and may be shown."""
        return count(self.buckets[bucket])

    def _shown(self, words: Words) -> Words:
        """Without those of organisations that the asker may not know of, and their guests at their sites."""
        blocks, hidden = self.sought.blocks, self.sought.hidden
        if not len(hidden):
            return words
        rows = np.append(blocks.organisations.having(hidden), blocks.hosts.having(hidden))
        return words & ~blocks.words(rows)[self.at]

    def _near(self, words: Words, shelf: Shelf, chords: Floats) -> Words:
        """Without those farther than `max_km`; who has no distance stays."""
        case, columns = self.sought.reading.case, self.sought.index.columns
        farthest = case.max_km
        if farthest is None:
            return words
        limit = chord(farthest)
        return shelf.near(
            words,
            self.sought.blocks.local[self.at],
            (chords, limit),
            lambda rows: haversine(case.near.lat, case.near.lon, columns.lat[rows], columns.lon[rows]) > farthest,
        )
