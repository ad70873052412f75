"""Addresses that are called when something changed, and how far that has come."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from directory.db import Base, Identifier
from directory.models.record import new_id


class Webhook(Base):
    """Whom to call, for the holder of a key, and goes with it. `version` counts what the holder changes; what comes of
    calls raises nothing. Without collections it is of all. `told_revision`: the change that was last told, or was
    found not to concern the holder. Secrets are sealed (`directory.services.webhook_secrets`)."""

    __tablename__ = "webhook"

    id: Mapped[str] = mapped_column(Identifier(), primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(default="active")
    key_id: Mapped[str] = mapped_column(Identifier(), ForeignKey("api_key.id", ondelete="CASCADE"), index=True)
    url: Mapped[str]
    collections: Mapped[list[Any]] = mapped_column(default=list)
    paused: Mapped[bool] = mapped_column(default=False)
    secret: Mapped[bytes]
    former_secret: Mapped[bytes | None]
    former_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    told_revision: Mapped[int]
    trial: Mapped[bool] = mapped_column(default=False)
    due_at: Mapped[datetime] = mapped_column(index=True)
    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    last_at: Mapped[datetime | None]
    last_outcome: Mapped[str | None]
    last_status: Mapped[int | None]

    __mapper_args__: dict[str, Any] = {"version_id_col": version}
