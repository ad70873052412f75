"""What a picture is made of: marks on paper, in points from the upper left, and the same facts as a table.

Pages and programs get it as SVG, the printed report as PDF, both from the same marks. Only plain shapes are known here,
so that both look alike; nothing is told by colour alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

INK, MUTED, FAINT, PAPER = "#1a1a1a", "#555555", "#cccccc", "#ffffff"
BLUE, SKY, ORANGE, RED = "#0072b2", "#cfe8f7", "#b35900", "#b00020"
"""Told apart by people who see no red or green (after Okabe and Ito); words on them have a contrast of 4.5 or more."""

Anchor = Literal["start", "middle", "end"]
SLACK = 1.06
"""What a reader's own font may be wider than Helvetica."""


@dataclass(frozen=True, slots=True)
class Paint:
    """How a shape is drawn: `dash` alternates lengths of stroke and gap."""

    fill: str | None = None
    stroke: str | None = None
    width: float = 1.0
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Disc:
    """A circle."""

    x: float
    y: float
    radius: float
    paint: Paint


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle from its upper left corner."""

    x: float
    y: float
    width: float
    height: float
    paint: Paint


@dataclass(frozen=True, slots=True)
class Route:
    """Straight lines from point to point."""

    points: tuple[tuple[float, float], ...]
    paint: Paint


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text; `y` is its baseline, `anchor` what of it stands at x: start, middle or end."""

    x: float
    y: float
    text: str
    size: float = 12.0
    anchor: Anchor = "start"
    bold: bool = False
    colour: str = INK

    @property
    def span(self) -> tuple[float, float]:
        """From where to where it reaches, at most."""
        width = width_of(self.text, self.size, bold=self.bold)
        left = {"start": self.x, "middle": self.x - width / 2, "end": self.x - width}[self.anchor]
        return left, left + width


@dataclass(frozen=True, slots=True)
class Group:
    """Marks that show one datum; `told` says it in words to who points at it or hears it."""

    told: str
    marks: tuple[Mark, ...]


Mark = Disc | Box | Route | Words | Group


@dataclass(frozen=True, slots=True)
class Table:
    """The same facts in words and figures."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished picture: `name` is unique on a page, `told` what there is to see, in a sentence or two."""

    name: str
    title: str
    told: str
    width: float
    height: float
    marks: tuple[Mark, ...]
    table: Table


def flat(marks: Sequence[Mark]) -> Iterator[Disc | Box | Route | Words]:
    """All marks, out of their groups, in the order in which they are drawn."""
    for mark in marks:
        if isinstance(mark, Group):
            yield from flat(mark.marks)
        else:
            yield mark


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a text is, by the metrics of Helvetica, with some slack."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return float(stringWidth(text, "Helvetica-Bold" if bold else "Helvetica", size)) * SLACK


def fitted(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """The text, cut with an ellipsis when it is wider."""
    if width_of(text, size, bold=bold) <= width:
        return text
    cut = text
    while cut and width_of(f"{cut}…", size, bold=bold) > width:
        cut = cut[:-1]
    return f"{cut.rstrip()}…"


def line(one: tuple[float, float], other: tuple[float, float], paint: Paint) -> Route:
    """One straight line."""
    return Route((one, other), paint)


def hatched(box: Box, paint: Paint, step: float = 7.0) -> tuple[Route, ...]:
    """Strokes from lower left to upper right, all over a box."""
    strokes = []
    for number in range(1, int((box.width + box.height) / step) + 1):
        along = number * step
        start = (min(along, box.width), max(0.0, along - box.width))
        end = (max(0.0, along - box.height), min(along, box.height))
        strokes.append(line((box.x + start[0], box.y + start[1]), (box.x + end[0], box.y + end[1]), paint))
    return tuple(strokes)
