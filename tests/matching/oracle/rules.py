"""The hard rules, one function each, in the words of the table of matching.md.

An outcome is PASS, FAIL (the registry says no), UNKNOWN (the registry does not know) or ASK (the case is silent, an
age band spans a limit, or the answer is `case_by_case`). What an outcome does to a candidate is in `verdict`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.matching.oracle import clock
from tests.matching.oracle.case import Case, Member, local_day
from tests.matching.oracle.gazetteer import Spot
from tests.matching.oracle.registry import Candidate

PASS, ASK, UNKNOWN, FAIL = "pass", "ask", "unknown", "fail"
SEVERITY = (PASS, ASK, UNKNOWN, FAIL)
ACUITY = ("low", "moderate", "high")
SUBSTANCE = ("none", "stable", "active", "detox_onsite")
CHILD_PLACEMENT = ("child_temporary_safe_care", "child_youth_care_centre")
UNKNOWN_EXCLUDES = ("unaccompanied_child", "accreditation")


@dataclass(frozen=True)
class Question:
    """Everything a rule may look at."""

    case: Case
    candidate: Candidate
    need: str
    near: Spot
    now: datetime

    def answer(self, name: str) -> Any:
        """The candidate's answer to one question of eligibility."""
        return self.candidate.answer(name)


def worst(outcomes: list[str]) -> str:
    """The gravest of several outcomes; PASS when there is nothing to judge."""
    return max(outcomes, key=SEVERITY.index, default=PASS)


def undecided(answer: Any) -> str | None:
    """ASK or UNKNOWN for the answers that decide nothing, None for the others."""
    return {"case_by_case": ASK, "unknown": UNKNOWN}.get(answer) if isinstance(answer, str) else None


def yes_or_no(answer: str) -> str:
    """An answer that must be yes."""
    return undecided(answer) or (PASS if answer == "yes" else FAIL)


def competent_area(q: Question) -> str:
    """The asked place lies in what the service, else its unit, serves."""
    unit = q.candidate.department or {}
    serves = q.candidate.service.get("serves") or unit.get("serves")
    if serves is None:
        return UNKNOWN
    here = {"province": q.near.province, "district": q.near.district}.get(serves["scope"])
    return PASS if serves["scope"] == "national" or here in serves["codes"] else FAIL


def unaccompanied_child(q: Question) -> str:
    """Children alone go to child placement only, and there to those who take them."""
    if q.case.unaccompanied is None:
        return ASK
    if not q.case.unaccompanied:
        return PASS
    return yes_or_no(q.answer("unaccompanied_minor")) if q.need in CHILD_PLACEMENT else FAIL


def gender(q: Question) -> str:
    """The sex or gender of each adult is accepted."""
    accepts = q.answer("sex_gender")

    def one(member: Member) -> str:
        if member.gender is None:
            return ASK
        return undecided(accepts) or (PASS if accepts in ("any", member.gender) else FAIL)

    return worst([one(m) for m in q.case.judged])


def _by_identity(answer: str) -> str:
    return undecided(answer) or (PASS if answer == "by_identity" else FAIL)


def trans_policy(q: Question) -> str:
    """Each person who says they are transgender is accepted by identity."""
    return _by_identity(q.answer("trans_policy")) if any(m.trans for m in q.case.judged) else PASS


def lgbtqi(q: Question) -> str:
    """Read as trans_policy is, for the case that says true."""
    return _by_identity(q.answer("trans_policy")) if q.case.says("lgbtqi") else PASS


def _not_over(ages: tuple[int, int], limit: Any) -> str:
    return undecided(limit) or (FAIL if ages[0] > limit else ASK if ages[1] > limit else PASS)


def _not_under(ages: tuple[int, int], limit: Any) -> str:
    return undecided(limit) or (FAIL if ages[1] < limit else ASK if ages[0] < limit else PASS)


def age(q: Question) -> str:
    """The age of each adult (or child alone) lies within the limits, both of them included."""
    found = []
    for member in q.case.judged:
        if member.ages is None:
            found.append(ASK)
        else:
            found += [_not_under(member.ages, q.answer("age_min")), _not_over(member.ages, q.answer("age_max"))]
    return worst(found)


def _cap(q: Question, child: Member) -> str:
    caps = {"male": "boy_child_max_age", "female": "girl_child_max_age"}
    if child.ages is None or child.gender not in caps:
        return ASK
    return _not_over(child.ages, q.answer(caps[child.gender]))


def age_caps(q: Question) -> str:
    """Children who come with an adult: how many, and how old the boys and the girls."""
    children = q.case.accompanied_children
    if not children:
        return PASS
    most = q.answer("children_with_adult")
    room = undecided(most) or (FAIL if most == "no" or len(children) > most else PASS)
    return worst([room, *[_cap(q, child) for child in children]])


def party_size(q: Question) -> str:
    """Free beds (or one free room) for the whole party, told within 24 hours."""
    capacity = q.candidate.capacity
    if capacity is None or capacity.as_of is None:
        return UNKNOWN
    if clock.hours_between(capacity.as_of, q.now) > clock.FRESH_CAPACITY_HOURS:
        return UNKNOWN
    wanted = 1 if capacity.unit == "room" else len(q.case.members)
    if wanted <= capacity.sure:
        return PASS
    return FAIL if capacity.exact else ASK


def accreditation(q: Question) -> str:
    """An adult whom the police refer under s19 goes to an organisation with a certificate valid that day."""
    if q.case.says("legal_basis") != "s19_police" or all(m.child for m in q.case.members):
        return PASS
    held = q.candidate.organisation.get("accreditation") or {}
    status = held.get("status") or "unknown"
    issued, expires = clock.day(held.get("issued"), q.now), clock.day(held.get("expires"), q.now)
    today = local_day(q.case.when)
    if status != "valid":
        return UNKNOWN if status == "unknown" else FAIL
    parts = [
        UNKNOWN if issued is None else PASS if issued <= today else FAIL,
        UNKNOWN if expires is None else PASS if today <= expires else FAIL,
    ]
    return worst(parts)


def _up_to(case_level: str | None, most: Any, scale: tuple[str, ...], unlimited: str) -> str:
    """A level against a maximum. The lowest level always passes; silence passes only where there is no limit."""
    if case_level == scale[0]:
        return PASS
    if undecided(most):
        return undecided(most) or UNKNOWN
    accepted = scale.index(most)
    if case_level is None:
        return PASS if accepted >= scale.index(unlimited) else ASK
    return PASS if scale.index(case_level) <= accepted else FAIL


def mental_acuity(q: Question) -> str:
    """The state of mind is within what the house can carry."""
    return _up_to(q.case.says("mental_acuity"), q.answer("mental_acuity_max"), ACUITY, "high")


def medical_acuity(q: Question) -> str:
    """The state of the body is within what the house can carry."""
    return _up_to(q.case.says("medical_acuity"), q.answer("medical_acuity_max"), ACUITY, "high")


def substance(q: Question) -> str:
    """Substance use is within what the house takes; treating withdrawal includes taking who uses now."""
    level = "active" if q.case.says("substance") == "detox_onsite" else q.case.says("substance")
    return _up_to(level, q.answer("substance"), SUBSTANCE, "active")


def _accepts(said: str, answer: str) -> Callable[[Question], str]:
    """A rule that asks for a yes only of a case that says true."""

    def rule(q: Question) -> str:
        return yes_or_no(q.answer(answer)) if q.case.says(said) else PASS

    return rule


def _paper(has: Callable[[Case], bool | None], answer: str) -> Callable[[Question], str]:
    """A rule about a paper: who has it passes; who lacks it fails where it is required."""

    def rule(q: Question) -> str:
        held, required = has(q.case), q.answer(answer)
        if held or required == "no":
            return PASS
        return undecided(required) or (ASK if held is None else FAIL)

    return rule


def _recognised(case: Case) -> bool | None:
    said = case.says("recognition")
    return None if said is None else bool(said == "letter_issued")


def step_free(q: Question) -> str:
    """Step-free access, for services one goes to."""
    on_site = q.candidate.service.get("delivery", "on_site") == "on_site"
    return yes_or_no(q.answer("step_free")) if on_site and q.case.says("step_free") else PASS


def intake(q: Question) -> str:
    """Open for intake at the asked time."""
    hours = q.answer("intake")
    if hours == "24h":
        return PASS
    if isinstance(hours, str):
        return UNKNOWN
    return PASS if clock.is_open(hours, q.case.when) else FAIL


def language_standing(q: Question) -> str:
    """`shared` (or none asked), `interpreter` on call only, `unknown`, or `none` of the asked languages."""
    asked = q.case.says("languages")
    spoken = q.answer("languages_spoken")
    spoken = [spoken] if isinstance(spoken, str) and spoken != "unknown" else spoken
    if not asked or (spoken != "unknown" and set(asked) & set(spoken)):
        return "shared"
    interpreter = q.answer("interpreter_on_call")
    if interpreter == "yes":
        return "interpreter"
    return "none" if spoken != "unknown" and interpreter == "no" else "unknown"


def language(q: Question) -> str:
    """A common language, or an interpreter on call, where the case says it must be."""
    if not q.case.says("language_required"):
        return PASS
    return {"unknown": UNKNOWN, "none": FAIL}.get(language_standing(q), PASS)


def stale(q: Question) -> str:
    """Verified within 180 days; else a call must confirm it."""
    return PASS if clock.is_fresh(q.candidate.verified_at, q.now) else ASK


ALL, RESIDENTIAL, STATUTORY = "all", "residential", "statutory"
NOT_EMERGENCY = "all but emergency"
RULES: dict[str, tuple[str, Callable[[Question], str]]] = {
    "competent_area": (STATUTORY, competent_area),
    "unaccompanied_child": (RESIDENTIAL, unaccompanied_child),
    "gender": (RESIDENTIAL, gender),
    "trans_policy": (RESIDENTIAL, trans_policy),
    "age": (RESIDENTIAL, age),
    "age_caps": (RESIDENTIAL, age_caps),
    "party_size": (RESIDENTIAL, party_size),
    "accreditation": (RESIDENTIAL, accreditation),
    "mental_acuity": (RESIDENTIAL, mental_acuity),
    "medical_acuity": (RESIDENTIAL, medical_acuity),
    "substance": (RESIDENTIAL, substance),
    "pregnancy": (RESIDENTIAL, _accepts("pregnant", "pregnancy")),
    "newborn": (RESIDENTIAL, _accepts("newborn", "newborn")),
    "step_free": (ALL, step_free),
    "intake": (ALL, intake),
    "police_report": (NOT_EMERGENCY, _paper(lambda c: c.says("has_police_report"), "police_report_required")),
    "identity_document": (NOT_EMERGENCY, _paper(lambda c: c.says("has_id"), "id_required")),
    "recognition": (NOT_EMERGENCY, _paper(_recognised, "recognition_required")),
    "dsd_referral": (NOT_EMERGENCY, _paper(lambda c: c.says("has_dsd_referral"), "dsd_referral_required")),
    "undocumented": (RESIDENTIAL, _accepts("undocumented", "undocumented")),
    "language": (ALL, language),
    "lgbtqi": (RESIDENTIAL, lgbtqi),
    "stale": (ALL, stale),
}
"""In the order of the rule codes of api.md; `active` and `avoided` come before all and are in the pipeline."""


def outcomes(q: Question) -> dict[str, str]:
    """The outcome of each rule that governs this candidate for this need."""
    group = q.candidate.group(q.need)
    governing = {ALL, group} | ({NOT_EMERGENCY} if group != "emergency" else set())
    return {code: rule(q) for code, (governs, rule) in RULES.items() if governs in governing}
