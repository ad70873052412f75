"""The one way to a confidential address over HTTP: a purpose, a code, a budget, and the audit before the address."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from directory.services import disclosures, guards
from tests.conftest import Clock
from tests.factories import POLOKWANE
from tests.web.people import code, enlist, key_of, with_key
from tests.web.records import API, answer_json, make, path

Holder = Callable[..., FlaskClient]
NEEDED = "/problems/second-factor-needed"
NOBODY = "00000000-0000-4000-8000-000000000000"


@dataclass
class Officer:
    """Somebody who may be told addresses, with an authenticator and a key."""

    account: dict[str, Any]
    client: FlaskClient
    clock: Clock

    def ask(self, site_id: str, **given: Any) -> TestResponse:
        """Ask for an address, with the code of a step not used before unless another is given."""
        if "code" not in given:
            self.clock.advance(seconds=31)
            given["code"] = code(self.account, self.clock)
        return self.ask_without(site_id, **given)

    def ask_without(self, site_id: str, **given: Any) -> TestResponse:
        """Ask without a code unless one is given."""
        where = f"{path('sites')}/{site_id}/location-disclosures"
        return self.client.post(where, json={"purpose": "transport", **given})


@pytest.fixture(autouse=True)
def at_noon(clock: Clock) -> None:
    """So that no test passes midnight."""
    clock.now = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


@pytest.fixture
def officer(app: Flask, client: FlaskClient, clock: Clock) -> Officer:
    account = enlist(client, "disclosure")
    return Officer(account, with_key(app, key_of(client, account_id=account["id"])["token"]), clock)


@pytest.fixture
def site(client: FlaskClient) -> dict[str, Any]:
    return make(client, "sites", confidential=True)


def written(auditor: FlaskClient, action: str) -> list[dict[str, Any]]:
    """Entries of the audit."""
    found: list[dict[str, Any]] = answer_json(auditor.get(f"{API}/audit", query_string={"action": action}))["items"]
    return found


def test_an_address_is_told_for_a_purpose_and_a_code(officer: Officer, site: dict[str, Any], holder: Holder) -> None:
    told = officer.ask(site["id"])

    assert told.status_code == 201
    assert told.headers["Cache-Control"] == "no-store"
    assert answer_json(told)["location"] == POLOKWANE
    entry = written(holder("auditor"), "disclosure.authorised")[0]
    assert (entry["role"], entry["record_id"]) == ("disclosure", answer_json(told)["id"])
    assert {"purpose:transport", f"site:{site['id']}"} <= set(entry["details"])


def test_the_audit_is_written_before_the_address_is_read(
    officer: Officer, site: dict[str, Any], holder: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: Any) -> None:
        raise RuntimeError("the disk is gone")

    monkeypatch.setattr(disclosures, "reveal", breaks)

    assert officer.ask(site["id"]).status_code == 500
    auditor = holder("auditor")
    assert [f"site:{site['id']}" in one["details"] for one in written(auditor, "disclosure.authorised")] == [True]
    assert answer_json(auditor.get(f"{API}/disclosures"))["total"] == 1


def test_a_read_before_the_commit_finds_nothing(
    officer: Officer, site: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order is the service's own demand: without the committed entry it tells nothing."""
    real = disclosures.authorise

    def too_soon(session: Any, who: Any, site_id: str, given: Any) -> Any:
        made = real(session, who, site_id, given)
        disclosures.reveal(session, who, made.id)
        return made

    monkeypatch.setattr(disclosures, "authorise", too_soon)

    refused = officer.ask(site["id"])

    assert (refused.status_code, "Acacia" in refused.text) == (403, False)


def test_a_code_is_needed_once_in_five_minutes(officer: Officer, site: dict[str, Any]) -> None:
    assert answer_json(officer.ask_without(site["id"]))["type"] == NEEDED
    assert officer.ask(site["id"]).status_code == 201
    officer.clock.advance(minutes=5)
    assert officer.ask_without(site["id"]).status_code == 201
    officer.clock.advance(seconds=1)
    late = officer.ask_without(site["id"])
    assert (late.status_code, answer_json(late)["type"]) == (403, NEEDED)


def test_wrong_and_replayed_codes_are_refused(officer: Officer, site: dict[str, Any], holder: Holder) -> None:
    used = code(officer.account, officer.clock)
    assert officer.ask(site["id"], code=used).status_code == 201
    officer.clock.advance(minutes=6)

    for wrong in (used, "000000", "", "1234567890123", 123456):
        refused = officer.ask(site["id"], code=wrong)
        assert refused.status_code in (403, 422), wrong
        assert "location" not in refused.text
    just_used = code(officer.account, officer.clock)
    assert officer.ask(site["id"], code=just_used).status_code == 201
    replayed = officer.ask(site["id"], code=just_used)

    assert (replayed.status_code, answer_json(replayed)["type"]) == (403, NEEDED)
    assert {"action:disclosures.make"} <= {one["details"][0] for one in written(holder("auditor"), "denied")}


def test_codes_cannot_be_guessed_through(officer: Officer, site: dict[str, Any]) -> None:
    for _ in range(guards.MOST):
        assert officer.ask(site["id"], code="000000").status_code == 403

    assert officer.ask(site["id"]).status_code == 403
    officer.clock.advance(hours=1)
    assert officer.ask(site["id"]).status_code == 201


def test_a_wrong_purpose_does_not_spend_the_code(officer: Officer, site: dict[str, Any]) -> None:
    now = code(officer.account, officer.clock)
    wrong = officer.ask(site["id"], code=now, purpose="curiosity")

    assert (wrong.status_code, list(answer_json(wrong)["errors"])) == (422, ["purpose"])
    assert officer.ask(site["id"], code=now).status_code == 201


def test_a_budget_of_a_day_ends_with_an_alert(officer: Officer, site: dict[str, Any], holder: Holder) -> None:
    for _ in range(disclosures.BUDGET):
        assert officer.ask(site["id"]).status_code == 201

    spent = officer.ask(site["id"])

    assert (spent.status_code, answer_json(spent)["type"]) == (429, "/problems/allowance-spent")
    assert spent.headers["Retry-After"] == "Sat, 21 Nov 2026 22:00:00 GMT"
    alerts = answer_json(holder("coordinator").get(f"{API}/alerts"))["items"]
    assert [(one["kind"], one["holder_id"]) for one in alerts] == [("disclosures", officer.account["id"])]
    denied = written(holder("auditor"), "denied")
    assert [(one["collection"], one["record_id"]) for one in denied] == [("sites", site["id"])]
    officer.clock.advance(days=1)
    assert officer.ask(site["id"]).status_code == 201


def test_an_organisation_has_a_cap(app: Flask, client: FlaskClient, clock: Clock, site: dict[str, Any]) -> None:
    owner = make(client, "organisations")["id"]
    account = enlist(client, "disclosure", organisation_id=owner)
    theirs = Officer(account, with_key(app, key_of(client, account_id=account["id"])["token"]), clock)
    client.put(f"{path('organisations')}/{owner}/quotas/disclosures", json={"daily": 1})

    assert [theirs.ask(site["id"]).status_code for _ in range(2)] == [201, 429]


def test_open_closed_and_unknown_places(officer: Officer, client: FlaskClient, site: dict[str, Any]) -> None:
    client.delete(f"{path('sites')}/{site['id']}", headers={"If-Match": "*"})
    open_one = make(client, "sites")["id"]

    assert [officer.ask(one).status_code for one in (open_one, site["id"], NOBODY)] == [409, 409, 404]


@pytest.mark.parametrize(
    "role", ["app", "caseworker", "partner_manager", "unit_manager", "coordinator", "auditor", "admin"]
)
def test_no_other_role_is_told(holder: Holder, site: dict[str, Any], role: Any) -> None:
    where = f"{path('sites')}/{site['id']}/location-disclosures"

    answer = holder(role).post(where, json={"purpose": "transport", "code": "123456"})

    assert (answer.status_code, "Acacia" in answer.text) == (403, False)
    assert f"the role {role} may not" in answer.text
    denied = written(holder("auditor"), "denied")[0]
    assert (denied["collection"], denied["record_id"], denied["role"]) == ("sites", site["id"], role)
    assert denied["details"][0] == "action:disclosures.make"


def test_the_partner_sees_who_asked(
    officer: Officer, client: FlaskClient, holder: Holder, site: dict[str, Any]
) -> None:
    officer.ask(site["id"])
    officer.ask(make(client, "sites", confidential=True)["id"])
    partner, other = (
        holder("partner_manager", organisation_id=one["organisation_id"]) for one in (site, make(client, "sites"))
    )

    seen = answer_json(partner.get(f"{API}/disclosures"))

    assert [(one["site_id"], one["purpose"]) for one in seen["items"]] == [(site["id"], "transport")]
    assert seen["items"][0]["asked_by"] == {"display_name": "A disclosure", "role": "disclosure", "organisation": None}
    assert answer_json(other.get(f"{API}/disclosures"))["total"] == 0
    assert answer_json(holder("auditor").get(f"{API}/disclosures"))["total"] == 2
    assert "Acacia" not in json.dumps(seen)


def test_neither_address_nor_code_is_logged(
    officer: Officer, site: dict[str, Any], holder: Holder, capsys: pytest.CaptureFixture[str]
) -> None:
    used = code(officer.account, officer.clock)
    officer.ask(site["id"], code=used)
    audit = holder("auditor").get(f"{API}/audit").text

    logged = capsys.readouterr()

    assert "/location-disclosures" in logged.err
    for secret in ("Acacia", str(POLOKWANE["lat"]), used, officer.account["totp_secret"]):
        assert secret not in logged.err + logged.out + audit
