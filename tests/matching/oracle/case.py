"""The request read as a case: the party, what it says of itself, what it avoids. None is "not said"."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tests.matching.oracle import clock

AGE_BANDS = {
    "0-5": (0, 5),
    "6-11": (6, 11),
    "12-15": (12, 15),
    "16-17": (16, 17),
    "18-24": (18, 24),
    "25-59": (25, 59),
    "60+": (60, 130),
}
ADULT = 18
DEFAULT_LIMIT = 10


@dataclass(frozen=True)
class Member:
    """One person of the party. `ages`: the youngest and oldest the person can be; None when not said."""

    ages: tuple[int, int] | None
    gender: str | None
    trans: bool | None

    @property
    def child(self) -> bool:
        """Certainly under 18."""
        return self.ages is not None and self.ages[1] < ADULT

    @property
    def adult(self) -> bool:
        """Certainly 18 or over."""
        return self.ages is not None and self.ages[0] >= ADULT


@dataclass(frozen=True)
class Case:
    """What is asked, stated without the person."""

    members: tuple[Member, ...]
    profile: dict[str, Any]
    when: datetime
    stay_days: int | None
    max_km: float | None
    sort: str
    limit: int

    def says(self, name: str) -> Any:
        """A field of the profile; None when left out."""
        return self.profile.get(name)

    @property
    def unaccompanied(self) -> bool | None:
        """Only children (a disputed age is a child); None when a missing age could make it so or not."""
        if all(m.child for m in self.members):
            return True
        return False if any(m.adult for m in self.members) else None

    @property
    def judged(self) -> list[Member]:
        """Those whose own gender and age a service judges: all but accompanied children."""
        return [m for m in self.members if self.unaccompanied or not m.child]

    @property
    def accompanied_children(self) -> list[Member]:
        """Those judged by what the service says of children with an adult."""
        return [] if self.unaccompanied else [m for m in self.members if m.child]

    def reads(self, need: str) -> str:
        """A child alone who needs a bed tonight needs temporary safe care."""
        return "child_temporary_safe_care" if need == "shelter_emergency" and self.unaccompanied else need


def _member(told: dict[str, Any]) -> Member:
    ages = None
    if told.get("age") is not None:
        ages = (told["age"], told["age"])
    elif told.get("age_band"):
        ages = AGE_BANDS[told["age_band"]]
    if told.get("age_disputed"):
        low, high = ages or (0, ADULT - 1)
        ages = (min(low, ADULT - 1), min(high, ADULT - 1))
    return Member(ages, told.get("gender"), told.get("trans"))


def read(request: dict[str, Any], clock_now: datetime) -> Case:
    """The case of a request. A party that is not said is one person of whom nothing is said."""
    when = request.get("when")
    return Case(
        members=tuple(_member(m) for m in request.get("party") or [{}]),
        profile=request.get("profile") or {},
        when=clock_now if when is None else datetime.fromisoformat(when),
        stay_days=request.get("stay_days"),
        max_km=request.get("max_km"),
        sort=request.get("sort") or "score",
        limit=request.get("limit") or DEFAULT_LIMIT,
    )


def local_day(when: datetime) -> date:
    """The Johannesburg date of an instant."""
    return when.astimezone(clock.JOHANNESBURG).date()
