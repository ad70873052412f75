"""Signed-in browsers, kept by the server: ended by an hour's idleness, after twelve hours, or at once by revoking."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from directory import changes, permissions
from directory.errors import Denied, NotFound
from directory.fields import Wrong, clean_id
from directory.models.access import Account, LoginSession
from directory.permissions import Actor
from directory.queries.standing import unsuspended
from directory.services import access, audit, tokens
from directory.services.actors import of_account

IDLE = timedelta(hours=1)
LONGEST = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=5)
"""How old the note of a session's last use may become before it is written anew."""


def start(session: Session, account: Account, *, second_factor: bool) -> tuple[LoginSession, str]:
    """A new session for an account that has proved itself, and its token. Ended ones are dropped."""
    moment = changes.now(session)
    session.execute(delete(LoginSession).where(LoginSession.expires_at <= moment))
    token = tokens.new()
    begun = LoginSession(
        account_id=account.id,
        token_hash=tokens.digest(token),
        created_at=moment,
        seen_at=moment,
        expires_at=moment + LONGEST,
        second_factor_at=moment if second_factor else None,
    )
    session.add(begun)
    access.changed(session)
    return begun, token


def lookup(session: Session, token: str) -> Actor | None:
    """Who holds this token, if it still holds: one SELECT, every time, in every worker.

    Nobody's: ended, revoked, of an inactive account, or of a suspended organisation or unit.
    """
    moment = changes.now(session)
    chosen = (
        select(LoginSession, Account)
        .join(Account, Account.id == LoginSession.account_id)
        .where(
            LoginSession.token_hash == tokens.digest(token),
            LoginSession.revoked_at.is_(None),
            LoginSession.expires_at > moment,
            LoginSession.seen_at > moment - IDLE,
            Account.active,
            unsuspended(Account.organisation_id, Account.department_id),
        )
        .execution_options(populate_existing=True)
    )
    found = session.execute(chosen).one_or_none()
    if found is None or not tokens.matches(token, found[0].token_hash):
        return None
    return of_account(found[1], session_id=found[0].id)


def needs_touch(session: Session, actor: Actor) -> bool:
    """Whether the session's last use was noted long enough ago to be noted again, in a writing transaction."""
    seen = session.scalar(select(LoginSession.seen_at).where(LoginSession.id == actor.session_id))
    return seen is not None and changes.now(session) - seen >= SEEN_EVERY


def touch(session: Session, actor: Actor) -> None:
    """Note that the session is in use."""
    used = update(LoginSession).where(LoginSession.id == actor.session_id)
    session.execute(used.values(seen_at=changes.now(session)))


def held(session: Session, actor: Actor, account_id: str | None = None) -> Sequence[LoginSession]:
    """The open sessions of oneself or, for who manages accounts, of another. Raises Denied."""
    owner = _whose(actor, account_id)
    moment = changes.now(session)
    ended = or_(
        LoginSession.revoked_at.is_not(None), LoginSession.expires_at <= moment, LoginSession.seen_at <= moment - IDLE
    )
    chosen = select(LoginSession).where(LoginSession.account_id == owner, ~ended)
    return list(session.scalars(chosen.order_by(LoginSession.seen_at.desc(), LoginSession.id)))


def revoke(session: Session, actor: Actor, session_id: str) -> None:
    """End one session: one's own or, for who manages accounts, anybody's. Raises NotFound."""
    try:
        found = session.get(LoginSession, clean_id(session_id))
    except Wrong:
        found = None
    if found is None:
        raise NotFound("sessions", session_id)
    if found.account_id != actor.account_id:
        permissions.require(actor, "accounts.manage")
    found.revoked_at = found.revoked_at or changes.now(session)
    audit.note(session, actor, "session.revoked", audit.About("users", found.account_id))
    access.changed(session)


def revoke_all(session: Session, actor: Actor, account_id: str | None = None) -> None:
    """End all sessions of oneself or, for who manages accounts, of another. Raises Denied."""
    owner = _whose(actor, account_id)
    end_all(session, owner)
    audit.note(session, actor, "session.revoked", audit.About("users", owner, ("all",)))
    access.changed(session)


def end_all(session: Session, account_id: str, *, but: str | None = None) -> None:
    """End an account's sessions, as part of a change that says so itself."""
    going = update(LoginSession).where(LoginSession.account_id == account_id, LoginSession.revoked_at.is_(None))
    if but is not None:
        going = going.where(LoginSession.id != but)
    session.execute(going.values(revoked_at=changes.now(session)))


def _whose(actor: Actor, account_id: str | None) -> str:
    owner = account_id or actor.account_id
    if owner is None:
        raise Denied("only a person has sessions")
    if owner != actor.account_id:
        permissions.require(actor, "accounts.manage")
    return owner
