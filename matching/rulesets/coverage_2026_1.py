"""Coverage 2026.1: the functions for which every province needs two ways to reach the competent department.

A cell stands here when the law gives the function to the department and the process stops without it. Services of
civil society are not cells: which of them a province has is a matter of funding, not of contacts."""

from matching.rulesets.coverage import CoverageRuleset, NetworkNumbers, RequiredFunction, Stage

REQUIRED = (
    RequiredFunction(
        "police_report",
        "SAPS",
        "identification",
        "Whoever knows or suspects trafficking of a child, and whoever meets an adult victim on duty, must tell the "
        "police at once: somebody has to answer.",
        "Act 7 of 2013 ss18(1), 19(1)",
    ),
    RequiredFunction(
        "investigation",
        "SAPS",
        "investigation",
        "The police bring people to safety, refer them and secure the evidence.",
        "Act 7 of 2013 ss18, 19",
    ),
    RequiredFunction(
        "investigation",
        "DPCI",
        "investigation",
        "Organised trafficking and cases across provinces are theirs.",
        "South African Police Service Act 68 of 1995 s17C",
    ),
    RequiredFunction(
        "case_management",
        "DSD",
        "assessment_recognition",
        "Provincial Social Development assesses, issues the letter of recognition and is told of every admission "
        "within 48 hours.",
        "Act 7 of 2013 ss18(6), 19(8); GN R1006 of 2015 regs 12(2), 17",
    ),
    RequiredFunction(
        "child_temporary_safe_care",
        "DSD",
        "child_placement",
        "A child is placed by a designated social worker, the same night.",
        "Children's Act 38 of 2005 regulations reg 53",
    ),
    RequiredFunction(
        "reintegration",
        "DSD",
        "return_reintegration",
        "Nobody goes home before the risk there is assessed; somebody there takes over.",
        "Act 7 of 2013 s31",
    ),
    RequiredFunction(
        "medical_emergency",
        "DOH",
        "rescue_safety",
        "Public health care is owed to every victim, foreign ones included.",
        "Act 7 of 2013 s21",
    ),
    RequiredFunction(
        "forensic_exam",
        "DOH",
        "rescue_safety",
        "Evidence after rape is lost within days.",
        "Act 7 of 2013 s21",
    ),
    RequiredFunction(
        "pep_srh",
        "DOH",
        "rescue_safety",
        "Medicine against HIV after rape has to start within 72 hours.",
        "Act 7 of 2013 s21",
    ),
    RequiredFunction(
        "prosecution_liaison",
        "NPA",
        "prosecution",
        "A victim found while accused is referred by the prosecutor, and the case stands or falls with the witness.",
        "Act 7 of 2013 s22; GN R737 of 2015",
    ),
    RequiredFunction(
        "witness_protection",
        "NPA",
        "witness_protection",
        "Whoever testifies may need to disappear first.",
        "Witness Protection Act 112 of 1998",
    ),
    RequiredFunction(
        "documentation",
        "DHA",
        "documentation_status",
        "Without papers there is no school, no work and no journey home.",
        "Act 7 of 2013 ss31, 33",
    ),
    RequiredFunction(
        "immigration_status",
        "DHA",
        "documentation_status",
        "Whether a foreign victim may stay while the case is open is decided there.",
        "Act 7 of 2013 ss31, 33",
    ),
    RequiredFunction(
        "immigration_status",
        "BMA",
        "documentation_status",
        "Victims are noticed, stopped and received at ports of entry.",
        "Border Management Authority Act 2 of 2020",
    ),
    RequiredFunction(
        "protection_order",
        "MAGISTRATES",
        "rescue_safety",
        "The court keeps the trafficker away, outside office hours too.",
        "Domestic Violence Act 116 of 1998; Protection from Harassment Act 17 of 2011",
    ),
    RequiredFunction(
        "court_prep",
        "DOJCD",
        "prosecution",
        "Courts with their interpreters decide how a witness is heard.",
        "Act 7 of 2013 ss41, 44",
    ),
    RequiredFunction(
        "labour_claim",
        "DEL",
        "care_plan",
        "Inspectors see forced labour first, and unpaid wages are claimed through them.",
        "Act 7 of 2013 s44(1)",
    ),
    RequiredFunction(
        "legal_representation",
        "LEGAL_AID",
        "prosecution",
        "Whoever cannot pay has no other lawyer.",
        "Legal Aid South Africa Act 39 of 2014",
    ),
    RequiredFunction(
        "tax_financial",
        "SARS",
        "investigation",
        "The money leads to those who profit.",
        "Act 7 of 2013 s41(1)",
    ),
)

STAGES = (
    Stage("identification", 1, "A report that nobody takes is a victim who goes back."),
    Stage("screening", 1, "The same conversation, the same night."),
    Stage("rescue_safety", 1, "Life and evidence are lost in hours."),
    Stage("referral", 1, "She stands in a police station until somebody takes her in."),
    Stage("shelter_admission", 1, "A bed is needed tonight."),
    Stage("child_placement", 1, "A child cannot wait for office hours."),
    Stage("care", 2, "Days: care begins on the first morning."),
    Stage("assessment_recognition", 2, "Days: help from the state begins with it."),
    Stage("investigation", 2, "Days: others may still be held."),
    Stage("witness_protection", 2, "Days: threats follow the first statement."),
    Stage("care_plan", 3, "Weeks."),
    Stage("documentation_status", 3, "Weeks: papers take longer than care."),
    Stage("prosecution", 3, "Weeks to the first hearing."),
    Stage("return_reintegration", 4, "Months, and never in haste."),
)

STAGE_OF = {
    "hotline": "identification",
    "police_report": "identification",
    "interpreting": "screening",
    "sign_interpreting": "screening",
    "medical_emergency": "rescue_safety",
    "forensic_exam": "rescue_safety",
    "pep_srh": "rescue_safety",
    "protection_order": "rescue_safety",
    "transport": "referral",
    "shelter_emergency": "shelter_admission",
    "child_temporary_safe_care": "child_placement",
    "child_youth_care_centre": "child_placement",
    "shelter_second_stage": "care",
    "shelter_long_term": "care",
    "medical_general": "care",
    "maternity": "care",
    "mental_health": "care",
    "detox_rehab": "care",
    "counselling": "care",
    "food_clothing": "care",
    "case_management": "assessment_recognition",
    "investigation": "investigation",
    "tax_financial": "investigation",
    "witness_protection": "witness_protection",
    "child_programme": "care_plan",
    "education_skills": "care_plan",
    "labour_claim": "care_plan",
    "documentation": "documentation_status",
    "immigration_status": "documentation_status",
    "legal_advice": "prosecution",
    "legal_representation": "prosecution",
    "prosecution_liaison": "prosecution",
    "court_prep": "prosecution",
    "compensation": "prosecution",
    "family_tracing": "return_reintegration",
    "safe_return": "return_reintegration",
    "reintegration": "return_reintegration",
    "follow_up": "return_reintegration",
}
"""The stage that a service belongs to first."""

NUMBERS = NetworkNumbers(
    multiplexity_high=3,
    links_on_one=2,
    replacements=3,
    urgency_unknown=5,
    behind={
        "gap": 0,
        "single": 1,
        "person": 1,
        "dead": 1,
        "single_contact": 2,
        "single_channel": 2,
        "person_only": 3,
        "multiplex": 3,
        "stale": 3,
    },
    due_days={1: 7, 2: 14, 3: 30, 4: 60, 5: 90},
)

ARGUMENTS = {
    "multiplexity_high": "Link types: from three on, a partnership looks strong and may still hang on one person.",
    "links_on_one": "Links: one link on one person is told on the link; two or more are told on the person.",
    "replacements": "Suggestions of each kind: more is a list, not advice.",
    "urgency_unknown": "A partner of unrecorded function is nobody's emergency.",
    "behind": "Steps: a province without anybody comes before one with one, a province before a link, a silent link "
    "before one that hangs on somebody, and what only might go wrong comes last.",
    "due_days": "Days: a week where the next case may come tonight, a quarter where a month changes nothing.",
}

RULESET = CoverageRuleset("coverage.2026.1", REQUIRED, STAGES, STAGE_OF, NUMBERS, ARGUMENTS)
