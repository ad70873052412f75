"""One need of one case, in the terms of the columns: what every rule and feature is asked."""

from dataclasses import dataclass
from typing import Literal

from matching.bits import Words
from matching.columns import Flags, Ints
from matching.party import Party
from matching.types import Circle, Profile

Group = Literal["residential", "emergency", "statutory", "support"]


@dataclass(frozen=True, slots=True)
class Numbers:
    """The thresholds of a ruleset; their reasons stand where the ruleset names them."""

    fresh_days: int
    capacity_hours: float
    half_life_hours: float
    distance_scale_km: float
    proximity_remote: float
    capacity_not_applicable: float
    language_interpreter: float
    language_unknown: float
    stay_unknown: float
    robust_contacts: int
    same_place_km: float
    scarcity_only: float
    scarcity_one_of_two: float


@dataclass(frozen=True, slots=True)
class AvoidCodes:
    """What to avoid, as row numbers and bits; `any_district` holds even where no row knows the district."""

    districts: Words
    circles: tuple[Circle, ...]
    organisations: Ints
    units: Ints
    any_district: bool

    @property
    def anything(self) -> bool:
        """Whether there is anything to avoid."""
        return bool(self.any_district or self.circles or len(self.organisations) or len(self.units))


@dataclass(frozen=True, slots=True)
class Asked:
    """`code` is the need as it is read (`read_as` applied). `now_us`: microseconds; `day`: ordinal of
    the Johannesburg date of `when`; `open_weeks`: which opening weeks are open then."""

    code: str
    party: Party
    profile: Profile
    numbers: Numbers
    now_us: int
    day: int
    open_weeks: Flags
    languages: Words
    province: Words
    district: Words
    avoid: AvoidCodes
    stay_days: int | None
