"""Accounts of people: made, changed, deactivated and reset by administrators; passwords by their owners."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from directory import changes, permissions
from directory.errors import Conflict, Invalid, NotFound, VersionConflict
from directory.fields import Boolean, Code, Field, Id, Province, Text, Wrong, checked, clean_id
from directory.models.access import Account, ApiKey, Device, Identity, KnownAddress
from directory.models.department import Department
from directory.permissions import KNOWN, Actor
from directory.services import access, audit, factors, guards, logins, passwords, references, sessions

ROLES = tuple(sorted(KNOWN - {"app"}))
OF_AN_ORGANISATION = ("caseworker", "partner_manager", "unit_manager")
OF_A_PROVINCE = ("coordinator", "disclosure")
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,63}")


@dataclass(frozen=True, kw_only=True)
class Username(Text):
    """A name to sign in with: 3 to 64 lower-case letters, digits, dots, hyphens, underscores."""

    def clean(self, value: Any) -> str:
        """Fold the case and check the characters."""
        name = logins.username(super().clean(value))
        if not USERNAME.fullmatch(name):
            raise Wrong("Must be 3 to 64 of: a-z 0-9 . _ - and begin with a letter or digit.")
        return name


FIELDS: dict[str, Field] = {
    "username": Username(required=True, create_only=True),
    "display_name": Text(most=100, required=True, doc="Shown to partners whose address is disclosed to this person."),
    "role": Code(among=ROLES, required=True),
    "organisation_id": Id(to="organisations", doc="For whom caseworkers and managers act; its unit's if left out."),
    "department_id": Id(to="departments", doc="The unit a unit manager acts for."),
    "province": Province(doc="Coordinators and disclosure only; null is the whole country."),
    "second_factor": Boolean(create_only=True, doc="Ask for codes also where the role does not require them."),
}
CHANGEABLE = {name: one for name, one in FIELDS.items() if not one.create_only}
COLUMNS = ("display_name", "role", "organisation_id", "department_id", "province")


@dataclass(frozen=True, slots=True)
class Credentials:
    """An account with the secrets just made for it: they are told once and never again."""

    account: Account
    password: str = field(repr=False)
    totp_secret: str | None = field(repr=False)


def create(session: Session, actor: Actor, given: Mapping[str, Any]) -> Credentials:
    """Make an account with a random password and, where it needs one, a TOTP secret. Raises Denied, Invalid."""
    permissions.require(actor, "accounts.manage")
    values = checked(FIELDS, dict(given))
    if session.scalar(select(Account.id).where(Account.username == values["username"])) is not None:
        raise Invalid({"username": ["This name is taken."]})
    moment, password = changes.now(session), passwords.make()
    account = Account(
        username=values["username"],
        password_hash=passwords.hashed(password),
        totp_secret=factors.make() if values.get("second_factor") or values["role"] in factors.REQUIRED else None,
        created_at=moment,
        updated_at=moment,
        **{name: values.get(name) for name in COLUMNS},
    )
    _check(session, account)
    session.add(account)
    _changed(session, actor, "user.created", account, (f"role:{account.role}",))
    return Credentials(account, password, account.totp_secret)


def get(session: Session, actor: Actor, account_id: str) -> Account:
    """One account: one's own or, for who manages accounts, anybody's. Raises Denied, NotFound."""
    if actor.account_id is None or account_id != actor.account_id:
        permissions.require(actor, "accounts.manage")
    return _find(session, account_id)


def page(session: Session, actor: Actor, *, page: int = 1, page_size: int = 50) -> tuple[list[Account], int]:
    """Accounts by user name, and how many there are. Raises Denied."""
    permissions.require(actor, "accounts.manage")
    total = session.scalar(select(func.count()).select_from(Account)) or 0
    chosen = select(Account).order_by(Account.username).offset((page - 1) * page_size).limit(page_size)
    return list(session.scalars(chosen)), total


def change(session: Session, actor: Actor, account_id: str, version: int, given: Mapping[str, Any]) -> Account:
    """Change an account by merge patch; it holds from the next request.

    Raises Denied, NotFound, VersionConflict, Invalid, Conflict (the last administrator stays one).
    """
    permissions.require(actor, "accounts.manage")
    account = _expected(session, account_id, version)
    was_admin = account.role == "admin"
    values = checked(CHANGEABLE, dict(given), partial=True)
    for name, value in values.items():
        setattr(account, name, value)
    _check(session, account)
    if account.role in factors.REQUIRED and account.totp_secret is None:
        raise Invalid({"role": ["This role needs a second factor: reset the account with one first."]})
    if was_admin and account.role != "admin":
        _keep_one_admin(session, account)
    account.updated_at = changes.now(session)
    _changed(session, actor, "user.changed", account, audit.changed_fields(values))
    return account


def deactivate(session: Session, actor: Actor, account_id: str, version: int) -> Account:
    """Shut an account out, from the next request: its sessions and keys end. Raises as change."""
    permissions.require(actor, "accounts.manage")
    account = _expected(session, account_id, version)
    if account.role == "admin":
        _keep_one_admin(session, account)
    account.active, account.updated_at = False, changes.now(session)
    _end(session, account.id)
    revoked = update(ApiKey).where(ApiKey.account_id == account.id, ApiKey.revoked_at.is_(None))
    session.execute(revoked.values(revoked_at=changes.now(session)))
    _changed(session, actor, "user.deactivated", account)
    return account


def reset(session: Session, actor: Actor, account_id: str, *, second_factor: bool = False) -> Credentials:
    """New secrets for an account, which is active and unlocked again; its sessions, devices and identities end, its
    keys stay.

    `second_factor`: give it one though its role requires none. Raises Denied, NotFound.
    """
    permissions.require(actor, "accounts.manage")
    account = _find(session, account_id, lock=True)
    password = passwords.make()
    account.password_hash, account.active, account.updated_at = passwords.hashed(password), True, changes.now(session)
    if second_factor or account.totp_secret is not None or account.role in factors.REQUIRED:
        account.totp_secret, account.totp_step = factors.make(), None
    _end(session, account.id)
    guards.clear_all(session, guards.name_hash(account.username))
    _changed(session, actor, "user.reset", account)
    return Credentials(account, password, account.totp_secret)


def publish(account: Account) -> dict[str, Any]:
    """An account as administrators and its owner read it: no secrets."""
    shown = {name: getattr(account, name) for name in ("id", "version", "username", *COLUMNS, "active")}
    times = {name: getattr(account, name) for name in ("created_at", "updated_at", "signed_in_at")}
    return shown | {"second_factor": account.totp_secret is not None} | times


def _check(session: Session, account: Account) -> None:
    """Raise Invalid unless the account acts for whom its role acts for."""
    acts_for = {"organisation_id": account.organisation_id, "department_id": account.department_id}
    references.check(session, FIELDS, acts_for)
    if account.department_id is not None:
        unit = session.get_one(Department, account.department_id)
        if account.organisation_id is None:
            account.organisation_id = unit.organisation_id
        elif account.organisation_id != unit.organisation_id:
            raise Invalid({"department_id": ["The unit is of another organisation."]})
    if account.role == "unit_manager" and account.department_id is None:
        raise Invalid({"department_id": ["A unit manager acts for a unit."]})
    if account.role in OF_AN_ORGANISATION and account.organisation_id is None:
        raise Invalid({"organisation_id": ["This role acts for an organisation."]})
    if account.province is not None and account.role not in OF_A_PROVINCE:
        raise Invalid({"province": ["This role has no province."]})


def _keep_one_admin(session: Session, account: Account) -> None:
    chosen = select(Account.id).where(Account.role == "admin", Account.active).order_by(Account.id).with_for_update()
    if not set(session.scalars(chosen)) - {account.id}:
        raise Conflict("the last administrator stays one")


def _end(session: Session, account_id: str) -> None:
    sessions.end_all(session, account_id)
    session.execute(delete(Device).where(Device.account_id == account_id))
    session.execute(delete(KnownAddress).where(KnownAddress.account_id == account_id))
    session.execute(delete(Identity).where(Identity.account_id == account_id))


def _changed(session: Session, actor: Actor, action: str, account: Account, details: tuple[str, ...] = ()) -> None:
    session.flush()
    audit.note(session, actor, action, audit.About("users", account.id, details))
    access.changed(session)


def _expected(session: Session, account_id: str, version: int) -> Account:
    account = _find(session, account_id, lock=True)
    if account.version != version:
        raise VersionConflict(account.version)
    return account


def _find(session: Session, account_id: str, *, lock: bool = False) -> Account:
    try:
        found = session.get(Account, clean_id(account_id), with_for_update=lock or None)
    except Wrong:
        found = None
    if found is None:
        raise NotFound("users", account_id)
    return found
