"""The names of each collection, kept in memory to be searched: derived from the registry, disposable, never stored.

Kept for each engine and collection, and brought up to date by change rows: a committed write is in the next answer. Who
may see what is not known here: `likeness` asks which of some records are wanted, before any of them takes another's
place, so that what somebody may not see changes neither the order nor the number of what they see.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import changes, db, geography
from directory.collection import Collection
from directory.free_words import tell_where
from directory.models.upkeep import Change
from directory.per_engine import PerEngine
from directory.queries.masking import masked_organisations
from directory.trigrams import COMPARED, Postings, first, likest

LIKENESS_FLOOR = 60.0
"""Names less alike than this (rapidfuzz WRatio, 0 to 100) are no answer to a query."""
MOST_CHANGED = 1000
"""With more changed records than this all names are read anew."""
BATCH = 500
ALTERNATES = "alternate_names"
LOOKED_AT = 2 * COMPARED
"""So many of the best are asked about first; if too few of them are wanted, all that are wanted are asked for."""

Named = tuple[str, str]
"""A record's id and one of its names, normalised."""
Wanted = Callable[[Sequence[str] | None], set[str]]
"""Which of some records somebody wants and may see; which of all, for None."""


@dataclass(frozen=True, slots=True)
class Names:
    """All names at a revision. `changed` are records whose names stand in `more` instead of the postings; `masked`
    organisations show fewer of theirs."""

    revision: int
    ids: tuple[str, ...]
    names: tuple[str, ...]
    postings: Postings
    masked: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()
    more: tuple[Named, ...] = ()

    @classmethod
    def of(cls, revision: int, named: Sequence[Named], masked: frozenset[str] = frozenset()) -> "Names":
        """From all names of a collection."""
        names = tuple(name for _, name in named)
        return cls(revision, tuple(one for one, _ in named), names, Postings.of(names), masked)

    def renewed(self, revision: int, masked: frozenset[str], changed: frozenset[str], more: Iterable[Named]) -> "Names":
        """The same with some records' names read anew."""
        kept = tuple(one for one in self.more if one[0] not in changed)
        return replace(self, revision=revision, masked=masked, changed=self.changed | changed, more=(*kept, *more))

    def likeness(self, query: str, wanted: Wanted) -> dict[str, float]:
        """100 minus the likeness of the wanted records whose name is among the thousand best by trigrams and alike."""
        shared = self.postings.shared(query)
        chosen = shared.best(LOOKED_AT)
        mine = wanted([*dict.fromkeys(self.ids[at] for at in chosen), *dict.fromkeys(one for one, _ in self.more)])
        seen = [at for at in chosen if self._is(at, mine)]
        if len(seen) < COMPARED and len(chosen) < len(self.ids):
            mine = wanted(None)
            rows = np.array([at for at, one in enumerate(self.ids) if self._is(at, mine)], dtype=np.int32)
            seen = first(rows, shared.values(rows), min(COMPARED, len(rows)))
        named = [(self.ids[at], self.names[at]) for at in seen[:COMPARED]]
        named += [one for one in self.more if one[0] in mine]
        best: dict[str, float] = {}
        for at, score in likest(query, [name for _, name in named], LIKENESS_FLOOR):
            identifier = named[at][0]
            best[identifier] = min(best.get(identifier, 100.0), 100.0 - score)
        return best

    def _is(self, at: int, wanted: set[str]) -> bool:
        one = self.ids[at]
        return one in wanted and one not in self.changed


@dataclass(slots=True)
class _Kept:
    """What one engine's collections are called, under their lock."""

    lock: Lock = field(default_factory=Lock)
    names: dict[str, Names] = field(default_factory=dict)


_KEPT = PerEngine(_Kept)


def names(session: Session, collection: Collection) -> Names:
    """The names of a collection as this session sees them, what it has written itself among them."""
    kept = _KEPT.of(db.home(session))
    revision = changes.revision(session)
    with kept.lock:
        found = kept.names.get(collection.name)
        if found is None or found.revision < revision:
            found = _read(session, collection) if found is None else _refreshed(session, collection, found, revision)
            kept.names[collection.name] = found
    pending: Mapping[tuple[str, str], str] = session.info.get("changes", {})
    masked = _masked(session, collection)
    own = frozenset(one for name, one in pending if name == collection.name) | (masked ^ found.masked)
    return found.renewed(found.revision, masked, own, _named(session, collection, own)) if own else found


def _masked(session: Session, collection: Collection) -> frozenset[str]:
    """Organisations of whose alternate names those that tell where they are are not published."""
    return frozenset(masked_organisations(session) if ALTERNATES in collection.fields else ())


def _refreshed(session: Session, collection: Collection, kept: Names, revision: int) -> Names:
    """By change rows. A record that was erased takes its name along: then all is read anew."""
    chosen = select(Change.record_id, Change.op).where(
        Change.collection == collection.name, Change.revision > kept.revision
    )
    rows = session.execute(chosen.limit(MOST_CHANGED + 1)).all()
    masked = _masked(session, collection)
    changed = frozenset(one for one, _ in rows) | (masked ^ kept.masked)
    erased = any(op == "erased" for _, op in rows)
    if erased or len(rows) > MOST_CHANGED or len(kept.changed | changed) > MOST_CHANGED:
        return _read(session, collection)
    return kept.renewed(revision, masked, changed, _named(session, collection, changed))


def _read(session: Session, collection: Collection) -> Names:
    named = list(_named(session, collection, None))
    return Names.of(changes.revision(session), named, _masked(session, collection))


def _named(session: Session, collection: Collection, ids: Iterable[str] | None) -> Iterable[Named]:
    model: Any = collection.model
    columns = [model.id, getattr(model, str(collection.named_by))]
    masked = _masked(session, collection)
    if ALTERNATES in collection.fields:
        columns.append(getattr(model, ALTERNATES))
    for some in [None] if ids is None else _batches(sorted(ids)):
        chosen = select(*columns) if some is None else select(*columns).where(model.id.in_(some))
        for identifier, name, *others in session.execute(chosen.order_by(model.id)):
            alternates = (others[0] or []) if others else []
            shown = [one for one in alternates if identifier not in masked or not tell_where(one)]
            yield from ((identifier, geography.normalise(each)) for each in (name, *shown) if each)


def _batches(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
