"""What is kept of matches: how often each need was asked for, by month and province. Nothing else."""

from sqlalchemy.orm import Mapped, mapped_column

from directory.db import Base


class MatchCount(Base):
    """How often a need was asked for in a province in a month (`2026-11`). No moment, key or organisation is kept."""

    __tablename__ = "match_count"

    month: Mapped[str] = mapped_column(primary_key=True)
    need: Mapped[str] = mapped_column(primary_key=True)
    province: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
