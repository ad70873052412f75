"""The collections as tables: which columns each has, and what stands in them of a record as it is read.

An object has a column for each of its fields (`accreditation.status`); what is absent and what is not known are both
an empty cell.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import orjson

from directory.collection import Collection
from directory.exchange.cells import safe
from directory.fields import Field, Shape
from directory.services.catalogue import COLLECTIONS
from directory.services.links import SHOWN as GRADES

Cell = str | int | float | None
BETWEEN = "; "
"""Between the values of a list."""
LISTED = f"Lists of words have `{BETWEEN.strip()}` between them, and what has more parts is JSON."
QUOTED = (
    "Text that begins with = + - @ (wide ones too), a tab or a line feed has an apostrophe before it, which is no part "
    "of it."
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the names that lead to its value in a record, and what it says."""

    path: tuple[str, ...]
    doc: str

    @property
    def name(self) -> str:
        """Its head."""
        return ".".join(self.path)


@cache
def columns_of(name: str) -> tuple[Column, ...]:
    """The columns of a collection. Grades are no part: they are derived when a link is read, and kept nowhere."""
    collection = COLLECTIONS[name]
    fields = {one: field for one, field in collection.readable.items() if name != "links" or one not in GRADES}
    return tuple(_columns((), fields))


def _columns(above: tuple[str, ...], fields: Mapping[str, Field]) -> Iterator[Column]:
    for name, field in fields.items():
        if isinstance(field, Shape):
            yield from _columns((*above, name), field.fields)
        else:
            yield Column((*above, name), field.doc)


def row_of(columns: Sequence[Column], published: Mapping[str, Any]) -> list[Cell]:
    """A record's cells."""
    return [_cell(_at(column.path, published)) for column in columns]


def _at(path: Sequence[str], value: Any) -> Any:
    for name in path:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def _cell(value: Any) -> Cell:
    if value is None:
        return None
    if isinstance(value, str):
        return safe(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list) and all(isinstance(one, str) and _is_plain(one) for one in value):
        return safe(BETWEEN.join(value))
    return orjson.dumps(value).decode()


def _is_plain(text: str) -> bool:
    return ";" not in text and not text.startswith("[")


def about(collections: Sequence[Collection], revision: int) -> list[tuple[str, str]]:
    """What stands beside the tables: where to go on from, and what each column says."""
    lines = [
        ("The registry of the partner directory, as one reader may read it", ""),
        ("Revision", str(revision)),
        ("To go on from it", f"GET /api/v1/changes?after={revision}"),
        ("Lists", LISTED),
        ("Text", QUOTED),
        ("Empty cells", "Not known, does not apply, or not yours to see. Closed and suspended records are left out."),
    ]
    return lines + [
        (f"{collection.path}: {column.name}", column.doc)
        for collection in collections
        for column in columns_of(collection.name)
    ]
