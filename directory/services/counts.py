"""How often each need was asked for, by month and province: all that is kept of matches.

A worker counts in memory and writes a batch at a time, so that no row changes at the moment of a match. What it has not
written is lost when it crashes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.changes import LOCAL
from directory.models.counting import MatchCount
from directory.services.upserts import add_up

BATCH = 200
"""Matches that are written together: writing takes as long as a match or two."""
AT_LATEST = timedelta(hours=12)
"""So old the first of a batch may become; the next match then writes it."""
SETTLED = timedelta(days=1)
"""A month is published when it has been over for so long. Longer than AT_LATEST: what comes later is not counted, so
that a published month never changes, and two looks at it cannot be compared."""
OUTSIDE = "outside"
"""Instead of a province: asked from a point outside the country."""

Key = tuple[str, str, str]
"""Month, need, province."""


def month_of(moment: datetime) -> str:
    """The month in Johannesburg, such as `2026-11`."""
    return f"{moment.astimezone(LOCAL):%Y-%m}"


def is_open(month: str, now: datetime) -> bool:
    """Whether a month is not published yet."""
    return month >= month_of(now - SETTLED)


@dataclass(slots=True)
class Tally:
    """What one worker has counted and not written. Safe among threads."""

    _counts: Counter[Key] = field(default_factory=Counter)
    _matches: int = 0
    _since: datetime | None = None
    _lock: Lock = field(default_factory=Lock)

    def add(self, needs: Iterable[str], province: str | None, now: datetime) -> bool:
        """Count one match; whether a batch is due."""
        month = month_of(now)
        with self._lock:
            for need in set(needs):
                self._counts[month, need, province or OUTSIDE] += 1
            self._matches += 1
            self._since = self._since or now
            return self._matches >= BATCH or now - self._since >= AT_LATEST

    def take(self) -> Mapping[Key, int]:
        """All that was counted; the tally begins anew."""
        with self._lock:
            taken, self._counts = self._counts, Counter()
            self._matches, self._since = 0, None
            return taken


def keep(session: Session, counted: Mapping[Key, int], now: datetime) -> None:
    """Add a batch to what is kept, without what belongs to a month already published. Needs a writing session."""
    rows = [
        {"month": month, "need": need, "province": province, "count": count}
        for (month, need, province), count in sorted(counted.items())
        if is_open(month, now)
    ]
    if rows:
        add_up(session, MatchCount, "count", rows)


def of_month(session: Session, month: str) -> dict[tuple[str, str], int]:
    """The counts of a month by need and province."""
    chosen = select(MatchCount.need, MatchCount.province, MatchCount.count).where(MatchCount.month == month)
    return {(need, province): count for need, province, count in session.execute(chosen)}
