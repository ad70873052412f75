"""Makes the published areas: all that anyone may read of where a confidential place is.

Run `python -m seed.areas` to write `published_areas.json` and the column `area_id` of `places.csv`, and
`python -m seed.areas --report` for the figures of the decision record. There is no chance in it: the same
reference files give the same areas, the same ids and the same numbers.
"""

import csv
import io
import json
import math
import sys
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import blake2b
from statistics import median

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from directory import geography
from directory.geography import EARTH_RADIUS_KM, Area, Place
from directory.vocabulary import REFERENCE

PEOPLE_FLOOR = 50_000
"""Fewest people of one area."""
BORDER_SLACK_KM = 3.0
"""Land this far beyond a coarse outline, and in no other province, still belongs to the province: of the
coastal towns that the outline leaves in the sea the farthest lies 1.3 km out."""
REACH_MARGIN_KM = 0.05
"""Covers the difference between an outline's straight edges in degrees and on the sphere (under 0.01 km)."""
LONGEST_EDGE_DEGREES = 0.1

Floats = NDArray[np.float64]


@cache
def outlines() -> dict[str, BaseGeometry]:
    """Outlines of the provinces in degrees (x = longitude), by ISO 3166-2 code."""
    document = json.loads((REFERENCE / "provinces.geojson").read_text(encoding="utf-8"))
    return {f["properties"]["code"]: shape(f["geometry"]) for f in document["features"]}


def unit_vectors(lats: Floats, lons: Floats) -> Floats:
    """Points on the sphere of radius one, one row each."""
    phi, lam = np.radians(lats), np.radians(lons)
    return np.column_stack((np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)))


class Plane:
    """The plane that touches the sphere at one point, in km; the projection through the centre of the sphere.

    Great circles are straight lines in it, so nearest-place cells are exact convex polygons
    (J. P. Snyder, Map Projections: A Working Manual, USGS 1395, 1987, gnomonic projection).
    """

    def __init__(self, lat: float, lon: float) -> None:
        phi, lam = math.radians(lat), math.radians(lon)
        self.centre = unit_vectors(np.array([lat]), np.array([lon]))[0]
        self.east = np.array([-math.sin(lam), math.cos(lam), 0.0])
        self.north = np.array([-math.sin(phi) * math.cos(lam), -math.sin(phi) * math.sin(lam), math.cos(phi)])

    def project(self, lonlat: Floats) -> Floats:
        """Degrees (longitude, latitude) to km east and north of the centre."""
        vectors = unit_vectors(lonlat[:, 1], lonlat[:, 0])
        along = vectors @ np.column_stack((self.east, self.north))
        return np.asarray(EARTH_RADIUS_KM * along / (vectors @ self.centre)[:, None], dtype=np.float64)

    def degrees(self, xy: Floats) -> tuple[Floats, Floats]:
        """Km east and north of the centre to latitudes and longitudes."""
        vectors = self.centre + (xy[:, :1] * self.east + xy[:, 1:] * self.north) / EARTH_RADIUS_KM
        lats = np.degrees(np.arctan2(vectors[:, 2], np.hypot(vectors[:, 0], vectors[:, 1])))
        return lats, np.degrees(np.arctan2(vectors[:, 1], vectors[:, 0]))

    def geometry(self, outline: BaseGeometry) -> BaseGeometry:
        """An outline in degrees as a shape in km."""
        return shapely.transform(shapely.segmentize(outline, LONGEST_EDGE_DEGREES), self.project)

    def bisectors(self, vectors: Floats, index: int) -> Floats:
        """Rows (a, b, c): half planes a x + b y + c >= 0 of the points nearer to this place than to a rival."""
        rivals = np.delete(vectors, index, axis=0)
        nearest_first = np.argsort(-(rivals @ vectors[index]), kind="stable")
        normals = vectors[index] - rivals[nearest_first]
        axes = np.column_stack((self.east, self.north, self.centre * EARTH_RADIUS_KM))
        return np.asarray(normals @ axes, dtype=np.float64)


def clip(corners: list[tuple[float, float]], a: float, b: float, c: float) -> list[tuple[float, float]]:
    """The part of a convex polygon where a x + b y + c >= 0 (Sutherland and Hodgman, CACM 17, 1974)."""
    heights = [a * x + b * y + c for x, y in corners]
    if min(heights) >= 0:
        return corners
    kept: list[tuple[float, float]] = []
    for i, (x, y) in enumerate(corners):
        before, height = heights[i - 1], heights[i]
        if (before < 0) != (height < 0):
            share = before / (before - height)
            x0, y0 = corners[i - 1]
            kept.append((x0 + share * (x - x0), y0 + share * (y - y0)))
        if height >= 0:
            kept.append((x, y))
    return kept


class Province:
    """One province: its places, its territory, and the distances between its places in km."""

    def __init__(self, code: str, places: Sequence[Place]) -> None:
        self.code = code
        self.places = sorted((p for p in places if p.province == code), key=lambda p: int(p.id))
        lats, lons = np.array([p.lat for p in self.places]), np.array([p.lon for p in self.places])
        self.distances = np.array([geography.haversine_km(p.lat, p.lon, lats, lons) for p in self.places])
        self.vectors = unit_vectors(lats, lons)
        outline = outlines()[code]
        self.plane = Plane(outline.centroid.y, outline.centroid.x)
        others = shapely.union_all([self.plane.geometry(o) for other, o in outlines().items() if other != code])
        drawn = self.plane.geometry(outline)
        self.territory = drawn.union(drawn.buffer(BORDER_SLACK_KM).difference(others))
        self.inside = shapely.intersects_xy(outline, lons, lats)
        """Places that may be published: within the outline itself."""
        xy = self.plane.project(np.column_stack((lons, lats)))
        self.at_home = shapely.intersects_xy(self.territory, xy[:, 0], xy[:, 1])
        """Places within the territory. The gazetteer lists some towns under a province that lost them."""
        self.people = np.where(self.at_home, [p.population for p in self.places], 0)

    def groups(self) -> list[list[int]]:
        """Places joined, the group of fewest people first, to the nearest by mean distance, until all are sound.

        A sound group has at least PEOPLE_FLOOR people, not counting towns that lie in another province, and a
        place within the outline that can be published.
        """
        groups = [[i] for i in range(len(self.places))]
        while len(groups) > 1:
            unsound = [g for g in groups if self.people[g].sum() < PEOPLE_FLOOR or not self.inside[g].any()]
            if not unsound:
                break
            smallest = min(unsound, key=lambda g: (int(self.people[g].sum()), g[0]))
            groups.remove(smallest)
            nearest = min(groups, key=lambda g: (float(self.distances[np.ix_(smallest, g)].mean()), g[0]))
            groups.remove(nearest)
            groups.append(sorted(smallest + nearest))
        return sorted(groups)

    def medoid(self, group: list[int]) -> int:
        """The member within the outline from which the area's people are least far in sum."""
        candidates = [i for i in group if self.inside[i]]
        return min(candidates, key=lambda i: (float(self.distances[i, group] @ self.people[group]), i))

    def cell(self, index: int) -> BaseGeometry:
        """The part of the territory whose nearest place of the province is this one."""
        west, south, east, north = self.territory.bounds
        corners = [(west, south), (east, south), (east, north), (west, north)]
        for a, b, c in self.plane.bisectors(self.vectors, index):
            corners = clip(corners, a, b, c)
            if not corners:
                return shapely.Polygon()
        return self.territory.intersection(shapely.Polygon(corners))

    def reach_km(self, group: list[int], medoid: int) -> float:
        """Upper bound, to 0.1 km, of the distance from the published point to any point of the area.

        Along a great circle the distance from a point has one minimum, so the farthest point is a corner.
        """
        point, farthest = self.places[medoid], float(self.distances[medoid, group].max())
        corners = shapely.get_coordinates([self.cell(i) for i in group])
        lats, lons = self.plane.degrees(corners)
        farthest = max(farthest, float(geography.haversine_km(point.lat, point.lon, lats, lons).max()))
        return math.ceil((farthest + REACH_MARGIN_KM) * 10) / 10

    def area(self, group: list[int]) -> Area:
        """One published area."""
        medoid = self.medoid(group)
        point, members = self.places[medoid], [self.places[i] for i in group]
        return Area(
            id=area_id([p.id for p in members]),
            label=f"{point.name} area, {geography.provinces()[self.code]}",
            district=point.district,
            province=self.code,
            lat=point.lat,
            lon=point.lon,
            reach_km=self.reach_km(group, medoid),
            population=sum(p.population for p in members),
            place_ids=tuple(p.id for p in members),
            districts=tuple(sorted({p.district for p in members})),
        )


def area_id(place_ids: Sequence[str]) -> str:
    """A UUID of version 4 made from the members alone, so that it stays while they stay and tells nothing."""
    digest = blake2b(",".join(sorted(place_ids)).encode(), digest_size=16, person=b"published area").digest()
    return str(uuid.UUID(bytes=digest, version=4))


@cache
def all_provinces() -> tuple[Province, ...]:
    """The nine provinces with their places, in order of code."""
    return tuple(Province(code, geography.places()) for code in sorted(outlines()))


@cache
def generate() -> tuple[Area, ...]:
    """All published areas, by province and name."""
    areas = [province.area(group) for province in all_provinces() for group in province.groups()]
    return tuple(sorted(areas, key=lambda a: (a.province, a.label)))


def areas_text(areas: Sequence[Area]) -> str:
    """The text of `published_areas.json`, one area a line."""
    lines = ",\n".join(" " + json.dumps(asdict(area), ensure_ascii=False) for area in areas)
    return f'{{"version": 1, "areas": [\n{lines}\n]}}\n'


def places_text(areas: Sequence[Area]) -> str:
    """The text of `places.csv` with the column `area_id` filled in."""
    owner = {place_id: area.id for area in areas for place_id in area.place_ids}
    source = csv.DictReader(io.StringIO((REFERENCE / "places.csv").read_text(encoding="utf-8"), newline=""))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, source.fieldnames or (), lineterminator="\n")
    writer.writeheader()
    writer.writerows({**row, "area_id": owner[row["id"]]} for row in source)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Figures:
    """What the areas cost and keep; distances in km from a town to the published point of its area."""

    areas: int
    smallest: Area
    fewest_people: int
    mean_km: float
    worst_km: float
    worst: Place
    misplaced: tuple[Place, ...]


def figures() -> Figures:
    """Measured over the towns that lie in the province the gazetteer lists them under, by their people."""
    owner = {place_id: area for area in generate() for place_id in area.place_ids}
    home = [p for province in all_provinces() for p, at in zip(province.places, province.at_home, strict=True) if at]
    moved = [
        float(geography.haversine_km(owner[p.id].lat, owner[p.id].lon, np.array([p.lat]), np.array([p.lon]))[0])
        for p in home
    ]
    counted = dict.fromkeys((area.id for area in generate()), 0)
    for place in home:
        counted[owner[place.id].id] += place.population
    worst = int(np.argmax(moved))
    at_home = {p.id for p in home}
    return Figures(
        areas=len(generate()),
        smallest=min(generate(), key=lambda a: counted[a.id]),
        fewest_people=min(counted.values()),
        mean_km=float(np.average(moved, weights=[p.population for p in home])),
        worst_km=moved[worst],
        worst=home[worst],
        misplaced=tuple(p for p in geography.places() if p.id not in at_home),
    )


def report() -> str:
    """The figures as a person reads them."""
    found = figures()
    reaches = [area.reach_km for area in generate()]
    return "\n".join(
        (
            f"areas                                 {found.areas}",
            f"smallest                              {found.fewest_people:,} people ({found.smallest.label})",
            f"town to published point, mean         {found.mean_km:.1f} km, weighted by people",
            f"town to published point, worst        {found.worst_km:.1f} km ({found.worst.name})",
            f"reach, median and largest             {median(reaches):.1f} km and {max(reaches):.1f} km",
            f"towns outside their listed province   {len(found.misplaced)}"
            f" ({sum(p.population for p in found.misplaced):,} people, not counted above)",
        )
    )


def main(arguments: Sequence[str]) -> None:
    """Write the files, or print the report."""
    if list(arguments) == ["--report"]:
        print(report())
        return
    if arguments:
        raise SystemExit("usage: python -m seed.areas [--report]")
    areas, places = areas_text(generate()), places_text(generate())
    (REFERENCE / "published_areas.json").write_text(areas, encoding="utf-8")
    (REFERENCE / "places.csv").write_text(places, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
