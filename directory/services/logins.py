"""Signing in, in three steps, so that no lock is held while a password is checked.

`admit` counts the try and is committed; `prove` works on the password, without a database; `finish` judges and is
committed. Whoever fails learns nothing: a wrong name, password or code, an inactive account and a locked source all end
in None after the same work.
"""

import ipaddress
import unicodedata
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from directory import changes
from directory.models.access import Account, Device, KnownAddress, LoginSession
from directory.permissions import Actor
from directory.queries.standing import unsuspended
from directory.services import audit, factors, guards, passwords, sessions, subjects, tokens
from directory.services.actors import of_account
from directory.services.upserts import insert_missing

NOBODY = Actor("anonymous", "anonymous")
NO_ACCOUNT = "00000000-0000-0000-0000-000000000000"
DEVICE_KEPT = timedelta(days=180)
ADDRESS_KEPT = timedelta(days=90)
IPV6_PREFIX = 64


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came with a try: the name as typed, the tokens of the device's enrolments, the peer's address if known."""

    username: str
    devices: tuple[str, ...] = ()
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """A try that was counted. `tries` is None where the source is locked."""

    attempt: Attempt = field(repr=False)
    account_id: str | None
    device_id: str | None
    source: str
    tries: int | None
    password_hash: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether the password was right, and its new hash where the old one was made with other parameters."""

    right: bool
    rehashed: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Opened:
    """A session, its token, and the token of the device if it is newly enrolled."""

    actor: Actor
    session: LoginSession
    token: str = field(repr=False)
    device_token: str | None = field(repr=False)


def username(given: str) -> str:
    """A user name as kept: compatible characters folded, lower case."""
    return unicodedata.normalize("NFKC", given).strip().casefold()


def admit(session: Session, attempt: Attempt) -> Ticket:
    """Count a try. Commit it before the password is checked."""
    name = username(attempt.username)
    account = session.scalar(select(Account).where(Account.username == name))
    owner = NO_ACCOUNT if account is None else account.id
    device_id = _device(session, owner, attempt.devices)
    source = _source(session, owner, device_id, attempt.address)
    tries = guards.count(session, guards.name_hash(name), source)
    return Ticket(
        attempt=attempt,
        account_id=None if account is None else account.id,
        device_id=device_id,
        source=source,
        tries=tries,
        password_hash=None if account is None else account.password_hash,
    )


def prove(ticket: Ticket, password: str) -> Proof:
    """Check the password, at the same cost whoever it is."""
    if not passwords.verify(ticket.password_hash, password):
        return Proof(False)
    outdated = passwords.is_outdated(ticket.password_hash or "")
    return Proof(True, passwords.hashed(password) if outdated else None)


def finish(session: Session, ticket: Ticket, proof: Proof, code: str | None = None) -> Opened | None:
    """Open a session, or None. Commit either: a source that is locked now is noted."""
    account = _entitled(session, ticket, proof, code)
    if account is None:
        if ticket.tries == guards.MOST:
            audit.note(session, NOBODY, "login.locked", audit.About("users", ticket.account_id))
        return None
    guards.clear(session, guards.name_hash(account.username), ticket.source)
    if proof.rehashed is not None:
        kept = update(Account).where(Account.id == account.id)
        session.execute(kept.values(version=Account.version, password_hash=proof.rehashed))
    return welcome(session, account, ticket.attempt, second_factor=account.totp_secret is not None)


def welcome(session: Session, account: Account, attempt: Attempt, *, second_factor: bool) -> Opened:
    """Open a session for an account that has proved itself, and know its device and address from now on."""
    signed_in = update(Account).where(Account.id == account.id)
    session.execute(signed_in.values(version=Account.version, signed_in_at=changes.now(session)))
    device_token = _enrol(session, account.id, _device(session, account.id, attempt.devices))
    _remember(session, account.id, attempt.address)
    begun, token = sessions.start(session, account, second_factor=second_factor)
    actor = of_account(account, session_id=begun.id)
    audit.note(session, actor, "login.opened", audit.About("users", account.id))
    return Opened(actor=actor, session=begun, token=token, device_token=device_token)


def _entitled(session: Session, ticket: Ticket, proof: Proof, code: str | None) -> Account | None:
    if ticket.tries is None or not proof.right:
        return None
    chosen = select(Account).where(
        Account.id == ticket.account_id,
        Account.password_hash == ticket.password_hash,
        Account.active,
        unsuspended(Account.organisation_id, Account.department_id),
    )
    account = session.scalar(chosen.execution_options(populate_existing=True))
    if account is None:
        return None
    if account.totp_secret is None:
        return None if account.role in factors.REQUIRED else account
    return account if factors.accept(session, account, code) else None


def _device(session: Session, account_id: str, enrolled: tuple[str, ...]) -> str | None:
    """The enrolment of the account among those of the device, which several people may share."""
    chosen = select(Device.id).where(
        Device.token_hash.in_([tokens.digest(token) for token in enrolled]),
        Device.account_id == account_id,
        Device.seen_at > changes.now(session) - DEVICE_KEPT,
    )
    return session.scalar(chosen.order_by(Device.seen_at.desc()).limit(1))


def _source(session: Session, account_id: str, device_id: str | None, address: str | None) -> str:
    reference = subjects.mark(session, account_id, _network(address))
    chosen = select(KnownAddress.reference).where(
        KnownAddress.account_id == account_id,
        KnownAddress.reference == (reference or ""),
        KnownAddress.seen_at > changes.now(session) - ADDRESS_KEPT,
    )
    known = session.scalar(chosen)
    if device_id is not None:
        return f"device:{device_id}"
    return guards.UNKNOWN if known is None else f"address:{known}"


def _enrol(session: Session, account_id: str, device_id: str | None) -> str | None:
    """Enrol the device, or note that it was seen; devices long unseen are dropped."""
    moment = changes.now(session)
    session.execute(delete(Device).where(Device.seen_at <= moment - DEVICE_KEPT))
    if device_id is not None:
        session.execute(update(Device).where(Device.id == device_id).values(seen_at=moment))
        return None
    token = tokens.new()
    session.add(Device(account_id=account_id, token_hash=tokens.digest(token), enrolled_at=moment, seen_at=moment))
    return token


def _remember(session: Session, account_id: str, address: str | None) -> None:
    moment = changes.now(session)
    session.execute(delete(KnownAddress).where(KnownAddress.seen_at <= moment - ADDRESS_KEPT))
    network = _network(address)
    if not network:
        return
    subjects.reference(session, account_id)
    reference = subjects.mark(session, account_id, network)
    insert_missing(session, KnownAddress, account_id=account_id, reference=reference, seen_at=moment)
    seen = update(KnownAddress).where(KnownAddress.account_id == account_id, KnownAddress.reference == reference)
    session.execute(seen.values(seen_at=moment))


def _network(address: str | None) -> str:
    """An IPv4 address, or the network of 64 bits that one subscriber's IPv6 addresses share."""
    try:
        read = ipaddress.ip_address(address or "")
    except ValueError:
        return ""
    if isinstance(read, ipaddress.IPv6Address):
        if read.ipv4_mapped is not None:
            return str(read.ipv4_mapped)
        return str(ipaddress.ip_network((read, IPV6_PREFIX), strict=False))
    return str(read)
