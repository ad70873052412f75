"""Posts, which outlive their holders, and focal points: a person in a post from a day to a day."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from directory.models.record import Record, reference


class Post(Record):
    """A seat in an organisation or one of its units."""

    __tablename__ = "post"

    organisation_id: Mapped[str] = reference("organisation")
    department_id: Mapped[str | None] = reference("department", required=False)
    title: Mapped[str | None] = mapped_column(index=True)
    contact_role: Mapped[str | None]
    functions: Mapped[list[Any]] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(default="filled")


class FocalPoint(Record):
    """A person in a post. `ends` is the first day out."""

    __tablename__ = "focal_point"

    person_id: Mapped[str] = reference("person")
    post_id: Mapped[str] = reference("post")
    starts: Mapped[date | None]
    ends: Mapped[date | None]
    primary: Mapped[bool] = mapped_column("is_primary", default=False)
    acting: Mapped[bool] = mapped_column(default=False)
