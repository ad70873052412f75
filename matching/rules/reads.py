"""Which one answer of a case decides what a rule says, so that what it said may be kept for the next case.

A rule that is not here, or whose reading is SEVERAL, reads several answers, or from where somebody asks: what it says
is never kept."""

from collections.abc import Callable, Hashable, Mapping
from operator import attrgetter

from matching.asked import Asked

SEVERAL = object()


def _nothing(_asked: Asked) -> bool:
    return True


def _nothing_to_avoid(asked: Asked) -> Hashable:
    return SEVERAL if asked.avoid.anything else True


def _without_certificate(asked: Asked) -> Hashable:
    return SEVERAL if asked.profile.legal_basis == "s19_police" else True


def _genders(asked: Asked) -> Hashable:
    return frozenset(person.gender for person in asked.party.judged)


def _trans(asked: Asked) -> Hashable:
    return any(person.trans for person in asked.party.judged)


def _no_children(asked: Asked) -> Hashable:
    return SEVERAL if asked.party.accompanied else True


def _room(asked: Asked) -> Hashable:
    return asked.party.size, asked.now_us


def _open(asked: Asked) -> Hashable:
    return asked.open_weeks.tobytes()


def _required_languages(asked: Asked) -> Hashable:
    profile = asked.profile
    return asked.languages.tobytes() if profile.language_required and profile.languages else True


READS: Mapping[str, Callable[[Asked], Hashable]] = {
    "active": _nothing,
    "avoided": _nothing_to_avoid,
    "unaccompanied_child": attrgetter("party.unaccompanied"),
    "gender": _genders,
    "trans_policy": _trans,
    "age_caps": _no_children,
    "party_size": _room,
    "accreditation": _without_certificate,
    "mental_acuity": attrgetter("profile.mental_acuity"),
    "medical_acuity": attrgetter("profile.medical_acuity"),
    "substance": attrgetter("profile.substance"),
    "pregnancy": attrgetter("profile.pregnant"),
    "newborn": attrgetter("profile.newborn"),
    "step_free": attrgetter("profile.step_free"),
    "intake": _open,
    "police_report": attrgetter("profile.has_police_report"),
    "identity_document": attrgetter("profile.has_id"),
    "recognition": attrgetter("profile.recognition"),
    "dsd_referral": attrgetter("profile.has_dsd_referral"),
    "undocumented": attrgetter("profile.undocumented"),
    "language": _required_languages,
    "lgbtqi": attrgetter("profile.lgbtqi"),
    "stale": attrgetter("now_us"),
}


def read(code: str, asked: Asked) -> Hashable:
    """What a rule reads of a case, SEVERAL if that is not one answer."""
    reads = READS.get(code)
    return SEVERAL if reads is None else reads(asked)
