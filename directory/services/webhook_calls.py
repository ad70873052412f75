"""What becomes of webhooks: who is due, what a call says, and what came of it.

A call is claimed in a transaction, made outside of any, and what came of it is kept in another. Who claims looks at the
key and its holder as they are then. Whoever dies in between leaves a claim that ends by itself: the call is made again,
under the same id, so each is made at least once and can be told from another.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import SystemRandom
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from directory import changes
from directory.models.record import new_id
from directory.models.registry import RegistryState
from directory.models.webhook import Webhook
from directory.permissions import Actor
from directory.services import audit, changefeed, outbox, webhook_secrets, webhooks
from directory.services.web_addresses import host
from directory.services.webhook_secrets import Unopened
from directory.services.webhooks import PAUSE, Terms

LEASE = timedelta(minutes=3)
"""How long a claim holds: longer than any call takes."""
SILENCE = timedelta(minutes=5)
"""How soon one that is silent is looked at again: a suspension may have been lifted."""
FIRST, LONGEST = timedelta(seconds=30), timedelta(hours=2)
"""How long after the first failure a call is made again; twice as long after each further one, up to two hours. A fifth
of it, more or less, is left to chance, so that what failed together is not called together."""
JITTER = 0.2
PATIENCE, LEAST_FAILURES = timedelta(hours=24), 8
"""It is given up when calls have failed for so long, and so many times: a night without power is no failure."""
MANY = 10_000
"""After so many changes one is called without a look at each: that there were so many, the revision tells everybody."""
GONE = 410
ACCEPTED, UNDER_WAY, SEALED = "accepted", "under_way", "secret_lost"
OUTCOMES = {
    ACCEPTED: "Answered with 2xx.",
    "refused": "Answered with another status.",
    "redirected": "Answered with 3xx: redirections are not followed.",
    "timed_out": "No whole answer within seconds.",
    "broken_off": "What came was no answer, or the connection ended.",
    "unresolved": "The name of the host led nowhere.",
    "address_refused": "The name of the host led to an address that is not public.",
    "unreachable": "No connection.",
    "tls_failed": "No TLS, or no certificate that this server trusts for this host.",
    SEALED: "The server has another secret than when this was made: ask for a new one (rotations).",
    UNDER_WAY: "It is being called, or was when the server stopped; then it is called again.",
}
GIVEN_UP = (
    "Calls to {host}, which a program of yours asked for, are not answered as they should be. It is not called any "
    "more, until somebody changes the webhook or a trial of it succeeds. Nothing is lost: all changes can be asked for."
)
KEEPER = Actor("admin", "webhooks")
_random = SystemRandom()


@dataclass(frozen=True, slots=True)
class Call:
    """One call, ready to be made. `revision` is what it tells; a trial tells nothing."""

    webhook_id: str
    version: int
    revision: int
    trial: bool
    url: str = field(repr=False)
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Said:
    """What came of a call: a code of OUTCOMES, and the status if there was an answer."""

    outcome: str
    status: int | None = None


def waiting(session: Session) -> list[str]:
    """Ids of those that something may have to be told, the longest due first. Cheap: it looks at no record."""
    chosen = select(Webhook.id).where(*_due(changes.now(session)))
    return list(session.scalars(chosen.order_by(Webhook.due_at, Webhook.id)))


def claim(session: Session, terms: Terms, webhook_id: str) -> Call | None:
    """Take a call upon oneself, if it is due and its holder could read what changed. Needs a writing session; the claim
    holds once that is committed."""
    moment = changes.now(session)
    chosen = select(Webhook).where(Webhook.id == webhook_id, *_due(moment)).with_for_update(skip_locked=True)
    found = session.scalars(chosen.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        return None
    holder = webhooks.holder(session, found)
    if holder is None or host(found.url) not in terms.hosts:
        _set(session, found, due_at=moment + SILENCE, trial=False)
        return None
    until = changes.revision(session)
    if not found.trial and not _concerns(session, holder, found, until):
        _set(session, found, due_at=moment + PAUSE, told_revision=until)
        return None
    try:
        made = _call(terms, found, until, moment)
    except Unopened:
        _failed(session, found, Said(SEALED), trial=found.trial)
        return None
    _set(session, found, due_at=moment + LEASE, last_at=moment, last_outcome=UNDER_WAY, last_status=None)
    return made


def keep(session: Session, call: Call, said: Said) -> None:
    """Keep what came of a call. Needs a writing session."""
    chosen = select(Webhook).where(Webhook.id == call.webhook_id, Webhook.status != "closed").with_for_update()
    found = session.scalars(chosen.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        return
    if said.outcome != ACCEPTED:
        _failed(session, found, said, trial=call.trial)
        return
    moment = changes.now(session)
    told = call.revision if call.version == found.version and not call.trial else found.told_revision
    last = {"last_at": moment, "last_outcome": said.outcome, "last_status": said.status}
    well: dict[str, Any] = {"failures": 0, "failing_since": None, "given_up_at": None, "trial": False}
    _set(session, found, due_at=moment + PAUSE, told_revision=max(told, found.told_revision), **last, **well)


def _due(moment: datetime) -> list[ColumnElement[bool]]:
    """Which are to be looked at: for a trial, or since the registry has changed."""
    revision = select(RegistryState.revision).scalar_subquery()
    changed = and_(~Webhook.paused, Webhook.given_up_at.is_(None), Webhook.told_revision < revision)
    return [Webhook.status == "active", Webhook.due_at <= moment, or_(Webhook.trial, changed)]


def _concerns(session: Session, holder: Actor, webhook: Webhook, until: int) -> bool:
    """Whether anything changed that the holder could read, in a collection that they asked for."""
    told = webhook.told_revision
    return until - told > MANY or changefeed.has_any(session, holder, told, until, webhooks.names(webhook))


def _call(terms: Terms, webhook: Webhook, revision: int, moment: datetime) -> Call:
    """A call about no record: that something changed, up to which revision. Raises Unopened."""
    event = "trial" if webhook.trial else "changed"
    said = {"event": event, "revision": revision, "webhook_id": webhook.id, "sent_at": moment.isoformat()}
    message = f"msg_{new_id()}" if webhook.trial else f"msg_{webhook.id}_{revision}"
    body, timestamp = json.dumps(said).encode(), int(moment.timestamp())
    sealed = [webhook.secret]
    if webhook.former_secret is not None and webhook.former_until is not None and moment < webhook.former_until:
        sealed.append(webhook.former_secret)
    opened = [terms.seal.open(one, webhook.id) for one in sealed]
    headers = {
        "content-type": "application/json",
        "webhook-id": message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(webhook_secrets.signature(one, message, timestamp, body) for one in opened),
    }
    return Call(webhook.id, webhook.version, revision, webhook.trial, webhook.url, headers, body)


def _failed(session: Session, webhook: Webhook, said: Said, *, trial: bool) -> None:
    moment = changes.now(session)
    last: dict[str, Any] = {"last_at": moment, "last_outcome": said.outcome, "last_status": said.status}
    if trial:
        _set(session, webhook, due_at=moment + PAUSE, trial=False, **last)
        return
    failures, since = webhook.failures + 1, webhook.failing_since or moment
    last |= {"failures": failures, "failing_since": since}
    if said.status == GONE or (failures >= LEAST_FAILURES and moment - since >= PATIENCE):
        _set(session, webhook, given_up_at=moment, **last)
        _tell(session, webhook)
        return
    _set(session, webhook, due_at=moment + pause(failures), **last)


def pause(failures: int) -> timedelta:
    """How long to wait after so many failures."""
    usual = min(LONGEST, FIRST * int(2 ** min(failures - 1, 16)))
    return usual * _random.uniform(1 - JITTER, 1 + JITTER)


def _tell(session: Session, webhook: Webhook) -> None:
    """Tell whom it was kept for, in the outbox."""
    audit.note(session, KEEPER, "webhook.given_up", audit.About(webhooks.PATH, webhook.id))
    holder = webhooks.holder(session, webhook)
    if holder is None:
        return
    to = ("account", holder.account_id) if holder.account_id else ("organisation", holder.organisation_id)
    if to[1] is not None:
        outbox.tell_of_webhook(session, (to[0], to[1]), webhook.id, GIVEN_UP.format(host=host(webhook.url)))


def _set(session: Session, webhook: Webhook, **values: Any) -> None:
    """Write what the holder has no part in: the version stays."""
    session.execute(update(Webhook).where(Webhook.id == webhook.id).values(**values))
