"""The verbs every collection shares: create, read, change, close, verify. Actor first, permission first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import uuid4

from sqlalchemy import Date, select
from sqlalchemy.orm import Session

from directory import changes, permissions
from directory.collection import Collection
from directory.db import UtcDateTime
from directory.errors import Conflict, Invalid, NotFound, VersionConflict
from directory.fields import Code, Field, Instant, Shape, Wrong, as_day, as_instant, checked, clean_id
from directory.models.record import Record, new_id
from directory.models.upkeep import Verification
from directory.permissions import Actor
from directory.queries.published import Published, Publisher
from directory.queries.visibility import visible
from directory.services import audit, references
from directory.services.audit import About
from directory.services.authority import require_write

VERIFICATION: Mapping[str, Field] = {
    "method": Code(among=("phone", "visit", "letter", "self"), required=True),
    "outcome": Code(among=("confirmed", "wrong", "unreachable"), required=True),
    "verified_at": Instant(doc="When it was asked; now if left out."),
}

Allow = Callable[[Any], None]
"""Raises Denied for a record, as it stands in the transaction, that the actor may not write."""


def anyone(_record: Any) -> None:
    """Allow what was allowed before, or is nobody's to refuse."""


@dataclass(frozen=True, slots=True)
class By:
    """By whom a record is written: it refers to what the actor may know of (null is everything), as `allow` lets it."""

    actor: Actor | None = None
    allow: Allow = anyone


ANYONE = By()


@dataclass(frozen=True, slots=True)
class Fresh:
    """What a record begins with."""

    id: str
    made_at: datetime
    verified_at: datetime | None = None


def create(session: Session, actor: Actor, collection: Collection, given: Mapping[str, Any]) -> Any:
    """Make a record. Raises Denied, Invalid."""
    permissions.reach(actor, "registry.write", collection.name)
    values = checked(collection.writable, dict(given))
    _expect_past(session, collection.writable, values)

    def allow(made: Any) -> None:
        require_write(session, actor, collection, made)
        collection.vetting(session, actor, made)

    record = make(session, collection, values, by=By(actor, allow))
    audit.note(session, actor, "created", About(collection.name, record.id))
    return record


def make(
    session: Session,
    collection: Collection,
    values: Mapping[str, Any],
    *,
    record_id: str | None = None,
    verified_at: datetime | None = None,
    by: By = ANYONE,
) -> Any:
    """Make a record of checked values, past permission and field checks. Raises Invalid."""
    moment = changes.now(session)
    fresh = Fresh(record_id or new_id(), moment, verified_at)
    record = begin(session, collection, values, fresh, by)
    session.flush()
    settle(session, collection, record, values)
    session.flush()
    return record


def begin(session: Session, collection: Collection, values: Mapping[str, Any], fresh: Fresh, by: By = ANYONE) -> Any:
    """Make a record that is written as the session is flushed, and has to be settled then. The loader's way in: many
    records are written at once. Raises Invalid."""
    times = {"created_at": fresh.made_at, "updated_at": fresh.made_at, "verified_at": fresh.verified_at}
    record = collection.model(id=fresh.id, **times, status="active")
    absent = {name: None for name in collection.writable if name not in values}
    _keep(session, collection, record, {**absent, **values}, by)
    session.info.setdefault("known", set()).add((collection.name, record.id))
    return record


def settle(session: Session, collection: Collection, record: Any, values: Mapping[str, Any]) -> None:
    """What follows from a new record, once it is written: rows that refer to it, and its change. Raises Invalid."""
    collection.settle(session, record, values)
    changes.note(session, collection.name, record.id, "closed" if record.status == "closed" else "put")


def get(session: Session, actor: Actor, collection: Collection, record_id: str) -> Any:
    """One record, closed or not. Raises Denied, NotFound."""
    hidden = visible(session, actor, collection.name)
    record = find(session, collection, record_id)
    if hidden and session.scalar(select(collection.model.id).where(collection.model.id == record.id, *hidden)) is None:
        raise NotFound(collection.path, record_id)
    return record


def publish(session: Session, actor: Actor, collection: Collection, records: Sequence[Any]) -> list[Published]:
    """Records as this actor may read them, in their order."""
    return Publisher(session, actor).publish(collection, records)


def find(session: Session, collection: Collection, record_id: str, *, lock: bool = False) -> Any:
    """The row behind an id; `lock` holds it until the transaction ends. Raises NotFound."""
    try:
        canonical = clean_id(record_id)
    except Wrong:
        raise NotFound(collection.path, record_id) from None
    record = session.get(collection.model, canonical, with_for_update=lock or None)
    if record is None:
        raise NotFound(collection.path, record_id)
    return record


def held(session: Session, actor: Actor, collection: Collection, record_id: str) -> Any:
    """A record locked for a change that the actor may make. Raises Denied, NotFound."""
    permissions.reach(actor, "registry.write", collection.name)
    record = find(session, collection, record_id, lock=True)
    require_write(session, actor, collection, record)
    return record


def update(
    session: Session, actor: Actor, collection: Collection, record_id: str, version: int, given: Mapping[str, Any]
) -> Any:
    """Change a record by merge patch (RFC 7396). Raises Denied, NotFound, VersionConflict, Invalid."""
    record = held(session, actor, collection, record_id)
    expect(record, version)
    fields = collection.changeable
    if not isinstance(given, Mapping):
        raise Invalid({"": ["Must be an object."]})
    merged = {name: _merged(fields.get(name), getattr(record, name, None), value) for name, value in given.items()}
    values = checked(fields, merged, partial=True)
    _expect_past(session, fields, values)
    by = By(actor, lambda changed: require_write(session, actor, collection, changed))
    _keep(session, collection, record, values, by)
    audit.note(session, actor, "changed", About(collection.name, record.id, audit.changed_fields(values)))
    return touch(session, collection, record)


def _expect_past(session: Session, fields: Mapping[str, Field], values: Mapping[str, Any]) -> None:
    """Moments that somebody writes are of what was done: one ahead would count as fresh for as long. Raises Invalid."""
    moment = changes.now(session)
    said = {name: as_instant(values.get(name)) for name, kind in fields.items() if isinstance(kind, Instant)}
    ahead = [name for name, at in said.items() if at is not None and at > moment]
    if ahead:
        raise Invalid({name: ["Must not lie in the future."] for name in ahead})


def touch(session: Session, collection: Collection, record: Any) -> Any:
    """Write a changed record with its new version; one whose columns are as they were keeps its version."""
    session.flush()
    return record


def close(session: Session, actor: Actor, collection: Collection, record_id: str, version: int) -> Any:
    """Close a record: it leaves the lists, and stays readable. Raises Denied, NotFound, VersionConflict."""
    record = held(session, actor, collection, record_id)
    expect(record, version)
    record.status = "closed"
    collection.closing(session, record)
    audit.note(session, actor, "closed", About(collection.name, record.id))
    return touch(session, collection, record)


def verify(
    session: Session, actor: Actor, collection: Collection, record_id: str, given: Mapping[str, Any]
) -> Verification:
    """Keep what somebody found when asking. Confirmed dates the record, wrong undates it, unreachable leaves it.

    Raises Denied, NotFound, Invalid, Conflict (a closed record cannot be confirmed).
    """
    record = held(session, actor, collection, record_id)
    values = checked(VERIFICATION, dict(given))
    moment = changes.now(session)
    _expect_past(session, VERIFICATION, values)
    asked = as_instant(values.get("verified_at")) or moment
    if record.status == "closed":
        raise Conflict("a closed record cannot be verified")
    if values["outcome"] == "confirmed":
        record.verified_at = max(asked, record.verified_at or asked)
    elif values["outcome"] == "wrong":
        record.verified_at = None
    verification = Verification(
        id=str(uuid4()),
        collection=collection.name,
        record_id=record.id,
        method=values["method"],
        outcome=values["outcome"],
        verified_at=asked,
        created_at=moment,
        actor=actor.name,
    )
    touch(session, collection, record)
    session.add(verification)
    session.flush()
    details = (f"method:{values['method']}", f"outcome:{values['outcome']}")
    audit.note(session, actor, "verified", About(collection.name, record.id, details))
    return verification


def expect(record: Record, version: int) -> None:
    """Raise VersionConflict unless the caller saw the record as it is."""
    if record.version != version:
        raise VersionConflict(record.version)


def _merged(field: Field | None, current: Any, value: Any) -> Any:
    if not (isinstance(field, Shape) and isinstance(current, dict) and isinstance(value, dict)):
        return value
    merged = {name: kept for name, kept in current.items() if name in field.fields}
    for name, new in value.items():
        merged[name] = _merged(field.fields.get(name), merged.get(name), new)
    return merged


def _keep(session: Session, collection: Collection, record: Any, values: Mapping[str, Any], by: By = ANYONE) -> None:
    """Give a record its values. Who may not is told so before the rules speak: they look at what is secret.

    What it refers to already may stay, known to the actor or not.
    """
    names, fields = _columns(collection.model), collection.writable
    held = {name: getattr(record, name) for name in fields if name in names}
    kept_ids = references.of(fields, held)
    for name, value in values.items():
        if name not in names:
            continue
        kept = _converted(names[name], value, new=record.version is None)
        if getattr(record, name) != kept:
            setattr(record, name, kept)
    references.check(session, fields, values, by.actor, kept_ids)
    collection.place(session, record, values)
    session.add(record)
    by.allow(record)
    collection.rules(session, record, values)


@cache
def _columns(model: type[Record]) -> dict[str, Any]:
    return {attribute.key: attribute.columns[0] for attribute in model.__mapper__.column_attrs}


def _converted(column: Any, value: Any, *, new: bool) -> Any:
    if value is None and not column.nullable:
        default = column.default
        if default is None and new:
            return None
        if default is None:
            raise Invalid({column.key: ["Field may not be null."]})
        return default.arg(None) if default.is_callable else default.arg
    if isinstance(column.type, UtcDateTime):
        return as_instant(value)
    if isinstance(column.type, Date):
        return as_day(value)
    return value
