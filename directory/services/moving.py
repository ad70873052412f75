"""How records become another organisation's: every reference to it, links that double, and one confidentiality.

What refers to an organisation by a foreign key is found by itself; TYPED, HELD and attendees name the rest, and LEFT
says what stays and why. `tests/house/test_references.py` fails when a column is in none of them.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from directory import changes, geography
from directory.errors import Conflict, Invalid
from directory.models.access import Account, ApiKey
from directory.models.channel import Channel
from directory.models.fragility import Action, Message
from directory.models.link import Link
from directory.models.organisation import NotSame, Organisation, Succession
from directory.models.oversight import Alert, Concern, Quota, QuotaLimit, Suspension
from directory.models.record import Record
from directory.models.registry import Base
from directory.models.site import Site
from directory.models.training import Training
from directory.queries.filters import has_code
from directory.queries.masking import masked_organisations
from directory.services.one_geography import NEIGHBOUR_KM, mask
from directory.services.upserts import add_up, insert_missing

SUCCESSION = "succession"
"""The kind of a task about an organisation that followed another."""

TYPED: tuple[tuple[type[Any], str, str, str], ...] = (
    (Channel, "owner_type", "owner_id", "organisation"),
    (Link, "a_type", "a_id", "organisation"),
    (Link, "b_type", "b_id", "organisation"),
    (Action, "owner_type", "owner_id", "organisation"),
    (Action, "kind", "subject", SUCCESSION),
    (Message, "to_type", "to_id", "organisation"),
    (Suspension, "collection", "record_id", "organisations"),
    (Concern, "collection", "record_id", "organisations"),
)
"""Columns with an id of an organisation where another column says so: model, that column, the id's, what it says."""
HELD: tuple[type[Any], ...] = (Quota, QuotaLimit, Alert)
"""Tables of what an organisation holds (`holder_id`), at most one row for each day or kind."""
LEFT: Mapping[str, str] = {
    "not_same.first_id": "Settled with its pair.",
    "not_same.second_id": "Settled with its pair.",
    "change.record_id": "What changed then: the feed is not rewritten.",
    "verification.record_id": "Somebody asked about that record, and not about this one.",
    "replay.record_id": "A repeated request is answered by what it made.",
    "subject_key.subject_id": "A person, account or key.",
    "site.area_id": "A published area.",
    "network_link_grade.link_id": "A link.",
    "outbox_message.about_id": "A link.",
}
"""Columns of ids that are no foreign keys and stay as they are, or are settled by their own hand."""


@cache
def foreign() -> tuple[tuple[type[Any], str], ...]:
    """Every column that refers to an organisation by a foreign key, by its model."""
    found = []
    for mapper in sorted(Base.registry.mappers, key=lambda one: one.class_.__tablename__):
        for column in mapper.columns:
            if any(key.column.table.name == Organisation.__tablename__ for key in column.foreign_keys):
                found.append((mapper.class_, mapper.get_property_by_column(column).key))
    return tuple(found)


def move_all(session: Session, old: str, new: str) -> Counter[str]:
    """Let everything that refers to one organisation refer to another. How many records of each collection did."""
    moved: Counter[str] = Counter()
    for model, column in foreign():
        _set(session, moved, model, [getattr(model, column) == old], column, new)
    for model, kind, column, said in TYPED:
        _set(session, moved, model, [getattr(model, kind) == said, getattr(model, column) == old], column, new)
    for training in session.scalars(select(Training).where(has_code(Training.attendees, old))):
        training.attendees = [
            {name: new if name == "organisation_id" and one == old else one for name, one in came.items()}
            for came in training.attendees
        ]
        moved["trainings"] += 1
    session.flush()
    _held(session, old, new)
    _said(session, old, new)
    return moved


def _set(session: Session, moved: Counter[str], model: type[Any], where: list[Any], column: str, new: str) -> None:
    for row in session.scalars(select(model).where(*where).with_for_update()):
        setattr(row, column, new)
        if isinstance(row, Record):
            moved[f"{model.__tablename__}s"] += 1
        elif isinstance(row, Account):
            row.updated_at = changes.now(session)
    session.flush()


def _held(session: Session, old: str, new: str) -> None:
    """Allowances spent add up; of two that were set, and of two alerts of a day, the survivor's stays."""
    spent = session.scalars(select(Quota).where(Quota.holder_id == old)).all()
    if spent:
        add_up(
            session,
            Quota,
            "leased",
            [{"holder_id": new, "day": one.day, "kind": one.kind, "leased": one.leased} for one in spent],
        )
    for limit in session.scalars(select(QuotaLimit).where(QuotaLimit.holder_id == old)).all():
        insert_missing(session, QuotaLimit, holder_id=new, kind=limit.kind, daily=limit.daily)
    for model in (Quota, QuotaLimit):
        session.execute(delete(model).where(model.holder_id == old))
    there = {(one.day, one.kind) for one in session.scalars(select(Alert).where(Alert.holder_id == new))}
    for alert in session.scalars(select(Alert).where(Alert.holder_id == old)).all():
        if (alert.day, alert.kind) in there:
            session.delete(alert)
        else:
            alert.holder_id = new
    session.flush()


def _said(session: Session, old: str, new: str) -> None:
    """Who is not the one is not the other, and nobody follows oneself, nor twice."""
    pairs = or_(NotSame.first_id == old, NotSame.second_id == old)
    for pair in session.scalars(select(NotSame).where(pairs)).all():
        other = pair.second_id if pair.first_id == old else pair.first_id
        session.delete(pair)
        session.flush()
        if other != new:
            first, second = sorted((other, new))
            known = select(NotSame.id).where(NotSame.first_id == first, NotSame.second_id == second)
            if session.scalar(known) is None:
                session.add(NotSame(collection=pair.collection, first_id=first, second_id=second, at=pair.at))
    told: set[tuple[str, str | None]] = set()
    ends = or_(Succession.predecessor_id == new, Succession.successor_id == new)
    for one in session.scalars(select(Succession).where(ends).order_by(Succession.on, Succession.id)).all():
        if one.predecessor_id == one.successor_id or (one.predecessor_id, one.successor_id) in told:
            session.delete(one)
        told.add((one.predecessor_id, one.successor_id))
    session.flush()


def newly_cleared(session: Session, one: str, others: Collection[str]) -> frozenset[str]:
    """Of an organisation and those that it meets, the ids of those whose people would read confidential facts that they
    could not: of two that are confidential both. Asked before they meet."""
    hidden = masked_organisations(session)
    return frozenset(others if one in hidden else ()) | ({one} if not hidden.isdisjoint(others) else frozenset())


def meet(session: Session, giving: Organisation, taking: Organisation) -> None:
    """Make both confidential if one of them is, for good, as by a first confidential place.

    Raises Invalid if what they show would tell a second geography. Open places beside hidden ones are refused by what
    is published alone: a refusal by the true point would let it be found.
    """
    both = {giving.id, taking.id}
    opened = both - masked_organisations(session)
    if opened == both:
        return
    try:
        for one, other in ((giving, taking), (taking, giving)):
            _stand_apart(session, one.id, other.id)
        for each in sorted(both):
            mask(session, each)
    except Invalid as invalid:
        raise Invalid(
            {"organisation_id": [said for sentences in invalid.errors.values() for said in sentences]}
        ) from None


def _stand_apart(session: Session, open_id: str, hiding_id: str) -> None:
    active = Site.status == "active"
    hidden = set(
        session.scalars(select(Site.area_id).where(Site.organisation_id == hiding_id, active, Site.confidential))
    )
    places = select(Site).where(Site.organisation_id == open_id, active, Site.confidential.is_(False))
    for site in session.scalars(places) if hidden else ():
        if geography.areas_near(site.lat, site.lon, NEIGHBOUR_KM) & hidden:
            said = f"The open place {site.name or site.id} stands in or beside an area in which the other hides one."
            raise Invalid({"organisation_id": [said]})


def lock_out(session: Session, organisation_ids: Collection[str]) -> None:
    """Deactivate the accounts of organisations, and revoke their keys, until an administrator lets each in again: a
    coordinator clears nobody for confidential facts."""
    now = changes.now(session)
    for account in session.scalars(select(Account).where(Account.organisation_id.in_(organisation_ids))):
        account.active, account.updated_at = False, now
    keys = select(ApiKey).where(ApiKey.organisation_id.in_(organisation_ids), ApiKey.revoked_at.is_(None))
    for key in session.scalars(keys):
        key.revoked_at = now
    session.flush()


def distrust(session: Session) -> None:
    """Forget what this transaction has read of who may see what."""
    for remembered in [one for one in session.info if isinstance(one, tuple) and one[0] == "hidden"]:
        del session.info[remembered]


def above(session: Session, organisation: Organisation) -> Collection[str]:
    """The organisations above one, nearest first, each once."""
    found: list[str] = []
    while organisation.parent_id is not None and organisation.parent_id not in found:
        found.append(organisation.parent_id)
        organisation = session.get_one(Organisation, organisation.parent_id)
    return found


def refuse_unsettled(*organisations: Organisation) -> None:
    """Raise Conflict for what is closed, or is suspended: nobody gets out of a suspension by another record."""
    if any(one.status == "closed" for one in organisations):
        raise Conflict("a closed record is neither merged nor followed")
    if any(one.suspended for one in organisations):
        raise Conflict("lift the suspension first: it is settled before the record is")
