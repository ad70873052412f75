"""Figures over HTTP: JSON and CSV, who may, and a match that is counted without leaving anything of itself."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from directory.models.counting import MatchCount
from directory.services.counts import BATCH
from tests.conftest import Clock
from tests.web.records import API, answer_json, make
from web.transaction import Registry

Holder = Callable[..., FlaskClient]
STATISTICS = f"{API}/statistics"
MATCHES = f"{API}/matches"


@pytest.fixture
def counted(engine: Engine, clock: Clock) -> None:
    """A month with two needs asked for often."""
    clock.now = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    with Session(engine.execution_options(registry_write=True)) as session:
        for need, province, count in (
            ("transport", "ZA-LP", 31),
            ("transport", "ZA-GP", 12),
            ("maternity", "ZA-LP", 3),
        ):
            session.add(MatchCount(month="2026-10", need=need, province=province, count=count))
        session.commit()


def test_json_and_csv_say_the_same(client: FlaskClient, counted: None) -> None:
    asked = {"from": "2026-10-01", "to": "2026-10-31"}
    told = answer_json(client.get(STATISTICS, query_string=asked))
    written = client.get(STATISTICS, query_string=asked, headers={"Accept": "text/csv"})

    assert written.content_type == "text/csv; charset=utf-8"
    assert "Accept" in written.headers["Vary"]
    assert written.text == client.get(STATISTICS, query_string=asked | {"format": "csv"}).text
    flat = [
        [
            table["table"],
            table["month"] or "",
            row["row"],
            column,
            "" if figure is None else str(figure),
            str(figure is None),
        ]
        for table in told["tables"]
        for row in table["rows"]
        for column, figure in zip(table["columns"], row["figures"], strict=True)
    ]
    assert list(csv.reader(StringIO(written.text))) == [
        ["table", "month", "row", "column", "figure", "hidden"],
        *flat,
    ]
    assert ["needs_asked_for", "2026-10", "transport", "ZA-LP", "31", "False"] in flat
    assert told["months"] == ["2026-10"]
    assert all(table["definition"] for table in told["tables"])


def test_nothing_small_is_in_any_answer(client: FlaskClient, counted: None) -> None:
    make(client, "organisations")
    for query in ({}, {"province": "ZA-LP"}, {"from": "2026-10-01"}):
        told = answer_json(client.get(STATISTICS, query_string=query))
        figures = [figure for table in told["tables"] for row in table["rows"] for figure in row["figures"]]
        assert [figure for figure in figures if figure is not None and figure < told["least"]] == []
        assert None not in [row["row"] for table in told["tables"] for row in table["rows"]]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "2026-02-01", "to": "2026-01-01"}, "from"),
        ({"from": "2026-13-01"}, "from"),
        ({"province": "ZA-XX"}, "province"),
        ({"format": "xlsx"}, "format"),
        ({"organisation": "x"}, "organisation"),
    ],
)
def test_what_cannot_be_asked(client: FlaskClient, query: dict[str, str], field: str) -> None:
    answer = client.get(STATISTICS, query_string=query)
    assert answer.status_code == 422
    assert list(answer_json(answer)["errors"]) == [field]


def test_a_coordinator_of_a_province_reads_its_own(holder: Holder, counted: None) -> None:
    limpopo = holder("coordinator", province="ZA-LP")
    told = answer_json(limpopo.get(STATISTICS))
    assert told["province"] == "ZA-LP"
    assert {column for table in told["tables"] for column in table["columns"]} == {"ZA-LP"}
    assert limpopo.get(STATISTICS, query_string={"province": "ZA-GP"}).status_code == 403


def kept(engine: Engine) -> dict[tuple[str, str, str], int]:
    with Session(engine) as session:
        return {(row.month, row.need, row.province): row.count for row in session.scalars(select(MatchCount))}


def test_matches_are_counted_a_batch_at_a_time(client: FlaskClient, engine: Engine, clock: Clock) -> None:
    clock.now = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    body = {"near": {"place": "Polokwane"}, "needs": ["counselling", "transport"]}
    for _ in range(BATCH - 1):
        assert client.post(MATCHES, json=body).status_code == 200
    assert kept(engine) == {}
    client.post(MATCHES, json=body | {"needs": ["transport"]})
    assert kept(engine) == {("2026-11", "counselling", "ZA-LP"): BATCH - 1, ("2026-11", "transport", "ZA-LP"): BATCH}


def test_what_is_refused_is_not_counted(client: FlaskClient, app: Flask) -> None:
    assert client.post(MATCHES, json={"near": {"place": "Nowhere"}, "needs": ["counselling"]}).status_code == 422
    registry: Registry = app.extensions["registry"]
    assert registry.tally.take() == {}


def test_a_worker_that_ends_writes_what_it_counted(client: FlaskClient, app: Flask, engine: Engine) -> None:
    client.post(MATCHES, json={"near": {"point": {"lat": -17.9, "lon": 31.0}}, "needs": ["counselling"]})
    registry: Registry = app.extensions["registry"]
    registry.keep_counts()
    registry.keep_counts()
    assert [(need, province, count) for (_, need, province), count in kept(engine).items()] == [
        ("counselling", "outside", 1)
    ]


def test_what_the_network_hangs_on_is_counted_too(client: FlaskClient, counted: None) -> None:
    told = {one["table"]: one for one in answer_json(client.get(STATISTICS))["tables"] if one["month"] is None}
    gaps = next(row["figures"] for row in told["required_functions"]["rows"] if row["row"] == "gap")
    assert gaps[told["required_functions"]["columns"].index("ZA-LP")] == 19
    assert set(told) == {
        "organisations_by_type",
        "verification_of_services",
        "capacity_bands",
        "required_functions",
        "links_by_grade",
    }
