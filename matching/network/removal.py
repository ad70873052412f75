"""The registry as it would be without some people, posts' holders, units or channels. Records in, records out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody gives up a post (a focal point) and takes another."""

    focal_point_id: str
    post_id: str


def without(picture: Picture, removal: Removal, moves: Sequence[Move] = ()) -> Collections:
    """The collections as they would be. Raises UnknownSubject.

    Whoever moves sits in the new post from now on, confirmed, and carries no link there yet.

    Whoever was reached by dead numbers alone is out of reach, and leaves with them; whoever never had a number on
    record stays. A dead number still says who is one person and which line is somebody's own: nobody becomes more
    reachable because a number dies or its owner leaves.
    """
    check(picture.collections, removal, moves)
    moved = {move.focal_point_id for move in moves}
    dead = frozenset(picture.records.plain[key] for key in removal.channel)
    left = {picture.person_of[key] for key in removal.person if key in picture.person_of} | _stranded(picture, dead)
    kept = [
        one
        for one in (*picture.collections.get("focal_points", ()), *_seated(picture, moves))
        if picture.person_of.get(str(one["person_id"])) not in left
        and str(one["id"]) not in removal.focal_point | moved
        and str(one["post_id"]) not in removal.post
    ]
    return {
        **picture.collections,
        "focal_points": kept,
        "posts": _filled(picture.collections.get("posts", ()), {move.post_id for move in moves}),
        "channels": [
            _closed(one) if institutional(one) and picture.records.plain[str(one["id"])] in dead else one
            for one in picture.collections.get("channels", ())
        ],
        "departments": _closing(picture.collections.get("departments", ()), removal.department),
        "organisations": _closing(picture.collections.get("organisations", ()), removal.organisation),
    }


def _seated(picture: Picture, moves: Iterable[Move]) -> Iterator[Record]:
    """The new seats of those who move."""
    by_id = {str(one["id"]): one for one in picture.collections.get("focal_points", ())}
    for number, move in enumerate(moves):
        left = by_id[move.focal_point_id]
        yield {
            **{name: left[name] for name in ("person_id", "status")},
            "id": f"move {number}",
            "post_id": move.post_id,
            "verified_at": picture.now,
        }


def _filled(posts: Iterable[Record], taken: set[str]) -> list[Record]:
    return [{**post, "state": "filled"} if str(post["id"]) in taken else post for post in posts]


def check(collections: Collections, removal: Removal, moves: Sequence[Move] = ()) -> None:
    """Raises UnknownSubject for what the registry does not have."""
    moving = (("focal_point", [one.focal_point_id for one in moves]), ("post", [one.post_id for one in moves]))
    unknown = []
    for kind, wanted_here in moving:
        there = {str(record["id"]) for record in collections.get(f"{kind}s", ())} if wanted_here else set()
        unknown += [(kind, key) for key in wanted_here if key not in there]
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
