"""The one doorway from the registry to matching: published records in, index and contact book out.

Both are derived and disposable. They are kept for each engine; each match reads the revision first and what changed
since, so that a write is visible to the next match. The book is graded anew when the clock passes an instant at which a
grade changes."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property
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
from matching import contact_renewal
from matching.columns import Ints
from matching.contactbook import ContactBook
from matching.guidance.inputs import Guide, Hotline
from matching.guidance.units import Units
from matching.index import Index, Size, build
from matching.ranking import Ranker, World
from matching.renewal import is_scattered, ordered, renewed
from matching.rows import ById, Dependents, Row, by_id, joined
from matching.rulesets import catalogue

Collections = Mapping[str, Sequence[Mapping[str, Any]]]

DERIVED = Counter("directory_index_rebuilds", "How often the index was derived from the registry.")

READ = {name: collection for name, collection in COLLECTIONS.items() if name != "trainings"}
"""The collections that decide a match."""


class Network:
    """A snapshot of the registry and what is derived from it: the index for good, the contact book for a while. It
    never changes: `changed` gives another."""

    def __init__(self, revision: int, collections: Collections, size: Size | None = None) -> None:
        self.revision = revision
        self.records: ById = by_id(collections)
        self.size = size or Size()
        self.index: Index = self._built()
        self.dependents = Dependents(self.records)
        self.units = Units(collections, geography.areas())
        self._graded: Graded | None = None

    def _built(self) -> Index:
        return build(self.records, geography.areas(), catalogue.current().numbers.same_place_km, self.size)

    @cached_property
    def collections(self) -> Collections:
        """The records of each collection, in the order of their ids."""
        return {name: [records[key] for key in sorted(records)] for name, records in self.records.items()}

    def changed(self, revision: int, records: ById, changed: Mapping[str, Iterable[str]]) -> "Network":
        """The network with these records, of which some may differ from those before: derived from what changed."""
        later = copy(self)
        later.__dict__.pop("collections", None)
        later.revision, later.records = revision, records
        differing = {name: [key for key in ids if self._differs(records, name, key)] for name, ids in changed.items()}
        for name, ids in differing.items():
            for key in ids:
                if key in records.get(name, {}):
                    later.dependents.note(name, records[name][key])
        joined_anew = later.dependents.candidates(differing)
        rows = {key: joined(records, key, geography.areas()) for key in joined_anew}
        known = {key: row for key, row in rows.items() if row is not None or self.index.find(key) is not None}
        if known:
            later.index = renewed(self.index, known) or later._built()
        if is_scattered(later.index):
            later.index = ordered(later.index)
        if any(self._says_otherwise(records, name, key) for name, ids in differing.items() for key in ids):
            later.units = Units(later.collections, geography.areas())
        later._graded = self._regraded(later, differing)
        return later

    def _differs(self, records: ById, name: str, key: str) -> bool:
        return self.records.get(name, {}).get(key) != records.get(name, {}).get(key)

    def _says_otherwise(self, records: ById, name: str, key: str) -> bool:
        """Whether a changed record changes what is known of units."""
        if name == "service_sites":
            was, now = self.records[name].get(key, {}), records[name].get(key, {})
            return any(was.get(field) != now.get(field) for field in ("service_id", "site_id"))
        return name in ("organisations", "departments", "services", "sites")

    def _regraded(self, later: "Network", differing: Mapping[str, Iterable[str]]) -> "Graded | None":
        """The contact book after changes, if only a part of it has to be graded anew."""
        if self._graded is None:
            return None
        book = contact_renewal.renewed(self._graded.book, self.records, later.records, differing)
        return None if book is None else Graded.of(later.index, book, self._graded, self.index)

    def world(self, now: datetime, *, limited: bool = False) -> World:
        """What is known at a time, for the ranker. `limited`: without the lines that are somebody's own."""
        graded = self._grades(now)
        book = graded.book.at(now, limited=limited)
        return World(self.index, book, graded.redundancy, catalogue.current(), urgencies(), graded.robust)

    def guide(self, ranker: Ranker) -> Guide:
        """What guidance may ask, for the ranker's asker."""
        return Guide(self.units, ranker.world.contacts, ranker, hotlines(), ranker.asker)

    def book(self, now: datetime) -> ContactBook:
        """Who can be reached at a time, and how surely."""
        return self._grades(now).book

    def _grades(self, now: datetime) -> "Graded":
        """The contact book and each candidate's redundancy; graded anew once a grade has changed, or when the clock
        went back."""
        kept = self._graded
        if kept is None or not kept.holds(now):
            self._graded = kept = Graded.of(self.index, ContactBook(self.collections, now))
        return kept


@dataclass(frozen=True, slots=True)
class Graded:
    """A contact book, and each candidate's own number of distinct contacts by it: by row, and the most of a block."""

    book: ContactBook
    redundancy: Ints
    robust: Ints | None

    @classmethod
    def of(cls, index: Index, book: ContactBook, kept: "Graded | None" = None, before: Index | None = None) -> "Graded":
        """The redundancies of an index. `kept`: those of an index `before`; where the book says the same, only further
        rows are looked up."""
        own = np.zeros(len(index.columns), dtype=np.int64)
        rows: Iterable[tuple[int, Row]] = index.candidates()
        if kept is not None and before is not None and before.ledger is index.ledger:
            own[: len(kept.redundancy)] = kept.redundancy
            rows = [(one, index.row(one)) for one in range(len(kept.redundancy), len(own))]
            if book is not kept.book:
                found = ((index.find(key), key) for key, count in book.own.items() if kept.book.own.get(key) != count)
                rows += [(one, index.row(one)) for one, _ in found if one is not None]
        for number, row in rows:
            own[number] = book.redundancy(row.id)
        blocks = index.blocks
        if blocks is None:
            return cls(book, own, None)
        starts = np.arange(0, blocks.layout.rows, blocks.layout.leaf)
        return cls(book, own, np.maximum.reduceat(own[: blocks.layout.rows], starts))

    def holds(self, now: datetime) -> bool:
        """Whether no grade has changed since, nor the clock gone back."""
        until = self.book.valid_until
        return now >= self.book.now and (until is None or now < until)


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
    revision = candidates.seen(session)
    kept = _KEPT.get(home(session))
    if kept is None:
        with _LOCK:
            kept = _KEPT.setdefault(home(session), _Kept())
    with kept.lock:
        if kept.snapshot is None or kept.network is None:
            kept.snapshot = candidates.snapshot(session, READ)
            kept.network = Network(kept.snapshot.revision, kept.snapshot.collections)
            DERIVED.inc()
        elif kept.snapshot.revision < revision:
            kept.snapshot, changed = candidates.refreshed(session, READ, kept.snapshot)
            kept.network = kept.network.changed(kept.snapshot.revision, kept.snapshot.records, changed)
        return kept.network


def home(session: Session) -> Engine:
    """Whose registry a session reads: what is kept of one is kept for its engine."""
    return candidates.home(session)


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
