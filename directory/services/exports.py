"""The registry for whoever takes a copy: everything that its reader may list, in one snapshot.

A copy begins with these records at a revision and goes on with the changes after it, none lost and none twice: reader,
records and revision are of one transaction.
"""

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import permissions
from directory.collection import Collection
from directory.db import columns
from directory.permissions import CLEARED, READERS, Actor
from directory.queries.published import Published, Publisher
from directory.queries.standing import standing
from directory.queries.visibility import visible
from directory.services import audit
from directory.services.catalogue import COLLECTIONS

ACTION = "registry.exported"
BATCH = 1000


def collections(actor: Actor) -> tuple[Collection, ...]:
    """The collections of which this actor reads anything. Raises Denied."""
    permissions.require(actor, "registry.read")
    return tuple(one for one in COLLECTIONS.values() if actor.role in READERS[one.name])


def reader(actor: Actor) -> Actor:
    """As whom an actor takes a file. Files travel, so cleared roles read confidential organisations masked in it; each
    organisation reads itself."""
    return replace(actor, role="caseworker") if actor.role in CLEARED else actor


def records(session: Session, actor: Actor, collection: Collection) -> Iterator[Published]:
    """The open records of one collection in good standing, by id, a batch in memory at a time. Raises Denied."""
    who = reader(actor)
    model = collection.model
    wanted = [*visible(session, who, collection.name), *standing(collection.name), model.status != "closed"]
    publisher = Publisher(session, who)
    chosen = select(*columns(model)).where(*wanted).order_by(model.id).limit(BATCH)
    rows = session.execute(chosen).all()
    while rows:
        yield from publisher.publish(collection, rows)
        last: str = rows[-1].id
        rows = session.execute(chosen.where(model.id > last)).all() if len(rows) == BATCH else []


def note(session: Session, actor: Actor, form: str, revision: int, rows: int) -> None:
    """Remember in the audit that a copy of so many records left, in which form and as of which revision."""
    permissions.require(actor, "registry.read")
    audit.note(session, actor, ACTION, audit.About(details=(f"form:{form}", f"revision:{revision}", f"records:{rows}")))
