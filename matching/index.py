"""The index: derived from the registry, disposable, rebuilt from it at any time.

Nothing in it depends on the clock; ages are counted at the time of the question. An index never changes: what changed
in the registry makes another, which shares all but a few rows with it, so that whoever still reads the one before reads
it whole. Asking it never loops over rows."""

from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from matching import arrange, encode
from matching.bits import Words, shares
from matching.blocks import Blocks, Size
from matching.columns import Columns, Flags, Ints
from matching.encode import Numbering, tie_break
from matching.facts import Facts
from matching.features.scarcity import Keepers, keepers
from matching.rows import ById, PublishedArea, Row, join
from matching.together import covers

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


@dataclass(frozen=True, slots=True)
class Index:
    """`columns`: all rows, with `room` behind them for more; those in `blocks` come first, with a bit in `alive` if
    they still count; `loose` are the others that count."""

    ledger: Ledger
    room: Columns
    columns: Columns
    loose: Ints
    blocks: Blocks | None
    alive: Words
    number: Numbering
    same_place_km: float
    size: Size
    offers: dict[str, Columns] = field(default_factory=dict)
    kept: dict[str, Mapping[str, Keepers]] = field(default_factory=dict)

    def __len__(self) -> int:
        """How many candidates there are."""
        return len(self.loose) + int(np.bitwise_count(self.alive).sum())

    def find(self, service_site_id: str) -> int | None:
        """The row of a candidate, None if this index has none."""
        row = self.ledger.row.get(service_site_id)
        while row is not None and row >= len(self.columns):
            row = self.ledger.before.get(row)
        return row if row is not None and self.counts(np.array([row]))[0] else None

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
            found = kept[number] = Facts.of(self.ledger.rows[number])
        return found

    def candidates(self) -> Iterable[tuple[int, Row]]:
        """All that count, with their numbers."""
        return ((row, self.ledger.rows[row]) for row in self.all_rows().tolist())

    def all_rows(self) -> Ints:
        """The numbers of all that count."""
        if self.blocks is None:
            return self.loose
        return np.append(self.blocks.layout.unpack(np.arange(len(self.alive)), self.alive), self.loose)

    def counts(self, rows: Ints) -> Flags:
        """Whether each row still counts."""
        found = np.isin(rows, self.loose)
        if self.blocks is not None:
            early = rows < self.blocks.layout.rows
            found[early] = self.blocks.have(self.alive, rows[early])
        return found

    def rows_of(self, organisations: Ints) -> Ints:
        """All rows of some organisations that count."""
        loose = self.loose[np.isin(self.columns.organisation[self.loose], organisations)]
        if self.blocks is None:
            return loose
        early = self.blocks.organisations.having(organisations)
        return np.append(early[self.blocks.have(self.alive, early)], loose)

    def offering(self, code: str) -> tuple[Ints, Words]:
        """The blocks that hold somebody who offers a code, and who does."""
        bit = self.number.codes.place.get(code)
        if self.blocks is None or bit is None or bit >= len(self.blocks.codes):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.uint64)
        words = self.blocks.codes[bit]
        at = np.flatnonzero(words)
        return at, words[at] & self.alive[at]

    def loose_offer(self, code: str) -> Columns:
        """Those outside the blocks that offer a code; kept, since they are the same for every question."""
        if code not in self.offers:
            loose = self.columns.take(self.loose)
            self.offers[code] = loose.take(shares(loose.codes, self.number.codes.mask((code,))))
        return self.offers[code]

    def offer(self, code: str) -> Columns:
        """All candidates that offer a code, active or not."""
        loose, (at, words) = self.loose_offer(code), self.offering(code)
        if self.blocks is None or not len(at):
            return loose
        rows = np.append(self.blocks.layout.unpack(at, words), loose.row)
        return self.columns.take(rows)

    def keepers(self, code: str) -> Mapping[str, Keepers]:
        """Per scarce profile, the partners that take it for a code; kept as well."""
        if code not in self.kept:
            self.kept[code] = keepers(self.offer(code))
        return self.kept[code]

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
    blocks = Blocks.of(columns, size) if many else None
    return Index(
        ledger=ledger(order),
        room=Columns(table),
        columns=columns,
        loose=np.arange(0 if many else count),
        blocks=blocks,
        alive=blocks.layout.pack(np.ones(count, dtype=np.bool_)) if blocks else np.zeros(0, dtype=np.uint64),
        number=number,
        same_place_km=same_place_km,
        size=size,
    )
