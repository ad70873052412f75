"""Places, published areas and districts as the oracle sees them: plain lists walked from end to end.

Distances are kilometres on a sphere of radius 6371.0088 km, from plain trigonometry, one pair at a time.
"""

import csv
import json
import math
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

EARTH_RADIUS_KM = 6371.0088
BAND_LIMITS_KM = (25, 50, 100, 200, 400, 800)
REFERENCE = Path(__file__).resolve().parents[3] / "seed" / "reference"

Point = tuple[float, float]
"""Latitude and longitude in degrees WGS84."""


def distance_km(a: Point, b: Point) -> float:
    """Great-circle distance by the haversine formula."""
    (lat_a, lon_a), (lat_b, lon_b) = a, b
    phi_a, phi_b = math.radians(lat_a), math.radians(lat_b)
    across = math.sin(math.radians(lon_b - lon_a) / 2) ** 2
    half = math.sin((phi_b - phi_a) / 2) ** 2 + math.cos(phi_a) * math.cos(phi_b) * across
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, half)))


def band(distance: float) -> str:
    """The published band of a distance; a limit belongs to the band it begins."""
    lower = 0
    for upper in BAND_LIMITS_KM:
        if distance < upper:
            return f"{lower}-{upper}"
        lower = upper
    return f"{lower}+"


@cache
def normalise(name: str) -> str:
    """Accents, case and white space set aside."""
    decomposed = unicodedata.normalize("NFKD", name)
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).casefold().split())


@dataclass(frozen=True)
class Place:
    """A gazetteer place."""

    id: str
    names: tuple[str, ...]
    point: Point
    province: str
    district: str
    area: str


@dataclass(frozen=True)
class Area:
    """A published area; `districts` are those of all its member places."""

    id: str
    province: str
    district: str
    point: Point
    reach_km: float
    districts: tuple[str, ...]


@dataclass(frozen=True)
class District:
    """A district or metro with the point of its seat."""

    code: str
    province: str
    seat: Point


@dataclass(frozen=True)
class Spot:
    """Where something is asked from: a point with the province and district that hold it."""

    point: Point
    province: str
    district: str


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """All geography the oracle knows. `outlines`: rings of (lat, lon) by province."""

    places: tuple[Place, ...]
    areas: dict[str, Area]
    districts: dict[str, District]
    outlines: tuple[tuple[str, tuple[tuple[Point, ...], ...]], ...] = ()

    def nearest(self, point: Point, province: str | None = None) -> Place:
        """The nearest place, of one province if given."""
        return min(
            (p for p in self.places if province in (None, p.province)), key=lambda p: distance_km(point, p.point)
        )

    def province_at(self, point: Point) -> str:
        """The province whose outline holds the point, else that of the nearest place."""
        for code, rings in self.outlines:
            if sum(_inside(point, ring) for ring in rings) % 2:
                return code
        return self.nearest(point).province

    def locate(self, point: Point) -> Place:
        """The place whose district and area a point takes: the nearest of its own province."""
        return _locate(self, point)

    def named(self, name: str, province: str | None = None) -> Place:
        """The one place of that name; two or none is an error, never a guess."""
        wanted = normalise(name)
        hits = [p for p in self.places if province in (None, p.province) and wanted in {normalise(n) for n in p.names}]
        if len(hits) != 1:
            raise LookupError(f"{name}: {len(hits)} places")
        return hits[0]

    def spot(self, where: dict[str, Any]) -> Spot:
        """The spot that `near` names, or the place or point of an `avoid`."""
        if "district" in where:
            district = self.districts[where["district"]]
            return Spot(district.seat, district.province, district.code)
        if "point" in where:
            point = (float(where["point"]["lat"]), float(where["point"]["lon"]))
            holder = self.locate(point)
            return Spot(point, holder.province, holder.district)
        if "place_id" in where:
            place = next(p for p in self.places if p.id == where["place_id"])
        else:
            place = self.named(where["place"], where.get("province"))
        return Spot(place.point, place.province, place.district)


@cache
def _locate(gazetteer: Gazetteer, point: Point) -> Place:
    return gazetteer.nearest(point, gazetteer.province_at(point))


def _inside(point: Point, ring: tuple[Point, ...]) -> bool:
    """Even-odd rule: does a ray to the east cross the ring an odd number of times?"""
    lat, lon = point
    odd = False
    for (lat_a, lon_a), (lat_b, lon_b) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (lat_a > lat) != (lat_b > lat) and lon < lon_a + (lat - lat_a) / (lat_b - lat_a) * (lon_b - lon_a):
            odd = not odd
    return odd


def _rings(geometry: dict[str, Any]) -> tuple[tuple[Point, ...], ...]:
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return tuple(tuple((lat, lon) for lon, lat in ring) for polygon in polygons for ring in polygon)


@cache
def reference() -> Gazetteer:
    """The committed gazetteer, districts and published areas."""
    with (REFERENCE / "places.csv").open(encoding="utf-8", newline="") as file:
        places = tuple(
            Place(
                id=row["id"],
                names=(row["name"], *[n for n in row["alternate_names"].split("|") if n]),
                point=(float(row["lat"]), float(row["lon"])),
                province=row["province"],
                district=row["district"],
                area=row["area_id"],
            )
            for row in csv.DictReader(file)
        )
    areas = {
        a["id"]: Area(a["id"], a["province"], a["district"], (a["lat"], a["lon"]), a["reach_km"], tuple(a["districts"]))
        for a in json.loads((REFERENCE / "published_areas.json").read_text(encoding="utf-8"))["areas"]
    }
    districts = {
        d["code"]: District(d["code"], d["province"], (d["lat"], d["lon"]))
        for d in json.loads((REFERENCE / "districts.json").read_text(encoding="utf-8"))
    }
    document = json.loads((REFERENCE / "provinces.geojson").read_text(encoding="utf-8"))
    outlines = tuple((f["properties"]["code"], _rings(f["geometry"])) for f in document["features"])
    return Gazetteer(places, areas, districts, outlines)
