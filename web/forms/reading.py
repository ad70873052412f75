"""What a form of controls sends, as the JSON value that the API would take.

Nothing is checked here: what cannot be read is handed on as it was typed, and the field of the registry says what is
wrong with it. An empty control is null, an empty row is not there.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import singledispatch
from typing import Any

from werkzeug.datastructures import MultiDict

from directory.changes import LOCAL
from directory.fields import Boolean, Code, Field, Id, Instant, Integer, Listing, Number, OneOf, Shape, Wrong

MOST_ROWS = 60
Form = MultiDict[str, str]
Resolve = Callable[[str, str, str], str]
"""The id that a typed name stands for, given the path of its control and the collection it is of."""


def values(fields: Mapping[str, Field], form: Form, resolve: Resolve) -> dict[str, Any]:
    """The value of each field whose control was on the form."""
    return {name: _read(field, name, form, resolve) for name, field in fields.items() if _sent(name, form)}


def sensible(fields: Mapping[str, Field], given: Mapping[str, Any]) -> dict[str, Any]:
    """Those values that the fields take, of an address that anybody may type: the others are as good as not said."""
    kept: dict[str, Any] = {}
    for name, value in given.items():
        with suppress(Wrong):
            kept |= {} if value is None else {name: fields[name].clean(value)}
    return kept


def _sent(path: str, form: Form) -> bool:
    return any(name == path or name.startswith(f"{path}.") for name in form)


@singledispatch
def _read(field: Field, path: str, form: Form, resolve: Resolve) -> Any:
    return form.get(path, "").strip() or None


@_read.register
def _boolean(field: Boolean, path: str, form: Form, resolve: Resolve) -> Any:
    text = form.get(path, "").strip()
    return {"true": True, "false": False}.get(text, text or None)


@_read.register
def _integer(field: Integer, path: str, form: Form, resolve: Resolve) -> Any:
    text = form.get(path, "").strip()
    return int(text) if text.removeprefix("-").isdecimal() and len(text) < 12 else text or None


@_read.register
def _number(field: Number, path: str, form: Form, resolve: Resolve) -> Any:
    text = form.get(path, "").strip().replace(",", ".")
    try:
        return float(text)
    except ValueError:
        return text or None


@_read.register
def _instant(field: Instant, path: str, form: Form, resolve: Resolve) -> Any:
    """Typed in local time."""
    text = form.get(path, "").strip()
    try:
        return datetime.fromisoformat(text).replace(tzinfo=LOCAL).isoformat()
    except ValueError:
        return text or None


@_read.register
def _id(field: Id, path: str, form: Form, resolve: Resolve) -> Any:
    text = form.get(path, "").strip()
    return resolve(path, field.to, text) if text else None


@_read.register
def _shape(field: Shape, path: str, form: Form, resolve: Resolve) -> Any:
    read: dict[str, Any] = {}
    for name, part in field.fields.items():
        inner = f"{path}.{name}"
        if not _sent(inner, form):
            continue
        if name == "id" and isinstance(part, Id):
            part = replace(part, to=f"{form.get(f'{path}.type', '')}s")
        read[name] = _read(part, inner, form, resolve)
    return read if any(value not in (None, []) for value in read.values()) else None


@_read.register
def _listing(field: Listing, path: str, form: Form, resolve: Resolve) -> Any:
    if isinstance(field.of, Code):
        return [code for code in form.getlist(path) if code]
    if isinstance(field.of, Shape):
        rows = [_read(field.of, f"{path}.{index}", form, resolve) for index in range(MOST_ROWS)]
        return [row for row in rows if row is not None]
    return [line.strip() for text in form.getlist(path) for line in text.splitlines() if line.strip()]


@_read.register
def _one_of(field: OneOf, path: str, form: Form, resolve: Resolve) -> Any:
    code = form.get(f"{path}.code", "").strip()
    if code:
        return code
    other = next(kind for kind in field.kinds if not isinstance(kind, Code))
    said = _read(other, path, form, resolve)
    return None if said == [] else said
