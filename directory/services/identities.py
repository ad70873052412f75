"""Signing in by what an outside provider says: for accounts that are there already, and no more than they may.

An account is found by issuer and subject, which the provider promises to keep. The first time, where a setting allows
it, it is found by the user name that the provider vouches for, once; afterwards that name means nothing. Whoever fails
learns nothing, and is in the audit.
"""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import changes, permissions
from directory.errors import Conflict, Invalid, NotFound
from directory.models.access import Account, Identity
from directory.permissions import Actor
from directory.queries.standing import unsuspended
from directory.services import access, audit, factors, guards, logins
from directory.services.logins import NOBODY, Attempt, Opened

LONGEST = 255
CODE_NEEDED: Literal["code needed"] = "code needed"
Refusal = Literal["no_account", "closed", "no_factor", "wrong_code", "locked", "token"]


@dataclass(frozen=True, slots=True)
class Vouched:
    """Who the provider says it is. `username` is a user name to bind at first, if the settings allow one."""

    issuer: str
    subject: str
    username: str | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody led back by the provider, and whether it asked for a second factor itself."""

    vouched: Vouched
    attempt: Attempt = field(repr=False)
    second_factor: bool = False


def arrive(session: Session, arrival: Arrival, code: str | None = None) -> Opened | Literal["code needed"] | None:
    """Open a session; or say that a code is needed first; or None, which is audited. Commit any of them.

    With a code, `admit` has to be asked, and committed, before.
    """
    account = _account(session, arrival.vouched)
    asks = account is not None and account.totp_secret is not None and not arrival.second_factor
    why = _refusal(session, account, arrival)
    if why is None and asks and code is None:
        return CODE_NEEDED
    if account is not None and why is None and asks and not factors.accept(session, account, code):
        why = "wrong_code"
    if account is None or why is not None:
        refuse(session, why or "no_account", account)
        return None
    guards.clear(session, guards.name_hash(account.username), _source(arrival.vouched))
    _bind(session, account, arrival.vouched)
    return logins.welcome(session, account, arrival.attempt, second_factor=asks)


def _refusal(session: Session, account: Account | None, arrival: Arrival) -> Refusal | None:
    """Why somebody is not let in whatever the code, if so."""
    if account is None:
        return "no_account"
    entitled = select(Account.id).where(
        Account.id == account.id, Account.active, unsuspended(Account.organisation_id, Account.department_id)
    )
    if session.scalar(entitled) is None:
        return "closed"
    lacks = account.totp_secret is None and account.role in factors.REQUIRED
    return "no_factor" if lacks and not arrival.second_factor else None


def admit(session: Session, vouched: Vouched) -> bool:
    """Count a try to give a code; no after ten within the hour by this identity. Commit it before judging."""
    account = _account(session, vouched)
    if account is None:
        return False
    tries = guards.count(session, guards.name_hash(account.username), _source(vouched))
    if tries is None:
        refuse(session, "locked", account)
    return tries is not None


def refuse(session: Session, why: Refusal, account: Account | None = None) -> None:
    """Note in the audit that somebody led back by a provider was not let in."""
    about = audit.About("users", None if account is None else account.id, ("action:sign_in", f"reason:{why}"))
    audit.note(session, NOBODY, audit.DENIED, about)


def bind(session: Session, actor: Actor, username: str, vouched: Vouched) -> None:
    """Say by which identity an account signs in. Raises Denied, NotFound, Invalid, Conflict (one of them is taken)."""
    permissions.require(actor, "accounts.manage")
    if not 1 <= len(vouched.subject) <= LONGEST:
        raise Invalid({"subject": [f"Must have 1 to {LONGEST} characters."]})
    account = session.scalar(select(Account).where(Account.username == logins.username(username)))
    if account is None:
        raise NotFound("users", username)
    if _bound(session, vouched) is not None or _has_one(session, account, vouched.issuer):
        raise Conflict("the account or the identity is bound already: reset the account first")
    _bind(session, account, vouched)


def _account(session: Session, vouched: Vouched) -> Account | None:
    bound = _bound(session, vouched)
    if bound is not None or vouched.username is None:
        return bound
    named = session.scalar(select(Account).where(Account.username == logins.username(vouched.username)))
    return None if named is None or _has_one(session, named, vouched.issuer) else named


def _bound(session: Session, vouched: Vouched) -> Account | None:
    chosen = select(Account).join(Identity, Identity.account_id == Account.id)
    return session.scalar(chosen.where(Identity.issuer == vouched.issuer, Identity.subject == vouched.subject))


def _has_one(session: Session, account: Account, issuer: str) -> bool:
    chosen = select(Identity.subject).where(Identity.account_id == account.id, Identity.issuer == issuer)
    return session.scalar(chosen) is not None


def _bind(session: Session, account: Account, vouched: Vouched) -> None:
    if _bound(session, vouched) is not None:
        return
    moment = changes.now(session)
    session.add(Identity(issuer=vouched.issuer, subject=vouched.subject, account_id=account.id, bound_at=moment))
    session.flush()
    audit.note(session, NOBODY, "user.bound", audit.About("users", account.id))
    access.changed(session)


def _source(vouched: Vouched) -> str:
    """Tries by this identity lock this identity alone."""
    return f"identity:{sha256(f'{vouched.issuer} {vouched.subject}'.encode()).hexdigest()}"
