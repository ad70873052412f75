"""Lines over time: one panel for each measure, since shares and counts have no scale in common."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Literal

from web.pictures.scene import (
    BLUE,
    FAINT,
    INK,
    MUTED,
    PAPER,
    Disc,
    Group,
    Mark,
    Paint,
    Picture,
    Route,
    Table,
    Words,
    line,
)

WIDTH, PANEL, LEFT, RIGHT, FOOT = 720.0, 150.0, 64.0, 84.0, 20.0
HEAD, LOW = 34.0, 28.0

Unit = Literal["share", "index", "count"]


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure with its values by day, the earliest first. `better` says which way it should go."""

    name: str
    unit: Unit
    better: Literal["up", "down"]
    points: tuple[tuple[date, float], ...]


def trend_picture(measures: Sequence[Measure], title: str = "Trend") -> Picture:
    """A panel for each measure, all over the same days."""
    days = [day for measure in measures for day, _ in measure.points]
    marks = [mark for number, one in enumerate(measures) for mark in _panel(one, number * PANEL, days)]
    rows = [
        (measure.name, day.isoformat(), shown(value, measure.unit))
        for measure in measures
        for day, value in measure.points
    ]
    return Picture(
        name="trend",
        title=title,
        told=" ".join(_moved(measure) for measure in measures) or "Nothing has been kept yet.",
        width=WIDTH,
        height=PANEL * max(1, len(measures)) + FOOT,
        marks=tuple(marks),
        table=Table(("Measure", "Day", "Value"), tuple(rows)),
    )


def shown(value: float, unit: Unit) -> str:
    """As it is read: a share in per cent, an index with three decimals, a count as it is."""
    return {"share": f"{value:.0%}", "index": f"{value:.3f}", "count": f"{value:,.0f}"}[unit]


def _moved(measure: Measure) -> str:
    if not measure.points:
        return f"{measure.name}: nothing has been kept yet."
    (first, before), (last, after) = measure.points[0], measure.points[-1]
    if first == last:
        return f"{measure.name}: {shown(after, measure.unit)} on {last:%d %B %Y}."
    went = "unchanged" if before == after else "better" if (after > before) == (measure.better == "up") else "worse"
    return (
        f"{measure.name}: {shown(before, measure.unit)} on {first:%d %B %Y}, {shown(after, measure.unit)} on "
        f"{last:%d %B %Y} ({went})."
    )


def _panel(measure: Measure, top: float, days: Sequence[date]) -> Iterator[Mark]:
    should = "higher is better" if measure.better == "up" else "lower is better"
    yield Words(LEFT, top + 20, f"{measure.name} ({should})", 12.5, bold=True)
    high = _ceiling(measure)
    low_y, high_y = top + PANEL - LOW, top + HEAD
    for share in (0.0, 0.5, 1.0):
        y = low_y + (high_y - low_y) * share
        yield line((LEFT, y), (WIDTH - RIGHT, y), Paint(stroke=FAINT))
        yield Words(LEFT - 8, y + 4, shown(high * share, measure.unit), 11, "end", colour=MUTED)
    if not measure.points:
        return
    span = max((max(days) - min(days)).days, 1)
    spots = [
        (
            LEFT + 10 + (WIDTH - LEFT - RIGHT - 20) * (day - min(days)).days / span,
            low_y + (high_y - low_y) * value / high,
        )
        for day, value in measure.points
    ]
    if len(spots) > 1:
        yield Route(tuple(spots), Paint(stroke=BLUE, width=2.5))
    for (x, y), (day, value) in zip(spots, measure.points, strict=True):
        dot = Disc(x, y, 4 if (x, y) in (spots[0], spots[-1]) else 2.5, Paint(fill=PAPER, stroke=BLUE, width=2))
        yield Group(f"{measure.name}, {day.isoformat()}: {shown(value, measure.unit)}", (dot,))
    yield Words(spots[-1][0] + 10, spots[-1][1] + 4, shown(measure.points[-1][1], measure.unit), 12.5, bold=True)
    yield Words(spots[0][0], low_y + 17, f"{measure.points[0][0]:%d %b %Y}", 11, colour=INK)
    if len(spots) > 1 and spots[-1][0] - spots[0][0] > 170:
        yield Words(spots[-1][0], low_y + 17, f"{measure.points[-1][0]:%d %b %Y}", 11, "end", colour=INK)


def _ceiling(measure: Measure) -> float:
    """The top of the scale, which begins at nothing: 1 of shares, else the next even step of two figures."""
    if measure.unit != "count":
        return 1.0
    most = max((value for _, value in measure.points), default=0.0)
    step = 10.0 ** max(0, len(str(int(most))) - 2) * 2
    return max(step, ceil(most / step) * step)
