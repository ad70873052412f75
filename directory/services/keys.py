"""API keys: `pd_` and 256 random bits, told once, kept as SHA-256, limited to scopes, ending on a day."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session

from directory import changes, permissions
from directory.errors import Conflict, Invalid, NotFound
from directory.fields import Code, Field, Id, Instant, Listing, Text, Wrong, as_instant, checked, clean_id
from directory.models.access import Account, ApiKey
from directory.models.webhook import Webhook
from directory.permissions import ACTIONS, Actor, Role
from directory.queries.standing import unsuspended
from directory.services import access, audit, references, tokens
from directory.services.actors import of_account, of_key

SCOPES: dict[str, str] = {
    "registry.read": "Read the registry's published records, lists and changes.",
    "registry.write": "Make, change, verify and close records.",
    "capacity.write": "Say how much room there is.",
    "match": "Ask for matches, explanations and packages.",
    "outcomes.say": "Say what came of a call to a partner.",
    "grades.read": "Read how far contacts and links can be relied on.",
    "accounts.manage": "Make, change and deactivate accounts.",
    "keys.manage": "Make, rotate and revoke keys.",
    "webhooks.manage": "Keep webhooks: be called when something changed that the key reads.",
    "quotas.manage": "Set organisations' daily allowances.",
    "alerts.read": "Read alerts.",
    "audit.read": "Search, verify, anchor and export the audit.",
    "metrics.read": "Read how many requests there were, and how long they took.",
    "suspensions.write": "Suspend organisations and units, and lift it.",
    "concerns.raise": "Raise safeguarding concerns.",
    "concerns.read": "Read and settle safeguarding concerns.",
    "disclosures.make": "Ask for a confidential address, with a second factor each time.",
    "disclosures.read": "See who asked for one's addresses.",
    "persons.erase": "Erase people from the registry.",
    "persons.invite": "Make the notice and the one-time links of people listed.",
    "statements.read": "Read and settle what people listed say of their listing.",
    "network.read": "Read what the network hangs on: report, coverage, map, trend.",
    "network.people": "Read on whom it hangs by name, and ask what if they leave.",
    "actions.read": "Read the tasks that follow from what is weak.",
    "actions.write": "Say how far a task is.",
    "messages.read": "Read messages to partners.",
    "messages.mark": "Say that one's own messages were read.",
    "network.links": "Read one's links with their grades, by urgency.",
    "statistics.read": "Read figures for reports.",
    "organisations.join": "Make two records of an organisation one, and say who followed whom.",
    "queue.read": "Read what has to be asked again first.",
    "duplicates.settle": "Read which records are likely one, and say which are not.",
    "imports.write": "Import partners from a spreadsheet.",
}
"""What a key can be limited to: actions of the permission table. A key never has more than its role."""

USUAL_LIFE = timedelta(days=365)
LONGEST_LIFE = timedelta(days=730)
OVERLAP = timedelta(hours=24)
LONGEST_OVERLAP = timedelta(days=30)
USED_EVERY = timedelta(hours=1)
"""How old the note of a key's last use may become before it is written anew."""
PREFIX_CHARACTERS = 9

FIELDS: dict[str, Field] = {
    "name": Text(most=100, required=True, doc="Which program uses it."),
    "organisation_id": Id(to="organisations", doc="Whose app it is; or:"),
    "account_id": Id(to="", doc="The account it acts for, with that account's role."),
    "scopes": Listing(of=Code(among=tuple(SCOPES)), least=1, doc="All that the role may if left out."),
    "expires_at": Instant(doc="A year from now if left out; at most two."),
}

END_USER = re.compile(r"[A-Za-z0-9_-]{6,64}")
TELLING = re.compile(r"[\d_-]+")


@dataclass(frozen=True, slots=True)
class Made:
    """A key and its token, which is told once."""

    key: ApiKey
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Held:
    """Who holds a key, until when, and when its use was last noted."""

    actor: Actor
    until: datetime
    used_at: datetime | None

    def needs_touch(self, now: datetime) -> bool:
        """Whether that was long enough ago to be noted again, in a writing transaction."""
        return self.used_at is None or now - self.used_at >= USED_EVERY


def create(session: Session, actor: Actor, given: Mapping[str, Any]) -> Made:
    """Make a key for an organisation's app or for an account. Raises Denied, Invalid."""
    permissions.require(actor, "keys.manage")
    values = checked(FIELDS, dict(given))
    role = _role(session, values)
    allowed = [scope for scope in SCOPES if role in ACTIONS[scope]]
    scopes = values.get("scopes") or allowed
    beyond = [scope for scope in scopes if scope not in allowed]
    if beyond:
        raise Invalid({"scopes": [f"The role {role} may not: {', '.join(beyond)}."]})
    made = _make(
        session,
        ApiKey(
            name=values["name"],
            account_id=values.get("account_id"),
            organisation_id=values.get("organisation_id"),
            scopes=scopes,
            created_at=changes.now(session),
            expires_at=_expiry(session, as_instant(values.get("expires_at"))),
        ),
    )
    _changed(session, actor, "key.created", made.key, tuple(f"scope:{scope}" for scope in scopes))
    return made


def rotate(session: Session, actor: Actor, key_id: str, overlap: timedelta = OVERLAP) -> Made:
    """A new key like this one, which itself ends after the overlap and hands its webhooks on. Raises Denied, NotFound,
    Invalid, Conflict."""
    permissions.require(actor, "keys.manage")
    old = _find(session, key_id, lock=True)
    moment = changes.now(session)
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise Invalid({"overlap_hours": [f"Must be from 0 to {LONGEST_OVERLAP // timedelta(hours=1)}."]})
    if old.revoked_at is not None or old.expires_at <= moment or old.rotated_to_id is not None:
        raise Conflict("this key has ended or has been rotated before")
    copied = {name: getattr(old, name) for name in ("name", "account_id", "organisation_id", "scopes")}
    life = old.expires_at - old.created_at
    made = _make(session, ApiKey(created_at=moment, expires_at=moment + life, **copied))
    old.expires_at, old.rotated_to_id = min(old.expires_at, moment + overlap), made.key.id
    session.execute(update(Webhook).where(Webhook.key_id == old.id).values(key_id=made.key.id))
    _changed(session, actor, "key.rotated", old, (f"to:{made.key.id}",))
    return made


def revoke(session: Session, actor: Actor, key_id: str) -> ApiKey:
    """End a key: the next lookup in any worker finds nobody. Raises Denied, NotFound."""
    permissions.require(actor, "keys.manage")
    key = _find(session, key_id, lock=True)
    key.revoked_at = key.revoked_at or changes.now(session)
    _changed(session, actor, "key.revoked", key)
    return key


def get(session: Session, actor: Actor, key_id: str) -> ApiKey:
    """One key. Raises Denied, NotFound."""
    permissions.require(actor, "keys.manage")
    return _find(session, key_id)


def page(session: Session, actor: Actor, *, page: int = 1, page_size: int = 50) -> tuple[list[ApiKey], int]:
    """Keys by name, and how many there are. Raises Denied."""
    permissions.require(actor, "keys.manage")
    total = session.scalar(select(func.count()).select_from(ApiKey)) or 0
    chosen = select(ApiKey).order_by(ApiKey.name, ApiKey.id).offset((page - 1) * page_size).limit(page_size)
    return list(session.scalars(chosen)), total


def publish(key: ApiKey) -> dict[str, Any]:
    """A key as administrators read it: enough to recognise it, not to use it."""
    shown = ("id", "name", "prefix", "account_id", "organisation_id", "scopes", "created_at", "expires_at")
    return {name: getattr(key, name) for name in (*shown, "last_used_at", "revoked_at", "rotated_to_id")}


def lookup(session: Session, token: str) -> Actor | None:
    """Who holds this key, if it still holds."""
    found = held(session, token)
    return None if found is None else found.actor


def held(session: Session, token: str) -> Held | None:
    """Who holds this key and how long: one SELECT by the token's hash, whatever the token looks like.

    Nobody's: ended, revoked, of an inactive account, or of a suspended organisation or unit.
    """
    found = _holding(session, ApiKey.token_hash == tokens.digest(token))
    if found is None or not tokens.matches(token, found[0].token_hash):
        return None
    key, account = found
    return Held(_actor(key, account), key.expires_at, key.last_used_at)


def holder(session: Session, key_id: str) -> Actor | None:
    """Who holds the key of this id, if it still holds: for what is done in its name later."""
    found = _holding(session, ApiKey.id == key_id)
    return None if found is None else _actor(*found)


def _holding(session: Session, which: ColumnElement[bool]) -> tuple[ApiKey, Account | None] | None:
    chosen = (
        select(ApiKey, Account)
        .outerjoin(Account, Account.id == ApiKey.account_id)
        .where(
            which,
            ApiKey.revoked_at.is_(None),
            ApiKey.expires_at > changes.now(session),
            unsuspended(ApiKey.organisation_id),
            or_(
                ApiKey.account_id.is_(None),
                and_(Account.active, unsuspended(Account.organisation_id, Account.department_id)),
            ),
        )
        .execution_options(populate_existing=True)
    )
    found = session.execute(chosen).one_or_none()
    return None if found is None else (found[0], found[1])


def _actor(key: ApiKey, account: Account | None) -> Actor:
    return of_key(key) if account is None else of_account(account, key_id=key.id, scopes=frozenset(key.scopes))


def on_behalf(actor: Actor, end_user: str) -> Actor:
    """The same actor, with an app's own opaque id for whom it asks, which goes to the audit and nowhere else.

    Raises Invalid for what may be a telephone or document number, or a mailbox.
    """
    if not END_USER.fullmatch(end_user) or (TELLING.fullmatch(end_user) and not _is_uuid(end_user)):
        said = "Must be an opaque id: 6 to 64 letters, digits, - and _, not digits alone."
        raise Invalid({"end_user": [said]})
    return replace(actor, end_user=end_user)


def touch(session: Session, actor: Actor) -> None:
    """Note that the key is in use."""
    session.execute(update(ApiKey).where(ApiKey.id == actor.key_id).values(last_used_at=changes.now(session)))


def _make(session: Session, key: ApiKey) -> Made:
    token = tokens.new(tokens.KEY_PREFIX)
    key.token_hash, key.prefix = tokens.digest(token), token[:PREFIX_CHARACTERS]
    session.add(key)
    session.flush()
    return Made(key, token)


def _role(session: Session, values: Mapping[str, Any]) -> Role:
    account_id, organisation_id = values.get("account_id"), values.get("organisation_id")
    if (account_id is None) == (organisation_id is None):
        raise Invalid({"organisation_id": ["Say either the organisation or the account."]})
    references.check(session, FIELDS, values)
    if account_id is None:
        return "app"
    account = session.get(Account, account_id)
    if account is None or not account.active:
        raise Invalid({"account_id": ["No active account has this id."]})
    return cast(Role, account.role)


def _expiry(session: Session, asked: datetime | None) -> datetime:
    moment = changes.now(session)
    if asked is None:
        return moment + USUAL_LIFE
    if not moment < asked <= moment + LONGEST_LIFE:
        raise Invalid({"expires_at": ["Must lie in the future, at most two years ahead."]})
    return asked


def _changed(session: Session, actor: Actor, action: str, key: ApiKey, details: tuple[str, ...] = ()) -> None:
    audit.note(session, actor, action, audit.About("api_keys", key.id, details))
    access.changed(session)


def _find(session: Session, key_id: str, *, lock: bool = False) -> ApiKey:
    try:
        found = session.get(ApiKey, clean_id(key_id), with_for_update=lock or None)
    except Wrong:
        found = None
    if found is None:
        raise NotFound("api-keys", key_id)
    return found


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
