"""Links between organisations or units."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from directory.db import Identifier
from directory.models.record import Record


class Link(Record):
    """A partnership: what it is used for, who carries it at both ends, and what it has done."""

    __tablename__ = "link"

    a_type: Mapped[str]
    a_id: Mapped[str] = mapped_column(Identifier())
    b_type: Mapped[str]
    b_id: Mapped[str] = mapped_column(Identifier())
    link_types: Mapped[list[Any]] = mapped_column(default=list)
    carriers: Mapped[list[Any]] = mapped_column(default=list)
    channels: Mapped[list[Any]] = mapped_column(default=list)
    memorandum: Mapped[dict[str, Any] | None]
    facts: Mapped[list[Any]] = mapped_column(default=list)
    last_confirmed_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "a_id"), Index(None, "b_id"))
