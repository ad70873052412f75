"""Who is one person: names and numbers made comparable, and records of one person joined.

The registry may list one person several times, under several roles or organisations. Counting such records as
several contacts would hide a dependence on one person, so two records are one person when the names are alike
AND a number or an address is equal. Neither alone is enough: names repeat, and colleagues share a telephone.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz import fuzz

NAME_ALIKE = 85.0
"""Least rapidfuzz WRatio (0 to 100) of two names of one person. WRatio finds names with two typing errors and
initials ("T Nkosi"); 85 keeps siblings apart ("Thabo" and "Sipho Mokoena" reach 77)."""

SHARED_AT_MOST = 50
"""Records on one number that are still compared name by name. A number with more is a switchboard: there only
equal names are joined, which keeps the work near-linear in the number of people."""

COUNTRY = "27"
"""Calling code of South Africa: a national number 0XX is read as +27 XX."""


def plain_name(name: str) -> str:
    """The name without accents, case, dots and surplus white space: rapidfuzz keeps all of them."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(bare.replace(".", " ").casefold().split())


def plain_value(value: str) -> str:
    """A number as its digits with the country's code, an address without case: equal when they reach one device."""
    if value.isascii() and value[:1] == "+" and value[1:].isdigit():
        return value[1:]
    text = unicodedata.normalize("NFKC", value).strip()
    if "@" in text:
        return text.casefold()
    digits = "".join(c for c in text if c.isdecimal())
    if text.startswith("+") or not digits:
        return digits or text.casefold()
    if digits.startswith("00"):
        return digits[2:]
    return COUNTRY + digits[1:] if digits.startswith("0") and len(digits) == 10 else digits


def alike(one: str, other: str) -> bool:
    """Whether two plain names may be two spellings of one name."""
    return one == other or fuzz.WRatio(one, other, score_cutoff=NAME_ALIKE) > 0


class Groups:
    """Disjoint sets with path halving: the connected components of whatever was joined."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def find(self, item: str) -> str:
        parent = self._parent
        root = parent.setdefault(item, item)
        while root != parent[root]:
            parent[root] = parent[parent[root]]
            root = parent[root]
        return root

    def join(self, one: str, other: str) -> None:
        """The lower identifier becomes the root, so the result does not depend on the order of the input."""
        low, high = sorted((self.find(one), self.find(other)))
        self._parent[high] = low


def identities(names: Mapping[str, str], values: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """For each person's id the id that stands for all records of that person (the lowest of them).

    `names` are plain names by person id, `values` the plain numbers and addresses of each. Names are compared only
    among records that share a value.
    """
    sharing: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for person, own in values.items():
        for value in set(own):
            sharing[value].append((names.get(person, ""), person))
    groups = together(sharing.values())
    return {person: groups.find(person) for person in names}


def together(sharing: Iterable[Sequence[tuple[str, str]]]) -> Groups:
    """Who is one person. `sharing`: the plain names and ids of all who share a value, for each value."""
    groups = Groups()
    for people in sharing:
        if len(people) > 1:
            _join_alike(people, groups)
    return groups


def _join_alike(people: Sequence[tuple[str, str]], groups: Groups) -> None:
    by_name: dict[str, str] = {}
    for name, person in sorted(people):
        if not name:
            continue
        if name in by_name:
            groups.join(by_name[name], person)
        else:
            by_name[name] = person
    if len(by_name) > SHARED_AT_MOST:
        return
    distinct = list(by_name)
    for place, one in enumerate(distinct):
        for other in distinct[place + 1 :]:
            if alike(one, other):
                groups.join(by_name[one], by_name[other])
