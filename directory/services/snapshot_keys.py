"""The key that seals what servers keep in files of the registry (`matching.snapshot`).

It stands in the database alone. Whoever is erased takes it along: no file that was written before opens any more, on
whatever machine it lies."""

from secrets import token_bytes

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from directory.models.upkeep import SnapshotKey
from directory.services.upserts import insert_missing

KEY_ID = 1
KEY_BYTES = 32


def find(session: Session) -> bytes | None:
    """The key, None if there is none."""
    return session.scalar(select(SnapshotKey.key))


def made(session: Session) -> bytes:
    """The key, made if there is none. Needs a writing session."""
    insert_missing(session, SnapshotKey, id=KEY_ID, key=token_bytes(KEY_BYTES))
    return session.scalars(select(SnapshotKey.key)).one()


def forget(session: Session) -> None:
    """Let no file open that was written so far."""
    session.execute(delete(SnapshotKey))
