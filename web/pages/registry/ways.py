"""Where a record's page leads besides its parts: to what the network's pages say of it, and do with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from directory.collection import Collection
from directory.permissions import Actor


@dataclass(frozen=True, slots=True)
class Way:
    """A link to another page about the record."""

    label: str
    address: str


def ways(who: Actor, collection: Collection, record: Mapping[str, Any], *, writes: bool) -> Iterator[Way]:
    """The pages about a record that its reader may ask for; `writes`: whether the reader may change it."""
    if record.get("status") == "closed":
        return
    if collection.name == "posts" and writes:
        yield Way("Hand over", f"/registry/posts/{record['id']}/handover")
