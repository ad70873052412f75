"""Steps that come before any list, each with whom to turn to.

They inform and never gate: nothing here changes a bucket or an order.
"""

from __future__ import annotations

from collections.abc import Iterator

from matching.guidance.inputs import Guide, candidate_contact
from matching.guidance.units import Wanted
from matching.party import Party
from matching.types import Case, FirstStep, StepContact

ASK = (
    "Ask first. Say whom you want to call and why, and call nobody without agreement, unless the law demands it (a "
    "child must be reported) or a life is in danger. Help may be declined at any time."
)
EMERGENCY_OPEN = "An emergency: go to the nearest emergency service that is open, or call an ambulance."
EMERGENCY_NONE_OPEN = "An emergency, and no emergency service is known to be open: call an ambulance."
TIMELY = {
    "forensic_exam": (
        "After rape, an examination within 72 hours keeps evidence and treats injuries. No case need be opened first."
    ),
    "pep_srh": "After rape, medicine against HIV must start within 72 hours, and so must prevention of pregnancy.",
}
PLACEMENT = (
    "A child without an adult is placed by a designated social worker, never by a call to a shelter. Call the social "
    "worker who is competent here."
)
REPORT = (
    "Whoever knows or suspects that a child is trafficked must tell the police at once (Act 7 of 2013 s18(1)). Tell "
    "the child before you do."
)

SOCIAL_WORKER = Wanted("DSD", ("child_temporary_safe_care", "case_management"))
"""The designated social worker of the district, else of the province, else of the country."""

POLICE = Wanted("SAPS", ("police_report",))


def first_steps(case: Case, guide: Guide) -> tuple[FirstStep, ...]:
    """`ask_her_first` always; then `emergency_care`, `forensic_exam` and `pep_srh`, `child_social_worker` and
    `child_report`, as the case demands."""
    return (FirstStep("ask_her_first", ASK, None), *_as_the_case_demands(case, guide))


def _as_the_case_demands(case: Case, guide: Guide) -> Iterator[FirstStep]:
    profile = case.profile
    if "high" in (profile.medical_acuity, profile.mental_acuity):
        yield _emergency(case, guide)
    if profile.time_critical:
        for code, text in TIMELY.items():
            yield FirstStep(code, text, _nearest(case, guide, code))
    if Party.of(case.party).unaccompanied:
        yield FirstStep("child_social_worker", PLACEMENT, _unit(SOCIAL_WORKER, case, guide))
        yield FirstStep("child_report", REPORT, _unit(POLICE, case, guide) or guide.hotline(("police",), case))


def _emergency(case: Case, guide: Guide) -> FirstStep:
    found = _nearest(case, guide, "medical_emergency")
    if found is not None:
        return FirstStep("emergency_care", EMERGENCY_OPEN, found)
    return FirstStep("emergency_care", EMERGENCY_NONE_OPEN, guide.hotline(("ambulance", "emergency"), case))


def _nearest(case: Case, guide: Guide, need: str) -> StepContact | None:
    found = guide.nearest_open(case, need)
    return None if found is None else candidate_contact(found)


def _unit(wanted: Wanted, case: Case, guide: Guide) -> StepContact | None:
    unit = guide.unit(wanted, case)
    return None if unit is None else guide.unit_contact(unit, case)
