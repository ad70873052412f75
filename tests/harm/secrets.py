"""What must never be read of the confidential organisations of the world, and where it is looked for."""

import re
from collections.abc import Iterable, Sequence

from tests.harm.places import HIDEOUTS, PUBLISHED_TOO, Location
from tests.harm.world import CERTIFICATES, NPO_NUMBERS

LOCATIONS: Sequence[Location] = [place for one in HIDEOUTS.values() for place in (one.home, one.twin, one.away)]


def door(place: Location) -> list[str]:
    """Patterns of a true location: its street, its town, its coordinates to three decimals (a hundred metres)."""
    towns = [] if place.town in PUBLISHED_TOO else [place.town]
    numbers = [f"{value:.4f}"[:-1] for value in place.point]
    return [place.street.split(" ", 1)[1], *towns, *numbers]


DOORS = sorted({said for place in LOCATIONS for said in door(place)})
NUMBERS = [*NPO_NUMBERS.values(), *CERTIFICATES.values()]


def found(text: str, secrets: Iterable[str], asked: str = "") -> list[str]:
    """The secrets that stand in a text, but for those that the asker said. The seconds of a time are no coordinate."""
    there = [one for one in secrets if one in text and one not in asked]
    return [one for one in there if re.search(rf"(?<![\d.])(?<!\d:){re.escape(one)}", text)]
