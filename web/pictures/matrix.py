"""The coverage matrix: which functions of which department a province can call on, and how surely."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from web.pictures.scene import (
    BLUE,
    FAINT,
    INK,
    ORANGE,
    PAPER,
    RED,
    Box,
    Group,
    Mark,
    Paint,
    Picture,
    Table,
    Words,
    fitted,
    hatched,
    line,
)

ROW, HEAD, LEGEND, PAD = 34.0, 34.0, 62.0, 8.0
LABEL, NARROW, WIDE = 220.0, 62.0, 190.0
SIZE = 12.0
MEANS = {
    "backed": "backed: two or more answer",
    "single": "single: hangs on one contact",
    "gap": "gap: nobody answers",
}


@dataclass(frozen=True, slots=True)
class Square:
    """One square. `state` is that of its worst function; `words` stand in it, `told` says it in full."""

    state: str
    words: str
    told: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows and columns in their order; a square that is missing is one where nothing is required."""

    title: str
    told: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    squares: Mapping[tuple[str, str], Square]


def matrix_picture(matrix: Matrix) -> Picture:
    """Solid is backed, hatched hangs on one contact, dashed and crossed out is a gap; each says it in words too."""
    step = WIDE if len(matrix.columns) < 4 else NARROW
    marks: list[Mark] = [
        Words(
            LABEL + step * (column + 0.5),
            HEAD - PAD,
            fitted(name, step - 4, SIZE, bold=True),
            SIZE,
            "middle",
            bold=True,
        )
        for column, name in enumerate(matrix.columns)
    ]
    for row, name in enumerate(matrix.rows):
        top = HEAD + ROW * row
        marks.append(Words(LABEL - PAD, top + ROW / 2 + SIZE / 3, fitted(name, LABEL - PAD, SIZE), SIZE, "end"))
        for column, head in enumerate(matrix.columns):
            box = Box(LABEL + step * column + 2, top + 2, step - 4, ROW - 4, Paint())
            marks.append(_square(box, matrix.squares.get((name, head)), f"{name}, {head}"))
    bottom = HEAD + ROW * len(matrix.rows)
    width = LABEL + max(step * len(matrix.columns), 490.0) + PAD
    return Picture(
        name="coverage",
        title=matrix.title,
        told=f"{matrix.told} Solid squares are backed, hatched ones hang on one contact, crossed ones are gaps.",
        width=width,
        height=bottom + LEGEND,
        marks=(*marks, *_legend(bottom + 16)),
        table=_table(matrix),
    )


def _square(box: Box, square: Square | None, where: str) -> Mark:
    if square is None:
        middle = box.y + box.height / 2
        dash = line((box.x + box.width / 2 - 4, middle), (box.x + box.width / 2 + 4, middle), Paint(stroke=FAINT))
        return Group(f"{where}: nothing is required", (dash,))
    words = fitted(square.words, box.width - 6, SIZE, bold=True)
    text = Words(
        box.x + box.width / 2,
        box.y + box.height / 2 + SIZE / 3,
        words,
        SIZE,
        "middle",
        bold=True,
        colour=PAPER if square.state == "backed" else INK,
    )
    return Group(f"{where}: {square.told}", (*_surface(box, square.state), *_plate(text, square.state), text))


def _surface(box: Box, state: str) -> tuple[Mark, ...]:
    if state == "backed":
        return (_like(box, Paint(fill=BLUE, stroke=BLUE)),)
    if state == "single":
        strokes = hatched(box, Paint(stroke=ORANGE, width=1.5))
        return (_like(box, Paint(fill=PAPER)), *strokes, _like(box, Paint(stroke=ORANGE, width=1.5)))
    cross = Paint(stroke=RED, width=1)
    left, right, top, bottom = box.x, box.x + box.width, box.y, box.y + box.height
    return (
        _like(box, Paint(fill=PAPER, stroke=RED, width=2, dash=(4, 3))),
        line((left, top), (right, bottom), cross),
        line((left, bottom), (right, top), cross),
    )


def _plate(text: Words, state: str) -> tuple[Mark, ...]:
    """White behind words that stand on strokes."""
    if state == "backed" or not text.text:
        return ()
    left, right = text.span
    return (Box(left - 2, text.y - SIZE, right - left + 4, SIZE + 4, Paint(fill=PAPER)),)


def _like(box: Box, paint: Paint) -> Box:
    return Box(box.x, box.y, box.width, box.height, paint)


def _legend(top: float) -> list[Mark]:
    marks: list[Mark] = []
    for number, (state, means) in enumerate(MEANS.items()):
        left = 12.0 + number * 232
        marks += [*_surface(Box(left, top, 24, 18, Paint()), state), Words(left + 31, top + 13, means, 11)]
    return marks


def _table(matrix: Matrix) -> Table:
    return Table(
        ("", *matrix.columns),
        tuple((row, *(_said(matrix.squares.get((row, column))) for column in matrix.columns)) for row in matrix.rows),
    )


def _said(square: Square | None) -> str:
    return "not required" if square is None else square.told
