"""Inserting a row that somebody else may be inserting: whoever comes second leaves it as it is."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from directory.db import Base


def insert_missing(session: Session, model: type[Base], **values: Any) -> None:
    """Insert a row unless one with its key is there; both databases wait for an insert in flight first."""
    made = postgresql.insert(model) if session.get_bind().dialect.name == "postgresql" else sqlite.insert(model)
    session.execute(made.values(**values).on_conflict_do_nothing())
