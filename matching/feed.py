"""The one doorway from the registry to matching: published records in, index and contact book out.

Both are derived and disposable. They are kept for each engine and rebuilt when the revision differs, or when the clock
passes an instant at which a contact's grade changes; each match reads the revision first, so that a write is visible to
the next match."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from prometheus_client import Counter
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from directory import geography, vocabulary
from directory.permissions import Actor
from directory.queries import candidates, visibility
from directory.services.catalogue import COLLECTIONS
from matching.columns import Ints
from matching.contactbook import ContactBook
from matching.guidance.inputs import Guide, Hotline
from matching.guidance.units import Units
from matching.index import Index, Size, build
from matching.ranking import Ranker, World
from matching.rulesets import catalogue

Collections = Mapping[str, Sequence[Mapping[str, Any]]]

DERIVED = Counter("directory_index_rebuilds", "How often the index was derived from the registry.")

READ = {name: collection for name, collection in COLLECTIONS.items() if name != "trainings"}
"""The collections that decide a match."""


class Network:
    """A snapshot of the registry and what is derived from it: the index for good, the contact book for a while."""

    def __init__(self, revision: int, collections: Collections, size: Size | None = None) -> None:
        self.revision = revision
        self.collections = collections
        self.index: Index = build(collections, geography.areas(), catalogue.current().numbers.same_place_km, size)
        self.units = Units(collections, geography.areas())
        self._graded: tuple[ContactBook, Ints] | None = None

    def world(self, now: datetime, *, limited: bool = False) -> World:
        """What is known at a time, for the ranker. `limited`: without the lines that are somebody's own."""
        book, redundancy = self._grades(now)
        return World(self.index, book.at(now, limited=limited), redundancy, catalogue.current(), urgencies())

    def guide(self, ranker: Ranker) -> Guide:
        """What guidance may ask, for the ranker's asker."""
        return Guide(self.units, ranker.world.contacts, ranker, hotlines(), ranker.asker)

    def book(self, now: datetime) -> ContactBook:
        """Who can be reached at a time, and how surely."""
        return self._grades(now)[0]

    def _grades(self, now: datetime) -> tuple[ContactBook, Ints]:
        """The contact book and each candidate's redundancy; graded anew once a grade has changed, or when the clock
        went back."""
        kept = self._graded
        if kept is None or now < kept[0].now or (kept[0].valid_until is not None and now >= kept[0].valid_until):
            book = ContactBook(self.collections, now)
            kept = book, own_redundancies(self.index, book)
            self._graded = kept
        return kept


def own_redundancies(index: Index, book: ContactBook) -> Ints:
    """Each candidate's own number of distinct contacts, by row."""
    own = np.zeros(len(index.columns), dtype=np.int64)
    for number, row in index.candidates():
        own[number] = book.redundancy(row.id)
    return own


@dataclass(slots=True)
class _Kept:
    """The snapshot of one engine and the network derived from it, under their lock."""

    lock: Lock = field(default_factory=Lock)
    snapshot: candidates.Snapshot | None = None
    network: Network | None = None


_KEPT: "WeakKeyDictionary[Engine, _Kept]" = WeakKeyDictionary()
_LOCK = Lock()


def network(session: Session) -> Network:
    """The registry as this session sees it, derived anew if its revision is not the one kept."""
    revision = candidates.revision(session)
    with _LOCK:
        kept = _KEPT.setdefault(session.get_bind().engine, _Kept())
    with kept.lock:
        if kept.snapshot is None or kept.network is None:
            kept.snapshot = candidates.snapshot(session, READ)
        elif kept.snapshot.revision >= revision:
            return kept.network
        else:
            kept.snapshot = candidates.refreshed(session, READ, kept.snapshot)
        kept.network = Network(kept.snapshot.revision, kept.snapshot.collections)
        DERIVED.inc()
        return kept.network


def revision(session: Session) -> int:
    """The registry's revision as this session sees it."""
    return candidates.revision(session)


def trainings(session: Session) -> Sequence[Mapping[str, Any]]:
    """The trainings, which no match reads."""
    return candidates.snapshot(session, {"trainings": COLLECTIONS["trainings"]}).collections["trainings"]


def links_seen(session: Session, actor: Actor, province: str | None) -> frozenset[str]:
    """Ids of the links that an actor may read, of a province if one is named. Raises Denied."""
    return visibility.links_seen(session, actor, province)


def hidden(session: Session, actor: Actor) -> frozenset[str]:
    """Organisations that the actor may not know of."""
    return visibility.hidden_organisations(session, actor)


@cache
def hotlines() -> tuple[Hotline, ...]:
    """The public hotlines."""
    return tuple(Hotline.of(record) for record in vocabulary.reference("hotlines"))


@cache
def urgencies() -> dict[str, int]:
    """How urgent each need is, 1 the most."""
    return {code: int(term["urgency"]) for code, term in vocabulary.terms("service").items()}
