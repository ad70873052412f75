"""Which department unit or coordinating body is competent for a place.

Competence is what a unit says it serves: the place's district, else its province, else the country. Among equals the
nearer published site comes first, then the stable hash of the id.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, replace

import numpy as np

from matching.guidance.unit import DISTRICT, NATIONAL, PROVINCE, READ, Body, Known, Unit, is_avoided
from matching.index import tie_break
from matching.layered import Lists
from matching.references import References
from matching.rows import ById, PublishedArea
from matching.sphere import Kilometres, Points
from matching.types import Avoid, Near


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """Which units are asked for: of which department, with at least one of these functions unless `any_function`,
    serving at which scopes, the narrower first. Who has the function named first comes first, then the second. Made
    once for each purpose: what was found for it is found again by it."""

    kind: str
    functions: tuple[str, ...]
    scopes: tuple[str, ...] = (DISTRICT, PROVINCE, NATIONAL)
    any_function: bool = False

    def takes(self, unit: Unit) -> bool:
        return self.any_function or not unit.functions.isdisjoint(self.functions)

    def lacking(self, unit: Unit) -> tuple[bool, ...]:
        return tuple(function not in unit.functions for function in self.functions)


class Equals:
    """Units that are asked for alike: the nearer comes first, then the stable hash of the id."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.units = sorted(units, key=lambda unit: tie_break(unit.id))
        counts = np.array([len(unit.spots) for unit in self.units])
        self._placed = np.flatnonzero(counts)
        self._starts = (np.cumsum(counts) - counts)[self._placed]
        spots = [spot for unit in self.units for spot in unit.spots]
        self._points = Points.of(np.array([spot.lat for spot in spots]), np.array([spot.lon for spot in spots]))

    def in_order(self, near: Near, avoid: Avoid) -> Iterator[Unit]:
        """Without any that is avoided."""
        order = [0] if len(self.units) == 1 else np.argsort(self._kilometres(near), kind="stable").tolist()
        return (self.units[one] for one in order if not is_avoided(self.units[one], avoid))

    def _kilometres(self, near: Near) -> Kilometres:
        """To the nearest published site of each; infinite when none is known."""
        km = np.full(len(self.units), np.inf)
        if len(self._placed):
            km[self._placed] = np.minimum.reduceat(self._points.km(near.lat, near.lon), self._starts)
        return km


Serving = tuple[str, str, str]
"""Which department's units, serving at which scope, and where."""


class Units:
    """All active units and coordinating bodies, found by what they serve. `changed` gives others; these stay."""

    def __init__(self, records: ById, references: References, areas: Mapping[str, PublishedArea]) -> None:
        self._known = Known({}, references, areas)
        self._serving: Mapping[Serving, list[Unit]] = {}
        self._bodies: Mapping[str, list[Body]] = {}
        self._kept: dict[tuple[Wanted, str, str], list[Equals]] = {}
        self._join(self._with(records), records.get("departments", {}), records.get("organisations", {}))

    def _with(self, records: ById) -> Known:
        return replace(self._known, records=records)

    def changed(self, records: ById, changed: Mapping[str, Iterable[str]]) -> Units:
        """The same after some records changed: units and bodies whom it concerns are joined anew."""
        known = self._with(records)
        touched = {name: [key for key in changed.get(name, ()) if self._differs(known, name, key)] for name in READ}
        if not any(touched.values()):
            return self
        later = copy(self)
        later._join(known, set(self._concerned(known, touched)), self._hosts(known, touched))
        return later

    def _differs(self, known: Known, name: str, key: str) -> bool:
        was, now = self._known.find(name, key) or {}, known.find(name, key) or {}
        return any(was.get(field) != now.get(field) for field in ("id", *READ[name]))

    def _concerned(self, known: Known, touched: Mapping[str, Iterable[str]]) -> Iterator[str]:
        """The units of which a changed record says something, or did."""
        of, versions = known.references.of, (self._known, known)
        yield from touched["departments"]
        for key in touched["organisations"]:
            yield from of("departments", "organisations", key)
        given = list(touched["service_sites"])
        for key in touched["sites"]:
            yield from of("departments", "sites", key)
            given += of("service_sites", "sites", key)
        places = (version.find("service_sites", key) for version in versions for key in given)
        services = [*touched["services"], *(str(one["service_id"]) for one in places if one is not None)]
        found = (version.find("services", key) for version in versions for key in services)
        yield from (str(one["department_id"]) for one in found if one is not None and one.get("department_id"))

    def _hosts(self, known: Known, touched: Mapping[str, Iterable[str]]) -> set[str]:
        """The organisations that changed, or have or had a site that did."""
        sites = (version.find("sites", key) for version in (self._known, known) for key in touched["sites"])
        return {*touched["organisations"], *(str(one.get("organisation_id")) for one in sites if one is not None)}

    def _join(self, known: Known, departments: Iterable[str], organisations: Iterable[str]) -> None:
        serving, bodies = Lists(self._serving), Lists(self._bodies)
        for key in departments:
            for area, unit in self._known.units(key):
                serving.of((unit.kind, unit.scope or "", area)).remove(unit)
            for area, unit in known.units(key):
                serving.of((unit.kind, unit.scope or "", area)).append(unit)
        for key in organisations:
            for body in self._known.bodies(key):
                bodies.of(body.province).remove(body)
            for body in known.bodies(key):
                bodies.of(body.province).append(body)
        self._known, self._serving, self._bodies = known, serving.finished(), bodies.finished()
        self._kept = {key: kept for key, kept in self._kept.items() if (key[0].kind, *key[1:]) not in serving.changed}

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
        found = self._kept.get(key)
        if found is None:
            fitting: dict[tuple[bool, ...], list[Unit]] = defaultdict(list)
            for unit in self._serving.get((wanted.kind, scope, area), ()):
                if wanted.takes(unit):
                    fitting[wanted.lacking(unit)].append(unit)
            found = self._kept[key] = [Equals(fitting[lacking]) for lacking in sorted(fitting)]
        return found

    def bodies(self, near: Near, avoid: Avoid) -> list[Body]:
        """The coordinating organisations of the place's province."""
        found = (body for body in self._bodies.get(near.province or "", ()) if not body.is_avoided(avoid))
        return sorted(found, key=lambda body: tie_break(body.id))
