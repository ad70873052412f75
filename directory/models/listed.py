"""What people listed are given, and what they say: one-time links, and statements in codes."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from directory.db import Base, Identifier
from directory.models.record import new_id


def _of_person(*, required: bool = True) -> Mapped[Any]:
    """A person the row is about: it goes with them."""
    key = ForeignKey("person.id", ondelete="CASCADE")
    return mapped_column(Identifier(), key, nullable=not required, index=True)


class ListedLink(Base):
    """A link by which a person reads and corrects what is kept of them: once, for a while. The token is kept hashed."""

    __tablename__ = "listed_link"

    id: Mapped[str] = mapped_column(Identifier(), primary_key=True, default=new_id)
    person_id: Mapped[str] = _of_person()
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]


class ListedStatement(Base):
    """What a person said of being listed: an objection, a deputy, a number corrected. Codes and ids alone."""

    __tablename__ = "listed_statement"

    id: Mapped[str] = mapped_column(Identifier(), primary_key=True, default=new_id)
    person_id: Mapped[str] = _of_person()
    kind: Mapped[str]
    code: Mapped[str | None]
    deputy_id: Mapped[str | None] = _of_person(required=False)
    at: Mapped[datetime] = mapped_column(index=True)
    settled_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
