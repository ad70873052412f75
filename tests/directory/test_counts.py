"""What is kept of matches: counts by month, need and province, a batch at a time, and never after publication."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models.counting import MatchCount
from directory.services import counts
from directory.services.counts import AT_LATEST, BATCH, SETTLED, Tally

NOON = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
LAST_MINUTE = datetime(2026, 11, 30, 21, 59, tzinfo=UTC)
"""23:59 in Johannesburg."""


def kept(session: Session) -> dict[tuple[str, str, str], int]:
    return {(row.month, row.need, row.province): row.count for row in session.scalars(select(MatchCount))}


def test_nothing_is_due_before_a_batch_is_full() -> None:
    tally = Tally()
    due = [tally.add(["counselling"], "ZA-LP", NOON) for _ in range(BATCH)]

    assert due == [False] * (BATCH - 1) + [True]
    assert tally.take() == {("2026-11", "counselling", "ZA-LP"): BATCH}
    assert tally.take() == {}
    assert not tally.add(["counselling"], "ZA-LP", NOON)


def test_a_small_batch_is_due_when_it_is_old() -> None:
    tally = Tally()
    assert not tally.add(["counselling"], None, NOON)
    assert not tally.add(["counselling"], None, NOON + AT_LATEST - timedelta(seconds=1))
    assert tally.add(["transport", "transport"], None, NOON + AT_LATEST)
    assert tally.take() == {("2026-11", "counselling", "outside"): 2, ("2026-11", "transport", "outside"): 1}


def test_batches_add_up(session: Session) -> None:
    one = {("2026-11", "counselling", "ZA-LP"): 3, ("2026-11", "transport", "ZA-LP"): 1}
    counts.keep(session, one, NOON)
    counts.keep(session, {("2026-11", "counselling", "ZA-LP"): 4}, NOON)

    assert kept(session) == {("2026-11", "counselling", "ZA-LP"): 7, ("2026-11", "transport", "ZA-LP"): 1}
    assert counts.of_month(session, "2026-11") == {("counselling", "ZA-LP"): 7, ("transport", "ZA-LP"): 1}
    assert counts.of_month(session, "2026-10") == {}


def test_months_are_those_of_johannesburg(session: Session) -> None:
    tally = Tally()
    tally.add(["counselling"], "ZA-LP", LAST_MINUTE)
    tally.add(["counselling"], "ZA-LP", LAST_MINUTE + timedelta(minutes=1))

    counts.keep(session, tally.take(), LAST_MINUTE + timedelta(minutes=2))

    assert kept(session) == {("2026-11", "counselling", "ZA-LP"): 1, ("2026-12", "counselling", "ZA-LP"): 1}


@pytest.mark.parametrize(
    ("late", "written"), [(timedelta(), True), (SETTLED, True), (SETTLED + timedelta(minutes=1), False)]
)
def test_a_month_that_is_published_takes_no_more(session: Session, late: timedelta, written: bool) -> None:
    counts.keep(session, {("2026-11", "counselling", "ZA-LP"): 5}, LAST_MINUTE + late)

    assert bool(kept(session)) == written
    assert counts.is_open("2026-11", LAST_MINUTE + late) == written


def test_what_is_old_is_written_before_its_month_is_published() -> None:
    assert AT_LATEST < SETTLED


def test_no_count_is_lost_among_threads() -> None:
    tally = Tally()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: tally.add(["counselling"], "ZA-LP", NOON), range(800)))
    assert sum(tally.take().values()) == 800


def test_no_column_could_hold_more() -> None:
    """Neither a moment nor whoever asked: month, need, province, and a number."""
    assert {column.name for column in MatchCount.__table__.columns} == {"month", "need", "province", "count"}
