"""Whom to call, in which order.

Source: "Whom to call" of the matching design. The order is read as a list of criteria, the first that differs
decides: answers at the asked time (yes, then hours not known, then no), institutional before personal, fresher
before staler (whole days since a line was tested or a person confirmed; never is last), the primary focal point
before the others, an address before a personal number. What is left is settled by the channel's identifier.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from matching.contacts import DAY, age_days
from matching.types import Call
from matching.week import WEEK, Hours, minute_of_week, spans

EARLIEST, LATEST = (one.replace(tzinfo=UTC) for one in (datetime.min, datetime.max))


@dataclass(frozen=True, slots=True)
class Entry:
    """A channel that may be called. `value` is as recorded, `plain` comparable; `personal` is true for everything
    that is somebody's own, whatever its kind; `masked` shows `confirmed_at` by its month only."""

    channel: str
    kind: str
    value: str
    plain: str
    personal: bool
    visibility: str
    hours: Hours
    confirmed_at: datetime | None
    name: str | None = None
    role: str | None = None
    primary: bool = False
    masked: bool = False
    whatsapp: bool | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """The asked time, the clock, and what the asker may see. `limited`: over the quota, institutional lines only."""

    when: datetime
    now: datetime
    visibility: frozenset[str]
    limited: bool = False


def answers_at(hours: Hours, when: datetime) -> bool | None:
    """Whether a channel with these hours answers then; None when the hours are not known, neither a yes nor a no."""
    week = spans(hours)
    if week is None:
        return None
    minute = minute_of_week(when)
    return any((minute - start) % WEEK < length for start, length in week)


def call_order(entries: Iterable[Entry], asked: Asked) -> tuple[Call, ...]:
    """The channels this asker may see, in the order to try them. A number that is listed twice is called once."""
    seen: dict[str, Entry] = {}
    for entry in sorted(entries, key=lambda entry: _place(entry, asked)):
        if entry.visibility in asked.visibility and not (asked.limited and entry.personal):
            seen.setdefault(entry.plain, entry)
    return tuple(_call(order, entry, asked) for order, entry in enumerate(seen.values(), start=1))


def same_hours(entries: Iterable[Entry], when: datetime) -> tuple[int, int]:
    """From which minute of the week to which, around `when`, the same of them answer."""
    weeks = [week for week in (spans(entry.hours) for entry in entries) if week is not None]
    turns = {edge % WEEK for week in weeks for start, length in week for edge in (start, start + length)}
    minute = minute_of_week(when)
    return max((t for t in turns if t <= minute), default=0), min((t for t in turns if t > minute), default=WEEK)


def same_days(entries: Iterable[Entry], now: datetime) -> tuple[datetime, datetime]:
    """From when to when, around `now`, each of them is as many days old."""
    since = [entry.confirmed_at for entry in entries if entry.confirmed_at is not None]
    begun = [one + (age_days(one, now) or 0) * DAY for one in since]
    past = [one for one in begun if one <= now]
    return max(past, default=EARLIEST), min((one + DAY for one in begun), default=LATEST)


def _place(entry: Entry, asked: Asked) -> tuple[int, bool, bool, int, bool, bool, str]:
    age = age_days(entry.confirmed_at, asked.now)
    return (
        (True, None, False).index(answers_at(entry.hours, asked.when)),
        entry.personal,
        age is None,
        age or 0,
        not entry.primary,
        entry.kind == "person_phone",
        entry.channel,
    )


def _call(order: int, entry: Entry, asked: Asked) -> Call:
    return Call(
        order=order,
        channel_kind=entry.kind,
        value=entry.value,
        name=entry.name,
        role=entry.role,
        answers_now=answers_at(entry.hours, asked.when),
        verified_at=month_of(entry.confirmed_at) if entry.masked else entry.confirmed_at,
        channel_id=entry.channel,
        whatsapp=entry.whatsapp,
    )


def month_of(moment: datetime | None) -> datetime | None:
    """The first of its month, 00:00 UTC: all that an organisation with a confidential site publishes."""
    if moment is None:
        return None
    return moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
