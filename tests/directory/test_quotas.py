"""Daily allowances: leased in blocks, never exceeded by all workers together, and an alert when one is spent."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from directory.errors import Denied, Invalid, NotFound
from directory.models.oversight import Alert, Quota
from directory.permissions import LOCAL, Actor
from directory.services import quotas
from directory.services.quotas import KINDS, Purse
from tests.conftest import Clock
from tests.directory.people import enlist, wait, working
from tests.factories import Factory

HOLDER = "33333333-3333-4333-8333-333333333333"
WORKER = Actor("caseworker", "w", organisation_id=HOLDER)
COORDINATOR = Actor("coordinator", "c")
DAILY, BLOCK = KINDS["contacts"].daily, KINDS["contacts"].block


def alerts(session: Session) -> list[tuple[str, str]]:
    return [(row.holder_id, row.kind) for row in session.scalars(select(Alert))]


def test_leases_end_with_the_days_allowance(session: Session) -> None:
    assert quotas.lease(session, WORKER, "contacts", DAILY // 8) == DAILY // 8
    assert alerts(session) == []
    assert quotas.lease(session, WORKER, "contacts", DAILY - DAILY // 8 - 10) == DAILY - DAILY // 8 - 10
    assert quotas.lease(session, WORKER, "contacts", BLOCK) == 10
    assert quotas.lease(session, WORKER, "contacts", BLOCK) == 0
    assert alerts(session) == [(HOLDER, "contacts")]


def test_who_is_told_of_more_people_than_is_usual_is_looked_at_before_anything_ends(session: Session) -> None:
    assert quotas.lease(session, WORKER, "contacts", DAILY // 8 + 1) == DAILY // 8 + 1
    assert alerts(session) == [(HOLDER, "contacts")]
    assert quotas.lease(session, WORKER, "contacts", BLOCK) == BLOCK


def test_a_day_begins_at_midnight_in_johannesburg(session: Session, clock: Clock) -> None:
    clock.now = datetime(2026, 11, 21, 21, 59, tzinfo=UTC)
    assert quotas.lease(session, WORKER, "disclosures", 100) == KINDS["disclosures"].daily
    wait(session, clock, seconds=59)
    assert quotas.lease(session, WORKER, "disclosures", 1) == 0
    wait(session, clock, seconds=1)
    assert quotas.lease(session, WORKER, "disclosures", 1) == 1


def test_a_hard_allowance_says_when_it_begins_anew(session: Session, clock: Clock) -> None:
    clock.now = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    for _ in range(KINDS["disclosures"].daily):
        quotas.spend_one(session, WORKER, "disclosures")
    with pytest.raises(quotas.Exhausted) as raised:
        quotas.spend_one(session, WORKER, "disclosures")
    assert raised.value.until == datetime(2026, 11, 21, 22, 0, tzinfo=UTC)
    assert raised.value.kind == "disclosures"


def test_organisations_have_allowances_of_their_own(session: Session) -> None:
    other = Actor("caseworker", "o", organisation_id="44444444-4444-4444-8444-444444444444")
    quotas.lease(session, WORKER, "contacts", DAILY)
    assert quotas.lease(session, other, "contacts", 1) == 1
    assert quotas.holder(Actor("admin", "a", account_id=HOLDER, key_id=None)) == HOLDER
    assert quotas.lease(session, LOCAL, "contacts", DAILY * 2) == DAILY * 2


def test_an_organisation_may_be_given_another(session: Session, factory: Factory) -> None:
    organisation = factory("organisations")
    worker = Actor("caseworker", "w", organisation_id=organisation.id)
    quotas.set_limit(session, LOCAL, organisation.id, "contacts", 5)
    assert quotas.lease(session, worker, "contacts", 10) == 5
    quotas.set_limit(session, LOCAL, organisation.id, "contacts", 3)
    assert quotas.lease(session, worker, "contacts", 10) == 0
    quotas.set_limit(session, LOCAL, organisation.id, "contacts", None)
    assert quotas.lease(session, worker, "contacts", 10) == 10
    for kind, daily in (("matches", 1), ("contacts", -1), ("contacts", 10_000_000)):
        with pytest.raises(Invalid):
            quotas.set_limit(session, LOCAL, organisation.id, kind, daily)
    with pytest.raises(Denied):
        quotas.set_limit(session, COORDINATOR, organisation.id, "contacts", 1)
    with pytest.raises(NotFound):
        quotas.set_limit(session, LOCAL, HOLDER, "contacts", 1)


def test_many_workers_lease_no_more_than_there_is(engine: Engine, clock: Clock) -> None:
    def work(_: int) -> int:
        with working(engine, clock) as session:
            return quotas.lease(session, WORKER, "contacts", BLOCK)

    with ThreadPoolExecutor(8) as pool:
        granted = sum(pool.map(work, range(DAILY // BLOCK + 10)))
    assert granted == DAILY
    with working(engine, clock, write=False) as session:
        assert session.scalars(select(Quota.leased)).all() == [DAILY]
        assert alerts(session) == [(HOLDER, "contacts")]


class Bank:
    """What a purse leases from: counts its leases."""

    def __init__(self, there: int) -> None:
        self.there, self.asked = there, list[int]()

    def __call__(self, wanted: int) -> int:
        self.asked.append(wanted)
        granted = min(wanted, self.there)
        self.there -= granted
        return granted


def test_a_purse_leases_a_block_at_a_time(clock: Clock) -> None:
    purse, bank = Purse(), Bank(DAILY)
    assert all(purse.spend(WORKER, "contacts", 7, clock(), bank) for _ in range(BLOCK // 7))
    assert bank.asked == [BLOCK]
    assert purse.spend(WORKER, "contacts", BLOCK * 2, clock(), bank)
    assert len(bank.asked) == 2


def test_hundreds_of_the_longest_answers_are_whole(session: Session, clock: Clock) -> None:
    """Else the same question would be answered otherwise in the middle of a day's work."""
    purse, longest = Purse(), 200

    def more(wanted: int) -> int:
        return quotas.lease_block(session, WORKER, "contacts", wanted)

    assert all(purse.spend(WORKER, "contacts", longest, clock(), more) for _ in range(200))


def test_a_purse_spends_all_or_nothing(clock: Clock) -> None:
    purse, bank = Purse(), Bank(BLOCK)
    assert not purse.spend(WORKER, "contacts", BLOCK + 1, clock(), bank)
    assert purse.spend(WORKER, "contacts", BLOCK, clock(), bank)
    assert not purse.spend(WORKER, "contacts", 1, clock(), bank)
    assert purse.spend(LOCAL, "contacts", DAILY * 2, clock(), bank)


def test_a_purse_is_empty_on_the_next_day(clock: Clock) -> None:
    purse, bank = Purse(), Bank(BLOCK)
    assert purse.spend(WORKER, "contacts", 1, clock(), bank)
    assert not purse.spend(WORKER, "contacts", 1, clock() + timedelta(days=1), bank)


def test_threads_spend_no_more_than_was_leased(clock: Clock) -> None:
    purse, bank = Purse(), Bank(BLOCK)
    with ThreadPoolExecutor(8) as pool:
        spent = list(pool.map(lambda _: purse.spend(WORKER, "contacts", 1, clock(), bank), range(BLOCK * 3)))
    assert spent.count(True) <= BLOCK
    assert spent.count(True) + sum(purse._left.values()) == BLOCK


def test_coordinators_read_alerts(session: Session) -> None:
    quotas.alert(session, WORKER, "disclosures")
    quotas.alert(session, WORKER, "disclosures")
    rows, total = quotas.alerts(session, COORDINATOR)
    assert ([(row.holder_id, row.kind) for row in rows], total) == ([(HOLDER, "disclosures")], 1)
    with pytest.raises(Denied):
        quotas.alerts(session, WORKER)


def test_a_provincial_coordinator_reads_those_of_the_province(session: Session, factory: Factory) -> None:
    here, there = (factory("organisations", province=province).id for province in ("ZA-LP", "ZA-WC"))
    for holder in (here, there):
        quotas.alert(session, Actor("caseworker", "w", organisation_id=holder), "contacts")
    officer = enlist(session, "disclosure", province="ZA-LP").account
    quotas.alert(session, Actor("disclosure", "d", account_id=officer.id), "disclosures")
    rows, total = quotas.alerts(session, replace(COORDINATOR, province="ZA-LP"))

    assert ({row.holder_id for row in rows}, total) == ({here, officer.id}, 2)
    assert quotas.alerts(session, COORDINATOR)[1] == 3
