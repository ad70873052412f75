"""People with accounts, for the tests of who may come in and what is kept of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyotp
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from directory import changes
from directory.db import begin
from directory.permissions import LOCAL, Actor
from directory.services import accounts, logins
from directory.services.accounts import Credentials
from directory.services.logins import Attempt, Opened
from tests.conftest import Clock
from tests.factories import Factory

OFFICE, STREET = "196.25.1.10", "41.13.7.7"
ACTS_FOR_NOBODY = ("coordinator", "disclosure", "auditor", "admin")


@contextmanager
def working(engine: Engine, clock: Clock, *, write: bool = True) -> Iterator[Session]:
    """One transaction, as a request has one."""
    session = begin(engine, write=write)
    session.info["clock"] = clock
    try:
        yield session
        session.commit()
    finally:
        session.rollback()
        session.close()


def wait(session: Session, clock: Clock, **by: float) -> None:
    """Let time pass, within a transaction that otherwise has one moment for all its rows."""
    clock.advance(**by)
    session.info.pop("now", None)


def enlist(session: Session, role: str, name: str = "", **given: Any) -> Credentials:
    """An account of a role, with an organisation to act for where the role needs one."""
    if role not in ACTS_FOR_NOBODY and "organisation_id" not in given:
        given["organisation_id"] = Factory(session)("organisations").id
    if role == "unit_manager" and "department_id" not in given:
        given["department_id"] = Factory(session)("departments", organisation_id=given["organisation_id"]).id
    username = name or f"{role.replace('_', '-')}-1"
    body = {"username": username, "display_name": f"A {role}", "role": role, **given}
    return accounts.create(session, LOCAL, body)


def code(session: Session, who: Credentials) -> str | None:
    """The code that the person's telephone shows now."""
    return None if who.totp_secret is None else pyotp.TOTP(who.totp_secret).at(changes.now(session))


def sign_in(
    session: Session,
    who: Credentials,
    password: str | None = None,
    *,
    device: str | None = None,
    address: str | None = STREET,
) -> Opened | None:
    """A try with all that the person has, or with another password."""
    ticket = logins.admit(session, Attempt(who.account.username, () if device is None else (device,), address))
    proof = logins.prove(ticket, who.password if password is None else password)
    return logins.finish(session, ticket, proof, code(session, who))


def signed_in(session: Session, who: Credentials) -> Actor:
    """The person, by a session just opened."""
    opened = sign_in(session, who)
    assert opened is not None
    return opened.actor
