"""Fields that hold one value: how each is checked, and what it looks like as JSON Schema."""

import math
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from directory import geography, languages, vocabulary
from directory.field import Field, Schema, Wrong

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Text(Field):
    """Characters, trimmed, without control characters."""

    most: int = 200
    least: int = 1

    def clean(self, value: Any) -> str:
        """Check the length, trimmed and of what is seen."""
        if not isinstance(value, str):
            raise Wrong("Must be a string.")
        if CONTROL.search(value):
            raise Wrong("Must not contain control characters.")
        trimmed = value.strip()
        if len(value) > self.most or len(geography.UNSEEN.sub("", trimmed).strip()) < self.least:
            raise Wrong(f"Must have {self.least} to {self.most} characters.")
        return trimmed

    def kind(self) -> Schema:
        """A string of bounded length."""
        return {"type": "string", "minLength": self.least, "maxLength": self.most}


@dataclass(frozen=True, kw_only=True)
class Url(Text):
    """A web address."""

    most: int = 300

    def clean(self, value: Any) -> str:
        """Check the scheme and that there is a host without white space."""
        text = super().clean(value)
        if not re.fullmatch(r"https?://[^\s/?#@]+\.[^\s/?#@]+([/?#]\S*)?", text):
            raise Wrong("Must be an http or https address.")
        return text


@dataclass(frozen=True, kw_only=True)
class Email(Text):
    """An e-mail address, syntax checked, never looked up."""

    most: int = 254

    def clean(self, value: Any) -> str:
        """Normalise the domain's case."""
        from email_validator import EmailNotValidError, validate_email

        try:
            return validate_email(super().clean(value), check_deliverability=False).normalized
        except EmailNotValidError as error:
            raise Wrong(str(error)) from None


@dataclass(frozen=True, kw_only=True)
class Code(Field):
    """A term of one vocabulary set, or of the codes given."""

    of: str = ""
    among: tuple[str, ...] = ()

    def choices(self) -> tuple[str, ...]:
        """The codes allowed."""
        return self.among or vocabulary.codes(self.of)

    def clean(self, value: Any) -> str:
        """Check membership."""
        if not isinstance(value, str) or value not in self.choices():
            raise Wrong(f"Must be one of: {', '.join(self.choices())}.")
        return value

    def kind(self) -> Schema:
        """An enumeration."""
        return {"type": "string", "enum": list(self.choices())}


@dataclass(frozen=True, kw_only=True)
class Province(Code):
    """A province by its ISO 3166-2 code."""

    def choices(self) -> tuple[str, ...]:
        """All nine."""
        return tuple(geography.provinces())


@dataclass(frozen=True, kw_only=True)
class District(Code):
    """A district or metro by its Municipal Demarcation Board code."""

    def choices(self) -> tuple[str, ...]:
        """All 52."""
        return tuple(geography.districts())


@dataclass(frozen=True, kw_only=True)
class Language(Field):
    """A language by its ISO 639-3 code."""

    def clean(self, value: Any) -> str:
        """Check that the standard has the code."""
        if not isinstance(value, str) or not re.fullmatch(r"[a-z]{3}", value):
            raise Wrong("Must be an ISO 639-3 code of three lower-case letters.")
        if not languages.exists(value):
            raise Wrong("ISO 639-3 has no such code.")
        return value

    def kind(self) -> Schema:
        """Three letters."""
        return {"type": "string", "pattern": "^[a-z]{3}$"}


@dataclass(frozen=True, kw_only=True)
class Id(Field):
    """A reference to a record of another collection."""

    to: str

    def clean(self, value: Any) -> str:
        """The id as a lower-case hyphenated UUID."""
        return clean_id(value)

    def kind(self) -> Schema:
        """A UUID."""
        return {"type": "string", "format": "uuid"}


def clean_id(value: Any) -> str:
    """A UUID in its usual form, lower case. Raises Wrong."""
    try:
        canonical = str(UUID(value))
    except (ValueError, AttributeError, TypeError):
        raise Wrong("Must be a UUID.") from None
    if canonical != str(value).lower():
        raise Wrong("Must be a UUID.")
    return canonical


@dataclass(frozen=True, kw_only=True)
class Integer(Field):
    """A whole number."""

    least: int = 0
    most: int = 100_000

    def clean(self, value: Any) -> int:
        """Check the range; true and false are no numbers, 3.0 is 3."""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not self.least <= value <= self.most:
            raise Wrong(f"Must be a whole number from {self.least} to {self.most}.")
        return value

    def kind(self) -> Schema:
        """A bounded integer."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, kw_only=True)
class Number(Field):
    """A finite number."""

    least: float
    most: float

    def clean(self, value: Any) -> float:
        """Check the range."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise Wrong("Must be a number.")
        if not self.least <= value <= self.most:
            raise Wrong(f"Must be from {self.least:g} to {self.most:g}.")
        return float(value)

    def kind(self) -> Schema:
        """A bounded number."""
        return {"type": "number", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, kw_only=True)
class Boolean(Field):
    """True or false."""

    def clean(self, value: Any) -> bool:
        """Accept JSON booleans only."""
        if not isinstance(value, bool):
            raise Wrong("Must be true or false.")
        return value

    def kind(self) -> Schema:
        """A boolean."""
        return {"type": "boolean"}


@dataclass(frozen=True, kw_only=True)
class Day(Field):
    """A calendar date, kept as its ISO string."""

    def clean(self, value: Any) -> str:
        """Check that the day exists and is within reason."""
        try:
            day = date.fromisoformat(value) if re.fullmatch(r"\d{4}-\d\d-\d\d", value) else None
        except (TypeError, ValueError):
            day = None
        if day is None or not EARLIEST <= day <= LATEST:
            raise Wrong("Must be a date, YYYY-MM-DD.")
        return day.isoformat()

    def kind(self) -> Schema:
        """A full date."""
        return {"type": "string", "format": "date"}


@dataclass(frozen=True, kw_only=True)
class Instant(Field):
    """A moment with its offset from UTC, kept as an ISO string in UTC."""

    def clean(self, value: Any) -> str:
        """Check that the moment exists, has an offset and is within reason."""
        try:
            moment = datetime.fromisoformat(value).astimezone(UTC) if datetime.fromisoformat(value).tzinfo else None
        except (TypeError, ValueError, OverflowError):
            moment = None
        if moment is None or not EARLIEST <= moment.date() <= LATEST:
            raise Wrong("Must be a date and time with offset, such as 2026-11-21T22:00:00+02:00.")
        return moment.isoformat()

    def kind(self) -> Schema:
        """A date-time."""
        return {"type": "string", "format": "date-time"}
