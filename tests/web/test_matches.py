"""The match over HTTP: its wire form, and that nothing of it is kept."""

import gzip
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.factories import POLOKWANE
from tests.web.records import API, VERIFICATION, answer_json, make, path

MUSINA = {"address": "7 Baobab Lane", "lat": -22.35, "lon": 30.04}
ASKED = {
    "near": {"place": "Polokwane"},
    "needs": ["shelter_emergency", "counselling"],
    "party": [{"age": 29, "gender": "female"}, {"age": 9, "gender": "male", "relation": "child"}],
    "profile": {
        "languages": ["eng"],
        "mental_acuity": "low",
        "medical_acuity": "low",
        "substance": "none",
        "pregnant": False,
        "newborn": False,
        "undocumented": False,
        "has_id": True,
        "has_police_report": True,
        "has_dsd_referral": True,
        "recognition": "letter_issued",
    },
    "stay_days": 30,
}
ACCEPTS = {
    "sex_gender": "female",
    "age_min": 18,
    "age_max": 60,
    "children_with_adult": 3,
    "boy_child_max_age": 12,
    "girl_child_max_age": 17,
}


def shelter(client: FlaskClient, name: str, *, confidential: bool, location: dict[str, Any]) -> str:
    """A shelter with two free beds, verified; the id of its service-site."""
    organisation = make(client, "organisations", name=name, org_type="shelter")["id"]
    site = make(client, "sites", organisation_id=organisation, confidential=confidential, location=location)
    service = make(
        client,
        "services",
        organisation_id=organisation,
        name="Safe beds",
        codes=["shelter_emergency", "counselling"],
        eligibility=ACCEPTS,
        languages=["eng"],
        intake="24h",
        stay_max_days=60,
    )
    made = make(client, "service_sites", service_id=service["id"], site_id=site["id"])
    where = f"{path('service_sites')}/{made['id']}"
    client.put(f"{where}/capacity", json={"unit": "bed", "total": 8, "available": 4})
    client.post(f"{where}/verifications", json=VERIFICATION)
    return str(made["id"])


def ask(client: FlaskClient, **change: Any) -> dict[str, Any]:
    answer = client.post(f"{API}/matches", json={**ASKED, **change})
    assert answer.status_code == 200, answer.text
    return answer_json(answer)


@pytest.fixture
def open_shelter(client: FlaskClient) -> str:
    return shelter(client, "Open House", confidential=False, location=POLOKWANE)


def test_an_open_shelter_is_suitable_with_its_distance(client: FlaskClient, open_shelter: str) -> None:
    found = ask(client)

    first = found["by_need"][0]["suitable"][0]
    assert (first["service_site_id"], first["rank"]) == (open_shelter, 1)
    assert first["distance_km"] == round(first["distance_km"], 1)
    assert first["distance_band"] == "0-25"
    assert first["capacity"]["available"] == 4
    assert first["also_covers"] == ["counselling"]
    assert found["uncovered"] == []


def test_parts_add_up_to_the_score_of_four_decimals(client: FlaskClient, open_shelter: str) -> None:
    for need in ask(client)["by_need"]:
        for one in need["suitable"] + need["confirm_by_phone"]:
            parts = sum(f["contribution"] for f in one["features"]) - sum(p["value"] for p in one["penalties"])
            assert one["score"] == round(one["score"], 4)
            assert one["score"] == pytest.approx(parts, abs=6e-5)


def test_a_confidential_shelter_has_a_band_alone(client: FlaskClient) -> None:
    shelter(client, "Hidden House", confidential=True, location=MUSINA)

    need = ask(client)["by_need"][0]
    one = (need["suitable"] + need["confirm_by_phone"])[0]

    assert "distance_km" not in one
    assert one["distance_band"] == "100-200"
    assert one["site"]["point"] != {"lat": MUSINA["lat"], "lon": MUSINA["lon"]}
    assert one["capacity"] is None


def test_the_answer_names_what_decided_it(client: FlaskClient, open_shelter: str) -> None:
    found = ask(client)

    assert list(found) == [
        "ruleset",
        "revision",
        "generated_at",
        "near",
        "first",
        "duties",
        "by_need",
        "uncovered",
    ]
    assert (found["near"]["label"], found["revision"]) == (
        "Polokwane, Limpopo",
        answer_json(client.get(f"{API}/"))["revision"],
    )
    assert list(found["near"]) == ["label", "lat", "lon"]
    assert "ask_her_first" in [step["code"] for step in found["first"]]


def test_the_same_request_is_answered_alike(client: FlaskClient, open_shelter: str) -> None:
    first, second = (client.post(f"{API}/matches", json=ASKED).data for _ in range(2))

    assert first == second


def test_why_and_why_not(client: FlaskClient, open_shelter: str) -> None:
    def why(**change: Any) -> dict[str, Any]:
        given = {**ASKED, "service_site_id": open_shelter, **change}
        return answer_json(client.post(f"{API}/matches/explanations", json=given))

    suitable = why()
    excluded = why(party=[{"age": 29, "gender": "male"}])

    assert (suitable["need"], suitable["bucket"], suitable["rank"]) == ("shelter_emergency", "suitable", 1)
    assert (excluded["bucket"], excluded["rank"]) == ("excluded", None)
    assert {"rule", "outcome", "reason"} == set(excluded["rules"][0])
    assert [one["rule"] for one in excluded["rules"] if one["outcome"] == "fail"] == ["gender"]


@pytest.mark.parametrize(("service_site_id", "status"), [("7", 422), ("00000000-0000-4000-8000-000000000000", 404)])
def test_an_unknown_candidate_cannot_be_explained(client: FlaskClient, service_site_id: str, status: int) -> None:
    given = {**ASKED, "service_site_id": service_site_id}

    assert client.post(f"{API}/matches/explanations", json=given).status_code == status


@pytest.mark.parametrize("name", ["Umlazi", "Middelburg", "Polokwanee"])
def test_a_place_is_never_guessed(client: FlaskClient, name: str) -> None:
    answer = client.post(f"{API}/matches", json={**ASKED, "near": {"place": name}})

    found = answer_json(answer)
    assert (answer.status_code, found["type"]) == (422, "/problems/unclear-place")
    assert set(found["candidates"][0]) == {"place_id", "name", "province", "district", "lat", "lon"}


@pytest.mark.parametrize(
    "near",
    [
        {"place": "Middelburg", "province": "ZA-EC"},
        {"place": "  polokwane "},
        {"place_id": "976361"},
        {"district": "DC35"},
        {"point": {"lat": -23.9, "lon": 29.45}},
        {"place": "Musina", "province": None, "point": None},
    ],
)
def test_every_way_to_say_where(client: FlaskClient, near: dict[str, Any]) -> None:
    assert ask(client, near=near)["near"]["label"]


def test_a_match_changes_nothing(client: FlaskClient, open_shelter: str) -> None:
    before = answer_json(client.get(f"{API}/"))["revision"]
    ask(client)

    assert answer_json(client.get(f"{API}/"))["revision"] == before


def test_a_write_is_visible_to_the_next_match(client: FlaskClient, open_shelter: str) -> None:
    client.put(f"{path('service_sites')}/{open_shelter}/capacity", json={"unit": "bed", "total": 8, "available": 0})

    excluded = ask(client)["by_need"][0]["excluded"]

    assert excluded["by_reason"][0]["rule"] == "party_size"
    assert excluded["nearest"][0]["waitlist"] is True


@pytest.mark.parametrize("wanted", ["gzip", "br, gzip;q=0.8", "*"])
def test_an_answer_is_compressed_when_asked(client: FlaskClient, open_shelter: str, wanted: str) -> None:
    plain = client.post(f"{API}/matches", json=ASKED)
    packed = client.post(f"{API}/matches", json=ASKED, headers={"Accept-Encoding": wanted})

    assert packed.content_encoding == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 2
    assert "Accept-Encoding" in packed.vary
    assert "Accept-Encoding" in plain.vary


@pytest.mark.parametrize("wanted", ["identity", "gzip;q=0", "br", "gzip;q=0.3, identity"])
def test_and_not_otherwise(client: FlaskClient, open_shelter: str, wanted: str) -> None:
    answer = client.post(f"{API}/matches", json=ASKED, headers={"Accept-Encoding": wanted})

    assert answer.content_encoding is None
    assert answer_json(answer)["by_need"]


def test_a_match_has_no_etag(client: FlaskClient, open_shelter: str) -> None:
    assert "ETag" not in client.post(f"{API}/matches", json=ASKED).headers
