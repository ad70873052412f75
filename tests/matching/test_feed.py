"""What was committed is in the next match of every worker, derived from what changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from directory.db import begin, make_engine
from directory.permissions import LOCAL
from directory.services import records
from directory.services.catalogue import COLLECTIONS
from matching import feed, renewal
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


def test_candidates_are_put_in_order_beside_the_matches(
    workers: tuple[Engine, Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the order is made, writes go on and are in the next match; they are in the new order too."""
    with written(workers[0]) as session:
        factory = Factory(session)
        places = [factory("service_sites") for _ in range(3)]
    assert [known(workers[0], place.id) for place in places] == ["Counselling"] * 3
    begun, may_end, ended = Event(), Event(), Event()
    in_order, with_order = feed.Network.in_order, feed.Network.with_order

    def slowly(network: feed.Network) -> feed.Ordered:
        begun.set()
        order = in_order(network)
        may_end.wait(30)
        return order

    def then(network: feed.Network, order: feed.Ordered) -> feed.Network | None:
        found = with_order(network, order)
        ended.set()
        assert found is not None
        assert found.index.ledger is not network.index.ledger
        return found

    monkeypatch.setattr(renewal, "LOOSE", 0)
    monkeypatch.setattr(feed.Network, "in_order", slowly)
    monkeypatch.setattr(feed.Network, "with_order", then)
    for number, place in enumerate(places[:2]):
        with written(workers[1]) as session:
            records.update(session, LOCAL, COLLECTIONS["services"], place.service_id, 1, {"name": f"Name {number}"})
        assert known(workers[0], place.id) == f"Name {number}"
    with written(workers[1]) as session:
        records.close(session, LOCAL, COLLECTIONS["service_sites"], places[2].id, 1)
    assert begun.wait(30)
    assert not ended.is_set()
    before = [known(workers[0], place.id) for place in places]
    may_end.set()
    assert ended.wait(30)
    assert [known(workers[0], place.id) for place in places] == before == ["Name 0", "Name 1", "Counselling"]
