"""Places, in two tables: what everyone may read, and the true location of a confidential place."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from directory.db import Base, Identifier
from directory.models.record import Record, reference


class Site(Record):
    """A place as published: its own point where it is open, its area's point where it is confidential."""

    __tablename__ = "site"

    organisation_id: Mapped[str] = reference("organisation")
    name: Mapped[str | None] = mapped_column(index=True)
    confidential: Mapped[bool] = mapped_column(default=False, index=True)
    area_id: Mapped[str] = mapped_column(Identifier(), index=True)
    province: Mapped[str] = mapped_column(index=True)
    district: Mapped[str] = mapped_column(index=True)
    lat: Mapped[float]
    lon: Mapped[float]
    address: Mapped[str | None]


class SiteSecret(Base):
    """The true location of a confidential site. Its version is its own; writing it changes nothing published."""

    __tablename__ = "site_secret"

    site_id: Mapped[str] = mapped_column(Identifier(), ForeignKey("site.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    address: Mapped[str | None]
    latitude: Mapped[float]
    longitude: Mapped[float]
