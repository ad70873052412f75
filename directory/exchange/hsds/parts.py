"""What all objects have: ids that stay, and no field without a value."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

VERSION = "3.1.1"
"""Of HSDS."""

Json = dict[str, Any]
Published = Mapping[str, Any]

NAMESPACE = UUID("5b0f0c5e-7a53-4a0e-9a0c-3f1d5a7f2c61")
"""Of ids that no record has: a part's follows from its owner's id and its place there, never from what it says."""


def derived(*path: object) -> str:
    """The id of something that is no record of the registry: the same in every answer."""
    return str(uuid5(NAMESPACE, "/".join(str(one) for one in path)))


def said(**fields: Any) -> Json:
    """An object of the fields that have a value: HSDS has no null."""
    return {name: value for name, value in fields.items() if value is not None and value != []}


def moment(at: datetime) -> str:
    """An instant to the millisecond, with its offset."""
    return at.isoformat(timespec="milliseconds")


def labelled(owner: str, code: str, value: Any, label: str, link_type: str | None = None, term: Any = None) -> Json:
    """An attribute: a fact for which HSDS has no field."""
    words = ", ".join(value) if isinstance(value, list) else str(value)
    return said(id=derived(owner, code), link_type=link_type, label=label, value=words, taxonomy_term=term)
