"""What people listed say of being listed: objections, deputies, corrections. Coordinators read them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from directory import changes, permissions
from directory.errors import Conflict
from directory.fields import Code, Field, checked
from directory.models.listed import ListedStatement
from directory.models.person import Person
from directory.permissions import Actor
from directory.queries import lookup
from directory.queries.visibility import within
from directory.services import audit

ACTION = "statements.read"
KINDS = ("objection", "deputy", "correction")

OBJECTIONS: dict[str, str] = {
    "not_me": "These facts are somebody else's.",
    "never_told": "Nobody told the person of being listed.",
    "stop_listing": "The person objects to being listed (POPIA s11(3)).",
    "erase_me": "The person asks to be erased (POPIA s24).",
    "wrong_post": "The person does not hold this post.",
    "too_widely_read": "A number is read by more people than it should be.",
    "in_danger": "Being listed puts the person in danger.",
}
CORRECTIONS: dict[str, str] = {
    "full_name": "The name was changed.",
    "channel_value": "A number or mailbox was changed: it counts as untested until somebody has tried it.",
    "channel_closed": "A number or mailbox was withdrawn.",
}
OUTCOMES: dict[str, str] = {
    "followed": "Done as the person asked.",
    "checked": "Looked into, and found right.",
    "declined": "Not done; the person was told why.",
}

SETTLE_FIELDS: dict[str, Field] = {"outcome": Code(among=tuple(OUTCOMES), required=True)}


def add(session: Session, person_id: str, kind: str, *, code: str | None = None, deputy_id: str | None = None) -> Any:
    """Keep a statement; one that says the same and is still open is not kept twice."""
    alike = select(ListedStatement).where(
        ListedStatement.person_id == person_id,
        ListedStatement.kind == kind,
        ListedStatement.code.is_(None) if code is None else ListedStatement.code == code,
        ListedStatement.deputy_id.is_(None) if deputy_id is None else ListedStatement.deputy_id == deputy_id,
        ListedStatement.settled_at.is_(None),
    )
    found = session.scalars(alike).first()
    if found is not None:
        return found
    made = ListedStatement(person_id=person_id, kind=kind, code=code, deputy_id=deputy_id, at=changes.now(session))
    session.add(made)
    session.flush()
    return made


def page(
    session: Session, actor: Actor, *, settled: bool | None = False, page: int = 1, page_size: int = 50
) -> tuple[list[ListedStatement], int]:
    """Statements of people where the actor acts, newest first, and how many there are. Raises Denied."""
    conditions = _readable(session, actor)
    if settled is not None:
        over = ListedStatement.settled_at
        conditions.append(over.is_not(None) if settled else over.is_(None))
    total = session.scalar(select(func.count()).select_from(ListedStatement).where(*conditions)) or 0
    chosen = select(ListedStatement).where(*conditions).order_by(ListedStatement.at.desc(), ListedStatement.id)
    return list(session.scalars(chosen.offset((page - 1) * page_size).limit(page_size))), total


def settle(session: Session, actor: Actor, statement_id: str, given: Mapping[str, Any]) -> ListedStatement:
    """Say what came of a statement. Raises Denied, NotFound, Invalid, Conflict (it is settled)."""
    seen = select(ListedStatement).where(*_readable(session, actor))
    found = lookup.one(session, seen.with_for_update(), "listed-statements", statement_id)
    values = checked(SETTLE_FIELDS, dict(given))
    if found.settled_at is not None:
        raise Conflict("this statement is settled")
    found.settled_at, found.outcome = changes.now(session), values["outcome"]
    session.flush()
    about = audit.About("persons", found.person_id, (f"kind:{found.kind}", f"outcome:{found.outcome}"))
    audit.note(session, actor, "statement.settled", about)
    return found


def publish(statement: ListedStatement) -> dict[str, Any]:
    """A statement as coordinators read it."""
    names = ("id", "person_id", "kind", "code", "deputy_id", "at", "settled_at", "outcome")
    return {name: getattr(statement, name) for name in names}


def _readable(session: Session, actor: Actor) -> list[ColumnElement[bool]]:
    belongs = within(session, actor, "persons", permissions.reach(actor, ACTION, "persons"))
    return [] if belongs is None else [ListedStatement.person_id.in_(select(Person.id).where(belongs))]
