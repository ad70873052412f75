"""Nobody takes more than a share: people named by matches a day."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from directory.permissions import Actor
from directory.services import quotas
from tests.conftest import Clock
from tests.factories import POLOKWANE
from tests.web.records import API, answer_json, make

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
    assert leases == [quotas.KINDS["contacts"].block]


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
