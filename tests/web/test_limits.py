"""Nobody takes more than a share: people named by matches a day, requests a minute; and none shuts others out."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from directory.permissions import Actor
from directory.services import quotas
from tests.conftest import Clock
from tests.factories import POLOKWANE
from tests.web.records import API, answer_json, make
from web import rates
from web.rates import COSTS, Rates, Window
from web.settings import from_environment

ASKED = {"near": {"place": "Polokwane"}, "needs": ["counselling"]}
OFFICE, OWN = "+27152951001", "+27821234567"
Holder = Callable[..., FlaskClient]


@pytest.fixture
def partner(client: FlaskClient) -> str:
    """A place with an office line and a person with a number of her own."""
    partner = make(client, "organisations", name="Aloe", org_type="ngo")
    site = make(client, "sites", organisation_id=partner["id"], confidential=False, location=POLOKWANE)
    service = make(client, "services", organisation_id=partner["id"], name="Talk", codes=["counselling"])
    offered = make(client, "service_sites", service_id=service["id"], site_id=site["id"])
    person = make(client, "persons", full_name="Nomsa Dube")
    post = make(client, "posts", organisation_id=partner["id"], title="Intake", contact_role="intake_officer")
    make(client, "focal_points", person_id=person["id"], post_id=post["id"])
    for owner, kind, value in (("post", "duty_line", OFFICE), ("person", "person_phone", OWN)):
        owned = {"type": owner, "id": (post if owner == "post" else person)["id"]}
        make(client, "channels", owner=owned, channel_kind=kind, value=value, visibility="network")
    return str(offered["id"])


@pytest.fixture
def worker(client: FlaskClient, holder: Holder) -> FlaskClient:
    """A caseworker of an organisation that may be told of three people a day."""
    own = make(client, "organisations", name="Bulbul", org_type="ngo")["id"]
    set_to = client.put(f"{API}/organisations/{own}/quotas/contacts", json={"daily": 3})
    assert set_to.status_code == 200, set_to.json
    return holder("caseworker", organisation_id=own)


def lines(client: FlaskClient) -> tuple[bool, set[str]]:
    """Whether a match is limited, and the numbers that it tells."""
    found = answer_json(client.post(f"{API}/matches", json=ASKED))["by_need"][0]
    contacts = [one["contacts"] for one in (*found["suitable"], *found["confirm_by_phone"])]
    assert contacts
    return any(one["limited"] for one in contacts), {call["value"] for one in contacts for call in one["call"]}


@pytest.mark.usefixtures("partner")
def test_a_spent_allowance_leaves_office_lines_and_an_alert(worker: FlaskClient, client: FlaskClient) -> None:
    assert [lines(worker) for _ in range(3)] == [(False, {OFFICE, OWN})] * 3
    assert answer_json(client.get(f"{API}/alerts"))["total"] == 1
    assert [lines(worker) for _ in range(2)] == [(True, {OFFICE})] * 2
    assert lines(client) == (False, {OFFICE, OWN})


@pytest.mark.usefixtures("partner")
def test_it_is_the_organisations_and_not_the_others(worker: FlaskClient, holder: Holder) -> None:
    for _ in range(4):
        lines(worker)
    other = holder("caseworker")
    assert lines(other) == (False, {OFFICE, OWN})


@pytest.mark.usefixtures("partner")
def test_a_worker_leases_blocks_and_not_matches(holder: Holder, monkeypatch: pytest.MonkeyPatch) -> None:
    leases, lease = list[int](), quotas.lease

    def noted(session: Session, actor: Actor, kind: str, wanted: int) -> int:
        leases.append(wanted)
        return lease(session, actor, kind, wanted)

    monkeypatch.setattr(quotas, "lease", noted)
    someone = holder("coordinator")
    assert not any(lines(someone)[0] for _ in range(20))
    assert leases == [quotas.KINDS["contacts"].alone // quotas.BLOCKS_A_DAY]


@pytest.mark.usefixtures("partner")
def test_who_is_over_does_not_write_with_each_match(
    worker: FlaskClient, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        lines(worker)
    monkeypatch.setattr(quotas, "lease", lambda *_: pytest.fail("it leased again"))
    assert lines(worker)[0]
    clock.advance(seconds=61)
    with pytest.raises(pytest.fail.Exception, match="leased again"):
        lines(worker)


@pytest.mark.usefixtures("partner")
def test_the_next_day_begins_anew(worker: FlaskClient, clock: Clock) -> None:
    assert [lines(worker)[0] for _ in range(4)] == [False, False, False, True]
    clock.advance(days=1)
    assert not lines(worker)[0]


WRONG = {"Authorization": "Bearer pd_not-a-key"}
NOON = datetime(2026, 3, 11, 10, 0, 20, tzinfo=UTC)


@pytest.fixture
def limited(app: Flask, clock: Clock) -> Iterator[Flask]:
    """The application with a share of five requests a minute for each key, and three for each address."""
    usual, clock.now = app.extensions["rates"], NOON
    app.extensions["rates"] = Rates(keys=Window(5), addresses=Window(3), proxies=1)
    yield app
    app.extensions["rates"] = usual


def statuses(client: FlaskClient, times: int, path: str = f"{API}/me", **more: Any) -> list[int]:
    """The statuses of the same request made again and again."""
    return [client.get(path, **more).status_code for _ in range(times)]


def test_a_key_that_asks_too_often_is_told_when_to_come_back(limited: Flask, holder: Holder, clock: Clock) -> None:
    eager = holder("caseworker")
    assert statuses(eager, 6) == [200] * 5 + [429]
    refused = eager.get(f"{API}/me")
    assert (refused.headers["Retry-After"], answer_json(refused)["type"]) == ("40", "/problems/too-many-requests")
    clock.advance(seconds=40)
    assert statuses(eager, 1) == [200]


@pytest.mark.usefixtures("limited")
def test_what_it_may_not_do_counts_too(holder: Holder) -> None:
    assert statuses(holder("caseworker"), 6, f"{API}/alerts") == [403] * 5 + [429]


def test_a_key_shuts_out_no_other(limited: Flask, holder: Holder) -> None:
    eager, other = holder("caseworker"), holder("caseworker")
    statuses(eager, 6)
    assert statuses(other, 1) == [200]
    assert statuses(limited.test_client(), 1, f"{API}/vocabulary") == [200]


def test_strangers_are_counted_by_address_and_shut_out_no_key_behind_it(limited: Flask, holder: Holder) -> None:
    stranger, here = limited.test_client(), {"X-Forwarded-For": "192.0.2.1"}
    assert statuses(stranger, 4, f"{API}/vocabulary", headers=here) == [200, 200, 200, 429]
    assert statuses(stranger, 1, headers=here | WRONG) == [429]
    assert statuses(stranger, 1, "/docs", headers=here) == [429]
    assert statuses(stranger, 1, "/healthz", headers=here) == [200]
    assert statuses(stranger, 1, f"{API}/vocabulary", headers={"X-Forwarded-For": "192.0.2.2"}) == [200]
    assert statuses(holder("caseworker"), 5, headers=here) == [200] * 5


def test_keys_cannot_be_tried_without_end(limited: Flask) -> None:
    here = {"X-Forwarded-For": "192.0.2.1"}
    assert statuses(limited.test_client(), 4, headers=here | WRONG) == [401, 401, 401, 429]


@pytest.mark.parametrize(
    ("forwarded", "named"),
    [
        ("203.0.113.9, 192.0.2.1", "192.0.2.1"),
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("somebody", "127.0.0.1"),
        ("", "127.0.0.1"),
    ],
)
def test_an_address_is_what_the_proxy_says_and_nobody_before_it(app: Flask, forwarded: str, named: str) -> None:
    with app.test_request_context(headers={"X-Forwarded-For": forwarded}, environ_base={"REMOTE_ADDR": "127.0.0.1"}):
        assert rates.client_network(1) == named


def test_without_a_proxy_to_name_them_addresses_are_not_counted(limited: Flask) -> None:
    limited.extensions["rates"] = Rates(keys=Window(5), addresses=Window(3), proxies=0)
    assert statuses(limited.test_client(), 9, f"{API}/vocabulary") == [200] * 9


def test_what_costs_more_takes_more(limited: Flask, holder: Holder) -> None:
    assert set(COSTS) <= {one.id for one in limited.extensions["operations"].values()}
    assert Window(5).take("a", 3, NOON) == 0
    client = holder("caseworker")
    assert [client.post(f"{API}/matches", json=ASKED).status_code for _ in range(2)] == [200, 429]


def test_workers_share_what_one_may_ask(app: Flask) -> None:
    made = Flask("other")
    rates.init_app(made, replace(app.config["SETTINGS"], workers=4, rate_per_key=10, rate_per_address=0))
    assert (made.extensions["rates"].keys.limit, made.extensions["rates"].addresses.limit) == (3, 0)
    assert all(made.extensions["rates"].addresses.take("a", 1, NOON) == 0 for _ in range(100))


def test_who_asks_one_thing_after_the_other_is_never_asked_to_wait(tmp_path: Path) -> None:
    """Over one connection, of one of two workers: a match takes it two thousandths of a second at least."""
    usual = from_environment({"INSTANCE": str(tmp_path)})
    made = Flask("other")
    rates.init_app(made, replace(usual, workers=2))
    keys = made.extensions["rates"].keys
    assert all(keys.take("a", COSTS["match"], NOON) == 0 for _ in range(60 * 500))


@pytest.mark.parametrize("path", ["", "me", "organisations", "hotlines", "vocabulary", "nothing-there"])
def test_the_api_sets_no_cookie_and_reads_none(client: FlaskClient, stranger: FlaskClient, path: str) -> None:
    for asker in (client, stranger):
        asked = asker.get(f"{API}/{path}", headers={"Cookie": "session=abc; __Host-session=abc"})
        assert asked.headers.getlist("Set-Cookie") == []
    assert stranger.get(f"{API}/me", headers={"Cookie": "__Host-session=abc"}).status_code == 401


def test_every_answer_has_its_guards(client: FlaskClient) -> None:
    for path in (f"{API}/me", "/docs", "/nothing-there"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert (headers["X-Content-Type-Options"], headers["X-Frame-Options"]) == ("nosniff", "DENY")
        assert headers["Cross-Origin-Resource-Policy"] == headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "Access-Control-Allow-Origin" not in headers
