"""One believable record of each collection, for the documents. All names and numbers are fictitious."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from directory.services.catalogue import COLLECTIONS

MADE, CHANGED = "2026-11-02T07:30:00+00:00", "2026-11-18T13:05:00+00:00"

ORGANISATION = "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7a01"
UNIT = "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7a02"
PERSON = "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7a03"
POST = "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7a04"
FOCAL_POINT = "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7a05"
CHANNEL = "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7a06"
SITE = "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7a07"
SERVICE = "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7a08"
SERVICE_SITE = "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7a09"
LINK = "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7a0a"
TRAINING = "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7a0b"
AREA = "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7a0c"
OFFICE = "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7a0d"


@dataclass(frozen=True, slots=True)
class Example:
    """A record as written, as changed by a patch, and as read."""

    write: Mapping[str, Any]
    change: Mapping[str, Any]
    read: Mapping[str, Any]


def _example(
    name: str, identifier: str, write: dict[str, Any], change: dict[str, Any], shown: dict[str, Any]
) -> Example:
    common = {
        "id": identifier,
        "version": 3,
        "status": "active",
        "created_at": MADE,
        "updated_at": CHANGED,
        "verified_at": CHANGED,
        "source": None,
        "external_ids": [],
    }
    known = {**common, **write, **shown}
    readable = COLLECTIONS[name].readable
    return Example(write, change, {field: known.get(field) for field in readable})


EXAMPLES: Mapping[str, Example] = {
    "organisations": _example(
        "organisations",
        ORGANISATION,
        {
            "name": "Lesedi House Polokwane",
            "alternate_names": ["Lesedi"],
            "org_type": "shelter",
            "sector": "civil_society",
            "website": "https://lesedi.example.org",
            "npo_number": "000-000-NPO",
            "accreditation": {"status": "valid", "number": "A-17", "issued": "2025-03-01", "expires": "2029-02-28"},
            "district": "DC35",
            "source": "Provincial list of accredited organisations, October 2026",
            "external_ids": [{"scheme": "npo", "value": "000-000-NPO"}],
        },
        {"website": None, "accreditation": {"expires": "2028-02-28"}},
        {"province": "ZA-LP", "funding": [], "suspended": False},
    ),
    "departments": _example(
        "departments",
        UNIT,
        {
            "organisation_id": OFFICE,
            "name": "Social Development, Capricorn district office",
            "level": "district",
            "serves": {"scope": "district", "codes": ["DC35"]},
            "functions": ["case_management", "child_temporary_safe_care"],
            "typical_wait_days": 2,
        },
        {"typical_wait_days": 5},
        {"suspended": False},
    ),
    "persons": _example(
        "persons",
        PERSON,
        {"full_name": "Naledi Mokoena", "languages": ["nso", "eng"]},
        {"status": "on_leave"},
        {},
    ),
    "posts": _example(
        "posts",
        POST,
        {
            "department_id": UNIT,
            "title": "Designated social worker",
            "contact_role": "social_worker",
            "functions": ["case_management"],
            "state": "filled",
        },
        {"state": "acting"},
        {"organisation_id": OFFICE},
    ),
    "focal_points": _example(
        "focal_points",
        FOCAL_POINT,
        {"person_id": PERSON, "post_id": POST, "starts": "2025-06-01", "primary": True, "acting": False},
        {"ends": "2027-01-01"},
        {
            "person": {"id": PERSON, "name": "Naledi Mokoena"},
            "post": {"id": POST, "title": "Designated social worker"},
            "organisation": {"id": OFFICE, "name": "Department of Social Development, Limpopo"},
            "department": {"id": UNIT, "name": "Social Development, Capricorn district office"},
        },
    ),
    "channels": _example(
        "channels",
        CHANNEL,
        {
            "owner": {"type": "post", "id": POST},
            "channel_kind": "duty_line",
            "value": "+27821234567",
            "whatsapp": True,
            "hours": [{"days": ["mon", "tue", "wed", "thu", "fri"], "opens": "08:00", "closes": "16:30"}],
            "visibility": "network",
        },
        {"hours": "24h", "tested_at": CHANGED},
        {},
    ),
    "sites": _example(
        "sites",
        SITE,
        {
            "organisation_id": ORGANISATION,
            "confidential": True,
            "location": {"address": "1 Example Street", "lat": -23.905, "lon": 29.461},
        },
        {"location": {"address": "2 Example Street", "lat": -23.9, "lon": 29.45}},
        {
            "area": {"id": AREA, "label": "Polokwane area, Limpopo", "province": "ZA-LP", "district": "DC35"},
            "point": {"lat": -23.9045, "lon": 29.4689},
        },
    ),
    "services": _example(
        "services",
        SERVICE,
        {
            "organisation_id": ORGANISATION,
            "name": "First safe place for women and their children",
            "codes": ["shelter_emergency", "counselling"],
            "delivery": "on_site",
            "eligibility": {
                "sex_gender": "female",
                "trans_policy": "case_by_case",
                "age_min": 18,
                "children_with_adult": 3,
                "boy_child_max_age": 12,
                "undocumented": "yes",
            },
            "languages": ["nso", "eng"],
            "interpreter_on_call": "yes",
            "intake": "24h",
            "stay_max_days": 90,
            "cost": "free",
        },
        {"eligibility": {"boy_child_max_age": 14, "pregnancy": "yes"}},
        {},
    ),
    "service_sites": _example(
        "service_sites",
        SERVICE_SITE,
        {
            "service_id": SERVICE,
            "site_id": SITE,
            "capacity": {"unit": "bed", "total": 12, "available": 4, "as_of": CHANGED},
        },
        {"source": "Telephone round, November 2026"},
        {"capacity": {"unit": "bed", "band": "3+", "as_of": "2026-11-18T10:00:00+00:00"}},
    ),
    "links": _example(
        "links",
        LINK,
        {
            "a": {"type": "organisation", "id": ORGANISATION},
            "b": {"type": "department", "id": UNIT},
            "link_types": ["referral_sent", "referral_received"],
            "carriers": [{"end": "b", "focal_point_id": FOCAL_POINT, "link_types": ["referral_sent"]}],
            "channels": [{"end": "b", "channel_id": CHANNEL}],
            "memorandum": {"signed": "2025-01-15", "expires": "2028-01-14"},
            "facts": [{"on": "2026-10-30", "frequency": "monthly", "support_level": "high", "response": "acted"}],
            "last_confirmed_at": CHANGED,
        },
        {"last_confirmed_at": CHANGED},
        {
            "grade_a": "dead",
            "grade_b": "single_contact",
            "grade": "dead",
            "redundancy": 0,
            "m": 2,
            "m_s": 0,
            "n_eff": 0.0,
            "band": "fresh",
            "trajectory": "government_civil_society",
        },
    ),
    "trainings": _example(
        "trainings",
        TRAINING,
        {
            "course": "Identifying victims of trafficking",
            "provider": "Provincial task team, Limpopo",
            "accredited": True,
            "held_on": "2026-08-12",
            "expires": "2028-08-11",
            "attendees": [{"person_id": PERSON, "organisation_id": OFFICE, "department_id": UNIT}],
        },
        {"accredited": False},
        {},
    ),
}
