"""True locations and their twins: where the confidential places of the tests are, and where else they might be."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from directory import geography
from directory.geography import Area

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Location:
    """An address with its point, in degrees WGS84, and the town that the address names."""

    street: str
    town: str
    lat: float
    lon: float

    @property
    def address(self) -> str:
        """As a manager writes it."""
        return f"{self.street}, {self.town}"

    @property
    def point(self) -> Point:
        """Latitude and longitude."""
        return self.lat, self.lon

    @property
    def area(self) -> Area:
        """The published area."""
        place = geography.locate(self.lat, self.lon)
        assert place is not None
        return geography.areas()[place.area_id]

    def written(self) -> Mapping[str, Any]:
        """As `location` is sent."""
        return {"address": self.address, "lat": self.lat, "lon": self.lon}


@dataclass(frozen=True, slots=True)
class Hideout:
    """Where a confidential site is, another place in the same published area, and one in another."""

    home: Location
    twin: Location
    away: Location


HIDEOUTS: Mapping[str, Hideout] = {
    "haven_north": Hideout(
        home=Location("17 Kingfisher Close", "Dendron", -23.3412, 29.2873),
        twin=Location("4 Honeyguide Rise", "Alldays", -22.7134, 29.1467),
        away=Location("90 Cormorant Row", "Giyani", -23.2713, 30.6512),
    ),
    "haven_east": Hideout(
        home=Location("23 Hornbill Mews", "Giyani", -23.2746, 30.6571),
        twin=Location("61 Lourie Bend", "Mutale", -22.5147, 30.8319),
        away=Location("88 Egret Row", "Tzaneen", -23.8619, 30.2137),
    ),
    "refuge_house": Hideout(
        home=Location("31 Sunbird Crescent", "Louis Trichardt", -22.9861, 29.8417),
        twin=Location("9 Weaver Terrace", "Bochum", -23.2914, 29.1362),
        away=Location("77 Heron Row", "Musina", -22.4127, 30.1583),
    ),
    "nest_house": Hideout(
        home=Location("12 Swallow Grove", "Musina", -22.4127, 30.1583),
        twin=Location("38 Bulbul Chase", "Musina", -22.3319, 29.9716),
        away=Location("66 Ibis Row", "Alldays", -22.7134, 29.1467),
    ),
    "refuge_farm": Hideout(
        home=Location("5 Korhaan Hollow", "Morebeng", -23.4417, 29.9613),
        twin=Location("44 Francolin Yard", "Tzaneen", -23.8619, 30.2137),
        away=Location("55 Stork Row", "Polokwane", -23.8713, 29.5527),
    ),
}
"""Five confidential sites in four areas, two of them in one; no town is its area's published place but Musina."""

PUBLISHED_TOO = frozenset({"Louis Trichardt", "Musina", "Giyani", "Tzaneen", "Polokwane"})
"""Towns of true addresses that are named for other reasons: they label areas, or an open place stands there."""


def km(one: Point, other: Point) -> float:
    """Great-circle distance in kilometres."""
    lats, lons = np.array([other[0]]), np.array([other[1]])
    return float(geography.haversine_km(*one, lats, lons)[0])
