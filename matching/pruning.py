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
from matching.columns import Columns, Flags, Floats, Ints
from matching.index import Index
from matching.passing import Passing, hour
from matching.quick import Quick
from matching.reading import Reading
from matching.rulesets.ruleset import Ruleset
from matching.search import Found, Search, first
from matching.shelf import Hour, Shelf
from matching.sieve import Sieve, count
from matching.types import Bucket, Sort

Measure = Callable[[Ints], Floats]


@dataclass(frozen=True, slots=True)
class Sought:
    """What one question asks of an index with blocks. `others`: the codes of the other needs; `hidden`: organisations
    that are not shown; `linked`: rows that are scored by the asker's link; `robust`: planes of contacts; `score`
    measures columns at distances, `km` rows."""

    index: Index
    blocks: Blocks
    reading: Reading
    ruleset: Ruleset
    asked: Asked
    others: Sequence[str]
    hidden: Ints
    linked: Ints
    robust: Words | None
    score: Callable[[Columns, Floats], Floats]
    km: Measure


class Pruning:
    """The candidates of one need that stand in blocks. Who stands first is found without counting the others."""

    def __init__(self, sought: Sought) -> None:
        self.sought = sought
        self.counted: Counts | None = None
        self.shelf: Shelf = sought.index.shelf(sought.asked.code, sought.blocks)

    def first(self, bucket: Bucket, sort: Sort, limit: int) -> Found:
        """A superset of the first rows of a bucket."""
        if self.counted is not None:
            return self._first_counted(self.counted, bucket, sort, limit)
        far = self.sought.reading.case.max_km
        some = None if far is None else np.flatnonzero((self._least <= far) | self.shelf.other)
        words = self._left(bucket, some)
        there = words.nonzero()[0]
        some = there if some is None else some[there]
        return self._search(bucket, some, words[there], sort, limit)

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

    def _left(self, bucket: Bucket, some: Ints | None) -> Words:
        """Those of some blocks, by place, or of all who may stand in a bucket."""
        at, alive = self.shelf.at, self.sought.index.alive
        if bucket == "suitable":
            return self._passing.left(some) & alive.take(at if some is None else at[some])
        words = self.shelf.words
        if some is not None:
            at, words = at[some], words[some]
        return self._quick.left(bucket, at, words & alive[at])

    def _first_counted(self, counts: "Counts", bucket: Bucket, sort: Sort, limit: int) -> Found:
        """The same where it is known already who stands in which bucket."""
        sought, layout = self.sought, self.sought.blocks.layout
        there = np.flatnonzero(counts.buckets[bucket])
        some, words = counts.some[there], counts.buckets[bucket][there]

        def members(of: Ints) -> tuple[Columns, Floats]:
            columns = sought.index.columns.take(layout.unpack(counts.at[there[of]], words[of]))
            return columns, sought.reading.kilometres(columns)

        return first(self._searched(bucket, some, words, sort, members), limit)

    def _search(self, bucket: Bucket, some: Ints, words: Words, sort: Sort, limit: int) -> Found:
        def members(of: Ints) -> tuple[Columns, Floats]:
            return self._members(bucket, some[of], words[of])

        return first(self._searched(bucket, some, words, sort, members), limit)

    def _searched(
        self, bucket: Bucket, some: Ints, words: Words, sort: Sort, members: Callable[[Ints], tuple[Columns, Floats]]
    ) -> Search:
        size = self.sought.blocks.size

        def bounds() -> Floats:
            if sort == "nearest":
                return -self._least[some]
            return most(self.sought.ruleset, self._seen(bucket, some, words))

        def nearest(columns: Columns, km: Floats) -> Floats:
            return -km

        key = self.sought.score if sort == "score" else nearest
        return Search(words, members, bounds, key, size.first, size.few)

    @cached_property
    def _least(self) -> Floats:
        near = self.sought.reading.case.near
        return self.shelf.least_km(near.lat, near.lon)

    @cached_property
    def _hour(self) -> Hour:
        return hour(self.sought.ruleset, self.sought.asked, self.shelf, at_once=self.sought.reading.at_once)

    @cached_property
    def _passing(self) -> Passing:
        sought = self.sought
        return Passing(sought.ruleset, sought.asked, sought.blocks, self.shelf, self._hour)

    @cached_property
    def _quick(self) -> Quick:
        sought = self.sought
        return Quick(sought.ruleset, sought.asked, sought.index.columns, sought.blocks)

    def _members(self, bucket: Bucket, some: Ints, words: Words) -> tuple[Columns, Floats]:
        """The rows of some blocks that stand in a bucket, near enough, and may be shown; and how far they are."""
        sought = self.sought
        passing: Flags | None = None
        if bucket == "suitable":
            columns = sought.index.columns.take(self.shelf.rows(words, some))
            passing = self._passing.rows(columns)
        else:
            columns = self._quick.rows(bucket, self.shelf.at[some], words)
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
        some = np.arange(len(self.shelf.at))
        words = self._left(bucket, some)
        return self._seen(bucket, some, words), self._members(bucket, some, words)[0].row

    def _seen(self, bucket: Bucket, some: Ints, words: Words) -> Seen:
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
            hour=self._hour if bucket == "suitable" else None,
            robust=sought.robust,
            linked=linked,
        )

    def sift(self) -> "Counts":
        """How many there are of whom, which takes a look at all blocks; who is first is then known sooner."""
        if self.counted is None:
            self.counted = Counts(self.sought, self.shelf, self._hour)
        return self.counted


class Counts:
    """How many candidates in blocks stand where, and why."""

    def __init__(self, sought: Sought, shelf: Shelf, hour: Hour) -> None:
        self.sought, self.at = sought, shelf.at
        offering = shelf.words & sought.index.alive[shelf.at]
        self.offering = count(offering)
        near = sought.reading.case.near
        self._kilometres = sought.blocks.between_km(near.lat, near.lon, self.at)
        pool = self._near(self._shown(offering))
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

    def _near(self, words: Words) -> Words:
        """Without those farther than `max_km`; who has no distance stays."""
        farthest = self.sought.reading.case.max_km
        if farthest is None:
            return words
        blocks = self.sought.blocks
        least, longest = self._kilometres
        local = blocks.local[self.at] & words
        sure = np.where(longest <= farthest, local, np.uint64(0))
        doubtful = np.where((longest > farthest) & (least <= farthest), local, np.uint64(0))
        rows = blocks.layout.unpack(self.at, doubtful)
        near = rows[self.sought.km(rows) <= farthest]
        return (words & ~blocks.local[self.at]) | sure | blocks.words(near)[self.at]
