"""How well each candidate can be reached, by row of an index, kept in step with the registry and the clock."""

from bisect import bisect_right, insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from matching import contact_renewal
from matching.bits import Words
from matching.blocks import contact_planes
from matching.columns import Ints
from matching.contact_renewal import Turn
from matching.contactbook import ContactBook
from matching.index import Index
from matching.references import References
from matching.rows import ById


@dataclass(frozen=True, slots=True)
class Graded:
    """A contact book, and each candidate's own number of distinct contacts by it: by row, and as planes of the rows in
    blocks. Rows behind those of an index stand in its room. `turns` are the instants at which a grade changes though
    nobody writes, the earliest first."""

    book: ContactBook
    references: References
    redundancy: Ints
    robust: Words | None
    turns: list[Turn]

    @classmethod
    def of(cls, index: Index, records: ById, references: References, now: datetime) -> "Graded":
        """All graded anew."""
        book = ContactBook(records, now, references=references)
        own = np.zeros(len(index.room), dtype=np.int64)
        for number, row in index.candidates():
            own[number] = book.redundancy(row.id)
        turns = sorted(turn for turn in contact_renewal.turns(records) if turn[0] > book.now)
        return cls(book, references, own, _most(index, own), turns)

    def holds(self, now: datetime) -> bool:
        """Whether no grade has changed since, nor the clock gone back."""
        until = self.book.valid_until
        return now >= self.book.now and (until is None or now < until)

    def turned(self, index: Index, now: datetime) -> "Graded | None":
        """The same at a later time; None if the clock went back, when all must be graded anew."""
        minute = now.replace(second=0, microsecond=0)
        if minute < self.book.now:
            return None
        passed = bisect_right(self.turns, minute, key=lambda turn: turn[0])
        following = self.turns[passed : passed + 1]
        book, sites = contact_renewal.turned(self.book, minute, self.turns[:passed], following, self.references)
        return self._with(index, book, sites, self.turns[passed:])

    def changed(self, after: ById, changed: Mapping[str, Iterable[str]], was: Index, index: Index) -> "Graded":
        """The same after records changed, and with them the index, which shares its rows with the one before."""
        book, sites = contact_renewal.renewed(self.book, after, changed, self.references)
        turns = self.turns
        if book is not self.book:
            turns = list(turns)
            fresh = {
                name: {key: after[name][key] for key in ids if key in after[name]} for name, ids in changed.items()
            }
            for turn in contact_renewal.turns(fresh):
                if turn[0] > book.now:
                    insort(turns, turn)
        graded = self._with(index, book, sites, turns)
        for number in range(len(was.columns), len(index.columns)):
            graded.redundancy[number] = book.redundancy(index.row(number).id)
        return graded

    def ordered(self, index: Index, came_from: Ints) -> "Graded":
        """The same for the rows of an index in another order. `came_from`: where the first of them stood."""
        own = np.zeros(len(index.room), dtype=np.int64)
        own[: len(came_from)] = self.redundancy[came_from]
        for number in range(len(came_from), len(index.columns)):
            own[number] = self.book.redundancy(index.row(number).id)
        return Graded(self.book, self.references, own, _most(index, own), self.turns)

    def _with(self, index: Index, book: ContactBook, sites: Iterable[str], turns: list[Turn]) -> "Graded":
        """With some candidates' numbers as another book has them. Rows of the index before are never written over."""
        own, robust = self.redundancy, self.robust
        if len(own) < len(index.room):
            own = np.concatenate([own, np.zeros(len(index.room) - len(own), dtype=np.int64)])
        rows = [(index.find(site), site) for site in sites]
        other = [(row, book.redundancy(site)) for row, site in rows if row is not None]
        if any(own[row] != count for row, count in other):
            own = own.copy()
            for row, count in other:
                own[row] = count
            robust = _most(index, own)
        return Graded(book, self.references, own, robust, turns)


def _most(index: Index, own: Ints) -> Words | None:
    """Who has how many contacts at least, of the rows in blocks."""
    return None if index.blocks is None else contact_planes(index.blocks.layout, own)
