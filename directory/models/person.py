"""People listed as focal points; never a person helped."""

from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from directory.models.record import Record


class Person(Record):
    """Somebody who holds posts. `status` is active, on_leave or closed."""

    __tablename__ = "person"

    full_name: Mapped[str] = mapped_column(index=True)
    languages: Mapped[list[Any]] = mapped_column(default=list)
