"""Which towns have which offices: clustered by population, and never only where it is easy to be."""

from seed.generate.geography import Geography, Place

CAPITALS = {
    "ZA-EC": ("Bhisho", "Qonce", "East London"),
    "ZA-FS": ("Bloemfontein",),
    "ZA-GP": ("Johannesburg",),
    "ZA-KZN": ("Pietermaritzburg",),
    "ZA-LP": ("Polokwane",),
    "ZA-MP": ("Mbombela", "Nelspruit"),
    "ZA-NC": ("Kimberley",),
    "ZA-NW": ("Mahikeng", "Mafikeng", "Mmabatho"),
    "ZA-WC": ("Cape Town",),
}
PORTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Beitbridge Port of Entry", "ZA-LP", ("Musina",)),
    ("Groblersbrug Port of Entry", "ZA-LP", ("Lephalale",)),
    ("Lebombo Port of Entry", "ZA-MP", ("Komatipoort",)),
    ("Oshoek Port of Entry", "ZA-MP", ("Lothair", "Chrissiesmeer")),
    ("Mananga Port of Entry", "ZA-MP", ("Kamhlushwa", "Malelane")),
    ("Golela Port of Entry", "ZA-KZN", ("Pongola",)),
    ("Kosi Bay Port of Entry", "ZA-KZN", ("Manguzi",)),
    ("Durban Harbour", "ZA-KZN", ("Durban",)),
    ("King Shaka International Airport", "ZA-KZN", ("Tongaat",)),
    ("Maseru Bridge Port of Entry", "ZA-FS", ("Ladybrand",)),
    ("Ficksburg Bridge Port of Entry", "ZA-FS", ("Ficksburg",)),
    ("Qacha's Nek Port of Entry", "ZA-EC", ("Matatiele", "Maluti")),
    ("Ramatlabama Port of Entry", "ZA-NW", ("Mahikeng", "Mafikeng", "Mmabatho")),
    ("Kopfontein Port of Entry", "ZA-NW", ("Zeerust",)),
    ("Nakop Port of Entry", "ZA-NC", ("Upington",)),
    ("Vioolsdrift Port of Entry", "ZA-NC", ("Springbok",)),
    ("O. R. Tambo International Airport", "ZA-GP", ("Boksburg", "Germiston")),
    ("Cape Town International Airport", "ZA-WC", ("Cape Town",)),
)
REFUGEE_OFFICES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ZA-LP", ("Musina",)),
    ("ZA-GP", ("Pretoria",)),
    ("ZA-KZN", ("Durban",)),
    ("ZA-WC", ("Cape Town",)),
    ("ZA-EC", ("Gqeberha",)),
)
ALWAYS: dict[str, tuple[str, ...]] = {
    "ZA-LP": ("Musina", "Louis Trichardt", "Thohoyandou", "Tzaneen", "Mokopane", "Phalaborwa", "Burgersfort"),
    "ZA-MP": ("Komatipoort", "Malelane", "Emalahleni"),
    "ZA-WC": ("Paarl", "Stellenbosch", "George", "Saldanha"),
    "ZA-GP": ("Soweto", "Centurion", "Randburg", "Thembisa", "Diepsloot"),
    "ZA-KZN": ("Richards Bay", "Pongola", "Kokstad"),
    "ZA-NW": ("Zeerust", "Brits"),
    "ZA-FS": ("Ladybrand", "Ficksburg", "Harrismith"),
    "ZA-EC": ("Mthatha", "Matatiele", "Queenstown", "Komani"),
    "ZA-NC": ("Upington", "Springbok", "De Aar"),
}
"""Towns on the routes that people are taken along; a network has its people there."""

SHARES = {"ZA-EC": 8, "ZA-FS": 6, "ZA-GP": 10, "ZA-KZN": 9, "ZA-LP": 11, "ZA-MP": 8, "ZA-NC": 5, "ZA-NW": 6,
          "ZA-WC": 9}  # fmt: skip
"""Police stations with a desk, by province: roughly by population, the border provinces somewhat more."""


def capitals(geography: Geography) -> dict[str, Place]:
    return {code: geography.town(code, *names) for code, names in CAPITALS.items()}


def ports(geography: Geography) -> list[tuple[str, Place]]:
    return [(name, geography.town(province, *towns)) for name, province, towns in PORTS]


def station_towns(geography: Geography) -> dict[str, list[Place]]:
    """Towns for each kind of office of one building."""
    important = {code: important_towns(geography, code) for code in geography.provinces}
    first = list(capitals(geography).values())
    hospitals = first + [
        town for code, towns in important.items() for town in towns[: SHARES[code] * 3 // 4] if town not in first
    ]
    return {
        "saps_station": [town for code, towns in important.items() for town in towns[: SHARES[code]]],
        "hospital": hospitals,
        "court": [geography.seat(district) for district in geography.districts],
        "legal_aid_local": [town for code, towns in important.items() for town in towns[: SHARES[code] // 3]],
        "refugee_office": [geography.town(code, *names) for code, names in REFUGEE_OFFICES],
    }


def care_centre_towns(geography: Geography) -> list[Place]:
    """Two a province, in its two largest towns of different districts."""
    chosen = []
    for code in geography.provinces:
        towns = geography.towns(code)
        other = next(town for town in towns if town.district != towns[0].district)
        chosen += [towns[0], other]
    return chosen


def important_towns(geography: Geography, province: str) -> list[Place]:
    """Towns in order: the seat of each district, the route towns, then by population; each town once."""
    towns = geography.towns(province)
    seats = [geography.seat(district) for district in geography.districts if district.province == province]
    routes = [town for name in ALWAYS[province] for town in towns if town.name == name]
    ordered = dict.fromkeys([*[seat for seat in seats if seat in towns], *routes, *towns])
    return list(ordered)
