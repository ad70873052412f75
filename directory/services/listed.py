"""People listed: the notice they get (POPIA s18), and the one-time link by which they see, correct, object and leave.

A link is random, told once and kept as SHA-256. Its first use opens it for half an hour; before that it holds a week.
The link is all that its holder proves, so what could lead calls astray counts as untested and is told to coordinators.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from directory import changes, permissions
from directory.errors import Conflict, Denied, Invalid, NotFound
from directory.fields import Code, Field, Id, checked
from directory.models.channel import Channel
from directory.models.listed import ListedLink, ListedStatement
from directory.models.person import Person
from directory.models.post import FocalPoint
from directory.permissions import Actor
from directory.queries.visibility import within
from directory.services import about_oneself, audit, channels, persons, records, statements, tokens
from directory.services.authority import require_write
from directory.services.catalogue import COLLECTIONS

ACTION = "persons.invite"
HOLDS = timedelta(days=7)
OPEN = timedelta(minutes=30)
VISITOR = Actor("anonymous", "listed")
"""Who acts by a link, in the audit: the entry names the person as what it is about."""
_NOBODY = "0" * 64

PERSON_FIELDS: dict[str, Field] = {
    "full_name": persons.FIELDS["full_name"],
    "languages": replace(persons.FIELDS["languages"], required=True),
    "status": Code(among=("active", "on_leave"), required=True, doc="on_leave: nobody is told to call for now."),
}
CHANNEL_FIELDS: dict[str, Field] = {
    "value": channels.FIELDS["value"],
    "whatsapp": channels.FIELDS["whatsapp"],
    "hours": channels.FIELDS["hours"],
    "visibility": replace(channels.FIELDS["visibility"], required=True, doc="Who reads it."),
}
DEPUTY_FIELDS: dict[str, Field] = {"person_id": Id(to="persons", required=True, doc="One of `colleagues`.")}
OBJECTION_FIELDS: dict[str, Field] = {"code": Code(among=tuple(statements.OBJECTIONS), required=True)}

NOTICE = """\
{name}, you are listed in the directory of partners of a network against trafficking in persons.
What is kept: your name, the languages you speak, the posts you hold, how you are reached ({channels} numbers or \
mailboxes), when that was last confirmed, and the trainings you attended. Nothing about anybody you help.
Where it comes from: {source}.
What for: partners who help somebody in danger must know whom to call. You need not be listed; if you are not, your \
office is called instead.
Who reads it: people with an account at a partner in South Africa. Restricted numbers are read only by those who must \
call them. Who answers for it: whoever sends you this.
Your rights under the Protection of Personal Information Act (sections 11, 18, 23, 24): to see it, to correct it, to \
object, to have it erased, and to complain to the Information Regulator (https://inforegulator.org.za).
How: ask for your link. It needs no password, opens once, for 30 minutes, within 7 days. Do not pass it on."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link just made, and its token, which is told once."""

    link: ListedLink
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody with an open link: the person it was made for, and when it closes."""

    person: Person
    ends_at: datetime


def notice(session: Session, actor: Actor, person_id: str) -> dict[str, Any]:
    """What to tell somebody who is listed, for whoever listed them to send. Raises Denied, NotFound."""
    person = _invited(session, actor, person_id)
    own = about_oneself.own_channels(session, person.id)
    held = session.scalars(select(FocalPoint).where(FocalPoint.person_id == person.id))
    sources = dict.fromkeys(one.source for one in (person, *held, *own) if one.source)
    source = "; ".join(sources) or "the organisation for which you hold a post"
    audit.note(session, actor, "notice.made", audit.About("persons", person.id))
    text = NOTICE.format(name=person.full_name, channels=len(own), source=source)
    return {"person_id": person.id, "language": "eng", "sources": list(sources), "text": text}


def invite(session: Session, actor: Actor, person_id: str) -> Invitation:
    """Make a link; earlier ones end. Raises Denied, NotFound."""
    person = _invited(session, actor, person_id)
    session.execute(delete(ListedLink).where(ListedLink.person_id == person.id))
    token, moment = tokens.new(), changes.now(session)
    link = ListedLink(
        person_id=person.id, token_hash=tokens.digest(token), created_at=moment, expires_at=moment + HOLDS
    )
    session.add(link)
    session.flush()
    audit.note(session, actor, "link.made", audit.About("persons", person.id))
    return Invitation(link, token)


def visit(session: Session, token: str) -> Visit:
    """The person behind a link, opened by its first use. Raises NotFound: unknown, over and used are one answer."""
    found = session.scalar(select(ListedLink).where(ListedLink.token_hash == tokens.digest(token)).with_for_update())
    known = tokens.matches(token, _NOBODY if found is None else found.token_hash)
    moment = changes.now(session)
    if found is None or not known or moment >= _end(found):
        raise NotFound("listed", "for this token")
    if found.opened_at is None:
        found.opened_at = moment
        session.flush()
        audit.note(session, VISITOR, "listed.opened", audit.About("persons", found.person_id))
    return Visit(session.get_one(Person, found.person_id, with_for_update=True), _end(found))


def see(session: Session, token: str) -> dict[str, Any]:
    """All that is kept of the person. Raises NotFound."""
    visiting = visit(session, token)
    audit.note(session, VISITOR, "listed.read", audit.About("persons", visiting.person.id))
    return about_oneself.everything(session, visiting.person) | {"session_ends_at": visiting.ends_at}


def correct(session: Session, token: str, given: Mapping[str, Any]) -> None:
    """Change name, languages, or whether the person is there. Raises NotFound, Invalid, Conflict (a closed record)."""
    person = visit(session, token).person
    values = checked(PERSON_FIELDS, dict(given), partial=True)
    if person.status == "closed":
        raise Conflict("this listing is closed")
    if values.get("full_name", person.full_name) != person.full_name:
        statements.add(session, person.id, "correction", code="full_name")
    for name, value in values.items():
        setattr(person, name, value)
    records.touch(session, COLLECTIONS["persons"], person)
    details = audit.changed_fields(values)
    audit.note(session, VISITOR, "listed.corrected", audit.About("persons", person.id, details))


def correct_channel(session: Session, token: str, channel_id: str, given: Mapping[str, Any]) -> None:
    """Change one of the person's own channels. Raises NotFound, Invalid."""
    person = visit(session, token).person
    channel = _own(session, person, channel_id)
    values = checked(CHANNEL_FIELDS, dict(given), partial=True)
    before = channel.value
    for name, value in values.items():
        setattr(channel, name, value)
    channels.COLLECTION.place(session, channel, {})
    if channel.value != before:
        channels.COLLECTION.rules(session, channel, {})
        channel.tested_at = channel.verified_at = None
        statements.add(session, person.id, "correction", code="channel_value")
    records.touch(session, COLLECTIONS["channels"], channel)
    details = audit.changed_fields(values)
    audit.note(session, VISITOR, "listed.corrected", audit.About("channels", channel.id, details))


def withdraw_channel(session: Session, token: str, channel_id: str) -> None:
    """Close one of the person's own channels: nobody is told it any more. Raises NotFound."""
    person = visit(session, token).person
    channel = _own(session, person, channel_id)
    channel.status = "closed"
    statements.add(session, person.id, "correction", code="channel_closed")
    records.touch(session, COLLECTIONS["channels"], channel)
    audit.note(session, VISITOR, "listed.withdrawn", audit.About("channels", channel.id))


def name_deputy(session: Session, token: str, given: Mapping[str, Any]) -> ListedStatement:
    """Suggest who stands in for the person; a coordinator decides. Raises NotFound, Invalid."""
    person = visit(session, token).person
    values = checked(DEPUTY_FIELDS, dict(given))
    if values["person_id"] not in {one.id for one in about_oneself.colleagues(session, person.id)}:
        raise Invalid({"person_id": ["Must be one of your colleagues."]})
    return _said(session, person, "deputy", deputy_id=values["person_id"])


def object_to(session: Session, token: str, given: Mapping[str, Any]) -> ListedStatement:
    """Object; a coordinator reads it. Raises NotFound, Invalid."""
    person = visit(session, token).person
    values = checked(OBJECTION_FIELDS, dict(given))
    return _said(session, person, "objection", code=values["code"])


def _said(session: Session, person: Person, kind: str, **what: str) -> ListedStatement:
    made: ListedStatement = statements.add(session, person.id, kind, **what)
    audit.note(session, VISITOR, "listed.said", audit.About("persons", person.id, (f"kind:{kind}",)))
    return made


def _end(link: ListedLink) -> datetime:
    return link.expires_at if link.opened_at is None else link.opened_at + OPEN


def _own(session: Session, person: Person, channel_id: str) -> Channel:
    channel: Channel = records.find(session, COLLECTIONS["channels"], channel_id, lock=True)
    if (channel.owner_type, channel.owner_id, channel.status) != ("person", person.id, "active"):
        raise NotFound("channels", channel_id)
    return channel


def _invited(session: Session, actor: Actor, person_id: str) -> Person:
    """A person whom the actor may invite. A link shows all that is kept of them, so a manager invites only who holds
    no post elsewhere; others a coordinator does."""
    granted = permissions.reach(actor, ACTION, "persons")
    person: Person = records.find(session, COLLECTIONS["persons"], person_id, lock=True)
    require_write(session, actor, COLLECTIONS["persons"], person, ACTION)
    belongs = within(session, actor, "focal_points", granted) if granted in ("organisation", "unit") else None
    if belongs is not None:
        elsewhere = select(FocalPoint.id).where(FocalPoint.person_id == person.id, ~belongs)
        if session.scalar(elsewhere.limit(1)) is not None:
            raise Denied("this person holds a post elsewhere too: a coordinator makes the link")
    return person
