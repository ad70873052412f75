"""The registry as it would be without some people, posts' holders, units or channels. Records in, records out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from matching.contact_records import Record, institutional
from matching.network.picture import Collections, Picture


class UnknownSubject(Exception):
    """Things to remove that the registry does not have: (type, id) of each."""

    def __init__(self, subjects: Iterable[tuple[str, str]]) -> None:
        self.subjects = tuple(subjects)
        super().__init__(", ".join(f"{kind} {key}" for kind, key in self.subjects))


@dataclass(frozen=True, slots=True)
class Removal:
    """What goes at once. A person leaves every post; a focal point is one person's time in one post (a transfer); a
    post stands vacant; a department or organisation closes; a channel is dead, and with it every record of the same
    number."""

    person: frozenset[str] = frozenset()
    focal_point: frozenset[str] = frozenset()
    post: frozenset[str] = frozenset()
    department: frozenset[str] = frozenset()
    organisation: frozenset[str] = frozenset()
    channel: frozenset[str] = frozenset()

    @classmethod
    def of(cls, subjects: Iterable[tuple[str, str]]) -> Removal:
        """From (type, id) pairs. Raises UnknownSubject for a type that cannot be removed."""
        listed = list(subjects)
        kinds = {one.name for one in fields(cls)}
        unknown = [(kind, key) for kind, key in listed if kind not in kinds]
        if unknown:
            raise UnknownSubject(unknown)
        return cls(**{kind: frozenset(key for found, key in listed if found == kind) for kind in kinds})


def without(picture: Picture, removal: Removal) -> Collections:
    """The collections as they would be. Raises UnknownSubject.

    Whoever was reached by dead numbers alone is out of reach, and leaves with them; whoever never had a number on
    record stays. A dead number still says who is one person and which line is somebody's own: nobody becomes more
    reachable because a number dies or its owner leaves.
    """
    check(picture.collections, removal)
    dead = frozenset(picture.records.plain[key] for key in removal.channel)
    left = {picture.person_of[key] for key in removal.person if key in picture.person_of} | _stranded(picture, dead)
    return {
        **picture.collections,
        "focal_points": [
            one
            for one in picture.collections.get("focal_points", ())
            if picture.person_of.get(str(one["person_id"])) not in left
            and str(one["id"]) not in removal.focal_point
            and str(one["post_id"]) not in removal.post
        ],
        "channels": [
            _closed(one) if institutional(one) and picture.records.plain[str(one["id"])] in dead else one
            for one in picture.collections.get("channels", ())
        ],
        "departments": _closing(picture.collections.get("departments", ()), removal.department),
        "organisations": _closing(picture.collections.get("organisations", ()), removal.organisation),
    }


def check(collections: Collections, removal: Removal) -> None:
    """Raises UnknownSubject for what the registry does not have."""
    unknown = []
    for one in fields(removal):
        wanted: frozenset[str] = getattr(removal, one.name)
        known = {str(record["id"]) for record in collections.get(f"{one.name}s", ())} if wanted else set()
        unknown += [(one.name, key) for key in sorted(wanted - known)]
    if unknown:
        raise UnknownSubject(unknown)


def _stranded(picture: Picture, dead: frozenset[str]) -> set[str]:
    """Everybody whose numbers are all dead."""
    members = (seat.member for seats in picture.records.seats_at.values() for seat in seats)
    return {member.person for member in members if member.numbers and member.numbers <= dead}


def _closing(records: Iterable[Record], going: frozenset[str]) -> list[Record]:
    return [_closed(record) if str(record["id"]) in going else record for record in records]


def _closed(record: Record) -> Mapping[str, Any]:
    return {**record, "status": "closed"}
