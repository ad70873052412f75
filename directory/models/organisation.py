"""Organisations: NGOs, shelters, departments as institutions, coordinating bodies."""

from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from directory.models.record import Record, reference


class Organisation(Record):
    """An organisation. `province` and `district` are where it says it is; see queries.masking for who reads them."""

    __tablename__ = "organisation"

    name: Mapped[str] = mapped_column(index=True)
    alternate_names: Mapped[list[Any]] = mapped_column(default=list)
    org_type: Mapped[str | None] = mapped_column(index=True)
    sector: Mapped[str | None] = mapped_column(index=True)
    department_code: Mapped[str | None]
    parent_id: Mapped[str | None] = reference("organisation", required=False)
    description: Mapped[str | None]
    website: Mapped[str | None]
    npo_number: Mapped[str | None]
    accreditation: Mapped[dict[str, Any] | None]
    province: Mapped[str | None] = mapped_column(index=True)
    district: Mapped[str | None]
    funding: Mapped[list[Any]] = mapped_column(default=list)
    suspended: Mapped[bool] = mapped_column(default=False)
