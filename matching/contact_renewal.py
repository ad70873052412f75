"""The contact book after changes and at later times: whom they concern is graded anew, and nobody else."""

import copy
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from matching.contact_joins import rejoined
from matching.contact_links import linked
from matching.contact_records import ContactRecords, Record, earliest_after, turning_points
from matching.contactbook import DEFAULT, ContactBook
from matching.layered import layered
from matching.references import References
from matching.rows import ById

Turn = tuple[datetime, str, str]
"""When a fact turns, its collection, and the record."""

TURNING = ("focal_points", "channels", "links")

DECISIVE: Mapping[str, frozenset[str]] = {
    "service_sites": frozenset({"status", "service_id"}),
    "services": frozenset({"department_id", "organisation_id"}),
    "departments": frozenset({"status", "suspended", "organisation_id"}),
    "organisations": frozenset({"status", "suspended", "sector", "masked"}),
    "persons": frozenset({"status", "full_name"}),
}
"""All that the book reads of a record; whatever else changes leaves it as it is."""


def renewed(
    book: ContactBook, after: ById, changed: Mapping[str, Iterable[str]], references: References
) -> tuple[ContactBook, set[str]]:
    """The book after changes and whose redundancy may differ; the same one if they do not touch it."""
    touched = _touched(book.records.by_id, after, changed)
    if not touched:
        return book, set()
    later, sites = _with(book, book.records, after, touched, references)
    if "links" in touched:
        before = book.records.by_id["links"]
        was, now = ({key: of[key] for key in touched["links"] if key in of} for of in (before, after["links"]))
        later.far = linked(book.far, was, now)
    fresh = {name: [after[name][key] for key in ids if key in after[name]] for name, ids in touched.items()}
    soon = earliest_after(later.records.now, turning_points(fresh, later.records.thresholds))
    later.valid_until = min((one for one in (book.valid_until, soon) if one is not None), default=None)
    return later, sites


def turned(
    book: ContactBook, now: datetime, passed: Sequence[Turn], following: Sequence[Turn], references: References
) -> tuple[ContactBook, set[str]]:
    """The book at a later time, after some facts turned, and whose redundancy may differ."""
    turning: dict[str, set[str]] = {}
    for _, name, key in passed:
        turning.setdefault(name, set()).add(key)
    later, sites = _with(book, book.records.at(now), book.records.by_id, turning, references)
    later.valid_until = earliest_after(now, (instant for instant, *_ in following))
    return later, sites


def turns(records: ById) -> Iterator[Turn]:
    """Every instant at which a grade can change though nobody writes, and of what record."""
    for name in TURNING:
        for key, record in records.get(name, {}).items():
            for instant in turning_points({name: (record,)}, DEFAULT):
                yield instant, name, key


def _touched(before: ById, after: ById, changed: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    """The records that are others in what the book reads of them."""
    touched: dict[str, set[str]] = {}
    for name in before:
        for key in changed.get(name, ()):
            was, now = before[name].get(key), after.get(name, {}).get(key)
            if was != now and not _is_indifferent(name, was, now):
                touched.setdefault(name, set()).add(key)
    return touched


def _is_indifferent(name: str, was: Record | None, now: Record | None) -> bool:
    if name not in DECISIVE or was is None or now is None:
        return False
    return all(was.get(field) == now.get(field) for field in DECISIVE[name])


def _with(
    book: ContactBook,
    was: ContactRecords,
    after: ById,
    touched: Mapping[str, Collection[str]],
    references: References,
) -> tuple[ContactBook, set[str]]:
    """The book with some records joined anew, and the candidates that were counted anew."""
    later = copy.copy(book)
    later.records, sites = rejoined(was, after, touched, references)
    later.now = later.records.now
    later.forget()
    counted = later.own_redundancies(sites)
    later.own = layered(book.own, counted, [key for key in sites if key in book.own and key not in counted])
    return later, sites
