"""What people who are signed in change of how they sign in: password, second factor, the devices that know them.

`admit` counts a try and is committed before anything is judged: a session left open somewhere guesses no password.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from directory import changes
from directory.errors import Denied, Invalid, NotFound
from directory.fields import Wrong, clean_id
from directory.models.access import Account, Device, LoginSession
from directory.permissions import Actor
from directory.services import access, audit, factors, guards, passwords, sessions, tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFactor:
    """Another secret for the authenticator, and what shows that it is there and that its owner asks."""

    password: str = field(repr=False)
    former: str | None = field(repr=False)
    secret: str = field(repr=False)
    code: str = field(repr=False)


def admit(session: Session, actor: Actor) -> None:
    """Count a try to change one's own secrets. Commit it. Raises Denied after ten within the hour."""
    account = _own(session, actor)
    if guards.count(session, guards.name_hash(account.username), _source(actor)) is None:
        raise Denied("too many tries: wait an hour")


def change_password(session: Session, actor: Actor, current: str, new: str) -> None:
    """Change one's own password; one's other sessions end. Raises Denied, Invalid."""
    account = _own(session, actor)
    if not passwords.SHORTEST <= len(new) <= passwords.LONGEST:
        raise Invalid({"new": [f"Must have {passwords.SHORTEST} to {passwords.LONGEST} characters."]})
    if account.username in new.casefold():
        raise Invalid({"new": ["Must not contain the user name."]})
    if not passwords.verify(account.password_hash, current):
        raise Invalid({"current": ["Is not the password."]})
    account.password_hash = passwords.hashed(new)
    _changed(session, actor, account, "field:password")


def change_factor(session: Session, actor: Actor, new: NewFactor) -> None:
    """Take another secret for one's second factor, or a first one; one's other sessions end. Raises Denied, Invalid."""
    account = _own(session, actor)
    if not passwords.verify(account.password_hash, new.password):
        raise Invalid({"password": ["Is not the password."]})
    if account.totp_secret is not None and not factors.accept(session, account, new.former):
        raise Invalid({"former": ["Is not the code, or was used before."]})
    session.refresh(account)
    account.totp_secret, account.totp_step = new.secret, None
    session.flush()
    if not factors.accept(session, account, new.code):
        raise Invalid({"code": ["Is not the code that belongs to this key."]})
    session.refresh(account)
    given = update(LoginSession).where(LoginSession.id == actor.session_id)
    session.execute(given.values(second_factor_at=changes.now(session)))
    _changed(session, actor, account, "field:second_factor")


def devices(session: Session, actor: Actor) -> Sequence[Device]:
    """The devices that know one, the last seen first. Raises Denied."""
    account = _own(session, actor, lock=False)
    chosen = select(Device).where(Device.account_id == account.id)
    return list(session.scalars(chosen.order_by(Device.seen_at.desc(), Device.id)))


def recognised(found: Sequence[Device], enrolled: Sequence[str]) -> frozenset[str]:
    """The ids of those devices that hold one of these tokens."""
    return frozenset(one.id for one in found if any(tokens.matches(token, one.token_hash) for token in enrolled))


def forget_device(session: Session, actor: Actor, device_id: str) -> None:
    """Let a device of one's own be a stranger's again. Raises Denied, NotFound."""
    account = _own(session, actor)
    try:
        found = session.get(Device, clean_id(device_id))
    except Wrong:
        found = None
    if found is None or found.account_id != account.id:
        raise NotFound("devices", device_id)
    session.execute(delete(Device).where(Device.id == found.id))
    audit.note(session, actor, "device.forgotten", audit.About("users", account.id))


def _own(session: Session, actor: Actor, *, lock: bool = True) -> Account:
    """The account of who is signed in. Raises Denied for who is not."""
    if actor.account_id is None or actor.session_id is None:
        raise Denied("only a person who is signed in has secrets to change")
    return session.get_one(Account, actor.account_id, with_for_update=lock or None)


def _source(actor: Actor) -> str:
    return f"own:{actor.session_id}"


def _changed(session: Session, actor: Actor, account: Account, what: str) -> None:
    account.updated_at = changes.now(session)
    guards.clear(session, guards.name_hash(account.username), _source(actor))
    sessions.end_all(session, account.id, but=actor.session_id)
    session.flush()
    audit.note(session, actor, "user.changed", audit.About("users", account.id, (what,)))
    access.changed(session)
