"""Posts and lines of organisations outside government (departments have theirs in `kinds`)."""

from seed.generate.kinds import Lines
from seed.generate.staff import Desk

DESKS: dict[str, Desk] = {
    "shelter": Desk(
        (
            ("House manager", "manager"),
            ("Social worker", "social_worker"),
            ("Intake worker, nights", "intake_officer"),
        ),
        Lines(0.55, 0.35, 0.08),
    ),
    "child_youth_care_centre": Desk(
        (("Head of the centre", "manager"), ("Social worker", "social_worker")), Lines(0.5, 0.5, 0.05)
    ),
    "ngo": Desk(
        (("Programme manager", "focal_point"), ("Case worker", "social_worker"), ("Director", "manager")),
        Lines(0.35, 0.55, 0.04),
    ),
    "faith_based": Desk((("Convener", "focal_point"), ("Driver and fixer", "deputy")), Lines(0.15, 0.25)),
    "community_based": Desk((("Convener", "focal_point"), ("Field worker", "deputy")), Lines(0.12, 0.15)),
    "legal_clinic": Desk((("Attorney", "focal_point"), ("Paralegal", "intake_officer")), Lines(0.3, 0.8)),
    "health_facility": Desk((("Nurse in charge", "health_focal"), ("Counsellor", "deputy")), Lines(0.6, 0.4)),
    "thuthuzela_care_centre": Desk(
        (("Site coordinator", "focal_point"), ("Victim assistance officer", "deputy"), ("Nurse", "health_focal")),
        Lines(0.85, 0.5, 0.1),
    ),
    "coordinating_body": Desk(
        (
            ("Coordinator", "focal_point"),
            ("Deputy coordinator", "deputy"),
            ("Keeper of the contact list", "data_custodian"),
        ),
        Lines(0.4, 0.9, 0.1),
    ),
    "embassy": Desk((("Consul", "focal_point"), ("Attaché, migration", "deputy")), Lines(0.5, 0.6)),
    "international_organisation": Desk(
        (("Protection officer", "focal_point"), ("Case assistant", "deputy")), Lines(0.5, 0.9)
    ),
    "helpline": Desk((("Manager of the line", "manager"), ("Shift leader", "after_hours_duty")), Lines(1, 0.7)),
    "academic": Desk((("Researcher", "focal_point"),), Lines(0, 0.5)),
    "media": Desk((("Reporter", "focal_point"),), Lines(0, 0.5)),
}
