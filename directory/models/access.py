"""Who may come in: accounts of people, their devices and sessions, keys of apps, and tries that failed.

Tokens are random and kept as SHA-256 only. The TOTP secret has to be kept as it is; it opens nothing by itself.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from directory.db import Base, Identifier
from directory.models.record import new_id, reference


class AccessState(Base):
    """One row: a counter raised by every change of what anybody may do, so that a cache is checked by one SELECT."""

    __tablename__ = "access_state"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(default=0)


class Account(Base):
    """A person who signs in. `version` counts changes that an administrator makes; signing in raises nothing."""

    __tablename__ = "account"

    id: Mapped[str] = mapped_column(Identifier(), primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    username: Mapped[str] = mapped_column(unique=True)
    display_name: Mapped[str]
    role: Mapped[str] = mapped_column(index=True)
    organisation_id: Mapped[str | None] = reference("organisation", required=False)
    department_id: Mapped[str | None] = reference("department", required=False)
    province: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    password_hash: Mapped[str]
    totp_secret: Mapped[str | None]
    totp_step: Mapped[int | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        """Two administrators cannot both win."""
        return {"version_id_col": cls.version}


def _of_account(*, required: bool = True) -> Mapped[Any]:
    """The account that a row belongs to, and goes with."""
    key = ForeignKey("account.id", ondelete="CASCADE")
    return mapped_column(Identifier(), key, nullable=not required, index=True)


class Device(Base):
    """A browser that has signed in to an account before: others cannot lock it out."""

    __tablename__ = "device"

    id: Mapped[str] = mapped_column(Identifier(), primary_key=True, default=new_id)
    account_id: Mapped[str] = _of_account()
    token_hash: Mapped[str] = mapped_column(unique=True)
    enrolled_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class KnownAddress(Base):
    """A network address from which an account has signed in, as HMAC under the account's own key."""

    __tablename__ = "known_address"

    account_id: Mapped[str] = mapped_column(
        Identifier(), ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    reference: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]


class Identity(Base):
    """Who an account is for an outside provider: what it says for good (issuer, subject), not what can change."""

    __tablename__ = "identity"

    issuer: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = _of_account()
    bound_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("issuer", "account_id"),)


class Guard(Base):
    """Tries that were not followed by success: of an account name, known or not, by whom they came from."""

    __tablename__ = "guard"

    name_hash: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    tries: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime] = mapped_column(index=True)


class LoginSession(Base):
    """A signed-in browser."""

    __tablename__ = "login_session"

    id: Mapped[str] = mapped_column(Identifier(), primary_key=True, default=new_id)
    account_id: Mapped[str] = _of_account()
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    second_factor_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class ApiKey(Base):
    """A key of an app, or one by which a program acts for a person: then it has the account's role and goes with it."""

    __tablename__ = "api_key"

    id: Mapped[str] = mapped_column(Identifier(), primary_key=True, default=new_id)
    name: Mapped[str]
    prefix: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[str | None] = _of_account(required=False)
    organisation_id: Mapped[str | None] = reference("organisation", required=False)
    scopes: Mapped[list[Any]] = mapped_column(default=list)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    second_factor_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    rotated_to_id: Mapped[str | None] = reference("api_key", required=False)
