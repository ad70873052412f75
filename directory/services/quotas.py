"""Daily allowances of organisations, kept in the database and leased by workers in blocks.

A match over the contact allowance is still answered, with institutional lines (`limited`) and an alert; disclosures
stop. Days are Johannesburg's. A worker that ends loses what it has leased and not spent: one block at most.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from threading import Lock

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from directory import changes, permissions
from directory.changes import LOCAL
from directory.errors import DomainError, Invalid
from directory.models.access import Account
from directory.models.organisation import Organisation
from directory.models.oversight import Alert, Quota, QuotaLimit
from directory.models.record import new_id
from directory.permissions import OTHERS, Actor
from directory.queries.visibility import within
from directory.services import audit, records
from directory.services.organisations import COLLECTION as ORGANISATIONS
from directory.services.upserts import insert_missing


@dataclass(frozen=True, slots=True)
class Kind:
    """An allowance: how much a day for an organisation, or for who acts for none (a coordinator, an administrator), how
    much a worker leases at a time at least, and after which part of the usual allowance (one in `noticed`) an alert is
    left."""

    daily: int
    alone: int
    block: int
    noticed: int = 1


KINDS: dict[str, Kind] = {
    "contacts": Kind(daily=50_000, alone=500_000, block=200, noticed=8),
    "disclosures": Kind(daily=20, alone=20, block=1),
}
"""Contacts: people named by matches. A match for two needs names 11 to 22 of the fictitious network to a caseworker,
the longest lists for four some 200: an organisation has thousands of usual matches a day, and hundreds of the longest,
so that no answer changes in the middle of a day's work; who has had as many as four hundred matches name is looked at
before that. Disclosures: addresses told."""
BLOCKS_A_DAY = 30
"""A large allowance is leased in so many blocks a day: who asks much does not write the more often for it."""
HIGHEST = 1_000_000
RETRY = timedelta(minutes=1)
"""How soon a worker that was granted less than it wanted asks again: an administrator may have given more."""


class Exhausted(DomainError):
    """The day's allowance is spent. `until` is when the next day begins; its alert needs a transaction of its own."""

    def __init__(self, kind: str, until: datetime) -> None:
        super().__init__(f"today's allowance of {kind} is spent")
        self.kind, self.until = kind, until


def holder(actor: Actor) -> str | None:
    """Whose allowance an actor draws on: the organisation's, else the account's or key's; a process has none."""
    return actor.organisation_id or actor.account_id or actor.key_id


def day_of(moment: datetime) -> date:
    """The day in Johannesburg."""
    return moment.astimezone(LOCAL).date()


def day_begins(day: date) -> datetime:
    """The first moment of a day in Johannesburg."""
    return datetime.combine(day, time(0), LOCAL)


def lease(session: Session, actor: Actor, kind: str, wanted: int) -> int:
    """Take up to so much of today's allowance; a wish not met leaves an alert, and so does more than is usual. Needs a
    writing session."""
    owner = holder(actor)
    if owner is None:
        return wanted
    day = day_of(changes.now(session))
    insert_missing(session, Quota, holder_id=owner, day=day, kind=kind, leased=0)
    chosen = select(Quota).where(Quota.holder_id == owner, Quota.day == day, Quota.kind == kind).with_for_update()
    quota = session.scalars(chosen.execution_options(populate_existing=True)).one()
    daily = _daily(session, actor, kind)
    granted = max(0, min(wanted, daily - quota.leased))
    quota.leased += granted
    session.flush()
    if granted < wanted or (daily == _usual(actor, kind) and quota.leased > daily // KINDS[kind].noticed):
        alert(session, actor, kind)
    return granted


def lease_block(session: Session, actor: Actor, kind: str, wanted: int) -> int:
    """Take up to so much, or as much as is leased at a time of an allowance like this."""
    return lease(session, actor, kind, max(wanted, _daily(session, actor, kind) // BLOCKS_A_DAY))


def spend_one(session: Session, actor: Actor, kind: str) -> None:
    """Take one of a hard allowance. Raises Exhausted."""
    if lease(session, actor, kind, 1) == 0:
        raise Exhausted(kind, day_begins(day_of(changes.now(session)) + timedelta(days=1)))


def alert(session: Session, actor: Actor, kind: str) -> None:
    """Leave an alert that an allowance is spent, or more of it than is usual, once a day."""
    owner, moment = holder(actor), changes.now(session)
    if owner is not None:
        insert_missing(session, Alert, id=new_id(), holder_id=owner, day=day_of(moment), kind=kind, at=moment)


def alerts(session: Session, actor: Actor, *, page: int = 1, page_size: int = 50) -> tuple[list[Alert], int]:
    """Alerts, newest first, and how many there are: a provincial coordinator's are of the province. Raises Denied."""
    permissions.require(actor, "alerts.read")
    conditions = _of_province(session, actor)
    total = session.scalar(select(func.count()).select_from(Alert).where(*conditions)) or 0
    chosen = (
        select(Alert)
        .where(*conditions)
        .order_by(Alert.at.desc(), Alert.id)
        .offset((page - 1) * page_size)
        .limit(page_size)
    )
    return list(session.scalars(chosen)), total


def _of_province(session: Session, actor: Actor) -> list[ColumnElement[bool]]:
    """Organisations of the actor's province, and people who act in it for none."""
    here = within(session, actor, "organisations", OTHERS["alerts.read"][actor.role])
    if here is None:
        return []
    people = select(Account.id).where(Account.province == actor.province)
    return [or_(Alert.holder_id.in_(select(Organisation.id).where(here)), Alert.holder_id.in_(people))]


def set_limit(session: Session, actor: Actor, organisation_id: str, kind: str, daily: int | None) -> None:
    """Give an organisation another daily allowance, or with None the usual one. Raises Denied, NotFound, Invalid."""
    permissions.require(actor, "quotas.manage")
    holder_id = records.find(session, ORGANISATIONS, organisation_id).id
    if kind not in KINDS:
        raise Invalid({"kind": [f"Must be one of: {', '.join(KINDS)}."]})
    if daily is not None and not 0 <= daily <= HIGHEST:
        raise Invalid({"daily": [f"Must be a whole number from 0 to {HIGHEST}."]})
    session.execute(delete(QuotaLimit).where(QuotaLimit.holder_id == holder_id, QuotaLimit.kind == kind))
    if daily is not None:
        session.add(QuotaLimit(holder_id=holder_id, kind=kind, daily=daily))
        session.flush()
    audit.note(session, actor, "quota.set", audit.About("organisations", holder_id, (f"kind:{kind}",)))


def _daily(session: Session, actor: Actor, kind: str) -> int:
    other = select(QuotaLimit.daily).where(QuotaLimit.holder_id == holder(actor), QuotaLimit.kind == kind)
    found = session.scalar(other)
    return _usual(actor, kind) if found is None else found


def _usual(actor: Actor, kind: str) -> int:
    return KINDS[kind].alone if actor.organisation_id is None else KINDS[kind].daily


@dataclass(slots=True)
class Purse:
    """What one worker has leased and not spent. Safe among threads; nothing is leased while its lock is held."""

    _left: dict[tuple[str, date, str], int] = field(default_factory=dict)
    _dry: dict[tuple[str, date, str], datetime] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def spend(self, actor: Actor, kind: str, amount: int, now: datetime, more: Callable[[int], int]) -> bool:
        """Spend so much, all or nothing. `more` leases in a transaction of its own that it commits."""
        owner = holder(actor)
        if owner is None:
            return True
        key = (owner, day_of(now), kind)
        short = self._take(key, amount)
        if short == 0:
            return True
        if self.is_dry(actor, kind, now):
            return False
        granted = more(max(short, KINDS[kind].block))
        with self._lock:
            self._left[key] = self._left.get(key, 0) + granted
            if granted < short:
                self._dry[key] = now + RETRY
        return self._take(key, amount) == 0

    def is_dry(self, actor: Actor, kind: str, now: datetime) -> bool:
        """Whether so little was granted a moment ago that it is not worth asking for more."""
        owner = holder(actor)
        return owner is not None and now < self._dry.get((owner, day_of(now), kind), now)

    def _take(self, key: tuple[str, date, str], amount: int) -> int:
        """Take the amount if it is there; how much is lacking."""
        with self._lock:
            for kept in (self._left, self._dry):
                for old in [one for one in kept if one[1] != key[1]]:
                    del kept[old]
            left = self._left.get(key, 0)
            if left < amount:
                return amount - left
            self._left[key] = left - amount
            return 0
