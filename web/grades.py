"""The grades of links, which are read beside a link's own fields. Matching grades them; nothing is kept.

They are asked of the network as it was committed: a transaction that writes must not leave its unfinished view behind.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from directory import permissions
from directory.permissions import Actor
from matching import feed
from matching.contactbook import ContactBook
from web import transaction

DAYS = ("signed", "expires")


def add(actor: Actor, links: Sequence[dict[str, Any]]) -> None:
    """Put each published link's grades beside its fields, for those who may see gradings of people."""
    if not links or actor.role not in permissions.ACTIONS["grades.read"]:
        return
    with _reading() as session:
        book = _book(session)
        for link in links:
            link |= asdict(book.grade_link(_typed(link)))


def ids_of(actor: Actor, grade: str) -> list[str]:
    """The links of a grade. Raises Denied."""
    permissions.require(actor, "grades.read")
    with _reading() as session:
        book = _book(session)
        links = feed.network(session).collections["links"]
    return [link["id"] for link in links if book.grade_link(link).grade == grade]


@contextmanager
def _reading() -> Iterator[Session]:
    """This request's session if it only reads, else one beside it."""
    if not transaction.is_writing():
        yield transaction.session()
        return
    with transaction.registry().within(write=False) as session:
        yield session


def _book(session: Session) -> ContactBook:
    contacts = feed.network(session).world(transaction.registry().clock()).contacts
    if not isinstance(contacts, ContactBook):
        raise TypeError("the contact book alone grades links")
    return contacts


def _typed(link: Mapping[str, Any]) -> dict[str, Any]:
    """A published link with the days of its memorandum as days."""
    memorandum = link.get("memorandum")
    if memorandum is None:
        return dict(link)
    days = {name: memorandum.get(name) and date.fromisoformat(memorandum[name]) for name in DAYS}
    return {**link, "memorandum": {**memorandum, **days}}
