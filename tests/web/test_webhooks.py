"""Webhooks are kept by their holders alone, their secrets told once, and called is whom the settings name."""

from base64 import b64decode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, delete, func, select

from directory.models.access import Account
from directory.models.webhook import Webhook
from directory.services.webhooks import MOST
from tests.web.hooked import WEBHOOKS, Calls, Holder, calls, hook, mine, one, owner
from tests.web.people import KEYS, enlist, key_of, with_key
from tests.web.receivers import HOST, URL
from tests.web.records import API, answer_json, make
from web.settings import Settings

__all__ = ["calls", "mine", "owner"]

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WHATEVER = {"If-Match": "*"}


def test_a_secret_is_told_once_and_kept_sealed(
    engine: Engine, client: FlaskClient, mine: FlaskClient, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = mine.post(WEBHOOKS, json={"url": URL, "collections": ["organisations"]})
    told = answer_json(answer)
    read = mine.get(answer.headers["Location"])

    assert (answer.status_code, read.status_code) == (201, 200)
    assert answer.headers["ETag"] == read.headers["ETag"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert (told["secret"][:6], len(told["secret"]), told["state"]) == ("whsec_", 50, "active")
    assert answer_json(read) == {name: told[name] for name in told if name != "secret"}
    assert answer_json(mine.get(WEBHOOKS))["items"] == [answer_json(read)]
    with engine.connect() as connection:
        row = connection.execute(select(Webhook.__table__)).one()
    kept, secret = str(row), b64decode(told["secret"].removeprefix("whsec_"))
    assert (len(secret), secret in row.secret) == (32, False)
    audit, log = client.get(f"{API}/audit").text, "".join(capfd.readouterr())
    assert "webhook.created" in audit
    assert f"host:{HOST}" in audit
    assert "/hooks/directory" in kept
    for later in (audit, log, client.get(WEBHOOKS).text):
        assert "/hooks/directory" not in later
    for later in (audit, log, kept, mine.get(WEBHOOKS).text, client.get(WEBHOOKS).text):
        assert told["secret"] not in later
        assert told["secret"][6:30] not in later


def test_a_fresh_server_calls_nobody_and_says_which_setting_lets_it(calls: Calls, mine: FlaskClient) -> None:
    refused = mine.post(WEBHOOKS, json={"url": URL.replace(HOST, f"x.{HOST}")})
    calls.allow()
    on_a_fresh_one = mine.post(WEBHOOKS, json={"url": URL})

    assert [one.status_code for one in (refused, on_a_fresh_one)] == [422, 422]
    assert "WEBHOOK_HOSTS" in refused.text
    assert "WEBHOOK_HOSTS" in on_a_fresh_one.text
    assert Settings(database_url="", secret_key=b"").webhook_hosts == frozenset()


def test_there_are_few_of_one_holder(mine: FlaskClient) -> None:
    made = [hook(mine) for _ in range(MOST)]
    too_many = mine.post(WEBHOOKS, json={"url": URL})
    mine.delete(f"{WEBHOOKS}/{made[0]['id']}", headers=WHATEVER)

    assert (too_many.status_code, mine.post(WEBHOOKS, json={"url": URL}).status_code) == (409, 201)


def test_what_the_role_does_not_read_is_no_reason_to_call_it(mine: FlaskClient, holder: Holder) -> None:
    refused = mine.post(WEBHOOKS, json={"url": URL, "collections": ["persons", "organisations"]})

    assert (refused.status_code, list(answer_json(refused)["errors"])) == (422, ["collections"])
    assert "organisations" not in refused.text
    assert hook(holder("coordinator"), collections=["persons"])["collections"] == ["persons"]


def test_each_keeps_their_own_and_administrators_close_any(
    client: FlaskClient, mine: FlaskClient, holder: Holder
) -> None:
    made = hook(mine)
    where = f"{WEBHOOKS}/{made['id']}"
    for other in (holder("app", organisation_id=make(client, "organisations")["id"]), holder("coordinator")):
        asked = [
            other.get(where),
            other.patch(where, json={"paused": True}, headers=WHATEVER),
            other.post(f"{where}/rotations", json={}),
            other.post(f"{where}/trials"),
            other.delete(where, headers=WHATEVER),
        ]
        assert [one.status_code for one in asked] == [404] * 5
        assert answer_json(other.get(WEBHOOKS))["total"] == 0
    as_admin = [
        client.patch(where, json={"url": URL}, headers=WHATEVER),
        client.post(f"{where}/rotations", json={}),
        client.post(f"{where}/trials"),
    ]
    assert [one.status_code for one in as_admin] == [404] * 3
    seen = answer_json(client.get(WEBHOOKS))["items"]
    assert [(one["host"], "url" in one) for one in seen] == [(HOST, False)]

    assert client.delete(where, headers=WHATEVER).status_code == 204
    assert one(mine, made)["state"] == "closed"


def test_it_is_changed_by_the_version_seen(mine: FlaskClient) -> None:
    made = hook(mine)
    where, seen = f"{WEBHOOKS}/{made['id']}", {"If-Match": f'"{made["id"]}.1"'}

    changed = mine.patch(where, json={"paused": True, "collections": ["links"]}, headers=seen)
    assert changed.status_code == 422
    changed = mine.patch(where, json={"paused": True, "collections": ["posts"]}, headers=seen)
    again = [mine.patch(where, json={}, headers=one) for one in (seen, {})]
    closed = mine.delete(where, headers={"If-Match": changed.headers["ETag"]})

    read = answer_json(changed)
    assert (changed.status_code, read["state"], read["collections"]) == (200, "paused", ["posts"])
    assert [one.status_code for one in again] == [412, 428]
    assert (closed.status_code, closed.data) == (204, b"")
    assert answer_json(mine.get(WEBHOOKS))["total"] == 0
    assert answer_json(mine.get(f"{WEBHOOKS}?status=any"))["total"] == 1
    assert mine.post(f"{where}/rotations", json={}).status_code == 409


def test_a_key_that_takes_anothers_place_takes_its_webhooks(app: Flask, client: FlaskClient, calls: Calls) -> None:
    owner = make(client, "organisations")["id"]
    old = key_of(client, organisation_id=owner)
    made = hook(with_key(app, old["token"]))

    new = answer_json(client.post(f"{KEYS}/{old['id']}/rotations", json={}))

    both = [with_key(app, one["token"]) for one in (old, new)]
    assert [one(theirs, made)["key_id"] for theirs in both] == [new["id"]] * 2
    assert one(both[1], made)["state"] == "active"


def test_it_lasts_as_long_as_the_key_that_last_changed_it(app: Flask, client: FlaskClient, calls: Calls) -> None:
    account = enlist(client, "coordinator")["id"]
    old, new = (key_of(client, account_id=account) for _ in range(2))
    made = hook(with_key(app, old["token"]))
    changed = with_key(app, new["token"]).patch(f"{WEBHOOKS}/{made['id']}", json={}, headers=WHATEVER)
    states = []
    for key in (old, new):
        client.delete(f"{KEYS}/{key['id']}")
        states.append(one(client, made)["state"])

    assert (answer_json(changed)["key_id"], states) == (new["id"], ["active", "silent"])


def test_a_key_needs_to_read_to_be_told(app: Flask, client: FlaskClient, calls: Calls) -> None:
    blind = key_of(client, organisation_id=make(client, "organisations")["id"], scopes=["webhooks.manage"])

    assert with_key(app, blind["token"]).post(WEBHOOKS, json={"url": URL}).status_code == 403


def test_who_is_erased_takes_them_along(app: Flask, engine: Engine, client: FlaskClient, calls: Calls) -> None:
    account = enlist(client, "coordinator")["id"]
    hook(with_key(app, key_of(client, account_id=account)["token"]))
    with engine.connect().execution_options(registry_write=True) as connection, connection.begin():
        kept = [connection.scalar(select(func.count()).select_from(Webhook))]
        connection.execute(delete(Account).where(Account.id == account))
        kept.append(connection.scalar(select(func.count()).select_from(Webhook)))

    assert kept == [1, 0]
