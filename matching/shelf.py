"""Who offers one code, of the rows in blocks: what of it is the same for every question, kept once somebody asks.

Distances, and the most that features can be, stand here for the blocks that hold such a row alone, side by side."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from matching.asked import Numbers
from matching.bits import WORD, Words
from matching.blocks import SLACK_KM, Blocks
from matching.columns import Columns, Flags, Floats, Ints
from matching.planes import Layout, Part
from matching.sphere import RADIUS_KM


class Turning(NamedTuple):
    """Who has turned at the beginning of an hour, and which rows turn within it: they, where they stand."""

    words: Words
    rows: Ints
    place: Ints
    bit: Words

    def now(self, turned: Flags) -> Words:
        """Who has turned, with those of its rows that have."""
        words = self.words.copy()
        np.bitwise_or.at(words, self.place[turned], self.bit[turned])
        return words


@dataclass(frozen=True, slots=True)
class Hour:
    """What a clock alone decides within an hour: `since` and `until` in microseconds. `resting` can be suitable by it:
    they are active, verified and have room; `awake` are also open for intake in the weeks of `weeks`, and `silent` of
    those ask for no papers that a case has to speak of. Of each block `fresh` is the worth of the latest count of room
    at `since`, `longest` the longest stay. `stale` are not verified, `unverified` nobody knows when; the counts of
    `old` are older than they may be; `shut` are closed in the weeks of `weeks`, `unheard` have no hours."""

    since: int
    until: int
    numbers: Numbers
    weeks: bytes
    resting: Words
    awake: Words
    silent: Words
    fresh: Floats
    longest: Ints
    stale: Turning
    unverified: Words
    old: Turning
    shut: Words
    unheard: Words


class Answering(NamedTuple):
    """Rows by the number of their answer, as places among all bits: those of i stand from `begins[i]` on."""

    begins: list[int]
    there: Ints


@dataclass(eq=False)
class Shelf:
    """The blocks that hold somebody who offers a code are `at`; who does, in their words, is `words`. `centre`,
    `square` (that of the centre, and one) and `radius` are those of the block, `other` says that somebody has no
    distance. `hour`: the last that was made."""

    layout: Layout
    columns: Columns
    at: Ints
    words: Words
    centre: Floats
    square: Floats
    radius: Floats
    other: Flags
    of_department: Words
    hour: Hour | None = None
    _covers: dict[int, Words] = field(default_factory=dict)
    _answers: dict[int, Answering] = field(default_factory=dict)

    @classmethod
    def of(cls, columns: Columns, blocks: Blocks, bit: int | None) -> "Shelf":
        """Who offers the code of a bit, None for one that nobody knows."""
        nobody = np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.uint64)
        at, words = nobody if bit is None or bit >= len(blocks.codes) else blocks.codes[bit]
        at = at.astype(np.int64)
        local = words & blocks.local[at]
        centre = blocks.centre[at]
        return cls(
            layout=blocks.layout,
            columns=columns,
            at=at,
            words=words,
            centre=centre,
            square=np.einsum("ij,ij->i", centre, centre) + 1.0,
            radius=np.where(local != 0, blocks.radius[at], -np.inf),
            other=local != words,
            of_department=blocks.of_department[at] & words,
        )

    def chords(self, lat: float, lon: float) -> Floats:
        """How far the centre of each block lies off a point, through a sphere of radius 1: no angle is needed."""
        phi, theta = math.radians(lat), math.radians(lon)
        twice = np.array([math.cos(phi) * math.cos(theta), math.cos(phi) * math.sin(theta), math.sin(phi)]) * 2.0
        square = self.square - self.centre @ twice
        np.maximum(square, 0.0, out=square)
        return np.sqrt(square, out=square)

    def least_km(self, chords: Floats) -> Floats:
        """Kilometres that every local row of each block lies off a point at least, infinite where there is none. A
        chord is never longer than the arc."""
        return (chords - self.radius) * RADIUS_KM - SLACK_KM

    def near(self, words: Words, local: Words, off: tuple[Floats, float], far: Callable[[Ints], Flags]) -> Words:
        """Those of all blocks who lie within a distance, or have none. `off`: how far blocks lie off, and that
        distance, as chords; `local`: who has one; `far` says which rows lie beyond, in blocks on the
        border."""
        chords, limit = off
        slack = SLACK_KM / RADIUS_KM
        least, most = chords - self.radius, chords + self.radius
        local = words & local
        found = words & ~np.where(least > limit + slack, local, np.uint64(0))
        border = ((least <= limit + slack) & (most > limit - slack)).nonzero()[0]
        there = np.unpackbits(local[border].view(np.uint8), bitorder="little").nonzero()[0]
        rows = self.at[border[there >> 6]] * self.layout.leaf + (there & 63)
        dense = np.zeros(len(border) * WORD, dtype=np.bool_)
        dense[there] = far(rows)
        found[border] &= ~self.layout.pack_blocks(dense.reshape(-1, WORD))
        return found

    def rows(self, words: Words, blocks: Ints | None = None) -> Ints:
        """The rows whose bits are set in the words of some blocks, by place, or of all."""
        there = np.flatnonzero(np.unpackbits(words.view(np.uint8), bitorder="little"))
        at = self.at if blocks is None else self.at[blocks]
        return np.asarray(at[there >> 6] * self.layout.leaf + (there & 63), dtype=np.int64)

    def packed(self, flags: Flags) -> Words:
        """A flag for each of all that offer the code, as words."""
        dense = np.zeros((len(self.at), WORD), dtype=np.bool_)
        there = np.flatnonzero(np.unpackbits(self.words.view(np.uint8), bitorder="little"))
        dense.reshape(-1)[there[flags]] = True
        return self.layout.pack_blocks(dense)

    def covering(self, bit: int) -> Words:
        """Whose organisation gives the code of another bit as well, there or remotely."""
        found = self._covers.get(bit)
        if found is None:
            word, place = divmod(bit, WORD)
            covers = self.columns.covers[self.rows(self.words)]
            known = word < covers.shape[1]
            has = (covers[:, word] >> np.uint64(place)) & np.uint64(1) if known else np.zeros(len(covers))
            found = self._covers[bit] = self.packed(has.astype(np.bool_))
        return found

    def giving(self, part: Part, answers: Flags) -> Words:
        """Those of departments who give one of some answers, which are few of many."""
        known = self._answers.get(part.start)
        if known is None:
            known = self._answers[part.start] = self._answering(part)
        dense = np.zeros(len(self.at) * WORD, dtype=np.bool_)
        for answer in answers.nonzero()[0].tolist():
            dense[known.there[known.begins[answer] : known.begins[answer + 1]]] = True
        return self.layout.pack_blocks(dense.reshape(-1, WORD))

    def _answering(self, part: Part) -> Answering:
        there = np.flatnonzero(np.unpackbits(self.of_department.view(np.uint8), bitorder="little"))
        numbers = part.numbers(self.at[there >> 6], there & 63)
        order = np.argsort(numbers, kind="stable")
        begins = np.searchsorted(numbers[order], np.arange(part.end - part.start + 1))
        return Answering(begins.tolist(), there[order].astype(np.int32))

    @property
    def nbytes(self) -> int:
        """How many bytes are kept."""
        own = [self.at, self.words, self.centre, self.square, self.radius, self.other, self.of_department]
        own += [answering.there for answering in self._answers.values()]
        hour = self.hour
        if hour is not None:
            own += [hour.resting, hour.awake, hour.silent, hour.fresh, hour.longest, hour.unverified]
            own += [hour.shut, hour.unheard, *hour.stale, *hour.old]
        return sum(one.nbytes for one in (*own, *self._covers.values()))
