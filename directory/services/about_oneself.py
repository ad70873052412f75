"""All that the registry keeps of one person, as shown to that person: facts, their sources, and nothing graded."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from directory import changes
from directory.models.channel import Channel
from directory.models.department import Department
from directory.models.link import Link
from directory.models.listed import ListedStatement
from directory.models.organisation import Organisation
from directory.models.person import Person
from directory.models.post import FocalPoint, Post
from directory.models.training import Training
from directory.models.upkeep import Verification
from directory.queries.filters import has_code
from directory.services.catalogue import COLLECTIONS

STATEMENT = ("id", "kind", "code", "deputy_id", "at", "settled_at", "outcome")
PERSON = ("id", "full_name", "languages", "status", "source", "verified_at", "created_at")
CHANNEL = (
    *("id", "channel_kind", "value", "whatsapp", "hours", "visibility", "tested_at"),
    *("source", "verified_at", "created_at"),
)
LONGEST_LIST = 200

Shown = dict[str, Any]


def everything(session: Session, person: Person) -> Shown:
    """The person's facts. Closed channels are shown too: they are still kept."""
    held = _held(session, person.id)
    channels = own_channels(session, person.id)
    ids = [person.id, *(one.id for one, _, _, _ in held), *(one.id for one in channels)]
    said = select(ListedStatement).where(ListedStatement.person_id == person.id).order_by(ListedStatement.at)
    return {
        "person": _named(person, PERSON),
        "posts": [_post(*row) for row in held],
        "channels": [_named(one, (*CHANNEL, "status")) for one in channels],
        "links": _links(session, [one.id for one, _, _, _ in held]),
        "trainings": _trainings(session, person.id),
        "verifications": _verifications(session, ids),
        "statements": [_named(one, STATEMENT) for one in session.scalars(said)],
        "colleagues": [{"id": one.id, "name": one.full_name} for one in colleagues(session, person.id)],
    }


def own_channels(session: Session, person_id: str) -> list[Channel]:
    """The channels that are the person's own."""
    chosen = select(Channel).where(Channel.owner_type == "person", Channel.owner_id == person_id)
    return list(session.scalars(chosen.order_by(Channel.created_at, Channel.id)))


def colleagues(session: Session, person_id: str) -> list[Person]:
    """Who may be named as a deputy: people with a post in the same unit, or in the same organisation's own office."""
    mine = [post for _, post, _, _ in _held(session, person_id, current=True)]
    units = [one.department_id for one in mine if one.department_id is not None]
    offices = [one.organisation_id for one in mine if one.department_id is None]
    there = or_(Post.department_id.in_(units), Post.department_id.is_(None) & Post.organisation_id.in_(offices))
    today = changes.now(session).date()
    seated = (
        select(FocalPoint.person_id)
        .join(Post, Post.id == FocalPoint.post_id)
        .where(there, FocalPoint.status == "active", or_(FocalPoint.ends.is_(None), FocalPoint.ends > today))
    )
    chosen = select(Person).where(Person.id.in_(seated), Person.id != person_id, Person.status != "closed")
    return list(session.scalars(chosen.order_by(Person.full_name, Person.id).limit(LONGEST_LIST)))


def _held(session: Session, person_id: str, *, current: bool = False) -> Sequence[Any]:
    chosen = (
        select(FocalPoint, Post, Organisation.name, Department.name)
        .join(Post, Post.id == FocalPoint.post_id)
        .join(Organisation, Organisation.id == Post.organisation_id)
        .outerjoin(Department, Department.id == Post.department_id)
        .where(FocalPoint.person_id == person_id)
        .order_by(FocalPoint.created_at, FocalPoint.id)
    )
    if current:
        today = changes.now(session).date()
        open_ended = or_(FocalPoint.ends.is_(None), FocalPoint.ends > today)
        chosen = chosen.where(FocalPoint.status == "active", open_ended)
    return session.execute(chosen).all()


def _post(held: FocalPoint, post: Post, organisation: str, department: str | None) -> Shown:
    names = ("starts", "ends", "primary", "acting", "status", "source", "verified_at")
    said = {"focal_point_id": held.id, "title": post.title, "organisation": organisation, "department": department}
    return said | _named(held, names)


def _links(session: Session, held: Sequence[str]) -> list[Shown]:
    if not held:
        return []
    chosen = select(Link).where(or_(*(has_code(Link.carriers, one) for one in held))).order_by(Link.id)
    found = list(session.scalars(chosen.limit(LONGEST_LIST)))
    names: dict[str, str] = {}
    ids = {one for link in found for one in (link.a_id, link.b_id)}
    for model in (Organisation, Department):
        rows = session.execute(select(model.id, model.name).where(model.id.in_(ids)))
        names |= dict(rows.all())
    carried = [[one for one in link.carriers if one["focal_point_id"] in held] for link in found]
    return [
        {
            "id": link.id,
            "between": [names[link.a_id], names[link.b_id]],
            "link_types": sorted({code for one in mine for code in one["link_types"] or ()}),
        }
        for link, mine in zip(found, carried, strict=True)
    ]


def _trainings(session: Session, person_id: str) -> list[Shown]:
    chosen = select(Training).where(has_code(Training.attendees, person_id)).order_by(Training.held_on, Training.id)
    return [{"id": one.id, "course": one.course, "held_on": one.held_on} for one in session.scalars(chosen)]


def _verifications(session: Session, ids: Sequence[str]) -> list[Shown]:
    chosen = select(Verification).where(Verification.record_id.in_(ids)).order_by(Verification.verified_at.desc())
    return [
        {"collection": COLLECTIONS[one.collection].path, **_named(one, ("method", "outcome", "verified_at"))}
        for one in session.scalars(chosen.limit(LONGEST_LIST))
    ]


def _named(row: Any, names: Sequence[str]) -> Shown:
    return {name: getattr(row, name) for name in names}
