"""May this actor change that record? What it belongs to decides, before the change and after it."""

from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from directory.collection import Collection
from directory.errors import Denied
from directory.models.department import Department
from directory.models.organisation import Organisation
from directory.models.person import Person
from directory.models.post import FocalPoint
from directory.permissions import OFFICE, WRITERS, Actor, Reach, reach
from directory.queries.visibility import within


def require_write(
    session: Session, actor: Actor, collection: Collection, record: Any, action: str = "registry.write"
) -> None:
    """Raise Denied unless the record, as it stands in this transaction, is within the actor's reach.

    A person who holds no post yet belongs to nobody: managers may list somebody before giving them a post. What is not
    written yet is looked at before it is: nobody widens their own reach by it.
    """
    granted = reach(actor, action, collection.name)
    if granted != "all":
        _refuse_taking(session, actor, record)
        _refuse_other_duty(session, granted, collection.name, record)
    belongs = within(session, actor, collection.name, granted)
    if belongs is None:
        return
    session.flush()
    model = collection.model
    if session.scalar(select(model.id).where(model.id == record.id, belongs)) is not None:
        return
    if collection.name == "persons" and _holds_nothing(session, record.id):
        return
    raise Denied(f"this {collection.path} record is beyond what the role {actor.role} may change")


def may_write(
    session: Session, actor: Actor, collection: Collection, record: Any, action: str = "registry.write"
) -> bool:
    """Whether `require_write` would let the actor change the record."""
    try:
        require_write(session, actor, collection, record, action)
    except Denied:
        return False
    return True


def _refuse_taking(session: Session, actor: Actor, record: Any) -> None:
    """A post, and with it the reach, is given to one's own people and to who holds none: not to somebody else's."""
    if not isinstance(record, FocalPoint) or "person_id" not in _changed(record):
        return
    belongs = within(session, actor, "persons", WRITERS["persons"][actor.role])
    if belongs is None or _holds_nothing(session, record.person_id):
        return
    if session.scalar(select(Person.id).where(Person.id == record.person_id, belongs)) is None:
        raise Denied("somebody who holds a post elsewhere is given another by a coordinator")


def _refuse_other_duty(session: Session, granted: Reach, name: str, record: Any) -> None:
    """A government office does not say itself what its duty is: that decides which shelters it sees."""
    if granted not in ("organisation", "unit") or inspect(record).transient or inspect(record).pending:
        return
    changed = OFFICE.get(name, frozenset()) & _changed(record)
    if changed == {"organisation_id"} and granted == "unit":
        raise Denied("a unit is not handed to another organisation by itself")
    if changed and "government" in _sectors(session, record):
        raise Denied(f"an office of government does not change its own {', '.join(sorted(changed))}")


def _sectors(session: Session, record: Organisation | Department) -> set[str | None]:
    """The sector of the record's organisation, as it is kept and not as it is about to be."""
    kept = Department.organisation_id if isinstance(record, Department) else Organisation.id
    owner = select(kept).where(type(record).id == record.id).scalar_subquery()
    return set(session.scalars(select(Organisation.sector).where(Organisation.id == owner)))


def _changed(record: Any) -> set[str]:
    """Fields that differ from what is kept."""
    return {one.key for one in inspect(record).attrs if one.history.has_changes()}


def _holds_nothing(session: Session, person_id: str) -> bool:
    return session.scalar(select(FocalPoint.id).where(FocalPoint.person_id == person_id).limit(1)) is None
