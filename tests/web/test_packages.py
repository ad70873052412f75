"""Packages over HTTP: the form of the answer, what it costs, and that nothing of the request is kept."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.factories import POLOKWANE
from tests.web.records import API, answer_json, make
from tests.web.test_matches import ASKED, MUSINA, shelter


def ask(client: FlaskClient, **change: Any) -> dict[str, Any]:
    answer = client.post(f"{API}/packages", json={**ASKED, **change})
    assert answer.status_code == 200, answer.text
    return answer_json(answer)


@pytest.fixture
def house(client: FlaskClient) -> str:
    return shelter(client, "Open House", confidential=False, location=POLOKWANE)


def test_a_package_names_its_members_and_what_they_cover(client: FlaskClient, house: str) -> None:
    found = ask(client, needs=["shelter_emergency", "counselling", "medical_general"])

    assert list(found) == ["ruleset", "revision", "generated_at", "near", "first", "packages", "uncovered"]
    (package,) = found["packages"]
    (member,) = package["members"]
    assert (member["service_site_id"], member["rank"]) == (house, 1)
    assert (member["covers"], member["to_confirm"]) == (["shelter_emergency", "counselling"], [])
    assert package["uncovered"] == found["uncovered"] == ["medical_general"]
    assert package["worst_distance_band"] == "0-25"
    assert package["score"] == member["score"]
    assert package["single_contact_needs"] == []


def test_a_member_is_shown_as_the_match_shows_it(client: FlaskClient, house: str) -> None:
    member = ask(client)["packages"][0]["members"][0]
    matched = answer_json(client.post(f"{API}/matches", json=ASKED))["by_need"][0]["suitable"][0]

    assert {name: value for name, value in member.items() if name not in ("covers", "to_confirm")} == matched


def test_of_a_confidential_member_the_band_alone_is_told(client: FlaskClient) -> None:
    shelter(client, "Hidden House", confidential=True, location=MUSINA)

    (package,) = ask(client)["packages"]

    assert "distance_km" not in package["members"][0]
    assert package["worst_distance_band"] == "100-200"
    assert package["members"][0]["to_confirm"] == ["shelter_emergency"]


@pytest.mark.parametrize("change", [{"name": "Zanele"}, {"needs": []}, {"near": {"place": "Umlazi"}}, {"limit": 51}])
def test_the_request_is_checked_as_that_of_a_match(client: FlaskClient, change: dict[str, Any]) -> None:
    answers = [client.post(f"{API}/{path}", json={**ASKED, **change}) for path in ("packages", "matches")]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert answers[0].json == answers[1].json


def test_whom_it_names_is_taken_from_the_allowance(client: FlaskClient, holder: Any) -> None:
    """Three people a day: the fourth answer gives office lines alone."""
    partner = make(client, "organisations", name="Aloe", org_type="ngo")
    site = make(client, "sites", organisation_id=partner["id"], confidential=False, location=POLOKWANE)
    talk = make(client, "services", organisation_id=partner["id"], name="Talk", codes=["counselling"])
    make(client, "service_sites", service_id=talk["id"], site_id=site["id"])
    person = make(client, "persons", full_name="Nomsa Dube")
    post = make(client, "posts", organisation_id=partner["id"], title="Intake", contact_role="intake_officer")
    make(client, "focal_points", person_id=person["id"], post_id=post["id"])
    own = {"owner": {"type": "person", "id": person["id"]}, "channel_kind": "person_phone", "value": "+27821234567"}
    make(client, "channels", **own, visibility="network")
    asker = make(client, "organisations", name="Bulbul", org_type="ngo")["id"]
    client.put(f"{API}/organisations/{asker}/quotas/contacts", json={"daily": 3})
    worker = holder("caseworker", organisation_id=asker)

    answers = [ask(worker, needs=["counselling"])["packages"][0]["members"][0]["contacts"] for _ in range(4)]

    assert [one["limited"] for one in answers] == [False, False, False, True]
    assert [len(one["call"]) for one in answers] == [1, 1, 1, 0]
