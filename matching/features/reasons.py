"""Why a feature has its value, in a sentence for the caseworker, of all candidates of a view. From published facts
alone."""

from collections.abc import Sequence
from math import isfinite

from matching.bits import shares
from matching.columns import MICROSECONDS_AN_HOUR, NEVER
from matching.features.view import View
from matching.groups import RESIDENTIAL
from matching.rules.outcome import YES
from matching.sphere import band

Reasons = Sequence[str]


def service_fit(view: View) -> Reasons:
    """How many of the other needs the same door covers."""
    others = len(view.covered)
    if not others:
        return ["There is only one need."] * len(view.columns)
    return [
        f"The same organisation covers {covered} of {others} other needs there or remotely."
        for covered in view.covered.sum(axis=0).tolist()
    ]


def proximity(view: View) -> Reasons:
    """How far, in the band that is published for every site."""
    return [_how_far(remote, km) for remote, km in zip(view.columns.remote.tolist(), view.km.tolist(), strict=True)]


def _how_far(remote: bool, km: float) -> str:
    if remote:
        return "Given remotely: distance does not matter."
    return f"{band(km)} km away in a straight line." if isfinite(km) else "Its place is not known."


def capacity_freshness(view: View) -> Reasons:
    """How old the published room is."""
    c, now_us = view.columns, view.asked.now_us
    if view.asked.code not in RESIDENTIAL:
        return ["Room does not apply to this need."] * len(c)
    rows = zip(c.available.tolist(), c.capacity_as_of.tolist(), strict=True)
    return [_how_old(available, as_of, now_us) for available, as_of in rows]


def _how_old(available: int, as_of: int, now_us: int) -> str:
    if as_of == NEVER or available < 0:
        return "Its room is not known."
    hours = max(now_us - as_of, 0) // MICROSECONDS_AN_HOUR
    return "Its room was published within the last hour." if hours < 1 else f"Its room was published {hours} h ago."


def language(view: View) -> Reasons:
    """Whether they understand each other."""
    c = view.columns
    if not view.asked.profile.languages:
        return ["No language was asked."] * len(c)
    shared = shares(c.languages, view.asked.languages).tolist()
    rows = zip(shared, (c.interpreter == YES).tolist(), c.languages_known.tolist(), strict=True)
    return [_understood(*row) for row in rows]


def _understood(shared: bool, interpreter: bool, known: bool) -> str:
    if shared:
        return "A language is shared."
    if interpreter:
        return "No shared language is known, but there is an interpreter on call."
    return "No language is shared and no interpreter is known." if known else "Its languages are not known."


def stay(view: View) -> Reasons:
    """How long one may stay."""
    if view.asked.stay_days is None or view.asked.code not in RESIDENTIAL:
        return ["No length of stay was asked, or it does not apply."] * len(view.columns)
    return [
        f"Offers up to {offered} days." if offered >= 0 else "How long one may stay is not known."
        for offered in view.columns.stay.tolist()
    ]


def contact_robustness(view: View) -> Reasons:
    """How many contacts there are, and whose."""
    rows = zip(view.redundancy.tolist(), view.linked.tolist(), strict=True)
    return [_contacts(count, linked) for count, linked in rows]


def _contacts(count: int, linked: bool) -> str:
    where = "at the far end of your own link" if linked else "at the partner"
    return f"{count} distinct contact{'' if count == 1 else 's'} {where}."
