"""What somebody with a key can compute about where a place is: each attack asks the API and returns a point.

They are the attacks that undo rounding, noise and radius filters. Against an open site each of them finds the door;
that is how they are known to work. Distances are kilometres on the registry's own sphere.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import hypot
from typing import Any

from flask.testing import FlaskClient

from tests.harm.fitting import Range, level, locate
from tests.harm.places import Point, km

API = "/api/v1"
FARTHEST_KM = 800.0
EDGES_KM = {
    "0-25": 0.0,
    "25-50": 25.0,
    "50-100": 50.0,
    "100-200": 100.0,
    "200-400": 200.0,
    "400-800": 400.0,
    "800+": 800.0,
}
"""The lower end of each published band."""

PROXIMITY_KM = 100.0
"""The distance at which proximity is one half: the ruleset publishes it."""

STRIDES = 24
REPEATED = 4


@dataclass(slots=True)
class Probe:
    """Somebody's questions about one candidate. `reach_km`: of its area, which is public; `asked` counts questions.

    `rival`: an open candidate of the same need whose place everybody knows. `fine_km`: when a bisection is done.
    `others`: organisations to avoid, and `province`: to list, so that the candidate is not crowded out of the answer.
    """

    client: FlaskClient
    site_id: str
    service_site_id: str
    rival: tuple[str, str, Point]
    reach_km: float = 0.0
    fine_km: float = 0.05
    need: str = "shelter_emergency"
    others: Sequence[str] = ()
    province: str = "ZA-LP"
    asked: int = field(default=0)

    def listed(self, near: Point, **more: float) -> list[str]:
        """Ids of sites around a point, nearest first."""
        query = {
            "near": f"{near[0]:.8f},{near[1]:.8f}",
            "sort": "distance",
            "page_size": 200,
            "province": self.province,
        }
        answer = self.client.get(f"{API}/sites", query_string={**query, **more}).json
        self.asked += 1
        assert answer is not None
        return [str(site["id"]) for site in answer["items"]]

    def matched(self, near: Point, avoid: Sequence[Mapping[str, Any]] = (), **more: Any) -> list[dict[str, Any]]:
        """The candidates that are suitable or to be confirmed, each bucket in its order."""
        avoided = [*avoid, *({"organisation_id": one} for one in self.others)]
        body = {"near": _at(near), "needs": [self.need], "sort": "nearest", "limit": 50, "max_km": 20_000, **more}
        body["avoid"] = avoided
        answer = self.client.post(f"{API}/matches", json=body).json
        self.asked += 1
        assert answer is not None
        found = answer["by_need"][0]
        return [*found["suitable"], *found["confirm_by_phone"]]

    def shown(self, near: Point, **more: Any) -> dict[str, Any]:
        """The candidate as a match shows it; empty when it does not."""
        found = self.matched(near, **more)
        return next((one for one in found if one["service_site_id"] == self.service_site_id), {})

    def explained(self, near: Point) -> dict[str, Any]:
        """The explanation of the candidate."""
        body = {"near": _at(near), "needs": [self.need], "service_site_id": self.service_site_id}
        answer = self.client.post(f"{API}/matches/explanations", json=body).json
        self.asked += 1
        assert answer is not None
        return dict(answer)


Attack = Callable[[Probe, Sequence[Point]], Point]


def by_radius_of_a_list(probe: Probe, anchors: Sequence[Point]) -> Point:
    """Bisect the radius at which the site enters the list."""
    return locate(
        [
            (one, _smallest(probe, lambda most, at: probe.site_id in probe.listed(at, max_km=most), one))
            for one in anchors
        ]
    )


def by_radius_of_a_match(probe: Probe, anchors: Sequence[Point]) -> Point:
    """Bisect the radius at which the candidate enters the match."""
    return locate(
        [(one, _smallest(probe, lambda most, at: bool(probe.shown(at, max_km=most)), one)) for one in anchors]
    )


def by_avoiding(probe: Probe, anchors: Sequence[Point]) -> Point:
    """Bisect the radius of a circle to avoid at which the candidate goes; the reach of its area comes on top."""

    def is_gone(radius: float, at: Point) -> bool:
        return not probe.shown(anchors[0], avoid=[{**_at(at), "radius_km": radius}])

    return locate([(one, _smallest(probe, is_gone, one) + probe.reach_km) for one in anchors])


def by_proximity(probe: Probe, anchors: Sequence[Point]) -> Point:
    """Read the distance off the feature that a match shows."""
    return locate([(one, _distance(probe.shown(one))) for one in anchors])


def by_explanation(probe: Probe, anchors: Sequence[Point]) -> Point:
    """Read the distance off the feature that an explanation shows."""
    return locate([(one, _distance(probe.explained(one))) for one in anchors])


def by_averaging(probe: Probe, anchors: Sequence[Point]) -> Point:
    """Ask the same again and again, so that fresh noise would cancel out."""
    measured = [[_distance(probe.shown(one)) for _ in range(REPEATED)] for one in anchors]
    return locate([(one, sum(those) / REPEATED) for one, those in zip(anchors, measured, strict=True)])


def by_level_sets(probe: Probe, anchors: Sequence[Point]) -> Point:
    """Fit the score, whose other parts do not depend on where one asks from, to many points."""
    spread = [
        *anchors,
        *(_between(a, b, 0.5) for a, b in pairwise(anchors)),
        *(_between(a, b, 0.2) for a, b in pairwise(anchors)),
    ]
    return level([(one, float(probe.shown(one)["score"])) for one in spread], 0.2, PROXIMITY_KM)


def by_bands(probe: Probe, anchors: Sequence[Point]) -> Point:
    """Walk until the published band changes: there the distance is known to a hair."""

    def band(at: Point) -> str:
        return str(probe.shown(at)["distance_band"])

    ranges: list[Range] = []
    for start, end in _crossings(anchors):
        for one, other in _changes(band, start, end):
            one, other = _narrowed(probe, band, one, other)
            ranges.append((_between(one, other, 0.5), max(EDGES_KM[band(one)], EDGES_KM[band(other)])))
    return locate(ranges)


def by_order_of_a_list(probe: Probe, anchors: Sequence[Point]) -> Point:
    """Walk until the order of the site and one whose place is known turns round: there both are equally far."""

    def is_first(at: Point) -> bool:
        order = probe.listed(at)
        return order.index(probe.site_id) < order.index(probe.rival[0])

    return _by_order(probe, is_first, anchors)


def by_order_of_a_match(probe: Probe, anchors: Sequence[Point]) -> Point:
    """The same with the order of a match."""

    def is_first(at: Point) -> bool:
        order = [one["service_site_id"] for one in probe.matched(at)]
        return order.index(probe.service_site_id) < order.index(probe.rival[1])

    return _by_order(probe, is_first, anchors)


ATTACKS: Mapping[str, Attack] = {
    "radius of a list": by_radius_of_a_list,
    "radius of a match": by_radius_of_a_match,
    "radius to avoid": by_avoiding,
    "proximity of a match": by_proximity,
    "proximity of an explanation": by_explanation,
    "averaging": by_averaging,
    "level sets of the score": by_level_sets,
    "edges of the bands": by_bands,
    "order of a list": by_order_of_a_list,
    "order of a match": by_order_of_a_match,
}


def _at(point: Point) -> dict[str, Any]:
    return {"point": {"lat": point[0], "lon": point[1]}}


def _distance(shown: Mapping[str, Any]) -> float:
    value = next(float(one["value"]) for one in shown["features"] if one["name"] == "proximity")
    return PROXIMITY_KM * (1 / value - 1)


def _smallest(probe: Probe, holds: Callable[[float, Point], bool], at: Point) -> float:
    """The smallest number of kilometres from which on it holds."""
    low, high = 0.0, FARTHEST_KM
    while high - low > probe.fine_km:
        middle = (low + high) / 2
        low, high = (low, middle) if holds(middle, at) else (middle, high)
    return (low + high) / 2


def _by_order(probe: Probe, is_first: Callable[[Point], bool], anchors: Sequence[Point]) -> Point:
    ranges: list[Range] = []
    for start, end in _past(anchors, probe.rival[2]):
        for one, other in _changes(is_first, start, end):
            where = _between(*_narrowed(probe, is_first, one, other), 0.5)
            ranges.append((where, km(where, probe.rival[2])))
    return locate(ranges, apart_from=probe.rival[2])


def _past(anchors: Sequence[Point], rival: Point) -> Iterator[tuple[Point, Point]]:
    """Through every point along the line from their middle to the rival: each way passes from one to the other."""
    lat, lon = (sum(one[axis] for one in anchors) / len(anchors) for axis in (0, 1))
    apart = hypot(rival[0] - lat, rival[1] - lon)
    north, east = (rival[0] - lat) / apart, (rival[1] - lon) / apart
    far = apart + 1.5 * max(hypot(one[0] - lat, one[1] - lon) for one in anchors)
    for one in anchors:
        yield (one[0] - far * north, one[1] - far * east), (one[0] + far * north, one[1] + far * east)


def _crossings(anchors: Sequence[Point]) -> Iterator[tuple[Point, Point]]:
    """From every point to the one opposite."""
    half = len(anchors) // 2
    yield from zip(anchors[:half], anchors[half:], strict=True)


def _changes(seen: Callable[[Point], Any], start: Point, end: Point) -> Iterator[tuple[Point, Point]]:
    """Neighbouring points of a walk between which what is seen changes."""
    steps = [_between(start, end, step / STRIDES) for step in range(STRIDES + 1)]
    sights = [seen(one) for one in steps]
    for index, (before, after) in enumerate(pairwise(sights)):
        if before != after:
            yield steps[index], steps[index + 1]


def _narrowed(probe: Probe, seen: Callable[[Point], Any], one: Point, other: Point) -> tuple[Point, Point]:
    """Two points close together between which what is seen changes."""
    first = seen(one)
    while km(one, other) > probe.fine_km:
        middle = _between(one, other, 0.5)
        one, other = (middle, other) if seen(middle) == first else (one, middle)
    return one, other


def _between(one: Point, other: Point, part: float) -> Point:
    return one[0] + part * (other[0] - one[0]), one[1] + part * (other[1] - one[1])
