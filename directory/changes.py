"""The revision and its change rows, written in the transaction that changes a fact.

The counter is one row, raised under its lock as the transaction's last write: a reader that sees revision n sees every
row up to n, which a sequence cannot promise (its numbers are drawn before their transactions commit).
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import event, insert, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session, SessionTransaction, UOWTransaction

from directory.models.record import Record
from directory.models.upkeep import Change, RegistryState

STATE_ID = 1
LOCAL = ZoneInfo("Africa/Johannesburg")
"""The time of the country: what is dated by day is dated by it."""


def now(session: Session) -> datetime:
    """The moment of this transaction: one for all its rows. A clock may be given in `session.info["clock"]`."""
    if "now" not in session.info:
        clock: Callable[[], datetime] = session.info.get("clock", lambda: datetime.now(UTC))
        session.info["now"] = clock()
    return cast(datetime, session.info["now"])


def today(session: Session) -> date:
    """The day of this transaction, in the country."""
    return now(session).astimezone(LOCAL).date()


def note(session: Session, collection: str, record_id: str, op: str) -> None:
    """Remember that a published record was put, closed or erased; the last of a record's changes is kept."""
    pending: dict[tuple[str, str], str] = session.info.setdefault("changes", {})
    pending.pop((collection, record_id), None)
    pending[(collection, record_id)] = op


def revision(session: Session) -> int:
    """The registry's revision as this transaction sees it."""
    return session.scalar(select(RegistryState.revision)) or 0


@event.listens_for(Session, "before_flush")
def _stamp(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    """Date and note every change of a record as it is written: afterwards nothing tells that there was one.

    By collection and id, as the set of them is in no order: the same writes are told alike.
    """
    changed = [one for one in session.dirty if isinstance(one, Record)]
    for record in sorted(changed, key=lambda one: (one.__tablename__, one.id)):
        if session.is_modified(record):
            record.updated_at = now(session)
            note(session, f"{record.__tablename__}s", record.id, "closed" if record.status == "closed" else "put")


@event.listens_for(Session, "before_commit")
def _write(session: Session) -> None:
    pending: dict[tuple[str, str], str] = session.info.pop("changes", {})
    if not pending:
        return
    session.flush()
    raised = update(RegistryState).values(revision=RegistryState.revision + len(pending))
    result = cast("CursorResult[Any]", session.execute(raised))
    if result.rowcount == 0:
        session.execute(insert(RegistryState).values(id=STATE_ID, revision=len(pending)))
    first = revision(session) - len(pending) + 1
    at = now(session)
    session.execute(
        insert(Change),
        [
            {"revision": first + index, "collection": collection, "record_id": record_id, "op": op, "at": at}
            for index, ((collection, record_id), op) in enumerate(pending.items())
        ],
    )


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop("changes", None)


@event.listens_for(Session, "after_soft_rollback")
def _distrust(session: Session, _transaction: SessionTransaction) -> None:
    """What was read inside a transaction or savepoint that is gone may be gone too."""
    for remembered in ("known", "masked"):
        session.info.pop(remembered, None)
