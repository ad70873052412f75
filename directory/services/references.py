"""What a record refers to: ids of other records, wherever they stand in its fields."""

from collections.abc import Iterator, Mapping, Set
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.errors import Invalid
from directory.fields import Field, Id, Listing, Shape
from directory.models.record import Record
from directory.permissions import Actor
from directory.queries.visibility import referable

Collected = Set[tuple[str, str]]
"""References, as collection and id."""

MODELS: dict[str, type[Record]] = {}
"""Models by collection name, for following references; filled by the catalogue of collections."""


def check(
    session: Session,
    fields: Mapping[str, Field],
    values: Mapping[str, Any],
    actor: Actor | None = None,
    kept: Collected = frozenset(),
) -> None:
    """Raise Invalid for each id that no record has which this actor may know of; of `kept` ones nothing is asked."""
    known: set[tuple[str, str]] = session.info.setdefault("known", set())
    errors: dict[str, list[str]] = {}
    for path, name, identifier in _within(fields, values, ""):
        if (name, identifier) in known or (name, identifier) in kept:
            continue
        model = MODELS[name]
        seen = [] if actor is None else referable(session, actor, name)
        if session.scalar(select(model.id).where(model.id == identifier, *seen)) is None:
            errors[path] = [f"No record of {name} has this id."]
        else:
            known.add((name, identifier))
    if errors:
        raise Invalid(errors)


def of(fields: Mapping[str, Field], values: Mapping[str, Any]) -> Collected:
    """All references in some values."""
    return {(name, identifier) for _, name, identifier in _within(fields, values, "")}


def _within(fields: Mapping[str, Field], values: Mapping[str, Any], path: str) -> Iterator[tuple[str, str, str]]:
    for name, value in values.items():
        if name in fields and value is not None:
            yield from _inside(fields[name], value, f"{path}{name}")


def _inside(field: Field, value: Any, path: str) -> Iterator[tuple[str, str, str]]:
    if isinstance(field, Id) and field.to:
        yield path, field.to, cast(str, value)
    elif isinstance(field, Listing):
        for index, item in enumerate(value):
            yield from _inside(field.of, item, f"{path}.{index}")
    elif isinstance(field, Shape) and isinstance(value, dict):
        if {"type", "id"} <= value.keys():
            yield f"{path}.id", f"{value['type']}s", value["id"]
        else:
            yield from _within(field.fields, value, f"{path}.")
