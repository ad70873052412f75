"""Ages, days and opening hours. Instants are aware; days and hours of the clock are Johannesburg's."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

JOHANNESBURG = timezone(timedelta(hours=2))
"""South Africa has kept UTC+2 without summer time since 1944."""
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TICK_HOURS = (6, 12, 18, 22)
FRESH_DAYS = 180
FRESH_CAPACITY_HOURS = 24


def minute(now: datetime) -> datetime:
    """The clock of a request: UTC, cut to the minute."""
    return now.astimezone(UTC).replace(second=0, microsecond=0)


def instant(value: Any, now: datetime) -> datetime | None:
    """A timestamp of the load format: a string, `{"days_ago": n}` or nothing."""
    if value is None or isinstance(value, datetime):
        return value
    if isinstance(value, dict):
        return now - timedelta(days=value["days_ago"])
    return datetime.fromisoformat(value)


def day(value: Any, now: datetime) -> date | None:
    """A date of the load format; `days_ago` becomes a Johannesburg date."""
    if value is None:
        return None
    if isinstance(value, dict):
        return (now - timedelta(days=value["days_ago"])).astimezone(JOHANNESBURG).date()
    return value if isinstance(value, date) else date.fromisoformat(value)


def hours_between(then: datetime, now: datetime) -> float:
    """Fractional hours, never negative."""
    return max(0.0, (now - then).total_seconds() / 3600)


def is_fresh(then: datetime | None, now: datetime) -> bool:
    """Confirmed within 180 whole elapsed days; never is not fresh."""
    return then is not None and (now - then).days <= FRESH_DAYS


def first_of_month(then: datetime) -> datetime:
    """What a masked organisation shows of a verification."""
    return then.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def tick(then: datetime) -> datetime:
    """The latest publication of capacities (06, 12, 18, 22 h Johannesburg) not after an instant."""
    local = then.astimezone(JOHANNESBURG)
    candidates = [
        datetime.combine(local.date() - timedelta(days=back), time(hour), JOHANNESBURG)
        for back in (0, 1)
        for hour in TICK_HOURS
    ]
    return max(t for t in candidates if t <= local).astimezone(UTC)


def spans(hours: list[dict[str, Any]], around: datetime) -> list[tuple[datetime, datetime]]:
    """Every opening from the day before `around` to eight days after, as [opens, closes)."""
    found = []
    today = around.astimezone(JOHANNESBURG).date()
    for offset in range(-1, 9):
        start_day = today + timedelta(days=offset)
        for entry in hours:
            if DAYS[start_day.weekday()] not in entry["days"]:
                continue
            opens, closes = time.fromisoformat(entry["opens"]), time.fromisoformat(entry["closes"])
            end_day = start_day + timedelta(days=1) if closes <= opens else start_day
            found.append(
                (
                    datetime.combine(start_day, opens, JOHANNESBURG),
                    datetime.combine(end_day, closes, JOHANNESBURG),
                )
            )
    return sorted(found)


def is_open(hours: list[dict[str, Any]], at: datetime) -> bool:
    """Open at that instant; a night belongs to its opening day."""
    return any(opens <= at < closes for opens, closes in spans(hours, at))


def next_opening(hours: list[dict[str, Any]], at: datetime) -> datetime | None:
    """The first opening after that instant."""
    return min((opens for opens, _ in spans(hours, at) if opens > at), default=None)
