"""What every collection answers: list, create, read, change, close, verify."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy.orm import Session

from directory import permissions
from directory.collection import Collection
from directory.fields import as_instant, checked
from directory.permissions import Actor
from directory.services import catalogue, listing, records
from web import etags, grades, idempotency, transaction
from web.auth import actor
from web.paths import API
from web.schemas.filters import wanted

Query = Mapping[str, Any]
Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Views:
    """The views of one collection."""

    collection: Collection

    @property
    def path(self) -> str:
        """The address of the collection."""
        return f"{API}/{self.collection.path}"

    def browse(self, query: Query) -> dict[str, Any]:
        """One page of records."""
        asked = wanted(query)
        session, who = transaction.session(), actor()
        filters = dict(asked.filters)
        if "grade" in filters:
            filters["ids"] = grades.ids_of(who, filters.pop("grade"))
        found, total = listing.page(
            session, who, self.collection, filters, page=asked.page, page_size=asked.page_size, sort=asked.sort
        )
        items = show(session, who, self.collection, found)
        return {"items": items, "total": total, "page": asked.page, "page_size": asked.page_size}

    def create(self, query: Query, body: Body) -> tuple[dict[str, Any], int, dict[str, str]]:
        """Make a record, or answer again for the one made with the same key."""
        session, who = transaction.session(), actor()
        attempt = idempotency.attempt(session, who)
        earlier = attempt.earlier()
        if earlier is not None:
            record, again = records.get(session, who, self.collection, earlier.record_id), idempotency.REPLAYED
        else:
            record, again = records.create(session, who, self.collection, body), {}
            attempt.keep(record.id)
        return self._one(session, who, record), 201, {**etags.headers(record), **self._location(record), **again}

    def read(self, query: Query, record_id: UUID) -> Any:
        """One record, or that the reader has it."""
        session, who = transaction.session(), actor()
        record = records.get(session, who, self.collection, str(record_id))
        if self.collection.name not in etags.UNVERSIONED and etags.is_known(record):
            return empty(304, etags.headers(record))
        return self._one(session, who, record), 200, etags.headers(record)

    def change(self, query: Query, body: Body, record_id: UUID) -> tuple[dict[str, Any], int, dict[str, str]]:
        """Change a record; a place that may not stay itself closes, and the one that opens is answered."""
        session, who = transaction.session(), actor()
        version = self._expected(session, who, record_id)
        record = catalogue.change(session, who, self.collection, str(record_id), version, body)
        where = self._location(record)
        moved = {**where, "Content-Location": where["Location"]} if record.id != str(record_id) else {}
        return self._one(session, who, record), 200, {**etags.headers(record), **moved}

    def close(self, query: Query, record_id: UUID) -> Response:
        """Close a record."""
        session, who = transaction.session(), actor()
        version = self._expected(session, who, record_id)
        record = records.close(session, who, self.collection, str(record_id), version)
        return empty(204, etags.headers(record))

    def verify(self, query: Query, body: Body, record_id: UUID) -> tuple[dict[str, Any], int, dict[str, str]]:
        """Keep what somebody found when asking, or answer again for the same key."""
        session, who = transaction.session(), actor()
        record = self._known(session, who, record_id)
        attempt = idempotency.attempt(session, who)
        earlier = attempt.earlier()
        if earlier is not None:
            given, again = checked(records.VERIFICATION, dict(body)), idempotency.REPLAYED
            said = {**given, "verified_at": as_instant(given.get("verified_at")) or earlier.created_at}
        else:
            kept, again = records.verify(session, who, self.collection, str(record_id), body), {}
            attempt.keep(str(record_id))
            said = {"method": kept.method, "outcome": kept.outcome, "verified_at": kept.verified_at}
        said |= {"collection": self.collection.path, "record_id": record.id}
        return said, 201, {**self._location(record), **again}

    def _expected(self, session: Session, who: Actor, record_id: UUID) -> int:
        return etags.expected_version(self._known(session, who, record_id))

    def _known(self, session: Session, who: Actor, record_id: UUID) -> Any:
        """A record to be changed: of what a role changes at all, what it may not know of is not there."""
        permissions.reach(who, "registry.write", self.collection.name)
        return records.get(session, who, self.collection, str(record_id))

    def _one(self, session: Session, who: Actor, record: Any) -> dict[str, Any]:
        return show(session, who, self.collection, [record])[0]

    def _location(self, record: Any) -> dict[str, str]:
        return {"Location": f"{self.path}/{record.id}"}


def show(session: Session, who: Actor, collection: Collection, found: Sequence[Any]) -> list[dict[str, Any]]:
    """Records as this actor reads them, grades of links included."""
    published = records.publish(session, who, collection, found)
    if collection.name == "links":
        grades.add(who, published)
    return published


def empty(status: int, headers: Mapping[str, str]) -> Response:
    """An answer without a body, and so without a type."""
    answer = Response(status=status, headers=dict(headers))
    answer.headers.pop("Content-Type")
    return answer
