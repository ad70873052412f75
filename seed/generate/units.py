"""Department units and desks: where they sit, what they are competent for, and the services they give."""

from dataclasses import dataclass, replace

from seed.generate.draw import Draw
from seed.generate.geography import District, Place
from seed.generate.government import short
from seed.generate.kinds import NATIONAL, Kind
from seed.generate.kinds_local import DISTRICT, PROVINCIAL, STATION
from seed.generate.sites import NewSite, Sites
from seed.generate.statutory import Competence, StatutoryServices
from seed.generate.world import Office, Record, World, slug, verified

NATIONWIDE: Record = {"scope": "national", "codes": []}
NATIONAL_SEAT = ("ZA-GP", "Pretoria")
NATIONAL_HOME = {
    "OTHER": {"dbe_care": "org-dbe", "women_secretariat": "org-dwypd", "transport_inspectorate": "org-dot"}
}
HOME = {
    "SAPS": "org-saps",
    "DPCI": "org-dpci",
    "NPA": "org-npa",
    "DOJCD": "org-dojcd",
    "DHA": "org-dha",
    "DEL": "org-del",
    "SARS": "org-sars",
    "MAGISTRATES": "org-magistrates",
    "BMA": "org-bma",
    "LEGAL_AID": "org-legal-aid",
    "DIRCO": "org-dirco",
}


TERTIARY = 9
"""The first nine hospitals stand in the provincial capitals and serve the province."""

ALSO_SERVED = {
    "ZA-LP": ["ZA-MP"],
    "ZA-GP": ["ZA-NW", "ZA-FS"],
    "ZA-WC": ["ZA-NC"],
    "ZA-KZN": [],
    "ZA-EC": [],
}
"""Provinces without a refugee reception office go to a neighbour's (the division is ours)."""


@dataclass(frozen=True)
class NewUnit:
    kind: Kind
    key: str
    organisation: str
    level: str
    area: str
    town: Place
    serves: Record
    province: str | None = None
    district: str | None = None
    size: str = ""
    """`district`, `regional` or `tertiary` for a hospital."""
    beside: str | None = None
    """The unit in whose building it sits."""


class Units:
    """Adds units one by one, each with its site and its services."""

    def __init__(self, world: World, sites: Sites) -> None:
        self._world = world
        self._sites = sites
        self._draw = Draw("units")
        self._services = StatutoryServices(world)
        self.kinds: dict[str, Kind] = {}
        self._site_of: dict[str, str | None] = {}

    def add(self, new: NewUnit) -> Office:
        name = new.kind.name.format(area=new.area, town=new.area)
        site = self._site_of[new.beside] if new.beside else self._site(new, name)
        self._site_of[new.key] = site
        self._world.add(
            "departments",
            new.key,
            organisation=new.organisation,
            name=name,
            level=new.level,
            serves=new.serves,
            functions=list(new.kind.functions),
            site=site,
            typical_wait_days=self._wait(new.kind),
            verified_at=verified(self._draw),
        )
        office = Office(
            type="department",
            key=new.key,
            organisation=new.organisation,
            name=name,
            code=new.kind.code,
            domain=f"{new.organisation.removeprefix('org-')}.example",
            level=new.level,
            province=new.province,
            district=new.district,
            place=new.town,
            functions=list(new.kind.functions),
        )
        self._world.offices[new.key] = office
        self.kinds[new.key] = new.kind
        self._services.add(office, new.kind, Competence(new.area, new.serves, site, new.size))
        return office

    def _site(self, new: NewUnit, name: str) -> str | None:
        if new.level == "national" and self._draw.chance(0.3):
            return None
        shown = None if new.town.name in name else f"{name}, {new.town.name}"
        return self._sites.add(NewSite(f"site-{new.key.removeprefix('dep-')}", new.organisation, new.town, shown))

    def _wait(self, kind: Kind) -> int | None:
        if kind.wait_days is None or self._draw.chance(0.35):
            return None
        return self._draw.between(*kind.wait_days)


def add_national(world: World, units: Units) -> None:
    seat = world.geography.town(*NATIONAL_SEAT)
    for nick, kind in NATIONAL.items():
        home = NATIONAL_HOME.get(kind.code, {}).get(nick) or HOME.get(kind.code) or f"org-{kind.code.lower()}"
        units.add(NewUnit(kind, f"dep-{nick.replace('_', '-')}", home, "national", "", seat, NATIONWIDE))
    secretariat = replace(STATION["secretariat"], name="National Secretariat")
    units.add(NewUnit(secretariat, "dep-committee", "org-committee", "national", "", seat, NATIONWIDE))


def home_of(kind: Kind, province: str) -> str:
    """Social development and health are provincial departments; the others are national ones."""
    return HOME.get(kind.code) or f"org-{kind.code.lower()}-{short(province)}"


def add_provincial(world: World, units: Units, capitals: dict[str, Place]) -> None:
    for code, name in world.geography.provinces.items():
        serves = {"scope": "province", "codes": [code]}
        for nick, kind in PROVINCIAL.items():
            key = f"dep-{nick.replace('_', '-')}-{short(code)}"
            units.add(NewUnit(kind, key, home_of(kind, code), "provincial", name, capitals[code], serves, code))
        team = f"org-task-team-{short(code)}"
        for nick in ("secretariat", "rapid_response"):
            key = f"dep-{nick.replace('_', '-')}-{short(code)}"
            units.add(NewUnit(STATION[nick], key, team, "provincial", name, capitals[code], serves, code))


def add_districts(world: World, units: Units) -> None:
    for district in world.geography.districts:
        seat = world.geography.seat(district)
        for nick, kind in DISTRICT.items():
            key = f"dep-{nick.replace('_', '-')}-{district.code.lower()}"
            unit = _local(kind, key, "district", district, seat, district.name)
            beside = f"dep-dsd-district-{district.code.lower()}" if nick == "dsd_placement" else None
            units.add(replace(unit, beside=beside))


def add_stations(world: World, units: Units, towns: dict[str, list[Place]]) -> None:
    """Offices of one building: `towns` says where each kind stands, the more important town first."""
    for nick, places in towns.items():
        kind = STATION[nick]
        seats = {world.geography.seat(district).id for district in world.geography.districts}
        for rank, town in enumerate(places):
            district = world.geography.district(town.district)
            key = world.free_key("departments", f"dep-{nick.replace('_', '-')}-{slug(town.name)}")
            unit = _local(kind, key, "station_site", district, town, town.name)
            if nick == "hospital":
                size = "tertiary" if rank < TERTIARY else "regional" if town.id in seats else "district"
                unit = replace(unit, size=size)
            if unit.size == "tertiary":
                unit = replace(unit, serves={"scope": "province", "codes": [town.province]})
            if nick == "refugee_office":
                unit = replace(
                    unit, serves={"scope": "province", "codes": [town.province, *ALSO_SERVED[town.province]]}
                )
            units.add(unit)


def add_ports(world: World, units: Units, ports: list[tuple[str, Place]]) -> None:
    """Ports of entry deal with whoever crosses there, from whatever province."""
    for name, town in ports:
        district = world.geography.district(town.district)
        unit = _local(STATION["port"], f"dep-port-{slug(name)}", "station_site", district, town, name)
        units.add(replace(unit, serves=NATIONWIDE))


def _local(kind: Kind, key: str, level: str, district: District, town: Place, area: str) -> NewUnit:
    return NewUnit(
        kind,
        key,
        home_of(kind, district.province),
        level,
        area,
        town,
        {"scope": "district", "codes": [district.code]},
        district.province,
        district.code,
    )
