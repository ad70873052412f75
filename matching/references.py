"""Which records refer to a record: where a change goes on to."""

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

from matching.layered import layered
from matching.rows import ById

REFERS: Mapping[str, Mapping[str, str]] = {
    "departments": {"organisations": "organisation_id", "sites": "site_id"},
    "sites": {"organisations": "organisation_id"},
    "services": {"organisations": "organisation_id", "departments": "department_id"},
    "service_sites": {"services": "service_id", "sites": "site_id"},
    "focal_points": {"posts": "post_id", "persons": "person_id"},
}
"""By which fields the records of a collection refer to others."""

BEHIND = (
    *(("departments", "organisations"), ("services", "organisations"), ("services", "departments")),
    *(("service_sites", "services"), ("service_sites", "sites")),
)
"""What stands behind a candidate, step by step: which collection refers to which."""


Pair = tuple[str, str]
"""A collection, and another that its records refer to."""


class References:
    """Who refers to a record, or did once: it only ever grows, so whoever asks looks whether one still does. `known`
    never changes; whom more have come to refer to since, and all who do, stands in `noted`."""

    def __init__(self, known: Mapping[Pair, Mapping[str, Sequence[str]]]) -> None:
        self.known = known
        self.noted: dict[Pair, dict[str, list[str]]] = {pair: {} for pair in known}

    @classmethod
    def of_all(cls, records: ById) -> "References":
        """Who refers to whom among some records."""
        known: dict[Pair, dict[str, list[str]]] = {}
        for name, fields in REFERS.items():
            for other, field in fields.items():
                found = known[name, other] = {}
                for key, record in records.get(name, {}).items():
                    if record.get(field):
                        found.setdefault(str(record[field]), []).append(key)
        return cls(known)

    def note(self, name: str, record: Mapping[str, Any]) -> None:
        """Remember what a record refers to."""
        for other, field in REFERS.get(name, {}).items():
            key = record.get(field)
            if key and record["id"] not in self.of(name, other, str(key)):
                self.noted[name, other][str(key)] = [*self.of(name, other, str(key)), str(record["id"])]

    def of(self, name: str, other: str, key: str) -> Sequence[str]:
        """The records of one collection that refer to a record of the other."""
        return self.noted[name, other].get(key) or self.known[name, other].get(key, ())

    def all_of(self, pair: Pair) -> Mapping[str, Sequence[str]]:
        """All who refer to anything, of one collection to another."""
        return layered(self.known[pair], self.noted[pair])

    def candidates(self, changed: Mapping[str, Iterable[str]]) -> Set[str]:
        """The service-sites behind which one of some records stands."""
        found = {name: set(ids) for name, ids in changed.items()}
        for name, other in BEHIND:
            there = found.setdefault(name, set())
            there.update(one for key in found.get(other, ()) for one in self.of(name, other, key))
        return found.get("service_sites", set())
