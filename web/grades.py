"""The grades of links, which are read beside a link's own fields. Matching grades; nothing is kept."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from directory import changes, permissions
from directory.permissions import Actor
from matching import feed
from matching.contactbook import ContactBook


def add(session: Session, actor: Actor, links: Iterable[dict[str, Any]], *, written: bool) -> None:
    """Put each published link's grades beside its fields, for those who may see gradings of people.

    `written`: this transaction has changed the registry, so the network that is kept does not know of it yet.
    """
    if actor.role not in permissions.ACTIONS["grades.read"]:
        return
    found = graded(session, (link["id"] for link in links), written=written)
    for link in links:
        link |= found.get(link["id"], {})


def ids_of(session: Session, actor: Actor, grade: str) -> list[str]:
    """The links of a grade. Raises Denied."""
    permissions.require(actor, "grades.read")
    return [identifier for identifier, link in graded(session, None, written=False).items() if link["grade"] == grade]


def graded(session: Session, ids: Iterable[str] | None, *, written: bool) -> Mapping[str, dict[str, Any]]:
    """Grades and figures of links by id; of all links if no ids are given."""
    network = feed.read(session) if written else feed.network(session)
    book = network.world(changes.now(session)).contacts
    chosen = None if ids is None else set(ids)
    if not isinstance(book, ContactBook):
        return {}
    return {
        link["id"]: asdict(book.grade_link(link))
        for link in network.collections["links"]
        if chosen is None or link["id"] in chosen
    }
