"""Rules about the standing of a partner: active, accredited, lately verified, open, with room, with a language."""

import numpy as np

from matching.asked import Asked
from matching.bits import shares
from matching.columns import MICROSECONDS_A_DAY, MICROSECONDS_AN_HOUR, NEVER, STATUSES, Columns, Flags
from matching.rules.outcome import ASK, FAIL, NO, PASS, UNKNOWN, YES, Outcomes, everywhere


def active(asked: Asked, c: Columns) -> Outcomes:
    """It offers the need, and organisation, unit, service and site are active and not suspended."""
    return np.where(c.active, PASS, FAIL)


def accreditation(asked: Asked, c: Columns) -> Outcomes:
    """Police may refer an adult victim only to an organisation with a certificate that is valid on the day
    (Act 7 of 2013 s19(5)(b), s24); unknown is not enough, and an unknown age counts as adult."""
    if asked.profile.legal_basis != "s19_police" or not asked.party.adults:
        return everywhere(c.row, PASS)
    begun = np.where(c.issued == 0, UNKNOWN, np.where(c.issued <= asked.day, PASS, FAIL))
    running = np.where(c.expires == 0, UNKNOWN, np.where(asked.day <= c.expires, PASS, FAIL))
    valid = np.maximum(begun, running)
    otherwise = np.where(c.accreditation == 0, UNKNOWN, FAIL)
    return np.where(c.accreditation == STATUSES["valid"], valid, otherwise)


def party_size(asked: Asked, c: Columns) -> Outcomes:
    """Room for everyone tonight: a bed is one person, a room the party. A figure older than 24 hours is a
    question, even zero; of a band only its least is sure, and a band of none is a no."""
    needed = np.where(c.by_room, 1, asked.party.size)
    short = np.where(c.banded & (c.available > 0), ASK, FAIL)
    room = np.where(c.available >= needed, PASS, short)
    old = asked.now_us - c.capacity_as_of > asked.numbers.capacity_hours * MICROSECONDS_AN_HOUR
    unknown = (c.available < 0) | (c.capacity_as_of == NEVER)
    return np.where(unknown, UNKNOWN, np.where(old, ASK, room))


def intake(asked: Asked, c: Columns) -> Outcomes:
    """It takes people in at that time; closed now is left out with its next opening, unknown hours are asked."""
    return np.where(c.intake < 0, UNKNOWN, np.where(asked.open_weeks[c.intake], PASS, FAIL))


def language(asked: Asked, c: Columns) -> Outcomes:
    """Where the case says that a common language must be: shared, or an interpreter on call. Only known languages
    without a shared one and an explicit no to an interpreter leave a service out."""
    if not asked.profile.language_required or not asked.profile.languages:
        return everywhere(c.row, PASS)
    understood = shares(c.languages, asked.languages) | (c.interpreter == YES)
    return np.where(understood, PASS, np.where(no_language(c), FAIL, UNKNOWN))


def no_language(c: Columns) -> Flags:
    """Languages are known and there is no interpreter: what is not shared is no."""
    return np.asarray(c.languages_known & (c.interpreter == NO), dtype=np.bool_)


def stale(asked: Asked, c: Columns) -> Outcomes:
    """Verified within 180 days, counted in whole elapsed days; what nobody confirmed lately is called first."""
    days = (asked.now_us - c.verified) // MICROSECONDS_A_DAY
    return np.where(c.verified == NEVER, UNKNOWN, np.where(days <= asked.numbers.fresh_days, PASS, FAIL))
