"""What most needs to be asked again, in the order in which it hurts if it is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from directory.permissions import Actor, may
from directory.services import due
from directory.services.due import AGES, QUEUED, Due
from matching import feed
from matching.contact_records import Record
from matching.contacts import age_days
from matching.stakes import PRESSING, Stake, Stakes

AGE_ORDER = {age: place for place, age in enumerate(AGES)}
COLLECTION_ORDER = {name: place for place, name in enumerate(QUEUED)}
QUEUE_REASONS: Mapping[str, str] = {
    "no_contact": "Nobody can be reached there now.",
    "single_contact": "One contact, or one line, is all there is.",
    **AGES,
    "urgent_need": f"It serves a need of urgency 1 to {PRESSING}.",
    "scarce_need": "It serves a need that at most two organisations of its province serve, or give from afar.",
}
"""Why an item stands where it stands."""


@dataclass(frozen=True, slots=True)
class Named:
    """A record by its id and name."""

    id: str
    name: str | None


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A record to be asked again. `rank`: 1 first; `days` since it was confirmed."""

    rank: int
    collection: str
    id: str
    name: str | None
    organisation: Named | None
    verified_at: datetime | None
    days: int | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Queue:
    """A part of the queue, and how long it is. `with_people`: whether it tells how much hangs on whom."""

    items: tuple[QueueItem, ...]
    total: int
    with_people: bool


def verification_queue(session: Session, actor: Actor, filters: Mapping[str, Any], now: datetime, part: slice) -> Queue:
    """A part of the records that are the actor's to ask, the one that hurts most first. Raises Denied.

    First who hangs on no contact or one; then by age; then by the most urgent need served, those that few serve first;
    then the longest not confirmed; then by collection, name and id. What hangs on people, posts and numbers is for
    coordinators alone: for all others they stand as if they had several contacts.
    """
    found = due.due(session, actor, filters)
    network = feed.network(session)
    people = may(actor, "network.people")
    hidden = feed.hidden(session, actor, network)
    stakes = Stakes(network.records, network.book(now), feed.urgencies(), hidden, people=people)
    known = [(one, record) for one in found if (record := network.records[one.collection].get(one.id)) is not None]
    staked = [(one, record, stakes.of(one.collection, record)) for one, record in known]
    staked.sort(key=lambda entry: _key(entry[0], entry[1], entry[2], stakes))
    shown = enumerate(staked[part], (part.start or 0) + 1)
    return Queue(tuple(_item(place, *entry, stakes, now) for place, entry in shown), len(staked), people)


def _key(one: Due, record: Record, stake: Stake, stakes: Stakes) -> tuple[Any, ...]:
    verified = record["verified_at"]
    return (
        2 if stake.contacts is None else min(stake.contacts, 2),
        AGE_ORDER[one.age],
        stake.urgency,
        not stake.scarce,
        0.0 if verified is None else verified.timestamp(),
        COLLECTION_ORDER[one.collection],
        name_of(one.collection, record, stakes) or "",
        one.id,
    )


def _item(place: int, one: Due, record: Record, stake: Stake, stakes: Stakes, now: datetime) -> QueueItem:
    owner = stakes.organisation(one.collection, record)
    told = {*stake.reasons, one.age}
    return QueueItem(
        rank=place,
        collection=QUEUED[one.collection].path,
        id=one.id,
        name=name_of(one.collection, record, stakes),
        organisation=None if owner is None else Named(str(owner["id"]), owner["name"]),
        verified_at=record["verified_at"],
        days=age_days(record["verified_at"], now),
        reasons=tuple(code for code in QUEUE_REASONS if code in told),
    )


def name_of(name: str, record: Record, stakes: Stakes) -> str | None:
    """What a record is called; one without a name of its own by what it belongs to. Numbers are not told."""
    records = stakes.records
    if name == "service_sites":
        site = records["sites"].get(str(record["site_id"]), {})
        place = site.get("name") or (site["area"]["label"] if site else None)
        service = records["services"].get(str(record["service_id"]), {}).get("name")
        return ", ".join(part for part in (service, place) if part) or None
    if name == "links":
        ends = [records[f"{record[end]['type']}s"].get(record[end]["id"], {}).get("name") for end in ("a", "b")]
        return " and ".join(str(one) for one in ends if one) or None
    if name == "channels":
        owner = f"{record['owner']['type']}s"
        found = records[owner].get(record["owner"]["id"])
        return None if found is None else name_of(owner, found, stakes)
    if name == "focal_points":
        return str(record["person"]["name"])
    called = record.get({"persons": "full_name", "posts": "title"}.get(name, "name"))
    return None if called is None else str(called)
