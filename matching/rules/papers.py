"""Rules about papers that a service asks for, and about having none."""

from matching.asked import Asked
from matching.columns import Columns, Small
from matching.rules.outcome import ACCEPTED, LACKING, PASS, UNSAID, Outcomes, everywhere


def police_report(asked: Asked, c: Columns) -> Outcomes:
    """A service that requires a police report is left out for a case without one."""
    return _requires(asked.profile.has_police_report, c.police_report)


def identity_document(asked: Asked, c: Columns) -> Outcomes:
    """A service that requires an identity document is left out for a case without one."""
    return _requires(asked.profile.has_id, c.identity_document)


def recognition(asked: Asked, c: Columns) -> Outcomes:
    """A service that requires recognition as a victim wants the letter: only `letter_issued` is one."""
    stage = asked.profile.recognition
    return _requires(None if stage is None else stage == "letter_issued", c.recognition)


def dsd_referral(asked: Asked, c: Columns) -> Outcomes:
    """A service that requires a referral by Social Development is left out for a case without one."""
    return _requires(asked.profile.has_dsd_referral, c.dsd_referral)


def _requires(has_it: bool | None, required: Small) -> Outcomes:
    if has_it:
        return everywhere(required, PASS)
    return UNSAID[required] if has_it is None else LACKING[required]


def undocumented(asked: Asked, c: Columns) -> Outcomes:
    """Somebody without papers goes where the house takes such people, as the service answers."""
    return ACCEPTED[c.undocumented] if asked.profile.undocumented else everywhere(c.row, PASS)
