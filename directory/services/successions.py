"""Organisations merge, split, end and take new names in the world: who follows, from which day, and what goes along.

What goes is not known to be as it was: services, places to stay and links have to be confirmed under the new name, and
so has the successor, whose accreditation is its own and is never taken over.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from directory import changes, permissions
from directory.errors import Invalid
from directory.fields import Code, Day, Field, Id, Listing, Shape, as_day, checked
from directory.models.organisation import Organisation, Succession
from directory.permissions import Actor
from directory.queries.visibility import visible
from directory.services import access, audit, estates, moving, provinces, records, references, runs
from directory.services.catalogue import COLLECTIONS
from directory.services.plans import Found

ACTION = "organisations.join"
KINDS: Mapping[str, tuple[int, int, str]] = {
    "merged": (1, 1, "It went into another organisation."),
    "renamed": (1, 1, "It goes on as a new body, under another name or in another legal form."),
    "split": (2, 20, "Several took it over in parts."),
    "closed": (0, 0, "It ended, and nobody follows."),
}
"""Kinds with how many successors they have, at least and at most."""
URGENCY, PRIORITY, DUE_DAYS = 2, 2, 14
"""Of the task to confirm a successor: as of a post that nobody holds."""

FIELDS: dict[str, Field] = {
    "kind": Code(among=tuple(KINDS), required=True, doc=" ".join(f"`{one}`: {said[2]}" for one, said in KINDS.items())),
    "successors": Listing(of=Id(to="organisations"), most=20, doc="Records that are there already; none if it closed."),
    "on": Day(doc="The first day without it: today if left out, and never a day ahead."),
    "moves": Listing(
        of=Shape(
            fields={
                "type": Code(among=estates.MOVABLE, required=True),
                "id": Id(to="", required=True),
                "successor_id": Id(to="organisations", required=True),
            }
        ),
        most=1000,
        doc="What goes to whom. Posts and services go with their unit. Left out: all goes to the only successor, and "
        "nothing where there are several. What does not go closes.",
    ),
}


def succeed(
    session: Session, actor: Actor, organisation_id: str, version: int, given: Mapping[str, Any]
) -> Organisation:
    """Close an organisation, and give what it had to those who follow. The closed record. Raises Denied, NotFound,
    Invalid, VersionConflict, Conflict (one is closed or suspended)."""
    permissions.require(actor, ACTION)
    values = checked(FIELDS, dict(given))
    references.check(session, FIELDS, values, actor)
    owner, successors = _held(session, organisation_id, values)
    for one in (owner, *successors.values()):
        provinces.require_covered(session, actor, "organisations", one.id)
    records.expect(owner, version)
    moving.refuse_unsettled(owner, *successors.values())
    day = as_day(values.get("on")) or changes.today(session)
    if day > changes.today(session):
        raise Invalid({"on": ["Must not lie ahead: say it on the day."]})
    estate = estates.read(session, owner, values)
    _confidentiality(session, owner, successors)
    concerned = provinces.of_home(session, "organisation", owner.id)
    closed = estates.give(session, estate, day)
    _write(session, owner, successors, values["kind"], day)
    for one in successors.values():
        said = f"{owner.name} since {day.day} {day:%B %Y}"
        runs.open_at_once(session, _task(session, said, one, concerned))
    moving.distrust(session)
    counts = Counter(f"{kind}s" for kind, _ in estate.to)
    details = (f"kind:{values['kind']}", *(f"successor:{one}" for one in successors))
    details += (*(f"{name}:{count}" for name, count in sorted(counts.items())), f"closed:{closed}")
    audit.note(session, actor, "organisation.succeeded", audit.About("organisations", owner.id, details))
    access.changed(session)
    return owner


def history(session: Session, actor: Actor, organisation_id: str) -> list[dict[str, Any]]:
    """Who followed an organisation, and whom it followed, oldest first; of those the actor may know of. Raises Denied,
    NotFound."""
    found = records.get(session, actor, COLLECTIONS["organisations"], organisation_id)
    either = or_(Succession.predecessor_id == found.id, Succession.successor_id == found.id)
    rows = session.scalars(select(Succession).where(either).order_by(Succession.on, Succession.at, Succession.id)).all()
    ids = {one for row in rows for one in (row.predecessor_id, row.successor_id) if one is not None}
    seen = visible(session, actor, "organisations")
    named = select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids), *seen)
    names = {one: {"id": one, "name": name} for one, name in session.execute(named)}
    return [
        {
            "kind": row.kind,
            "on": row.on,
            "predecessor": names[row.predecessor_id],
            "successor": None if row.successor_id is None else names[row.successor_id],
        }
        for row in rows
        if {row.predecessor_id, row.successor_id} - {None} <= names.keys()
    ]


def _held(
    session: Session, organisation_id: str, values: Mapping[str, Any]
) -> tuple[Organisation, dict[str, Organisation]]:
    """The organisation and its successors, locked in the order of their ids."""
    owner = records.find(session, COLLECTIONS["organisations"], organisation_id)
    ids = list(dict.fromkeys(values.get("successors") or ()))
    least, most, said = KINDS[values["kind"]]
    if not least <= len(ids) <= most:
        raise Invalid({"successors": [f"{said} From {least} to {most} follow, and not {len(ids)}."]})
    if owner.id in ids:
        raise Invalid({"successors": ["Nobody follows oneself."]})
    wrong = [at for at, one in enumerate(values.get("moves") or ()) if one["successor_id"] not in ids]
    if wrong:
        raise Invalid({f"moves.{at}.successor_id": ["Is none of the successors."] for at in wrong})
    held = {
        one: records.find(session, COLLECTIONS["organisations"], one, lock=True) for one in sorted({owner.id, *ids})
    }
    return held[owner.id], {one: held[one] for one in ids}


def _confidentiality(session: Session, owner: Organisation, successors: Mapping[str, Organisation]) -> None:
    """Whoever follows a confidential organisation, or is confidential and follows, makes the others so: who followed
    whom is read by everybody, and so is where an open one stands."""
    cleared = moving.newly_cleared(session, owner.id, successors)
    for one in (*successors.values(), *successors.values()):
        moving.meet(session, owner, one)
    moving.lock_out(session, cleared)


def _write(session: Session, owner: Organisation, successors: Mapping[str, Organisation], kind: str, day: date) -> None:
    """Keep who followed, and close the one that is followed. Each successor is to be confirmed."""
    owner.status = "closed"
    now = changes.now(session)
    for successor_id in successors or (None,):
        session.add(Succession(predecessor_id=owner.id, successor_id=successor_id, kind=kind, on=day, at=now))
    for one in successors.values():
        one.verified_at = None
    session.flush()


def _task(session: Session, said: str, successor: Organisation, concerned: frozenset[str]) -> Found:
    """To confirm a successor; it concerns the provinces of both."""
    return Found(
        key=f"{moving.SUCCESSION}:{successor.id}",
        kind=moving.SUCCESSION,
        subject=successor.id,
        found="unconfirmed",
        action="reverify",
        reason=f"{successor.name} follows {said}: confirm its accreditation, room and the links that came.",
        owner=("organisation", successor.id),
        urgency=URGENCY,
        priority=PRIORITY,
        size=1,
        due_days=DUE_DAYS,
        provinces=concerned | provinces.of_home(session, "organisation", successor.id),
    )
