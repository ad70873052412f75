"""Channels: how somebody or something is reached."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from directory.db import Identifier
from directory.models.record import Record


class Channel(Record):
    """A phone number or mailbox. The owner is a person, post, department, organisation or service_site."""

    __tablename__ = "channel"

    owner_type: Mapped[str]
    owner_id: Mapped[str] = mapped_column(Identifier())
    channel_kind: Mapped[str]
    value: Mapped[str] = mapped_column(index=True)
    whatsapp: Mapped[bool | None]
    hours: Mapped[list[Any] | None]
    visibility: Mapped[str] = mapped_column(default="network")
    tested_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "owner_id", "owner_type"),)
