"""Messages to partners, and to whose webhook was given up: written in the transaction they tell of, read here by whom
they are for.

They name posts and offices, never people. Nothing is sent elsewhere: a mailbox is outside what is guarded here, so
`delivered_at` stays null.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from directory import changes, permissions
from directory.models.department import Department
from directory.models.fragility import Message
from directory.models.link import Link
from directory.permissions import OTHERS, Actor, Role
from directory.queries import lookup
from directory.queries.belonging import of_actor
from directory.queries.visibility import visible

ACTION = "messages.read"
MARK = "messages.mark"
KINDS = ("handover", "webhook")
WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to be: to which partner (type, id), about which link."""

    to: tuple[str, str]
    link_id: str
    kind: str
    text: str
    due_on: date


def write(session: Session, letters: Iterable[Letter]) -> None:
    """Put messages into the outbox, but for those whose reader may not know of the link."""
    made = [
        Message(
            to_type=one.to[0],
            to_id=one.to[1],
            kind=one.kind,
            about_type="link",
            about_id=one.link_id,
            text=one.text,
            created_at=changes.now(session),
            due_on=one.due_on,
        )
        for one in letters
        if _may_know(session, one)
    ]
    session.add_all(made)
    session.flush()


def tell_of_webhook(session: Session, to: tuple[str, str], webhook_id: str, text: str) -> None:
    """Put a message about a webhook into the outbox of whom it is kept for: an organisation, or an account."""
    moment, day = changes.now(session), changes.today(session)
    about = {"about_type": WEBHOOK, "about_id": webhook_id}
    session.add(Message(to_type=to[0], to_id=to[1], kind=WEBHOOK, text=text, created_at=moment, due_on=day, **about))
    session.flush()


def _may_know(session: Session, letter: Letter) -> bool:
    kind, key = letter.to
    unit = session.get(Department, key) if kind == "department" else None
    role: Role = "unit_manager" if unit else "partner_manager"
    organisation = unit.organisation_id if unit else key
    reader = Actor(role, "outbox", organisation_id=organisation, department_id=unit.id if unit else None)
    conditions = visible(session, reader, "links")
    return session.scalar(select(Link.id).where(Link.id == letter.link_id, *conditions)) is not None


def page(
    session: Session, actor: Actor, *, unread: bool | None, page: int = 1, page_size: int = 50
) -> tuple[list[Message], int]:
    """Messages that the actor may read, newest first. Raises Denied."""
    conditions = _readable(session, actor)
    if unread is not None:
        conditions.append(Message.read_at.is_(None) if unread else Message.read_at.is_not(None))
    total = session.scalar(select(func.count()).select_from(Message).where(*conditions)) or 0
    chosen = select(Message).where(*conditions).order_by(Message.created_at.desc(), Message.id)
    return list(session.scalars(chosen.offset((page - 1) * page_size).limit(page_size))), total


def read(session: Session, actor: Actor, message_id: str) -> Message:
    """Say that a message to one's own organisation or unit was read. Raises Denied, NotFound."""
    permissions.require(actor, MARK)
    seen = select(Message).where(*_known(session, actor), of_actor(Message.to_type, Message.to_id, actor))
    found = lookup.one(session, seen.with_for_update(), "messages", message_id)
    found.read_at = found.read_at or changes.now(session)
    session.flush()
    return found


def told(session: Session, links: Iterable[str], day: date) -> list[tuple[str, str]]:
    """Whom (type, id) messages about these links tell of what happens on a day."""
    about = (Message.about_id.in_(list(links)), Message.due_on == day)
    chosen = select(Message.to_type, Message.to_id).where(*about).distinct().order_by(Message.to_id)
    return [(row.to_type, row.to_id) for row in session.execute(chosen)]


def publish(message: Message) -> dict[str, Any]:
    """A message as it is read."""
    names = ("id", "kind", "text", "created_at", "due_on", "read_at", "delivered_at")
    told = {name: getattr(message, name) for name in names}
    return {
        **told,
        "to": {"type": message.to_type, "id": message.to_id},
        "about": {"type": message.about_type, "id": message.about_id},
    }


def _readable(session: Session, actor: Actor) -> list[ColumnElement[bool]]:
    """To one's own organisation or unit; coordinators all."""
    permissions.require(actor, ACTION)
    return [*_known(session, actor), *_addressed(actor)]


def _known(session: Session, actor: Actor) -> list[ColumnElement[bool]]:
    """About links that the reader may know of, whatever else the key in use is kept from; about webhooks, one's own."""
    reader = replace(actor, scopes=None)
    links = Message.about_id.in_(select(Link.id).where(*visible(session, reader, "links")))
    mine = or_(
        of_actor(Message.to_type, Message.to_id, actor),
        and_(Message.to_type == "account", Message.to_id == actor.account_id),
    )
    return [or_(links, and_(Message.about_type == WEBHOOK, mine))]


def _addressed(actor: Actor) -> list[ColumnElement[bool]]:
    if OTHERS[ACTION][actor.role] in ("province", "all"):
        return []
    return [of_actor(Message.to_type, Message.to_id, actor)]
