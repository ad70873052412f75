"""Another index from one and what changed: a few rows written behind the others, those that they replace taken out.

Nothing that a reader of the index before can see is touched, so nobody reads half of a change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching import encode
from matching.bits import WORD, Words
from matching.columns import SETS, Columns, Ints
from matching.index import Index, Ledger, assemble
from matching.rows import Row

TOGETHER = ("active", "remote", "open_site", "organisation", "area", "lat", "lon", "codes")
"""What decides who covers what for whom (`matching.together`)."""

KEPT = (
    *("active", "on_site", "province", "organisation", "codes"),
    *("gender", "children", "boy_max", "step_free", "substance"),
)
"""What decides for whom a place is kept (`matching.features.scarcity`)."""

BIT = tuple(np.uint64(1 << bit) for bit in range(WORD))

LOOSE_SHARE, LOOSE = 16, 1024
"""Blocks are made anew when more rows than this stand outside them: so many, and one in so many."""


def renewed(index: Index, rows: Mapping[str, Row | None]) -> Index:
    """The index with some candidates as they are now, None for one that is no more."""
    if not rows:
        return index
    if len(rows) == 1:
        ((key, row),) = rows.items()
        later = None if row is None else _recounted(index, key, row)
        if later is not None:
            return later
    there = [row for row in rows.values() if row is not None]
    old = [index.find(key) for key in rows]
    known = [row for row in old if row is not None]
    before = index.columns.take(np.array(known, dtype=np.int64))
    same = len(known) == len(there) == len(rows)
    number = index.number
    if same and all(_is_daily(index.row(was), now) for was, now in zip(known, there, strict=True)):
        written = _counted(before, there)
    else:
        number = number.with_all(there)
        written = encode.table(there, number)
    draft = _Draft(widened(replace(index, number=number)))
    draft.put(there, written)
    draft.drop([row for row, now in zip(old, rows.values(), strict=True) if row is not None and now is None])
    if not (same and _agree(before, written, TOGETHER)):
        draft.cover(np.union1d(before.organisation, written.organisation).astype(np.int64))
    return draft.finished(same_keepers=same and _agree(before, written, KEPT))


def _recounted(index: Index, key: str, now: Row) -> Index | None:
    """The same for one candidate of which nothing changed but what is counted and verified daily, which are most
    changes by far; None if more did, or if there is no room."""
    old, number, table = index.find(key), len(index.columns), index.room.table
    if old is None or number == len(table):
        return None
    ledger = index.ledger
    was = ledger.rows[old]
    if not _is_daily(was, now) or _standing(was) != _standing(now):
        return None
    table[number] = table[old]
    for name, value in (("row", number), *encode.today(now)):
        table[name][number] = value
    alive = index.alive.copy()
    for row in (old, number):
        word, bit = index.bit(row)
        alive[word] ^= BIT[bit]
    ledger.note(number, now)
    offers = index.offers.copy()
    for code in now.codes:
        offers.pop(code, None)
    return index.with_rows(Columns(table[: number + 1]), alive, offers)


def _is_daily(was: Row, now: Row) -> bool:
    """Whether nothing changed but the record of the service at its site."""
    return (
        now.service == was.service
        and now.organisation == was.organisation
        and now.department == was.department
        and now.site == was.site
        and now.area == was.area
    )


def _standing(row: Row) -> tuple[Any, Any]:
    """What decides whether the service at its site is active."""
    return row.service_site.get("status"), row.service_site.get("suspended")


def _counted(before: Columns, rows: Sequence[Row]) -> Columns:
    """The columns as they were, but for what changes daily."""
    table = before.table.copy()
    for name, values in encode.daily(rows).items():
        table[name] = values
    return Columns(table)


def is_scattered(index: Index) -> bool:
    """Whether so many rows stand outside the blocks, or are there in vain, that the index should be put in order."""
    inside = len(index) if index.blocks is None else index.blocks.layout.rows
    outgrown = index.blocks is None and len(index) >= index.size.least
    return outgrown or len(index.columns) - inside > max(LOOSE, len(index) // LOOSE_SHARE)


def ordered(index: Index) -> tuple[Index, Ints]:
    """The same candidates, each once, in blocks if they are many; and where each stood."""
    rows = index.all_rows()
    came_from: list[Ints] = []

    def ledger(order: Ints) -> Ledger:
        came_from.append(rows[order])
        return index.ledger.taken(came_from[0].tolist())

    return assemble(index.columns.take(rows), index.number, index.same_place_km, index.size, ledger), came_from[0]


def difference(before: Index, now: Index) -> dict[str, Row | None]:
    """What renewed one index into the other, which shares its rows: its candidates as they are now, None for one that
    is no more."""
    rows = now.all_rows()
    put: dict[str, Row | None] = {}
    for row in rows[rows >= len(before.columns)].tolist():
        found = now.row(row)
        put[found.id] = found
    gone = (before.ledger.id(row) for row in np.setdiff1d(before.all_rows(), rows).tolist())
    return put | {key: None for key in gone if now.find(key) is None}


def widened(index: Index) -> Index:
    """The index with room for all that its numbers stand for: a set may take another word."""
    dtype = index.number.layout
    if dtype == index.room.table.dtype:
        return index
    table = _wide(index.room.table, dtype)
    blocks = index.blocks
    if blocks is not None:
        answers = replace(blocks.answers, table=Columns(_wide(blocks.answers.table.table, dtype)))
        districts = _with_words(blocks.districts, dtype["districts"].shape[0])
        blocks = replace(blocks, answers=answers, districts=districts)
    columns = Columns(table[: len(index.columns)])
    return replace(index, room=Columns(table), columns=columns, blocks=blocks, offers={}, shelves={})


def _wide(table: NDArray[np.void], dtype: np.dtype[np.void]) -> NDArray[np.void]:
    wider = np.zeros(len(table), dtype=dtype)
    for name in dtype.names or ():
        value = table[name]
        wider[name] = _with_words(value, dtype[name].shape[0]) if name in SETS else value
    return wider


def _with_words(words: Words, count: int) -> Words:
    wider = np.zeros((len(words), count), dtype=np.uint64)
    wider[:, : words.shape[1]] = words
    return wider


def _agree(before: Columns, after: Columns, names: Iterable[str]) -> bool:
    """Whether the same candidates are as they were in what matters."""
    return all(np.array_equal(before.table[n], after.table[n], equal_nan=n in ("lat", "lon")) for n in names)


class _Draft:
    """An index in the making."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.count = len(index.columns)
        self.table = index.room.table
        self.alive = index.alive.copy()
        self.touched: Words = np.zeros(index.number.codes.words, dtype=np.uint64)

    def put(self, rows: list[Row], written: Columns) -> None:
        """Rows behind the others, in place of those that the candidates had."""
        self._make_room(len(rows))
        first, ledger = self.count, self.index.ledger
        replaced = [self._index().find(row.id) for row in rows]
        self.table[first : first + len(rows)] = written.table
        for number, (row, old) in enumerate(zip(rows, replaced, strict=True), start=first):
            self.table["row"][number] = number
            self.table["covers"][number] = 0 if old is None else self.table["covers"][old]
            ledger.note(number, row)
        self.count += len(rows)
        self._flip(range(first, self.count))
        self.drop([old for old in replaced if old is not None])

    def _flip(self, rows: Iterable[int]) -> None:
        """Rows count that did not, or do no longer."""
        for row in rows:
            word, bit = self.index.bit(row)
            self.alive[word] ^= BIT[bit]
            self.touched = self.touched | self.table["codes"][row]

    def drop(self, rows: list[int]) -> None:
        """Rows that no longer count."""
        self._flip(rows)

    def cover(self, organisations: Ints) -> None:
        """Who covers what, of some organisations."""
        index = self._index()
        rows = np.sort(index.rows_of(organisations))
        theirs = index.columns.take(rows)
        covers = index.covers(theirs, theirs.active, index.number.codes.place)
        other = np.flatnonzero((covers != theirs.covers).any(axis=1))
        new = other[rows[other] >= len(self.index.columns)]
        self.table["covers"][rows[new]] = covers[new]
        old = other[rows[other] < len(self.index.columns)]
        if len(old):
            moved = theirs.take(old)
            self.put([index.row(row) for row in rows[old].tolist()], moved)
            self.table["covers"][self.count - len(old) : self.count] = covers[old]

    def _make_room(self, more: int) -> None:
        if self.count + more > len(self.table):
            wider = np.zeros(max(2 * len(self.table), self.count + more), dtype=self.table.dtype)
            wider[: self.count] = self.table[: self.count]
            self.table = wider
            words = np.zeros(self.index.bit(len(wider))[0] + 1, dtype=np.uint64)
            words[: len(self.alive)] = self.alive
            self.alive = words

    def _index(self) -> Index:
        columns = Columns(self.table[: self.count])
        return replace(self.index, room=Columns(self.table), columns=columns, alive=self.alive, offers={}, kept={})

    def finished(self, *, same_keepers: bool) -> Index:
        """The new index; what was derived for codes that are not touched stays."""
        index, touched = self._index(), self.touched
        bits = {code: int(touched[bit // WORD]) >> bit % WORD & 1 for code, bit in index.number.codes.place.items()}
        offers = {code: columns for code, columns in self.index.offers.items() if not bits.get(code)}
        kept = {key: keepers for key, keepers in self.index.kept.items() if same_keepers or not bits.get(key[0])}
        return replace(index, offers=offers, kept=kept)
