"""Why a feature has its value, in a sentence for the caseworker. From published facts alone."""

import numpy as np

from matching.bits import shares
from matching.columns import MICROSECONDS_AN_HOUR, NEVER
from matching.features.view import View
from matching.groups import RESIDENTIAL
from matching.rules.outcome import YES
from matching.sphere import band


def service_fit(view: View, row: int) -> str:
    """How many of the other needs the same door covers."""
    if not len(view.covered):
        return "There is only one need."
    covered = int(view.covered[:, row].sum())
    return f"The same organisation covers {covered} of {len(view.covered)} other needs there or remotely."


def proximity(view: View, row: int) -> str:
    """How far, in the band that is published for every site."""
    if view.columns.remote[row]:
        return "Given remotely: distance does not matter."
    if not np.isfinite(view.km[row]):
        return "Its place is not known."
    return f"{band(float(view.km[row]))} km away in a straight line."


def capacity_freshness(view: View, row: int) -> str:
    """How old the published room is."""
    if view.asked.code not in RESIDENTIAL:
        return "Room does not apply to this need."
    as_of = int(view.columns.capacity_as_of[row])
    if as_of == NEVER or view.columns.available[row] < 0:
        return "Its room is not known."
    hours = max(view.asked.now_us - as_of, 0) // MICROSECONDS_AN_HOUR
    return "Its room was published within the last hour." if hours < 1 else f"Its room was published {hours} h ago."


def language(view: View, row: int) -> str:
    """Whether they understand each other."""
    c = view.columns
    if not view.asked.profile.languages:
        return "No language was asked."
    if shares(c.languages[row : row + 1], view.asked.languages)[0]:
        return "A language is shared."
    if c.interpreter[row] == YES:
        return "No shared language is known, but there is an interpreter on call."
    if c.languages_known[row]:
        return "No language is shared and no interpreter is known."
    return "Its languages are not known."


def stay(view: View, row: int) -> str:
    """How long one may stay."""
    if view.asked.stay_days is None or view.asked.code not in RESIDENTIAL:
        return "No length of stay was asked, or it does not apply."
    offered = int(view.columns.stay[row])
    return f"Offers up to {offered} days." if offered >= 0 else "How long one may stay is not known."


def contact_robustness(view: View, row: int) -> str:
    """How many contacts there are, and whose."""
    count = int(view.redundancy[row])
    where = "at the far end of your own link" if view.linked[row] else "at the partner"
    return f"{count} distinct contact{'' if count == 1 else 's'} {where}."
