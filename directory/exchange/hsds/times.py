"""Hours of the week as schedules (parts of RFC 5545), and in words.

Local to Africa/Johannesburg, which has no summer time.
"""

from collections.abc import Sequence
from typing import Any

from directory.answers import DAYS, ROUND_THE_CLOCK
from directory.exchange.hsds.parts import Json, derived

OFFSET_H = 2
OFFSET = "+02:00"
ALWAYS: Sequence[Json] = ({"days": list(DAYS), "opens": "00:00", "closes": "00:00"},)


def schedules(owner: str, hours: Any) -> list[Json]:
    """One schedule a spell; words without times (`hours`, `days`, `unknown`) make none."""
    return [_schedule(derived(owner, "schedule", at), spell) for at, spell in enumerate(_spells(hours))]


def in_words(hours: Any) -> str | None:
    """The same as text."""
    if hours == ROUND_THE_CLOCK:
        return "day and night"
    spells = [f"{'/'.join(one['days'])} {one['opens']}-{one['closes']}" for one in _spells(hours)]
    return ", ".join(spells) or None


def _spells(hours: Any) -> Sequence[Json]:
    if hours == ROUND_THE_CLOCK:
        return ALWAYS
    return hours if isinstance(hours, list) else ()


def _schedule(identifier: str, spell: Json) -> Json:
    overnight = spell["closes"] <= spell["opens"]
    return {
        "id": identifier,
        "timezone": OFFSET_H,
        "freq": "WEEKLY",
        "byday": ",".join(day[:2].upper() for day in spell["days"]),
        "opens_at": f"{spell['opens']}{OFFSET}",
        "closes_at": f"{spell['closes']}{OFFSET}",
        "description": "Closes on the day after." if overnight else "Closes on the same day.",
    }
