"""The access revision: raised by every change of accounts, keys, sessions and suspensions.

A worker that keeps what a lookup said asks for this one number first, and looks up anew when it has risen.
"""

from typing import Any, cast

from sqlalchemy import select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from directory.models.access import AccessState
from directory.services.upserts import insert_missing

STATE_ID = 1


def revision(session: Session) -> int:
    """The revision as this transaction sees it."""
    return session.scalar(select(AccessState.revision)) or 0


def changed(session: Session) -> None:
    """Raise the revision; the last thing a verb does, as its lock lasts until the commit."""
    session.flush()
    raised = update(AccessState).values(revision=AccessState.revision + 1)
    if cast("CursorResult[Any]", session.execute(raised)).rowcount == 0:
        insert_missing(session, AccessState, id=STATE_ID, revision=0)
        session.execute(raised)
