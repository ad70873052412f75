"""The ego network of one organisation: whom it works with, and how surely each would still answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from web.pictures.scene import (
    BLUE,
    INK,
    MUTED,
    PAPER,
    RED,
    SKY,
    Anchor,
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
    width_of,
)

WIDTH, ROW, TOP, LEGEND = 900.0, 34.0, 24.0, 92.0
COLUMN, MIDDLE = 290.0, 450.0
SIZE, SMALL, NAME = 12.0, 10.5, 150.0

LOOKS: dict[str, Paint] = {
    "backed": Paint(stroke=BLUE, width=5),
    "person_only": Paint(stroke=MUTED, width=2.5),
    "single_channel": Paint(stroke=RED, width=1.2, dash=(9, 4)),
    "single_contact": Paint(stroke=RED, width=1.2, dash=(5, 4)),
    "dead": Paint(stroke=INK, width=1.2, dash=(1.5, 5)),
}
"""Thick is backed, thin and red hangs on one contact; dashes tell it without colour."""

GRADES = {
    "backed": "backed",
    "person_only": "people, no office line",
    "single_channel": "one line, nobody in post",
    "single_contact": "one person alone",
    "dead": "nobody answers",
}


@dataclass(frozen=True, slots=True)
class Tie:
    """A link of the organisation to a partner, with the link's own grade."""

    partner: str
    grade: str
    uses: tuple[str, ...]
    band: str


@dataclass(frozen=True, slots=True)
class Ego:
    """An organisation with all its links."""

    name: str
    ties: tuple[Tie, ...]


def ego_picture(ego: Ego) -> Picture:
    """The organisation in the middle, its partners in two columns, the weakest first."""
    ties = sorted(ego.ties, key=lambda tie: (list(LOOKS)[::-1].index(tie.grade), tie.partner, tie.uses))
    half = (len(ties) + 1) // 2
    height = TOP + ROW * max(half, 3)
    centre = (MIDDLE, TOP + ROW * max(half, 3) / 2)
    sides = [(tie, row, side) for side, those in ((-1, ties[:half]), (1, ties[half:])) for row, tie in enumerate(those)]
    weak = sum(tie.grade in ("single_contact", "single_channel") for tie in ties)
    return Picture(
        name="links",
        title=f"Links of {ego.name}",
        told=f"{len(ties)} links, of which {weak} hang on a single contact and "
        f"{sum(tie.grade == 'dead' for tie in ties)} on nobody. Thick lines are backed, thin dashed "
        "red ones hang on one.",
        width=WIDTH,
        height=height + LEGEND,
        marks=(
            *(
                _tie(tie, (MIDDLE + side * (MIDDLE - COLUMN), TOP + ROW * (row + 0.5)), centre)
                for tie, row, side in sides
            ),
            *_middle(ego.name, centre),
            *_legend(height + 18),
        ),
        table=Table(
            ("Partner", "Grade", "Used for", "Confirmed"),
            tuple((tie.partner, GRADES[tie.grade], ", ".join(map(_plain, tie.uses)), tie.band) for tie in ties),
        ),
    )


def _tie(tie: Tie, at: tuple[float, float], centre: tuple[float, float]) -> Group:
    x, y = at
    left = x < MIDDLE
    anchor: Anchor = "end" if left else "start"
    edge = x - 10 if left else x + 10
    room = COLUMN - 16
    told = f"{tie.partner}: {GRADES[tie.grade]}; {', '.join(map(_plain, tie.uses))}; {tie.band}"
    return Group(
        told,
        (
            line(centre, at, LOOKS[tie.grade]),
            Disc(x, y, 4.5, Paint(fill=PAPER if tie.grade == "dead" else INK, stroke=INK, width=1.2)),
            Words(edge, y - 1, fitted(tie.partner, room, SIZE), SIZE, anchor),
            Words(edge, y + 12, fitted(f"{GRADES[tie.grade]}, {tie.band}", room, SMALL), SMALL, anchor, colour=MUTED),
        ),
    )


def _middle(name: str, centre: tuple[float, float]) -> Iterator[Mark]:
    """The organisation's name in a box, in as many lines as it takes, three at most."""
    lines = _wrapped(name)
    height = 14.0 * len(lines) + 14
    y = centre[1] - height / 2
    marks = [
        Words(centre[0], y + 18 + 14.0 * number, text, SIZE, "middle", bold=True) for number, text in enumerate(lines)
    ]
    paint = Paint(fill=SKY, stroke=INK, width=1.5)
    yield Group(name, (Box(centre[0] - NAME / 2 - 6, y, NAME + 12, height, paint), *marks))


def _wrapped(text: str) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and width_of(longer, SIZE, bold=True) > NAME:
            lines.append(word)
        else:
            lines[-1] = longer
    shown = [*lines[:2], " ".join(lines[2:])] if len(lines) > 2 else lines
    return [fitted(one, NAME, SIZE, bold=True) for one in shown]


def _legend(top: float) -> Iterator[Mark]:
    for number, (grade, paint) in enumerate(LOOKS.items()):
        left, y = 20.0 + (number % 3) * 290, top + 8 + (number // 3) * 26
        yield line((left, y), (left + 46, y), paint)
        yield Words(left + 56, y + 4, GRADES[grade], 11.5)


def _plain(code: str) -> str:
    return code.replace("_", " ")
