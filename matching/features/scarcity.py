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

PROFILES = ("men", "mother_with_boy", "wheelchair", "active_use")

LABELS = {
    "men": "men",
    "mother_with_boy": f"a mother with a boy over {BOY_AGE}",
    "wheelchair": "somebody in a wheelchair",
    "active_use": "somebody with active substance use",
}


@dataclass(frozen=True, slots=True)
class Partners:
    """For each row: whether its partner accepts the profile in its province, and how many partners there do."""

    among: Flags
    count: Ints

    def take(self, rows: Ints | Flags) -> "Partners":
        """The same for some rows."""
        return Partners(self.among[rows], self.count[rows])


def accepts(c: Columns) -> dict[str, Flags]:
    """Which services explicitly accept each profile."""
    women = (c.gender == FEMALE) | (c.gender == ANY)
    return {
        "men": (c.gender == MALE) | (c.gender == ANY),
        "mother_with_boy": women & (c.children > 0) & (c.boy_max > BOY_AGE),
        "wheelchair": c.step_free == YES,
        "active_use": (c.substance == SUBSTANCES["active"]) | (c.substance == SUBSTANCES["detox_onsite"]),
    }


def scarce_partners(c: Columns) -> dict[str, Partners]:
    """Per profile, who is among the partners of the province that accept it; `c` holds all that offer one need."""
    counted = c.active & c.on_site & (c.province >= 0)
    provinces = int(c.province.max(initial=-1)) + 1
    partner = c.organisation * max(provinces, 1) + c.province
    found = {}
    for profile, accepted in accepts(c).items():
        distinct = np.unique(partner[counted & accepted])
        counts = np.bincount(distinct % max(provinces, 1), minlength=provinces + 1).astype(np.int64)
        among = (c.province >= 0) & np.isin(partner, distinct)
        found[profile] = Partners(among, counts[c.province])
    return found


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
    return np.where(partners.among & (partners.count <= 2), size, 0.0)
