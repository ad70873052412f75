"""The index: derived from the registry, disposable, rebuilt from it at any time.

Nothing in it depends on the clock; ages are counted at the time of the question. An index never changes: what changed
in the registry makes another, which shares all but a few rows with it, so that whoever still reads the one before reads
it whole. Asking it never loops over rows."""

from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from matching import arrange, encode
from matching.bits import WORD, Words, shares
from matching.blocks import Blocks, Size
from matching.columns import Columns, Flags, Ints
from matching.encode import Numbering, tie_break
from matching.facts import facts_of
from matching.features.scarcity import Keepers, keepers
from matching.offered import Offered
from matching.planes import Layout
from matching.rows import ById, Candidates, PublishedArea, Row, join
from matching.shelf import Shelf
from matching.together import covers
from matching.types import Facts

__all__ = ["Index", "Ledger", "Size", "assemble", "build", "tie_break"]

SPARE, SPARE_SHARE = 64, 8
"""Room behind the rows for those that change: at least so many rows, and one in so many."""


class Rows(Protocol):
    """The records behind the rows, by number."""

    def __getitem__(self, number: int, /) -> Row: ...

    def append(self, row: Row, /) -> None:
        """One more, behind the others."""


MOST_FACTS = 20_000
"""Candidates of which it is remembered what an answer says of them, some two kilobytes each."""


MOST_KEEPERS = 1024
"""Codes, and askers from whom other organisations are hidden, of which it is remembered who keeps scarce places."""

NOBODY = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Ledger:
    """Where the candidates stand, for all indexes that share their rows: it only grows. `row`: the latest row of an id;
    `before`: the row that one replaced; `facts`: what was shown of rows."""

    rows: Rows
    row: MutableMapping[str, int]
    before: dict[int, int]
    facts: dict[int, Facts] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Sequence[Row], order: Ints) -> "Ledger":
        """The ledger of rows that stand in an order."""
        ordered = [rows[one] for one in order.tolist()]
        return cls(ordered, {row.id: i for i, row in enumerate(ordered)}, {})

    def id(self, number: int) -> str:
        """The id of a row that counts."""
        rows = self.rows
        return str(rows.ids[number]) if isinstance(rows, Candidates) else rows[number].id

    def taken(self, numbers: Sequence[int]) -> "Ledger":
        """A ledger of some rows, in an order."""
        rows = self.rows.taken(numbers) if isinstance(self.rows, Candidates) else [self.rows[one] for one in numbers]
        return Ledger(rows, {self.id(number): place for place, number in enumerate(numbers)}, {})

    def note(self, number: int, row: Row) -> None:
        """Another row behind the others. What it replaced is known before it is found, so that whoever reads an index
        before finds that."""
        key = row.id
        before = self.row.get(key)
        if before is not None:
            self.before[number] = before
        self.rows.append(row)
        self.row[key] = number


@dataclass(frozen=True, slots=True)
class Index:
    """`columns`: all rows, with `room` behind them for more. Those in `blocks` come first; `alive` has a bit for each
    row that counts, first in the words of the blocks, then, by 64, for the rows behind them."""

    ledger: Ledger
    room: Columns
    columns: Columns
    blocks: Blocks | None
    alive: Words
    number: Numbering
    same_place_km: float
    size: Size
    offers: dict[str, Offered] = field(default_factory=dict)
    kept: dict[tuple[str, bytes], Mapping[str, Keepers]] = field(default_factory=dict)
    shelves: dict[str, Shelf] = field(default_factory=dict)

    def __len__(self) -> int:
        """How many candidates there are."""
        return int(np.bitwise_count(self.alive).sum())

    @property
    def early(self) -> int:
        """How many rows stand in blocks."""
        return 0 if self.blocks is None else self.blocks.layout.rows

    def with_rows(self, columns: Columns, alive: Words, offers: dict[str, Offered]) -> "Index":
        """The same with another row, which changes neither numbers nor who keeps scarce places."""
        return Index(
            self.ledger,
            self.room,
            columns,
            self.blocks,
            alive,
            self.number,
            self.same_place_km,
            self.size,
            offers,
            self.kept,
            self.shelves,
        )

    def bit(self, row: int) -> tuple[int, int]:
        """The word and the bit of `alive` that stand for a row."""
        blocks = self.blocks
        if blocks is None:
            return divmod(row, WORD)
        layout = blocks.layout
        if row < layout.rows:
            return divmod(row, layout.leaf)
        word, bit = divmod(row - layout.rows, WORD)
        return layout.blocks + word, bit

    def find(self, service_site_id: str) -> int | None:
        """The row of a candidate, None if this index has none."""
        row, count = self.ledger.row.get(service_site_id), len(self.columns)
        while row is not None and row >= count:
            row = self.ledger.before.get(row)
        if row is None:
            return None
        word, bit = self.bit(row)
        return row if int(self.alive[word]) >> bit & 1 else None

    def row(self, number: int) -> Row:
        """The records behind a row."""
        return self.ledger.rows[number]

    def facts(self, number: int) -> Facts:
        """What an answer says of a row."""
        kept = self.ledger.facts
        found = kept.get(number)
        if found is None:
            if len(kept) >= MOST_FACTS:
                kept.clear()
            found = kept[number] = facts_of(self.ledger.rows[number])
        return found

    def candidates(self) -> Iterable[tuple[int, Row]]:
        """All that count, with their numbers."""
        return ((row, self.ledger.rows[row]) for row in self.all_rows().tolist())

    @property
    def loose(self) -> Ints:
        """The rows behind the blocks that count."""
        first = 0 if self.blocks is None else self.blocks.layout.blocks
        late = self.alive[first : first - (self.early - len(self.columns)) // WORD]
        return np.flatnonzero(np.unpackbits(late.view(np.uint8), bitorder="little")) + self.early

    def all_rows(self) -> Ints:
        """The numbers of all that count."""
        if self.blocks is None:
            return self.loose
        layout = self.blocks.layout
        return np.append(layout.unpack(np.arange(layout.blocks), self.alive[: layout.blocks]), self.loose)

    def rows_of(self, organisations: Ints) -> Ints:
        """All rows of some organisations that count."""
        loose = self.loose
        loose = loose[np.isin(self.columns.organisation[loose], organisations)]
        if self.blocks is None:
            return loose
        early = self.blocks.organisations.having(organisations)
        return np.append(early[self.blocks.have(self.alive, early)], loose)

    def shelf(self, code: str, blocks: Blocks) -> Shelf:
        """Who offers a code, of the rows in the index's blocks, whether they count or not; kept as long as they."""
        found = self.shelves.get(code)
        if found is None:
            bit = self.number.codes.place.get(code)
            found = self.shelves[code] = Shelf.of(self.columns.take(slice(self.early)), blocks, bit)
        return found

    def offering(self, code: str) -> tuple[Ints, Words]:
        """The blocks that hold somebody who offers a code, and who does."""
        if self.blocks is None:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.uint64)
        shelf = self.shelf(code, self.blocks)
        return shelf.at, shelf.words & self.alive[shelf.at]

    def loose_offer(self, code: str) -> Offered:
        """Those outside the blocks that offer a code; kept, since they are the same for every question."""
        found = self.offers.get(code)
        if found is None:
            loose = self.columns.take(self.loose)
            found = self.offers[code] = Offered(loose.take(shares(loose.codes, self.number.codes.mask((code,)))).table)
        return found

    def offer(self, code: str) -> Columns:
        """All candidates that offer a code, active or not."""
        loose, (at, words) = self.loose_offer(code), self.offering(code)
        if self.blocks is None or not len(at):
            return loose
        rows = np.append(self.blocks.layout.unpack(at, words), loose.row)
        return self.columns.take(rows)

    def keepers(self, code: str, hidden: Ints = NOBODY) -> Mapping[str, Keepers]:
        """Per scarce profile, the partners that take it for a code; kept as well."""
        key = code, hidden.tobytes()
        found = self.kept.get(key)
        if found is None:
            offered = self.offer(code)
            if len(hidden):
                offered = offered.take(~(np.isin(offered.organisation, hidden) | np.isin(offered.host, hidden)))
            if len(self.kept) >= MOST_KEEPERS:
                self.kept.clear()
            found = self.kept[key] = keepers(offered)
        return found

    def covers(self, rows: Columns, usable: Flags, codes: Iterable[str]) -> Words:
        """See `matching.together.covers`, for codes by name."""
        bits = [self.number.codes.place[code] for code in codes if code in self.number.codes.place]
        return covers(rows, usable, bits, self.same_place_km)


def build(records: ById, areas: Mapping[str, PublishedArea], same_place_km: float, size: Size | None = None) -> Index:
    """The index of records. `areas`: published areas by id; `same_place_km`: how far apart two open sites of one
    organisation may stand and still be one place (a number of the ruleset)."""
    rows = join(records, areas)
    number = Numbering.of(rows)
    return assemble(
        encode.table(rows, number), number, same_place_km, size or Size(), lambda order: Ledger.of(rows, order)
    )


def assemble(
    columns: Columns, number: Numbering, same_place_km: float, size: Size, ledger: Callable[[Ints], Ledger]
) -> Index:
    """The index of some columns, in blocks if they are many. `ledger` is given the order in which the rows stand."""
    count = len(columns)
    many = count >= size.least
    order = arrange.order(columns, size.leaf) if many else np.arange(count)
    table = np.zeros(count + max(SPARE, count // SPARE_SHARE), dtype=columns.table.dtype)
    table[:count] = columns.table[order]
    columns = Columns(table[:count])
    columns.row[:] = np.arange(count)
    columns.covers[:] = covers(columns, columns.active, number.codes.place.values(), same_place_km)
    blocks, early = (Blocks.of(columns, size), count) if many else (None, 0)
    alive = np.zeros((blocks.layout.blocks if blocks else 0) - (early - len(table)) // WORD, dtype=np.uint64)
    everybody = Layout(count, size.leaf if many else WORD).pack(np.ones(count, dtype=np.bool_))
    alive[: len(everybody)] = everybody
    return Index(
        ledger=ledger(order),
        room=Columns(table),
        columns=columns,
        blocks=blocks,
        alive=alive,
        number=number,
        same_place_km=same_place_km,
        size=size,
    )
