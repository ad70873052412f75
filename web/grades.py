"""The grades of links, which are read beside a link's own fields. Matching grades them; nothing is kept.

They are asked of the network as it was committed: a transaction that writes must not leave its unfinished view behind.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy.orm import Session

from directory import permissions
from directory.permissions import Actor
from matching import service
from web import transaction


def add(actor: Actor, links: Sequence[dict[str, Any]]) -> None:
    """Put each published link's grades beside its fields, for those who may see gradings of links."""
    if not links or not permissions.may(actor, "grades.read"):
        return
    with _reading() as session:
        for link, grade in zip(links, service.grades(session, links, transaction.registry().clock()), strict=True):
            link |= grade


def ids_of(actor: Actor, grade: str) -> list[str]:
    """The links of a grade. Raises Denied."""
    with _reading() as session:
        return service.links_graded(session, actor, grade, transaction.registry().clock())


@contextmanager
def _reading() -> Iterator[Session]:
    """This request's session if it only reads, else one beside it."""
    if not transaction.is_writing():
        yield transaction.session()
        return
    with transaction.registry().within(write=False) as session:
        yield session
