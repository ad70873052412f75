"""What came of a call: counted without a case, and a wrong number is looked into."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from tests.conftest import Clock
from tests.web.records import API, answer_json, make, path

Holder = Callable[..., FlaskClient]


@pytest.fixture
def partner(client: FlaskClient) -> dict[str, Any]:
    """A service-site whose organisation has a line of its own."""
    site = make(client, "service_sites")
    service = answer_json(client.get(f"{path('services')}/{site['service_id']}"))
    owner = {"type": "organisation", "id": service["organisation_id"]}
    return {**site, "line": make(client, "channels", owner=owner, visibility="network")["id"]}


def say(client: FlaskClient, record: dict[str, Any], **given: Any) -> Any:
    return client.post(f"{path('service_sites')}/{record['id']}/contact-outcomes", json=given)


def doubted(client: FlaskClient) -> list[str]:
    found = answer_json(client.get(path("channels"), query_string={"doubted": "true"}))
    return [one["id"] for one in found["items"]]


def rows(engine: Engine, table: str) -> list[Any]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(f"SELECT * FROM {table}"))]  # noqa: S608


def test_a_call_is_counted_by_month_and_by_nobody(
    engine: Engine, client: FlaskClient, holder: Holder, partner: dict[str, Any], clock: Clock
) -> None:
    caller = holder("caseworker", organisation_id=make(client, "organisations")["id"])
    before = len(rows(engine, "audit_entry"))

    said = [say(caller, partner, outcome="refused", reason_code="papers_first") for _ in range(3)]

    assert [(one.status_code, one.data) for one in said] == [(204, b"")] * 3
    ((site, month, *counted),) = rows(engine, "contact_count")
    assert (str(site).replace("-", ""), counted) == (partner["id"].replace("-", ""), ["refused", "papers_first", 3])
    assert str(month).endswith("-01")
    assert len(rows(engine, "audit_entry")) == before


def test_a_wrong_number_is_in_doubt_until_it_is_confirmed(
    client: FlaskClient, partner: dict[str, Any], clock: Clock
) -> None:
    clock.advance(hours=1)
    assert say(client, partner, outcome="wrong_number", channel_id=partner["line"]).status_code == 204
    in_doubt = doubted(client)
    order = answer_json(client.get(f"{path('channels')}/{partner['line']}"))
    clock.advance(hours=1)
    confirmed = {"method": "phone", "outcome": "confirmed"}
    client.post(f"{path('channels')}/{partner['line']}/verifications", json=confirmed)

    assert (in_doubt, order["version"]) == ([partner["line"]], 1)
    assert doubted(client) == []
    assert say(client, partner, outcome="wrong_number", channel_id=partner["line"]).status_code == 204
    clock.advance(hours=1)
    assert doubted(client) == []


def test_what_is_no_outcome_is_refused(client: FlaskClient, holder: Holder, partner: dict[str, Any]) -> None:
    elsewhere = make(client, "channels")["id"]
    hidden = make(client, "channels", visibility="restricted", owner={"type": "service_site", "id": partner["id"]})
    caller = holder("caseworker")

    def told(**given: Any) -> tuple[int, list[str]]:
        answer = say(caller, partner, **given)
        return answer.status_code, list(answer_json(answer).get("errors", {}))

    assert told(outcome="wrong_number") == (422, ["channel_id"])
    assert told(outcome="reached", channel_id=elsewhere) == (422, ["channel_id"])
    assert told(outcome="reached", channel_id=hidden["id"]) == (422, ["channel_id"])
    assert told(outcome="reached", name="Thandi") == (422, ["name"])
    assert told(outcome="shouted") == (422, ["outcome"])
    client.delete(f"{path('service_sites')}/{partner['id']}", headers={"If-Match": "*"})
    assert say(caller, partner, outcome="reached").status_code == 409
    assert say(holder("auditor"), partner, outcome="reached").status_code == 403


def test_a_match_names_the_channel_and_whether_it_takes_whatsapp(client: FlaskClient, partner: dict[str, Any]) -> None:
    line = f"{path('channels')}/{partner['line']}"
    client.patch(line, json={"whatsapp": True}, headers={"If-Match": "*"})
    asked = {"near": {"place": "Polokwane"}, "needs": ["counselling"]}
    need = answer_json(client.post(f"{API}/matches", json=asked))["by_need"][0]
    found = need["suitable"] + need["confirm_by_phone"]
    calls = [one for candidate in found for one in candidate["contacts"]["call"]]

    assert [(one["channel_id"], one["whatsapp"]) for one in calls] == [(partner["line"], True)]


def test_a_line_that_is_erased_takes_its_doubt_along(
    app: Flask, engine: Engine, client: FlaskClient, partner: dict[str, Any], clock: Clock
) -> None:
    say(client, partner, outcome="wrong_number", channel_id=partner["line"])
    with engine.connect().execution_options(registry_write=True) as connection, connection.begin():
        connection.execute(text("DELETE FROM channel"))

    assert rows(engine, "channel_doubt") == []
