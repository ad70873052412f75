"""What was committed is in the next match of every worker, derived from what changed."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from directory.db import begin, make_engine
from directory.permissions import LOCAL
from directory.services import records
from directory.services.catalogue import COLLECTIONS
from matching import feed
from tests.factories import Factory

TRIES = 12


@pytest.fixture
def workers(engine: Engine, database_url: str) -> Iterator[tuple[Engine, Engine]]:
    """Two engines on one registry, as two workers have them."""
    other = make_engine(database_url)
    yield engine, other
    other.dispose()


@contextmanager
def written(engine: Engine) -> Iterator[Session]:
    """A transaction that is committed."""
    session = begin(engine, write=True)
    try:
        yield session
        session.commit()
    finally:
        session.close()


def known(engine: Engine, service_site_id: str) -> str:
    """The name of its service, as a worker's next match would say it."""
    session = begin(engine, write=False)
    try:
        index = feed.network(session).index
        row = index.find(service_site_id)
        return "" if row is None else str(index.row(row).service["name"])
    finally:
        session.close()


def test_a_write_is_in_the_next_match_of_both_workers(
    workers: tuple[Engine, Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    with written(workers[0]) as session:
        place = Factory(session)("service_sites")
        service, version = place.service_id, 1
    assert [known(worker, place.id) for worker in workers] == ["Counselling", "Counselling"]
    monkeypatch.setattr(feed, "build", lambda *_: pytest.fail("built anew"))
    for number in range(TRIES):
        with written(workers[number % 2]) as session:
            change = {"name": f"Name {number}"}
            version = records.update(session, LOCAL, COLLECTIONS["services"], service, version, change).version
        assert [known(worker, place.id) for worker in workers] == [f"Name {number}"] * 2
