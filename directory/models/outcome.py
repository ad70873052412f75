"""What came of calls: counts by month, and numbers that somebody found to be wrong. Never who called, nor for whom."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from directory.db import Base, Identifier


class ContactCount(Base):
    """How often, in a month, calls to a service-site had an outcome. `reason_code` is empty where none was given."""

    __tablename__ = "contact_count"

    service_site_id: Mapped[str] = mapped_column(Identifier(), ForeignKey("service_site.id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(primary_key=True)
    reason_code: Mapped[str] = mapped_column(primary_key=True, default="")
    count: Mapped[int] = mapped_column(default=0)


class ChannelDoubt(Base):
    """A channel that led to somebody else when it was last called; it holds until that is confirmed or changed."""

    __tablename__ = "channel_doubt"

    channel_id: Mapped[str] = mapped_column(
        Identifier(), ForeignKey("channel.id", ondelete="CASCADE"), primary_key=True
    )
    at: Mapped[datetime]
