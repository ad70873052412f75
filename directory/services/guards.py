"""Counting tries: after ten without success one source of tries is refused for an hour, and no other.

A source is an enrolled device, an address the account has signed in from, or everything it does not know. A try is
counted before it is judged, so that many at once are no way round. Names that no account has are counted alike.
"""

from datetime import timedelta
from hashlib import sha256

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from directory import changes
from directory.models.access import Guard
from directory.services.upserts import insert_missing

MOST = 10
LOCKED = timedelta(hours=1)
KEPT = timedelta(days=1)
UNKNOWN = "unknown"


def name_hash(name: str) -> str:
    """How a name that was tried is kept: what was typed may have been something else, so not as it stands."""
    return sha256(f"account:{name}".encode("utf-8", "surrogatepass")).hexdigest()


def count(session: Session, name: str, source: str) -> int | None:
    """Count a try of a hashed name; the number of tries, or None if the source is locked."""
    moment = changes.now(session)
    session.execute(delete(Guard).where(Guard.last_at < moment - KEPT))
    insert_missing(session, Guard, name_hash=name, source=source, tries=0, last_at=moment)
    chosen = select(Guard).where(Guard.name_hash == name, Guard.source == source).with_for_update()
    guard = session.scalars(chosen.execution_options(populate_existing=True)).one()
    if moment >= guard.last_at + LOCKED:
        guard.tries = 0
    if guard.tries >= MOST:
        return None
    guard.tries += 1
    guard.last_at = moment
    session.flush()
    return guard.tries


def clear(session: Session, name: str, source: str) -> None:
    """Forget the tries of a source that has succeeded."""
    session.execute(delete(Guard).where(Guard.name_hash == name, Guard.source == source))


def clear_all(session: Session, name: str) -> None:
    """Unlock a name for everybody."""
    session.execute(delete(Guard).where(Guard.name_hash == name))
