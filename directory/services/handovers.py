"""A post changes hands: who goes, who comes, from which day, which numbers stay, and who has to be told.

Everything is dated and nothing waits: until the day the one who goes answers, from the day the one who comes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, false, or_, select
from sqlalchemy.orm import Session

from directory import changes
from directory.changes import LOCAL
from directory.errors import Conflict, Invalid
from directory.fields import Boolean, Day, Field, Id, Listing, as_day, checked
from directory.models.channel import Channel
from directory.models.department import Department
from directory.models.link import Link
from directory.models.organisation import Organisation
from directory.models.post import FocalPoint, Post
from directory.permissions import Actor
from directory.queries.filters import has_code
from directory.queries.visibility import links_seen
from directory.services import audit, outbox, provinces, records, references, runs
from directory.services.authority import require_write
from directory.services.catalogue import COLLECTIONS
from directory.services.outbox import Letter
from directory.services.plans import Found
from directory.services.records import By

POSTS, FOCAL_POINTS, CHANNELS, LINKS = (COLLECTIONS[name] for name in ("posts", "focal_points", "channels", "links"))
COORDINATOR = Actor("coordinator", "handovers")
"""Whose sight a task's size is counted by."""
INSTITUTIONAL = ("role_mailbox", "duty_line", "on_call_roster")
URGENCY, PRIORITY, DUE_DAYS = 2, 2, 14
"""Of the task where nobody follows: a case that is open in the office cannot wait longer."""

FIELDS: dict[str, Field] = {
    "successor_id": Id(to="persons", doc="Who follows; null or left out where nobody does yet."),
    "effective_on": Day(doc="The first day of whoever follows, and the first without who goes. Today if left out."),
    "acting": Boolean(doc="Whether who follows only acts."),
    "keep_channels": Listing(
        of=Id(to="channels"),
        most=100,
        doc="The post's numbers that stay with it. Left out: its office lines. Personal numbers that do not stay go "
        "with who goes; an office line that does not stay is closed, which cannot be said for a later day.",
    ),
}


@dataclass(frozen=True, slots=True)
class Handover:
    """What a handover did: ids of focal points that end and start on the day, and of the links they carry."""

    post_id: str
    effective_on: date
    ended: tuple[str, ...]
    started: str | None
    links: tuple[str, ...]


def hand_over(session: Session, actor: Actor, post_id: str, given: Mapping[str, Any]) -> Handover:
    """Hand a post over. Raises Denied, NotFound, Invalid, Conflict (the post is closed)."""
    post = records.held(session, actor, POSTS, post_id)
    values = checked(FIELDS, dict(given))
    references.check(session, FIELDS, values, actor)
    if post.status == "closed":
        raise Conflict("a closed post cannot be handed over")
    today = changes.today(session)
    day = day_of(given, changes.now(session))
    going = _holding(session, post, day)
    if values.get("successor_id") in [one.person_id for one in going]:
        raise Invalid({"successor_id": ["Holds the post already."]})
    _numbers(session, post, going, values.get("keep_channels"), day <= today)
    coming = _start(session, actor, post, values, day)
    for one in going:
        one.ends = day
    _state(post, coming, day <= today)
    session.flush()
    links = _relink(session, going, coming, replaced=day <= today)
    outbox.write(session, _letters(session, post, links, coming, day))
    if coming is None:
        runs.open_at_once(session, _nobody(session, post, len(_known(session, COORDINATOR, links))))
    audit.note(session, actor, "post.handed_over", audit.About("posts", post.id, (f"followed:{coming is not None}",)))
    return summary(session, actor, post, day)


def day_of(given: Mapping[str, Any], moment: datetime) -> date:
    """The day that a handover is asked for, at a moment. Raises Invalid."""
    return as_day(checked(FIELDS, dict(given)).get("effective_on")) or moment.astimezone(LOCAL).date()


def summary(session: Session, actor: Actor, post: Post, day: date) -> Handover:
    """What a handover on a day has done to a post: of its links those that the actor may know of."""
    listed = (FocalPoint.post_id == post.id, FocalPoint.status == "active")
    there = session.scalars(select(FocalPoint).where(*listed).order_by(FocalPoint.id)).all()
    ended = tuple(one.id for one in there if one.ends == day)
    started = next((one.id for one in there if one.starts == day and one.ends is None), None)
    carried = [has_code(Link.carriers, one) for one in (*ended, started) if one is not None]
    links = session.scalars(select(Link).where(or_(false(), *carried), Link.status == "active").order_by(Link.id)).all()
    return Handover(post.id, day, ended, started, tuple(_known(session, actor, links)))


def _known(session: Session, actor: Actor, links: Sequence[Link]) -> list[str]:
    """Ids of the links that an actor may know of: those of a confidential place to a station are its own to know."""
    seen = links_seen(session, replace(actor, scopes=None), None)
    return [link.id for link in links if link.id in seen]


def numbers(session: Session, post: Post) -> list[str]:
    """Ids of the numbers that the post has, of which a handover says which stay."""
    return [one.id for one in session.scalars(_owned(post).order_by(Channel.id))]


def _owned(post: Post) -> Select[Channel]:
    return select(Channel).where(Channel.owner_type == "post", Channel.owner_id == post.id, Channel.status == "active")


def _holding(session: Session, post: Post, day: date) -> list[FocalPoint]:
    """Whoever would still be in the post on the day; who is to start later stays."""
    over, starts = FocalPoint.ends, FocalPoint.starts
    chosen = select(FocalPoint).where(
        FocalPoint.post_id == post.id,
        FocalPoint.status == "active",
        or_(over.is_(None), over > day),
        or_(starts.is_(None), starts <= day),
    )
    return list(session.scalars(chosen.order_by(FocalPoint.id).with_for_update()))


def _start(session: Session, actor: Actor, post: Post, values: Mapping[str, Any], day: date) -> FocalPoint | None:
    """Whoever follows, confirmed by the office that says so."""
    person = values.get("successor_id")
    if person is None:
        return None
    given = {"person_id": person, "post_id": post.id, "starts": day.isoformat(), "primary": True}
    given["acting"] = bool(values.get("acting"))
    made: FocalPoint = records.make(
        session,
        FOCAL_POINTS,
        given,
        verified_at=changes.now(session),
        by=By(actor, lambda one: require_write(session, actor, FOCAL_POINTS, one)),
    )
    return made


def _state(post: Post, coming: FocalPoint | None, now: bool) -> None:
    if coming is not None:
        post.state = "acting" if coming.acting else "filled"
    elif now:
        post.state = "vacant"


def _numbers(session: Session, post: Post, going: Sequence[FocalPoint], kept: list[str] | None, now: bool) -> None:
    """What does not stay: a personal number becomes that of who goes, an office line is closed."""
    channels = list(session.scalars(_owned(post).with_for_update()))
    unknown = sorted(set(kept or ()) - {one.id for one in channels})
    if unknown:
        raise Invalid({"keep_channels": [f"No number of this post: {', '.join(unknown)}."]})
    for one in channels:
        institutional = one.channel_kind in INSTITUTIONAL
        if one.id in kept if kept is not None else institutional:
            continue
        if not institutional and len(going) == 1:
            one.owner_type, one.owner_id = "person", going[0].person_id
        elif now:
            one.status = "closed"
        else:
            raise Invalid({"keep_channels": ["A line that ends on a later day is closed on that day."]})


def _relink(session: Session, going: Sequence[FocalPoint], coming: FocalPoint | None, *, replaced: bool) -> list[Link]:
    """The links that those who go carry, with who comes as a carrier of the same uses. Theirs stay until the day."""
    left = {one.id for one in going}
    if not left:
        return []
    carried = or_(*(has_code(Link.carriers, one) for one in sorted(left)))
    found = select(Link).where(carried, Link.status == "active").order_by(Link.id).with_for_update()
    links = list(session.scalars(found))
    if coming is None:
        return links
    for link in links:
        taken = {(one["end"], *one["link_types"]) for one in link.carriers if one["focal_point_id"] in left}
        kept = [one for one in link.carriers if not (replaced and one["focal_point_id"] in left)]
        added = [{"end": end, "focal_point_id": coming.id, "link_types": types} for end, *types in sorted(taken)]
        link.carriers = [*kept, *added]
    session.flush()
    return links


def _letters(
    session: Session, post: Post, links: Sequence[Link], coming: FocalPoint | None, day: date
) -> Iterator[Letter]:
    """One to each partner at the other end of a link."""
    seated = set(session.scalars(select(FocalPoint.id).where(FocalPoint.post_id == post.id)))
    told: set[tuple[str, str]] = set()
    where = f"{post.title or 'The focal point'}, {_office(session, post)}"
    follows = (
        "a new holder follows" if coming is not None else "nobody follows yet: ask the office for a second contact"
    )
    text = f"{where}: from {day.day} {day:%B %Y} {follows}. The numbers to call are in the directory."
    for link in links:
        ends = {one["end"] for one in link.carriers if one["focal_point_id"] in seated}
        for end in ("a", "b"):
            to = (link.b_type, link.b_id) if end == "a" else (link.a_type, link.a_id)
            if end in ends and to not in told:
                told.add(to)
                yield Letter(to, link.id, "handover", text, day)


def _office(session: Session, post: Post) -> str:
    organisation = session.get_one(Organisation, post.organisation_id).name
    unit = session.get(Department, post.department_id) if post.department_id else None
    return f"{unit.name}, {organisation}" if unit is not None else organisation


def _nobody(session: Session, post: Post, links: int) -> Found:
    home = ("department", post.department_id) if post.department_id else ("organisation", post.organisation_id)
    return Found(
        key=f"{runs.POST}:{post.id}",
        kind=runs.POST,
        subject=post.id,
        found="vacant",
        action="nominate_deputy",
        reason=f"{post.title or 'The focal point'}, {_office(session, post)}: nobody follows in the post.",
        owner=home,
        urgency=URGENCY,
        priority=PRIORITY,
        size=max(links, 1),
        due_days=DUE_DAYS,
        provinces=provinces.of_home(session, *home),
    )
