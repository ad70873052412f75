"""One coherent example of what the network's measures answer."""

from collections.abc import Mapping
from typing import Any

SHELTER = "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7c01"
DESK = "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7c02"
POLICE = "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7c03"
OFFICER = "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7c04"
COUNTER = "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7c05"
TIE = "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7c06"
MADE = "2026-11-21T20:00:00+00:00"

_SHELTER: Mapping[str, Any] = {
    "type": "organisation",
    "id": SHELTER,
    "name": "Lesedi House",
    "organisation_id": SHELTER,
    "sector": "civil_society",
    "level": None,
    "provinces": ["ZA-LP"],
}
_DESK: Mapping[str, Any] = {
    "type": "department",
    "id": DESK,
    "name": "Polokwane Desk, South African Police Service",
    "organisation_id": POLICE,
    "sector": "government",
    "level": "provincial",
    "provinces": ["ZA-LP"],
}
_POST: Mapping[str, Any] = {"id": COUNTER, "title": "Desk officer", "contact_role": "focal_point", "partner": _DESK}
_OFFICER: Mapping[str, Any] = {"id": OFFICER, "name": "Thabo Nkosi", "posts": [_POST]}
_END: Mapping[str, Any] = {
    "partner": _DESK,
    "grade": "single_contact",
    "redundancy": 1,
    "reason": "Only one person, the focal point, answers here; no office line has been tested lately.",
    "advice": "nominate_deputy",
    "hangs_on": _OFFICER,
}
_NEAR: Mapping[str, Any] = {
    "partner": _SHELTER,
    "grade": "backed",
    "redundancy": 2,
    "reason": "One person and the duty line answer here.",
    "advice": None,
    "hangs_on": None,
}
_LINK: Mapping[str, Any] = {
    "id": TIE,
    "a": _NEAR,
    "b": _END,
    "link_types": ["referral_sent"],
    "grade": "single_contact",
    "redundancy": 1,
    "m": 1,
    "m_s": 0,
    "n_eff": 1.0,
    "band": "fresh",
    "last_confirmed_at": "2026-11-16T20:00:00+00:00",
    "trajectory": "government_civil_society",
    "level": "provincial",
    "urgency": 1,
}
LINK: Mapping[str, Any] = {"items": [_LINK], "total": 1, "page": 1, "page_size": 50}
_B: Mapping[str, Any] = {"b": 0.0, "required": 1, "backed": 0, "single": 1, "gap": 0}
_CELL: Mapping[str, Any] = {
    "department": "SAPS",
    "function": "police_report",
    "province": "ZA-LP",
    "stage": "identification",
    "urgency": 1,
    "state": "single",
    "persons": 1,
    "channels": 0,
    "partners": [_DESK],
    "held_by": [
        {"partner": _DESK, "post_id": COUNTER, "person": _OFFICER, "channel_id": None, "channel_kind": None},
    ],
    "required_because": "Whoever meets a victim must tell the police at once: somebody has to answer.",
    "source": "Act 7 of 2013 ss18(1), 19(1)",
}
_NAMED: Mapping[str, Any] = {"department": "SAPS", "function": "police_report", "province": "ZA-LP"}
_TIED: Mapping[str, Any] = {"id": TIE, "a": _SHELTER, "b": _DESK}
_CUT_OFF: Mapping[str, Any] = {"organisation": _SHELTER, "function": "police_report"}
_ROW: Mapping[str, Any] = {
    "person": _OFFICER,
    "cells_lost": [_NAMED],
    "links_lost": [_TIED],
    "delta_f": 0.25,
    "cut_off": [_CUT_OFF],
    "replacements": [],
}
_ABOUT: Mapping[str, Any] = {"province": "ZA-LP", "revision": 1234, "generated_at": MADE}
_FINDING: Mapping[str, Any] = {
    "key": "cell:SAPS/police_report/ZA-LP",
    "kind": "cell",
    "subject": "SAPS/police_report/ZA-LP",
    "found": "single",
    "action": "nominate_deputy",
    "owner": _DESK,
    "urgency": 1,
    "priority": 2,
    "due_days": 14,
    "size": 1,
    "reason": "SAPS, police report, ZA-LP: Only one person, the focal point, answers here; no office line has been "
    "tested lately.",
}
_NONE: Mapping[str, Any] = {"total": 0, "items": []}
COVERAGE: Mapping[str, Any] = {
    **_ABOUT,
    "ruleset": "coverage.2026.1",
    "coverage": _B,
    "coverage_by_urgency": [{"urgency": 1, "coverage": _B}],
    "cells": [_CELL],
}
REPORT: Mapping[str, Any] = {
    **COVERAGE,
    "links": 1,
    "links_by_grade": [{"code": "single_contact", "count": 1}],
    "single_by_trajectory": [{"code": "government_civil_society", "count": 1}],
    "single_by_level": [{"code": "provincial", "count": 1}],
    "single_contact_links": {"total": 1, "items": [_LINK]},
    "dead_links": _NONE,
    "people": {"total": 1, "items": [_ROW]},
    "multiplex_links": _NONE,
    "stale_links": _NONE,
    "findings": {"total": 1, "items": [_FINDING]},
    "findings_by_action": [{"code": "nominate_deputy", "count": 1}],
    "shape": {
        "nodes": 4,
        "ties": 3,
        "parts": 1,
        "fragmentation": 0.0,
        "two_paths": 0.0,
        "two_paths_partners": 0.0,
    },
    "articulation_points": {"total": 1, "items": [{"partner": None, "person": _OFFICER}]},
    "bridges": {
        "total": 1,
        "items": [{"one": {"partner": _DESK, "person": None}, "other": {"partner": None, "person": _OFFICER}}],
    },
    "definitions": [{"term": "L", "text": "The required cells in which nobody answers once a person has left."}],
}
_LOST: Mapping[str, Any] = {
    "links_lost": [
        {"link": _TIED, "before": "single_contact", "after": "dead", "silent": ["b"], "replacements": []},
    ],
    "links_weakened": [],
    "cells_lost": [{"cell": _NAMED, "before": "single", "after": "gap", "replacements": []}],
    "cells_weakened": [],
    "cells_gained": [],
    "cut_off": [_CUT_OFF],
    "coverage_before": _B,
    "coverage_after": {**_B, "single": 0, "gap": 1},
    "fragmentation_before": 0.0,
    "fragmentation_after": 0.25,
}
PERSON: Mapping[str, Any] = {**_ABOUT, "person": _OFFICER, "delta_f": 0.25, "loss": _LOST}
SIMULATION: Mapping[str, Any] = {**_ABOUT, "loss": _LOST}

MAP: Mapping[str, Any] = {
    "province": "ZA-LP",
    "revision": 1234,
    "generated_at": "2026-11-21T20:00:00Z",
    "stakeholders": [
        {
            "organisation_id": "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7a01",
            "name": "Thandeka Women's Haven",
            "side": "civil_society",
            "level": "district_local",
            "nearness": 0.57,
            "contacts_a_year": 86,
            "support": 0.71,
            "resources": 4,
            "people": 1,
            "services": 3,
            "funding": 0,
            "links": 6,
            "spot": {"number": 1, "x": 141.4, "y": 113.12, "radius": 13.08},
        }
    ],
    "ties": [
        {
            "sides": ["government", "civil_society"],
            "levels": ["national_provincial", "district_local"],
            "links": 13,
            "backed": 1,
            "strength": 8.68,
        }
    ],
    "rings": [106.0, 168.0, 230.0, 292.0, 354.0, 416.0],
}
