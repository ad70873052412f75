"""The kinds of field a record can have: how each is checked, and what it looks like as JSON Schema.

Field validation lives here, once: the API's schemas, the loader and the spreadsheets all use it. A field gets a JSON
value and gives back the JSON value to keep (instants and days become Python objects only where a column wants them).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from directory.errors import Invalid
from directory.field import Field, Schema, Wrong
from directory.scalars import (
    Boolean,
    Code,
    Day,
    District,
    Email,
    Id,
    Instant,
    Integer,
    Language,
    Number,
    Province,
    Text,
    Url,
    clean_id,
)

__all__ = [
    "Boolean",
    "Code",
    "Day",
    "District",
    "Email",
    "Field",
    "Id",
    "Instant",
    "Integer",
    "Language",
    "Listing",
    "Number",
    "OneOf",
    "Province",
    "Schema",
    "Shape",
    "Text",
    "Url",
    "Wrong",
    "as_day",
    "as_instant",
    "below",
    "checked",
    "clean_id",
    "clean_object",
    "object_schema",
]


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
