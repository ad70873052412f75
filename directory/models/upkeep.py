"""What keeps the registry true and traceable: revisions, changes, verifications, replays, capacity ticks."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from directory.db import Base, Identifier


class RegistryState(Base):
    """One row: the registry's revision and the last capacity tick published."""

    __tablename__ = "registry_state"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(default=0)
    last_tick: Mapped[datetime | None]


class SnapshotKey(Base):
    """One row: the key that seals what servers keep in files of the registry. Without it they are of no use to anybody,
    so it goes whenever somebody is erased."""

    __tablename__ = "snapshot_key"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[bytes]


class Change(Base):
    """One change of one published record; `op` is put, closed or erased."""

    __tablename__ = "change"

    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    collection: Mapped[str]
    record_id: Mapped[str] = mapped_column(Identifier())
    op: Mapped[str]
    at: Mapped[datetime]


class Verification(Base):
    """Somebody asked whether a record is still true."""

    __tablename__ = "verification"

    id: Mapped[str] = mapped_column(Identifier(), primary_key=True)
    collection: Mapped[str]
    record_id: Mapped[str] = mapped_column(Identifier())
    method: Mapped[str]
    outcome: Mapped[str]
    verified_at: Mapped[datetime]
    created_at: Mapped[datetime]
    actor: Mapped[str]

    __table_args__ = (Index(None, "record_id"),)


class Replay(Base):
    """A POST made with an Idempotency-Key, so that its repetition is answered and not done again."""

    __tablename__ = "replay"

    actor: Mapped[str] = mapped_column(primary_key=True)
    route: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    body_hmac: Mapped[str]
    status: Mapped[int]
    record_id: Mapped[str] = mapped_column(Identifier())
    created_at: Mapped[datetime] = mapped_column(index=True)


class Import(Base):
    """What came of a spreadsheet: row numbers, codes, sentences and ids, nothing that stood in it. `holder` is whose
    credential it was, `province` what the maker was limited to."""

    __tablename__ = "spreadsheet_import"

    id: Mapped[str] = mapped_column(Identifier(), primary_key=True)
    holder: Mapped[str]
    province: Mapped[str | None]
    status: Mapped[str]
    media_type: Mapped[str]
    told: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(index=True)
