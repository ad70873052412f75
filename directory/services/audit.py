"""Who did what: an append-only chain, written in the transaction it describes.

Entries are remembered while a transaction works and appended as it commits, under the lock of the chain's head (an
unlocked chain forks). What has an entry is therefore committed: see disclosures. Codes are kept, never values.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import event, insert, select, update
from sqlalchemy.orm import Session

from directory import changes
from directory.fields import Wrong, clean_id
from directory.models.oversight import AuditEntry, AuditHead
from directory.permissions import Actor
from directory.queries.masking import note_reading
from directory.services import subjects
from directory.services.upserts import insert_missing

HEAD_ID = 1
GENESIS = "0" * 64
DENIED = "denied"
READ = "read.confidential"
Reading = tuple[str, str | None, str]
"""A collection, a record (null is a list of them), and what was confidential of it."""
SUBJECTS = frozenset({"persons", "focal_points", "channels", "users"})
"""Collections whose records are, or lead to, one person."""

ACTION = re.compile(r"[a-z][a-z_]*(\.[a-z_]+)?")
CODE = re.compile(r"[a-z][a-z0-9_]{0,59}(:[A-Za-z0-9_.-]{1,64})?")
MOST_DETAILS = 60

HASHED = ("seq", "at", "actor", "role", "end_user", "action", "collection", "record", "details", "prev_hash")


@dataclass(frozen=True, slots=True)
class About:
    """What an entry is about: a collection, one record of it, and codes such as `field:name` or `role:admin`."""

    collection: str | None = None
    record_id: str | None = None
    details: tuple[str, ...] = ()


NOTHING = About()


def note(session: Session, actor: Actor, action: str, about: About = NOTHING) -> None:
    """Remember that the actor does this; it is appended when, and only if, the transaction commits."""
    details = [*about.details, *([f"key:{actor.key_id}"] if actor.key_id and actor.account_id else [])]
    if not ACTION.fullmatch(action) or not all(CODE.fullmatch(code) for code in details):
        raise ValueError("the audit keeps codes only")
    if len(details) > MOST_DETAILS:
        raise ValueError("an entry has too many details")
    session.info.setdefault("audit", []).append(
        {
            "at": changes.now(session),
            "actor": _named(session, actor),
            "role": actor.role,
            "end_user": actor.end_user,
            "action": action,
            "collection": about.collection,
            "record": reference(session, about.collection, about.record_id),
            "details": details,
        }
    )


def grading(session: Session, person_id: str | None = None) -> None:
    """Say that what is about to be answered tells how much hangs on a person, or on people by name."""
    note_reading(session, "persons", person_id, "grading")


def record_readings(session: Session, actor: Actor, read: Iterable[Reading]) -> None:
    """Remember what confidential things somebody has read, a line for each kind: the record, or how many of them.

    The caller commits this in a transaction of its own before the answer leaves.
    """
    kinds: dict[tuple[str, str], list[str]] = {}
    for collection, record_id, what in read:
        kinds.setdefault((collection, what), []).extend([] if record_id is None else [record_id])
    for (collection, what), ids in sorted(kinds.items()):
        details = (f"what:{what}", *([f"records:{len(ids)}"] if len(ids) > 1 else []))
        note(session, actor, READ, About(collection, ids[0] if len(ids) == 1 else None, details))


def record_denial(session: Session, actor: Actor, action: str, about: About = NOTHING) -> None:
    """Remember a refused try. The caller has rolled back first, and commits this in a transaction of its own.

    `record_id` may be whatever stood in the path: what is no id is left out.
    """
    try:
        record_id = None if about.record_id is None else clean_id(about.record_id)
    except Wrong:
        record_id = None
    details = (f"action:{action}", *about.details)
    note(session, actor, DENIED, About(about.collection, record_id, details))


def reference(session: Session, collection: str | None, record_id: str | None) -> str | None:
    """How the audit writes a record's id: people under their own keys, the rest as it is."""
    if record_id is None or collection not in SUBJECTS:
        return record_id
    return subjects.reference(session, record_id)


def changed_fields(given: Iterable[str]) -> tuple[str, ...]:
    """Names of fields as details."""
    return tuple(f"field:{name}" for name in sorted(given)[: MOST_DETAILS - 1])


def canonical(entry: Mapping[str, Any]) -> str:
    """The text that is hashed: an entry without its hash, keys sorted, no spaces, UTC to the microsecond."""
    fields = {name: entry[name] for name in HASHED} | {"at": moment(entry["at"])}
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def hash_of(entry: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical text, which holds the hash of the entry before."""
    return sha256(canonical(entry).encode()).hexdigest()


def moment(at: datetime) -> str:
    """An instant as the audit writes it."""
    return at.isoformat(timespec="microseconds")


def _named(session: Session, actor: Actor) -> str:
    if actor.account_id is not None:
        return f"user:{subjects.reference(session, actor.account_id)}"
    if actor.key_id is not None:
        return f"key:{actor.key_id}"
    return "anonymous" if actor.role == "anonymous" else f"process:{actor.name}"


@event.listens_for(Session, "before_commit")
def _append(session: Session) -> None:
    pending: list[dict[str, Any]] = session.info.pop("audit", [])
    if not pending:
        return
    session.flush()
    seq, last = _locked_head(session)
    for entry in pending:
        seq += 1
        entry |= {"seq": seq, "prev_hash": last}
        last = entry["hash"] = hash_of(entry)
    session.execute(insert(AuditEntry), pending)
    session.execute(update(AuditHead).where(AuditHead.id == HEAD_ID).values(seq=seq, hash=last))


def _locked_head(session: Session) -> tuple[int, str]:
    """The end of the chain, held until the transaction ends (SQLite: by BEGIN IMMEDIATE)."""
    chosen = select(AuditHead.seq, AuditHead.hash).where(AuditHead.id == HEAD_ID).with_for_update()
    found = session.execute(chosen).one_or_none()
    if found is None:
        insert_missing(session, AuditHead, id=HEAD_ID, seq=0, hash=GENESIS)
        found = session.execute(chosen).one()
    return found[0], found[1]


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop("audit", None)
