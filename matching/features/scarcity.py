"""The scarcity guard: keep the few places that take a hard profile for those who need them.

Who counts: organisations with an active on-site service for the same need in the province whose eligibility alone
accepts the profile by an explicit answer."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matching.asked import Asked
from matching.columns import ANY, FEMALE, MALE, SUBSTANCES, Columns, Flags, Floats, Ints
from matching.groups import RESIDENTIAL
from matching.party import Party
from matching.rules.outcome import YES

BOY_AGE = 12
"""The guard protects places for mothers with a boy over this age, in years: where boys' caps usually end."""

FEW = 2
"""The guard protects a profile where at most so many partners of a province take it."""

MOST_PROVINCES = 64
"""Room for more than any country's provinces."""

PROFILES = ("men", "mother_with_boy", "wheelchair", "active_use")

LABELS = {
    "men": "men",
    "mother_with_boy": f"a mother with a boy over {BOY_AGE}",
    "wheelchair": "somebody in a wheelchair",
    "active_use": "somebody with active substance use",
}


@dataclass(frozen=True, slots=True)
class Partners:
    """For each row: whether its partner is one of at most two in its province that accept the profile, and how many
    accept it there; 3 stands for more."""

    among: Flags
    count: Ints


@dataclass(frozen=True, slots=True)
class Keepers:
    """Who accepts one profile, by province: how many partners (3 for more than two), and the lowest and the highest
    organisation among them. One more entry stands for no province. `few`: somewhere they are few."""

    count: Ints
    least: Ints
    most: Ints
    few: bool

    def partners(self, c: Columns) -> Partners:
        """What that means for some candidates."""
        count = self.count[c.province]
        kept = (c.organisation == self.least[c.province]) | (c.organisation == self.most[c.province])
        return Partners(kept & (count > 0) & (count <= FEW), count)


def accepts(c: Columns) -> dict[str, Flags]:
    """Which services explicitly accept each profile."""
    women = (c.gender == FEMALE) | (c.gender == ANY)
    return {
        "men": (c.gender == MALE) | (c.gender == ANY),
        "mother_with_boy": women & (c.children > 0) & (c.boy_max > BOY_AGE),
        "wheelchair": c.step_free == YES,
        "active_use": (c.substance == SUBSTANCES["active"]) | (c.substance == SUBSTANCES["detox_onsite"]),
    }


def keepers(c: Columns) -> dict[str, Keepers]:
    """Per profile, the partners of each province that accept it; `c` holds all that offer one need."""
    counted = c.active & c.on_site & (c.province >= 0)
    return {
        profile: _keepers(c.province[rows], c.organisation[rows])
        for profile, rows in ((p, counted & accepted) for p, accepted in accepts(c).items())
    }


def _keepers(province: Ints, organisation: Ints) -> Keepers:
    provinces = int(province.max(initial=-1)) + 1
    least = np.full(MOST_PROVINCES + 1, np.iinfo(np.int64).max)
    most = np.full(MOST_PROVINCES + 1, -1)
    np.minimum.at(least, province, organisation)
    np.maximum.at(most, province, organisation)
    between = (organisation != least[province]) & (organisation != most[province])
    others = np.bincount(province[between], minlength=provinces)[:provinces] > 0
    count = (most >= 0).astype(np.int64) + (most > least)
    count[:provinces] += others
    return Keepers(count, least, most, bool(((count > 0) & (count <= FEW)).any()))


def present(party: Party, step_free: bool | None, use: str | None) -> frozenset[str]:
    """The scarce profiles that a case has; what it leaves out is lacking. A boy without an adult needs a place that
    takes men as a man does: the same answer of the service decides."""
    boy = any(p.gender == "male" and p.high > BOY_AGE for p in party.accompanied)
    has = {
        "men": any(person.gender == "male" for person in party.judged),
        "mother_with_boy": boy and any(person.gender == "female" for person in party.adults),
        "wheelchair": bool(step_free),
        "active_use": use in ("active", "detox_onsite"),
    }
    return frozenset(profile for profile, there in has.items() if there)


def scarcity(asked: Asked, scarce: Mapping[str, Partners], size: int) -> Floats:
    """Subtracted from the score of the only partner in its province (.10), or of one of two (.05), that accepts men, a
    mother with a boy over 12, a wheelchair or active substance use, when the case has no such need: those few places
    are for those who do. Once, the largest."""
    worst = np.zeros(size, dtype=np.float64)
    for profile in lacking(asked):
        worst = np.maximum(worst, _penalty(asked, scarce[profile]))
    return worst


def scarcity_reason(asked: Asked, scarce: Mapping[str, Partners], row: int) -> str:
    """Which scarce profile a candidate is kept for."""
    count, profile = min((int(scarce[p].count[row]), p) for p in lacking(asked) if scarce[p].among[row])
    few = "the only partner" if count == 1 else "one of two partners"
    return f"In its province it is {few} that takes {LABELS[profile]}, which this case does not need."


def lacking(asked: Asked) -> list[str]:
    """The scarce profiles that the case does not have. The guard is for residential needs only."""
    if asked.code not in RESIDENTIAL:
        return []
    has = present(asked.party, asked.profile.step_free, asked.profile.substance)
    return [profile for profile in PROFILES if profile not in has]


def _penalty(asked: Asked, partners: Partners) -> Floats:
    size = np.where(partners.count == 1, asked.numbers.scarcity_only, asked.numbers.scarcity_one_of_two)
    return np.where(partners.among, size, 0.0)
