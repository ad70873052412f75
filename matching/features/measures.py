"""The features of a score: one pure function each, in [0, 1], more is better."""

import numpy as np

from matching.bits import shares
from matching.columns import MICROSECONDS_AN_HOUR, NEVER, Floats
from matching.features.view import View
from matching.groups import RESIDENTIAL
from matching.rules.outcome import YES
from matching.rules.standing import no_language


def service_fit(view: View) -> Floats:
    """Share of the other needs that the same organisation covers in the same published area (two open sites: within
    25 km) or remotely, whatever its other rules say; 1 when there is only one need. One door spares a journey."""
    if not len(view.covered):
        return np.ones(len(view.columns))
    return np.asarray(view.covered.sum(axis=0) / len(view.covered), dtype=np.float64)


def proximity(view: View) -> Floats:
    """1 / (1 + d / 100 km) from the asked point to the published point, on a sphere; remote 0.5, since distance does
    not matter there. Not an exponential: 100 and 400 km must stay apart. An unknown place is 0."""
    numbers = view.asked.numbers
    near = 1.0 / (1.0 + view.km / numbers.distance_scale_km)
    return np.where(view.columns.remote, numbers.proximity_remote, near)


def capacity_freshness(view: View) -> Floats:
    """0.5^(age / 24 h) of the published capacity of a residential service, 0 where it is unknown; 0.5 where capacity
    does not apply. What was counted this evening is worth more than yesterday's count, whatever it was."""
    numbers, c = view.asked.numbers, view.columns
    if view.asked.code not in RESIDENTIAL:
        return np.full(len(c), numbers.capacity_not_applicable)
    hours = np.maximum(view.asked.now_us - c.capacity_as_of, 0) / MICROSECONDS_AN_HOUR
    known = (c.available >= 0) & (c.capacity_as_of != NEVER)
    return np.where(known, np.power(0.5, hours / numbers.half_life_hours), 0.0)


def language(view: View) -> Floats:
    """1 when a language is shared or none is asked, 0.6 with an interpreter on call only, 0.3 unknown, 0 only when the
    languages are known, none is shared and an interpreter is an explicit no."""
    c, numbers = view.columns, view.asked.numbers
    if not view.asked.profile.languages:
        return np.ones(len(c))
    unshared = np.where(no_language(c), 0.0, numbers.language_unknown)
    unshared = np.where(c.interpreter == YES, numbers.language_interpreter, unshared)
    return np.where(shares(c.languages, view.asked.languages), 1.0, unshared)


def stay(view: View) -> Floats:
    """min(1, offered / asked days) for residential needs, 0.5 unknown, 1 when none is asked: a preference, since a
    shorter stay still gives time."""
    c, asked_days = view.columns, view.asked.stay_days
    if asked_days is None or view.asked.code not in RESIDENTIAL:
        return np.ones(len(c))
    return np.where(c.stay >= 0, np.minimum(1.0, c.stay / asked_days), view.asked.numbers.stay_unknown)


def contact_robustness(view: View) -> Floats:
    """min(1, r / 2) of the distinct people and tested institutional lines at the far end of the asker's link, else at
    the partner: two answer where one may have left (the study's fourth recommendation)."""
    return np.minimum(1.0, view.redundancy / view.asked.numbers.robust_contacts)
