"""Opening hours, local to Africa/Johannesburg (no daylight saving), as intervals on a week of minutes.

An interval is [opens, closes); one that closes at or before it opens crosses midnight and belongs to the day on
which it opened."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

LOCAL = ZoneInfo("Africa/Johannesburg")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 24 * 60
WEEK = 7 * DAY

Hours = str | Sequence[Mapping[str, Any]] | None
Spans = tuple[tuple[int, int], ...]


def spans(hours: Hours) -> Spans | None:
    """(start minute of the week, length in minutes) of each opening; None when nothing usable is known."""
    if hours == "24h":
        return ((0, WEEK),)
    if not hours or isinstance(hours, str):
        return None
    return _spans(tuple((*entry["days"], entry["opens"], entry["closes"]) for entry in hours))


@lru_cache(maxsize=4096)
def _spans(hours: tuple[tuple[str, ...], ...]) -> Spans | None:
    """Remembered, since offices keep much the same hours. Of each entry its days, when it opens and when it closes."""
    return tuple(sorted({_span(day, *entry[-2:]) for entry in hours for day in entry[:-2]})) or None


def _span(day: str, opening: str, closing: str) -> tuple[int, int]:
    opens, closes = _minutes(opening), _minutes(closing)
    return DAYS.index(day) * DAY + opens, closes - opens if closes > opens else closes - opens + DAY


def _minutes(clock: str) -> int:
    hour, minute = clock.split(":")[:2]
    return int(hour) * 60 + int(minute)


def minute_of_week(when: datetime) -> int:
    """Whole minutes since Monday 00:00, Johannesburg."""
    local = when.astimezone(LOCAL)
    return local.weekday() * DAY + local.hour * 60 + local.minute


@dataclass(frozen=True, slots=True)
class Weeks:
    """All distinct opening weeks of a registry; a row points to its own by number, -1 for not known."""

    number: dict[Spans, int]
    week: NDArray[np.int64]
    start: NDArray[np.int64]
    length: NDArray[np.int64]
    starts: dict[int, list[int]] = field(default_factory=dict)
    latest: dict[int, NDArray[np.bool_]] = field(default_factory=dict)

    @classmethod
    def of(cls, weeks: Sequence[Spans | None]) -> tuple["Weeks", NDArray[np.int32]]:
        """The distinct weeks and, for each given one, its number."""
        number = {week: i for i, week in enumerate(sorted({w for w in weeks if w is not None}))}
        flat = [(i, start, length) for week, i in number.items() for start, length in week]
        table = np.array(flat, dtype=np.int64).reshape(-1, 3)
        rows = np.array([-1 if w is None else number[w] for w in weeks], dtype=np.int32)
        return cls(number, table[:, 0], table[:, 1], table[:, 2]), rows

    def with_all(self, weeks: Sequence[Spans | None]) -> tuple["Weeks", NDArray[np.int32]]:
        """These weeks with further ones behind them, and for each given one its number."""
        further = sorted({week for week in weeks if week is not None} - self.number.keys())
        number = {**self.number, **{week: len(self.number) + i for i, week in enumerate(further)}}
        rows = np.array([-1 if w is None else number[w] for w in weeks], dtype=np.int32)
        if not further:
            return self, rows
        flat = [(number[week], start, length) for week in further for start, length in week]
        table = np.concatenate([np.stack([self.week, self.start, self.length], axis=1), np.array(flat, dtype=np.int64)])
        return Weeks(number, table[:, 0], table[:, 1], table[:, 2]), rows

    def open_at(self, when: datetime) -> NDArray[np.bool_]:
        """Which weeks are open at a time; one more entry, False, answers for number -1. Kept for the minute, which most
        questions are about."""
        minute = minute_of_week(when)
        kept = self.latest.get(minute)
        if kept is None:
            running = (minute - self.start) % WEEK < self.length
            kept = np.zeros(len(self.number) + 1, dtype=np.bool_)
            kept[self.week[running]] = True
            self.latest.clear()
            self.latest[minute] = kept
        return kept

    def next_opening(self, number: int, when: datetime) -> datetime | None:
        """The next time this week opens after `when` (UTC); None when it is not known."""
        starts = self._starts(number)
        if not starts:
            return None
        minute = minute_of_week(when)
        at = bisect_left(starts, minute)
        wait = starts[at] - minute if at < len(starts) else starts[0] + WEEK - minute
        whole = when.replace(second=0, microsecond=0)
        return (whole + timedelta(minutes=wait)).astimezone(UTC)

    def _starts(self, number: int) -> list[int]:
        """The minutes at which a week opens, in order; kept."""
        if number not in self.starts:
            self.starts[number] = sorted(self.start[self.week == number].tolist())
        return self.starts[number]
