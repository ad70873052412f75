"""Which department unit or coordinating body is competent for a place, and which of them must not be named.

Competence is what a unit says it serves: the place's district, else its province, else the country. Among equals the
nearer published site comes first, then the stable hash of the id.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from matching.index import tie_break
from matching.rows import Collections, PublishedArea, Record
from matching.sphere import Kilometres, haversine
from matching.types import Avoid, Near

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
    """An active coordinating organisation, with its sites."""

    id: str
    name: str
    province: str | None
    district: str | None
    spots: tuple[Spot, ...]

    def is_avoided(self, avoid: Avoid) -> bool:
        """As for a unit: itself, or a place of it that must not be named."""
        if self.id in avoid.organisations or self.district in avoid.districts:
            return True
        if not self.spots:
            return self.district is not None and bool(avoid.circles)
        return any(_touches(spot, avoid) for spot in self.spots)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which units are asked for: of which department, with at least one of these functions unless `any_function`,
    serving at which scopes, the narrower first. Who has the function named first comes first, then the second."""

    kind: str
    functions: tuple[str, ...]
    scopes: tuple[str, ...] = (DISTRICT, PROVINCE, NATIONAL)
    any_function: bool = False

    def takes(self, unit: Unit) -> bool:
        return self.any_function or not unit.functions.isdisjoint(self.functions)

    def lacking(self, unit: Unit) -> tuple[bool, ...]:
        return tuple(function not in unit.functions for function in self.functions)


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


class Equals:
    """Units that are asked for alike: the nearer comes first, then the stable hash of the id."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.units = sorted(units, key=lambda unit: tie_break(unit.id))
        counts = np.array([len(unit.spots) for unit in self.units])
        self._placed = np.flatnonzero(counts)
        self._starts = (np.cumsum(counts) - counts)[self._placed]
        self._lat = np.array([spot.lat for unit in self.units for spot in unit.spots])
        self._lon = np.array([spot.lon for unit in self.units for spot in unit.spots])

    def in_order(self, near: Near, avoid: Avoid) -> Iterator[Unit]:
        """Without any that is avoided."""
        order = [0] if len(self.units) == 1 else np.argsort(self._kilometres(near), kind="stable").tolist()
        return (self.units[one] for one in order if not is_avoided(self.units[one], avoid))

    def _kilometres(self, near: Near) -> Kilometres:
        """To the nearest published site of each; infinite when none is known."""
        km = np.full(len(self.units), np.inf)
        if len(self._placed):
            km[self._placed] = np.minimum.reduceat(haversine(near.lat, near.lon, self._lat, self._lon), self._starts)
        return km


class Units:
    """All active units and coordinating bodies of a snapshot, found by what they serve."""

    def __init__(self, collections: Collections, areas: Mapping[str, PublishedArea]) -> None:
        organisations = {str(o["id"]): o for o in collections.get("organisations", ()) if _in_use(o)}
        sites: dict[str, list[Record]] = defaultdict(list)
        for site in collections.get("sites", ()):
            if _is_placed(site):
                sites[str(site.get("organisation_id"))].append(site)
        spots = _spots(collections, areas)
        self._serving: dict[tuple[str, str, str], list[Unit]] = defaultdict(list)
        self._kept: dict[tuple[Wanted, str, str], list[Equals]] = {}
        for record in collections.get("departments", ()):
            organisation = organisations.get(str(record.get("organisation_id")))
            if organisation is not None and _in_use(record):
                for unit, area in _served(record, organisation, spots):
                    self._serving[unit.kind, unit.scope or "", area].append(unit)
        self._bodies = [
            Body(
                id=str(o["id"]),
                name=str(o["name"]),
                province=o.get("province"),
                district=o.get("district"),
                spots=tuple(_spot(site, areas) for site in sites.get(str(o["id"]), ())),
            )
            for o in organisations.values()
            if o.get("org_type") == COORDINATING
        ]

    def competent(self, wanted: Wanted, near: Near, avoid: Avoid) -> Iterator[Unit]:
        """The competent units for a place, in order, without any that is avoided."""
        for scope in wanted.scopes:
            area = {DISTRICT: near.district, PROVINCE: near.province, NATIONAL: ""}[scope]
            if area is not None:
                for equals in self._wanted(wanted, scope, area):
                    yield from equals.in_order(near, avoid)

    def _wanted(self, wanted: Wanted, scope: str, area: str) -> list[Equals]:
        """Those that are wanted, the better fitting first; kept."""
        key = wanted, scope, area
        if key not in self._kept:
            fitting: dict[tuple[bool, ...], list[Unit]] = defaultdict(list)
            for unit in self._serving.get((wanted.kind, scope, area), ()):
                if wanted.takes(unit):
                    fitting[wanted.lacking(unit)].append(unit)
            self._kept[key] = [Equals(fitting[lacking]) for lacking in sorted(fitting)]
        return self._kept[key]

    def bodies(self, near: Near, avoid: Avoid) -> list[Body]:
        """The coordinating organisations of the place's province."""
        found = [
            body
            for body in self._bodies
            if body.province is not None and body.province == near.province and not body.is_avoided(avoid)
        ]
        return sorted(found, key=lambda body: tie_break(body.id))


def _in_use(record: Record) -> bool:
    return record.get("status", "active") == "active" and not record.get("suspended")


def _served(record: Record, organisation: Record, spots: Mapping[str, tuple[Spot, ...]]) -> Iterator[tuple[Unit, str]]:
    serves: Record = record.get("serves") or {}
    kinds = [organisation.get("department_code")]
    if organisation.get("org_type") == COORDINATING:
        kinds.append(COORDINATING)
    for kind in kinds:
        if kind:
            unit = Unit(
                id=str(record["id"]),
                name=str(record["name"]),
                organisation_id=str(organisation["id"]),
                kind=kind,
                level=record.get("level"),
                functions=frozenset(record.get("functions") or ()),
                scope=serves.get("scope"),
                codes=frozenset(serves.get("codes") or ()),
                spots=spots.get(str(record["id"]), ()),
            )
            areas = ("",) if unit.scope == NATIONAL else tuple(unit.codes)
            yield from ((unit, area) for area in areas)


def _spots(collections: Collections, areas: Mapping[str, PublishedArea]) -> dict[str, tuple[Spot, ...]]:
    """The sites of each unit: its own, else those where its services are given."""
    sites = {str(site["id"]): site for site in collections.get("sites", ())}
    units = {str(s["id"]): s.get("department_id") for s in collections.get("services", ())}
    given: dict[str, set[str]] = defaultdict(set)
    for service_site in collections.get("service_sites", ()):
        unit = units.get(str(service_site["service_id"]))
        if unit and service_site.get("site_id"):
            given[str(unit)].add(str(service_site["site_id"]))
    found = {}
    for record in collections.get("departments", ()):
        key, own = str(record["id"]), record.get("site_id")
        known: Iterable[str] = (str(own),) if own else sorted(given[key])
        found[key] = tuple(_spot(sites[site], areas) for site in known if _is_placed(sites.get(site)))
    return found


def _is_placed(site: Record | None) -> bool:
    return site is not None and site.get("lat") is not None


def _spot(site: Record, areas: Mapping[str, PublishedArea]) -> Spot:
    """An open site by its own point and district, a confidential one by its whole published area."""
    lat, lon = float(site["lat"]), float(site["lon"])
    if not site.get("confidential"):
        return Spot(lat, lon, 0.0, frozenset({site["district"]} if site.get("district") else ()))
    area = areas.get(str(site.get("area_id")))
    return Spot(lat, lon, area.reach_km if area else 0.0, frozenset(area.districts if area else ()))
