"""What every collection does alike, asked of each of them."""

from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from directory.services.catalogue import COLLECTIONS
from tests.conftest import Clock
from tests.web.records import CHANGES, VERIFICATION, answer_json, body, make, path, post

ON_BOTH = ("organisations", "sites", "service_sites", "links")
"""Collections that are asked on PostgreSQL too: those whose records are more than one row. The services' own tests run
on both databases for all."""

every = pytest.mark.parametrize(
    ("collection", "database_url"),
    [*((name, "sqlite") for name in COLLECTIONS), *((name, "postgres") for name in ON_BOTH)],
    indirect=["database_url"],
)
COMMON = ["id", "version", "status", "created_at", "updated_at", "verified_at", "source", "external_ids"]


@every
def test_a_record_is_made_and_read_where_location_says(client: FlaskClient, collection: str) -> None:
    made = post(client, collection)
    read = client.get(made.headers["Location"])

    assert (made.status_code, read.status_code) == (201, 200)
    assert made.headers["ETag"] == read.headers["ETag"]
    assert made.json == read.json
    assert [name for name in COMMON if name not in answer_json(read)] == []
    assert answer_json(read)["version"] == 1
    assert answer_json(read)["verified_at"] is None
    assert datetime.fromisoformat(answer_json(read)["created_at"]).utcoffset() is not None


@every
def test_a_change_needs_the_version_that_was_seen(client: FlaskClient, collection: str) -> None:
    made = post(client, collection)
    where, seen = made.headers["Location"], made.headers["ETag"]

    without = client.patch(where, json=CHANGES[collection])
    weak = client.patch(where, json=CHANGES[collection], headers={"If-Match": f"W/{seen}"})
    changed = client.patch(where, json=CHANGES[collection], headers={"If-Match": seen})
    again = client.patch(where, json=CHANGES[collection], headers={"If-Match": seen})
    one_of = client.patch(where, json={"source": "x"}, headers={"If-Match": f"{seen}, {changed.headers['ETag']}"})
    whatever = client.patch(where, json={"source": None}, headers={"If-Match": "*"})

    statuses = [one.status_code for one in (without, weak, changed, again, one_of, whatever)]
    assert statuses == [428, 412, 200, 412, 200, 200]
    assert answer_json(changed)["version"] == 2
    assert {name: answer_json(changed)[name] for name in CHANGES[collection]} == CHANGES[collection]
    assert answer_json(whatever)["source"] is None
    assert client.get(where).headers["ETag"] == whatever.headers["ETag"]


@every
def test_a_closed_record_leaves_the_list_and_stays_readable(client: FlaskClient, collection: str) -> None:
    made = post(client, collection)
    where, seen = made.headers["Location"], {"If-Match": made.headers["ETag"]}

    assert client.delete(where).status_code == 428
    closed = client.delete(where, headers=seen)
    shown = answer_json(client.get(where))

    assert (closed.status_code, closed.data, shown["status"]) == (204, b"", "closed")
    assert client.delete(where, headers=seen).status_code == 412
    assert _ids(client, collection) & {shown["id"]} == set()
    assert shown["id"] in _ids(client, collection, status="any")
    assert shown["id"] in _ids(client, collection, status="closed")


@every
def test_a_list_has_its_envelope_and_pages(client: FlaskClient, collection: str) -> None:
    for _ in range(3):
        make(client, collection)

    total = answer_json(client.get(path(collection)))["total"]
    first = answer_json(client.get(path(collection), query_string={"page_size": 2}))
    pages = [
        item["id"]
        for page in range(1, total // 2 + 2)
        for item in answer_json(client.get(path(collection), query_string={"page": page, "page_size": 2}))["items"]
    ]

    assert list(first) == ["items", "total", "page", "page_size"]
    assert (first["page"], first["page_size"], len(first["items"])) == (1, 2, 2)
    assert len(pages) == len(set(pages)) == total


@every
def test_a_verification_dates_undates_or_leaves_a_record(client: FlaskClient, clock: Clock, collection: str) -> None:
    where = post(client, collection).headers["Location"]

    said = client.post(f"{where}/verifications", json=VERIFICATION)
    confirmed = answer_json(client.get(where))["verified_at"]
    client.post(f"{where}/verifications", json={**VERIFICATION, "outcome": "unreachable"})
    unreachable = answer_json(client.get(where))["verified_at"]
    client.post(f"{where}/verifications", json={**VERIFICATION, "outcome": "wrong"})
    wrong = answer_json(client.get(where))["verified_at"]

    assert (said.status_code, said.headers["Location"]) == (201, where)
    assert datetime.fromisoformat(confirmed) == clock.now
    assert (unreachable, wrong) == (confirmed, None)


@every
def test_a_repeated_post_is_answered_again_and_not_done_again(client: FlaskClient, collection: str) -> None:
    given, key = body(client, collection), {"Idempotency-Key": "k1"}
    before = len(_ids(client, collection))

    first = client.post(path(collection), json=given, headers=key)
    again = client.post(path(collection), json=given, headers=key)
    other = client.post(path(collection), json={**given, "source": "another body"}, headers=key)

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert (first.json, first.headers["Location"]) == (again.json, again.headers["Location"])
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Key" in answer_json(other)["errors"]
    assert len(_ids(client, collection)) == before + 1


@every
def test_a_repeated_verification_is_answered_again(client: FlaskClient, collection: str) -> None:
    where = post(client, collection).headers["Location"]
    key = {"Idempotency-Key": "v1"}

    first = client.post(f"{where}/verifications", json=VERIFICATION, headers=key)
    seen = client.get(where).headers["ETag"]
    again = client.post(f"{where}/verifications", json=VERIFICATION, headers=key)

    assert (first.status_code, first.json) == (again.status_code, again.json)
    assert client.get(where).headers["ETag"] == seen


@every
def test_unknown_fields_are_refused_by_name_and_nothing_is_written(client: FlaskClient, collection: str) -> None:
    given = body(client, collection)
    before = len(_ids(client, collection))

    answer = client.post(path(collection), json={**given, "case_notes": "x"})

    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert answer_json(answer)["type"] == "/problems/invalid"
    assert "case_notes" in answer_json(answer)["errors"]
    assert len(_ids(client, collection)) == before


@every
def test_what_is_not_there_is_not_found(client: FlaskClient, collection: str) -> None:
    for unknown in ("00000000-0000-4000-8000-000000000000", "7"):
        answer = client.get(f"{path(collection)}/{unknown}")

        assert (answer.status_code, answer_json(answer)["type"]) == (404, "/problems/not-found")


@every
def test_an_unknown_parameter_is_refused(client: FlaskClient, collection: str) -> None:
    answers = [
        client.get(path(collection), query_string=query)
        for query in ({"fuzzy": "1"}, {"page": "0"}, {"page_size": "201"}, {"sort": "id"}, {"status": "gone"})
    ]

    assert [answer.status_code for answer in answers] == [422] * 5
    assert [name for answer in answers for name in answer_json(answer)["errors"]] == [
        "fuzzy",
        "page",
        "page_size",
        "sort",
        "status",
    ]


@every
def test_the_same_version_is_not_sent_twice_where_a_version_says_all(client: FlaskClient, collection: str) -> None:
    made = post(client, collection)

    answer = client.get(made.headers["Location"], headers={"If-None-Match": made.headers["ETag"]})

    unversioned = collection in ("service_sites", "focal_points", "links")
    assert answer.status_code == (200 if unversioned else 304)
    assert answer.headers["ETag"] == made.headers["ETag"]


def _ids(client: FlaskClient, collection: str, **query: Any) -> set[str]:
    answer = client.get(path(collection), query_string={"page_size": 200, **query})
    return {item["id"] for item in answer_json(answer)["items"]}
