"""The kinds of field a record can have: how each is checked, and what it looks like as JSON Schema.

Field validation lives here, once: the API's schemas, the loader and the spreadsheets all use it. A field gets a JSON
value and gives back the JSON value to keep (instants and days become Python objects only where a column wants them).
"""

import math
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import iso639
from email_validator import EmailNotValidError, validate_email

from directory import geography, vocabulary
from directory.errors import Invalid

Schema = dict[str, Any]
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)


class Wrong(Exception):
    """A value breaks its field's rule: a sentence, or sentences by path below the field."""

    def __init__(self, said: str | Mapping[str, list[str]]) -> None:
        super().__init__(str(said))
        self.errors: dict[str, list[str]] = {"": [said]} if isinstance(said, str) else dict(said)


@dataclass(frozen=True, kw_only=True)
class Field(ABC):
    """What every kind shares. `required`: must be given, and not null, when a record is made."""

    required: bool = False
    doc: str = ""
    example: Any = None
    create_only: bool = False

    @abstractmethod
    def clean(self, value: Any) -> Any:
        """The value to keep. Raises Wrong."""

    @abstractmethod
    def kind(self) -> Schema:
        """The JSON Schema of a value that is not null."""

    def schema(self) -> Schema:
        """The JSON Schema of the field, null and documentation included."""
        schema = self.kind()
        if not self.required:
            if isinstance(schema.get("type"), str):
                schema["type"] = [schema["type"], "null"]
                if "enum" in schema:
                    schema["enum"] = [*schema["enum"], None]
            else:
                schema = {"anyOf": [schema, {"type": "null"}]}
        if self.doc:
            schema["description"] = self.doc
        if self.example is not None:
            schema["examples"] = [self.example]
        return schema


@dataclass(frozen=True, kw_only=True)
class Text(Field):
    """Characters, trimmed, without control characters."""

    most: int = 200
    least: int = 1

    def clean(self, value: Any) -> str:
        """Check length after trimming."""
        if not isinstance(value, str):
            raise Wrong("Must be a string.")
        if CONTROL.search(value):
            raise Wrong("Must not contain control characters.")
        trimmed = value.strip()
        if not self.least <= len(trimmed) <= self.most:
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
        try:
            iso639.Language.from_part3(value)
        except iso639.LanguageNotFoundError:
            raise Wrong(f"ISO 639-3 has no code {value}.") from None
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


@dataclass(frozen=True, kw_only=True)
class Listing(Field):
    """An array whose items are of one kind; `distinct` drops repeated scalars, keeping the first."""

    of: Field
    most: int = 50
    least: int = 0
    distinct: bool = True

    def clean(self, value: Any) -> list[Any]:
        """Check each item and the length."""
        if not isinstance(value, list):
            raise Wrong("Must be an array.")
        if not self.least <= len(value) <= self.most:
            raise Wrong(f"Must have {self.least} to {self.most} items.")
        kept: list[Any] = []
        errors: dict[str, list[str]] = {}
        for index, item in enumerate(value):
            try:
                cleaned = self.of.clean(item)
            except Wrong as wrong:
                errors |= below(str(index), wrong)
                continue
            if not (self.distinct and isinstance(cleaned, str) and cleaned in kept):
                kept.append(cleaned)
        if errors:
            raise Wrong(errors)
        return kept

    def kind(self) -> Schema:
        """An array."""
        item = self.of.kind()
        return {"type": "array", "items": item, "maxItems": self.most} | (
            {"minItems": self.least} if self.least else {}
        )


@dataclass(frozen=True, kw_only=True)
class Shape(Field):
    """An object with declared fields. `whole` shapes name every field when read: missing ones are null."""

    fields: Mapping[str, Field]
    whole: bool = True

    def clean(self, value: Any) -> dict[str, Any]:
        """Check every field; unknown ones are refused."""
        if not isinstance(value, dict):
            raise Wrong("Must be an object.")
        cleaned = clean_object(self.fields, value, partial=False)
        return {name: cleaned.get(name) for name in self.fields} if self.whole else cleaned

    def kind(self) -> Schema:
        """An object."""
        return object_schema(self.fields)


@dataclass(frozen=True, kw_only=True)
class OneOf(Field):
    """A value that fits the first of several kinds."""

    kinds: tuple[Field, ...]

    def clean(self, value: Any) -> Any:
        """Try each kind in turn; what each said is told when none fits."""
        said: list[str] = []
        for kind in self.kinds:
            try:
                return kind.clean(value)
            except Wrong as wrong:
                said += [text for texts in wrong.errors.values() for text in texts]
        raise Wrong(" Or: ".join(dict.fromkeys(said)))

    def kind(self) -> Schema:
        """A union."""
        return {"anyOf": [kind.kind() for kind in self.kinds]}


def below(path: str, wrong: Wrong) -> dict[str, list[str]]:
    """The errors of a nested value, their paths put below `path`."""
    return {f"{path}.{rest}" if rest else path: said for rest, said in wrong.errors.items()}


def clean_object(fields: Mapping[str, Field], value: Mapping[str, Any], *, partial: bool) -> dict[str, Any]:
    """Check an object against its fields. `partial`: required fields may be missing (but not null). Raises Wrong."""
    errors = {name: ["Unknown field."] for name in value if name not in fields}
    cleaned: dict[str, Any] = {}
    for name, field in fields.items():
        if name not in value:
            if field.required and not partial:
                errors[name] = ["Missing data for required field."]
        elif value[name] is None:
            if field.required:
                errors[name] = ["Field may not be null."]
            cleaned[name] = None
        else:
            try:
                cleaned[name] = field.clean(value[name])
            except Wrong as wrong:
                errors |= below(name, wrong)
    if errors:
        raise Wrong(errors)
    return cleaned


def object_schema(fields: Mapping[str, Field], extra: Iterable[str] = ()) -> Schema:
    """The JSON Schema of an object with these fields; others are refused."""
    schema: Schema = {
        "type": "object",
        "properties": {name: field.schema() for name, field in fields.items()},
        "additionalProperties": False,
    }
    required = [name for name, field in fields.items() if field.required] + list(extra)
    return schema | ({"required": required} if required else {})


def checked(fields: Mapping[str, Field], value: Any, *, partial: bool = False) -> dict[str, Any]:
    """As clean_object, for the edge of the domain: raises Invalid with dotted paths."""
    if not isinstance(value, dict):
        raise Invalid({"": ["Must be an object."]})
    try:
        return clean_object(fields, value, partial=partial)
    except Wrong as wrong:
        raise Invalid(wrong.errors) from None


def as_instant(value: str | None) -> datetime | None:
    """The moment a cleaned Instant stands for."""
    return None if value is None else datetime.fromisoformat(value)


def as_day(value: str | None) -> date | None:
    """The day a cleaned Day stands for."""
    return None if value is None else date.fromisoformat(value)
