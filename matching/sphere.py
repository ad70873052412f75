"""Distances on the sphere, for order and display alike."""

import math
from bisect import bisect_right
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RADIUS_KM = 6371.0088
"""Mean Earth radius R1 of WGS84 (IUGG)."""

KM_PER_DEGREE_OF_LATITUDE = math.pi * RADIUS_KM / 180

BANDS_KM = (25, 50, 100, 200, 400, 800)
"""Upper ends of the published distance bands."""

BANDS = ("0-25", "25-50", "50-100", "100-200", "200-400", "400-800", "800+")

Kilometres = NDArray[np.float64]


HALF_A_DEGREE = math.pi / 360
"""In radians."""


@dataclass(frozen=True, slots=True)
class Points:
    """Points of which distances are asked again and again: half their latitudes and the cosines of those whole, in
    radians, and longitudes in degrees."""

    half_lats: Kilometres
    cosines: Kilometres
    lons: Kilometres

    @classmethod
    def of(cls, lats: Kilometres, lons: Kilometres) -> "Points":
        """Points in degrees."""
        phis = np.radians(lats)
        return cls(phis / 2, np.cos(phis), np.asarray(lons))

    def km(self, lat: float | Kilometres, lon: float | Kilometres) -> Kilometres:
        """How far each lies from a point in degrees, as `haversine` says."""
        phi = np.radians(lat)
        half = np.sin(self.half_lats - phi / 2)
        half *= half
        east = np.sin((self.lons - lon) * HALF_A_DEGREE)
        east *= east
        east = east * (np.cos(phi) * self.cosines)
        half = half + east
        np.minimum(half, 1.0, out=half)
        np.sqrt(half, out=half)
        np.arcsin(half, out=half)
        half *= 2 * RADIUS_KM
        return half


def chord(km: float) -> float:
    """The length of a distance through a sphere of radius 1."""
    return 2.0 * math.sin(min(km / (2 * RADIUS_KM), math.pi / 2))


def haversine(lat: float | Kilometres, lon: float | Kilometres, lats: Kilometres, lons: Kilometres) -> Kilometres:
    """Great-circle distances in km between points in degrees (R. W. Sinnott, "Virtues of the Haversine", 1984).

    Error against the ellipsoid up to 0.5 %; rounding below a millimetre."""
    return Points.of(lats, lons).km(lat, lon)


def band(km: float) -> str:
    """The published band of a distance: from its lower end up to, not including, its upper end."""
    return BANDS[bisect_right(BANDS_KM, km)]
