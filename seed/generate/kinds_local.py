"""The kinds of office of a province, a district, and one building (see `kinds`)."""

from seed.generate.kinds import DEPUTY, FOCAL, LATE, OFFICE, ROUND_THE_CLOCK, Kind, Lines, Offer

DETECTIVE = ("Investigating officer", "investigating_officer")
SOCIAL_WORKER = ("Designated social worker", "social_worker")

PROVINCIAL = {
    "saps_province": Kind(
        "SAPS",
        "{area} Anti-Trafficking Coordination",
        ("investigation", "police_report"),
        (),
        (FOCAL, DEPUTY, ("Provincial commander", "manager")),
        Lines(0.6, 0.8, 0.1),
    ),
    "saps_province_fcs": Kind(
        "SAPS",
        "{area} Family Violence, Child Protection and Sexual Offences",
        ("investigation", "forensic_exam"),
        (),
        (("Provincial coordinator", "focal_point"), DETECTIVE),
    ),
    "dpci_province": Kind(
        "DPCI",
        "{area} Serious Organised Crime",
        ("investigation",),
        (Offer("Investigation of trafficking networks", ("investigation",), OFFICE),),
        (("Investigating officer, trafficking", "investigating_officer"), ("Unit commander", "manager")),
        Lines(0.5, 0.6),
    ),
    "npa_province": Kind(
        "NPA",
        "Director of Public Prosecutions, {area}",
        ("prosecution_liaison", "court_prep"),
        (Offer("Prosecutors for trafficking cases", ("prosecution_liaison", "court_prep"), OFFICE),),
        (("Senior state advocate", "prosecutor"), ("Court preparation officer", "focal_point")),
        Lines(0.15, 0.7),
        (2, 30),
    ),
    "npa_witness_region": Kind(
        "NPA",
        "Witness Protection, {area} Region",
        ("witness_protection",),
        (Offer("Protection of witnesses", ("witness_protection",), ROUND_THE_CLOCK),),
        (("Regional head", "manager"), ("Duty officer", "after_hours_duty")),
        Lines(0.8, 0.3, 0.2),
    ),
    "doj_province": Kind(
        "DOJCD",
        "{area} Regional Office",
        ("protection_order", "court_prep", "compensation"),
        (Offer("Compensation orders and court support", ("compensation", "court_prep"), OFFICE, share=0.7),),
        (FOCAL, DEPUTY),
        Lines(0.1, 0.8),
        (7, 60),
    ),
    "dsd_province": Kind(
        "DSD",
        "{area} Anti-Trafficking and Victim Empowerment",
        ("case_management", "follow_up", "reintegration", "counselling"),
        (
            Offer("Recognition and care of victims", ("case_management", "follow_up"), OFFICE),
            Offer("Reintegration support", ("reintegration", "follow_up"), OFFICE, share=0.6),
        ),
        (
            FOCAL,
            ("Provincial coordinator, trafficking in persons", "social_worker"),
            DEPUTY,
            ("Director, victim empowerment", "manager"),
        ),
        Lines(0.7, 0.9, 0.2),
        (1, 10),
    ),
    "dsd_province_children": Kind(
        "DSD",
        "{area} Child Care and Protection",
        ("child_temporary_safe_care", "case_management", "family_tracing", "child_youth_care_centre"),
        (Offer("Placement of children, whole province", ("child_temporary_safe_care",), ROUND_THE_CLOCK),),
        (SOCIAL_WORKER, ("Canalisation officer", "focal_point"), DEPUTY),
        Lines(0.6, 0.7, 0.2),
    ),
    "dha_province": Kind(
        "DHA",
        "{area} Provincial Office",
        ("documentation",),
        (),
        (FOCAL, ("Provincial manager", "manager")),
        Lines(0.1, 0.8),
    ),
    "dha_province_inspectorate": Kind(
        "DHA",
        "{area} Inspectorate",
        ("immigration_status", "safe_return"),
        (Offer("Status of victims without papers", ("immigration_status",), OFFICE),),
        (("Immigration officer, trafficking", "immigration_officer"), DEPUTY),
        Lines(0.4, 0.5),
        (3, 45),
    ),
    "doh_province": Kind(
        "DOH",
        "{area} Forensic Health and Victim Support",
        ("forensic_exam", "pep_srh", "mental_health", "medical_emergency"),
        (),
        (("Provincial health focal point", "health_focal"), DEPUTY),
        Lines(0.2, 0.7),
    ),
    "del_province": Kind(
        "DEL",
        "{area} Inspectorate",
        ("labour_claim",),
        (Offer("Inspection of workplaces", ("labour_claim",), OFFICE, "mobile"),),
        (("Provincial labour inspector", "labour_inspector"), ("Chief inspector", "manager")),
        Lines(0.1, 0.8),
    ),
    "sars_region": Kind(
        "SARS",
        "{area} Regional Investigations",
        ("tax_financial",),
        (Offer("Financial traces of exploitation", ("tax_financial",), OFFICE),),
        (("Regional investigator", "investigating_officer"),),
        Lines(0, 0.8),
    ),
    "magistrates_cluster": Kind(
        "MAGISTRATES",
        "{area} Cluster",
        ("protection_order",),
        (),
        (("Cluster focal magistrate's clerk", "focal_point"),),
        Lines(0, 0.7),
    ),
    "bma_region": Kind(
        "BMA",
        "{area} Border Region",
        ("immigration_status", "safe_return"),
        (Offer("Assisted return over land borders", ("safe_return",), ROUND_THE_CLOCK, "mobile", 0.7),),
        (("Regional immigration coordinator", "immigration_officer"), DEPUTY),
        Lines(0.6, 0.6),
    ),
    "legal_aid_province": Kind(
        "LEGAL_AID",
        "{area} Provincial Office",
        ("legal_representation", "legal_advice"),
        (Offer("Representation in the high court", ("legal_representation",), OFFICE),),
        (("Provincial focal attorney", "focal_point"), ("Provincial executive", "manager")),
        Lines(0.1, 0.8),
        (3, 30),
    ),
}

DISTRICT = {
    "saps_fcs": Kind(
        "SAPS",
        "{area} Family Violence, Child Protection and Sexual Offences Unit",
        ("investigation", "police_report", "forensic_exam"),
        (
            Offer(
                "Investigation of trafficking and sexual offences", ("investigation", "police_report"), ROUND_THE_CLOCK
            ),
        ),
        (("Unit commander", "focal_point"), DETECTIVE, ("Standby officer", "after_hours_duty")),
        Lines(0.5, 0.3, 0.1),
    ),
    "dsd_district": Kind(
        "DSD",
        "{area} District Office",
        ("case_management", "counselling", "follow_up", "reintegration"),
        (Offer("Social work intake, {area}", ("case_management", "counselling", "follow_up"), OFFICE),),
        (SOCIAL_WORKER, DEPUTY, ("District manager", "manager")),
        Lines(0.35, 0.4, 0.08),
        (1, 21),
    ),
    "dsd_placement": Kind(
        "DSD",
        "{area} Child Protection and Placement Desk",
        ("child_temporary_safe_care", "case_management", "family_tracing"),
        (
            Offer("Temporary safe care of children, {area}", ("child_temporary_safe_care",), ROUND_THE_CLOCK),
            Offer("Family tracing, {area}", ("family_tracing",), OFFICE, share=0.2),
        ),
        (SOCIAL_WORKER, ("After-hours social worker", "after_hours_duty")),
        Lines(0.45, 0.3, 0.15),
    ),
    "dha_district": Kind(
        "DHA",
        "{area} Office",
        ("documentation", "immigration_status"),
        (Offer("Birth, identity and travel documents, {area}", ("documentation",), OFFICE),),
        (("Immigration officer", "immigration_officer"), ("Office manager", "manager")),
        Lines(0.08, 0.4),
        (7, 120),
    ),
    "del_centre": Kind(
        "DEL",
        "{area} Labour Centre",
        ("labour_claim",),
        (Offer("Unpaid wages and forced labour, {area}", ("labour_claim",), OFFICE),),
        (("Labour inspector", "labour_inspector"),),
        Lines(0.08, 0.5),
        (5, 40),
    ),
}

STATION = {
    "saps_station": Kind(
        "SAPS",
        "SAPS {town} Desk",
        ("police_report",),
        (Offer("Community service centre, {town}", ("police_report",), ROUND_THE_CLOCK),),
        (("Station focal point", "focal_point"), ("Shift commander", "after_hours_duty")),
        Lines(0.85, 0.2),
    ),
    "hospital": Kind(
        "DOH",
        "{town} Hospital",
        ("medical_emergency", "medical_general", "pep_srh", "maternity"),
        (),
        (("Social worker, casualty", "health_focal"), ("Matron, casualty", "manager")),
        Lines(1, 0.25, 0.05),
    ),
    "court": Kind(
        "DOJCD",
        "{town} Magistrate's Court",
        ("protection_order", "court_prep", "interpreting"),
        (Offer("Protection orders, {town}", ("protection_order", "court_prep"), OFFICE),),
        (("Clerk, protection orders", "focal_point"), ("Court preparation officer", "deputy")),
        Lines(0.1, 0.35),
        (1, 14),
    ),
    "legal_aid_local": Kind(
        "LEGAL_AID",
        "{town} Local Office",
        ("legal_advice", "legal_representation"),
        (Offer("Legal advice and representation, {town}", ("legal_advice", "legal_representation"), OFFICE),),
        (("Attorney, vulnerable clients", "focal_point"), ("Paralegal", "deputy")),
        Lines(0.2, 0.5),
        (1, 20),
    ),
    "port": Kind(
        "BMA",
        "{town}",
        ("immigration_status", "safe_return"),
        (Offer("Immigration desk, {town}", ("immigration_status", "safe_return"), ROUND_THE_CLOCK),),
        (("Immigration officer on shift", "immigration_officer"), ("Port commander", "manager")),
        Lines(0.8, 0.4, 0.2),
    ),
    "refugee_office": Kind(
        "DHA",
        "{town} Refugee Reception Office",
        ("immigration_status", "documentation", "interpreting"),
        (Offer("Asylum applications, {town}", ("immigration_status", "documentation"), OFFICE),),
        (("Refugee reception officer", "immigration_officer"), ("Centre manager", "manager")),
        Lines(0.4, 0.6),
        (14, 180),
    ),
    "secretariat": Kind(
        "OTHER",
        "{area} Task Team Secretariat",
        ("follow_up", "case_management"),
        (),
        (("Coordinator", "focal_point"), DEPUTY, ("Record keeper", "data_custodian")),
        Lines(0.6, 1, 0.1),
    ),
    "rapid_response": Kind(
        "OTHER",
        "{area} Rapid Response Team",
        ("follow_up", "transport"),
        (Offer("Accompaniment after a rescue", ("transport", "follow_up"), LATE, "mobile"),),
        (("Team leader", "after_hours_duty"), ("Roster keeper", "deputy")),
        Lines(0.5, 0.3, 0.6),
    ),
}

HOSPITAL_OFFERS: dict[str, tuple[Offer, ...]] = {
    "district": (
        Offer("Casualty, {town}", ("medical_emergency", "medical_general", "pep_srh"), ROUND_THE_CLOCK),
        Offer("Out-patients, {town}", ("medical_general", "maternity"), OFFICE),
    ),
    "regional": (
        Offer(
            "Casualty and crisis room, {town}",
            ("medical_emergency", "medical_general", "forensic_exam", "pep_srh"),
            ROUND_THE_CLOCK,
        ),
        Offer("Out-patients and maternity, {town}", ("medical_general", "maternity", "mental_health"), OFFICE),
    ),
    "tertiary": (
        Offer(
            "Trauma and crisis centre, {town}",
            ("medical_emergency", "medical_general", "forensic_exam", "pep_srh"),
            ROUND_THE_CLOCK,
        ),
        Offer("Specialist clinics, {town}", ("medical_general", "maternity"), OFFICE),
        Offer("Psychiatry and withdrawal care, {town}", ("mental_health", "detox_rehab"), ROUND_THE_CLOCK),
    ),
}
"""Small, regional and central hospitals; detoxification is rare in public care."""
