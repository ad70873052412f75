"""Whatever is sent is answered with a problem that names the field; never with 500, never half done."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conftest import Clock
from tests.web.records import API, answer_json, make, path

JSON = "application/json"
DEEP = b'{"name": ' + b"[" * 20_000 + b"]" * 20_000 + b"}"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What never reaches a database is asked with one."""

SMALLEST = {"near": {"place": "Polokwane"}, "needs": ["shelter_emergency"]}


@pytest.mark.parametrize(
    ("raw", "content_type", "status"),
    [
        (b"", JSON, 400),
        (b"{", JSON, 400),
        (b'{"name": NaN}', JSON, 400),
        (b'{"name": Infinity}', JSON, 400),
        (b'{"name": "a", "name": "b"}', JSON, 400),
        (b'{"name": "\xff"}', JSON, 400),
        (b'{"name": "\\ud800"}', JSON, 400),
        (b'{"\\ud800": 1}', JSON, 400),
        (b"\xef\xbb\xbf{}", JSON, 400),
        (DEEP, JSON, 400),
        (b'{"name": ' * 60 + b"1" + b"}" * 60, JSON, 400),
        (b"[]", JSON, 422),
        (b'[["name", "x"]]', JSON, 422),
        (b"null", JSON, 422),
        (b'"name"', JSON, 422),
        (b"{}", JSON, 422),
        (b'{"name": "a\\u0000b"}', JSON, 422),
        (b'{"name": ' + b"9" * 5000 + b"}", JSON, 422),
        (b'{"name": 1e999}', JSON, 422),
        (b'{"": 1}', JSON, 422),
        (b"{}", "text/plain", 415),
        (b"{}", "", 415),
        (b"name=x", "application/x-www-form-urlencoded", 415),
        (b'{"name": "' + b"x" * 1_100_000 + b'"}', JSON, 413),
    ],
)
def test_a_body_that_is_none_is_a_problem(client: FlaskClient, raw: bytes, content_type: str, status: int) -> None:
    answer = client.post(path("organisations"), data=raw, content_type=content_type)

    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert answer_json(answer)["status"] == status
    assert answer_json(answer)["type"].startswith("/problems/")
    assert answer_json(client.get(path("organisations")))["total"] == 0


@pytest.mark.parametrize("number", ["1" + "0" * 400, "-1" + "0" * 400, "1" + "0" * 19, "1.5", "true", '"1"', "-1"])
def test_a_number_out_of_range_is_named(client: FlaskClient, number: str) -> None:
    organisation = make(client, "organisations")["id"]
    raw = f'{{"organisation_id": "{organisation}", "name": "Desk", "typical_wait_days": {number}}}'

    answer = client.post(path("departments"), data=raw, content_type=JSON)

    assert (answer.status_code, list(answer_json(answer)["errors"])) == (422, ["typical_wait_days"])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"near": None}, "near"),
        ({"near": {}}, "near"),
        ({"near": "Polokwane"}, "near"),
        ({"near": {"place": "Polokwane", "district": "DC35"}}, "near"),
        ({"near": {"district": "DC35", "province": "ZA-LP"}}, "near.province"),
        ({"near": {"district": "DC99"}}, "near.district"),
        ({"near": {"point": {"lat": 91, "lon": 0}}}, "near.point.lat"),
        ({"near": {"point": {"lat": -23.9}}}, "near.point.lon"),
        ({"near": {"place": "Umlazi"}}, "near.place"),
        ({"near": {"place": "x" * 121}}, "near.place"),
        ({"near": {"place_id": "0"}}, "near.place_id"),
        ({"needs": []}, "needs"),
        ({"needs": ["shelter"]}, "needs.0"),
        ({"needs": "shelter_emergency"}, "needs"),
        ({"party": [{"age": -1}]}, "party.0.age"),
        ({"party": [{"age": "29"}]}, "party.0.age"),
        ({"party": [{"name": "Thandi"}]}, "party.0.name"),
        ({"party": [{"age_band": "0-17"}]}, "party.0.age_band"),
        ({"party": [{"gender": "woman"}]}, "party.0.gender"),
        ({"party": [{"age": 1}] * 21}, "party"),
        ({"profile": {"pregnant": "no"}}, "profile.pregnant"),
        ({"profile": {"notes": "hidden"}}, "profile.notes"),
        ({"profile": {"languages": ["xx"]}}, "profile.languages.0"),
        ({"avoid": [{"place": "Musina"}]}, "avoid.0.radius_km"),
        ({"avoid": [{"district": "DC34", "radius_km": 5}]}, "avoid.0.radius_km"),
        ({"avoid": [{"organisation_id": "7"}]}, "avoid.0.organisation_id"),
        ({"avoid": [{"radius_km": 5}]}, "avoid.0"),
        ({"when": "2026-11-21T22:00:00"}, "when"),
        ({"when": "tonight"}, "when"),
        ({"stay_days": 0}, "stay_days"),
        ({"sort": "name"}, "sort"),
        ({"max_km": -1}, "max_km"),
        ({"limit": 51}, "limit"),
        ({"limit": 0}, "limit"),
        ({"name": "Thandi"}, "name"),
    ],
)
def test_a_match_that_cannot_be_asked_names_the_field(client: FlaskClient, change: dict[str, Any], field: str) -> None:
    answer = client.post(f"{API}/matches", json={**SMALLEST, **change})

    assert answer.status_code == 422
    assert field in answer_json(answer)["errors"]


@pytest.mark.parametrize("near", ["190,29", "-23.9", "a,b", "-23.9,29.45,3", "1e3,2", "-23.9, 29.45x"])
def test_a_point_that_is_none_is_refused(client: FlaskClient, near: str) -> None:
    answer = client.get(path("organisations"), query_string={"near": near})

    assert (answer.status_code, list(answer_json(answer)["errors"])) == (422, ["near"])


@pytest.mark.parametrize(
    "query",
    [
        "q=" + "x" * 201,
        "q=",
        "q=%00",
        "max_km=5",
        "sort=distance",
        "updated_since=yesterday",
        "stale=maybe",
        "page=1_0",
    ],
)
def test_a_filter_that_cannot_be_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"{path('organisations')}?{query}").status_code == 422


def test_a_parameter_is_given_once(client: FlaskClient) -> None:
    answer = client.get(f"{path('organisations')}?page=1&page=2")

    assert (answer.status_code, answer_json(answer)["errors"]) == (422, {"page": ["Give it once."]})


@pytest.mark.parametrize("key", ["", "with space", "ü", "x" * 256])
def test_an_idempotency_key_that_is_none_is_refused(client: FlaskClient, key: str) -> None:
    headers = {"Idempotency-Key": key.encode().decode("latin-1")}

    answer = client.post(path("organisations"), json={"name": "x"}, headers=headers)

    assert (answer.status_code, list(answer_json(answer)["errors"])) == (422, ["Idempotency-Key"])


def test_a_method_that_is_not_there_names_those_that_are(client: FlaskClient) -> None:
    answer = client.put(path("organisations"), json={})

    assert (answer.status_code, answer.content_type) == (405, "application/problem+json")
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


@pytest.mark.parametrize("address", ["/nothing", "/api/v1/nothing", "/api/v1/organisations/", "/static/../app.py"])
def test_an_address_that_is_not_there_is_a_problem(client: FlaskClient, address: str) -> None:
    answer = client.get(address)

    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


def test_all_errors_of_a_body_are_told_at_once(client: FlaskClient) -> None:
    given = {"name": 5, "accreditation": {"status": "valid", "issued": "2025-02-30"}, "npo": "x", "sector": "church"}

    errors = answer_json(client.post(path("organisations"), json=given))["errors"]

    assert sorted(errors) == ["accreditation.issued", "name", "npo", "sector"]
    assert all(isinstance(sentence, str) for said in errors.values() for sentence in said)


def test_nothing_is_tested_or_confirmed_ahead_of_time(client: FlaskClient, clock: Clock) -> None:
    """It would count as fresh until then and for 180 days more."""
    ends = [make(client, "organisations", name=name)["id"] for name in ("Haven", "Harbour")]
    end = [{"type": "organisation", "id": one} for one in ends]
    line = {"owner": end[0], "channel_kind": "duty_line", "value": "+27800222777"}
    joined = {"a": end[0], "b": end[1]}
    facts: list[tuple[str, dict[str, Any], str]] = [
        ("channels", line, "tested_at"),
        ("links", joined, "last_confirmed_at"),
    ]
    for collection, given, field in facts:
        now, ahead = ({field: (clock.now + timedelta(days=days)).isoformat()} for days in (0, 1))
        made = make(client, collection, **given, **now)
        for answer in (
            client.post(path(collection), json={**given, **ahead}),
            client.patch(f"{path(collection)}/{made['id']}", json=ahead, headers={"If-Match": "*"}),
        ):
            assert (answer.status_code, list(answer_json(answer).get("errors", {}))) == (422, [field])
