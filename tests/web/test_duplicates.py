"""Pairs of records that are likely one: found by what is published, to whom they are to judge, put aside for good."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time
from typing import Any

import pytest
from flask.testing import FlaskClient

from directory.alike import Facts, Sort, pairs
from tests.directory.conftest import MUSINA
from tests.factories import POLOKWANE
from tests.web.records import API, answer_json, make, path

Holder = Callable[..., FlaskClient]
Json = dict[str, Any]
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PAIRS = f"{API}/duplicates"
PHONE, MAIL = "+27821234567", "desk@lesedi.example"


def likely(client: FlaskClient, **query: str) -> list[Json]:
    answer = client.get(PAIRS, query_string=query)
    assert answer.status_code == 200, answer.text
    found: list[Json] = answer_json(answer)["items"]
    return found


def told(client: FlaskClient, **query: str) -> list[tuple[set[str], list[str]]]:
    return [({each["name"] for each in one["records"]}, one["reasons"]) for one in likely(client, **query)]


def line(client: FlaskClient, kind: str, owner: str, value: str, channel_kind: str) -> None:
    make(client, "channels", owner={"type": kind, "id": owner}, value=value, channel_kind=channel_kind)


def test_organisations_are_found_by_names_numbers_and_lines(coordinator: FlaskClient) -> None:
    given: dict[str, Json] = {
        "Lesedi House Polokwane": {"npo_number": "123-456 NPO"},
        "Lesedi Huose Polokwane": {"district": "DC35"},
        "Ubuntu Legal Clinic": {"npo_number": "123456npo", "website": "https://www.ubuntu.example/"},
        "Clinic of Law": {"website": "http://ubuntu.example"},
        "Refilwe Advice": {"alternate_names": ["Mpho Centre"], "province": "ZA-LP", "district": "DC35"},
        "Mpho Centre": {"province": "ZA-GP", "district": "EKU"},
    }
    for name, more in given.items():
        make(coordinator, "organisations", name=name, **more)
    found = told(coordinator, collection="organisations")

    assert found == [
        ({"Lesedi House Polokwane", "Ubuntu Legal Clinic"}, ["same_npo_number"]),
        ({"Ubuntu Legal Clinic", "Clinic of Law"}, ["same_website"]),
        ({"Lesedi House Polokwane", "Lesedi Huose Polokwane"}, ["name_alike"]),
    ]


@SQLITE
def test_of_each_collection_what_is_one_is_found_and_people_by_coordinators_alone(
    client: FlaskClient, coordinator: FlaskClient
) -> None:
    one, other = (make(client, "organisations", name=name)["id"] for name in ("Alpha", "Omega"))
    for owner in (one, other):
        line(client, "organisation", owner, PHONE, "duty_line")
        line(client, "organisation", owner, MAIL, "role_mailbox")
        make(client, "services", organisation_id=owner, name="Counsel")
    make(client, "services", organisation_id=one, name="Counsel")
    for name in ("Main office", "Mian office"):
        make(client, "sites", organisation_id=one, name=name, location=POLOKWANE)
    for name in ("Naledi Mokoena", "Naledi Mokoena", "Thabo Nkosi"):
        person = make(client, "persons", full_name=name)["id"]
        line(client, "person", person, "+27821112233", "person_phone")
        make(client, "focal_points", person_id=person, post_id=make(client, "posts", organisation_id=one)["id"])

    assert told(coordinator, collection="services") == [({"Counsel"}, ["name_alike", "same_codes"])]
    assert [reasons for _, reasons in told(coordinator, collection="sites")] == [
        ["name_alike", "same_address", "same_point", "same_district"]
    ]
    assert told(coordinator, collection="persons") == [
        ({"Naledi Mokoena"}, ["name_alike", "same_telephone", "same_organisation"])
    ]
    assert [reasons for _, reasons in told(coordinator, collection="organisations")] == [
        ["same_email", "same_telephone"]
    ]
    assert [reasons for _, reasons in told(coordinator, collection="channels")] == [["same_value"]] * 5
    whole = likely(coordinator)
    assert [one["score"] for one in whole] == sorted((one["score"] for one in whole), reverse=True)
    assert [one["records"] for one in likely(coordinator, page_size="1", page="2")] == [whole[1]["records"]]
    assert {one["collection"] for one in likely(client)} == {"services", "sites", "organisations", "channels"}
    assert client.get(f"{PAIRS}?collection=persons").status_code == 403


@SQLITE
def test_nothing_that_is_masked_is_a_reason_and_no_hidden_place_is_a_pair(client: FlaskClient) -> None:
    haven = make(client, "organisations", name="Haven", org_type="shelter", npo_number="1-2")["id"]
    make(client, "organisations", name="Plain", npo_number="1-2")
    assert [reasons for _, reasons in told(client)] == [["same_npo_number"]]
    for _ in range(2):
        make(client, "sites", organisation_id=haven, confidential=True, location=MUSINA)

    assert told(client) == []


@SQLITE
def test_a_pair_that_is_none_is_put_aside_for_good_by_who_may_judge_it(client: FlaskClient, holder: Holder) -> None:
    ids = [make(client, "organisations", name="Lesedi House", province="ZA-LP")["id"] for _ in range(2)]
    here, there = (holder("coordinator", province=one) for one in ("ZA-LP", "ZA-GP"))
    given = {"collection": "organisations", "ids": ids}
    assert (len(likely(here)), len(likely(there)), likely(here, province="ZA-GP")) == (1, 0, [])
    assert there.post(f"{PAIRS}/dismissals", json=given).status_code == 403
    assert here.post(f"{PAIRS}/dismissals", json={**given, "ids": ids[:1]}).status_code == 422
    assert here.post(f"{PAIRS}/dismissals", json={**given, "ids": [ids[0], ids[0][:-1] + "0"]}).status_code == 422
    made = here.post(f"{PAIRS}/dismissals", json=given)
    again = here.post(f"{PAIRS}/dismissals", json={**given, "ids": ids[::-1]})
    assert (made.status_code, answer_json(again)["id"]) == (201, answer_json(made)["id"])
    client.patch(f"{path('organisations')}/{ids[0]}", json={"description": "New"}, headers={"If-Match": "*"})

    assert likely(here) == []
    (aside,) = likely(here, dismissed="true")
    assert aside["dismissal_id"] == answer_json(made)["id"]
    where = f"{PAIRS}/dismissals/{aside['dismissal_id']}"
    assert there.delete(where).status_code == 403
    assert here.delete(where).status_code == 204
    assert len(likely(here)) == 1
    assert holder("partner_manager", organisation_id=ids[0]).get(PAIRS).status_code == 403


def test_thousands_of_names_are_compared_in_no_time() -> None:
    """Each with each would be 32 million."""
    words = [f"{first}{last}" for first in ("thand", "lesed", "umusa", "refil", "khany") for last in range(1600)]
    known = [Facts(f"{at:05}", (f"{word} advice office and shelter",)) for at, word in enumerate(words)]
    one, other = (
        Facts(at, (f"masakhane {said} office and shelter",)) for at, said in (("x", "advice"), ("y", "advise"))
    )
    began = process_time()

    assert ("x", "y") in [(pair.first, pair.second) for pair in pairs([*known, one, other], Sort("same_district"))]
    assert process_time() - began < 10
