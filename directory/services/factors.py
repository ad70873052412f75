"""The second factor: a TOTP code (RFC 6238), accepted once, and how long ago one was given."""

import hmac
from datetime import datetime, timedelta
from typing import Any, cast

import pyotp
from sqlalchemy import or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from directory import changes
from directory.errors import Denied
from directory.models.access import Account, ApiKey, LoginSession
from directory.permissions import Actor, Role
from directory.services import access, audit, guards

REQUIRED: frozenset[Role] = frozenset({"coordinator", "disclosure", "auditor", "admin"})
RECENT = timedelta(minutes=5)
STEP_SECONDS = 30
DRIFT_STEPS = (0, -1, 1)


class SecondFactorNeeded(Denied):
    """A code has to be given first: none was within five minutes."""

    def __init__(self) -> None:
        super().__init__("give a second factor first")


def make() -> str:
    """A secret of 160 bits, in base32."""
    return pyotp.random_base32()


def accept(session: Session, account: Account, code: str | None) -> bool:
    """Whether the code is the account's now, one step of 30 s early or late allowed; no code is accepted twice."""
    if account.totp_secret is None or code is None:
        return False
    totp, moment = pyotp.TOTP(account.totp_secret), changes.now(session)
    now = int(moment.timestamp()) // STEP_SECONDS
    given = code.strip().encode("utf-8", "surrogatepass")
    near = (now + drift for drift in DRIFT_STEPS)
    steps = [step for step in near if hmac.compare_digest(totp.generate_otp(step).encode(), given)]
    if not steps:
        return False
    unused = or_(Account.totp_step.is_(None), Account.totp_step < steps[0])
    spent = update(Account).where(Account.id == account.id, unused).values(totp_step=steps[0], version=Account.version)
    return cast("CursorResult[Any]", session.execute(spent)).rowcount == 1


def confirm(session: Session, actor: Actor, code: str) -> bool:
    """Give a second factor for the session or key in use. Commit whatever it answers: tries are counted.

    Raises Denied for who has no account.
    """
    account = None if actor.account_id is None else session.get(Account, actor.account_id)
    if account is None:
        raise Denied("only a person has a second factor")
    name, source = guards.name_hash(account.username), f"factor:{actor.session_id or actor.key_id}"
    tries = guards.count(session, name, source)
    if tries is None or not accept(session, account, code):
        if tries == guards.MOST:
            audit.note(session, actor, "login.locked", audit.About("users", account.id))
        return False
    guards.clear(session, name, source)
    model = ApiKey if actor.session_id is None else LoginSession
    given = update(model).where(model.id == (actor.session_id or actor.key_id))
    session.execute(given.values(second_factor_at=changes.now(session)))
    access.changed(session)
    return True


def require_recent(session: Session, actor: Actor) -> None:
    """Raise SecondFactorNeeded unless one was given within five minutes with the session or key in use."""
    given = _given(session, actor)
    if given is None or not timedelta(0) <= changes.now(session) - given <= RECENT:
        raise SecondFactorNeeded


def _given(session: Session, actor: Actor) -> datetime | None:
    if actor.session_id is not None:
        return session.scalar(select(LoginSession.second_factor_at).where(LoginSession.id == actor.session_id))
    return session.scalar(select(ApiKey.second_factor_at).where(ApiKey.id == actor.key_id))
