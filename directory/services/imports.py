"""What came of spreadsheets that were imported: kept without anything that stood in them."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from directory import changes, permissions
from directory.errors import NotFound
from directory.fields import Wrong, clean_id
from directory.models.record import new_id
from directory.models.upkeep import Import
from directory.permissions import Actor
from directory.services import audit

ACTION = "imports.write"
CHECKED, REFUSED, DONE = "checked", "refused", "done"
STATUSES = {
    CHECKED: "A dry run without errors: nothing was written.",
    REFUSED: "A dry run with errors: nothing was written.",
    DONE: "Written.",
}
KEPT = timedelta(days=30)
"""How long a dry run is kept."""


def keep(session: Session, actor: Actor, status: str, media_type: str, told: dict[str, Any]) -> Import:
    """Keep what came of a spreadsheet, and drop old dry runs. Raises Denied."""
    permissions.require(actor, ACTION)
    moment = changes.now(session)
    session.execute(delete(Import).where(Import.status != DONE, Import.created_at <= moment - KEPT))
    made = Import(
        id=new_id(),
        holder=_holder(actor),
        province=actor.province,
        status=status,
        media_type=media_type,
        told=told,
        created_at=moment,
    )
    session.add(made)
    session.flush()
    details = (f"import:{made.id}", f"status:{status}", f"rows:{told['rows']}")
    audit.note(session, actor, "imported", audit.About(details=details))
    return made


def get(session: Session, actor: Actor, import_id: str) -> Import:
    """One of one's own, or of the province that one coordinates. Raises Denied, NotFound."""
    permissions.require(actor, ACTION)
    try:
        found = session.get(Import, clean_id(import_id))
    except Wrong:
        raise NotFound("imports", import_id) from None
    if found is None or not _reads(actor, found):
        raise NotFound("imports", import_id)
    return found


def _reads(actor: Actor, made: Import) -> bool:
    if made.holder == _holder(actor) or permissions.OTHERS[ACTION][actor.role] == "all":
        return True
    return actor.province in (None, made.province)


def _holder(actor: Actor) -> str:
    return actor.account_id or actor.key_id or actor.name
