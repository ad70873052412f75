"""The access revision: raised by every change of accounts, keys, sessions and suspensions.

A worker that keeps what a lookup said asks for this one number first, and looks up anew when it has risen.
"""

from typing import Any, NamedTuple, cast

from sqlalchemy import Engine, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from directory.models.access import AccessState
from directory.services.upserts import insert_missing

STATE_ID = 1
BOTH = "SELECT (SELECT revision FROM registry_state), (SELECT revision FROM access_state)"


class Revisions(NamedTuple):
    """The revisions of the registry and of access, seen at one moment."""

    registry: int
    access: int


def revisions(engine: Engine) -> Revisions:
    """Both, as last committed. Past the session: what is read this often is to cost no more than its reading."""
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(BOTH)
        registry, access = cursor.fetchone() or (0, 0)
        cursor.close()
    finally:
        connection.close()
    return Revisions(registry or 0, access or 0)


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
