"""The second migration, on a registry that has been in use: nothing is lost, and what it promises is there."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import JSON, Engine, MetaData, Table, insert, select
from sqlalchemy.types import Boolean, DateTime, Float, Integer, Text, Uuid

from directory import migrate
from directory.permissions import LOCAL, Actor
from directory.services import audit, auditing
from tests.conftest import Clock
from tests.directory.people import working

BEFORE = "0001"
ID = "55555555-5555-4555-8555-555555555555"
VALUES: tuple[tuple[type[Any], Any], ...] = (
    (Boolean, False),
    (Integer, 1),
    (Float, 1.5),
    (DateTime, datetime(2026, 1, 2, tzinfo=UTC)),
    (JSON, ["x"]),
    (Text, "x"),
)

Contents = dict[str, list[Any]]


@pytest.fixture
def in_use(engine: Engine) -> Iterator[Engine]:
    """A registry as it was before, with a row in each table; brought up again whatever happens."""
    migrate.downgrade(engine, BEFORE)
    for table in tables(engine):
        with engine.connect().execution_options(registry_write=True) as connection, connection.begin():
            connection.execute(insert(table).values({one.name: value(one) for one in table.c if not one.nullable}))
    yield engine
    migrate.upgrade(engine)


def tables(engine: Engine) -> list[Table]:
    """The registry's tables as the database has them, each after those it refers to."""
    found = MetaData()
    with engine.connect() as connection:
        found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def value(column: Any) -> Any:
    """A value of the column's type; all ids are one, so every reference finds its record."""
    if isinstance(column.type, Uuid) or (column.name.endswith("id") and not isinstance(column.type, Integer)):
        return ID if isinstance(column.type, Uuid) else ID.replace("-", "")
    return next(made for kind, made in VALUES if isinstance(column.type, kind))


def contents(engine: Engine) -> Contents:
    with engine.connect() as connection:
        return {table.name: [tuple(row) for row in connection.execute(select(table))] for table in tables(engine)}


def test_a_registry_in_use_keeps_all_it_has(in_use: Engine) -> None:
    before = contents(in_use)
    assert all(len(rows) == 1 for rows in before.values())
    migrate.upgrade(in_use, "0002")
    after = contents(in_use)
    assert {name: after[name] for name in before} == before
    migrate.downgrade(in_use, BEFORE)
    assert contents(in_use) == before


def test_the_models_and_the_migrated_tables_are_alike(in_use: Engine) -> None:
    migrate.upgrade(in_use)
    assert migrate.differences(in_use) == []


def test_the_audit_begins_at_once(in_use: Engine, clock: Clock) -> None:
    migrate.upgrade(in_use)
    with working(in_use, clock) as session:
        audit.note(session, LOCAL, "registry.migrated")
    with working(in_use, clock, write=False) as session:
        assert auditing.verify(session, Actor("auditor", "a")) == auditing.Verdict(1)
