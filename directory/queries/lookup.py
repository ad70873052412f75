"""One row by its id, of those that somebody may see."""

from typing import TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import Session

from directory.errors import NotFound
from directory.fields import Wrong, clean_id

Row = TypeVar("Row")


def one(session: Session, seen: Select[Row], path: str, row_id: str) -> Row:
    """The row of this id among those that a statement over one table gives. Raises NotFound, by the path's name."""
    try:
        key = clean_id(row_id)
    except Wrong:
        raise NotFound(path, row_id) from None
    found = session.scalar(seen.where(seen.selected_columns.id == key))
    if found is None:
        raise NotFound(path, row_id)
    return found
