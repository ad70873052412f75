"""Services, the places they are given at, and their capacity."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from directory.db import Base, Identifier
from directory.models.record import Record, reference


class Service(Record):
    """What an organisation or unit offers, to whom and on what terms."""

    __tablename__ = "service"

    organisation_id: Mapped[str] = reference("organisation")
    department_id: Mapped[str | None] = reference("department", required=False)
    name: Mapped[str] = mapped_column(index=True)
    codes: Mapped[list[Any]] = mapped_column(default=list)
    delivery: Mapped[str] = mapped_column(default="on_site")
    serves: Mapped[dict[str, Any] | None]
    eligibility: Mapped[dict[str, Any]] = mapped_column(default=dict)
    languages: Mapped[list[Any]] = mapped_column(default=list)
    interpreter_on_call: Mapped[str | None]
    intake: Mapped[list[Any] | None]
    stay_max_days: Mapped[int | None]
    cost: Mapped[str | None]
    setting: Mapped[str | None]
    transport: Mapped[str | None]
    typical_wait_days: Mapped[int | None]


class ServiceSite(Record):
    """A service at a site; without a site where it is given from afar. One of these is one candidate of a match."""

    __tablename__ = "service_site"

    service_id: Mapped[str] = reference("service")
    site_id: Mapped[str | None] = reference("site", required=False)


class Capacity(Base):
    """What a shelter last said of its room, and the band last published of a confidential one."""

    __tablename__ = "capacity"

    service_site_id: Mapped[str] = mapped_column(Identifier(), ForeignKey("service_site.id"), primary_key=True)
    unit: Mapped[str]
    total: Mapped[int | None]
    available: Mapped[int | None]
    as_of: Mapped[datetime]
    published_unit: Mapped[str | None]
    published_band: Mapped[str | None]
    published_as_of: Mapped[datetime | None]
