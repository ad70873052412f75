"""The one doorway from the registry to matching: published records in, index and contact book out.

Both are derived and disposable. They are kept for each engine; each match reads the revision first and what changed
since, so that a write is visible to the next match. The book is graded anew when the clock passes an instant at which a
grade changes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property, partial
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from directory import geography, vocabulary
from directory.per_engine import PerEngine
from directory.permissions import Actor
from directory.queries import candidates, visibility
from directory.services.catalogue import COLLECTIONS
from matching import collector, counted, snapshot
from matching.columns import Ints
from matching.contactbook import ContactBook
from matching.errors import Unreadable
from matching.graded import Graded
from matching.guidance.inputs import Guide, Hotline
from matching.guidance.units import Units
from matching.index import Index, Size, build
from matching.layered import layered
from matching.ranking import Ranker, World
from matching.references import References
from matching.renewal import difference, is_scattered, ordered, renewed
from matching.rows import ById, joined
from matching.rulesets import catalogue
from matching.vault import Vault

Collections = Mapping[str, Sequence[Mapping[str, Any]]]

READ = {name: collection for name, collection in COLLECTIONS.items() if name != "trainings"}
"""The collections that decide a match."""

MOST_ASKERS = 1000
"""Kinds of askers of whom it is kept what is hidden from them."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """An index put in order. `came_from`: where each of its rows stood before."""

    before: Index
    index: Index
    came_from: Ints


class Network:
    """The registry at a revision and what is derived from it: the index for good, the contact book for a while. It
    never changes: `changed` and `with_order` give others."""

    def __init__(self, revision: int, records: ById, size: Size | None = None) -> None:
        areas = geography.areas()
        self.revision = revision
        self.records = records
        self.index: Index = build(records, areas, catalogue.current().numbers.same_place_km, size or Size())
        self.references = References.of_all(records)
        self.units = Units(records, self.references, areas)
        self._graded: Graded | None = None
        self.vault: Vault | None = None
        self.hidden: dict[tuple[str, str | None, str | None], frozenset[str]] = {}

    @classmethod
    def restored(cls, revision: int, derived: snapshot.Derived) -> "Network":
        """One that was derived before."""
        network = cls.__new__(cls)
        network.revision, network.records = revision, derived.records
        network.index, network.references, network.units = derived.index, derived.references, derived.units
        network._graded, network.vault, network.hidden = derived.graded, derived.vault, {}
        return network

    def derived(self, now: datetime) -> snapshot.Derived:
        """Its records and all that is derived from them."""
        return snapshot.Derived(self.records, self.index, self.references, self.units, self._grades(now))

    @cached_property
    def collections(self) -> Collections:
        """The records of each collection, in the order of their ids."""
        return {name: [records[key] for key in sorted(records)] for name, records in self.records.items()}

    def changed(self, revision: int, fresh: ById, changed: Mapping[str, Iterable[str]]) -> "Network":
        """The network at a later revision: `fresh` are those of the changed records that there are now."""
        later = copy(self)
        later.__dict__.pop("collections", None)
        later.__dict__.pop("is_scattered", None)
        later.hidden = {}
        differing = {name: [key for key in ids if self._differs(fresh, name, key)] for name, ids in changed.items()}
        later.revision, later.records = revision, {**self.records}
        for name, ids in differing.items():
            there = {key: fresh[name][key] for key in ids if key in fresh.get(name, ())}
            later.records[name] = layered(self.records.get(name, {}), there, set(ids) - there.keys())
            for record in there.values():
                later.references.note(name, record)
        joined_anew = later.references.candidates(differing)
        rows = {key: joined(later.records, key, geography.areas()) for key in joined_anew}
        known = {key: row for key, row in rows.items() if row is not None or self.index.find(key) is not None}
        if known:
            later.index = renewed(self.index, known)
        later.units = self.units.changed(later.records, differing)
        if self._graded is not None:
            later._graded = self._graded.changed(later.records, differing, self.index, later.index)
        return later

    def _differs(self, fresh: ById, name: str, key: str) -> bool:
        return self.records.get(name, {}).get(key) != fresh.get(name, {}).get(key)

    @cached_property
    def is_scattered(self) -> bool:
        """Whether its candidates should be put in order."""
        return is_scattered(self.index)

    def in_order(self) -> "Ordered":
        """Its candidates put in order, which takes a while."""
        return Ordered(self.index, *ordered(self.index))

    def with_order(self, order: "Ordered") -> "Network | None":
        """The same in an order that was made of its candidates, or of those that it had before some changes; None if it
        is not derived from them."""
        if self.index.ledger is not order.before.ledger:
            return None
        later = copy(self)
        later.__dict__.pop("is_scattered", None)
        later.index = renewed(order.index, difference(order.before, self.index))
        if self._graded is not None:
            later._graded = self._graded.ordered(later.index, order.came_from)
        return later

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

    def _grades(self, now: datetime) -> Graded:
        """The contact book and each candidate's redundancy at a time."""
        kept = self._graded
        if kept is None or not kept.holds(now):
            turned = None if kept is None else kept.turned(self.index, now)
            if turned is None:
                with collector.staying():
                    turned = Graded.of(self.index, self.records, self.references, now)
            self._graded = kept = turned
        return kept


def derived(session: Session) -> Network:
    """The network from all records."""
    with collector.staying():
        found = candidates.snapshot(session, READ)
        return Network(found.revision, found.records)


@dataclass(slots=True)
class _Kept:
    """The network of one engine, under its lock. `ordering` puts its candidates in order meanwhile."""

    lock: Lock = field(default_factory=Lock)
    network: Network | None = None
    ordering: Thread | None = None

    def at(self, session: Session, revision: int) -> Network:
        """The network at this revision at least. What fails half-way is not kept."""
        known, self.network = self.network, None
        if known is not None and known.vault is not None and known.vault.lost:
            known = None
        if known is not None and known.revision < revision:
            renewal = candidates.changed(session, READ, known.revision, sum(map(len, known.records.values())))
            known = None if renewal is None else known.changed(renewal.revision, renewal.records, renewal.changed)
        if known is None:
            known = derived(session)
            counted.derived().inc()
        self.network = known
        if known.is_scattered and self.ordering is None:
            self.ordering = Thread(target=self._order, args=(known,), name="order", daemon=True)
            self.ordering.start()
        return known

    def _order(self, network: Network) -> None:
        """Put candidates in order beside the matches, which go on in the old order, with what changes behind it."""
        try:
            order = network.in_order()
            with self.lock:
                self.network = (self.network and self.network.with_order(order)) or self.network
            counted.ordered().inc()
        finally:
            self.ordering = None


_KEPT = PerEngine(_Kept)


def network(session: Session) -> Network:
    """The registry as this session sees it, or later; what changed is read if its revision is not the one kept."""
    revision = candidates.seen(session)
    kept = _KEPT.of(home(session))
    with kept.lock:
        return kept.at(session, revision)


def restore(session: Session, path: Path, key: bytes) -> bool:
    """Begin with what was kept in a file, if it is of this registry and nothing is known of it yet."""
    kept = _KEPT.of(home(session))
    with kept.lock, suppress(Unreadable):
        mark, vault = snapshot.opened(path, key)
        if kept.network is None and mark == _mark(session, mark.revision):
            with collector.staying():
                kept.network = Network.restored(mark.revision, snapshot.read(vault, geography.areas()))
                return True
    return False


def snapshot_of(session: Session, path: Path, key: bytes, now: datetime) -> Callable[[], None] | None:
    """What writes into a file all that is known of a registry, for `restore`; None if it stands there already, or
    more has been read meanwhile than this session sees."""
    known = network(session)
    mark = _mark(session, known.revision)
    if mark is None or mark == snapshot.mark(path, key):
        return None
    return partial(snapshot.write, path, key, mark, known.derived(now))


def _mark(session: Session, revision: int) -> snapshot.Mark | None:
    """What a session sees of a revision; None if it does not come so far."""
    seen = revision <= candidates.revision(session)
    return snapshot.Mark(revision, candidates.change(session, revision)) if seen else None


def come_to_rest(engine: Engine) -> None:
    """Wait until nothing is put in order beside the matches."""
    ordering = _KEPT.of(engine).ordering
    if ordering is not None:
        ordering.join()


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


def hidden(session: Session, actor: Actor, known: Network) -> frozenset[str]:
    """Organisations that the actor may not know of; kept with the network for requests that only read."""
    who = actor.role, actor.organisation_id, actor.department_id
    if candidates.has_read(session):
        return visibility.hidden_organisations(session, actor)
    found = known.hidden.get(who)
    if found is None:
        if len(known.hidden) >= MOST_ASKERS:
            known.hidden.clear()
        found = known.hidden[who] = visibility.hidden_organisations(session, actor)
    return found


@cache
def hotlines() -> tuple[Hotline, ...]:
    """The public hotlines."""
    return tuple(Hotline.of(record) for record in vocabulary.reference("hotlines"))


@cache
def urgencies() -> dict[str, int]:
    """How urgent each need is, 1 the most."""
    return {code: int(term["urgency"]) for code, term in vocabulary.terms("service").items()}
