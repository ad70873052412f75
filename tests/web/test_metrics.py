"""What is counted of requests: by route template, method and status, and never by what somebody sent."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from directory.services.quotas import BLOCKS_A_DAY, KINDS
from tests.conftest import Clock
from tests.factories import POLOKWANE
from tests.web.records import API, make

Holder = Callable[..., FlaskClient]
MATCH = {"near": {"place": "Polokwane"}, "needs": ["counselling"]}
COUNT = "directory_request_seconds_count"


def samples(client: FlaskClient) -> dict[tuple[str, ...], float]:
    """Every sample, by its name and the values of its labels."""
    answer = client.get("/metrics")
    assert (answer.status_code, answer.mimetype) == (200, "text/plain"), answer.text
    found = [one for family in text_string_to_metric_families(answer.text) for one in family.samples]
    return {(one.name, *(one.labels[label] for label in sorted(one.labels))): one.value for one in found}


def test_requests_are_counted_by_method_route_and_status(client: FlaskClient, stranger: FlaskClient) -> None:
    before = samples(client)
    for _ in range(3):
        stranger.get(f"{API}/places?q=Musina")
    stranger.get(f"{API}/me")
    stranger.get("/zanele-dube")
    after = samples(client)

    def more(method: str, route: str, status: str) -> float:
        return after[COUNT, method, route, status] - before.get((COUNT, method, route, status), 0)

    assert more("GET", f"{API}/places", "200") == 3
    assert more("GET", f"{API}/me", "401") == 1
    assert more("GET", "none", "404") == 1
    assert after["directory_request_seconds_sum", "GET", f"{API}/places", "200"] > 0


def test_a_method_that_somebody_made_up_is_neither_counted_nor_logged_by_its_name(
    client: FlaskClient, stranger: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stranger.open("/healthz", method="ZANELE-0825550199").status_code == 405
    assert "ZANELE" not in client.get("/metrics").text + "".join(capsys.readouterr())
    assert samples(client)[COUNT, "other", "none", "405"] >= 1


def test_the_registrys_figures_are_there(client: FlaskClient, holder: Holder) -> None:
    before = samples(client)
    make(client, "organisations", name="Aloe")
    after = samples(client)

    assert after["directory_revision",] == before["directory_revision",] + 1
    assert after["directory_audit_entries",] == before["directory_audit_entries",] + 1


def test_rebuilds_and_allowances_are_counted(client: FlaskClient, holder: Holder, clock: Clock) -> None:
    partner = make(client, "organisations", name="Aloe", org_type="ngo")
    site = make(client, "sites", organisation_id=partner["id"], confidential=False, location=POLOKWANE)
    service = make(client, "services", organisation_id=partner["id"], name="Talk", codes=["counselling"])
    make(client, "service_sites", service_id=service["id"], site_id=site["id"])
    person = make(client, "persons", full_name="Nomsa Dube")
    post = make(client, "posts", organisation_id=partner["id"], title="Intake", contact_role="intake_officer")
    make(client, "focal_points", person_id=person["id"], post_id=post["id"])
    owner = {"type": "person", "id": person["id"]}
    make(client, "channels", owner=owner, channel_kind="person_phone", value="+27821234567", visibility="network")
    before = samples(client)
    worker = holder("caseworker", organisation_id=partner["id"])
    for _ in range(2):
        assert worker.post(f"{API}/matches", json=MATCH).status_code == 200
    after = samples(client)

    assert after["directory_index_rebuilds_total",] == before.get(("directory_index_rebuilds_total",), 0) + 1
    block = KINDS["contacts"].daily // BLOCKS_A_DAY
    assert (before["directory_quota_leased", "contacts"], after["directory_quota_leased", "contacts"]) == (0, block)
    clock.advance(days=1)
    assert samples(client)["directory_quota_leased", "contacts"] == 0


def test_no_label_is_a_partner_or_a_place(app: Flask, client: FlaskClient) -> None:
    partner = make(client, "organisations", name="Aloe House", province="ZA-LP", district="DC35")
    client.get(f"{API}/organisations/{partner['id']}?x=Polokwane")
    text = client.get("/metrics").text

    routes = {rule.rule for rule in app.url_map.iter_rules()} | {"none"}
    named = re.findall(r'route="((?:[^"\\]|\\.)*)"', text)
    assert {one.replace(r"\"", '"') for one in named} <= routes
    assert set(re.findall(r'[{,](\w+)="', text)) <= {"method", "route", "status", "le", "kind"} | PLATFORM
    assert [one for one in (partner["id"], "Aloe", "ZA-LP", "DC35", "Polokwane") if one in text] == []


PLATFORM = {"generation", "implementation", "major", "minor", "patchlevel", "version"}
"""Labels of the library's own figures of the process."""
