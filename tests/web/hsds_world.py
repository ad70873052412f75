"""A shelter with a confidential place, and an office in the open: all that the HSDS face has to tell, or to keep."""

from collections.abc import Mapping
from typing import Any

from flask.testing import FlaskClient

from tests.web.records import API, answer_json, make

HSDS = "/hsds/v3"
Ids = Mapping[str, str]

DOOR = {"address": "7 Baobab Lane", "lat": -22.35, "lon": 30.04}
OFFICE = {"address": "1 Acacia Street, Polokwane", "lat": -23.9, "lon": 29.45}
WEEK = [
    {"days": ["mon", "fri"], "opens": "08:30", "closes": "15:30"},
    {"days": ["sat"], "opens": "20:00", "closes": "06:00"},
]
OWN = ("+27821110001", "+27821110005")
"""Numbers of people's own."""
DESK, PUBLIC, NETWORK = "+27821110002", "+27821110003", "+27821110004"


def settle(client: FlaskClient) -> Ids:
    """The ids of its records, by what they are called."""
    ids = {**_office(client), **_haven(client)}
    for name in ("advice", "beds"):
        said = {"method": "phone", "outcome": "confirmed", "verified_at": "2026-03-11T09:20:00+02:00"}
        assert client.post(f"{API}/services/{ids[name]}/verifications", json=said).status_code == 201
    return ids


def _office(client: FlaskClient) -> dict[str, str]:
    office = make(
        client,
        "organisations",
        name="Umbrella",
        alternate_names=["The Umbrella", "UMB"],
        org_type="ngo",
        sector="civil_society",
        website="https://umbrella.example/über",
        npo_number="000-001-NPO",
        province="ZA-LP",
        accreditation={"status": "valid", "number": "A-17", "expires": "2029-02-28"},
        funding=[{"source": "Lotteries", "kind": "grant"}],
        external_ids=[{"scheme": "saps", "value": "77"}],
    )["id"]
    own: dict[str, Any] = {"organisation_id": office}
    desk = make(client, "departments", name="Desk", level="district", serves=_serving("DC35"), **own)["id"]
    site = make(client, "sites", name="Main office", location=OFFICE, **own)["id"]
    eligibility = {"sex_gender": "any", "age_min": 16, "age_max": "case_by_case", "id_required": "yes"}
    given = {"codes": ["legal_advice"], "eligibility": eligibility, "languages": ["eng", "ven"], "cost": "free"}
    advice = make(
        client, "services", name="Advice", department_id=desk, intake=WEEK, typical_wait_days=3, **given, **own
    )["id"]
    at = make(client, "service_sites", service_id=advice, site_id=site, capacity=_room(4))["id"]
    post = make(client, "posts", title="Paralegal", department_id=desk, **own)["id"]
    person = make(client, "persons", full_name="Naledi Mokoena")["id"]
    make(client, "focal_points", person_id=person, post_id=post)
    _line(client, "person", person, OWN[0], channel_kind="person_phone", visibility="network")
    _line(client, "post", post, OWN[1], channel_kind="person_phone", visibility="network")
    _line(client, "post", post, DESK, visibility="network")
    _line(client, "organisation", office, PUBLIC, visibility="public", hours="24h", whatsapp=True)
    _line(client, "organisation", office, "help@umbrella.example", channel_kind="role_mailbox", visibility="public")
    _line(client, "service_site", at, NETWORK, visibility="network")
    return {"office": office, "desk": desk, "open": site, "advice": advice, "advice_at": at}


def _haven(client: FlaskClient) -> dict[str, str]:
    haven = make(client, "organisations", name="Haven", org_type="shelter", npo_number="000-002-NPO", province="ZA-LP")[
        "id"
    ]
    own: dict[str, Any] = {"organisation_id": haven}
    site = make(client, "sites", confidential=True, location=DOOR, **own)["id"]
    unit = make(client, "departments", name="Intake", serves=_serving("DC34"), **own)["id"]
    beds = make(client, "services", name="Beds", codes=["shelter_emergency"], department_id=unit, intake="24h", **own)[
        "id"
    ]
    at = make(client, "service_sites", service_id=beds, site_id=site)["id"]
    afar = make(client, "service_sites", service_id=beds, site_id=None)["id"]
    return {"haven": haven, "hidden": site, "beds": beds, "beds_at": at, "beds_afar": afar}


def _serving(code: str) -> dict[str, Any]:
    return {"scope": "district", "codes": [code]}


def _room(available: int) -> dict[str, Any]:
    return {"unit": "bed", "total": 12, "available": available, "as_of": "2026-03-11T09:20:00+02:00"}


def _line(client: FlaskClient, kind: str, owner: str, value: str, **given: Any) -> None:
    make(client, "channels", owner={"type": kind, "id": owner}, value=value, **given)


def get(client: FlaskClient, path: str) -> dict[str, Any]:
    """What is answered to a GET that must succeed."""
    answer = client.get(f"{HSDS}/{path}")
    assert answer.status_code == 200, answer.text
    return answer_json(answer)


def contents(client: FlaskClient, path: str) -> dict[str, dict[str, Any]]:
    """The objects of a list, by id."""
    return {one["id"]: one for one in get(client, path)["contents"]}
