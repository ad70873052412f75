"""One department unit or coordinating body as its records say it: what it serves, where it stands, and whether it must
not be named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from matching.references import References
from matching.rows import ById, PublishedArea, Record
from matching.sphere import haversine
from matching.types import Avoid

COORDINATING = "coordinating_body"
"""The org_type of task teams, forums and networks that coordinate others."""

DISTRICT, PROVINCE, NATIONAL = "district", "province", "national"
LOCAL_LEVELS = frozenset({"district", "station_site"})


@dataclass(frozen=True, slots=True)
class Spot:
    """A published site of a unit: its point, how far from it the true place may lie (km), and every district that it
    may lie in."""

    lat: float
    lon: float
    reach_km: float
    districts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Unit:
    """An active department unit. `kind` is the department's code or `coordinating_body`."""

    id: str
    name: str
    organisation_id: str
    kind: str
    level: str | None
    functions: frozenset[str]
    scope: str | None
    codes: frozenset[str]
    spots: tuple[Spot, ...]

    @property
    def local(self) -> bool:
        return self.scope == DISTRICT or self.level in LOCAL_LEVELS


@dataclass(frozen=True, slots=True)
class Body:
    """An active coordinating organisation of a province, with its sites."""

    id: str
    name: str
    province: str
    district: str | None
    spots: tuple[Spot, ...]

    def is_avoided(self, avoid: Avoid) -> bool:
        """As for a unit: itself, or a place of it that must not be named."""
        if self.id in avoid.organisations or self.district in avoid.districts:
            return True
        if not self.spots:
            return self.district is not None and bool(avoid.circles)
        return any(_touches(spot, avoid) for spot in self.spots)


def is_avoided(unit: Unit, avoid: Avoid) -> bool:
    """Whether naming the unit could name what must be avoided: the unit itself, its organisation, a site of it that
    touches an avoided area, or an area of service that lies wholly in avoided districts. A station or district office
    of unknown place is taken as avoided when any place is; a provincial or national one is not a place."""
    if unit.id in avoid.departments or unit.organisation_id in avoid.organisations:
        return True
    if avoid.districts and unit.scope == DISTRICT and unit.codes <= avoid.districts:
        return True
    if not unit.spots:
        return unit.local and bool(avoid.districts or avoid.circles)
    return any(_touches(spot, avoid) for spot in unit.spots)


def _touches(spot: Spot, avoid: Avoid) -> bool:
    if avoid.districts and (not spot.districts or spot.districts & avoid.districts):
        return True
    return any(_km(spot, c.lat, c.lon) <= c.radius_km + spot.reach_km for c in avoid.circles)


def _km(spot: Spot, lat: float, lon: float) -> float:
    return float(haversine(lat, lon, np.array([spot.lat]), np.array([spot.lon]))[0])


READ: Mapping[str, tuple[str, ...]] = {
    "organisations": ("status", "suspended", "org_type", "department_code", "name", "province", "district"),
    "departments": (
        *("status", "suspended", "organisation_id", "site_id"),
        *("name", "level", "functions", "serves"),
    ),
    "services": ("department_id",),
    "sites": ("lat", "lon", "confidential", "area_id", "district", "organisation_id"),
    "service_sites": ("service_id", "site_id"),
}
"""All that is read of a record."""


@dataclass(frozen=True, slots=True)
class Known:
    """Records by id, who refers to them, and the published areas."""

    records: ById
    references: References
    areas: Mapping[str, PublishedArea]

    def find(self, name: str, key: object) -> Record | None:
        """A record, None if there is none."""
        return self.records.get(name, {}).get(str(key))

    def referring(self, name: str, other: str, field: str, key: str) -> Iterator[Record]:
        """The records of one collection that name one of the other."""
        for one in self.references.of(name, other, key):
            record = self.find(name, one)
            if record is not None and record.get(field) == key:
                yield record

    def units(self, department_id: str) -> Iterator[tuple[str, Unit]]:
        """A unit once for each kind of department it is of and each area it serves; nothing when it is not in use."""
        record = self.find("departments", department_id)
        organisation = None if record is None else self.find("organisations", record.get("organisation_id"))
        if record is None or organisation is None or not (_in_use(record) and _in_use(organisation)):
            return
        serves: Record = record.get("serves") or {}
        kinds = [organisation.get("department_code")]
        if organisation.get("org_type") == COORDINATING:
            kinds.append(COORDINATING)
        for kind in kinds:
            if kind:
                unit = Unit(
                    id=department_id,
                    name=str(record["name"]),
                    organisation_id=str(organisation["id"]),
                    kind=kind,
                    level=record.get("level"),
                    functions=frozenset(record.get("functions") or ()),
                    scope=serves.get("scope"),
                    codes=frozenset(serves.get("codes") or ()),
                    spots=self._spots(record),
                )
                areas = ("",) if unit.scope == NATIONAL else tuple(unit.codes)
                yield from ((area, unit) for area in areas)

    def bodies(self, organisation_id: str) -> Iterator[Body]:
        """A coordinating organisation of a province; nothing when it is none, or not in use."""
        record = self.find("organisations", organisation_id)
        if record is None or not _in_use(record) or record.get("org_type") != COORDINATING:
            return
        if record.get("province") is not None:
            sites = self.referring("sites", "organisations", "organisation_id", organisation_id)
            yield Body(
                id=organisation_id,
                name=str(record["name"]),
                province=record["province"],
                district=record.get("district"),
                spots=tuple(_spot(site, self.areas) for site in _placed(sites)),
            )

    def _spots(self, record: Record) -> tuple[Spot, ...]:
        """The sites of a unit: its own, else those where its services are given."""
        own = record.get("site_id")
        known: Iterable[str] = (str(own),) if own else sorted(self._given(str(record["id"])))
        return tuple(_spot(site, self.areas) for site in _placed(self.find("sites", one) for one in known))

    def _given(self, department_id: str) -> set[str]:
        services = self.referring("services", "departments", "department_id", department_id)
        sites = (
            one.get("site_id")
            for service in services
            for one in self.referring("service_sites", "services", "service_id", str(service["id"]))
        )
        return {str(one) for one in sites if one}


def _in_use(record: Record) -> bool:
    return record.get("status", "active") == "active" and not record.get("suspended")


def _placed(sites: Iterable[Record | None]) -> Iterator[Record]:
    return (site for site in sites if site is not None and site.get("lat") is not None)


def _spot(site: Record, areas: Mapping[str, PublishedArea]) -> Spot:
    """An open site by its own point and district, a confidential one by its whole published area."""
    lat, lon = float(site["lat"]), float(site["lon"])
    if not site.get("confidential"):
        return Spot(lat, lon, 0.0, frozenset({site["district"]} if site.get("district") else ()))
    area = areas.get(str(site.get("area_id")))
    return Spot(lat, lon, area.reach_km if area else 0.0, frozenset(area.districts if area else ()))
