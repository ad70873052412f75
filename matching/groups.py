"""The groups of services by which hard rules are governed. A test holds them to the vocabulary."""

from matching.asked import Group

RESIDENTIAL = frozenset(
    {
        "shelter_emergency",
        "shelter_second_stage",
        "shelter_long_term",
        "child_temporary_safe_care",
        "child_youth_care_centre",
    }
)
EMERGENCY = frozenset({"medical_emergency", "hotline", "police_report", "forensic_exam", "pep_srh"})


def group_of(code: str, *, of_department: bool) -> Group:
    """The group of a candidate for a need: by the code first, else by whose service it is."""
    if code in RESIDENTIAL:
        return "residential"
    if code in EMERGENCY:
        return "emergency"
    return "statutory" if of_department else "support"
