"""Fields whose values are a partner's answers: hours, yes or no, limits. Unknown is an answer of its own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from directory.fields import Code, Day, Field, Integer, Language, Listing, OneOf, Schema, Shape, Text, Wrong

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ROUND_THE_CLOCK = "24h"
UNSURE = ("case_by_case", "unknown")
NO_LIMIT = 130


@dataclass(frozen=True, kw_only=True)
class Clock(Field):
    """A time of day, local to Africa/Johannesburg; 24:00 is kept as 00:00."""

    def clean(self, value: Any) -> str:
        """Check hours and minutes."""
        if value == "24:00":
            return "00:00"
        if not isinstance(value, str) or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
            raise Wrong("Must be a time of day, HH:MM.")
        return value

    def kind(self) -> Schema:
        """HH:MM."""
        return {"type": "string", "pattern": "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"}


@dataclass(frozen=True, kw_only=True)
class YesNo(Field):
    """yes, no, case_by_case or unknown; true and false are read as yes and no."""

    def clean(self, value: Any) -> str:
        """Check the answer."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if value not in ("yes", "no", *UNSURE):
            raise Wrong("Must be one of: yes, no, case_by_case, unknown.")
        return str(value)

    def kind(self) -> Schema:
        """An enumeration."""
        return {"enum": ["yes", "no", *UNSURE, True, False]}


OPENING = Shape(
    fields={
        "days": Listing(of=Code(among=DAYS), least=1, most=7, required=True),
        "opens": Clock(required=True),
        "closes": Clock(required=True),
    }
)


def hours(doc: str, *vague: str) -> Field:
    """Opening hours: "24h", or spells of [opens, closes) on days; closing at or before opening crosses midnight.
    `vague`: codes that may stand there where nobody knows the times."""
    return OneOf(kinds=(Code(among=(ROUND_THE_CLOCK, *vague)), Listing(of=OPENING, most=28, distinct=False)), doc=doc)


def limit(least: int, most: int) -> Field:
    """A number, or that it depends or is not known."""
    return OneOf(kinds=(Integer(least=least, most=most), Code(among=UNSURE)))


def answer(*codes: str) -> Field:
    """One of the codes, or that it depends or is not known."""
    return Code(among=tuple(dict.fromkeys((*codes, *UNSURE))))


ACUITY = ("low", "moderate", "high")

ELIGIBILITY: Mapping[str, Field] = {
    "sex_gender": answer("female", "male", "any"),
    "trans_policy": answer("by_identity", "no"),
    "age_min": limit(0, NO_LIMIT),
    "age_max": limit(0, NO_LIMIT),
    "unaccompanied_minor": YesNo(),
    "children_with_adult": OneOf(kinds=(Integer(least=0, most=NO_LIMIT), Code(among=("no", *UNSURE)))),
    "boy_child_max_age": limit(0, NO_LIMIT),
    "girl_child_max_age": limit(0, NO_LIMIT),
    "pregnancy": YesNo(),
    "newborn": YesNo(),
    "step_free": YesNo(),
    "disability_support": YesNo(),
    "substance": answer("none", "stable", "active", "detox_onsite"),
    "mental_acuity_max": answer(*ACUITY),
    "medical_acuity_max": answer(*ACUITY),
    "languages_spoken": OneOf(kinds=(Listing(of=Language()), Code(among=UNSURE), Language())),
    "interpreter_on_call": YesNo(),
    "undocumented": YesNo(),
    "police_report_required": YesNo(),
    "recognition_required": YesNo(),
    "dsd_referral_required": YesNo(),
    "id_required": YesNo(),
    "intake": hours("When it takes people in.", "hours", "days", *UNSURE),
    "stay_max_days": limit(0, 36_500),
    "setting": answer("open", "semi_open", "closed"),
    "security_level": limit(1, 3),
    "transport": YesNo(),
    "cost": answer("free", "sliding", "fee"),
    "faith_basis": Text(most=100),
    "diet": Text(most=100),
    "verified_on": Day(),
}


@dataclass(frozen=True, kw_only=True)
class Eligibility(Shape):
    """What a service answered about whom it takes; a key that is missing was never asked."""

    fields: Mapping[str, Field]

    def clean(self, value: Any) -> dict[str, Any]:
        """Check each answer; null forgets it."""
        if not isinstance(value, dict):
            raise Wrong("Must be an object.")
        return {name: kept for name, kept in super().clean(value).items() if kept is not None}
