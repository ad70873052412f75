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
from matching.quick import Quick, Search, first
from matching.reading import Reading
from matching.rulesets.ruleset import Ruleset
from matching.sieve import Sieve, count
from matching.types import Bucket, Sort

Measure = Callable[[Ints], Floats]


@dataclass(frozen=True, slots=True)
class Sought:
    """What one question asks of an index with blocks. `others`: the codes of the other needs; `hidden`: organisations
    that are not shown; `linked`: rows that are scored by the asker's link; `robust`: most contacts of each block;
    `score` measures columns, `km` rows."""

    index: Index
    blocks: Blocks
    reading: Reading
    ruleset: Ruleset
    asked: Asked
    others: Sequence[str]
    hidden: Ints
    linked: Ints
    robust: Ints | None
    score: Callable[[Columns], Floats]
    km: Measure


class Pruning:
    """The candidates of one need that stand in blocks. Who stands first is found without counting the others."""

    def __init__(self, sought: Sought) -> None:
        self.sought = sought
        self.counted: Counts | None = None
        self.offered, self.offering_words = sought.index.offering(sought.asked.code)

    def first(self, bucket: Bucket, sort: Sort, limit: int) -> Ints:
        """A superset of the first rows of a bucket."""
        if self.counted is not None:
            return self._first_counted(self.counted, bucket, sort, limit)
        far, sought = self.sought.reading.case.max_km, self.sought
        at, words, least = self.offered, self.offering_words, self._least
        if far is not None:
            near = np.flatnonzero((least <= far) | sought.blocks.has_other[at])
            at, words, least = at[near], words[near], least[near]
        words = self._quick.left(bucket, at, words)
        there = np.flatnonzero(words)
        at, words = at[there], words[there]
        bounds = self._bounds(sort, at, words, least[there])
        return self._search(lambda some: self._members(bucket, at[some], words[some]), bounds, sort, limit)

    def _first_counted(self, counts: "Counts", bucket: Bucket, sort: Sort, limit: int) -> Ints:
        """The same where it is known already who stands in which bucket."""
        columns, layout = self.sought.index.columns, self.sought.blocks.layout
        there = np.flatnonzero(counts.buckets[bucket])
        at, words = counts.at[there], counts.buckets[bucket][there]
        bounds = self._bounds(sort, at, words, counts.least[there])
        return self._search(lambda some: columns.take(layout.unpack(at[some], words[some])), bounds, sort, limit)

    def _bounds(self, sort: Sort, at: Ints, words: Words, least: Floats) -> Floats:
        """The most that the key of a row of each block can be."""
        if sort == "nearest":
            return np.where(self.sought.blocks.has_local[at], -least, -np.inf)
        return most(self.sought.ruleset, self._seen(at, words, least))

    def _search(self, members: Callable[[Ints], Columns], bounds: Floats, sort: Sort, limit: int) -> Ints:
        sought = self.sought
        key = sought.score if sort == "score" else lambda columns: -sought.reading.kilometres(columns)
        return first(Search(members, bounds, key, sought.blocks.size.first), limit)

    @cached_property
    def _least(self) -> Floats:
        near = self.sought.reading.case.near
        return self.sought.blocks.least_km(near.lat, near.lon, self.offered)

    @cached_property
    def _quick(self) -> Quick:
        sought = self.sought
        return Quick(sought.ruleset, sought.asked, sought.index.columns, sought.blocks)

    def _members(self, bucket: Bucket, at: Ints, words: Words) -> Columns:
        """The rows of some blocks that stand in a bucket, near enough, and may be shown."""
        sought = self.sought
        columns = self._quick.rows(bucket, at, words)
        far = sought.reading.case.max_km
        if far is not None and len(columns):
            km = sought.reading.kilometres(columns)
            near = (km <= far) | np.isinf(km)
            columns = columns if near.all() else columns.take(near)
        if len(sought.hidden) and len(columns):
            hosted = np.isin(columns.organisation, sought.hidden) | np.isin(columns.host, sought.hidden)
            columns = columns.take(~hosted)
        return columns

    def seen(self, bucket: Bucket) -> tuple[Seen, Ints]:
        """All blocks as the bounds see them, and the rows of a bucket."""
        seen = self._seen(self.offered, self.offering_words, self._least)
        words = self._quick.left(bucket, self.offered, self.offering_words)
        return seen, self._members(bucket, self.offered, words).row

    def _seen(self, at: Ints, words: Words, least: Floats) -> Seen:
        places = self.sought.index.number.codes.place
        return Seen(
            asked=self.sought.asked,
            blocks=self.sought.blocks,
            at=at,
            words=words,
            others=[places.get(code) for code in self.sought.others],
            least_km=least,
            robust=self._robust(at),
        )

    def _robust(self, at: Ints) -> Ints | None:
        """The most contacts in each block; where the asker has a link, as many as count."""
        sought = self.sought
        if sought.robust is None:
            return None
        robust = sought.robust[at]
        if len(sought.linked):
            early = sought.linked[sought.linked < sought.blocks.layout.rows]
            robust = np.where(
                np.isin(at, early // sought.blocks.layout.leaf), sought.asked.numbers.robust_contacts, robust
            )
        return robust

    def sift(self) -> "Counts":
        """How many there are of whom, which takes a look at all blocks; who is first is then known sooner."""
        if self.counted is None:
            self.counted = Counts(self.sought, self.offered, self.offering_words)
        return self.counted


class Counts:
    """How many candidates in blocks stand where, and why."""

    def __init__(self, sought: Sought, at: Ints, offering: Words) -> None:
        self.sought, self.at = sought, at
        self.offering = count(offering)
        near = sought.reading.case.near
        self._kilometres = sought.blocks.between_km(near.lat, near.lon, at)
        pool = self._near(self._shown(offering))
        self.within = count(pool)
        some = np.flatnonzero(pool)
        self.at, pool, self.least = self.at[some], pool[some], self._kilometres[0][some]
        self.sieve = Sieve(sought.ruleset, sought.asked, sought.index.columns, sought.blocks, self.at)
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
