"""Webhooks: whom to call when something changed, kept by the holders of keys, each their own.

A call carries no record: whoever is called asks for the changes with a key of their own. So a webhook says no more than
the key's holder could read, and it holds no longer than the key does (`holder`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from directory import changes, permissions
from directory.errors import Conflict, Denied, Invalid, VersionConflict
from directory.fields import Boolean, Code, Field, Integer, Listing, checked
from directory.models.access import ApiKey
from directory.models.record import new_id
from directory.models.webhook import Webhook
from directory.permissions import OTHERS, READERS, Actor
from directory.queries import lookup
from directory.services import audit, keys, webhook_secrets
from directory.services.catalogue import COLLECTIONS
from directory.services.web_addresses import WebAddress, host
from directory.services.webhook_secrets import Seal

ACTION = "webhooks.manage"
READS = "registry.read"
PATH = "webhooks"
MOST = 3
"""Webhooks of one holder that are not closed."""
PAUSE = timedelta(seconds=30)
"""At least so long between two calls of one webhook: what changes meanwhile is told together."""
OVERLAP_HOURS, MOST_OVERLAP_HOURS = 24, 72
STATES = {
    "active": "It is called.",
    "paused": "Its holder has paused it.",
    "given_up": "Its calls failed for a day, or its address is gone for good. A change by its holder, or a trial that "
    "succeeds, begins again.",
    "silent": "It is not called: the host is not one that this server may call, or its key has ended, lacks a scope or "
    "is of somebody suspended.",
    "closed": "It is closed.",
}

FIELDS: dict[str, Field] = {
    "url": WebAddress(
        required=True,
        doc="https alone, by the name of a host that the server's WEBHOOK_HOSTS names.",
        example="https://cases.example.org/hooks/directory",
    ),
    "collections": Listing(
        of=Code(among=tuple(one.path for one in COLLECTIONS.values())),
        doc="Call only when something changed in one of these; in any that the key reads if left out.",
    ),
    "paused": Boolean(doc="Not called while it is true."),
}
ROTATION: dict[str, Field] = {
    "overlap_hours": Integer(
        most=MOST_OVERLAP_HOURS, doc=f"How long calls are signed with both secrets; {OVERLAP_HOURS} if left out."
    )
}
BY_PATH = {one.path: name for name, one in COLLECTIONS.items()}


@dataclass(frozen=True, slots=True)
class Terms:
    """What the server's settings say: which hosts it may call at all, and what seals secrets."""

    hosts: frozenset[str]
    seal: Seal


@dataclass(frozen=True, slots=True)
class Made:
    """A webhook and its secret, which is told once."""

    webhook: Webhook
    secret: str = field(repr=False)


def create(session: Session, actor: Actor, terms: Terms, given: Mapping[str, Any]) -> Made:
    """Make a webhook of one's own; it is told what changes from now on. Raises Denied, Invalid, Conflict (too many)."""
    _require(actor)
    values = checked(FIELDS, dict(given))
    _check(actor, terms, values)
    owned = select(func.count()).select_from(Webhook).where(_own(actor), Webhook.status != "closed")
    if (session.scalar(owned) or 0) >= MOST:
        raise Conflict(f"you have {MOST} webhooks, the most there may be: close one first")
    moment, webhook_id, secret = changes.now(session), new_id(), webhook_secrets.new()
    made = Webhook(
        id=webhook_id,
        key_id=actor.key_id,
        url=values["url"],
        collections=values.get("collections") or [],
        paused=bool(values.get("paused")),
        secret=terms.seal.close(secret, webhook_id),
        created_at=moment,
        updated_at=moment,
        told_revision=changes.revision(session),
        due_at=moment,
    )
    session.add(made)
    session.flush()
    _note(session, actor, "webhook.created", made, (f"host:{host(made.url)[:64]}",))
    return Made(made, webhook_secrets.told(secret))


def page(
    session: Session, actor: Actor, *, status: str | None = None, page: int = 1, page_size: int = 50
) -> tuple[list[Webhook], int]:
    """One's own webhooks, and for administrators everybody's, oldest first. Raises Denied."""
    permissions.require(actor, ACTION)
    conditions = _reached(actor)
    if status != "any":
        conditions.append(Webhook.status == (status or "active"))
    total = session.scalar(select(func.count()).select_from(Webhook).where(*conditions)) or 0
    chosen = select(Webhook).where(*conditions).order_by(Webhook.created_at, Webhook.id)
    return list(session.scalars(chosen.offset((page - 1) * page_size).limit(page_size))), total


def get(session: Session, actor: Actor, webhook_id: str) -> Webhook:
    """One webhook of one's own, or for administrators any. Raises Denied, NotFound."""
    permissions.require(actor, ACTION)
    return lookup.one(session, select(Webhook).where(*_reached(actor)), PATH, webhook_id)


def change(
    session: Session, actor: Actor, terms: Terms, webhook_id: str, version: int, given: Mapping[str, Any]
) -> Webhook:
    """Change a webhook of one's own by merge patch. It is bound to the key in use, and begins again if it was given up.

    Raises Denied, NotFound, VersionConflict, Invalid, Conflict (it is closed).
    """
    found = _locked(session, actor, webhook_id, version)
    values = checked(FIELDS, dict(given), partial=True)
    _check(actor, terms, values)
    for name, value in values.items():
        setattr(found, name, value if value is not None else FALLBACKS[name])
    found.key_id = actor.key_id or found.key_id
    _begin_again(session, found)
    _note(session, actor, "webhook.changed", found, (f"host:{host(found.url)[:64]}", *audit.changed_fields(values)))
    return found


FALLBACKS: dict[str, Any] = {"collections": [], "paused": False}


def rotate(session: Session, actor: Actor, terms: Terms, webhook_id: str, given: Mapping[str, Any]) -> Made:
    """A new secret; calls are signed with both until the overlap ends. Raises Denied, NotFound, Invalid, Conflict."""
    found = _locked(session, actor, webhook_id)
    hours = checked(ROTATION, dict(given)).get("overlap_hours")
    overlap = timedelta(hours=OVERLAP_HOURS if hours is None else hours)
    secret = webhook_secrets.new()
    found.former_secret = found.secret if overlap else None
    found.former_until = changes.now(session) + overlap if overlap else None
    found.secret = terms.seal.close(secret, found.id)
    _begin_again(session, found)
    _note(session, actor, "webhook.rotated", found)
    return Made(found, webhook_secrets.told(secret))


def ask_trial(session: Session, actor: Actor, terms: Terms, webhook_id: str) -> Webhook:
    """Have a webhook of one's own called once though nothing changed, within a minute. Raises Denied, NotFound,
    Invalid, Conflict."""
    found = _locked(session, actor, webhook_id)
    _check(actor, terms, {"url": found.url})
    found.trial, found.due_at = True, _next(session, found)
    session.flush()
    _note(session, actor, "webhook.tried", found)
    return found


def close(session: Session, actor: Actor, webhook_id: str, version: int) -> Webhook:
    """Close a webhook of one's own, or as an administrator any: it is not called again. Raises Denied, NotFound,
    VersionConflict, Conflict."""
    permissions.require(actor, ACTION)
    chosen = select(Webhook).where(*_reached(actor)).with_for_update()
    found = _open(lookup.one(session, chosen, PATH, webhook_id), version)
    found.status, found.updated_at = "closed", changes.now(session)
    found.secret, found.former_secret, found.trial = b"", None, False
    session.flush()
    _note(session, actor, "webhook.closed", found)
    return found


def holder(session: Session, webhook: Webhook) -> Actor | None:
    """Who is told by it, as they are now: nobody once the key has ended, or who holds it may not read or have it."""
    found = keys.holder(session, webhook.key_id)
    if found is None or not all(permissions.may(found, action) for action in (ACTION, READS)):
        return None
    return found


def names(webhook: Webhook) -> tuple[str, ...]:
    """The collections it is about."""
    return tuple(BY_PATH[path] for path in webhook.collections) or tuple(COLLECTIONS)


def publish(session: Session, actor: Actor, terms: Terms, webhook: Webhook) -> dict[str, Any]:
    """A webhook as it is read: no secret; its address, which may be one, to its holder alone."""
    shown = ("id", "version", "status", "key_id", "paused", "created_at", "updated_at", "told_revision", "given_up_at")
    own = {"url": webhook.url} if _is_own(session, actor, webhook) else {}
    last = {"at": webhook.last_at, "outcome": webhook.last_outcome, "status": webhook.last_status}
    return {
        **{name: getattr(webhook, name) for name in shown},
        **own,
        "host": host(webhook.url),
        "collections": webhook.collections or None,
        "state": _state(session, terms, webhook),
        "last_delivery": None if webhook.last_at is None else {**last, "failures": webhook.failures},
    }


def _state(session: Session, terms: Terms, webhook: Webhook) -> str:
    if webhook.status == "closed":
        return "closed"
    if host(webhook.url) not in terms.hosts or holder(session, webhook) is None:
        return "silent"
    if webhook.paused:
        return "paused"
    return "active" if webhook.given_up_at is None else "given_up"


def _require(actor: Actor) -> None:
    permissions.require(actor, ACTION)
    permissions.require(actor, READS)
    if actor.key_id is None:
        raise Denied("a webhook is made by a key, and ends with it")


def _check(actor: Actor, terms: Terms, values: Mapping[str, Any]) -> None:
    """Raise Invalid unless the host may be called, and the collections may be read."""
    errors: dict[str, list[str]] = {}
    if "url" in values and host(values["url"]) not in terms.hosts:
        said = "This server calls no such host. Its administrator names hosts in the setting WEBHOOK_HOSTS."
        errors["url"] = [said]
    beyond = [path for path in values.get("collections") or () if actor.role not in READERS[BY_PATH[path]]]
    if beyond:
        errors["collections"] = [f"The role {actor.role} does not read: {', '.join(beyond)}."]
    if errors:
        raise Invalid(errors)


def _own(actor: Actor) -> ColumnElement[bool]:
    """What a person's keys made; of an app, what its key made, or the one that takes its place."""
    if actor.account_id is not None:
        return Webhook.key_id.in_(select(ApiKey.id).where(ApiKey.account_id == actor.account_id))
    successor = select(ApiKey.rotated_to_id).where(ApiKey.id == actor.key_id)
    return or_(Webhook.key_id == actor.key_id, Webhook.key_id.in_(successor))


def _reached(actor: Actor) -> list[ColumnElement[bool]]:
    return [] if OTHERS[ACTION][actor.role] == "all" else [_own(actor)]


def _is_own(session: Session, actor: Actor, webhook: Webhook) -> bool:
    return session.scalar(select(Webhook.id).where(Webhook.id == webhook.id, _own(actor))) is not None


def _locked(session: Session, actor: Actor, webhook_id: str, version: int | None = None) -> Webhook:
    _require(actor)
    chosen = select(Webhook).where(_own(actor)).with_for_update()
    return _open(lookup.one(session, chosen, PATH, webhook_id), version)


def _open(found: Webhook, version: int | None) -> Webhook:
    if version is not None and version != found.version:
        raise VersionConflict(found.version)
    if found.status == "closed":
        raise Conflict("this webhook is closed")
    return found


def _next(session: Session, webhook: Webhook) -> Any:
    moment = changes.now(session)
    return moment if webhook.last_at is None else max(moment, webhook.last_at + PAUSE)


def _begin_again(session: Session, webhook: Webhook) -> None:
    webhook.updated_at = changes.now(session)
    webhook.failures, webhook.failing_since, webhook.given_up_at = 0, None, None
    webhook.due_at = _next(session, webhook)
    session.flush()


def _note(session: Session, actor: Actor, action: str, webhook: Webhook, details: tuple[str, ...] = ()) -> None:
    audit.note(session, actor, action, audit.About(PATH, webhook.id, details))
