"""May this actor change that record? What it belongs to decides, before the change and after it."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.collection import Collection
from directory.errors import Denied
from directory.models.post import FocalPoint
from directory.permissions import Actor, reach
from directory.queries.visibility import within


def require_write(
    session: Session, actor: Actor, collection: Collection, record: Any, action: str = "registry.write"
) -> None:
    """Raise Denied unless the record, as it stands in this transaction, is within the actor's reach.

    A person who holds no post yet belongs to nobody: managers may list somebody before giving them a post.
    """
    granted = reach(actor, action, collection.name)
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


def _holds_nothing(session: Session, person_id: str) -> bool:
    return session.scalar(select(FocalPoint.id).where(FocalPoint.person_id == person_id).limit(1)) is None
