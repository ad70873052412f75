"""South Africa's provinces, districts, gazetteer places and published areas, read from their data files.

Coordinates are degrees WGS84, distances kilometres on a sphere of radius 6371.0088 km.
"""

import csv
import json
import math
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from directory.vocabulary import REFERENCE

if TYPE_CHECKING:
    from shapely import STRtree
    from shapely.geometry.base import BaseGeometry

EARTH_RADIUS_KM = 6371.0088
COAST_DEGREES = 0.025
"""A point this near an outline (less than 3 km, which areas' reach covers) counts as inside: outlines are coarse."""
CANDIDATES_SHOWN = 8
LIKENESS_FLOOR = 50.0
WORD = re.compile(r"[^\W_]+")
UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Characters that are not seen (Unicode's Default_Ignorable_Code_Point): a name is what one reads of it."""


@dataclass(frozen=True, slots=True)
class Place:
    """A gazetteer place."""

    id: str
    name: str
    alternate_names: tuple[str, ...]
    lat: float
    lon: float
    population: int
    province: str
    district: str
    area_id: str


@dataclass(frozen=True, slots=True)
class Area:
    """A published area: all that anyone reads of a confidential place. `districts` are those of its member places."""

    id: str
    label: str
    district: str
    province: str
    lat: float
    lon: float
    reach_km: float
    population: int
    place_ids: tuple[str, ...]
    districts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class District:
    """A district or metropolitan municipality and its seat."""

    code: str
    name: str
    province: str
    seat: str
    seat_place_id: str
    lat: float
    lon: float


class AmbiguousPlace(Exception):
    """A name that is no unique exact match; `candidates` are the places it may mean."""

    def __init__(self, name: str, candidates: list[Place]) -> None:
        super().__init__(name)
        self.candidates = candidates


def normalise(name: str) -> str:
    """Compatibility decomposition without accents or unseen characters, case folded, white space single."""
    if not name.isascii():
        seen = UNSEEN.sub("", unicodedata.normalize("NFKD", name))
        name = "".join(c for c in seen if not unicodedata.combining(c))
    return " ".join(name.casefold().split())


@cache
def places() -> tuple[Place, ...]:
    """All gazetteer places."""
    with (REFERENCE / "places.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Place(
                id=row["id"],
                name=row["name"],
                alternate_names=tuple(n for n in row["alternate_names"].split("|") if n),
                lat=float(row["lat"]),
                lon=float(row["lon"]),
                population=int(row["population"] or 0),
                province=row["province"],
                district=row["district"],
                area_id=row["area_id"],
            )
            for row in csv.DictReader(file)
        )


@cache
def places_by_id() -> dict[str, Place]:
    """Gazetteer places by id."""
    return {place.id: place for place in places()}


@cache
def provinces() -> dict[str, str]:
    """Names of the provinces by ISO 3166-2 code."""
    rows = json.loads((REFERENCE / "provinces.json").read_text(encoding="utf-8"))
    return {row["code"]: row["name"] for row in rows}


@cache
def districts() -> dict[str, District]:
    """Districts and metros by code."""
    rows = json.loads((REFERENCE / "districts.json").read_text(encoding="utf-8"))
    names = District.__dataclass_fields__
    return {row["code"]: District(**{k: v for k, v in row.items() if k in names}) for row in rows}


@cache
def areas() -> dict[str, Area]:
    """Published areas by id."""
    rows = json.loads((REFERENCE / "published_areas.json").read_text(encoding="utf-8"))["areas"]
    areas_read = (
        Area(**{**row, "place_ids": tuple(row["place_ids"]), "districts": tuple(row["districts"])}) for row in rows
    )
    return {area.id: area for area in areas_read}


def haversine_km(lat: float, lon: float, lats: NDArray[np.float64], lons: NDArray[np.float64]) -> NDArray[np.float64]:
    """Great-circle distances in km from one point to many (haversine; R. W. Sinnott, Sky and Telescope 68, 1984)."""
    phi, phis = math.radians(lat), np.radians(lats)
    half = np.sin((phis - phi) / 2) ** 2 + math.cos(phi) * np.cos(phis) * np.sin(np.radians(lons - lon) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0))), dtype=np.float64)


@cache
def _columns(province: str | None) -> tuple[tuple[Place, ...], NDArray[np.float64], NDArray[np.float64]]:
    chosen = tuple(p for p in places() if province in (None, p.province))
    return chosen, np.array([p.lat for p in chosen]), np.array([p.lon for p in chosen])


def nearest_place(lat: float, lon: float, province: str | None = None) -> tuple[Place, float]:
    """The nearest gazetteer place (of one province, if given) and its distance in km."""
    chosen, lats, lons = _columns(province)
    distances = haversine_km(lat, lon, lats, lons)
    index = int(np.argmin(distances))
    return chosen[index], float(distances[index])


@cache
def _outlines() -> "tuple[tuple[str, ...], tuple[BaseGeometry, ...], STRtree]":
    from shapely import STRtree
    from shapely.geometry import shape

    document = json.loads((REFERENCE / "provinces.geojson").read_text(encoding="utf-8"))
    pairs = [(f["properties"]["code"], shape(f["geometry"])) for f in document["features"]]
    outlines = tuple(outline for _, outline in pairs)
    return tuple(code for code, _ in pairs), outlines, STRtree(outlines)


def province_at(lat: float, lon: float) -> str | None:
    """The province whose outline holds the point, or all but touches it; None outside the country."""
    from shapely import Point

    names, outlines, tree = _outlines()
    point = Point(lon, lat)
    hits = tree.query(point, predicate="intersects")
    if len(hits):
        return names[int(min(hits))]
    nearest = int(tree.nearest(point))
    return names[nearest] if outlines[nearest].distance(point) <= COAST_DEGREES else None


def locate(lat: float, lon: float) -> Place | None:
    """The gazetteer place whose district and published area a point takes: the nearest of its own province."""
    province = province_at(lat, lon)
    return None if province is None else nearest_place(lat, lon, province)[0]


def areas_near(lat: float, lon: float, km: float) -> frozenset[str]:
    """Ids of all published areas that may hold a point within so many km of this one, and some that may not.

    A point takes the area of the nearest place of its own province. If it lies within km, that place is at most 2 km
    (twice km) farther from here than the nearest of the province, and the province is within km.
    """
    from shapely import Point

    reach = COAST_DEGREES + math.degrees(km / EARTH_RADIUS_KM / math.cos(math.radians(lat)))
    names, outlines, _ = _outlines()
    here = Point(lon, lat)
    found: set[str] = set()
    for province in {name for name, outline in zip(names, outlines, strict=True) if outline.distance(here) <= reach}:
        chosen, lats, lons = _columns(province)
        distances = haversine_km(lat, lon, lats, lons)
        found |= {chosen[index].area_id for index in np.flatnonzero(distances <= distances.min() + 2 * km)}
    return frozenset(found)


@cache
def coarse_outlines(tolerance: float) -> tuple[tuple[tuple[float, float], ...], ...]:
    """Rings of the provinces as (lon, lat), for drawing: no point lies farther off than so many degrees, and what is
    smaller is left out."""
    from shapely import coverage_simplify

    shapes = coverage_simplify(list(_outlines()[1]), tolerance)
    parts = (part for outline in shapes for part in getattr(outline, "geoms", (outline,)))
    rings = (part.exterior.coords for part in parts if part.area > tolerance**2)
    return tuple(tuple((round(x, 2), round(y, 2)) for x, y in ring) for ring in rings)


@cache
def _names() -> dict[str, tuple[Place, ...]]:
    found: dict[str, list[Place]] = {}
    for place in places():
        for name in dict.fromkeys(normalise(n) for n in (place.name, *place.alternate_names)):
            found.setdefault(name, []).append(place)
    return {name: tuple(sorted(those, key=lambda p: (-p.population, p.id))) for name, those in found.items()}


def resolve_place(name: str, province: str | None = None) -> Place:
    """The one place of that exact normalised name or alternate name; never a guess.

    Raises AmbiguousPlace with the places it may mean: those of the same name, else the most alike.
    """
    exact = [p for p in _names().get(normalise(name), ()) if province in (None, p.province)]
    if len(exact) == 1:
        return exact[0]
    raise AmbiguousPlace(name, exact or suggest_places(name, province))


def suggest_places(text: str, province: str | None = None, limit: int = CANDIDATES_SHOWN) -> list[Place]:
    """Places whose name begins with, or is most like, the text; larger places first among equals."""
    wanted = normalise(text)
    names = _names()
    scored = process.extract(wanted, names.keys(), scorer=fuzz.WRatio, limit=60, score_cutoff=LIKENESS_FLOOR)
    likeness = {name: (0, -score) for name, score, _ in scored}
    likeness |= {name: (-1, 0.0) for name in names if wanted and name.startswith(wanted)}
    likeness |= {name: (-2, 0.0) for name in names if name == wanted}
    ranked = sorted(
        (rank, -place.population, place.id, place)
        for name, rank in likeness.items()
        for place in names[name]
        if province in (None, place.province)
    )
    return list(dict.fromkeys(place for *_, place in ranked))[:limit]


def describe(place: Place) -> dict[str, object]:
    """A place as candidates and place searches show it."""
    return {
        "place_id": place.id,
        "name": place.name,
        "province": place.province,
        "district": place.district,
        "lat": place.lat,
        "lon": place.lon,
    }


@cache
def _place_words() -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(WORD.findall(name)) for name in _names())


@cache
def _longest_name() -> int:
    return max(len(words) for words in _place_words())


def names_a_place(text: str) -> str | None:
    """The first gazetteer name (or alternate name) that stands in the text as whole words, if any."""
    words = WORD.findall(normalise(text))
    for start in range(len(words)):
        for length in range(1, _longest_name() + 1):
            run = tuple(words[start : start + length])
            if len(run) == length and run in _place_words():
                return " ".join(run)
    return None
