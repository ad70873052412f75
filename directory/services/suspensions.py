"""Suspending an organisation or unit: out of every list and match with the next request, and its people shut out."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import changes, permissions
from directory.errors import Conflict
from directory.fields import Code, Field, checked
from directory.models.oversight import Suspension
from directory.permissions import Actor
from directory.queries.standing import standing
from directory.services import access, audit, records
from directory.services.catalogue import COLLECTIONS
from directory.services.provinces import covers, require_covered

TARGETS = ("organisations", "departments")

CODES: dict[str, str] = {
    "safeguarding": "A safeguarding concern is being looked into.",
    "exploitation": "Residents or clients are said to be exploited.",
    "disclosure": "A confidential place or person was given away.",
    "accreditation": "Accreditation lapsed, was withdrawn or was never held.",
    "compromised_account": "Somebody else may be using its accounts or keys.",
    "not_operating": "It has stopped, or cannot be found.",
    "own_request": "It asked for it.",
}

LIFTED: dict[str, str] = {
    "unfounded": "Looked into, and not so.",
    "resolved": "Put right.",
    "mistaken": "The wrong partner, or a slip.",
}

FIELDS: dict[str, Field] = {"code": Code(among=tuple(CODES), required=True)}
LIFT_FIELDS: dict[str, Field] = {"code": Code(among=tuple(LIFTED), required=True)}


def suspend(session: Session, actor: Actor, collection: str, record_id: str, given: Mapping[str, Any]) -> Suspension:
    """Put an organisation or unit out of every list. Raises Denied, NotFound, Invalid, Conflict (it is already)."""
    permissions.require(actor, "suspensions.write")
    record = _target(session, actor, collection, record_id)
    values = checked(FIELDS, dict(given))
    if record.suspended:
        raise Conflict("it is suspended already")
    made = Suspension(collection=collection, record_id=record.id, code=values["code"], at=changes.now(session))
    session.add(made)
    _set(session, collection, record, suspended=True)
    audit.note(session, actor, "suspended", audit.About(collection, record.id, (f"code:{made.code}",)))
    access.changed(session)
    return made


def lift(session: Session, actor: Actor, collection: str, record_id: str, given: Mapping[str, Any]) -> None:
    """Take a suspension back. All that comes back with it is told anew: a copy made meanwhile has none of it.

    Raises Denied, NotFound, Invalid, Conflict (it is not suspended).
    """
    permissions.require(actor, "suspensions.write")
    record = _target(session, actor, collection, record_id)
    values = checked(LIFT_FIELDS, dict(given))
    if not record.suspended:
        raise Conflict("it is not suspended")
    standing = select(Suspension).where(Suspension.record_id == record.id, Suspension.lifted_at.is_(None))
    for one in session.scalars(standing):
        one.lifted_at, one.lifted_code = changes.now(session), values["code"]
    out = _out(session)
    _set(session, collection, record, suspended=False)
    for name, row_id in sorted(out - _out(session)):
        changes.note(session, name, row_id, "put")
    audit.note(session, actor, "suspension.lifted", audit.About(collection, record.id, (f"code:{values['code']}",)))
    access.changed(session)


def history(session: Session, actor: Actor, collection: str, record_id: str) -> list[Suspension]:
    """The suspensions of one organisation or unit, newest first. Raises Denied, NotFound."""
    permissions.require(actor, "suspensions.write")
    record = _target(session, actor, collection, record_id)
    chosen = select(Suspension).where(Suspension.record_id == record.id)
    return list(session.scalars(chosen.order_by(Suspension.at.desc(), Suspension.id)))


def current(session: Session, actor: Actor) -> list[tuple[str, Any]]:
    """What is suspended now where the actor acts, as collection and record: the only list that has them."""
    permissions.require(actor, "suspensions.write")
    found: list[tuple[str, Any]] = []
    for name in TARGETS:
        model: Any = COLLECTIONS[name].model
        rows = session.scalars(select(model).where(model.suspended).order_by(model.name, model.id))
        found += [(name, row) for row in rows if covers(session, actor, name, row.id)]
    return found


def _target(session: Session, actor: Actor, collection: str, record_id: str) -> Any:
    record = records.find(session, COLLECTIONS[collection], record_id, lock=True)
    require_covered(session, actor, collection, record.id)
    return record


def _set(session: Session, collection: str, record: Any, *, suspended: bool) -> None:
    record.suspended = suspended
    records.touch(session, COLLECTIONS[collection], record)


def _out(session: Session) -> set[tuple[str, str]]:
    """The open records that suspensions keep out of lists, as collection and id."""
    found: set[tuple[str, str]] = set()
    for name, collection in COLLECTIONS.items():
        model = collection.model
        for kept in standing(name):
            rows = session.scalars(select(model.id).where(~kept, model.status != "closed"))
            found |= {(name, row_id) for row_id in rows}
    return found
