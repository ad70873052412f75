"""People and what hangs on each of them alone: a fan of thin red lines for everybody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from web.pictures.scene import (
    INK,
    MUTED,
    ORANGE,
    PAPER,
    RED,
    SKY,
    Box,
    Disc,
    Group,
    Mark,
    Paint,
    Picture,
    Table,
    Words,
    fitted,
    line,
)

WIDTH, ROW, GAP, TOP, LEGEND = 900.0, 24.0, 16.0, 16.0, 40.0
PERSON, FROM, TO, SIZE = 250.0, 266.0, 380.0, 12.0
SQUARE = 9.0
KINDS = {"cell": "a function that nobody else answers for", "link": "a link that ends"}


@dataclass(frozen=True, slots=True)
class Thread:
    """One thing that hangs on a person alone."""

    name: str
    kind: Literal["cell", "link"]


@dataclass(frozen=True, slots=True)
class Hanging:
    """A person with all that hangs on them."""

    person: str
    threads: tuple[Thread, ...]


def hanging_picture(people: Sequence[Hanging]) -> Picture:
    """Everybody with a fan to what is lost without them, in the order given."""
    marks: list[Mark] = []
    top = TOP
    for one in people:
        marks.append(Group(f"{one.person}: {len(one.threads)} would be lost", tuple(_fan(one, top))))
        top += ROW * max(len(one.threads), 1) + GAP
    return Picture(
        name="hanging",
        title="What hangs on one person",
        told=f"{len(people)} people, each with what would be lost if that person left. Squares are functions that a "
        "department owes, discs are links.",
        width=WIDTH,
        height=top + LEGEND,
        marks=(*marks, *_legend(top)),
        table=Table(
            ("Who", "What would be lost", "Kind"),
            tuple((one.person, each.name, KINDS[each.kind]) for one in people for each in one.threads),
        ),
    )


def _fan(one: Hanging, top: float) -> Iterator[Mark]:
    middle = top + ROW * max(len(one.threads), 1) / 2
    yield Words(PERSON, middle + 4, fitted(one.person, PERSON - 8, SIZE, bold=True), SIZE, "end", bold=True)
    for number, each in enumerate(one.threads):
        y = top + ROW * (number + 0.5)
        yield line((FROM, middle), (TO, y), Paint(stroke=RED, width=1.2, dash=(5, 4)))
        yield _mark(each.kind, TO, y)
        yield Words(TO + 14, y + 4, fitted(each.name, WIDTH - TO - 24, SIZE), SIZE)
    yield Disc(FROM, middle, 7, Paint(fill=SKY, stroke=INK, width=1.5))


def _mark(kind: str, x: float, y: float) -> Mark:
    if kind == "cell":
        return Box(x - SQUARE / 2, y - SQUARE / 2, SQUARE, SQUARE, Paint(fill=PAPER, stroke=ORANGE, width=2))
    return Disc(x, y, 4.5, Paint(fill=INK))


def _legend(top: float) -> Iterator[Mark]:
    for number, (kind, said) in enumerate(KINDS.items()):
        x = FROM + number * 300
        yield _mark(kind, x, top + 16)
        yield Words(x + 14, top + 20, said, 11.5, colour=MUTED)
