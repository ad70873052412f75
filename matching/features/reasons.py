"""Why a feature has its value, in a sentence for the caseworker. From published facts alone.

Of some candidates of a view the one thing that its sentence depends on, and the sentence of that thing: so sentences
are made once."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from math import isfinite
from typing import Any

import numpy as np

from matching.bits import shares
from matching.columns import MICROSECONDS_AN_HOUR, NEVER, Ints
from matching.features.view import View
from matching.groups import RESIDENTIAL
from matching.rules.outcome import YES
from matching.sphere import band

States = Sequence[Hashable]
Rows = Ints | slice


@dataclass(frozen=True, slots=True)
class Reason:
    """`state` says of some candidates of a view what their sentences depend on, and `sentence` of one such state."""

    state: Callable[[View, Rows], States]
    sentence: Callable[[Any], str]


def _everybody(view: View, rows: Rows) -> States:
    return tuple(repeat(None, len(view.km[rows])))


def _covers(view: View, rows: Rows) -> States:
    others = len(view.covered)
    if not others:
        return _everybody(view, rows)
    return [(covered, others) for covered in view.covered[:, rows].sum(axis=0).tolist()]


def _how_many_covered(state: tuple[int, int] | None) -> str:
    if state is None:
        return "There is only one need."
    covered, others = state
    return f"The same organisation covers {covered} of {others} other needs there or remotely."


service_fit = Reason(_covers, _how_many_covered)
"""How many of the other needs the same door covers."""


def _band(view: View, rows: Rows) -> States:
    return [
        None if remote else band(km) if isfinite(km) else ""
        for remote, km in zip(view.columns.remote[rows].tolist(), view.km[rows].tolist(), strict=True)
    ]


@cache
def _how_far(within: str | None) -> str:
    if within is None:
        return "Given remotely: distance does not matter."
    return f"{within} km away in a straight line." if within else "Its place is not known."


proximity = Reason(_band, _how_far)
"""How far, in the band that is published for every site."""


def _hours(view: View, rows: Rows) -> States:
    if view.asked.code not in RESIDENTIAL:
        return _everybody(view, rows)
    as_of = view.columns.capacity_as_of[rows]
    hours = np.maximum(view.asked.now_us - as_of, 0) // MICROSECONDS_AN_HOUR
    known = (view.columns.available[rows] >= 0) & (as_of != NEVER)
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


def _understood(view: View, rows: Rows) -> States:
    c = view.columns
    if not view.asked.profile.languages:
        return tuple(repeat(NO_LANGUAGE, len(view.km[rows])))
    known = np.where(c.languages_known[rows], NOT_SHARED, UNKNOWN)
    unshared = np.where(c.interpreter[rows] == YES, INTERPRETER, known)
    return tuple(np.where(shares(c.languages[rows], view.asked.languages), SHARED, unshared).tolist())


language = Reason(_understood, UNDERSTOOD.__getitem__)
"""Whether they understand each other."""


def _days(view: View, rows: Rows) -> States:
    asked = view.asked.stay_days is not None and view.asked.code in RESIDENTIAL
    return view.columns.stay[rows].tolist() if asked else _everybody(view, rows)


def _how_long(offered: int | None) -> str:
    if offered is None:
        return "No length of stay was asked, or it does not apply."
    return f"Offers up to {offered} days." if offered >= 0 else "How long one may stay is not known."


stay = Reason(_days, _how_long)
"""How long one may stay."""


def _reached(view: View, rows: Rows) -> States:
    return tuple(zip(view.redundancy[rows].tolist(), view.linked[rows].tolist(), strict=True))


def _contacts(state: tuple[int, bool]) -> str:
    count, linked = state
    where = "at the far end of your own link" if linked else "at the partner"
    return f"{count} distinct contact{'' if count == 1 else 's'} {where}."


contact_robustness = Reason(_reached, _contacts)
"""How many contacts there are, and whose."""
