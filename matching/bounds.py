"""The most that each feature can be anywhere in a block: what a block cannot reach, none of its rows can.

A bound may be loose, never low. A feature without one here counts as 1."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matching.asked import Asked
from matching.bits import Words
from matching.blocks import Blocks
from matching.columns import MICROSECONDS_AN_HOUR, NEVER, Flags, Floats, Ints
from matching.groups import RESIDENTIAL
from matching.passing import shared, worth
from matching.rulesets.ruleset import Ruleset
from matching.shelf import Hour, Shelf

SLACK = 1e-9
"""By how much a bound is wider than the sum of its parts, against rounding; scores lie between -1 and 1."""


Bound = Floats | float
"""For each block, or the same for all."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Some blocks of those that hold somebody who offers the need, as one question sees them. `some`: their places
    there; `words`: the rows in question of each; `others`: the bits of the other needs, None for one that nobody
    offers; `least_km`: how far their local rows lie off at least; `hour`: where all rows in question are suitable by
    the clock; `robust`: who has one contact at least, who two, None if that is not known; `linked`: in whose blocks the
    asker has a link."""

    asked: Asked
    blocks: Blocks
    shelf: Shelf
    some: Ints
    words: Words
    others: Sequence[int | None]
    least_km: Floats
    hour: Hour | None
    robust: Words | None
    linked: Flags | None

    @property
    def at(self) -> Ints:
        """The blocks, by their number."""
        return self.shelf.at[self.some]


def service_fit(seen: Seen) -> Bound:
    """As many of the other needs as the block's rows in question cover between them."""
    if not seen.others:
        return 1.0
    covered = np.zeros(len(seen.some))
    for bit in seen.others:
        if bit is not None:
            covered += (seen.shelf.covering(bit)[seen.some] & seen.words) != 0
    return covered / len(seen.others)


def proximity(seen: Seen) -> Bound:
    """That of the nearest point of the block, or that of a remote row."""
    numbers = seen.asked.numbers
    near = 1.0 / (1.0 + np.maximum(seen.least_km, 0.0) / numbers.distance_scale_km)
    return np.asarray(np.maximum(near, seen.shelf.other[seen.some] * numbers.proximity_remote), dtype=np.float64)


def capacity_freshness(seen: Seen) -> Bound:
    """That of the latest count in the block."""
    numbers = seen.asked.numbers
    if seen.asked.code not in RESIDENTIAL:
        return numbers.capacity_not_applicable
    if seen.hour is not None:
        return worth(seen.hour, seen.asked)[seen.some]
    as_of = seen.blocks.as_of[seen.at]
    hours = np.maximum(seen.asked.now_us - as_of, 0) / MICROSECONDS_AN_HOUR
    return np.where(as_of == NEVER, 0.0, np.power(0.5, hours / numbers.half_life_hours))


def language(seen: Seen) -> Bound:
    """1 where anybody in question shares a language, else that of an interpreter."""
    numbers = seen.asked.numbers
    if not seen.asked.profile.languages:
        return 1.0
    speaks = (shared(seen.blocks, seen.asked, seen.at) & seen.words) != 0
    return np.where(speaks, 1.0, max(numbers.language_interpreter, numbers.language_unknown))


def stay(seen: Seen) -> Bound:
    """That of the longest stay in the block, or of an unknown one."""
    asked_days = seen.asked.stay_days
    if asked_days is None or seen.asked.code not in RESIDENTIAL:
        return 1.0
    days = seen.blocks.stay[seen.at] if seen.hour is None else seen.hour.longest[seen.some]
    return np.maximum(np.minimum(1.0, days / asked_days), seen.asked.numbers.stay_unknown)


def contact_robustness(seen: Seen) -> Bound:
    """That of the row in question with most contacts."""
    if seen.robust is None:
        return 1.0
    found, at = np.zeros(len(seen.some)), seen.at
    for level, plane in enumerate(seen.robust, start=1):
        worth = 1.0 if level == len(seen.robust) else min(1.0, level / seen.asked.numbers.robust_contacts)
        found = np.where((plane.take(at) & seen.words) != 0, worth, found)
    return found if seen.linked is None else np.where(seen.linked, 1.0, found)


BOUNDS: Mapping[str, Callable[[Seen], Bound]] = {
    bound.__name__: bound for bound in (service_fit, proximity, capacity_freshness, language, stay, contact_robustness)
}


def most(ruleset: Ruleset, seen: Seen) -> Floats:
    """The highest score that a row of each block can have; penalties only take away."""
    same, total = SLACK, np.zeros(len(seen.some))
    for feature in ruleset.features:
        bound = BOUNDS[feature.name](seen) if feature.name in BOUNDS else 1.0
        if isinstance(bound, float):
            same += feature.weight * bound
        else:
            total += feature.weight * bound
    return total + same
