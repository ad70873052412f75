"""Erasing a person (POPIA s24): from every table, from the files below them, and from backups restored later.

What stays: the ids in the changes, so that copies elsewhere drop the person too, and audit entries under a name whose
key is destroyed, so that the chain still holds and says nothing of anybody. Free text of other records is not searched.
PostgreSQL keeps deleted rows in its files until VACUUM has passed (VACUUM FULL gives the space back at once) and in
its archived WAL for as long as that is kept; dumps made before are to be destroyed by whoever keeps them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Engine, delete, or_, select, update
from sqlalchemy.orm import Session

from directory import changes, permissions
from directory.errors import Conflict, Invalid
from directory.fields import Code, Field, Id, Wrong, checked, clean_id
from directory.models.access import Account
from directory.models.channel import Channel
from directory.models.fragility import Action
from directory.models.link import Link
from directory.models.organisation import NotSame
from directory.models.oversight import Alert, Quota, QuotaLimit
from directory.models.person import Person
from directory.models.post import FocalPoint, Post
from directory.models.training import Training
from directory.models.upkeep import Replay, Verification
from directory.permissions import Actor
from directory.queries.filters import has_code
from directory.queries.published import LOADED
from directory.services import access, audit, erasure_list, guards, records, snapshot_keys, subjects
from directory.services.authority import require_write
from directory.services.catalogue import COLLECTIONS
from directory.services.erasure_list import ORIGIN, Entry
from directory.services.reach import is_geographic

ACTION = "persons.erase"
PERSONAL = ("person_phone", "person_email")
NOBODY = "erased"

REASONS: dict[str, str] = {
    "own_request": "The person asked for it.",
    "objection": "The person objects to being listed.",
    "no_longer_needed": "What it was kept for is over.",
    "not_lawful": "There was no ground to list the person.",
}

FIELDS: dict[str, Field] = {
    "reason": Code(among=tuple(REASONS), required=True),
    "account_id": Id(to="", doc="The account of the same person, if any: it goes too. Administrators only."),
}

Files = Literal["cleaned", "at_next_start", "by_vacuum"]


@dataclass(frozen=True, slots=True)
class Erased:
    """How many records went with a person, and how many were rewritten without."""

    focal_points: int = 0
    channels: int = 0
    links: int = 0
    trainings: int = 0


def erase(session: Session, actor: Actor, person_id: str, given: Mapping[str, Any], kept: Path) -> Erased:
    """Erase a person, and put the id on the erasure list at `kept` before the caller commits and calls `scrub`.

    Should the commit fail, the next start does what was asked for here. Raises Denied, NotFound, Invalid, Conflict.
    """
    permissions.require(actor, ACTION)
    person = records.find(session, COLLECTIONS["persons"], person_id, lock=True)
    require_write(session, actor, COLLECTIONS["persons"], person, ACTION)
    values = checked(FIELDS, dict(given))
    account = _account(session, actor, values.get("account_id"))
    entries = [Entry("persons", one) for one in (person.id, *_origins(person.external_ids))]
    entries += [] if account is None else [Entry("users", account.id)]
    erased = _erase_person(session, actor, person.id, (f"reason:{values['reason']}",))
    if account is not None:
        _erase_account(session, actor, account)
    session.flush()
    erasure_list.add(kept, entries, changes.now(session))
    return erased


def reapply(session: Session, actor: Actor, kept: Path) -> int:
    """Erase again whoever is on the list and in the database: a backup was restored, or a dump loaded. How many. Raises
    Denied, Conflict (the list cannot be read)."""
    permissions.require(actor, ACTION)
    entries = erasure_list.read(kept)
    listed = {entry.record_id for entry in entries if entry.collection == "persons"}
    found = 0
    for person_id, known in session.execute(select(Person.id, Person.external_ids)).all() if listed else ():
        if person_id not in listed and listed.intersection(_origins(known)):
            _erase_person(session, actor, person_id, ("restored",))
            found += 1
    for entry in entries:
        account = session.get(Account, entry.record_id) if entry.collection == "users" else None
        if account is not None:
            _erase_account(session, actor, account)
        elif entry.collection == "persons" and _is_there(session, entry.record_id):
            _erase_person(session, actor, entry.record_id, ("restored",))
        else:
            continue
        found += 1
    return found


def scrub(engine: Engine) -> Files:
    """Take what was erased out of SQLite's files: rewrite the database, and empty its write-ahead log.

    Waits as long as any writer does; where somebody else goes on reading or writing it is left to the next start.
    """
    if engine.dialect.name != "sqlite":
        return "by_vacuum"
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("VACUUM")
        busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except engine.dialect.loaded_dbapi.OperationalError:
        return "at_next_start"
    finally:
        connection.close()
    return "at_next_start" if busy else "cleaned"


def _origins(external_ids: Sequence[Mapping[str, str]]) -> list[str]:
    """Ids that a loaded person had before: a dump writes the first, and those that came by no load as their key."""
    return [one["value"] for one in external_ids if one["scheme"] in (ORIGIN, LOADED) and _is_id(one["value"])]


def _is_id(value: str) -> bool:
    try:
        return clean_id(value) == value
    except Wrong:
        return False


def _account(session: Session, actor: Actor, account_id: str | None) -> Account | None:
    if account_id is None:
        return None
    permissions.require(actor, "accounts.manage")
    if account_id == actor.account_id:
        raise Conflict("nobody erases the account they act by")
    found = session.get(Account, account_id, with_for_update=True)
    if found is None:
        raise Invalid({"account_id": ["No account has this id."]})
    return found


def _is_there(session: Session, person_id: str) -> bool:
    rows = (
        select(Person.id).where(Person.id == person_id),
        select(Channel.id).where(Channel.owner_type == "person", Channel.owner_id == person_id),
    )
    return any(session.scalar(chosen.limit(1)) is not None for chosen in rows) or (
        subjects.known(session, person_id) is not None
    )


def _erase_person(session: Session, actor: Actor, person_id: str, details: tuple[str, ...]) -> Erased:
    audit.note(session, actor, "erased", audit.About("persons", person_id, details))
    held = list(session.scalars(select(FocalPoint).where(FocalPoint.person_id == person_id)))
    channels = _channels(session, person_id, [one.post_id for one in held])
    gone = {"focal_points": [one.id for one in held], "channels": [one.id for one in channels], "persons": [person_id]}
    links = _rewrite_links(session, gone["focal_points"], gone["channels"])
    trainings = _rewrite_trainings(session, person_id)
    _vacate(session, held)
    for record in (*channels, *held):
        session.delete(record)
    session.flush()
    session.execute(delete(Person).where(Person.id == person_id))
    session.execute(delete(Action).where(Action.kind == "person", Action.subject == person_id))
    for name, ids in gone.items():
        for one in ids:
            changes.note(session, name, one, "erased")
    _forget(session, [one for ids in gone.values() for one in ids])
    snapshot_keys.forget(session)
    return Erased(len(held), len(channels), links, trainings)


def _channels(session: Session, person_id: str, post_ids: Sequence[str]) -> list[Channel]:
    """The person's own; those elsewhere with the person's own number; personal ones of posts nobody else has held.

    Another person's channel stays, shared number or not; so do landlines and mailboxes of an office.
    """
    own = list(session.scalars(select(Channel).where(Channel.owner_type == "person", Channel.owner_id == person_id)))
    values = {one.value for one in own if one.channel_kind in PERSONAL and not is_geographic(one.value)}
    numbers = {value for value in values if value.startswith("+")}
    others = select(FocalPoint.post_id).where(FocalPoint.post_id.in_(post_ids), FocalPoint.person_id != person_id)
    alone = set(post_ids) - set(session.scalars(others))
    elsewhere = select(Channel).where(
        Channel.owner_type != "person",
        or_(
            Channel.value.in_(numbers),
            Channel.value.in_(values) & Channel.channel_kind.in_(PERSONAL),
            (Channel.owner_type == "post") & Channel.owner_id.in_(alone) & Channel.channel_kind.in_(PERSONAL),
        ),
    )
    return own + list(session.scalars(elsewhere))


def _rewrite_links(session: Session, focal_points: Sequence[str], channels: Sequence[str]) -> int:
    conditions = [has_code(Link.carriers, one) for one in focal_points]
    conditions += [has_code(Link.channels, one) for one in channels]
    if not conditions:
        return 0
    found = list(session.scalars(select(Link).where(or_(*conditions)).with_for_update()))
    for link in found:
        link.carriers = [one for one in link.carriers if one["focal_point_id"] not in focal_points]
        link.channels = [one for one in link.channels if one["channel_id"] not in channels]
        records.touch(session, COLLECTIONS["links"], link)
    return len(found)


def _rewrite_trainings(session: Session, person_id: str) -> int:
    chosen = select(Training).where(has_code(Training.attendees, person_id)).with_for_update()
    found = list(session.scalars(chosen))
    for training in found:
        training.attendees = [one for one in training.attendees if one["person_id"] != person_id]
        records.touch(session, COLLECTIONS["trainings"], training)
    return len(found)


def _vacate(session: Session, held: Sequence[FocalPoint]) -> None:
    """Posts outlive their holders: one that nobody else holds now is vacant."""
    today = changes.now(session).date()
    mine = {one.id for one in held}
    for post_id in sorted({one.post_id for one in held if one.ends is None or one.ends > today}):
        holders = session.scalars(select(FocalPoint).where(FocalPoint.post_id == post_id))
        if any(one.id not in mine and (one.ends is None or one.ends > today) for one in holders):
            continue
        post = session.get_one(Post, post_id)
        if post.state != "vacant":
            post.state = "vacant"
            records.touch(session, COLLECTIONS["posts"], post)


def _forget(session: Session, ids: Sequence[str]) -> None:
    session.execute(delete(Verification).where(Verification.record_id.in_(ids)))
    session.execute(delete(NotSame).where(or_(NotSame.first_id.in_(ids), NotSame.second_id.in_(ids))))
    for one in ids:
        session.execute(delete(Replay).where(or_(Replay.record_id == one, Replay.route.contains(one))))
    subjects.forget(session, ids)


def _erase_account(session: Session, actor: Actor, account: Account) -> None:
    """The account with its devices, addresses, sessions and keys; what it did stays, done by nobody."""
    audit.note(session, actor, "erased", audit.About("users", account.id))
    session.execute(update(Verification).where(Verification.actor == account.username).values(actor=NOBODY))
    session.execute(delete(Replay).where(Replay.actor == account.username))
    guards.clear_all(session, guards.name_hash(account.username))
    for model in (Quota, QuotaLimit, Alert):
        session.execute(delete(model).where(model.holder_id == account.id))
    _forget(session, [account.id])
    session.execute(delete(Account).where(Account.id == account.id))
    access.changed(session)
