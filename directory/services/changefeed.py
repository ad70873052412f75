"""What changed since a revision, for those who keep a copy."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from directory import changes, permissions
from directory.models.upkeep import Change
from directory.permissions import Actor
from directory.queries.published import Publisher
from directory.queries.visibility import visible
from directory.services.catalogue import COLLECTIONS

AHEAD = 1000
"""Changes that are looked at together once a page would be empty, though not the last."""


def after(session: Session, actor: Actor, revision: int, limit: int) -> tuple[list[dict[str, Any]], int, int]:
    """Changes after a revision, the revision to go on from, and the registry's own.

    `record` is the record as it is now, null where it was erased; a record that changed often comes each time. What the
    actor may not read is left out; a page is empty only if nothing follows that the actor may read.
    """
    permissions.require(actor, "registry.read")
    size = limit
    while True:
        chosen = select(Change).where(Change.revision > revision).order_by(Change.revision).limit(size)
        rows = list(session.scalars(chosen))
        items = _told(session, actor, rows)
        if items or len(rows) < size:
            break
        revision, size = rows[-1].revision, max(limit, AHEAD)
    current = changes.revision(session)
    if len(items) > limit:
        return items[:limit], items[limit - 1]["revision"], current
    return items, rows[-1].revision if rows else max(revision, current), current


def has_any(session: Session, actor: Actor, after: int, until: int, names: Iterable[str]) -> bool:
    """Whether `after` would tell the actor of anything in these collections, up to a revision. Raises Denied."""
    permissions.require(actor, "registry.read")
    between = (Change.revision > after, Change.revision <= until)
    touched = set(session.scalars(select(Change.collection).where(*between).distinct()))
    for name in sorted(touched.intersection(names)):
        if actor.role not in permissions.READERS[name]:
            continue
        model = COLLECTIONS[name].model
        readable = Change.record_id.in_(select(model.id).where(*visible(session, actor, name)))
        found = select(Change.revision).where(*between, Change.collection == name)
        if session.scalar(found.where(or_(Change.op == "erased", readable)).limit(1)) is not None:
            return True
    return False


def _told(session: Session, actor: Actor, rows: Sequence[Change]) -> list[dict[str, Any]]:
    records = {
        name: _read(session, actor, name, [r.record_id for r in rows if r.collection == name]) for name in COLLECTIONS
    }
    return [
        {
            "revision": row.revision,
            "collection": COLLECTIONS[row.collection].path,
            "id": row.record_id,
            "op": row.op,
            "record": records[row.collection].get(row.record_id),
        }
        for row in rows
        if row.record_id in records[row.collection]
        or (row.op == "erased" and actor.role in permissions.READERS[row.collection])
    ]


def _read(session: Session, actor: Actor, name: str, ids: list[str]) -> dict[str, dict[str, Any]]:
    collection = COLLECTIONS[name]
    if not ids or actor.role not in permissions.READERS[name]:
        return {}
    chosen = select(collection.model).where(collection.model.id.in_(ids), *visible(session, actor, name))
    records = list(session.scalars(chosen))
    return {one["id"]: one for one in Publisher(session, actor).publish(collection, records)}
