"""A record in words: what each field says, for people to read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import singledispatch
from typing import Any

from directory import geography, languages
from directory.fields import Boolean, Code, Field, Id, Instant, Language, Listing, OneOf, Shape
from directory.services.catalogue import COLLECTIONS
from web import html
from web.forms import controls
from web.pages.registry.naming import MARK

NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Said:
    """What one field says; `link` leads to the record it names."""

    label: str
    text: str
    link: str = ""


def said(fields: Mapping[str, Field], record: Mapping[str, Any], names: Mapping[str, str]) -> list[Said]:
    """The fields of a record that its reader sees, in words; what is empty is left out."""
    told = []
    for name, field in fields.items():
        value = record.get(name)
        if value in (None, "", [], {}):
            continue
        told.append(Said(controls.label(name), _words(field, value, names), link(field, value)))
    return told


def link(field: Field, value: Any) -> str:
    """The page of the record that a field names."""
    if isinstance(field, Id) and field.to in COLLECTIONS:
        return f"/registry/{COLLECTIONS[field.to].path}/{value}"
    if isinstance(field, Shape) and "type" in field.fields and isinstance(value, Mapping):
        name = f"{value.get('type')}s"
        return f"/registry/{COLLECTIONS[name].path}/{value.get('id')}" if name in COLLECTIONS else ""
    return ""


@singledispatch
def _words(field: Field, value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, datetime):
        return html.local_time(value)
    if isinstance(value, date):
        return f"{value:%d %B %Y}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


@_words.register
def _code(field: Code, value: Any, names: Mapping[str, str]) -> str:
    labels = {choice.code: choice.label for choice in controls.choices(field)}
    return labels.get(value, str(value).replace("_", " "))


@_words.register
def _boolean(field: Boolean, value: Any, names: Mapping[str, str]) -> str:
    return "yes" if value else "no"


@_words.register
def _instant(field: Instant, value: Any, names: Mapping[str, str]) -> str:
    return html.local_time(value if isinstance(value, datetime) else datetime.fromisoformat(value))


@_words.register
def _id(field: Id, value: Any, names: Mapping[str, str]) -> str:
    return MARK.sub("", names.get(value, "")) or "a record you may not read"


@_words.register
def _language(field: Language, value: Any, names: Mapping[str, str]) -> str:
    return languages.name(value)


@_words.register
def _listing(field: Listing, value: Any, names: Mapping[str, str]) -> str:
    between = "; " if isinstance(field.of, Shape) else ", "
    return between.join(_words(field.of, item, names) for item in value)


@_words.register
def _shape(field: Shape, value: Any, names: Mapping[str, str]) -> str:
    if "type" in field.fields and "id" in field.fields:
        return MARK.sub("", names.get(value["id"], "")) or f"a {value['type']} you may not read"
    if value.get("label"):
        return str(value["label"])
    if "scope" in field.fields:
        return ", ".join(map(_place, value.get("codes") or ())) or "the whole country"
    parts = [
        f"{controls.label(name).lower()}: {_words(part, value[name], names)}"
        for name, part in field.fields.items()
        if name != "id" and value.get(name) not in (None, "", [])
    ]
    return ", ".join(parts) or NOT_KNOWN


def _place(code: str) -> str:
    """A province or district by its name."""
    found = geography.districts().get(code)
    return geography.provinces().get(code, code) if found is None else found.name


@_words.register
def _one_of(field: OneOf, value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, list):
        inner = next(kind for kind in field.kinds if isinstance(kind, Listing))
        if isinstance(inner.of, Shape) and "opens" in inner.of.fields:
            return "; ".join(f"{' '.join(one['days'])} {one['opens']} to {one['closes']}" for one in value)
        return _words(inner, value, names)
    return str(value).replace("_", " ")
