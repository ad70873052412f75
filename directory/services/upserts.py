"""Inserting a row that somebody else may be inserting: whoever comes second leaves it as it is."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from directory.db import Base

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite


def insert_missing(session: Session, model: type[Base], **values: Any) -> None:
    """Insert a row unless one with its key is there; both databases wait for an insert in flight first."""
    session.execute(_insert(session, model).values(**values).on_conflict_do_nothing())


def add_up(session: Session, model: type[Base], column: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, or add their value in one column to that of the row with the same key."""
    made = _insert(session, model)
    table = model.__table__
    added = {column: table.c[column] + made.excluded[column]}
    keyed = made.on_conflict_do_update(index_elements=list(table.primary_key), set_=added)
    session.connection().execute(keyed, list(rows))


def _insert(session: Session, model: type[Base]) -> "postgresql.Insert | sqlite.Insert":
    """By the dialect in use, which is loaded already."""
    if session.get_bind().dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(model)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(model)
