"""Codes of a match in a few words, as pages say them in every language."""

from collections.abc import Mapping

RULES: Mapping[str, str] = {
    "active": "closed or suspended",
    "competent_area": "competent for another area",
    "avoided": "to be avoided, as you asked",
    "unaccompanied_child": "children who are alone are placed by a social worker",
    "gender": "takes people of another gender",
    "trans_policy": "does not take transgender people",
    "age": "takes people of another age",
    "age_caps": "does not take all the children",
    "party_size": "no room for everyone tonight",
    "accreditation": "no valid accreditation",
    "mental_acuity": "cannot care for somebody so unwell in mind",
    "medical_acuity": "cannot care for somebody so ill or hurt",
    "substance": "does not take people who use drugs or alcohol",
    "pregnancy": "does not take pregnant women",
    "newborn": "does not take newborn babies",
    "step_free": "has steps",
    "intake": "takes nobody in at this hour",
    "police_report": "wants a police report",
    "identity_document": "wants an identity document",
    "recognition": "wants the letter of recognition",
    "dsd_referral": "wants a referral by Social Development",
    "undocumented": "does not take people without papers",
    "language": "no common language, and no interpreter",
    "lgbtqi": "does not take LGBTQI people",
    "stale": "not confirmed for half a year",
}
"""Why somebody is missing, in a few words."""

FEATURES: Mapping[str, str] = {
    "service_fit": "Covers the other needs",
    "proximity": "Near",
    "capacity_freshness": "Room, lately confirmed",
    "language": "Language",
    "stay": "Length of stay",
    "contact_robustness": "More than one way to reach them",
}
