"""Many rows in blocks, each with what bounds its rows: where they lie, and the most that a feature can be.

Distances are bounded on the chord, which obeys the triangle inequality, so no block needs trigonometry of its rows.
Nothing here changes: a row that changed is written anew behind the blocks and taken out of `Index.alive`, so that the
bounds stay right, if loose, and nobody reads half of a change."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from matching.arrange import Vectors, vectors
from matching.bits import WORD, Words
from matching.columns import NEVER, Columns, Flags, Floats, Ints
from matching.planes import Answers, Layout
from matching.postings import Postings
from matching.sphere import RADIUS_KM

SLACK_KM = 1e-3
"""Kilometres by which bounds are wider than they need be, against rounding, at the antipode too."""


LEVELS = 2
"""Numbers of contacts that bounds tell apart: what is more than the last counts as the most."""


@dataclass(frozen=True, slots=True)
class Size:
    """Numbers that change how fast an answer comes, never the answer; measured in benchmarks/README.md. With fewer
    than `least` candidates there are no blocks, since looking at all is as quick. `leaf`: rows in a block, 64 at most.
    `few`: so many rows are looked at all at once, and first where there are more."""

    least: int = 16_384
    leaf: int = WORD
    few: int = 320


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """`codes`: for each bit the blocks that have it, and who in their words; `languages`: a plane for each bit. `local`
    rows have a published point and a distance, `centre` and `radius` (on the unit sphere) hold those of a block.
    `as_of`, `stay`: the highest of a block; `districts`: all bits of a block, and `unsaid` where a row has none.
    `organisations`, `units` and so on find rows; hosts and organisations of units only where they are not the row's
    own. `dated`: what was last made for a clock; `said`: what rules say (`matching.judged`)."""

    size: Size
    layout: Layout
    answers: Answers
    codes: Sequence[tuple[Ints, Words]]
    languages: Words
    of_department: Words
    local: Words
    has_local: Flags
    has_other: Flags
    centre: Vectors
    radius: Floats
    reach: Floats
    as_of: Ints
    stay: Ints
    districts: Words
    unsaid: Flags
    organisations: Postings
    hosts: Postings
    units: Postings
    unit_organisations: Postings
    dated: dict[str, tuple[object, tuple[Words, ...]]] = field(default_factory=dict)
    said: dict[Hashable, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, c: Columns, size: Size) -> "Blocks":
        """The blocks of rows that stand in order."""
        layout = Layout(len(c), size.leaf)
        starts = np.arange(layout.blocks) * size.leaf
        local = c.placed & ~c.remote
        centre, radius = _balls(c, local, starts)
        return cls(
            size=size,
            layout=layout,
            answers=Answers.of(c, layout),
            codes=[(at.astype(np.int32), plane[at]) for plane in _planes(c.codes, layout) for at in plane.nonzero()],
            languages=_planes(c.languages, layout),
            of_department=layout.pack(c.unit >= 0),
            local=layout.pack(local),
            has_local=np.logical_or.reduceat(local, starts),
            has_other=np.logical_or.reduceat(~local, starts),
            centre=centre,
            radius=radius,
            reach=np.maximum.reduceat(c.reach, starts),
            as_of=np.maximum.reduceat(np.where(c.available >= 0, c.capacity_as_of, NEVER), starts),
            stay=np.maximum.reduceat(c.stay, starts),
            districts=np.bitwise_or.reduceat(c.districts, starts, axis=0),
            unsaid=np.logical_or.reduceat(~c.districts.any(axis=1), starts),
            organisations=Postings.of(c.organisation, c.organisation >= 0),
            hosts=Postings.of(c.host, (c.host >= 0) & (c.host != c.organisation)),
            units=Postings.of(c.unit, c.unit >= 0),
            unit_organisations=Postings.of(
                c.unit_organisation, (c.unit_organisation >= 0) & (c.unit_organisation != c.organisation)
            ),
        )

    def between_km(self, lat: float, lon: float, blocks: Ints) -> tuple[Floats, Floats]:
        """Kilometres that every local row of some blocks lies off a point, at least and at most."""
        away = self.centre[blocks] - vectors(np.array([lat]), np.array([lon]))
        chord = np.sqrt(np.einsum("ij,ij->i", away, away))
        radius = self.radius[blocks]
        return _km(chord - radius) - SLACK_KM, _km(chord + radius) + SLACK_KM

    def words(self, rows: Ints) -> Words:
        """Rows as bits."""
        words = np.zeros(self.layout.blocks, dtype=np.uint64)
        block, place = np.divmod(rows, self.layout.leaf)
        np.bitwise_or.at(words, block, np.left_shift(np.uint64(1), place.astype(np.uint64)))
        return words

    def have(self, words: Words, rows: Ints) -> Flags:
        """Whether the bit of each row is set."""
        block, place = np.divmod(rows, self.layout.leaf)
        return np.asarray((words[block] >> place.astype(np.uint64)) & np.uint64(1), dtype=np.bool_)

    @property
    def nbytes(self) -> int:
        """How many bytes the blocks take, without the rows."""
        fields = [getattr(self, name) for name in self.__slots__]
        own = [value for value in fields if isinstance(value, np.ndarray | Postings | Answers)]
        return sum(one.nbytes for one in own) + sum(at.nbytes + words.nbytes for at, words in self.codes)


def contact_planes(layout: Layout, contacts: Ints) -> Words:
    """A plane for each of the first `LEVELS` numbers of contacts: who has as many at least."""
    own = contacts[: layout.rows]
    return np.stack([layout.pack(own >= level) for level in range(1, LEVELS + 1)])


def _km(chord: Floats) -> Floats:
    return np.asarray(2 * RADIUS_KM * np.arcsin(np.clip(chord / 2, 0.0, 1.0)), dtype=np.float64)


def _balls(c: Columns, local: Flags, starts: Ints) -> tuple[Vectors, Floats]:
    """Centre and radius of the local rows of each block."""
    points = np.where(local[:, None], vectors(c.lat, c.lon), 0.0)
    count = np.maximum(np.add.reduceat(local.astype(np.int64), starts), 1)
    centre = np.add.reduceat(points, starts, axis=0) / count[:, None]
    size = np.diff(np.append(starts, len(local)))
    away = points - np.repeat(centre, size, axis=0)
    far = np.where(local, np.sqrt(np.einsum("ij,ij->i", away, away)), 0.0)
    return centre, np.maximum.reduceat(far, starts)


def _planes(words: Words, layout: Layout) -> Words:
    """A plane for each bit of a set."""
    bits = [(words[:, bit // WORD] >> np.uint64(bit % WORD)) & np.uint64(1) for bit in range(words.shape[1] * WORD)]
    last = max((bit for bit, rows in enumerate(bits) if rows.any()), default=0)
    return np.stack([layout.pack(rows.astype(np.bool_)) for rows in bits[: last + 1]])
