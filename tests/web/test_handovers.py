"""A post changes hands: links follow, partners are told, and where nobody follows there is a task."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conftest import Clock
from tests.web.domains import LIMPOPO, settle
from tests.web.network_world import NETWORK, Ids
from tests.web.records import API, answer_json, make, path
from tests.web.test_tasks import tasks

Holder = Callable[..., FlaskClient]
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def hand_over(client: FlaskClient, post: str, **given: Any) -> dict[str, Any]:
    answer = client.post(f"{path('posts')}/{post}/handovers", json=given)
    assert answer.status_code == 201, answer.text
    return answer_json(answer)


def graded(client: FlaskClient, link: str) -> tuple[str, str]:
    told = answer_json(client.get(f"{path('links')}/{link}"))
    return told["grade_a"], told["grade_b"]


def test_a_post_without_a_successor_goes_silent_and_somebody_has_to_act(coordinator: FlaskClient, ids: Ids) -> None:
    assert graded(coordinator, ids["L01"]) == ("single_contact", "single_contact")
    post = ids["thabo-post@police-lp"]
    done = hand_over(coordinator, post)

    assert (done["ended"], done["started"], done["links"]) == ([ids["thabo@police-lp"]], None, [ids["L01"]])
    assert answer_json(coordinator.get(f"{path('posts')}/{post}"))["state"] == "vacant"
    assert graded(coordinator, ids["L01"]) == ("single_contact", "dead")
    (task,) = [one for one in tasks(coordinator) if one["kind"] == "post"]
    assert (task["subject"], task["owner"]["id"], task["action"]) == (post, ids["police-lp"], "nominate_deputy")
    assert task["provinces"] == [LIMPOPO]


def test_a_successor_carries_the_links_and_the_partners_are_told(
    coordinator: FlaskClient, holder: Holder, ids: Ids, clock: Clock
) -> None:
    newcomer = make(coordinator, "persons", full_name="Ann Example")["id"]
    done = hand_over(coordinator, ids["thabo-post@police-lp"], successor_id=newcomer)
    assert graded(coordinator, ids["L01"]) == ("single_contact", "single_contact")
    carriers = answer_json(coordinator.get(f"{path('links')}/{ids['L01']}"))["carriers"]
    assert [one["focal_point_id"] for one in carriers if one["end"] == "b"] == [done["started"]]

    partner = holder("partner_manager", organisation_id=ids["lily"])
    told = answer_json(partner.get(f"{API}/outbox?unread=true"))
    (message,) = told["items"]
    assert message["about"] == {"type": "link", "id": ids["L01"]}
    assert "a new holder follows" in message["text"]
    assert not any(name in message["text"] for name in ("Ann", "thabo"))
    others = holder("partner_manager", organisation_id=ids["rose"])
    assert answer_json(others.get(f"{API}/outbox"))["total"] == 0
    reading = f"{API}/outbox/{message['id']}/read"
    assert [one.put(reading).status_code for one in (others, coordinator, holder("admin"))] == [404, 403, 403]
    assert [one["read_at"] for one in answer_json(coordinator.get(f"{API}/outbox"))["items"]] == [None]
    assert partner.put(reading).status_code == 200
    assert answer_json(partner.get(f"{API}/outbox?unread=true"))["total"] == 0


@SQLITE
def test_the_next_holder_clears_the_task(coordinator: FlaskClient, ids: Ids, clock: Clock) -> None:
    post = ids["thabo-post@police-lp"]
    hand_over(coordinator, post)
    clock.advance(days=1)
    assert [one["state"] for one in tasks(coordinator) if one["kind"] == "post"] == ["open"]
    hand_over(coordinator, post, successor_id=make(coordinator, "persons", full_name="Ann Example")["id"])
    clock.advance(days=1)
    assert [one["state"] for one in tasks(coordinator) if one["kind"] == "post"] == ["done"]


@SQLITE
def test_a_handover_may_lie_ahead(coordinator: FlaskClient, ids: Ids, clock: Clock) -> None:
    """Until the day who goes answers, from the day who comes; nothing runs in between."""
    newcomer = make(coordinator, "persons", full_name="Ann Example")["id"]
    day = (clock.now + timedelta(days=10)).date().isoformat()
    hand_over(coordinator, ids["thabo-post@police-lp"], successor_id=newcomer, effective_on=day)

    def holders() -> list[str]:
        told = answer_json(coordinator.get(f"{NETWORK}/links?grade=single_contact&page_size=200"))["items"]
        (link,) = [one for one in told if one["id"] == ids["L01"]]
        return [link["b"]["hangs_on"]["id"]]

    assert holders() == [ids["thabo"]]
    clock.advance(days=9)
    assert holders() == [ids["thabo"]]
    clock.advance(days=1)
    assert holders() == [newcomer]


@SQLITE
def test_numbers_stay_or_go(coordinator: FlaskClient, ids: Ids) -> None:
    post = ids["thabo-post@police-lp"]
    owner = {"type": "post", "id": post}
    desk = make(coordinator, "channels", owner=owner, channel_kind="duty_line", value="+27150000078")["id"]
    mobile = make(coordinator, "channels", owner=owner, channel_kind="person_phone", value="+27820000078")["id"]
    refused = {"effective_on": "2027-01-01", "keep_channels": []}
    assert coordinator.post(f"{path('posts')}/{post}/handovers", json=refused).status_code == 422
    hand_over(coordinator, post)

    def owned(channel: str) -> tuple[str, str]:
        told = answer_json(coordinator.get(f"{path('channels')}/{channel}"))
        return told["owner"]["id"], told["status"]

    assert (owned(desk), owned(mobile)) == ((post, "active"), (ids["thabo"], "active"))
    hand_over(coordinator, post, keep_channels=[])
    assert owned(desk)[1] == "closed"


@SQLITE
def test_the_same_key_hands_over_once(coordinator: FlaskClient, ids: Ids) -> None:
    where, key = f"{path('posts')}/{ids['thabo-post@police-lp']}/handovers", {"Idempotency-Key": "once"}
    first = coordinator.post(where, json={}, headers=key)
    again = coordinator.post(where, json={}, headers=key)
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
    assert answer_json(again) == answer_json(first)


@SQLITE
def test_what_cannot_be_handed_over(coordinator: FlaskClient, holder: Holder, ids: Ids) -> None:
    post = ids["thabo-post@police-lp"]
    where = f"{path('posts')}/{post}/handovers"
    wrong = {
        "successor_id": {"successor_id": ids["thabo"]},
        "keep_channels": {"keep_channels": [ids["clinic-line"]]},
    }
    for field, body in wrong.items():
        answer = coordinator.post(where, json=body)
        assert (answer.status_code, list(answer_json(answer)["errors"])) == (422, [field])
    assert holder("partner_manager", organisation_id=ids["lily"]).post(where, json={}).status_code == 403
    audit = answer_json(holder("auditor").get(f"{API}/audit?action=post.handed_over"))
    assert audit["total"] == 0
    coordinator.delete(f"{path('posts')}/{post}", headers={"If-Match": "*"})
    assert coordinator.post(where, json={}).status_code == 409


@SQLITE
def test_no_message_tells_a_station_of_a_hidden_place(client: FlaskClient, holder: Holder) -> None:
    """Nor does any tell the coordinator: the link would say where the place is."""
    home = settle(client, LIMPOPO)
    haven = make(client, "organisations", name="Haven", org_type="shelter", sector="civil_society")["id"]
    place = {"address": "1 Acacia Street", "lat": -23.9, "lon": 29.45}
    make(client, "sites", organisation_id=haven, confidential=True, location=place)
    post = make(client, "posts", organisation_id=haven, title="Night worker")["id"]
    seat = make(client, "focal_points", post_id=post, person_id=make(client, "persons")["id"])["id"]
    ends = {"a": {"type": "organisation", "id": haven}, "b": {"type": "department", "id": home.ids["departments"]}}
    make(client, "links", **ends, carriers=[{"end": "a", "focal_point_id": seat, "link_types": ["referral_sent"]}])
    station = f"{path('departments')}/{home.ids['departments']}"
    client.patch(station, json={"level": "station_site"}, headers={"If-Match": "*"})
    hand_over(client, post)

    readers = [
        holder("coordinator"),
        holder("admin"),
        holder("unit_manager", department_id=home.ids["departments"]),
        holder("partner_manager", organisation_id=home.ids["organisations"]),
    ]
    assert [answer_json(one.get(f"{API}/outbox"))["total"] for one in readers] == [0] * 4
