"""Accounts and keys over HTTP: secrets are told once, and what is changed holds on the next request."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.permissions import ACTIONS
from directory.services.keys import SCOPES
from tests.conftest import Clock
from tests.web.people import KEYS, ME, USERS, enlist, key_of, with_key
from tests.web.records import API, answer_json, make

Holder = Callable[..., FlaskClient]
NOBODY = "00000000-0000-4000-8000-000000000000"


def test_an_account_is_made_and_its_secrets_are_told_once(client: FlaskClient) -> None:
    made = client.post(USERS, json={"username": "A.Nkosi", "display_name": "A. Nkosi", "role": "auditor"})
    told = answer_json(made)
    read = client.get(made.headers["Location"])

    assert (made.status_code, read.status_code) == (201, 200)
    assert made.headers["Cache-Control"] == "no-store"
    assert (told["username"], told["second_factor"]) == ("a.nkosi", True)
    assert len(told["password"]) == 24
    assert answer_json(read) == {name: told[name] for name in told if name not in ("password", "totp_secret")}
    for later in (read, client.get(USERS), client.get(f"{API}/audit")):
        assert told["password"] not in later.text
        assert told["totp_secret"] not in later.text


def test_a_name_is_taken_once_and_a_role_acts_for_somebody(client: FlaskClient) -> None:
    body = {"username": "thandi", "display_name": "Thandi", "role": "auditor"}
    assert client.post(USERS, json=body).status_code == 201

    again = client.post(USERS, json=body)
    nobodys = client.post(USERS, json={**body, "username": "thabo", "role": "partner_manager"})
    unknown = client.post(USERS, json={**body, "username": "thabo", "telephone": "+27821234567"})

    assert [one.status_code for one in (again, nobodys, unknown)] == [422, 422, 422]
    errors = [list(answer_json(one)["errors"]) for one in (again, nobodys, unknown)]
    assert errors == [["username"], ["organisation_id"], ["telephone"]]


def test_accounts_are_listed_by_name(client: FlaskClient) -> None:
    for name in ("zanele", "ayanda"):
        enlist(client, "auditor", name)

    page = answer_json(client.get(USERS, query_string={"page_size": 2, "page": 1}))

    names = [one["username"] for one in answer_json(client.get(USERS))["items"]]
    assert (page["total"], page["page_size"], len(page["items"])) == (3, 2, 2)
    assert names == sorted(names)
    assert {"zanele", "ayanda"} < set(names)


def test_a_change_of_role_holds_on_the_next_request(app: Flask, client: FlaskClient) -> None:
    account = enlist(client, "auditor")
    theirs = with_key(app, key_of(client, account_id=account["id"])["token"])
    where = f"{USERS}/{account['id']}"
    assert theirs.get(f"{API}/audit").status_code == 200

    seen = {"If-Match": client.get(where).headers["ETag"]}
    changed = client.patch(where, json={"role": "disclosure"}, headers=seen)

    assert (changed.status_code, answer_json(changed)["role"]) == (200, "disclosure")
    assert theirs.get(f"{API}/audit").status_code == 403
    assert client.patch(where, json={"role": "auditor"}, headers=seen).status_code == 412
    assert client.patch(where, json={"role": "auditor"}).status_code == 428
    assert client.patch(where, json={"username": "x.y.z"}, headers={"If-Match": "*"}).status_code == 422


def test_who_is_deactivated_is_out_with_the_next_request(app: Flask, client: FlaskClient) -> None:
    account = enlist(client, "auditor")
    theirs = with_key(app, key_of(client, account_id=account["id"])["token"])
    where = f"{USERS}/{account['id']}"
    assert theirs.get(ME).status_code == 200

    gone = client.delete(where, headers={"If-Match": client.get(where).headers["ETag"]})

    assert (gone.status_code, gone.data) == (204, b"")
    assert theirs.get(ME).status_code == 401
    assert answer_json(client.get(where))["active"] is False


def test_a_reset_tells_new_secrets_and_lets_in_again(client: FlaskClient) -> None:
    account = enlist(client, "auditor")
    where = f"{USERS}/{account['id']}"
    client.delete(where, headers={"If-Match": "*"})

    answer = client.post(f"{where}/resets", json={})

    again = answer_json(answer)
    assert (answer.status_code, again["active"], again["id"]) == (201, True, account["id"])
    assert again["password"] != account["password"]
    assert again["totp_secret"] != account["totp_secret"]
    assert client.post(f"{USERS}/{NOBODY}/resets", json={}).status_code == 404


def test_a_reset_can_give_a_second_factor(client: FlaskClient) -> None:
    owner = make(client, "organisations")["id"]
    account = enlist(client, "caseworker", organisation_id=owner)

    given = client.post(f"{USERS}/{account['id']}/resets", json={"second_factor": True})

    assert account["totp_secret"] is None
    assert len(answer_json(given)["totp_secret"]) == 32


def test_the_last_administrator_stays_one(client: FlaskClient) -> None:
    myself = answer_json(client.get(ME))["account_id"]
    where, whatever = f"{USERS}/{myself}", {"If-Match": "*"}

    assert client.delete(where, headers=whatever).status_code == 409
    lesser = {"role": "caseworker", "organisation_id": make(client, "organisations")["id"]}
    assert client.patch(where, json=lesser, headers=whatever).status_code == 409

    enlist(client, "admin")
    assert client.delete(where, headers=whatever).status_code == 204
    assert client.get(USERS).status_code == 401


def test_sessions_are_listed_and_ended(client: FlaskClient) -> None:
    account = enlist(client, "auditor")
    where = f"{USERS}/{account['id']}/sessions"

    assert answer_json(client.get(where)) == {"items": [], "total": 0, "page": 1, "page_size": 1}
    assert client.delete(where).status_code == 204
    assert client.get(f"{USERS}/{NOBODY}/sessions").status_code == 404
    assert client.delete(f"{API}/sessions/{NOBODY}").status_code == 404


def test_a_key_is_told_once(client: FlaskClient) -> None:
    owner = make(client, "organisations")["id"]
    made = client.post(KEYS, json={"name": "case system", "organisation_id": owner, "scopes": ["match"]})
    told = answer_json(made)
    read = client.get(made.headers["Location"])

    assert (made.status_code, read.status_code) == (201, 200)
    assert answer_json(read) == {name: told[name] for name in told if name != "token"}
    assert told["token"].startswith(told["prefix"])
    for later in (read, client.get(KEYS), client.get(f"{API}/audit")):
        assert told["token"] not in later.text


def test_a_revoked_key_is_nobodys_on_the_next_request(app: Flask, client: FlaskClient) -> None:
    key = key_of(client, organisation_id=make(client, "organisations")["id"])
    theirs = with_key(app, key["token"])
    assert theirs.get(f"{API}/organisations").status_code == 200

    assert client.delete(f"{KEYS}/{key['id']}").status_code == 204

    refused = theirs.get(f"{API}/organisations")
    assert (refused.status_code, answer_json(refused)["type"]) == (401, "/problems/unauthenticated")
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer_json(client.get(f"{KEYS}/{key['id']}"))["revoked_at"] is not None
    assert client.delete(f"{KEYS}/{NOBODY}").status_code == 404


def test_a_key_is_rotated_with_an_overlap(app: Flask, client: FlaskClient, clock: Clock) -> None:
    old = key_of(client, organisation_id=make(client, "organisations")["id"], scopes=["registry.read"])

    rotated = client.post(f"{KEYS}/{old['id']}/rotations", json={"overlap_hours": 2})

    new = answer_json(rotated)
    assert (rotated.status_code, new["scopes"]) == (201, ["registry.read"])
    assert answer_json(client.get(f"{KEYS}/{old['id']}"))["rotated_to_id"] == new["id"]
    both = [with_key(app, one["token"]) for one in (old, new)]
    assert [one.get(ME).status_code for one in both] == [200, 200]
    clock.advance(hours=2)
    assert [one.get(ME).status_code for one in both] == [401, 200]
    assert client.post(f"{KEYS}/{old['id']}/rotations", json={}).status_code == 409
    assert client.post(f"{KEYS}/{new['id']}/rotations", json={"overlap_hours": 721}).status_code == 422


def test_a_key_ends_on_its_day(app: Flask, client: FlaskClient, clock: Clock) -> None:
    owner = make(client, "organisations")["id"]
    soon = (clock.now + timedelta(days=2)).isoformat()
    theirs = with_key(app, key_of(client, organisation_id=owner, expires_at=soon)["token"])
    assert theirs.get(ME).status_code == 200

    clock.advance(days=2)

    assert theirs.get(ME).status_code == 401
    late = (clock.now + timedelta(days=800)).isoformat()
    refused = client.post(KEYS, json={"name": "x", "organisation_id": owner, "expires_at": late})
    assert (refused.status_code, list(answer_json(refused)["errors"])) == (422, ["expires_at"])


def test_a_key_never_has_more_than_its_role(client: FlaskClient) -> None:
    owner = make(client, "organisations")["id"]
    beyond = client.post(KEYS, json={"name": "x", "organisation_id": owner, "scopes": ["audit.read"]})
    both = client.post(KEYS, json={"name": "x", "organisation_id": owner, "account_id": NOBODY})

    assert [one.status_code for one in (beyond, both)] == [422, 422]


def test_a_key_is_held_to_its_scopes(app: Flask, client: FlaskClient) -> None:
    owner = make(client, "organisations")["id"]
    theirs = with_key(app, key_of(client, organisation_id=owner, scopes=["match"])["token"])

    me = answer_json(theirs.get(ME))

    assert (me["role"], me["scopes"], me["may"]) == ("app", ["match"], ["match"])
    assert theirs.get(f"{API}/organisations").status_code == 403


def test_everybody_learns_who_they_are(app: Flask, client: FlaskClient) -> None:
    unit = make(client, "departments")
    account = enlist(client, "unit_manager", department_id=unit["id"])

    me = answer_json(with_key(app, key_of(client, account_id=account["id"])["token"]).get(ME))

    assert (me["role"], me["name"], me["account_id"]) == ("unit_manager", "unit_manager-1", account["id"])
    assert me["department"] == {"id": unit["id"], "name": unit["name"]}
    assert me["organisation"]["id"] == unit["organisation_id"]
    assert me["may"] == [action for action in ACTIONS if "unit_manager" in ACTIONS[action] and action in SCOPES]


def test_who_has_no_key_is_asked_for_one(stranger: FlaskClient) -> None:
    for path in (ME, USERS, KEYS, f"{API}/audit", f"{API}/concerns", f"{API}/disclosures"):
        assert stranger.get(path).status_code == 401, path


@pytest.mark.parametrize(
    "role", ["app", "caseworker", "partner_manager", "unit_manager", "coordinator", "disclosure", "auditor"]
)
def test_administrators_alone_keep_accounts_and_keys(holder: Holder, role: Any) -> None:
    theirs = holder(role)

    asked = [theirs.get(path) for path in (USERS, f"{USERS}/{NOBODY}", KEYS, f"{KEYS}/{NOBODY}")]
    tried = [theirs.post(path, json={}) for path in (USERS, f"{USERS}/{NOBODY}/resets", KEYS)]

    assert [one.status_code for one in (*asked, *tried)] == [403] * 7
    assert theirs.get(ME).status_code == 200


def test_secrets_are_not_logged(app: Flask, client: FlaskClient, capsys: pytest.CaptureFixture[str]) -> None:
    account = enlist(client, "admin")
    key = key_of(client, account_id=account["id"])
    with_key(app, key["token"]).get(ME)
    with_key(app, key["token"]).delete(f"{USERS}/{account['id']}", headers={"If-Match": '"none"'})

    logged = capsys.readouterr()

    assert '"route":"/api/v1/me"' in logged.err
    for secret in (account["password"], account["totp_secret"], key["token"]):
        assert secret not in logged.err + logged.out
