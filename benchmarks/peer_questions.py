"""Questions of four kinds for the index and its peers: by how much they rule out, from places by population."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from benchmarks.worlds import NOW
from directory import geography
from matching.types import Case, Member, Near, Profile

CALM = Profile(mental_acuity="low", medical_acuity="low", substance="none")
WOMAN = Member(age=27, gender="female")
KINDS: dict[str, tuple[tuple[str, ...], tuple[Member, ...], Profile, int | None]] = {
    "low": (("shelter_emergency",), (WOMAN,), CALM, None),
    "mid": (
        ("shelter_emergency", "counselling", "legal_advice"),
        (WOMAN, Member(age=9, gender="male", relation="child")),
        replace(CALM, languages=("amh", "eng"), language_required=True, has_id=False),
        30,
    ),
    "high": (
        ("shelter_emergency",),
        (WOMAN, Member(age=13, gender="male", relation="child")),
        replace(CALM, pregnant=True, languages=("fra",), step_free=True, undocumented=True),
        30,
    ),
    "support": (("counselling",), (WOMAN,), replace(CALM, languages=("zul",)), None),
}
"""What is asked: needs, party, profile, days of stay. The first three rule out more and more shelters."""
NEEDS = ("shelter_emergency", "counselling")


def questions(kind: str, count: int, seed: int) -> Iterator[Case]:
    """Cases of a kind, from places by population."""
    random = np.random.default_rng(seed)
    places = geography.places()
    people = np.array([max(place.population, 1) for place in places], dtype=np.float64)
    needs, party, profile, stay = KINDS[kind]
    for place in random.choice(len(places), count, p=people / people.sum()).tolist():
        where = places[place]
        near = Near(where.name, where.lat, where.lon, where.province, where.district, where.id)
        yield Case(near, needs, NOW, NOW, party=party, profile=profile, stay_days=stay)
