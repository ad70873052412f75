"""Where a record's page leads besides its parts: to what the network's pages say of it, and do with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from directory import permissions
from directory.collection import Collection
from directory.permissions import OTHERS, Actor


@dataclass(frozen=True, slots=True)
class Way:
    """A link to another page about the record."""

    label: str
    address: str


def ways(who: Actor, collection: Collection, record: Mapping[str, Any], *, writes: bool) -> Iterator[Way]:
    """The pages about a record that its reader may ask for; `writes`: whether the reader may change it."""
    if record.get("status") == "closed":
        return
    if collection.name == "organisations" and _reads_links(who, record["id"]):
        yield Way("How its links hold", f"/network/organisations/{record['id']}")
    if collection.name == "persons" and permissions.may(who, "network.people"):
        yield Way("What if this person leaves", f"/network/people/{record['id']}")
    if collection.name == "posts" and writes:
        yield Way("Hand over", f"/registry/posts/{record['id']}/handover")


def _reads_links(who: Actor, organisation_id: str) -> bool:
    if not permissions.may(who, "network.links"):
        return False
    return OTHERS["network.links"][who.role] in ("province", "all") or who.organisation_id == organisation_id
