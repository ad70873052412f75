"""Department units: the desks, stations and offices in which somebody acts."""

from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from directory.models.record import Record, reference


class Department(Record):
    """A unit of an organisation, with the area it is competent for and the functions it answers for."""

    __tablename__ = "department"

    organisation_id: Mapped[str] = reference("organisation")
    name: Mapped[str] = mapped_column(index=True)
    level: Mapped[str | None] = mapped_column(index=True)
    serves: Mapped[dict[str, Any] | None]
    functions: Mapped[list[Any]] = mapped_column(default=list)
    site_id: Mapped[str | None] = reference("site", required=False)
    typical_wait_days: Mapped[int | None]
    suspended: Mapped[bool] = mapped_column(default=False)
