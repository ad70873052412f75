"""The kinds of government office: what each does, offers, and whom one finds there.

Functions follow the duties that Act 7 of 2013, its regulations (GN R1006 of 2015) and the Children's Act give
to each department; opening hours, posts and waiting times are invented.
"""

from dataclasses import dataclass

OFFICE = "office"
ROUND_THE_CLOCK = "24h"
LATE = "late"


@dataclass(frozen=True)
class Offer:
    """One service of an office; `{area}` in the name is filled with what it serves."""

    name: str
    codes: tuple[str, ...]
    hours: str = OFFICE
    delivery: str = "on_site"
    share: float = 1.0
    """How many of the offices of the kind have it."""


@dataclass(frozen=True)
class Lines:
    """How many offices of the kind have each institutional channel."""

    duty: float = 0.25
    mailbox: float = 0.4
    roster: float = 0.04


@dataclass(frozen=True)
class Kind:
    code: str
    name: str
    functions: tuple[str, ...]
    offers: tuple[Offer, ...]
    posts: tuple[tuple[str, str], ...]
    """Title and contact role; the first is the focal point."""
    lines: Lines = Lines()
    wait_days: tuple[int, int] | None = None


FOCAL = ("Focal point, trafficking in persons", "focal_point")
DEPUTY = ("Deputy focal point", "deputy")

NATIONAL = {
    "saps_desk": Kind(
        "SAPS",
        "National Anti-Trafficking Desk",
        ("investigation", "police_report", "follow_up"),
        (Offer("Referral of cases to provinces", ("investigation",), OFFICE, "remote"),),
        (FOCAL, DEPUTY, ("Section commander", "manager")),
        Lines(0.9, 0.9, 0.2),
    ),
    "saps_missing": Kind(
        "SAPS",
        "Missing Persons Bureau",
        ("family_tracing", "investigation"),
        (Offer("Tracing of missing persons", ("family_tracing",), ROUND_THE_CLOCK, "remote"),),
        (("Duty officer, missing persons", "after_hours_duty"), ("Bureau commander", "manager")),
        Lines(1, 0.5, 0.3),
    ),
    "dpci_section": Kind(
        "DPCI",
        "Trafficking in Persons Section",
        ("investigation",),
        (Offer("Serious organised cases across provinces", ("investigation",), OFFICE, "remote"),),
        (FOCAL, ("Section commander", "manager")),
        Lines(0.5, 0.9),
    ),
    "npa_soca": Kind(
        "NPA",
        "Sexual Offences and Community Affairs Desk",
        ("prosecution_liaison", "court_prep"),
        (Offer("Guidance of prosecutions", ("prosecution_liaison",), OFFICE, "remote"),),
        (("Senior prosecutor, trafficking", "prosecutor"), DEPUTY),
        Lines(0.2, 0.9),
    ),
    "npa_witness": Kind(
        "NPA",
        "Office for Witness Protection",
        ("witness_protection",),
        (Offer("Admission to witness protection", ("witness_protection",), ROUND_THE_CLOCK),),
        (("Head of admissions", "manager"), ("Duty officer", "after_hours_duty")),
        Lines(1, 0.5, 0.5),
    ),
    "doj_directorate": Kind(
        "DOJCD",
        "Trafficking in Persons Directorate",
        ("protection_order", "court_prep"),
        (),
        (FOCAL, DEPUTY, ("Director", "manager")),
        Lines(0.1, 1),
    ),
    "doj_language": Kind(
        "DOJCD",
        "Court Language Services",
        ("interpreting", "sign_interpreting"),
        (Offer("Court interpreters by telephone", ("interpreting", "sign_interpreting"), OFFICE, "remote"),),
        (("Principal interpreter", "focal_point"),),
        Lines(0.5, 1),
        (3, 21),
    ),
    "dsd_programme": Kind(
        "DSD",
        "Trafficking in Persons Programme",
        ("case_management", "follow_up", "safe_return", "reintegration"),
        (Offer("Return and reintegration desk", ("safe_return", "reintegration"), OFFICE, "remote"),),
        (FOCAL, DEPUTY, ("Accreditation officer", "data_custodian"), ("Director", "manager")),
        Lines(0.4, 1),
        (5, 30),
    ),
    "dsd_children": Kind(
        "DSD",
        "Child Protection Directorate",
        ("child_temporary_safe_care", "child_youth_care_centre", "case_management"),
        (),
        (FOCAL, ("Custodian of the child protection register", "data_custodian")),
        Lines(0.2, 1),
    ),
    "dsd_command": Kind(
        "DSD",
        "Gender-Based Violence Command Line",
        ("hotline", "counselling"),
        (Offer("Counselling by telephone, day and night", ("hotline", "counselling"), ROUND_THE_CLOCK, "remote"),),
        (("Shift supervisor", "after_hours_duty"), ("Manager, command line", "manager")),
        Lines(1, 1, 0.5),
    ),
    "dha_inspectorate": Kind(
        "DHA",
        "Immigration Inspectorate",
        ("immigration_status", "safe_return"),
        (),
        (FOCAL, DEPUTY),
        Lines(0.3, 1),
    ),
    "dha_refugees": Kind(
        "DHA",
        "Refugee Affairs",
        ("immigration_status", "documentation"),
        (),
        (FOCAL, ("Director", "manager")),
        Lines(0, 0.9),
    ),
    "doh_forensic": Kind(
        "DOH",
        "Forensic Health Programme",
        ("forensic_exam", "pep_srh"),
        (),
        (("Health focal point", "health_focal"), ("Director", "manager")),
        Lines(0, 1),
    ),
    "del_inspection": Kind(
        "DEL",
        "Inspection and Enforcement Services",
        ("labour_claim",),
        (Offer("Complaints of forced labour", ("labour_claim",), OFFICE, "remote"),),
        (("Chief inspector, vulnerable workers", "labour_inspector"), DEPUTY),
        Lines(0.5, 1),
    ),
    "del_fund": Kind(
        "DEL",
        "Injury Compensation Desk",
        ("compensation",),
        (Offer("Compensation for injury at work", ("compensation",), OFFICE, "remote"),),
        (("Claims manager", "focal_point"),),
        Lines(0.5, 0.8),
        (30, 240),
    ),
    "sars_illicit": Kind(
        "SARS",
        "Illicit Economy Desk",
        ("tax_financial",),
        (Offer("Proceeds of exploitation", ("tax_financial",), OFFICE, "remote"),),
        (FOCAL, ("Senior investigator", "investigating_officer")),
        Lines(0.1, 1),
    ),
    "magistrates_secretariat": Kind(
        "MAGISTRATES",
        "Lower Courts Secretariat",
        ("protection_order",),
        (),
        (FOCAL,),
        Lines(0, 0.8),
    ),
    "bma_ports": Kind(
        "BMA",
        "Port Control",
        ("immigration_status", "safe_return"),
        (),
        (FOCAL, ("Control room duty officer", "after_hours_duty")),
        Lines(1, 0.8, 0.6),
    ),
    "legal_aid_line": Kind(
        "LEGAL_AID",
        "Advice Line",
        ("legal_advice",),
        (Offer("Legal advice by telephone", ("legal_advice",), LATE, "remote"),),
        (("Supervising attorney", "focal_point"), ("Manager, advice line", "manager")),
        Lines(1, 1),
    ),
    "legal_aid_office": Kind(
        "LEGAL_AID",
        "National Office",
        ("legal_representation",),
        (),
        (("National focal point, vulnerable clients", "focal_point"),),
        Lines(0, 1),
    ),
    "dirco_consular": Kind(
        "DIRCO",
        "Consular Services",
        ("safe_return", "documentation", "family_tracing"),
        (Offer("South Africans abroad in distress", ("safe_return",), ROUND_THE_CLOCK, "remote"),),
        (("Duty consul", "after_hours_duty"), FOCAL),
        Lines(1, 1, 0.4),
    ),
    "dbe_care": Kind(
        "OTHER",
        "Care and Support in Schools",
        ("education_skills", "child_programme"),
        (Offer("Placing a child in school", ("education_skills", "child_programme"), OFFICE, "remote"),),
        (FOCAL,),
        Lines(0, 0.8),
        (5, 20),
    ),
    "women_secretariat": Kind(
        "OTHER",
        "Gender-Based Violence Secretariat",
        ("follow_up",),
        (),
        (FOCAL, DEPUTY),
        Lines(0, 1),
    ),
    "transport_inspectorate": Kind(
        "OTHER",
        "Cross-Border Road Inspectorate",
        ("transport",),
        (),
        (FOCAL,),
        Lines(0.5, 0.5),
    ),
}
