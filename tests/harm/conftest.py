"""The world under attack: made once a worker, copied for each test, asked over HTTP at a moment that stands still."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from directory.db import make_engine
from tests.conftest import Clock
from tests.harm.world import OWNER, World, build
from web.transaction import Registry

BUILT = datetime(2026, 3, 11, 9, 20, tzinfo=UTC)
"""11:20 in Johannesburg, between two publishing times."""

ASKED = datetime(2026, 3, 11, 10, 40, tzinfo=UTC)
"""12:40: what was said while the world was made has been published at noon."""


@pytest.fixture(scope="session")
def made(application: Flask, empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World]:
    """The world in a database file, and its ids."""
    path = tmp_path_factory.mktemp("harm") / "world.sqlite3"
    shutil.copy(empty_sqlite, path)
    engine = make_engine(f"sqlite:///{path}")
    clock = Clock(BUILT)
    application.extensions["registry"] = Registry(engine, clock)
    world = build(application, engine)
    clock.now = ASKED
    for reader in world.keys:
        assert world.client(application, reader).get("/api/v1/vocabulary").status_code == 200
        assert world.client(application, reader).get("/api/v1/me").status_code == 200
    with engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path, world


@pytest.fixture
def world(made: tuple[Path, World]) -> World:
    """The ids of the world."""
    return made[1]


@pytest.fixture
def clock() -> Clock:
    """Twenty to one in Johannesburg, standing still."""
    return Clock(ASKED)


@pytest.fixture
def database(made: tuple[Path, World], tmp_path: Path) -> Path:
    """A copy of the world, for one test."""
    path = tmp_path / "world.sqlite3"
    shutil.copy(made[0], path)
    return path


@pytest.fixture
def engine(database: Path) -> Iterator[Engine]:
    """An engine on the copy."""
    engine = make_engine(f"sqlite:///{database}")
    yield engine
    engine.dispose()


@pytest.fixture
def app(application: Flask, engine: Engine, clock: Clock) -> Flask:
    """The application on the copy."""
    application.extensions["registry"] = Registry(engine, clock)
    return application


@pytest.fixture
def client(app: Flask, world: World) -> FlaskClient:
    """An administrator."""
    return world.client(app, "admin")


@pytest.fixture
def owner(app: Flask, world: World) -> FlaskClient:
    """The manager of one of the confidential organisations."""
    return world.client(app, OWNER)
