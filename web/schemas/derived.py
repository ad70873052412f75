"""JSON Schemas of answers that are frozen dataclasses made to be answered, read off their fields."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from web.smorest import Json

PLAIN: Mapping[type, Json] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
}
Values = Mapping[Any, Any]


def schemas(*answers: type) -> dict[str, Json]:
    """A schema for each answer and for each dataclass within it, by name."""
    return {kind.__name__: _object(kind, {}) for answer in answers for kind in _within(answer)}


def _within(kind: Any) -> Iterator[type]:
    """A dataclass and all that its fields are made of, but for generic ones, which are written out in place."""
    if get_origin(kind) is not None:
        for part in get_args(kind):
            yield from _within(part)
    elif isinstance(kind, type) and is_dataclass(kind):
        yield kind
        for hint in get_type_hints(kind).values():
            yield from _within(hint)


def _values(kind: Any) -> Values:
    parameters = getattr(get_origin(kind), "__parameters__", ())
    return dict(zip(parameters, get_args(kind), strict=False))


def _object(kind: Any, values: Values) -> Json:
    hints = get_type_hints(kind)
    properties = {one.name: _schema(hints[one.name], values) for one in fields(kind)}
    described = {"description": " ".join((kind.__doc__ or "").split())}
    return {"type": "object", **described, "properties": properties, "required": list(properties)}


def _schema(hint: Any, values: Values) -> Json:
    hint = values.get(hint, hint)
    origin = get_origin(hint)
    if hint in PLAIN:
        return PLAIN[hint]
    if origin is tuple:
        return {"type": "array", "items": _schema(get_args(hint)[0], values)}
    if origin in (Union, UnionType):
        return _or_null([one for one in get_args(hint) if one is not NoneType], values)
    if origin is not None:
        return _object(origin, _values(hint))
    return {"$ref": f"#/components/schemas/{hint.__name__}"}


def _or_null(kinds: list[Any], values: Values) -> Json:
    """Every union here is of one kind and null."""
    (kind,) = kinds
    schema = _schema(kind, values)
    if "type" in schema:
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}
