"""The contact book after a few changes: what hangs on the changed owner alone is graded anew.

Facts that are tested, confirmed or agreed change daily and touch one owner. Who sits where and whose a number is change
seldom and may touch anybody: then the book is made anew."""

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from matching.contact_records import (
    ContactRecords,
    Home,
    Record,
    earliest_after,
    end_home,
    is_active,
    midnight,
    record_home,
    turning_points,
)
from matching.contactbook import DEFAULT, ContactBook
from matching.layered import layered
from matching.rows import ById
from matching.week import LOCAL

Turn = tuple[datetime, str, str, bool]
"""When a fact turns, its collection, the record (of a focal point the post), and whether somebody comes or goes."""

TURNING = ("focal_points", "channels", "links")

DECISIVE: Mapping[str, frozenset[str]] = {
    "sites": frozenset(),
    "service_sites": frozenset({"status", "service_id"}),
    "services": frozenset({"department_id", "organisation_id"}),
    "departments": frozenset({"status", "suspended", "organisation_id"}),
    "organisations": frozenset({"status", "suspended", "sector", "masked"}),
}
"""All that the book reads of a record; whatever else changes leaves it as it is."""

OWNERS: Mapping[str, frozenset[str]] = {
    "channels": frozenset({"status", "owner", "value", "channel_kind"}),
    "focal_points": frozenset({"status", "post_id", "person_id", "starts", "ends"}),
}
"""What says whose it is; where that changes the book is made anew."""


def renewed(
    book: ContactBook, before: ById, after: ById, changed: Mapping[str, Iterable[str]]
) -> tuple[ContactBook, set[str]] | None:
    """The book after changes and whose redundancy may differ; the same one if they do not touch it, None if it must be
    made anew."""
    touched: dict[str, list[str]] = {}
    for name, ids in changed.items():
        for key in ids:
            was, now = before.get(name, {}).get(key), after.get(name, {}).get(key)
            if was == now or _is_indifferent(name, was, now):
                continue
            if name != "links" and not _keeps_its_owner(name, was, now):
                return None
            touched.setdefault(name, []).append(key)
    return _with(book, after, touched) if touched else (book, set())


def turns(records: ById) -> Iterator[Turn]:
    """Every instant at which a grade can change though nobody writes, and of what record."""
    for name in TURNING:
        for key, record in records.get(name, {}).items():
            for instant in turning_points({name: [record]}, DEFAULT):
                if name == "focal_points":
                    yield instant, name, str(record["post_id"]), _is_term(record, instant)
                else:
                    yield instant, name, key, False


def _is_term(focal_point: Record, instant: datetime) -> bool:
    return any(focal_point.get(k) and instant == midnight(focal_point[k]) for k in ("starts", "ends"))


def turned(
    book: ContactBook, now: datetime, passed: Sequence[Turn], following: Sequence[Turn]
) -> tuple[ContactBook, set[str]] | None:
    """The book at a later time, after some facts turned stale, and whose redundancy may differ; None if somebody's time
    in a post began or ended."""
    if any(term for _, _, _, term in passed):
        return None
    later = copy.copy(book)
    later.records = records = copy.copy(book.records)
    records.now, records.today = now, now.astimezone(LOCAL).date()
    later.now = now
    later.forget()
    homes: set[Home] = set()
    sites: set[str] = set()
    for _, name, key, _ in passed:
        if name == "channels" and key in records.by_id["channels"]:
            _whose(records, records.by_id["channels"][key], homes, sites)
        elif name == "focal_points" and key in records.by_id["posts"]:
            homes.add(record_home(records.by_id["posts"][key]))
    _count(later, homes, sites)
    later.valid_until = earliest_after(now, (instant for instant, *_ in following))
    return later, sites


def _count(later: ContactBook, homes: set[Home], sites: set[str]) -> None:
    """The redundancies of those candidates, and of all of those homes."""
    sites.update(key for home in homes for key in later.records.candidates_of(home))
    later.own = layered(later.own, later.own_redundancies(sites))


def _is_indifferent(name: str, was: Record | None, now: Record | None) -> bool:
    return name in DECISIVE and was is not None and now is not None and _same(was, now, DECISIVE[name])


def _keeps_its_owner(name: str, was: Record | None, now: Record | None) -> bool:
    return name in OWNERS and was is not None and now is not None and _same(was, now, OWNERS[name])


def _same(was: Record, now: Record, fields: Iterable[str]) -> bool:
    return all(was.get(field) == now.get(field) for field in fields)


def _with(book: ContactBook, after: ById, touched: Mapping[str, list[str]]) -> tuple[ContactBook, set[str]]:
    later = copy.copy(book)
    later.records = records = copy.copy(book.records)
    later.forget()
    homes: set[Home] = set()
    sites: set[str] = set()
    for key in touched.get("channels", ()):
        _put_channel(records, after["channels"][key], homes, sites)
    for key in touched.get("focal_points", ()):
        homes |= _put_seat(records, after["focal_points"][key])
    if "links" in touched:
        later.far = _far(book, after, touched["links"])
    _count(later, homes, sites)
    fresh = {name: [after[name][key] for key in ids if key in after[name]] for name, ids in touched.items()}
    soon = earliest_after(book.records.now, turning_points(fresh, records.thresholds))
    later.valid_until = _first(book.valid_until, soon)
    return later, sites


def _first(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((instant for instant in (one, other) if instant is not None), default=None)


def _put_channel(records: ContactRecords, channel: Record, homes: set[Home], sites: set[str]) -> None:
    """A line as it is now, and whose redundancy it may change."""
    key, owner = str(channel["id"]), end_home(channel["owner"])
    records.by_id = {**records.by_id, "channels": layered(records.by_id["channels"], {key: channel})}
    records.channels_of = copy.copy(records.channels_of)
    listed = records.channels_of.get(owner, ())
    records.channels_of[owner] = [channel if str(one["id"]) == key else one for one in listed]
    _whose(records, channel, homes, sites)


def _whose(records: ContactRecords, channel: Record, homes: set[Home], sites: set[str]) -> None:
    """Whose redundancy a line may change."""
    owner = end_home(channel["owner"])
    kind, of = owner
    if kind == "post":
        post = records.by_id["posts"].get(of)
        homes.update([] if post is None else [record_home(post)])
    elif kind == "service_site":
        sites.add(of)
    elif kind != "person":
        homes.add(owner)


def _put_seat(records: ContactRecords, focal_point: Record) -> set[Home]:
    """Somebody in a post, confirmed anew; and whose redundancy that may change."""
    key, post = str(focal_point["id"]), records.by_id["posts"].get(str(focal_point["post_id"]))
    seat = records.seats.get(key)
    if post is None or seat is None:
        return set()
    now = seat.confirmed(focal_point.get("verified_at"), primary=bool(focal_point.get("primary")))
    records.seats = {**records.seats, key: now}
    records.seats_at = copy.copy(records.seats_at)
    records.seats_at[str(post["id"])] = [now if one.id == key else one for one in records.seats_at[str(post["id"])]]
    return {record_home(post)}


def _far(book: ContactBook, after: ById, ids: list[str]) -> dict[Home, dict[Home, list[tuple[Record, str]]]]:
    """Who is linked with whom, after links came, changed or went."""
    gone = set(ids)
    far = {
        near: {home: [one for one in links if str(one[0]["id"]) not in gone] for home, links in of.items()}
        for near, of in book.far.items()
    }
    for key in ids:
        link = after["links"].get(key)
        if link is not None and is_active(link):
            a, b = end_home(link["a"]), end_home(link["b"])
            if a != b:
                far.setdefault(a, {}).setdefault(b, []).append((link, "b"))
                far.setdefault(b, {}).setdefault(a, []).append((link, "a"))
    return far
