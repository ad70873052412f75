"""Why a feature has its value, in a sentence for the caseworker. From published facts alone.

Of each candidate of a view the one thing that its sentence depends on, and the sentence of that thing: so sentences are
made once."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from itertools import repeat
from math import isfinite
from typing import Any

import numpy as np

from matching.bits import shares
from matching.columns import MICROSECONDS_AN_HOUR, NEVER
from matching.features.view import View
from matching.groups import RESIDENTIAL
from matching.rules.outcome import YES
from matching.sphere import band

States = Sequence[Hashable]


@dataclass(frozen=True, slots=True)
class Reason:
    """`state` says of every candidate of a view what its sentence depends on, and `sentence` of one such state."""

    state: Callable[[View], States]
    sentence: Callable[[Any], str]


def _everybody(view: View) -> States:
    return tuple(repeat(None, len(view.columns)))


def _covers(view: View) -> States:
    others = len(view.covered)
    return [(covered, others) for covered in view.covered.sum(axis=0).tolist()] if others else _everybody(view)


def _how_many_covered(state: tuple[int, int] | None) -> str:
    if state is None:
        return "There is only one need."
    covered, others = state
    return f"The same organisation covers {covered} of {others} other needs there or remotely."


service_fit = Reason(_covers, _how_many_covered)
"""How many of the other needs the same door covers."""


def _band(view: View) -> States:
    return [
        None if remote else band(km) if isfinite(km) else ""
        for remote, km in zip(view.columns.remote.tolist(), view.km.tolist(), strict=True)
    ]


def _how_far(within: str | None) -> str:
    if within is None:
        return "Given remotely: distance does not matter."
    return f"{within} km away in a straight line." if within else "Its place is not known."


proximity = Reason(_band, _how_far)
"""How far, in the band that is published for every site."""


def _hours(view: View) -> States:
    c = view.columns
    if view.asked.code not in RESIDENTIAL:
        return _everybody(view)
    hours = np.maximum(view.asked.now_us - c.capacity_as_of, 0) // MICROSECONDS_AN_HOUR
    known = (c.available >= 0) & (c.capacity_as_of != NEVER)
    return tuple(np.where(known, hours, -1).tolist())


def _how_old(hours: int | None) -> str:
    if hours is None:
        return "Room does not apply to this need."
    if hours < 0:
        return "Its room is not known."
    return "Its room was published within the last hour." if hours < 1 else f"Its room was published {hours} h ago."


capacity_freshness = Reason(_hours, _how_old)
"""How old the published room is."""


NO_LANGUAGE, SHARED, INTERPRETER, NOT_SHARED, UNKNOWN = range(5)
UNDERSTOOD = (
    "No language was asked.",
    "A language is shared.",
    "No shared language is known, but there is an interpreter on call.",
    "No language is shared and no interpreter is known.",
    "Its languages are not known.",
)


def _understood(view: View) -> States:
    c = view.columns
    if not view.asked.profile.languages:
        return tuple(repeat(NO_LANGUAGE, len(c)))
    unshared = np.where(c.interpreter == YES, INTERPRETER, np.where(c.languages_known, NOT_SHARED, UNKNOWN))
    return tuple(np.where(shares(c.languages, view.asked.languages), SHARED, unshared).tolist())


language = Reason(_understood, UNDERSTOOD.__getitem__)
"""Whether they understand each other."""


def _days(view: View) -> States:
    asked = view.asked.stay_days is not None and view.asked.code in RESIDENTIAL
    return view.columns.stay.tolist() if asked else _everybody(view)


def _how_long(offered: int | None) -> str:
    if offered is None:
        return "No length of stay was asked, or it does not apply."
    return f"Offers up to {offered} days." if offered >= 0 else "How long one may stay is not known."


stay = Reason(_days, _how_long)
"""How long one may stay."""


def _reached(view: View) -> States:
    return tuple(zip(view.redundancy.tolist(), view.linked.tolist(), strict=True))


def _contacts(state: tuple[int, bool]) -> str:
    count, linked = state
    where = "at the far end of your own link" if linked else "at the partner"
    return f"{count} distinct contact{'' if count == 1 else 's'} {where}."


contact_robustness = Reason(_reached, _contacts)
"""How many contacts there are, and whose."""
