"""One need over many candidates without looking at each: rules as bits, then the blocks that can reach the first.

What it finds is a superset of those that will be shown, and the counts; they are then assessed like any others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from matching.asked import Asked
from matching.bits import Words
from matching.blocks import Blocks
from matching.bounds import Seen, most
from matching.columns import Floats, Ints
from matching.index import Index
from matching.reading import Reading
from matching.rulesets.ruleset import Ruleset
from matching.shortlist import shortlist
from matching.sieve import Sieve, count
from matching.types import Bucket, Sort

Measure = Callable[[Ints], Floats]


@dataclass(frozen=True, slots=True)
class Sought:
    """What one question asks of an index with blocks. `others`: the codes of the other needs; `hidden`: organisations
    that are not shown; `linked`: rows that are scored by the asker's link; `robust`: most contacts of each block;
    `score` and `km` measure rows."""

    index: Index
    blocks: Blocks
    reading: Reading
    ruleset: Ruleset
    asked: Asked
    others: Sequence[str]
    hidden: Ints
    linked: Ints
    robust: Ints | None
    score: Measure
    km: Measure


class Pruning:
    """The candidates of one need that stand in blocks."""

    def __init__(self, sought: Sought) -> None:
        self.sought = sought
        self.at, offering = sought.index.offering(sought.asked.code)
        self.offering = count(offering)
        near = sought.reading.case.near
        self._kilometres = sought.blocks.between_km(near.lat, near.lon, self.at)
        pool = self._near(self._shown(offering))
        self.within = count(pool)
        some = np.flatnonzero(pool)
        self.at, pool = self.at[some], pool[some]
        self._kilometres = self._kilometres[0][some], self._kilometres[1][some]
        self.sieve = Sieve(sought.ruleset, sought.asked, sought.index.columns, sought.blocks, self.at)
        self.buckets = self.sieve.run(pool)

    def first(self, bucket: Bucket, sort: Sort, limit: int) -> Ints:
        """A superset of the first rows of a bucket."""
        words, blocks = self.buckets[bucket], self.sought.blocks
        if sort == "score":
            return shortlist(blocks, self.at, words, self._best_score, self.sought.score, limit)
        return shortlist(blocks, self.at, words, self._best_nearness, lambda rows: -self.sought.km(rows), limit)

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

    def _best_nearness(self, chosen: Ints, words: Words) -> Floats:
        local = self.sought.blocks.has_local[self.at[chosen]]
        return -np.where(local, self._kilometres[0][chosen], np.inf)

    def _best_score(self, chosen: Ints, words: Words) -> Floats:
        return most(self.sought.ruleset, self.seen(chosen, words))

    def seen(self, chosen: Ints, words: Words) -> Seen:
        """Some blocks, and which of their rows are in question."""
        places = self.sought.index.number.codes.place
        return Seen(
            asked=self.sought.asked,
            blocks=self.sought.blocks,
            at=self.at[chosen],
            words=words[chosen],
            others=[places.get(code) for code in self.sought.others],
            least_km=self._kilometres[0][chosen],
            robust=self._robust(self.at[chosen]),
        )

    def _robust(self, at: Ints) -> Ints | None:
        """The most contacts in each block; where the asker has a link, as many as count."""
        sought = self.sought
        if sought.robust is None:
            return None
        robust = sought.robust[at].copy()
        early = sought.linked[sought.linked < sought.blocks.layout.rows]
        robust[np.isin(at, early // sought.blocks.layout.leaf)] = sought.asked.numbers.robust_contacts
        return robust
