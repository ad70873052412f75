"""Who is in the party, read once: ages as ranges, who is a child, who judges what.

Bands keep their ends, so that a band that spans a limit is seen. A disputed age is that of a child."""

from collections.abc import Sequence
from dataclasses import dataclass

from matching.types import Member

ADULT = 18
OLDEST = 130
"""No limit: the upper end of what is not known."""

BANDS = {
    "0-5": (0, 5),
    "6-11": (6, 11),
    "12-15": (12, 15),
    "16-17": (16, 17),
    "18-24": (18, 24),
    "25-59": (25, 59),
    "60+": (60, OLDEST),
}


@dataclass(frozen=True, slots=True)
class Person:
    """One member: age from `low` to `high` years, both 0 and 130 when not said; `child` None when that is open."""

    low: int
    high: int
    age_known: bool
    gender: str | None
    trans: bool | None

    @property
    def child(self) -> bool | None:
        if not self.age_known:
            return None
        return self.high < ADULT

    @classmethod
    def of(cls, member: Member) -> "Person":
        low, high = (0, OLDEST)
        if member.age is not None:
            low = high = member.age
        elif member.age_band is not None:
            low, high = BANDS[member.age_band]
        known = member.age is not None or member.age_band is not None or member.age_disputed
        if member.age_disputed:
            low, high = min(low, ADULT - 1), min(high, ADULT - 1)
        return cls(low, high, known, member.gender, member.trans)


@dataclass(frozen=True, slots=True)
class Party:
    """The party as the rules see it. Nobody named is one person of whom nothing is said.

    `unaccompanied`: True when all are children, None when an age is missing and nobody is a known adult.
    `judged` answer to `gender` and `age`; `accompanied` (under 18, beside an adult) to `age_caps` alone."""

    size: int
    unaccompanied: bool | None
    judged: tuple[Person, ...]
    accompanied: tuple[Person, ...]

    @classmethod
    def of(cls, members: Sequence[Member]) -> "Party":
        people = tuple(Person.of(member) for member in members or (Member(),))
        ages = {person.child for person in people}
        unaccompanied = False if False in ages else None if None in ages else True
        judged = tuple(p for p in people if unaccompanied or not p.child)
        return cls(len(people), unaccompanied, judged, () if unaccompanied else tuple(p for p in people if p.child))

    @property
    def adults(self) -> tuple[Person, ...]:
        """Known adults, and those whose age nobody said."""
        return tuple(person for person in self.judged if not person.child)
