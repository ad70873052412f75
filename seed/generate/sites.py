"""Sites and their invented addresses."""

from dataclasses import dataclass

from seed.generate.draw import Draw
from seed.generate.geography import Place, Ring, kilometres
from seed.generate.world import World, verified

STREETS = (
    "Kremetart Lapa Sunbird Mispel Karee Umsinsi Granaat Hadeda Impepho Tambotie Vlei Mosala Kiewiet Marabou "
    "Assegaai Nkomo Setlhare Duiker Boekenhout Weavers Ferry Mill Chapel Station Market Reservoir Quarry Dairy"
)
WAYS = "Street Street Street Road Road Avenue Lane Drive Crescent Close"

METRO_POPULATION = 200_000
TOWN = Ring(0.2, 2.5)
METRO = Ring(0.8, 9.0)
HIDDEN = Ring(1.5, 7.0)
APART_KM = 1.5
"""An open site stands farther than this from its organisation's confidential one (the registry asks for 1 km)."""


@dataclass(frozen=True)
class NewSite:
    key: str
    organisation: str
    place: Place
    name: str | None = None
    confidential: bool = False
    away_from: tuple[float, float] | None = None
    closed: bool = False


class Sites:
    """Places sites near towns and remembers where they stand."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._draw = Draw("sites")
        self.points: dict[str, tuple[float, float]] = {}

    def add(self, new: NewSite) -> str:
        point = self._point(new)
        self.points[new.key] = point
        street = f"{self._draw.between(1, 340)} {self._draw.pick(STREETS.split())} {self._draw.pick(WAYS.split())}"
        return self._world.add(
            "sites",
            new.key,
            organisation=new.organisation,
            name=None if new.confidential else new.name,
            confidential=new.confidential,
            location={"address": f"{street}, {new.place.name}", "lat": point[0], "lon": point[1]},
            verified_at=verified(self._draw),
            status="closed" if new.closed else None,
        )

    def _point(self, new: NewSite) -> tuple[float, float]:
        ring = HIDDEN if new.confidential else METRO if new.place.population > METRO_POPULATION else TOWN
        while True:
            point = self._world.geography.point_near(new.place, ring, self._draw)
            if new.away_from is None or kilometres(point, new.away_from) > APART_KM:
                return point
            ring = METRO
