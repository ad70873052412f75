"""What matching reads: every record as published, in one snapshot with its revision."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Engine, or_, select
from sqlalchemy.orm import Session

from directory import changes, db
from directory.collection import Collection
from directory.models.service import Service, ServiceSite
from directory.models.site import Site
from directory.models.upkeep import Change
from directory.permissions import Actor
from directory.queries.masking import masked_organisations
from directory.queries.published import Published, Publisher

MATCHING = Actor("anonymous", "matching")
"""Matching reads as one who is cleared for nothing, whoever asks."""

DAYS_WITHIN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "organisations": {"accreditation": ("issued", "expires")},
    "links": {"memorandum": ("signed", "expires"), "facts": ("on",)},
}


MOST_CHANGES = 1000
"""With more changes than this since a snapshot, reading all anew is quicker."""

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
    known = session.info.get("seen")
    return changes.revision(session) if known is None or session.in_transaction() else int(known)


def home(session: Session) -> Engine:
    """Whose registry it is: what is kept of one is kept for its engine."""
    return db.home(session)


def snapshot(session: Session, collections: Mapping[str, Collection]) -> Snapshot:
    """All published records of the given collections. Timestamps are UTC datetimes, days dates, ids strings."""
    records = {name: _read(session, collection, None) for name, collection in collections.items()}
    return Snapshot(changes.revision(session), records)


def refreshed(
    session: Session, collections: Mapping[str, Collection], kept: Snapshot
) -> tuple[Snapshot, Mapping[str, Set[str]]]:
    """The snapshot of now, made from an earlier one by reading only what changed since; and the ids, by collection, of
    all records that may differ."""
    newer = select(Change.collection, Change.record_id).where(Change.revision > kept.revision).distinct()
    rows = session.execute(newer.limit(MOST_CHANGES + 1)).all()
    if len(rows) > MOST_CHANGES:
        anew = snapshot(session, collections)
        return anew, {name: anew.records[name].keys() | kept.records[name].keys() for name in collections}
    changed: dict[str, set[str]] = {name: {one for at, one in rows if at == name} for name in collections}
    _with_dependents(session, changed)
    records = {name: _renewed(session, collections[name], kept.records[name], changed[name]) for name in collections}
    return Snapshot(changes.revision(session), records), changed


def _renewed(
    session: Session, collection: Collection, kept: dict[str, Published], ids: set[str]
) -> dict[str, Published]:
    if not ids:
        return kept
    left = {one: record for one, record in kept.items() if one not in ids}
    return left | _read(session, collection, ids)


def _with_dependents(session: Session, changed: dict[str, set[str]]) -> None:
    """What is published of services and places depends on whether their organisation is confidential."""
    owners, sites = changed["organisations"], changed["sites"]
    changed["sites"] = sites | set(session.scalars(select(Site.id).where(Site.organisation_id.in_(owners))))
    owned = set(session.scalars(select(Service.id).where(Service.organisation_id.in_(owners))))
    changed["services"] |= owned
    given = or_(ServiceSite.service_id.in_(owned), ServiceSite.site_id.in_(sites))
    changed["service_sites"] |= set(session.scalars(select(ServiceSite.id).where(given)))


def _read(session: Session, collection: Collection, ids: set[str] | None) -> dict[str, Published]:
    chosen = select(collection.model)
    if ids is not None:
        chosen = chosen.where(collection.model.id.in_(ids))
    published = Publisher(session, MATCHING).publish(collection, list(session.scalars(chosen)))
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
