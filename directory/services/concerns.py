"""Safeguarding concerns about any partner, raised by anyone known, in codes; coordinators alone read them.

The audit says that somebody raised one, not about whom. A coordinator reads none about the own organisation.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from directory import changes, permissions
from directory.collection import typed_reference
from directory.errors import Conflict, NotFound
from directory.fields import Code, Field, checked
from directory.models.department import Department
from directory.models.oversight import Concern
from directory.permissions import Actor
from directory.queries import lookup
from directory.queries.masking import note_reading
from directory.services import audit, references
from directory.services.provinces import covers

TARGETS = ("organisation", "department")

CODES: dict[str, str] = {
    "exploitation": "Residents or clients are made to work or are otherwise exploited.",
    "abuse": "Somebody there harms, threatens or demeans those helped.",
    "sexual_misconduct": "Sexual misconduct by somebody there.",
    "trafficker_contact": "Somebody there is in touch with traffickers.",
    "location_given_away": "A confidential place was given away.",
    "person_given_away": "Facts about somebody helped were given away.",
    "bribery": "Money or favours were asked for.",
    "refused_in_danger": "Somebody in danger was turned away.",
    "unaccredited": "It takes people in without the accreditation it needs.",
    "unsafe_conditions": "The place is unsafe or unfit.",
    "false_facts": "What it says of itself is not so.",
}

OUTCOMES: dict[str, str] = {
    "suspended": "The partner was suspended.",
    "put_right": "The partner put it right.",
    "passed_on": "Passed to the authority that has to act.",
    "unfounded": "Looked into, and not so.",
    "not_enough_known": "Too little is known to go on.",
}

FIELDS: dict[str, Field] = {
    "about": typed_reference(*TARGETS, doc="The partner it is about."),
    "code": Code(among=tuple(CODES), required=True),
}
SETTLE_FIELDS: dict[str, Field] = {"outcome": Code(among=tuple(OUTCOMES), required=True)}


def raise_concern(session: Session, actor: Actor, given: Mapping[str, Any]) -> Concern:
    """Raise a concern. Raises Denied, Invalid (a partner the actor may not know of is answered like none)."""
    permissions.require(actor, "concerns.raise")
    values = checked(FIELDS, dict(given))
    references.check(session, FIELDS, values, actor)
    concern = Concern(
        collection=f"{values['about']['type']}s",
        record_id=values["about"]["id"],
        code=values["code"],
        at=changes.now(session),
        raised_by_id=actor.account_id,
        raised_for_id=actor.organisation_id,
    )
    session.add(concern)
    session.flush()
    audit.note(session, actor, "concern.raised", audit.About("concerns", concern.id))
    return concern


def page(
    session: Session, actor: Actor, *, settled: bool | None = False, page: int = 1, page_size: int = 50
) -> tuple[list[Concern], int]:
    """Concerns this coordinator may read, newest first, and how many there are. Raises Denied."""
    permissions.require(actor, "concerns.read")
    note_reading(session, "concerns", None, "concern")
    conditions = _readable(session, actor)
    if settled is not None:
        conditions.append(Concern.settled_at.is_not(None) if settled else Concern.settled_at.is_(None))
    if actor.province is None:
        total = session.scalar(select(func.count()).select_from(Concern).where(*conditions)) or 0
        chosen = _ordered(conditions).offset((page - 1) * page_size).limit(page_size)
        return list(session.scalars(chosen)), total
    rows = [one for one in session.scalars(_ordered(conditions)) if _covered(session, actor, one)]
    return rows[(page - 1) * page_size : page * page_size], len(rows)


def get(session: Session, actor: Actor, concern_id: str) -> Concern:
    """One concern. Raises Denied, NotFound."""
    permissions.require(actor, "concerns.read")
    found = lookup.one(session, select(Concern).where(*_readable(session, actor)), "concerns", concern_id)
    if not _covered(session, actor, found):
        raise NotFound("concerns", concern_id)
    note_reading(session, "concerns", found.id, "concern")
    return found


def settle(session: Session, actor: Actor, concern_id: str, given: Mapping[str, Any]) -> Concern:
    """Say what came of a concern. Raises Denied, NotFound, Invalid, Conflict (it is settled)."""
    concern = get(session, actor, concern_id)
    values = checked(SETTLE_FIELDS, dict(given))
    if concern.settled_at is not None:
        raise Conflict("this concern is settled")
    concern.settled_at, concern.outcome = changes.now(session), values["outcome"]
    session.flush()
    audit.note(session, actor, "concern.settled", audit.About("concerns", concern.id))
    return concern


def publish(concern: Concern) -> dict[str, Any]:
    """A concern as coordinators read it."""
    shown = ("id", "code", "at", "raised_by_id", "raised_for_id", "settled_at", "outcome")
    about = {"type": concern.collection.removesuffix("s"), "id": concern.record_id}
    return {"about": about} | {name: getattr(concern, name) for name in shown}


def _readable(session: Session, actor: Actor) -> list[ColumnElement[bool]]:
    own = actor.organisation_id
    if own is None:
        return []
    units = select(Department.id).where(Department.organisation_id == own)
    about_own = or_(
        and_(Concern.collection == "organisations", Concern.record_id == own),
        and_(Concern.collection == "departments", Concern.record_id.in_(units)),
    )
    return [~about_own]


def _ordered(conditions: list[ColumnElement[bool]]) -> Any:
    return select(Concern).where(*conditions).order_by(Concern.at.desc(), Concern.id)


def _covered(session: Session, actor: Actor, concern: Concern) -> bool:
    return covers(session, actor, concern.collection, concern.record_id)
