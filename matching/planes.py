"""Answers as bits: for every different answer that rules ask for, which rows give it.

A rule judges each different answer once, not each row; the rows that it excludes are then an OR of a few planes. What
is judged stands in `answers`, one row for one answer, neutral in everything else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.bits import WORD, Words
from matching.columns import ANY, Columns, Flags, Ints

PARTS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "active": (("active",),),
    "competent_area": (("scope", "serves"),),
    "unaccompanied_child": (("unaccompanied",),),
    "gender": (("gender",),),
    "trans_policy": (("trans",),),
    "age": (("age_min",), ("age_max",)),
    "age_caps": (("children",), ("boy_max",), ("girl_max",)),
    "party_size": (("by_room", "banded", "available"),),
    "accreditation": (("accreditation",),),
    "mental_acuity": (("mental",),),
    "medical_acuity": (("medical",),),
    "substance": (("substance",),),
    "step_free": (("on_site", "step_free"),),
    "intake": (("intake",),),
    "police_report": (("police_report",),),
    "identity_document": (("identity_document",),),
    "recognition": (("recognition",),),
    "dsd_referral": (("dsd_referral",),),
    "pregnancy": (("pregnancy",),),
    "newborn": (("newborn",),),
    "undocumented": (("undocumented",),),
    "language": (("languages_known", "interpreter"),),
    "lgbtqi": (("trans",),),
}
"""What each rule reads, besides dates and places. Of several parts the worst outcome is the rule's."""

NEUTRAL = {"gender": ANY, "age_max": 999, "children": 999, "boy_max": 999, "girl_max": 999}
"""Answers that leave out nobody, where a rule reads several parts."""

WITHOUT_PLANES = (("accreditation",),)
"""Parts whose rows nobody looks up by their answer, since a date decides as well."""

MOST_PLANES = 16
"""With more different answers than this a byte or two a row take less room than a plane an answer."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Rows in blocks: block i is word i of every plane, with `leaf` rows in its lowest bits."""

    rows: int
    leaf: int

    @property
    def blocks(self) -> int:
        return -(-self.rows // self.leaf)

    def pack(self, flags: Flags) -> Words:
        """A flag a row, as words."""
        padded = np.zeros(self.blocks * self.leaf, dtype=np.bool_)
        padded[: self.rows] = flags
        return self.pack_blocks(padded.reshape(self.blocks, self.leaf))

    def pack_blocks(self, flags: Flags) -> Words:
        """A flag for each row of whole blocks, as words."""
        wide = np.zeros((len(flags), WORD // 8), dtype=np.uint8)
        bits = np.packbits(flags, axis=1, bitorder="little")
        wide[:, : bits.shape[1]] = bits
        return wide.view("<u8").reshape(-1)

    def by_block(self, number: Ints, count: int) -> NDArray[np.unsignedinteger[Any]]:
        """Numbers below a count, block by block, in as few bytes as hold them."""
        kind: type[np.unsignedinteger[Any]] = (
            np.uint8 if count <= 1 << 8 else np.uint16 if count <= 1 << 16 else np.uint32
        )
        padded = np.zeros(self.blocks * self.leaf, dtype=kind)
        padded[: self.rows] = number
        return padded.reshape(self.blocks, self.leaf)

    def unpack(self, blocks: Ints, words: Words) -> Ints:
        """The rows whose bit is set in the words of some blocks, in their order."""
        some = np.flatnonzero(words)
        wide = np.ascontiguousarray(words[some]).view(np.uint8).reshape(-1, WORD // 8)
        at = np.flatnonzero(np.unpackbits(wide, axis=1, bitorder="little"))
        return np.asarray(blocks[some[at // WORD]] * self.leaf + at % WORD, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that rules read. Its different answers stand in `answers` from `start` to `end`. `planes` has a row for
    each, the first of them `first` of all; or `number` the answer of each row, by block, when they are many."""

    start: int
    end: int
    first: int | None
    planes: Words
    number: NDArray[np.unsignedinteger[Any]] | None

    def rows_with(self, answers: Flags, layout: Layout, blocks: Ints) -> Words:
        """Which rows give one of the chosen answers, in the words of some blocks. Every row gives one answer, so the
        fewer of the chosen and the others are looked at; bits behind the last row mean nothing."""
        if self.number is not None:
            return layout.pack_blocks(answers[self.number[blocks]])
        others = 2 * np.count_nonzero(answers) > len(answers)
        words: Words = np.zeros(len(blocks), dtype=np.uint64)
        for one in np.flatnonzero(answers != others).tolist():
            words |= self.planes[one].take(blocks)
        return ~words if others else words

    def numbers(self, blocks: Ints, bits: Ints) -> Ints:
        """The numbers of the answers of some rows."""
        if self.number is not None:
            return self.number[blocks, bits].astype(np.int64)
        found = np.zeros(len(blocks), dtype=np.int64)
        for answer, plane in enumerate(self.planes):
            found[(plane[blocks] >> bits.astype(np.uint64)) & np.uint64(1) != 0] = answer
        return found


@dataclass(frozen=True, slots=True)
class Answers:
    """All parts, their different answers as rows of columns, and the planes of all parts."""

    table: Columns
    parts: Mapping[tuple[str, ...], Part]
    planes: Words

    @classmethod
    def of(cls, c: Columns, layout: Layout) -> "Answers":
        """The answers of all rows of a layout."""
        numbers: dict[tuple[str, ...], Ints] = {}
        tables = [np.zeros(0, dtype=c.table.dtype)]
        for names in sorted({part for parts_of in PARTS.values() for part in parts_of}):
            numbers[names], first = _different(c, names)
            table = np.zeros(len(first), dtype=c.table.dtype)
            for name, value in NEUTRAL.items():
                table[name] = value
            for name in names:
                table[name] = c.table[name][first]
            tables.append(table)
        counts = [len(table) for table in tables[1:]]
        own = [n for names, n in zip(numbers, counts, strict=True) if n <= MOST_PLANES and names not in WITHOUT_PLANES]
        planes = np.zeros((sum(own), layout.blocks), dtype=np.uint64)
        parts: dict[tuple[str, ...], Part] = {}
        start = plane = 0
        for (names, number), count in zip(numbers.items(), counts, strict=True):
            if names in WITHOUT_PLANES:
                parts[names] = Part(start, start + count, None, planes[:0], None)
            elif count > MOST_PLANES:
                parts[names] = Part(start, start + count, None, planes[:0], layout.by_block(number, count))
            else:
                for one in range(count):
                    planes[plane + one] = layout.pack(number == one)
                parts[names] = Part(start, start + count, plane, planes[plane : plane + count], None)
                plane += count
            start += count
        return cls(Columns(np.concatenate(tables)), parts, planes)

    def of_rule(self, code: str) -> Iterator[Part]:
        """What a rule reads."""
        return (self.parts[names] for names in PARTS[code])

    @property
    def nbytes(self) -> int:
        """How many bytes they take."""
        numbers = [part.number.nbytes for part in self.parts.values() if part.number is not None]
        return self.planes.nbytes + sum(numbers) + self.table.table.nbytes


def _different(c: Columns, names: tuple[str, ...]) -> tuple[Ints, Ints]:
    """For each row the number of its answer, and for each answer a row that gives it."""
    number = np.zeros(len(c), dtype=np.int64)
    first = np.zeros(min(1, len(c)), dtype=np.int64)
    for name in names:
        column = c.table[name]
        for one in column.T if column.ndim > 1 else (column,):
            _, inverse = np.unique(one, return_inverse=True)
            number = number * (int(inverse.max(initial=0)) + 1) + inverse
            _, first, number = np.unique(number, return_index=True, return_inverse=True)
    return number, first
