"""Trainings and who sat in them."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from directory.models.record import Record


class Training(Record):
    """A course held once."""

    __tablename__ = "training"

    course: Mapped[str] = mapped_column(index=True)
    provider: Mapped[str | None]
    unit_standard: Mapped[str | None]
    accredited: Mapped[bool | None]
    held_on: Mapped[date | None]
    expires: Mapped[date | None]
    attendees: Mapped[list[Any]] = mapped_column(default=list)
