"""A match as the documents show it. All names and numbers are fictitious."""

from web.schemas.examples import AREA, ORGANISATION, SERVICE, SERVICE_SITE, SITE, UNIT
from web.smorest import Json

SMALLEST: Json = {"near": {"place": "Polokwane"}, "needs": ["shelter_emergency"]}

MATCH: Json = {
    "near": {"place": "Polokwane"},
    "needs": ["shelter_emergency", "medical_general"],
    "party": [
        {"age": 29, "gender": "female", "trans": None, "age_disputed": False},
        {"age": 9, "gender": "male", "relation": "child"},
    ],
    "profile": {
        "pregnant": False,
        "step_free": False,
        "languages": ["amh", "eng"],
        "language_required": False,
        "substance": "none",
        "mental_acuity": "low",
        "medical_acuity": "low",
        "time_critical": False,
        "undocumented": True,
        "legal_basis": "self_referral",
        "recognition": "none",
    },
    "avoid": [{"district": "DC34"}, {"place": "Musina", "radius_km": 50}],
    "when": "2026-11-21T22:00:00+02:00",
    "stay_days": 30,
    "sort": "score",
    "max_km": 500,
    "limit": 10,
}

EXPLANATION: Json = {**SMALLEST, "service_site_id": SERVICE_SITE}

CONTACTS: Json = {
    "grade": "single_contact",
    "redundancy": 1,
    "link_id": None,
    "reason": "One duty line, and nobody else who answers.",
    "advice": "nominate_deputy",
    "limited": False,
    "call": [
        {
            "order": 1,
            "channel_kind": "duty_line",
            "value": "+27821234567",
            "name": None,
            "role": "intake_officer",
            "answers_now": True,
            "verified_at": "2026-11-18T13:05:00+00:00",
            "channel_id": "5f0c7f9e-4b1c-4e1b-9a55-0a8d2f3c6b71",
            "whatsapp": True,
        }
    ],
}

FEATURES: list[Json] = [
    {"name": "service_fit", "value": 1.0, "weight": 0.3, "contribution": 0.3, "reason": "It covers the other need."},
    {"name": "proximity", "value": 0.97, "weight": 0.2, "contribution": 0.194, "reason": "0-25 km"},
]

CANDIDATE: Json = {
    "rank": 1,
    "service_site_id": SERVICE_SITE,
    "service": {
        "id": SERVICE,
        "name": "First safe place for women and their children",
        "codes": ["shelter_emergency", "counselling"],
        "delivery": "on_site",
    },
    "organisation": {
        "id": ORGANISATION,
        "name": "Lesedi House",
        "org_type": "shelter",
        "sector": "civil_society",
    },
    "department_id": None,
    "site": {
        "id": SITE,
        "confidential": True,
        "area": {"id": AREA, "label": "Polokwane area, Limpopo", "district": "DC35", "province": "ZA-LP"},
        "point": {"lat": -23.9045, "lon": 29.4689},
    },
    "distance_band": "0-25",
    "score": 0.494,
    "features": FEATURES,
    "penalties": [],
    "also_covers": ["medical_general"],
    "confirm": [{"rule": "age_caps", "question": "Up to which age do you take boys with their mother?"}],
    "capacity": {"unit": "bed", "band": "3+", "as_of": "2026-11-21T16:00:00+00:00"},
    "verified_at": "2026-11-01T00:00:00+00:00",
    "contacts": CONTACTS,
}

MATCH_ANSWER: Json = {
    "ruleset": "2026.1",
    "revision": 1234,
    "generated_at": "2026-11-21T20:00:12.500000+00:00",
    "near": {"label": "Polokwane, Limpopo", "lat": -23.9045, "lon": 29.4689},
    "first": [
        {
            "code": "ask_her_first",
            "text": "Ask her first. No call is made without her agreement unless the law demands it.",
            "contact": None,
        }
    ],
    "duties": [
        {
            "code": "s19_1",
            "text": "An adult: whoever meets the person in the course of their duties tells the police at once.",
            "source": "Act 7 of 2013 s19(1)",
            "who": {"department_id": UNIT, "name": "Victim desk, Polokwane", "contacts": CONTACTS},
        }
    ],
    "by_need": [
        {
            "need": "shelter_emergency",
            "read_as": None,
            "suitable": [],
            "confirm_by_phone": [CANDIDATE],
            "alternatives": [
                {
                    "code": "hotline",
                    "text": "The hotline answers where nobody else does.",
                    "groups": [],
                    "distance_between": None,
                    "contact": {
                        "name": "National Human Trafficking Hotline",
                        "service_site_id": None,
                        "department_id": None,
                        "distance_band": None,
                        "contacts": None,
                    },
                }
            ],
            "excluded": {
                "total": 3,
                "by_reason": [{"rule": "gender", "said": 3, "unknown": 0}],
                "nearest": [
                    {
                        "service_site_id": SERVICE_SITE,
                        "organisation": "Lesedi House",
                        "reasons": ["It takes women only."],
                        "waitlist": False,
                        "next_opening": None,
                    }
                ],
            },
        }
    ],
    "uncovered": ["medical_general"],
}

PACKAGES_ANSWER: Json = {
    **{name: MATCH_ANSWER[name] for name in ("ruleset", "revision", "generated_at", "near", "first")},
    "packages": [
        {
            "members": [{**CANDIDATE, "covers": ["shelter_emergency"], "to_confirm": ["shelter_emergency"]}],
            "uncovered": ["medical_general"],
            "worst_distance_band": "0-25",
            "score": 0.494,
            "single_contact_needs": ["shelter_emergency"],
        }
    ],
    "uncovered": ["medical_general"],
}

EXPLANATION_ANSWER: Json = {
    "need": "shelter_emergency",
    "bucket": "confirm_by_phone",
    "rank": 1,
    "rules": [{"rule": "age_caps", "outcome": "unknown", "reason": "Nobody has asked up to which age it takes boys."}],
    "features": FEATURES,
}
