"""Fictitious names of partners, and queries that get one of them not quite right. The same seed makes the same."""

from collections.abc import Callable, Iterator
from random import Random

SYLLABLES = (
    *("ba", "ko", "mi", "tha", "ndo", "le", "zi", "mu", "ra", "sho", "khe", "lu", "pe", "vo", "si"),
    *("na", "dja", "wen", "tor", "mar", "gri", "fal", "sen", "bel", "hu", "nga", "ste", "ve", "klo"),
)
KINDS = (
    *("House", "Trust", "Clinic", "Safe House", "Haven", "Women's Shelter", "Legal Advice Centre", "Community Project"),
    *("Counselling Centre", "Police Station", "District Hospital", "Children's Home", "Foundation", "Social Services"),
)
WORDS = 6000
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def names(count: int, seed: int = 1) -> list[str]:
    """Names of one to three made-up words and what the place is, as normalised."""
    random = Random(seed)
    words = ["".join(random.choices(SYLLABLES, k=random.randint(2, 4))) for _ in range(WORDS)]
    return [
        " ".join([*random.choices(words, k=random.choice((1, 2, 2, 3))), random.choice(KINDS).lower()])
        for _ in range(count)
    ]


def queries(among: list[str], count: int, seed: int = 2) -> Iterator[tuple[str, str]]:
    """So many of each kind: what was done to the name, and what is asked."""
    random = Random(seed)
    for kind, change in CHANGES.items():
        for _ in range(count):
            yield kind, change(random.choice(among), random)


def _typo(name: str, random: Random) -> str:
    """A letter left out, put in, replaced, or exchanged with the next."""
    at, letter = random.randrange(len(name) - 1), random.choice(LETTERS)
    return random.choice(
        (
            name[:at] + name[at + 1 :],
            name[:at] + letter + name[at:],
            name[:at] + letter + name[at + 1 :],
            name[:at] + name[at + 1] + name[at] + name[at + 2 :],
        )
    )


def _initial(name: str, _random: Random) -> str:
    first, *others = name.split()
    return " ".join([first[0], *others])


def _swapped(name: str, random: Random) -> str:
    words = name.split()
    at = random.randrange(len(words) - 1)
    words[at], words[at + 1] = words[at + 1], words[at]
    return " ".join(words)


CHANGES: dict[str, Callable[[str, Random], str]] = {
    "one typo": _typo,
    "two typos": lambda name, random: _typo(_typo(name, random), random),
    "initial": _initial,
    "words swapped": _swapped,
}
