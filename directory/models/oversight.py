"""What is watched, and what is done about it: the audit, quotas, alerts, suspensions, concerns, disclosures."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from directory.db import Base, Identifier
from directory.models.record import new_id, reference


class SubjectKey(Base):
    """The random key under which the audit names one person. Destroyed on erasure: then nobody can tell who it was."""

    __tablename__ = "subject_key"

    subject_id: Mapped[str] = mapped_column(Identifier(), primary_key=True)
    key: Mapped[str]
    reference: Mapped[str] = mapped_column(unique=True)


class AuditHead(Base):
    """One row, the end of the chain: whoever appends holds its lock, so the chain cannot fork."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int]
    hash: Mapped[str]


class AuditEntry(Base):
    """One thing done or refused. Codes only, never values; the database refuses to change or delete a row."""

    __tablename__ = "audit_entry"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(index=True)
    role: Mapped[str]
    end_user: Mapped[str | None]
    action: Mapped[str] = mapped_column(index=True)
    collection: Mapped[str | None]
    record: Mapped[str | None] = mapped_column(index=True)
    details: Mapped[list[Any]] = mapped_column(default=list)
    prev_hash: Mapped[str]
    hash: Mapped[str]


class Quota(Base):
    """How much of its daily allowance a holder's workers have leased. The holder is an organisation or, without one, a
    person or key."""

    __tablename__ = "quota"

    holder_id: Mapped[str] = mapped_column(Identifier(), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    leased: Mapped[int] = mapped_column(default=0)


class QuotaLimit(Base):
    """A daily allowance other than the usual."""

    __tablename__ = "quota_limit"

    holder_id: Mapped[str] = mapped_column(Identifier(), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    daily: Mapped[int]


class Alert(Base):
    """Something that a person should look at: once a day for each holder and kind."""

    __tablename__ = "alert"

    id: Mapped[str] = mapped_column(Identifier(), primary_key=True, default=new_id)
    holder_id: Mapped[str] = mapped_column(Identifier())
    day: Mapped[date]
    kind: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (Index(None, "holder_id", "day", "kind", unique=True),)


class Suspension(Base):
    """An organisation or unit put out of every list, and when it was taken back."""

    __tablename__ = "suspension"

    id: Mapped[str] = mapped_column(Identifier(), primary_key=True, default=new_id)
    collection: Mapped[str]
    record_id: Mapped[str] = mapped_column(Identifier(), index=True)
    code: Mapped[str]
    at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_code: Mapped[str | None]


class Concern(Base):
    """A safeguarding concern about a partner, in codes."""

    __tablename__ = "concern"

    id: Mapped[str] = mapped_column(Identifier(), primary_key=True, default=new_id)
    collection: Mapped[str]
    record_id: Mapped[str] = mapped_column(Identifier(), index=True)
    code: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
    raised_by_id: Mapped[str | None] = mapped_column(
        Identifier(), ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    raised_for_id: Mapped[str | None] = reference("organisation", required=False)
    settled_at: Mapped[datetime | None]
    outcome: Mapped[str | None]


class Disclosure(Base):
    """A confidential address asked for: by whom, of whom, for what."""

    __tablename__ = "disclosure"

    id: Mapped[str] = mapped_column(Identifier(), primary_key=True, default=new_id)
    site_id: Mapped[str] = reference("site")
    organisation_id: Mapped[str] = reference("organisation")
    account_id: Mapped[str | None] = mapped_column(
        Identifier(), ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    purpose: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
