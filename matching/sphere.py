"""Distances on the sphere, for order and display alike."""

import math

import numpy as np
from numpy.typing import NDArray

RADIUS_KM = 6371.0088
"""Mean Earth radius R1 of WGS84 (IUGG)."""

KM_PER_DEGREE_OF_LATITUDE = math.pi * RADIUS_KM / 180

BANDS_KM = (25, 50, 100, 200, 400, 800)
"""Upper ends of the published distance bands."""

BANDS = ("0-25", "25-50", "50-100", "100-200", "200-400", "400-800", "800+")

Kilometres = NDArray[np.float64]


def haversine(lat: float | Kilometres, lon: float | Kilometres, lats: Kilometres, lons: Kilometres) -> Kilometres:
    """Great-circle distances in km between points in degrees (R. W. Sinnott, "Virtues of the Haversine", 1984).

    Error against the ellipsoid up to 0.5 %; rounding below a millimetre."""
    phi, phis = np.radians(lat), np.radians(lats)
    half = np.sin((phis - phi) / 2) ** 2
    half = half + np.cos(phi) * np.cos(phis) * np.sin(np.radians(lons - np.asarray(lon)) / 2) ** 2
    return np.asarray(2 * RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0))), dtype=np.float64)


def band(km: float) -> str:
    """The published band of a distance: from its lower end up to, not including, its upper end."""
    return BANDS[sum(km >= end for end in BANDS_KM)]
