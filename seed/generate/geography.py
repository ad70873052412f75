"""Where things stand: invented points near real towns, inside the right province.

Distances are kilometres on a plane about the town (error below 1 % at 30 km). Outlines are coarse along
the coast, so a town outside its own outline is never used.
"""

import csv
import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from seed.generate.draw import Draw

KM_PER_DEGREE = 111.195
TRIES = 40


@dataclass(frozen=True)
class Place:
    id: str
    name: str
    lat: float
    lon: float
    population: int
    province: str
    district: str


@dataclass(frozen=True)
class District:
    code: str
    name: str
    province: str
    seat: Place


@dataclass(frozen=True)
class Ring:
    """How far from the town a site may stand, in kilometres."""

    least: float
    most: float


class Geography:
    """The gazetteer as the generator needs it; reads `seed/reference` by path."""

    def __init__(self, reference: Path) -> None:
        rows = _rows(reference / "places.csv")
        self.names = frozenset(
            name.casefold() for row in rows for name in [row["name"], *row["alternate_names"].split("|")] if name
        )
        self.places = tuple(_place(row) for row in rows)
        self._lat = np.array([place.lat for place in self.places])
        self._lon = np.array([place.lon for place in self.places])
        outlines = json.loads((reference / "provinces.geojson").read_text(encoding="utf-8"))["features"]
        self._outline: dict[str, BaseGeometry] = {
            feature["properties"]["code"]: shape(feature["geometry"]) for feature in outlines
        }
        self.provinces: dict[str, str] = {
            row["code"]: row["name"] for row in json.loads((reference / "provinces.json").read_text(encoding="utf-8"))
        }
        by_id = {place.id: place for place in self.places}
        self.districts = tuple(
            District(row["code"], row["name"], row["province"], by_id[str(row["seat_place_id"])])
            for row in json.loads((reference / "districts.json").read_text(encoding="utf-8"))
        )

    def district(self, code: str) -> District:
        return next(district for district in self.districts if district.code == code)

    def towns(self, province: str, district: str | None = None) -> list[Place]:
        """Usable towns, the largest first."""
        found = [
            place
            for place in self.places
            if place.province == province
            and district in (None, place.district)
            and self._inside(place.lat, place.lon, province)
        ]
        return sorted(found, key=lambda place: (-place.population, place.id))

    def town(self, province: str, *names: str) -> Place:
        """The largest usable town with one of these names (towns change names; the gazetteer lags)."""
        wanted = {name.casefold() for name in names}
        return next(place for place in self.towns(province) if place.name.casefold() in wanted)

    def seat(self, district: District) -> Place:
        """The seat, or the largest town of the district where the seat lies elsewhere or off the outline."""
        towns = self.towns(district.province, district.code)
        return district.seat if district.seat in towns else towns[0]

    def nearest(self, lat: float, lon: float) -> Place:
        across = (self._lon - lon) * math.cos(math.radians(lat))
        return self.places[int(np.argmin((self._lat - lat) ** 2 + across**2))]

    def point_near(self, place: Place, ring: Ring, draw: Draw) -> tuple[float, float]:
        """An invented point in the ring: inside the province, and nearer to no town of another district."""
        most = ring.most
        for _ in range(TRIES):
            lat, lon = _shifted(place, draw.real(ring.least, most), draw.real(0, 2 * math.pi))
            near = self.nearest(lat, lon)
            if (near.province, near.district) == (place.province, place.district) and self._inside(
                lat, lon, place.province
            ):
                return lat, lon
            most = ring.least + (most - ring.least) * 0.9
        return place.lat, place.lon

    def _inside(self, lat: float, lon: float, province: str) -> bool:
        return bool(self._outline[province].contains(Point(lon, lat)))


def kilometres(a: tuple[float, float], b: tuple[float, float]) -> float:
    across = (a[1] - b[1]) * math.cos(math.radians((a[0] + b[0]) / 2))
    return math.hypot(a[0] - b[0], across) * KM_PER_DEGREE


def _shifted(place: Place, distance: float, bearing: float) -> tuple[float, float]:
    north = distance * math.cos(bearing) / KM_PER_DEGREE
    east = distance * math.sin(bearing) / (KM_PER_DEGREE * math.cos(math.radians(place.lat)))
    return round(place.lat + north, 5), round(place.lon + east, 5)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _place(row: dict[str, str]) -> Place:
    return Place(
        id=row["id"],
        name=row["name"],
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        population=int(row["population"] or 0),
        province=row["province"],
        district=row["district"],
    )
