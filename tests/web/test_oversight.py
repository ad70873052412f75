"""The audit, suspensions and concerns over HTTP; what is suspended is out with the next request, in every worker."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.services import suspensions
from tests.applications import Configured
from tests.conftest import SECRET_KEY, Clock
from tests.factories import POLOKWANE
from tests.web.people import KEYS, ME, enlist, key_of, with_key
from tests.web.records import API, answer_json, make, path
from tests.web.test_matches import ASKED, shelter
from web.settings import Settings
from web.transaction import Registry

Holder = Callable[..., FlaskClient]
CONCERNS, AUDIT = f"{API}/concerns", f"{API}/audit"
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def other_worker(app: Flask, clock: Clock, configured: Configured) -> Flask:
    """The application again, with connections of its own to the same registry."""
    served: Registry = app.extensions["registry"]
    engines = [one for one in (served.engine, served.secret_engine) if one is not None]
    serving, secret, *_ = [*(one.url.render_as_string(hide_password=False) for one in engines), None]
    assert serving is not None
    return configured(Settings(database_url=serving, secret_database_url=secret, secret_key=SECRET_KEY, clock=clock))


def named(client: FlaskClient, collection: str = "organisations") -> set[str]:
    """Names in a list."""
    return {one["name"] for one in answer_json(client.get(path(collection)))["items"]}


def matched(client: FlaskClient) -> set[str]:
    """Organisations in any part of a match."""
    answer = client.post(f"{API}/matches", json=ASKED)
    assert answer.status_code == 200, answer.text
    return {
        one["organisation"]["name"]
        for need in answer_json(answer)["by_need"]
        for bucket in ("suitable", "confirm_by_phone")
        for one in need[bucket]
    }


def test_what_is_suspended_is_out_with_the_next_request_in_every_worker(
    client: FlaskClient, holder: Holder, other_worker: Flask
) -> None:
    shelter(client, "Acacia House", confidential=False, location=POLOKWANE)
    found = answer_json(client.get(path("organisations")))["items"][0]
    coordinator, asker = holder("coordinator"), holder("caseworker")
    elsewhere = other_worker.test_client()
    elsewhere.environ_base.update(asker.environ_base)
    own = with_key(other_worker, key_of(client, organisation_id=found["id"])["token"])
    where = f"{path('organisations')}/{found['id']}/suspensions"
    for one in (asker, elsewhere):
        assert "Acacia House" in named(one) & matched(one)
    assert own.get(ME).status_code == 200

    made = coordinator.post(where, json={"code": "safeguarding"})

    assert (made.status_code, made.headers["Location"]) == (201, where)
    assert answer_json(made)["about"] == {"type": "organisation", "id": found["id"]}
    for one in (asker, elsewhere):
        assert "Acacia House" not in named(one) | matched(one)
    assert own.get(ME).status_code == 401
    assert coordinator.delete(where, query_string={"code": "unfounded"}).status_code == 204
    for one in (asker, elsewhere):
        assert "Acacia House" in named(one) & matched(one)
    assert own.get(ME).status_code == 200


@pytest.mark.parametrize("collection", suspensions.TARGETS)
def test_a_suspension_is_listed_lifted_and_remembered(client: FlaskClient, holder: Holder, collection: str) -> None:
    record, coordinator = make(client, collection), holder("coordinator")
    where = f"{path(collection)}/{record['id']}/suspensions"
    about = {"type": collection.removesuffix("s"), "id": record["id"]}

    coordinator.post(where, json={"code": "own_request"})

    suspended = answer_json(coordinator.get(f"{API}/suspensions"))
    assert suspended["items"] == [{"about": about, "name": record["name"]}]
    assert coordinator.post(where, json={"code": "own_request"}).status_code == 409
    assert coordinator.delete(where).status_code == 422
    assert coordinator.delete(where, query_string={"code": "own_request"}).status_code == 422
    assert coordinator.delete(where, query_string={"code": "resolved"}).status_code == 204
    assert coordinator.delete(where, query_string={"code": "resolved"}).status_code == 409
    past = answer_json(coordinator.get(where))["items"]
    assert [(one["code"], one["lifted_code"]) for one in past] == [("own_request", "resolved")]
    assert answer_json(coordinator.get(f"{API}/suspensions"))["items"] == []


def test_a_repeated_suspension_is_answered_again(client: FlaskClient, holder: Holder) -> None:
    coordinator = holder("coordinator")
    where = f"{path('organisations')}/{make(client, 'organisations')['id']}/suspensions"
    given: dict[str, Any] = {"json": {"code": "safeguarding"}, "headers": {"Idempotency-Key": "s1"}}

    first, again = coordinator.post(where, **given), coordinator.post(where, **given)

    assert (first.status_code, again.status_code, first.json) == (201, 201, again.json)
    assert again.headers["Idempotency-Replayed"] == "true"


def test_a_coordinator_suspends_in_the_own_province(client: FlaskClient, holder: Holder) -> None:
    record = make(client, "organisations", province="ZA-LP")
    where = f"{path('organisations')}/{record['id']}/suspensions"
    outside, inside = holder("coordinator", province="ZA-GP"), holder("coordinator", province="ZA-LP")

    assert outside.post(where, json={"code": "safeguarding"}).status_code == 403
    assert inside.post(where, json={"code": "safeguarding"}).status_code == 201
    assert inside.post(where.replace(record["id"], NOBODY), json={"code": "safeguarding"}).status_code == 404


@pytest.mark.parametrize(
    "role", ["app", "caseworker", "partner_manager", "unit_manager", "disclosure", "auditor", "admin"]
)
def test_anyone_known_raises_a_concern_and_coordinators_alone_read_it(
    client: FlaskClient, holder: Holder, role: Any
) -> None:
    about = {"type": "organisation", "id": make(client, "organisations")["id"]}
    somebody, coordinator = holder(role), holder("coordinator")

    raised = somebody.post(CONCERNS, json={"about": about, "code": "abuse"})

    assert raised.status_code == 201
    assert list(answer_json(raised)) == ["id", "about", "code", "at"]
    where = raised.headers["Location"]
    assert [somebody.get(CONCERNS).status_code, somebody.get(where).status_code] == [403, 403]
    assert somebody.patch(where, json={"outcome": "unfounded"}).status_code == 403
    read = answer_json(coordinator.get(where))
    assert {name: read[name] for name in answer_json(raised)} == raised.json
    assert answer_json(coordinator.get(CONCERNS))["items"] == [read]
    assert about["id"] not in holder("auditor").get(AUDIT, query_string={"action": "concern.raised"}).text


def test_a_concern_is_settled_once(client: FlaskClient, holder: Holder) -> None:
    about, coordinator = {"type": "department", "id": make(client, "departments")["id"]}, holder("coordinator")
    where = client.post(CONCERNS, json={"about": about, "code": "bribery"}).headers["Location"]

    settled = coordinator.patch(where, json={"outcome": "put_right"})

    assert (settled.status_code, answer_json(settled)["outcome"]) == (200, "put_right")
    assert coordinator.patch(where, json={"outcome": "unfounded"}).status_code == 409
    totals = [answer_json(coordinator.get(CONCERNS, query_string={"status": one}))["total"] for one in ("open", "any")]
    assert totals == [0, 1]
    assert coordinator.get(f"{CONCERNS}/{NOBODY}").status_code == 404


def test_a_repeated_concern_is_one(client: FlaskClient, holder: Holder) -> None:
    about = {"type": "organisation", "id": make(client, "organisations")["id"]}
    given: dict[str, Any] = {"json": {"about": about, "code": "abuse"}, "headers": {"Idempotency-Key": "c1"}}

    first, again = client.post(CONCERNS, **given), client.post(CONCERNS, **given)

    assert (first.status_code, first.json) == (again.status_code, again.json)
    assert answer_json(holder("coordinator").get(CONCERNS))["total"] == 1


def test_a_concern_is_in_codes(client: FlaskClient) -> None:
    about = {"type": "organisation", "id": make(client, "organisations")["id"]}
    nobody = {"type": "organisation", "id": NOBODY}
    for wrong in ({"code": "gossip"}, {"code": "abuse", "text": "Thandi said"}, {"code": "abuse", "about": nobody}):
        assert client.post(CONCERNS, json={"about": about, **wrong}).status_code == 422


def test_the_audit_says_who_did_what(client: FlaskClient, holder: Holder) -> None:
    account = enlist(client, "auditor")
    auditor = holder("auditor")

    made = answer_json(auditor.get(AUDIT, query_string={"action": "user.created"}))["items"]

    assert [(one["record_id"], one["role"], one["collection"]) for one in made] == [(account["id"], "admin", "users")]
    assert made[0]["actor"]["id"] == answer_json(client.get(ME))["account_id"]
    for query in ({"record_id": account["id"]}, {"actor": made[0]["actor"]["id"]}, {"collection": "users"}):
        assert made[0] in answer_json(auditor.get(AUDIT, query_string=query))["items"], query
    assert auditor.get(AUDIT, query_string={"since": "yesterday"}).status_code == 422


def test_the_audit_is_searched_by_time_and_paged(client: FlaskClient, holder: Holder, clock: Clock) -> None:
    auditor = holder("auditor")
    make(client, "organisations")
    later = clock.advance(hours=1).isoformat()
    make(client, "organisations")

    since, until = (answer_json(auditor.get(AUDIT, query_string={one: later})) for one in ("since", "until"))
    pages = [answer_json(auditor.get(AUDIT, query_string={"page": n, "page_size": 1}))["items"] for n in (1, 2)]

    assert (since["total"], until["total"]) == (1, 1)
    assert [page[0]["seq"] for page in pages] == [2, 1]


def test_a_refused_try_is_in_the_audit(holder: Holder, client: FlaskClient) -> None:
    holder("caseworker").post(KEYS, json={"name": "x"})

    denied = answer_json(client.get(AUDIT, query_string={"action": "denied"}))["items"]

    assert [(one["role"], one["details"][0]) for one in denied] == [("caseworker", "action:keys.manage")]


def test_the_chain_is_verified_and_anchored(client: FlaskClient, holder: Holder) -> None:
    auditor, verification = holder("auditor"), f"{AUDIT}/verification"
    for _ in range(3):
        make(client, "organisations")
    anchor = answer_json(auditor.get(f"{AUDIT}/anchor"))
    kept = {name: anchor[name] for name in ("seq", "hash")}

    assert answer_json(auditor.get(verification, query_string=kept)) == {
        "sound": True,
        "entries": 3,
        "fault": None,
        "seq": None,
    }
    wrong = answer_json(auditor.get(verification, query_string={**kept, "hash": "0" * 64}))
    beyond = answer_json(auditor.get(verification, query_string={**kept, "seq": 4}))
    assert [(one["sound"], one["fault"], one["seq"]) for one in (wrong, beyond)] == [
        (False, "rewritten", 3),
        (False, "truncated", 4),
    ]
    half = auditor.get(verification, query_string={"seq": 3})
    assert (half.status_code, list(answer_json(half)["errors"])) == (422, ["hash"])


@pytest.mark.parametrize("role", ["app", "caseworker", "partner_manager", "unit_manager", "coordinator", "disclosure"])
def test_auditors_alone_read_the_audit(holder: Holder, role: Any) -> None:
    theirs = holder(role)

    assert [theirs.get(f"{AUDIT}{one}").status_code for one in ("", "/verification", "/anchor")] == [403] * 3


def test_an_allowance_is_set_and_said(client: FlaskClient, holder: Holder) -> None:
    where = f"{path('organisations')}/{make(client, 'organisations')['id']}/quotas"

    answer = client.put(f"{where}/contacts", json={"daily": 50})

    assert (answer.status_code, answer_json(answer)["daily"]) == (200, 50)
    assert client.put(f"{where}/contacts", json={"daily": None}).status_code == 200
    assert client.put(f"{where}/gossip", json={"daily": 1}).status_code == 422
    assert client.put(f"{where}/contacts", json={"daily": -1}).status_code == 422
    assert holder("coordinator").put(f"{where}/contacts", json={"daily": 1}).status_code == 403
    assert answer_json(holder("coordinator").get(f"{API}/alerts"))["items"] == []
