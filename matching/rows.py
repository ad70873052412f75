"""The candidates one by one: registry records joined into rows, before they become columns.

One row is one service at one site, by published facts alone. Rows stand in the order of their ids, so that the
order of the input never matters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from matching.week import Spans, spans

Record = Mapping[str, Any]
Collections = Mapping[str, Sequence[Record]]

NO_LANGUAGE = frozenset({"unknown", "case_by_case"})


class PublishedArea(Protocol):
    """What a row takes from its published area; `directory.geography.Area` is one."""

    @property
    def id(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def district(self) -> str: ...
    @property
    def province(self) -> str: ...
    @property
    def reach_km(self) -> float: ...
    @property
    def districts(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Row:
    """The records behind one candidate. `area` is the published area of its site."""

    service_site: Record
    service: Record
    organisation: Record
    department: Record | None
    site: Record | None
    area: PublishedArea | None

    @property
    def id(self) -> str:
        return str(self.service_site["id"])

    @property
    def organisation_id(self) -> str:
        return str(self.organisation["id"])

    @property
    def host_id(self) -> str | None:
        """The organisation that keeps the site; a guest may give the service there."""
        return None if self.site is None else self.site.get("organisation_id")

    def belongs_to(self, organisations: frozenset[str]) -> bool:
        """Whether one of these gives the service, or keeps the site at which a guest gives it."""
        return self.organisation_id in organisations or self.host_id in organisations

    @property
    def department_id(self) -> str | None:
        return None if self.department is None else str(self.department["id"])

    @property
    def unit_organisation_id(self) -> str | None:
        """The organisation of the unit; the service usually names the same."""
        return None if self.department is None else self.department.get("organisation_id")

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(self.service.get("codes") or ())

    @property
    def remote(self) -> bool:
        return self.service.get("delivery") == "remote"

    @property
    def on_site(self) -> bool:
        return self.service.get("delivery") not in ("remote", "mobile")

    @property
    def active(self) -> bool:
        """Organisation, unit, service, site and the service at the site: none closed, none suspended."""
        records = (self.service_site, self.service, self.organisation, self.department, self.site)
        return all(r is None or (r.get("status", "active") == "active" and not r.get("suspended")) for r in records)

    @property
    def placed(self) -> bool:
        return self.site is not None and self.site.get("lat") is not None

    @property
    def confidential(self) -> bool:
        return self.site is not None and bool(self.site.get("confidential"))

    @property
    def area_id(self) -> str | None:
        return None if self.site is None else self.site.get("area_id")

    @property
    def province(self) -> str | None:
        return None if self.site is None else self.site.get("province")

    @property
    def reach_km(self) -> float:
        """How far the true place may lie from the published point: 0 for an open site."""
        return self.area.reach_km if self.area and self.confidential else 0.0

    @property
    def districts(self) -> tuple[str, ...]:
        """Every district that the published place may lie in: all of its area's when it is confidential."""
        if self.site is None:
            return ()
        if self.confidential:
            return self.area.districts if self.area else ()
        return (self.site["district"],) if self.site.get("district") else ()

    @property
    def serves(self) -> Record | None:
        """The service's own, else its unit's; not known where a confidential organisation's own is not published."""
        if "serves" not in self.service and self.organisation.get("masked"):
            return None
        own: Record | None = self.service.get("serves")
        return own if own or self.department is None else self.department.get("serves")

    @property
    def served(self) -> frozenset[str]:
        """The provinces or districts that it serves."""
        return frozenset((self.serves or {}).get("codes") or ())

    @property
    def eligibility(self) -> Record:
        return self.service.get("eligibility") or {}

    @property
    def languages(self) -> frozenset[str]:
        """Spoken languages; empty is not known."""
        spoken = self.service.get("languages") or self.eligibility.get("languages_spoken") or ()
        return frozenset((spoken,) if isinstance(spoken, str) else spoken) - NO_LANGUAGE

    @property
    def week(self) -> Spans | None:
        """When it takes people in; `hours` or `days` alone, without the times, is not known."""
        return spans(self.field("intake"))

    def field(self, name: str) -> Any:
        """A fact that both the service record and its eligibility may hold: what the record says stands first."""
        own = self.service.get(name)
        return self.eligibility.get(name) if own in (None, [], "unknown") else own


ById = Mapping[str, Mapping[str, Record]]
"""Records of each collection by their id."""


def by_id(collections: Collections) -> dict[str, Mapping[str, Record]]:
    """The records of collections by their id."""
    return {name: {str(record["id"]): record for record in records} for name, records in collections.items()}


class Candidates:
    """Candidates by number, joined when they are looked at. `ids` is None for one that counts no longer."""

    def __init__(self, records: ById, ids: list[str | None], areas: Mapping[str, PublishedArea]) -> None:
        self.ids = ids
        self._records, self._areas = records, areas
        self._rows: dict[int, Row] = {}

    def __getitem__(self, number: int, /) -> Row:
        found = self._rows.get(number)
        if found is None:
            found = joined(self._records, self.ids[number] or "", self._areas)
            if found is None:
                raise IndexError(number)
            self._rows[number] = found
        return found

    def append(self, row: Row, /) -> None:
        """One more, behind the others, as it is now: its records may be others than the first ones."""
        self._rows[len(self.ids)] = row
        self.ids.append(row.id)

    def taken(self, numbers: Sequence[int]) -> "Candidates":
        """Some of them, in an order."""
        taken = Candidates(self._records, [self.ids[number] for number in numbers], self._areas)
        joined_already = ((place, self._rows.get(number)) for place, number in enumerate(numbers))
        taken._rows = {place: row for place, row in joined_already if row is not None}
        return taken


def join(records: ById, areas: Mapping[str, PublishedArea]) -> list[Row]:
    """All candidates of a snapshot, by id."""
    rows = (joined(records, key, areas) for key in sorted(records.get("service_sites", ())))
    return [row for row in rows if row is not None]


def joined(records: ById, service_site_id: str, areas: Mapping[str, PublishedArea]) -> Row | None:
    """One candidate. Where the service, its organisation or the service at the site is not published there is none."""
    service_site = records.get("service_sites", {}).get(service_site_id)
    if service_site is None:
        return None
    service = _of(records, "services", service_site["service_id"])
    if service is None:
        return None
    department = _of(records, "departments", service.get("department_id"))
    owner = service.get("organisation_id") or (department or {}).get("organisation_id")
    organisation = _of(records, "organisations", owner)
    if organisation is None:
        return None
    site = _of(records, "sites", service_site.get("site_id"))
    area = areas.get(site.get("area_id", "")) if site else None
    return Row(service_site, service, organisation, department, site, area)


def _of(records: ById, name: str, key: str | None) -> Record | None:
    return None if key is None else records.get(name, {}).get(key)
