"""What matching reads: every record as published, in one snapshot with its revision."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from directory import changes, db
from directory.collection import Collection
from directory.models.department import Department
from directory.models.service import Service, ServiceSite
from directory.models.site import Site
from directory.models.upkeep import Change
from directory.permissions import Actor
from directory.queries.masking import masked_organisations
from directory.queries.published import Published, Publisher

MATCHING = Actor("anonymous", "matching")
"""Matching reads as one who is cleared for nothing, whoever asks."""

UNREAD = frozenset({"version", "created_at", "updated_at", "source", "external_ids"})
"""What no match reads of a record."""

DAYS_WITHIN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "organisations": {"accreditation": ("issued", "expires")},
    "links": {"memorandum": ("signed", "expires"), "facts": ("on",)},
}


MOST_CHANGES, SHARE = 1000, 4
"""With more changes than this since a snapshot, and than one record in so many, reading all anew is quicker."""
BATCH = 500
"""Ids in one question to the database."""

Records = dict[str, dict[str, Published]]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Published records by collection and id, and the revision they belong to."""

    revision: int
    records: Records

    @property
    def collections(self) -> Mapping[str, list[Published]]:
        """The records of each collection, in the order of their ids."""
        return {name: [those[one] for one in sorted(those)] for name, those in self.records.items()}


def revision(session: Session) -> int:
    """The registry's revision."""
    return changes.revision(session)


def seen(session: Session) -> int:
    """The revision that a request has read before its session reads anything; once it has, the session's own."""
    return changes.revision(session) if has_read(session) else int(session.info["seen"])


def has_read(session: Session) -> bool:
    """Whether a session has begun to read, or to write, by itself: what is kept may then be older than what it sees."""
    return session.info.get("seen") is None or session.in_transaction()


def change(session: Session, revision: int) -> tuple[str, ...]:
    """What was changed by a revision, and when; empty if nothing was."""
    found = session.get(Change, revision)
    return () if found is None else (found.collection, found.record_id, found.op, found.at.isoformat())


def home(session: Session) -> Engine:
    """Whose registry it is: what is kept of one is kept for its engine."""
    return db.home(session)


def snapshot(session: Session, collections: Mapping[str, Collection]) -> Snapshot:
    """All published records of the given collections. Timestamps are UTC datetimes, days dates, ids strings."""
    records = {name: _read(session, collection, None) for name, collection in collections.items()}
    return Snapshot(changes.revision(session), records)


@dataclass(frozen=True, slots=True)
class Renewal:
    """What changed up to a revision: ids, by collection, of all records that may differ, and those of them that there
    are."""

    revision: int
    changed: Mapping[str, Set[str]]
    records: Records


def changed(session: Session, collections: Mapping[str, Collection], since: int, known: int) -> Renewal | None:
    """What changed since a revision, reading that alone; None if so much did that reading all anew is quicker. `known`
    is how many records there were."""
    newer = select(Change.collection, Change.record_id).where(Change.revision > since).distinct()
    most = max(MOST_CHANGES, known // SHARE)
    rows = session.execute(newer.limit(most + 1)).all()
    if len(rows) > most:
        return None
    ids: dict[str, set[str]] = {name: {one for at, one in rows if at == name} for name in collections}
    _with_dependents(session, ids)
    records = {name: _read_those(session, collection, ids[name]) for name, collection in collections.items()}
    return Renewal(changes.revision(session), ids, records)


def _read_those(session: Session, collection: Collection, ids: set[str]) -> dict[str, Published]:
    found: dict[str, Published] = {}
    for some in _batches(ids):
        found |= _read(session, collection, some)
    return found


def _batches(ids: set[str]) -> Iterator[list[str]]:
    those = sorted(ids)
    return (those[start : start + BATCH] for start in range(0, len(those), BATCH))


def _with_dependents(session: Session, changed: dict[str, set[str]]) -> None:
    """What is published of units, services and places depends on whether their organisation is confidential."""
    owned: set[str] = set()
    for owners in _batches(changed["organisations"]):
        for name, model in (("departments", Department), ("sites", Site)):
            changed[name] |= set(session.scalars(select(model.id).where(model.organisation_id.in_(owners))))
        owned |= set(session.scalars(select(Service.id).where(Service.organisation_id.in_(owners))))
    changed["services"] |= owned
    for column, ids in ((ServiceSite.service_id, owned), (ServiceSite.site_id, changed["sites"])):
        for some in _batches(ids):
            changed["service_sites"] |= set(session.scalars(select(ServiceSite.id).where(column.in_(some))))


def _read(session: Session, collection: Collection, ids: Sequence[str] | None) -> dict[str, Published]:
    chosen = select(*db.columns(collection.model, UNREAD))
    if ids is not None:
        chosen = chosen.where(collection.model.id.in_(ids))
    published = Publisher(session, MATCHING, UNREAD).publish(collection, session.execute(chosen).all())
    masked = masked_organisations(session)
    for record in published:
        _typed(collection.name, record)
        if collection.name == "organisations":
            record["masked"] = record["id"] in masked
        elif collection.name == "sites":
            record |= {"area_id": record["area"]["id"], "lat": record["point"]["lat"], "lon": record["point"]["lon"]}
    return {record["id"]: record for record in published}


def _typed(name: str, published: Published) -> None:
    for field, days in DAYS_WITHIN.get(name, {}).items():
        value = published.get(field)
        if isinstance(value, list):
            published[field] = [_with_days(one, days) for one in value]
        elif value is not None:
            published[field] = _with_days(value, days)


def _with_days(value: Mapping[str, Any], days: tuple[str, ...]) -> dict[str, Any]:
    return {k: date.fromisoformat(v) if k in days and v is not None else v for k, v in value.items()}
