"""What the tests of the web need beyond what all tests have."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from matching import network_feed
from tests.conftest import Clock
from tests.kept import Kept
from tests.web.network_world import CASE, Ids, settle_case, suspend


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Collecting the thorough schema test takes ten seconds: leave it out where it would be deselected anyway."""
    unwanted = config.option.markexpr == "not long" and collection_path.name == "test_schema_thoroughly.py"
    return True if unwanted else None


@pytest.fixture
def coordinator(holder: Callable[..., FlaskClient]) -> FlaskClient:
    """A coordinator of the country."""
    return holder("coordinator")


@pytest.fixture
def ids(coordinator: FlaskClient, engine: Engine, clock: Clock, kept: Kept, monkeypatch: pytest.MonkeyPatch) -> Ids:
    """The network worked out on paper, settled, at its own time and with its own required cells."""
    clock.now = CASE.now
    monkeypatch.setattr(network_feed, "RULESET", CASE.ruleset)
    ids = kept.lay(engine, "case", lambda: settle_case(coordinator, CASE))
    suspend(coordinator, CASE, ids)
    return ids
