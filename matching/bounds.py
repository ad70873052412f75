"""The most that each feature can be anywhere in a block: what a block cannot reach, none of its rows can.

A bound may be loose, never low. A feature without one here counts as 1."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matching.asked import Asked
from matching.bits import WORD, Words
from matching.blocks import Blocks
from matching.columns import MICROSECONDS_AN_HOUR, NEVER, Floats, Ints
from matching.groups import RESIDENTIAL
from matching.rulesets.ruleset import Ruleset
from matching.sieve import shared

SLACK = 1e-9
"""By how much a bound is wider than the sum of its parts, against rounding; scores lie between -1 and 1."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Some blocks as one question sees them. `words`: the rows in question of each; `others`: the bits of the other
    needs, None for one that nobody offers; `least_km`: how far their local rows lie off at least; `robust`: the most
    contacts of a row of each, None if that is not known."""

    asked: Asked
    blocks: Blocks
    at: Ints
    words: Words
    others: Sequence[int | None]
    least_km: Floats
    robust: Ints | None


def service_fit(seen: Seen) -> Floats:
    """As many of the other needs as the block's rows cover between them."""
    if not seen.others:
        return np.ones(len(seen.at))
    covered = np.zeros(len(seen.at))
    for bit in seen.others:
        if bit is not None:
            word, place = divmod(bit, WORD)
            covered += (seen.blocks.covers[seen.at, word] >> np.uint64(place)) & np.uint64(1)
    return covered / len(seen.others)


def proximity(seen: Seen) -> Floats:
    """That of the nearest point of the block, or that of a remote row."""
    numbers, blocks = seen.asked.numbers, seen.blocks
    near = 1.0 / (1.0 + np.maximum(seen.least_km, 0.0) / numbers.distance_scale_km)
    local = np.where(blocks.has_local[seen.at], near, 0.0)
    return np.maximum(local, np.where(blocks.has_other[seen.at], numbers.proximity_remote, 0.0))


def capacity_freshness(seen: Seen) -> Floats:
    """That of the latest count in the block."""
    numbers = seen.asked.numbers
    if seen.asked.code not in RESIDENTIAL:
        return np.full(len(seen.at), numbers.capacity_not_applicable)
    as_of = seen.blocks.as_of[seen.at]
    hours = np.maximum(seen.asked.now_us - as_of, 0) / MICROSECONDS_AN_HOUR
    return np.where(as_of == NEVER, 0.0, np.power(0.5, hours / numbers.half_life_hours))


def language(seen: Seen) -> Floats:
    """1 where anybody in question shares a language, else that of an interpreter."""
    numbers = seen.asked.numbers
    if not seen.asked.profile.languages:
        return np.ones(len(seen.at))
    speaks = (shared(seen.blocks, seen.asked, seen.at) & seen.words) != 0
    return np.where(speaks, 1.0, max(numbers.language_interpreter, numbers.language_unknown))


def stay(seen: Seen) -> Floats:
    """That of the longest stay in the block, or of an unknown one."""
    asked_days = seen.asked.stay_days
    if asked_days is None or seen.asked.code not in RESIDENTIAL:
        return np.ones(len(seen.at))
    longest = np.minimum(1.0, seen.blocks.stay[seen.at] / asked_days)
    return np.maximum(longest, seen.asked.numbers.stay_unknown)


def contact_robustness(seen: Seen) -> Floats:
    """That of the row with most contacts."""
    if seen.robust is None:
        return np.ones(len(seen.at))
    return np.minimum(1.0, seen.robust / seen.asked.numbers.robust_contacts)


BOUNDS: Mapping[str, Callable[[Seen], Floats]] = {
    bound.__name__: bound for bound in (service_fit, proximity, capacity_freshness, language, stay, contact_robustness)
}


def most(ruleset: Ruleset, seen: Seen) -> Floats:
    """The highest score that a row of each block can have; penalties only take away."""
    total = np.full(len(seen.at), SLACK)
    for feature in ruleset.features:
        bound = BOUNDS.get(feature.name)
        total += feature.weight * (np.ones(len(seen.at)) if bound is None else bound(seen))
    return total
