"""Points from measurements: least squares on the sphere, from many starts."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from directory.geography import haversine_km
from tests.harm.places import Point, km

Range = tuple[Point, float]
"""A point and the kilometres measured from it."""

Floats = NDArray[np.float64]
STEP = 1e-6
ROUNDS = 40
SIDE = 13
STARTS = 24
APART_KM = 1.0


def locate(ranges: Sequence[Range], apart_from: Point | None = None) -> Point:
    """The point that fits distances from known points; not the mirror image that is known to be somebody else's."""
    lats, lons, measured = _columns(ranges)

    def misfit(at: Floats) -> Floats:
        return np.asarray(haversine_km(at[0], at[1], lats, lons) - measured, dtype=np.float64)

    best = _best(misfit, lats, lons, apart_from)
    return float(best[0]), float(best[1])


def level(scores: Sequence[tuple[Point, float]], weight: float, half_km: float) -> Point:
    """The point that fits scores weight / (1 + distance / half_km) + c, with c as unknown as the point."""
    lats, lons, measured = _columns(scores)

    def misfit(at: Floats) -> Floats:
        near = weight / (1 + haversine_km(at[0], at[1], lats, lons) / half_km)
        rest = measured - near
        return np.asarray((rest - rest.mean()) * 1000, dtype=np.float64)

    best = _best(misfit, lats, lons)
    return float(best[0]), float(best[1])


def _columns(measured: Sequence[tuple[Point, float]]) -> tuple[Floats, Floats, Floats]:
    points = np.array([point for point, _ in measured], dtype=np.float64)
    return points[:, 0], points[:, 1], np.array([value for _, value in measured], dtype=np.float64)


def _best(misfit: Callable[[Floats], Floats], lats: Floats, lons: Floats, apart_from: Point | None = None) -> Floats:
    """The best of Gauss-Newton from a grid of starts around the measuring points."""
    grid = [
        np.array([lat, lon])
        for lat in np.linspace(lats.min() - 1, lats.max() + 1, SIDE)
        for lon in np.linspace(lons.min() - 1, lons.max() + 1, SIDE)
    ]
    starts = sorted(grid, key=lambda at: float((misfit(at) ** 2).sum()))[:STARTS]
    ends = [_refined(misfit, start) for start in starts]
    if apart_from is not None:
        others = [end for end in ends if km((float(end[0]), float(end[1])), apart_from) > APART_KM]
        ends = others or ends
    return min(ends, key=lambda at: float((misfit(at) ** 2).sum()))


def _refined(misfit: Callable[[Floats], Floats], start: Floats) -> Floats:
    at = start
    for _ in range(ROUNDS):
        here = misfit(at)
        slopes = np.stack([(misfit(at + step) - here) / STEP for step in np.eye(2) * STEP], axis=1)
        move, *_rest = np.linalg.lstsq(slopes, -here, rcond=None)
        size = float(np.abs(move).max())
        at = at + move * min(1.0, 0.5 / size if size else 1.0)
        if size < STEP / 10:
            break
    return at
