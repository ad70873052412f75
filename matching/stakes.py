"""What it costs if a record is wrong: how many ways there are beside it, and what it is needed for.

Read off published records, so that it tells nothing that they do not.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property

from matching.contact_records import Home, Record, end_home, is_active, record_home
from matching.contactbook import ContactBook
from matching.features.scarcity import FEW
from matching.rows import ById

LEAST_URGENT = 9
"""The urgency of what is needed for nothing: behind all urgencies of the vocabulary (1 tonight, 5 in months)."""
PRESSING = 2
"""Needs up to this urgency are told as urgent: tonight, or within days."""
OF_PEOPLE = frozenset({"persons", "posts", "focal_points", "channels"})
"""Collections of which how much hangs on them says how much hangs on a person."""
Need = tuple[str, str]
"""A service code, and a province (empty: given from afar)."""
NOWHERE = "*"
"""What stands for the province of a unit's function, which is no place to go to and never scarce."""


@dataclass(frozen=True, slots=True)
class Stake:
    """What hangs on one record. `contacts`: ways to reach whom it is about; None where that is not told."""

    contacts: int | None
    urgency: int
    scarce: bool

    @property
    def reasons(self) -> Iterator[str]:
        """The codes for it."""
        if self.contacts is not None and self.contacts <= 1:
            yield "single_contact" if self.contacts else "no_contact"
        if self.urgency <= PRESSING:
            yield "urgent_need"
        if self.scarce:
            yield "scarce_need"


class Stakes:
    """The stakes of published records. `hidden`: organisations that the reader may not know of, and `people`: whether
    the reader may know what hangs on whom."""

    def __init__(
        self, records: ById, book: ContactBook, urgencies: Mapping[str, int], hidden: Set[str], *, people: bool
    ) -> None:
        self.records = records
        self.book = book
        self.urgencies = urgencies
        self.hidden = hidden
        self.people = people
        self._homes: dict[Home, int] = {}

    def of(self, name: str, record: Record) -> Stake:
        """What hangs on a record of a collection."""
        needs = self._needs(name, record)
        told = self.people or name not in OF_PEOPLE
        return Stake(
            contacts=self._contacts(name, record) if told else None,
            urgency=min((self.urgencies.get(code, LEAST_URGENT) for code, _ in needs), default=LEAST_URGENT),
            scarce=not needs.isdisjoint(self._scarce),
        )

    def homes(self, name: str, record: Record) -> tuple[Home, ...]:
        """Whose a record is: units or organisations; of a link both ends."""
        key = str(record["id"])
        kind = name.removesuffix("s")
        if kind in ("organisation", "department"):
            return ((kind, key),)
        if kind == "link":
            return (end_home(record["a"]), end_home(record["b"]))
        if kind == "channel":
            owner, owner_id = end_home(record["owner"])
            found = self.records[f"{owner}s"].get(owner_id)
            return () if found is None else self.homes(f"{owner}s", found)
        via = {"focal_point": ("posts", "post_id"), "service_site": ("services", "service_id")}.get(kind)
        if via is not None:
            found = self.records[via[0]].get(str(record[via[1]]))
            return () if found is None else self.homes(via[0], found)
        if kind == "person":
            return self._seats.get(key, ())
        return (record_home(record),)

    def organisation(self, name: str, record: Record) -> Record | None:
        """The organisation whose a record is, of a link that of its first end."""
        homes = self.homes(name, record)
        return self.book.records.organisation_of(homes[0]) if homes else None

    def _contacts(self, name: str, record: Record) -> int | None:
        key = str(record["id"])
        if name == "links":
            return self.book.grade_link(record).redundancy
        if name == "service_sites":
            return self.book.redundancy(key)
        given = {"services": self._given, "sites": self._at}.get(name)
        if given is not None and given.get(key):
            return min(self.book.redundancy(str(one["id"])) for one in given[key])
        if name == "sites":
            return None
        return min((self._home(home) for home in self.homes(name, record)), default=None)

    def _home(self, home: Home) -> int:
        """Ways to reach a unit, or an organisation with all its units."""
        if home not in self._homes:
            units = self._units.get(home[1], ()) if home[0] == "organisation" else ()
            self._homes[home] = sum(self.book.home_redundancy(one) for one in (home, *units))
        return self._homes[home]

    def _needs(self, name: str, record: Record) -> Set[Need]:
        key = str(record["id"])
        if name == "service_sites":
            return self._needs_of.get(key, frozenset())
        given = {"services": self._given, "sites": self._at}.get(name)
        if given is not None:
            return {need for one in given.get(key, ()) for need in self._needs_of.get(str(one["id"]), ())}
        return {need for home in self.homes(name, record) for need in self._needs_at.get(home, ())}

    @cached_property
    def _sites(self) -> list[Record]:
        """Services at sites that are given, of partners that the reader may know of."""
        found = []
        for one in self.records["service_sites"].values():
            service = self.records["services"].get(str(one["service_id"]))
            owner = self.records["organisations"].get(str(service["organisation_id"])) if service else None
            known = owner is not None and not owner.get("suspended") and owner["id"] not in self.hidden
            if known and all(map(is_active, (one, service, owner))):
                found.append(one)
        return found

    @cached_property
    def _needs_of(self) -> Mapping[str, Set[Need]]:
        """The needs that each service at a site is for, and where."""
        found = {}
        for one in self._sites:
            site = self.records["sites"].get(str(one["site_id"])) if one["site_id"] else None
            province = str(site["province"]) if site else ""
            codes = self.records["services"][str(one["service_id"])]["codes"]
            found[str(one["id"])] = frozenset((str(code), province) for code in codes)
        return found

    @cached_property
    def _scarce(self) -> Set[Need]:
        """Needs that at most FEW organisations of a province serve."""
        by: dict[Need, set[str]] = defaultdict(set)
        for one in self._sites:
            owner = str(self.records["services"][str(one["service_id"])]["organisation_id"])
            for need in self._needs_of[str(one["id"])]:
                by[need].add(owner)
        return {need for need, owners in by.items() if len(owners) <= FEW}

    @cached_property
    def _needs_at(self) -> Mapping[Home, Set[Need]]:
        """What each unit and organisation is needed for: its services, and the functions of units."""
        found: dict[Home, set[Need]] = defaultdict(set)
        for one in self._sites:
            service = self.records["services"][str(one["service_id"])]
            for home in {record_home(service), ("organisation", str(service["organisation_id"]))}:
                found[home] |= self._needs_of[str(one["id"])]
        for unit in filter(is_active, self.records["departments"].values()):
            functions = {(str(code), NOWHERE) for code in unit["functions"]}
            found["department", str(unit["id"])] |= functions
            found["organisation", str(unit["organisation_id"])] |= functions
        return found

    @cached_property
    def _given(self) -> Mapping[str, list[Record]]:
        return _grouped(self._sites, lambda one: one["service_id"])

    @cached_property
    def _at(self) -> Mapping[str, list[Record]]:
        return _grouped(self._sites, lambda one: one["site_id"])

    @cached_property
    def _units(self) -> Mapping[str, list[Home]]:
        units = filter(is_active, self.records["departments"].values())
        grouped = _grouped(units, lambda one: one["organisation_id"])
        return {key: [("department", str(one["id"])) for one in found] for key, found in grouped.items()}

    @cached_property
    def _seats(self) -> Mapping[str, tuple[Home, ...]]:
        """Where each person holds posts, in the order of the focal points' ids."""
        found: dict[str, list[Home]] = defaultdict(list)
        for one in sorted(filter(is_active, self.records["focal_points"].values()), key=lambda one: str(one["id"])):
            found[str(one["person_id"])] += self.homes("focal_points", one)
        return {key: tuple(homes) for key, homes in found.items()}


def _grouped(records: Iterator[Record] | list[Record], by: Callable[[Record], object]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = defaultdict(list)
    for one in records:
        found[str(by(one))].append(one)
    return found
