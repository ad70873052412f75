"""Room, changes, filters and places over HTTP."""

from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conftest import Clock
from tests.factories import POLOKWANE
from tests.web.records import API, answer_json, make, path, post

MUSINA = {"address": "7 Baobab Lane", "lat": -22.35, "lon": 30.04}
BEDS = {"unit": "bed", "total": 8, "available": 2}


@pytest.fixture
def hidden(client: FlaskClient) -> dict[str, Any]:
    """A service at a confidential site."""
    haven = make(client, "organisations", name="Haven", org_type="shelter", province="ZA-LP", npo_number="1-2")["id"]
    site = make(client, "sites", organisation_id=haven, confidential=True, location=MUSINA)
    service = make(client, "services", organisation_id=haven, name="Beds", codes=["shelter_emergency"])
    return make(client, "service_sites", service_id=service["id"], site_id=site["id"])


def put(client: FlaskClient, record: dict[str, Any], **given: Any) -> Any:
    return client.put(f"{path('service_sites')}/{record['id']}/capacity", json=given)


def test_room_at_an_open_place_is_read_at_once_and_touches_no_version(client: FlaskClient, clock: Clock) -> None:
    record = make(client, "service_sites")
    etag = client.get(f"{path('service_sites')}/{record['id']}").headers["ETag"]

    answer = put(client, record, **BEDS)

    assert (answer.status_code, answer.headers["ETag"]) == (200, etag)
    capacity = answer_json(answer)["capacity"]
    assert {name: capacity[name] for name in BEDS} == BEDS
    assert datetime.fromisoformat(capacity["as_of"]) == clock.now
    assert answer_json(answer)["verified_at"] is None
    assert answer_json(client.get(f"{path('service_sites')}/{record['id']}"))["capacity"] == capacity


def test_room_at_a_confidential_place_is_a_band_at_the_next_tick(
    client: FlaskClient, clock: Clock, hidden: dict[str, Any]
) -> None:
    before = answer_json(client.get(f"{API}/"))["revision"]

    put(client, hidden, **BEDS)
    at_once = answer_json(client.get(f"{path('service_sites')}/{hidden['id']}"))["capacity"]
    unchanged = answer_json(client.get(f"{API}/"))["revision"]
    clock.advance(hours=12)
    later = answer_json(client.get(f"{path('service_sites')}/{hidden['id']}"))["capacity"]

    assert (at_once, unchanged) == (None, before)
    assert (set(later), later["band"]) == ({"unit", "band", "as_of"}, "1-2")
    assert answer_json(client.get(f"{API}/"))["revision"] == before + 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"unit": "cot", "total": 1, "available": 1}, "unit"),
        ({"unit": "bed", "total": 1, "available": 2}, "available"),
        ({"unit": "bed", "total": -1, "available": 0}, "total"),
        ({"unit": "bed", "as_of": "2199-01-01T00:00:00+00:00"}, "as_of"),
        ({"unit": "bed", "guests": ["x"]}, "guests"),
    ],
)
def test_room_that_cannot_be_is_refused(client: FlaskClient, given: dict[str, Any], field: str) -> None:
    answer = put(client, make(client, "service_sites"), **given)

    assert (answer.status_code, list(answer_json(answer)["errors"])) == (422, [field])


def test_a_place_that_becomes_confidential_closes_and_another_opens(client: FlaskClient) -> None:
    made = post(client, "sites")
    where = made.headers["Location"]

    changed = client.patch(where, json={"confidential": True}, headers={"If-Match": made.headers["ETag"]})

    opened = answer_json(changed)
    assert changed.status_code == 200
    assert changed.headers["Location"] == changed.headers["Content-Location"] == f"{path('sites')}/{opened['id']}"
    assert opened["id"] != answer_json(made)["id"]
    assert ("address" in opened, opened["name"]) == (False, None)
    assert answer_json(client.get(where))["status"] == "closed"


def test_a_confidential_organisation_shows_one_geography(client: FlaskClient, hidden: dict[str, Any]) -> None:
    haven = answer_json(client.get(path("organisations"), query_string={"q": "Haven"}))["items"][0]

    assert [name for name in ("province", "district", "npo_number") if name in haven] == []
    assert answer_json(client.get(path("organisations"), query_string={"province": "ZA-LP"}))["total"] == 1


def test_changes_tell_each_record_as_it_is_now(client: FlaskClient) -> None:
    made = post(client, "organisations")
    client.delete(made.headers["Location"], headers={"If-Match": "*"})

    first = answer_json(client.get(f"{API}/changes", query_string={"limit": 1}))
    rest = answer_json(client.get(f"{API}/changes", query_string={"after": first["next_after"]}))

    assert [(one["revision"], one["op"]) for one in first["items"] + rest["items"]] == [(1, "put"), (2, "closed")]
    assert rest["items"][0]["record"]["status"] == "closed"
    assert (first["next_after"], rest["next_after"], rest["revision"]) == (1, 2, 2)
    end = answer_json(client.get(f"{API}/changes", query_string={"after": 2}))
    assert (end["items"], end["next_after"]) == ([], 2)


def test_a_refused_write_takes_no_revision(client: FlaskClient) -> None:
    make(client, "organisations")
    client.post(path("organisations"), json={"name": ""})

    assert answer_json(client.get(f"{API}/"))["revision"] == 1


def test_lists_are_filtered_near_a_point_and_fuzzily(client: FlaskClient) -> None:
    near = make(client, "organisations", name="Baobab Legal Clinic")
    far = make(client, "organisations", name="Marula Clinic")
    make(client, "sites", organisation_id=near["id"], location=POLOKWANE)
    make(client, "sites", organisation_id=far["id"], location={"address": "x", "lat": -33.92, "lon": 18.42})

    def names(**query: Any) -> list[str]:
        answer = client.get(path("organisations"), query_string=query)
        return [item["name"] for item in answer_json(answer)["items"]]

    assert names(near="-23.9,29.45", max_km=100) == ["Baobab Legal Clinic"]
    assert names(near="-33.9,18.4") == ["Marula Clinic", "Baobab Legal Clinic"]
    assert names(q="boabab legal clinic")[0] == "Baobab Legal Clinic"
    assert names(organisation_id=far["id"]) == ["Marula Clinic"]
    assert names(sort="-name") == ["Marula Clinic", "Baobab Legal Clinic"]
    assert names(stale="false") == []


def test_links_are_read_and_filtered_with_their_grade(client: FlaskClient) -> None:
    made = make(client, "links")
    read = answer_json(client.get(f"{path('links')}/{made['id']}"))

    assert (made["grade"], read["grade"]) == ("dead", "dead")
    assert read["m"] == 1
    assert answer_json(client.get(path("links"), query_string={"grade": "dead"}))["total"] == 1
    assert answer_json(client.get(path("links"), query_string={"grade": "backed"}))["total"] == 0


def test_places_are_searched_and_a_name_of_two_has_both(client: FlaskClient) -> None:
    found = answer_json(client.get(f"{API}/places", query_string={"q": "middelburg"}))["items"]
    one = answer_json(client.get(f"{API}/places", query_string={"q": "middelburg", "province": "ZA-EC"}))["items"]

    assert {place["province"] for place in found[:2]} == {"ZA-MP", "ZA-EC"}
    assert one[0]["district"] == "DC13"
    assert client.get(f"{API}/places").status_code == 422


def test_places_are_paged_as_every_list_is(client: FlaskClient) -> None:
    found = answer_json(client.get(f"{API}/places", query_string={"q": "ma"}))
    most = answer_json(client.get(f"{API}/places", query_string={"q": "ma", "page_size": 200}))

    assert (found["page_size"], len(found["items"])) == (50, 50)
    assert most["items"][:50] == found["items"]
    assert len(most["items"]) == most["total"] > 50
    assert client.get(f"{API}/places", query_string={"q": "ma", "page_size": 201}).status_code == 422


@pytest.mark.parametrize("address", ["vocabulary", "hotlines", "rulesets", "rulesets/2026.1", ""])
def test_what_is_open_to_all_is_answered(client: FlaskClient, address: str) -> None:
    assert client.get(f"{API}/{address}").status_code == 200


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("disclosure_purpose", "transport"),
        ("concern", "abuse"),
        ("suspension", "safeguarding"),
        ("objection", "not_me"),
    ],
)
def test_the_codes_of_oversight_are_published(client: FlaskClient, name: str, code: str) -> None:
    terms = answer_json(client.get(f"{API}/vocabulary"))["sets"][name]
    assert code in {term["code"] for term in terms}
    assert all(term["label"] for term in terms)


def test_an_unknown_ruleset_is_not_found(client: FlaskClient) -> None:
    assert client.get(f"{API}/rulesets/1999.1").status_code == 404


@pytest.mark.parametrize(("address", "said"), [("/healthz", "ok"), ("/readyz", "ready")])
def test_the_state_is_told(client: FlaskClient, address: str, said: str) -> None:
    assert answer_json(client.get(address)) == {"status": said}
