"""The published areas keep what they promise, recomputed here without the generator's geometry."""

import csv
import json
import uuid
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from geopy.distance import great_circle
from numpy.typing import NDArray
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from directory import geography
from seed import areas as generator

REFERENCE = Path(__file__).parents[2] / "seed" / "reference"
RADIUS_KM = 6371.0088
GRID_DEGREES = 0.02
SHORE_DEGREES = 0.02
"""About 2 km: coastal towns and neighbours' borders lie that far outside the outlines."""
FLOOR = 50_000

Floats = NDArray[np.float64]
DOCUMENT: dict[str, Any] = json.loads((REFERENCE / "published_areas.json").read_text(encoding="utf-8"))
AREAS: dict[str, dict[str, Any]] = {area["id"]: area for area in DOCUMENT["areas"]}
with (REFERENCE / "places.csv").open(encoding="utf-8", newline="") as _file:
    PLACES = {row["id"]: row for row in csv.DictReader(_file)}
OUTLINES: dict[str, BaseGeometry] = {
    f["properties"]["code"]: shape(f["geometry"])
    for f in json.loads((REFERENCE / "provinces.geojson").read_text(encoding="utf-8"))["features"]
}


def vectors(lats: Floats, lons: Floats) -> Floats:
    phi, lam = np.radians(lats), np.radians(lons)
    return np.column_stack((np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)))


def kilometres(a: Floats, b: Floats) -> Floats:
    """Great-circle distances between rows, by the chord."""
    chord = np.linalg.norm(a - b, axis=1)
    return np.asarray(2 * RADIUS_KM * np.arcsin(chord / 2), dtype=np.float64)


def coordinates(rows: list[dict[str, Any]]) -> tuple[Floats, Floats]:
    return np.array([float(r["lat"]) for r in rows]), np.array([float(r["lon"]) for r in rows])


def members(area: dict[str, Any]) -> list[dict[str, Any]]:
    return [PLACES[place_id] for place_id in area["place_ids"]]


def lies_elsewhere(place: dict[str, Any]) -> bool:
    """Listed under a province that no longer has the town."""
    point = shapely.Point(float(place["lon"]), float(place["lat"]))
    return any(o.covers(point) for code, o in OUTLINES.items() if code != place["province"])


@cache
def grid(code: str, shore: float) -> tuple[Floats, Floats]:
    """Grid points within the outline, and within the shore outside it that is no other province."""
    outline = OUTLINES[code].buffer(shore)
    shapely.prepare([outline, *OUTLINES.values()])
    west, south, east, north = outline.bounds
    lons, lats = np.meshgrid(np.arange(west, east, GRID_DEGREES), np.arange(south, north, GRID_DEGREES))
    lats, lons = lats.ravel(), lons.ravel()
    corners = shapely.get_coordinates(outline)
    lats, lons = np.concatenate((lats, corners[:, 1])), np.concatenate((lons, corners[:, 0]))
    kept = shapely.intersects_xy(outline, lons, lats)
    for other, taken in OUTLINES.items():
        if other != code:
            kept &= ~shapely.intersects_xy(taken, lons, lats) | shapely.intersects_xy(OUTLINES[code], lons, lats)
    return lats[kept], lons[kept]


def test_places_are_shared_out_without_gap_or_overlap() -> None:
    owned = Counter(place_id for area in AREAS.values() for place_id in area["place_ids"])
    assert owned == Counter(PLACES.keys())
    assert all(PLACES[i]["area_id"] == area["id"] for area in AREAS.values() for i in area["place_ids"])


def test_ids_are_version_4_and_labels_unique() -> None:
    assert len(AREAS) == len(DOCUMENT["areas"])
    for area_id in AREAS:
        assert str(uuid.UUID(area_id)) == area_id
        assert uuid.UUID(area_id).version == 4
    assert len({area["label"] for area in AREAS.values()}) == len(AREAS)


def test_an_area_never_crosses_a_province() -> None:
    for area in AREAS.values():
        assert {place["province"] for place in members(area)} == {area["province"]}
        assert set(area["districts"]) == {place["district"] for place in members(area)}


@pytest.mark.parametrize("subtracted", [False, True], ids=["all towns", "without towns that lie elsewhere"])
def test_every_area_holds_the_floor(subtracted: bool) -> None:
    for area in AREAS.values():
        people = [int(p["population"]) for p in members(area) if not (subtracted and lies_elsewhere(p))]
        assert sum(people) >= FLOOR, area["label"]
        assert area["population"] >= sum(people)


def test_the_published_point_is_a_member_town_inside_its_province() -> None:
    provinces = {r["code"]: r["name"] for r in json.loads((REFERENCE / "provinces.json").read_text(encoding="utf-8"))}
    for area in AREAS.values():
        (town,) = [p for p in members(area) if (float(p["lat"]), float(p["lon"])) == (area["lat"], area["lon"])]
        assert area["label"] == f"{town['name']} area, {provinces[area['province']]}"
        assert area["district"] == town["district"]
        assert OUTLINES[area["province"]].covers(shapely.Point(area["lon"], area["lat"]))


def point_of(area: dict[str, Any]) -> Floats:
    return vectors(*coordinates([area]))


@cache
def farthest_km(shore: float) -> dict[str, float]:
    """By area, the distance from its published point to the farthest grid point whose nearest town is a member."""
    found: dict[str, float] = {}
    for code in OUTLINES:
        towns = [place for place in PLACES.values() if place["province"] == code]
        here = vectors(*grid(code, shore))
        assert len(here) > 4_000
        nearest = np.argmax(here @ vectors(*coordinates(towns)).T, axis=1)
        owners = np.array([town["area_id"] for town in towns])[nearest]
        published = np.concatenate([point_of(AREAS[town["area_id"]]) for town in towns])[nearest]
        distances = kilometres(here, published)
        found |= {str(owner): float(distances[owners == owner].max()) for owner in np.unique(owners)}
    return found


def farthest_town_km(area: dict[str, Any]) -> float:
    return float(kilometres(vectors(*coordinates(members(area))), point_of(area)).max())


@pytest.mark.parametrize("shore", [0.0, SHORE_DEGREES], ids=["outline", "shore"])
def test_reach_is_true_on_a_fine_grid(shore: float) -> None:
    """Every point of a province takes the area of its nearest town there, and lies within that area's reach."""
    farthest = farthest_km(shore)
    assert farthest.keys() == AREAS.keys()
    assert [a["label"] for a in AREAS.values() if farthest[a["id"]] > a["reach_km"]] == []


def test_reach_covers_every_member_town() -> None:
    assert [a["label"] for a in AREAS.values() if farthest_town_km(a) > a["reach_km"]] == []


def test_reach_is_not_padded() -> None:
    """Beyond the grid lies a strip along the border; a sliver of it can stretch to a corner the grid misses."""
    farthest = farthest_km(SHORE_DEGREES)
    slack = [a["reach_km"] - max(farthest[a["id"]], farthest_town_km(a)) for a in AREAS.values()]
    assert float(np.median(slack)) < 2
    assert max(slack) < 15


def test_a_shorter_reach_would_be_noticed() -> None:
    farthest = farthest_km(0.0)
    noticed = [a for a in AREAS.values() if max(farthest[a["id"]], farthest_town_km(a)) > a["reach_km"] * 0.9]
    assert len(noticed) > len(AREAS) * 0.9


def test_distances_agree_with_an_independent_library() -> None:
    area = max(AREAS.values(), key=lambda a: float(a["reach_km"]))
    expected = [great_circle((t["lat"], t["lon"]), (area["lat"], area["lon"])).km for t in members(area)]
    assert kilometres(vectors(*coordinates(members(area))), point_of(area)) == pytest.approx(expected, rel=1e-6)


def test_the_generator_writes_the_committed_files() -> None:
    generated = generator.generate()
    assert generator.areas_text(generated) == (REFERENCE / "published_areas.json").read_text(encoding="utf-8")
    assert generator.places_text(generated) == (REFERENCE / "places.csv").read_text(encoding="utf-8")


def test_the_order_of_the_gazetteer_does_not_matter() -> None:
    backwards = generator.Province("ZA-LP", tuple(reversed(geography.places())))
    expected = {a.id for a in generator.generate() if a.province == "ZA-LP"}
    assert {backwards.area(group).id for group in backwards.groups()} == expected


def test_the_report_names_its_figures() -> None:
    text = generator.report()
    assert f"areas                                 {len(AREAS)}" in text
    assert generator.figures().fewest_people >= FLOOR
