"""What matching hands over to be kept: the findings of a day, the figures, and every link's grade."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

COUNTRY = "*"
"""What stands for the province in the figures of the country."""
GONE = "gone"
"""The grade of what is no link any more."""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding that somebody should act on. `due_days` from the day it is first found; `provinces` it concerns."""

    key: str
    kind: str
    subject: str
    found: str
    action: str
    reason: str
    owner: tuple[str, str] | None
    urgency: int
    priority: int
    size: int
    due_days: int
    provinces: frozenset[str]


@dataclass(frozen=True, slots=True)
class Plan:
    """A day's measures, taken at a revision. Figures are by province, of the country under `*`; grades by link."""

    revision: int
    day: date
    found: tuple[Found, ...]
    figures: Mapping[str, Mapping[str, Any]]
    grades: Mapping[str, str]
