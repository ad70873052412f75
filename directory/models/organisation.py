"""Organisations: NGOs, shelters, departments as institutions, coordinating bodies; who followed whom."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from directory.db import Base, Identifier
from directory.models.record import Record, new_id, reference


class Organisation(Record):
    """An organisation. `province` and `district` are where it says it is; see queries.masking for who reads them.

    `merged_into`: the record that is the same organisation. `kept_confidential`: it was made confidential, by a place
    of its own, as a guest, or with an organisation that is one with it or followed it; for good.
    """

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
    merged_into: Mapped[str | None] = reference("organisation", required=False)
    kept_confidential: Mapped[bool] = mapped_column(default=False, server_default=false())


class Succession(Base):
    """Who followed an organisation in the world, from a day on; nobody where `successor_id` is null."""

    __tablename__ = "succession"

    id: Mapped[str] = mapped_column(Identifier(), primary_key=True, default=new_id)
    predecessor_id: Mapped[str] = reference("organisation")
    successor_id: Mapped[str | None] = reference("organisation", required=False)
    kind: Mapped[str]
    on: Mapped[date]
    at: Mapped[datetime]


class NotSame(Base):
    """Two records of a collection of which somebody said that they are not one. `first_id` is the lesser id."""

    __tablename__ = "not_same"
    __table_args__ = (UniqueConstraint("first_id", "second_id"),)

    id: Mapped[str] = mapped_column(Identifier(), primary_key=True, default=new_id)
    collection: Mapped[str]
    first_id: Mapped[str] = mapped_column(Identifier())
    second_id: Mapped[str] = mapped_column(Identifier())
    at: Mapped[datetime]
