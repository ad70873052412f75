"""Figures for reports: which tables, of which months, cut for whom."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.errors import Denied, Invalid
from directory.models.counting import MatchCount
from directory.models.service import Service
from directory.permissions import ACTIONS, LOCAL, Actor
from directory.services import records, statistics, suspensions
from directory.services.catalogue import COLLECTIONS
from directory.services.statistics import Period, Raw, Table
from directory.small_cells import LEAST
from tests.conftest import Clock
from tests.directory.conftest import Make
from tests.directory.people import wait

COORDINATOR = Actor("coordinator", "national")
LIMPOPO = Actor("coordinator", "of Limpopo", province="ZA-LP")
AUDITOR = Actor("auditor", "auditor")
YEAR = Period(date(2025, 11, 1), date(2026, 10, 31))


@pytest.fixture(autouse=True)
def november(clock: Clock) -> None:
    clock.now = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def counted(session: Session, month: str, **by_province: int) -> None:
    for province, count in by_province.items():
        code = province.replace("_", "-")
        session.add(MatchCount(month=month, need="counselling", province=code, count=count))
    session.flush()


def tables(session: Session, actor: Actor = COORDINATOR, period: Period = YEAR, **asked: Any) -> list[Table]:
    return list(statistics.statistics(session, actor, period, asked.get("province"), asked.get("more", ())).tables)


def named(found: list[Table], code: str, month: str | None = None) -> Table:
    return next(one for one in found if (one.code, one.month) == (code, month))


def figure(table: Table, row: str, column: str) -> int | None:
    """None also of a row that is left out because all in it is hidden."""
    return dict(table.rows).get(row, (None,) * len(table.columns))[table.columns.index(column)]


def test_months_that_are_over_and_whole_are_told(session: Session, clock: Clock) -> None:
    def told(first: date | None, last: date | None) -> tuple[str, ...]:
        return statistics.statistics(session, COORDINATOR, Period(first, last), None).months

    assert told(date(2026, 8, 1), date(2026, 10, 31)) == ("2026-08", "2026-09", "2026-10")
    assert told(date(2026, 8, 2), date(2026, 10, 30)) == ("2026-09",)
    assert told(date(2026, 10, 1), date(2027, 3, 31)) == ("2026-10",)
    assert told(date(2025, 12, 1), date(2026, 1, 31)) == ("2025-12", "2026-01")
    assert told(None, None)[0] == "2025-11"
    wait(session, clock, days=10, hours=9, minutes=59)
    assert told(None, None)[-1] == "2026-10"
    wait(session, clock, minutes=1)
    assert told(None, None)[-1] == "2026-11"


@pytest.mark.parametrize(
    ("period", "field"),
    [
        (Period(date(2026, 2, 1), date(2026, 1, 1)), "from"),
        (Period(date(2020, 1, 1), date(2026, 1, 1)), "to"),
    ],
)
def test_periods_have_an_order_and_an_end(session: Session, period: Period, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        tables(session, period=period)
    assert list(refused.value.errors) == [field]


def test_small_figures_are_hidden_and_others_with_them(session: Session) -> None:
    counted(session, "2026-10", ZA_LP=4, ZA_GP=30, ZA_EC=6)

    found = named(tables(session), "needs_asked_for", "2026-10")

    assert figure(found, "counselling", "ZA-LP") is None
    assert all(value is None or value >= LEAST for _, row in found.rows for value in row)
    assert found.hidden > 0


def test_a_month_reads_the_same_whatever_is_asked_for(session: Session) -> None:
    counted(session, "2026-09", ZA_LP=12, ZA_GP=3)
    counted(session, "2026-10", ZA_LP=40, ZA_GP=41, ZA_WC=9)

    whole = tables(session)
    short = tables(session, period=Period(date(2026, 10, 1), date(2026, 10, 31)))
    cut = tables(session, province="ZA-LP")

    october = named(whole, "needs_asked_for", "2026-10")
    assert october == named(short, "needs_asked_for", "2026-10")
    assert figure(october, "counselling", "ZA-LP") == 40
    for month in ("2026-09", "2026-10"):
        all_, one = (named(found, "needs_asked_for", month) for found in (whole, cut))
        assert one.columns == ("ZA-LP",)
        assert figure(one, "counselling", "ZA-LP") == figure(all_, "counselling", "ZA-LP")
        assert figure(one, "total", "ZA-LP") == figure(all_, "total", "ZA-LP")


def test_who_may(session: Session) -> None:
    assert ACTIONS["statistics.read"] == {"coordinator", "auditor", "admin"}
    for role in ("partner_manager", "caseworker", "app", "anonymous"):
        with pytest.raises(Denied):
            tables(session, Actor(role, "x"))
    assert tables(session, AUDITOR)


def test_a_coordinator_of_a_province_reads_its_own(session: Session) -> None:
    assert {table.columns for table in tables(session, LIMPOPO)} == {("ZA-LP",)}
    assert tables(session, LIMPOPO, province="ZA-LP") == tables(session, LIMPOPO)
    with pytest.raises(Denied):
        tables(session, LIMPOPO, province="ZA-GP")


def test_what_is_brought_from_elsewhere_is_hidden_alike(session: Session) -> None:
    raw = Raw(
        "links", "Links.", ("dead", "backed"), statistics.provinces(), {("dead", "ZA-LP"): 3, ("backed", "ZA-LP"): 50}
    )
    found = named(tables(session, more=[raw]), "links")
    assert figure(found, "dead", "ZA-LP") is None
    assert figure(found, "backed", "ZA-LP") in (None, 50)


def test_organisations_by_type_and_province(session: Session, make: Make) -> None:
    for number in range(6):
        make("organisations", name=f"Advice {number}", org_type="ngo", province="ZA-LP")
    closed = make("organisations", name="Closed", org_type="ngo", province="ZA-LP")
    records.close(session, Actor("admin", "a"), COLLECTIONS["organisations"], closed.id, closed.version)

    raw = next(one for one in statistics._registry(session) if one.code == "organisations_by_type")
    assert raw.figures == {("ngo", "ZA-LP"): 6}


def test_a_confidential_organisation_gives_no_province(session: Session, haven: Any) -> None:
    found = list(statistics._registry(session))
    by_code = {raw.code: raw for raw in found}

    assert by_code["organisations_by_type"].figures == {("shelter", "not_said"): 1}
    assert set(by_code["verification_of_services"].figures) == {("stale", "not_said")}


def test_room_is_told_as_it_is_published(session: Session, haven: Any, make: Make) -> None:
    site = make("sites", organisation_id=make("organisations", name="Open").id, confidential=False, location=OPEN)
    service = make("services", organisation_id=site.organisation_id, name="Beds", codes=["shelter_emergency"])
    make("service_sites", service_id=service.id, site_id=site.id, capacity={"unit": "bed", "total": 9, "available": 9})

    bands = next(raw for raw in statistics._registry(session) if raw.code == "capacity_bands")

    assert bands.figures == {("not_said", "ZA-LP"): 1, ("3+", "ZA-LP"): 1}


@pytest.mark.parametrize("suspended", ["organisations", "departments"])
def test_nothing_of_whom_is_suspended_is_counted(session: Session, make: Make, suspended: str) -> None:
    owner = make("organisations", name="Open", org_type="ngo", province="ZA-LP")
    unit = make("departments", organisation_id=owner.id, name="Beds")
    given = {"organisation_id": None, "department_id": unit.id}
    service = make("services", name="Beds", codes=["shelter_emergency"], **given)
    site = make("sites", organisation_id=owner.id, confidential=False, location=OPEN)
    make("service_sites", service_id=service.id, site_id=site.id, capacity={"unit": "bed", "total": 9, "available": 9})
    counted = {raw.code: raw.figures for raw in statistics._registry(session)}
    assert all(counted.values())

    record = owner if suspended == "organisations" else unit
    suspensions.suspend(session, COORDINATOR, suspended, record.id, {"code": "safeguarding"})
    left = {raw.code for raw in statistics._registry(session) if raw.figures}
    assert left == (set() if suspended == "organisations" else {"organisations_by_type"})


def test_room_at_a_closed_service_is_not_counted(session: Session, haven: Any) -> None:
    service = session.scalars(select(Service)).one()
    records.close(session, LOCAL, COLLECTIONS["services"], service.id, service.version)

    assert [raw.figures for raw in statistics._registry(session) if raw.code == "capacity_bands"] == [{}]


OPEN = {"address": "1 Acacia Street", "lat": -23.9, "lon": 29.45}


def test_verifications_are_counted_by_month(session: Session, make: Make) -> None:
    organisation = make("organisations", name="Advice")
    for _ in range(7):
        body = {"method": "phone", "outcome": "confirmed"}
        records.verify(session, Actor("admin", "a"), COLLECTIONS["organisations"], organisation.id, body)

    found = statistics.statistics(session, COORDINATOR, Period(date(2026, 11, 1), date(2026, 11, 30)), None)
    assert found.months == ()
    raw = list(statistics._of_month(session, "2026-11"))[1]
    assert raw.figures == {("organisations", "confirmed"): 7}
