"""Reading the audit: verifying its chain, anchoring it elsewhere, searching and exporting it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from directory import changes, permissions
from directory.errors import Invalid
from directory.fields import Wrong, clean_id
from directory.models.access import Account, ApiKey
from directory.models.oversight import AuditEntry, AuditHead
from directory.permissions import Actor
from directory.services import audit, subjects

BATCH = 1000
COLUMNS = tuple(getattr(AuditEntry, name) for name in (*audit.HASHED, "hash"))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the chain is whole. `fault`: edited, missing, truncated or rewritten; `seq` says where."""

    entries: int
    fault: str | None = None
    seq: int | None = None

    @property
    def sound(self) -> bool:
        """Nothing was found wrong."""
        return self.fault is None


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for. `actor`: the id of an account or key, or the name of a process; `record`: an id."""

    actor: str | None = None
    action: str | None = None
    collection: str | None = None
    record: str | None = None
    since: datetime | None = None
    until: datetime | None = None


EVERYTHING = Search()


def verify(session: Session, actor: Actor, anchor: str | Mapping[str, Any] | None = None) -> Verdict:
    """Walk the chain from its first entry. Needs a reading session: the head and the rows of one snapshot.

    Without an anchor kept elsewhere, an end cut off or written anew together with its head is not seen. Raises Denied,
    Invalid (no anchor).
    """
    permissions.require(actor, "audit.read")
    kept = None if anchor is None else _read_anchor(anchor)
    seq, last, anchored = 0, audit.GENESIS, kept is None or kept == (0, audit.GENESIS)
    for entry in _walk(session, ()):
        if entry["seq"] != seq + 1:
            return Verdict(seq, "missing", seq + 1)
        if entry["hash"] != audit.hash_of(entry) or entry["prev_hash"] != last:
            return Verdict(seq, "edited", entry["seq"])
        seq, last = entry["seq"], entry["hash"]
        if kept is not None and kept[0] == seq:
            if kept[1] != last:
                return Verdict(seq, "rewritten", seq)
            anchored = True
    if _head(session) != (seq, last) or not anchored:
        return Verdict(seq, "truncated", seq + 1)
    return Verdict(seq)


def anchor(session: Session, actor: Actor) -> str:
    """The chain's end as one JSON line, to be kept where whoever can write the database cannot write. Raises Denied."""
    permissions.require(actor, "audit.read")
    seq, last = _head(session)
    return json.dumps({"seq": seq, "hash": last, "at": audit.moment(changes.now(session))})


def export(session: Session, actor: Actor, search: Search = EVERYTHING) -> Iterator[str]:
    """Entries as kept, oldest first, a JSON line each: with all of them anyone can verify the chain. Raises Denied."""
    permissions.require(actor, "audit.read")
    return _lines(session, _conditions(session, search))


def entries(
    session: Session, actor: Actor, search: Search = EVERYTHING, *, page: int = 1, page_size: int = 50
) -> tuple[list[dict[str, Any]], int]:
    """A page of entries, newest first, and how many there are; people by id and name while they are known."""
    permissions.require(actor, "audit.read")
    conditions = _conditions(session, search)
    total = session.scalar(select(func.count()).select_from(AuditEntry).where(*conditions)) or 0
    chosen = select(AuditEntry).where(*conditions).order_by(AuditEntry.seq.desc())
    rows = list(session.scalars(chosen.offset((page - 1) * page_size).limit(page_size)))
    return _readable(session, rows), total


def _lines(session: Session, conditions: Sequence[ColumnElement[bool]]) -> Iterator[str]:
    for entry in _walk(session, conditions):
        yield json.dumps(entry | {"at": audit.moment(entry["at"])}, sort_keys=True, ensure_ascii=False)


def _walk(session: Session, conditions: Sequence[ColumnElement[bool]]) -> Iterator[dict[str, Any]]:
    """Entries in their order, read a batch at a time."""
    last: int | None = None
    while True:
        onward = () if last is None else (AuditEntry.seq > last,)
        batch = select(*COLUMNS).where(*conditions, *onward).order_by(AuditEntry.seq).limit(BATCH)
        rows = session.execute(batch).all()
        yield from (dict(row._mapping) for row in rows)
        if len(rows) < BATCH:
            return
        last = rows[-1].seq


def _conditions(session: Session, search: Search) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if search.actor is not None:
        named = _reference(session, search.actor)
        names = [search.actor, f"key:{search.actor}", *([f"user:{named}"] if named else [])]
        conditions.append(AuditEntry.actor.in_(names))
    if search.record is not None:
        conditions.append(AuditEntry.record.in_([search.record, _reference(session, search.record) or search.record]))
    if search.action is not None:
        conditions.append(AuditEntry.action == search.action)
    if search.collection is not None:
        conditions.append(AuditEntry.collection == search.collection)
    if search.since is not None:
        conditions.append(AuditEntry.at >= search.since)
    if search.until is not None:
        conditions.append(AuditEntry.at < search.until)
    return conditions


def _reference(session: Session, given: str) -> str | None:
    try:
        return subjects.known(session, clean_id(given))
    except Wrong:
        return None


def _readable(session: Session, rows: Sequence[AuditEntry]) -> list[dict[str, Any]]:
    named = [row.actor.partition(":")[2] for row in rows if row.actor.startswith("user:")]
    ids = subjects.resolve(session, [*named, *(row.record for row in rows if row.record is not None)])
    accounts = select(Account.id, Account.username).where(Account.id.in_(ids.values()))
    keys = [row.actor.partition(":")[2] for row in rows if row.actor.startswith("key:")]
    names: dict[str, str] = {}
    for identifier, name in (
        *session.execute(accounts),
        *session.execute(select(ApiKey.id, ApiKey.name).where(ApiKey.id.in_(keys))),
    ):
        names[identifier] = name
    return [_entry(row, ids, names) for row in rows]


def _entry(row: AuditEntry, ids: Mapping[str, str], names: Mapping[str, str]) -> dict[str, Any]:
    kind, _, named = row.actor.partition(":")
    actor_id = ids.get(named) if kind == "user" else named if kind == "key" else None
    return {
        "seq": row.seq,
        "at": row.at,
        "actor": {
            "kind": kind,
            "id": actor_id,
            "name": names.get(actor_id or "", named if kind == "process" else None),
        },
        "role": row.role,
        "end_user": row.end_user,
        "action": row.action,
        "collection": row.collection,
        "record_id": ids.get(row.record or "", row.record),
        "details": row.details,
        "hash": row.hash,
    }


def _head(session: Session) -> tuple[int, str]:
    found = session.execute(select(AuditHead.seq, AuditHead.hash)).one_or_none()
    return (0, audit.GENESIS) if found is None else (found[0], found[1])


def _read_anchor(given: str | Mapping[str, Any]) -> tuple[int, str]:
    try:
        read = json.loads(given) if isinstance(given, str) else given
        return int(read["seq"]), str(read["hash"])
    except (ValueError, KeyError, TypeError):
        raise Invalid({"anchor": ["Must be a line that an anchor was kept as."]}) from None
