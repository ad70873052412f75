"""Matches that measure: from many points, with fine ladders of distances, for every need and every party."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from directory.exchange.hsds.taxonomies import term
from tests.harm.places import HIDEOUTS, Point
from tests.harm.replay import Grid
from tests.harm.world import CLINIC, OFFICE, World

Body = dict[str, Any]

FEW = 3
"""With fewer points to measure from, the lists are asked with fewer values of each parameter as well."""

DISTRICTS = ("DC33", "DC34", "DC35", "DC36", "DC47")
NEEDS: Sequence[Sequence[str]] = (
    ["shelter_emergency"],
    ["counselling", "shelter_second_stage", "medical_general"],
    ["child_temporary_safe_care", "forensic_exam"],
)
WOMAN: Mapping[str, Any] = {"age": 29, "gender": "female"}
CHILD: Mapping[str, Any] = {"age": 9, "gender": "male", "relation": "child"}


def doors() -> list[Point]:
    """Points at and close to where the confidential places are, or might be."""
    places = [place.point for one in HIDEOUTS.values() for place in (one.home, one.twin)]
    return places + [(lat + 0.004, lon - 0.003) for lat, lon in places]


def points(count: int) -> list[Point]:
    """Points to measure from: the true places, open ones, and a grid over the province."""
    grid = [(-25.0 + 0.37 * (i % 8), 27.2 + 0.43 * (i // 8)) for i in range(64)]
    return [*doors()[:2], OFFICE, CLINIC, *doors()[2:], *grid][:count]


def ladder(steps: int, most: float = 320.0) -> list[float]:
    """Distances in kilometres, evenly apart."""
    return [round(most * (step + 1) / steps, 3) for step in range(steps)]


def grid_of(world: World, measured: int, steps: int) -> Grid:
    """What the lists are asked, besides what their schemas say."""
    organisations = ("haven", "refuge", "nest", "guest", "ngo")
    others: dict[str, Sequence[str]] = {
        "q": ("umusa", "house", "Polokwane"),
        "province": ("ZA-LP", "ZA-GP"),
        "district": DISTRICTS,
        "service": ("shelter_emergency", "counselling", "police_report"),
        "org_type": ("shelter", "ngo"),
        "organisation_id": [world[name] for name in organisations],
        "organization_id": [world[name] for name in organisations],
        "taxonomy_term_id": [term("service", code)["id"] for code in ("shelter_emergency", "counselling")],
        "department_id": [world["haven_unit"], world["station"]],
        "person_id": [world["haven_worker"], world["ngo_worker"]],
        "updated_since": ("2026-03-11T09:20:00+00:00", "2026-03-11T10:40:00+00:00"),
        "page": ("1", "2"),
        "page_size": ("1", "200"),
        "after": ("0", "20", "100000"),
        "limit": ("3", "1000"),
        "version": ("2026.1",),
        "from": ("2026-01",),
        "to": ("2026-04",),
        "token": ("of-nobody",),
    }
    nears = [f"{lat:.4f},{lon:.4f}" for lat, lon in points(measured)]
    return Grid(nears, ladder(steps), others, most=2 if measured < FEW else 100)


def at(point: Point) -> Body:
    """A place of a request."""
    return {"point": {"lat": point[0], "lon": point[1]}}


def matches(world: World, measured: int, steps: int) -> Iterator[Body]:
    """Bodies of matches."""
    for near in [at(point) for point in points(measured)] + [{"place": "Polokwane"}, {"district": "DC34"}]:
        for sort in ("score", "nearest"):
            for needs in NEEDS:
                yield {"near": near, "needs": needs, "sort": sort, "party": [WOMAN]}
    yield from _bounded(measured, steps)
    yield from _avoiding(world, measured, steps)
    yield from parties()


def _bounded(measured: int, steps: int) -> Iterator[Body]:
    for point in points(max(1, measured // 4)):
        for most in ladder(steps):
            yield {"near": at(point), "needs": NEEDS[0], "sort": "nearest", "max_km": most, "limit": 50}
        for limit in (1, 2, 50):
            yield {"near": at(point), "needs": NEEDS[1], "limit": limit}


def _avoiding(world: World, measured: int, steps: int) -> Iterator[Body]:
    base: Body = {"near": {"place": "Polokwane"}, "needs": NEEDS[0], "limit": 50}
    for district in DISTRICTS:
        yield {**base, "avoid": [{"district": district}]}
    for name in ("haven", "refuge", "guest"):
        yield {**base, "avoid": [{"organisation_id": world[name]}]}
    yield {**base, "avoid": [{"department_id": world["haven_unit"]}]}
    for point in points(max(2, measured // 4)):
        for radius in ladder(steps):
            yield {**base, "avoid": [{**at(point), "radius_km": radius}]}


def parties() -> Iterator[Body]:
    """Matches for parties of every size."""
    base: Body = {"near": {"place": "Musina"}, "needs": ["shelter_emergency"], "stay_days": 30}
    for size in range(1, 8):
        yield {**base, "party": [WOMAN] * size}
        yield {**base, "party": [WOMAN, *[CHILD] * size], "profile": {"step_free": size % 2 == 0}}
    yield {**base, "party": [{"age": 15, "gender": "female"}], "profile": {"medical_acuity": "high"}}
    yield {**base, "when": "2026-03-14T23:30:00+02:00", "profile": {"languages": ["ven"], "time_critical": True}}


def explanations(world: World, measured: int, steps: int) -> Iterator[Body]:
    """Bodies of explanations: why, of every candidate."""
    offers = [name for name in world.ids if name.endswith(("_beds", "_talk", "_care", "_case"))]
    for name in offers:
        for point in points(max(1, measured // 4)):
            asked = {"near": at(point), "needs": ["shelter_emergency", "counselling"], "party": [WOMAN]}
            yield {**asked, "service_site_id": world[name]}
            for radius in ladder(max(1, steps // 4)):
                avoid = [{**at(doors()[0]), "radius_km": radius}]
                yield {**asked, "avoid": avoid, "max_km": radius, "service_site_id": world[name]}


def removals(world: World) -> Iterator[Body]:
    """Bodies of simulations: what if somebody, a post or a unit goes."""
    for name in world.ids:
        kind = next((one for suffix, one in GOING.items() if name.endswith(suffix)), None)
        if kind is not None:
            yield {"remove": [{"type": kind, "id": world[name]}]}


GOING: Mapping[str, str] = {"_worker": "person", "_post": "post", "_unit": "department"}
