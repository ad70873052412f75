"""What matching reads: every record as published, in one snapshot with its revision."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import changes
from directory.collection import Collection
from directory.permissions import Actor
from directory.queries.masking import masked_organisations
from directory.queries.published import Published, Publisher

MATCHING = Actor("anonymous", "matching")
"""Matching reads as one who is cleared for nothing, whoever asks."""

DAYS_WITHIN: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "organisations": {"accreditation": ("issued", "expires")},
    "links": {"memorandum": ("signed", "expires"), "facts": ("on",)},
}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Published records by collection, and the revision they belong to."""

    revision: int
    collections: Mapping[str, list[Published]]


def revision(session: Session) -> int:
    """The registry's revision."""
    return changes.revision(session)


def snapshot(session: Session, collections: Mapping[str, Collection]) -> Snapshot:
    """All published records of the given collections. Timestamps are UTC datetimes, days dates, ids strings."""
    publisher = Publisher(session, MATCHING)
    read: dict[str, list[Published]] = {}
    for name, collection in collections.items():
        rows = list(session.scalars(select(collection.model).order_by(collection.model.id)))
        read[name] = [_typed(name, one) for one in publisher.publish(collection, rows)]
    masked = masked_organisations(session)
    for organisation in read["organisations"]:
        organisation["masked"] = organisation["id"] in masked
    for site in read["sites"]:
        site |= {"area_id": site["area"]["id"], "lat": site["point"]["lat"], "lon": site["point"]["lon"]}
    return Snapshot(changes.revision(session), read)


def _typed(name: str, published: Published) -> Published:
    for field, days in DAYS_WITHIN.get(name, {}).items():
        value = published.get(field)
        if isinstance(value, list):
            published[field] = [_with_days(one, days) for one in value]
        elif value is not None:
            published[field] = _with_days(value, days)
    return published


def _with_days(value: Mapping[str, Any], days: tuple[str, ...]) -> dict[str, Any]:
    return {k: date.fromisoformat(v) if k in days and v is not None else v for k, v in value.items()}
