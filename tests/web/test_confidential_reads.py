"""What is confidential and read is in the audit before it leaves: a match is not among it."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.records import API, answer_json, make
from tests.web.test_matches import ASKED as MATCH

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Holder = Callable[..., FlaskClient]
Entry = tuple[str, str, str | None, list[str]]


def entries(holder: Holder, **query: str) -> list[Entry]:
    """Confidential reads in the audit, oldest first."""
    asked = {"action": "read.confidential", **query}
    found = answer_json(holder("auditor").get(f"{API}/audit", query_string=asked))["items"]
    return [
        (one["role"], one["collection"], one["record_id"], [code for code in one["details"] if code[:4] != "key:"])
        for one in reversed(found)
    ]


def line(client: FlaskClient, visibility: str, value: str = "+27821112233") -> str:
    """Somebody's own number."""
    owner = {"type": "person", "id": make(client, "persons")["id"]}
    return str(make(client, "channels", owner=owner, visibility=visibility, value=value)["id"])


def test_a_restricted_number_read_is_audited(client: FlaskClient, holder: Holder) -> None:
    private, other, known = (
        line(client, "restricted"),
        line(client, "restricted", "+27821112234"),
        line(client, "network"),
    )
    coordinator = holder("coordinator")
    for path in (f"channels/{known}", f"channels/{private}", "channels", "changes?limit=1000"):
        assert coordinator.get(f"{API}/{path}").status_code == 200

    what = "what:restricted"
    assert other != private
    assert entries(holder) == [
        ("coordinator", "channels", private, [what]),
        ("coordinator", "channels", None, [what, "records:2"]),
        ("coordinator", "channels", None, [what, "records:2"]),
    ]


def test_ones_own_and_what_everybody_reads_is_not(client: FlaskClient, holder: Holder) -> None:
    organisation = make(client, "organisations")["id"]
    owner = {"type": "organisation", "id": organisation}
    one = make(client, "channels", owner=owner, visibility="restricted", value="+27821112235")["id"]
    line(client, "network")
    manager = holder("partner_manager", organisation_id=organisation)

    assert manager.get(f"{API}/channels/{one}").status_code == 200
    assert manager.get(f"{API}/channels").status_code == 200
    assert entries(holder) == []


def test_what_only_cleared_roles_read_of_a_confidential_organisation_is(client: FlaskClient, holder: Holder) -> None:
    haven = make(client, "organisations", org_type="shelter", npo_number="NPO 271-828")["id"]
    at = {"address": "7 Baobab Lane", "lat": -22.35, "lon": 30.04}
    make(client, "sites", organisation_id=haven, confidential=True, location=at)
    for role in ("disclosure", "caseworker"):
        assert holder(role).get(f"{API}/organisations/{haven}").status_code == 200
    assert holder("partner_manager", organisation_id=haven).get(f"{API}/organisations/{haven}").status_code == 200

    assert entries(holder) == [("disclosure", "organisations", haven, ["what:unmasked"])]


def test_concerns_read_are(client: FlaskClient, holder: Holder) -> None:
    about = {"type": "organisation", "id": make(client, "organisations")["id"]}
    made = answer_json(client.post(f"{API}/concerns", json={"about": about, "code": "abuse"}))["id"]
    coordinator = holder("coordinator")
    for path in ("concerns", f"concerns/{made}"):
        assert coordinator.get(f"{API}/{path}").status_code == 200

    assert [one[1:3] for one in entries(holder)] == [("concerns", None), ("concerns", made)]


def test_gradings_of_people_are(client: FlaskClient, holder: Holder) -> None:
    line(client, "network")
    coordinator = holder("coordinator")
    person = make(client, "persons", full_name="Thandi Test")["id"]
    for path in ("network/report", "network/links"):
        assert coordinator.get(f"{API}/{path}").status_code == 200
    asked = {"remove": [{"type": "person", "id": person}]}
    assert coordinator.post(f"{API}/network/simulations", json=asked).status_code == 200
    assert coordinator.get(f"{API}/network/people/{person}").status_code == 200

    read = [("coordinator", "persons", one, ["what:grading"]) for one in (None, None, None, person)]
    assert entries(holder) == read
    for path in ("network/report", "network/links", "network/coverage"):
        assert holder("admin").get(f"{API}/{path}").status_code == 200
    assert entries(holder) == read


def test_who_holds_a_function_alone_is(client: FlaskClient, holder: Holder) -> None:
    """Coverage names who holds a single cell; a picture of it names nobody."""
    coordinator = holder("coordinator")
    assert coordinator.get(f"{API}/network/coverage?format=svg").status_code == 200
    assert entries(holder) == []
    assert coordinator.get(f"{API}/network/coverage").status_code == 200

    assert entries(holder) == [("coordinator", "persons", None, ["what:grading"])]


def test_links_without_anybody_are_not(client: FlaskClient, holder: Holder) -> None:
    line(client, "network")
    own = make(client, "organisations", name="House", org_type="ngo")["id"]
    assert holder("partner_manager", organisation_id=own).get(f"{API}/network/links").status_code == 200

    assert entries(holder) == []


def test_so_is_an_export_of_the_audit(app: Flask, holder: Holder) -> None:
    """A page of it is not: each would move the next by one."""
    assert app.test_cli_runner().invoke(app.cli, ["audit", "export"]).exit_code == 0

    assert entries(holder) == [("admin", "audit", None, ["what:audit"])]
    assert len(entries(holder)) == 1


def test_a_match_is_not(client: FlaskClient, holder: Holder) -> None:
    """Or the audit would become the record of the case."""
    line(client, "restricted")
    auditor = holder("auditor")
    before = answer_json(auditor.get(f"{API}/audit"))["total"]
    for role in ("caseworker", "coordinator"):
        assert holder(role).post(f"{API}/matches", json=MATCH).status_code == 200

    assert entries(holder) == []
    assert answer_json(auditor.get(f"{API}/audit"))["total"] == before


def test_what_cannot_be_audited_is_not_told(
    app: Flask, client: FlaskClient, holder: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    private, coordinator = line(client, "restricted"), holder("coordinator")

    def broken(*_: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("directory.services.audit.record_readings", broken)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    try:
        answer = coordinator.get(f"{API}/channels/{private}")
    finally:
        app.config["PROPAGATE_EXCEPTIONS"] = None

    assert (answer.status_code, "+27821112233" in answer.text) == (500, False)
