"""Whom shelters and children's homes take: how common each answer is, and how clearly a house gives it."""

from enum import Enum

from seed.generate.draw import Draw
from seed.generate.world import Record, ago

PROFILE_ANSWERS: dict[str, dict[str, dict[str | int, float]]] = {
    "women": {
        "sex_gender": {"female": 1},
        "age_min": {18: 0.8, 16: 0.2},
        "age_max": {130: 0.6, 59: 0.3, 35: 0.1},
        "children_with_adult": {"no": 0.7, 1: 0.2, "unknown": 0.1},
        "unaccompanied_minor": {"no": 0.9, "unknown": 0.1},
    },
    "women_children": {
        "sex_gender": {"female": 1},
        "age_min": {18: 0.85, 16: 0.1, "unknown": 0.05},
        "age_max": {130: 0.75, 59: 0.15, "unknown": 0.1},
        "children_with_adult": {2: 0.2, 3: 0.35, 4: 0.25, "case_by_case": 0.1, "unknown": 0.1},
        "boy_child_max_age": {
            6: 0.08,
            8: 0.12,
            10: 0.27,
            12: 0.3,
            13: 0.03,
            16: 0.03,
            "case_by_case": 0.05,
            "unknown": 0.12,
        },
        "girl_child_max_age": {17: 0.62, 15: 0.12, 12: 0.08, "case_by_case": 0.05, "unknown": 0.13},
        "unaccompanied_minor": {"no": 0.85, "case_by_case": 0.05, "unknown": 0.1},
    },
    "families": {
        "sex_gender": {"any": 0.4, "female": 0.6},
        "age_min": {18: 0.7, 0: 0.3},
        "age_max": {130: 1},
        "children_with_adult": {3: 0.2, 4: 0.4, 6: 0.4},
        "boy_child_max_age": {12: 0.25, 14: 0.2, 17: 0.35, "case_by_case": 0.2},
        "girl_child_max_age": {17: 1},
        "unaccompanied_minor": {"no": 0.9, "unknown": 0.1},
    },
    "men": {
        "sex_gender": {"male": 1},
        "age_min": {18: 1},
        "age_max": {130: 0.6, 60: 0.4},
        "children_with_adult": {"no": 0.8, "case_by_case": 0.2},
        "unaccompanied_minor": {"no": 1},
    },
    "open_to_all": {
        "sex_gender": {"any": 1},
        "age_min": {18: 1},
        "age_max": {130: 1},
        "children_with_adult": {"no": 0.5, 2: 0.3, "unknown": 0.2},
        "boy_child_max_age": {8: 0.5, "unknown": 0.5},
        "unaccompanied_minor": {"no": 1},
    },
    "children": {
        "sex_gender": {"any": 0.55, "female": 0.28, "male": 0.17},
        "age_min": {0: 0.4, 3: 0.2, 6: 0.25, 12: 0.15},
        "age_max": {17: 0.75, 12: 0.15, 18: 0.1},
        "unaccompanied_minor": {"yes": 0.85, "case_by_case": 0.1, "unknown": 0.05},
    },
}
PROFILE_ANSWERS["second_stage"] = PROFILE_ANSWERS["women_children"]
PROFILE_ANSWERS["long_term"] = PROFILE_ANSWERS["women_children"]

HOUSE_ANSWERS: dict[str, dict[str | int, float]] = {
    "trans_policy": {"by_identity": 0.24, "case_by_case": 0.28, "no": 0.18, "unknown": 0.3},
    "pregnancy": {"yes": 0.6, "no": 0.08, "case_by_case": 0.16, "unknown": 0.16},
    "newborn": {"yes": 0.42, "no": 0.2, "case_by_case": 0.18, "unknown": 0.2},
    "step_free": {"yes": 0.2, "no": 0.38, "case_by_case": 0.17, "unknown": 0.25},
    "disability_support": {"yes": 0.1, "no": 0.4, "case_by_case": 0.25, "unknown": 0.25},
    "substance": {"none": 0.47, "stable": 0.3, "active": 0.05, "detox_onsite": 0.03, "unknown": 0.15},
    "mental_acuity_max": {"low": 0.25, "moderate": 0.5, "high": 0.06, "unknown": 0.19},
    "medical_acuity_max": {"low": 0.28, "moderate": 0.47, "high": 0.05, "unknown": 0.2},
    "undocumented": {"yes": 0.62, "no": 0.09, "case_by_case": 0.14, "unknown": 0.15},
    "police_report_required": {"no": 0.7, "yes": 0.12, "case_by_case": 0.08, "unknown": 0.1},
    "dsd_referral_required": {"no": 0.56, "yes": 0.18, "case_by_case": 0.12, "unknown": 0.14},
    "id_required": {"no": 0.72, "yes": 0.08, "case_by_case": 0.1, "unknown": 0.1},
    "recognition_required": {"no": 0.7, "yes": 0.07, "case_by_case": 0.09, "unknown": 0.14},
    "security_level": {1: 0.4, 2: 0.4, 3: 0.2},
    "faith_basis": {"no": 0.55, "yes": 0.25, "unknown": 0.2},
    "diet": {"yes": 0.4, "case_by_case": 0.3, "unknown": 0.3},
}

FORGOTTEN = 0.1
"""Share of questions that a vague house was never asked: the answer is missing, which is as good as unknown."""

SHARPER = 1.4
"""Exponent that makes the common answers of a sure house more common."""

EVASIONS = ("unknown", "case_by_case")


PILLAR_ANSWERS: Record = {
    "age_max": 130,
    "boy_child_max_age": 12,
    "girl_child_max_age": 17,
    "mental_acuity_max": "moderate",
    "medical_acuity_max": "moderate",
    "undocumented": "yes",
    "police_report_required": "no",
    "dsd_referral_required": "no",
    "id_required": "no",
    "recognition_required": "no",
}


class Temper(Enum):
    """How a house answers: a pillar of the network, one that knows its rules, one that does not, one never asked."""

    PILLAR = "pillar"
    SURE = "sure"
    VAGUE = "vague"
    BARE = "bare"


def answers(draw: Draw, kind: str, temper: Temper) -> Record | None:
    """What the house said when it was asked."""
    if temper is Temper.BARE:
        return None
    said: Record = {}
    for question, weights in {**PROFILE_ANSWERS[kind], **HOUSE_ANSWERS}.items():
        if temper is not Temper.VAGUE:
            said[question] = draw.weighted(_plain(weights))
        elif question == "sex_gender" or not draw.chance(FORGOTTEN):
            said[question] = draw.weighted(weights)
    if temper is Temper.PILLAR:
        said.update({question: answer for question, answer in PILLAR_ANSWERS.items() if question in said})
    said["verified_on"] = ago(draw.between(1, 320))
    return said


def _plain(weights: dict[str | int, float]) -> dict[str | int, float]:
    """The same answers without evasions, the common ones more common still."""
    return {answer: weight**SHARPER for answer, weight in weights.items() if answer not in EVASIONS}
