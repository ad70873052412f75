"""The ranker against the oracle, on random networks and requests."""

from dataclasses import dataclass
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.matching import asks
from tests.matching.choosing import Chooser, Drawn, Rolled
from tests.matching.comparison import differences
from tests.matching.oracle.answer import answer
from tests.matching.product import run_product
from tests.matching.worlds import Record, World, ids_of, network

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@dataclass(frozen=True)
class Asked:
    """A network and what is asked of it."""

    world: World
    ids: dict[str, dict[str, str]]
    request: Record
    asker: Record | None
    now: datetime

    def differences(self) -> list[str]:
        """Where the product does not say what the oracle says."""
        expected = answer(self.world, self.request, self.now, asker=self.asker, ids=self.ids)
        given_ = run_product(self.world, self.request, self.now, self.ids, asker=self.asker)
        return differences(given_, expected)


def anything(choose: Chooser, services: int) -> Asked:
    """A random network, a request, who asks and when."""
    world = network(choose, services)
    ids = ids_of(world, choose.count(0, 2**32))
    return Asked(world, ids, asks.request(choose, ids), asks.asker(choose, world), asks.clock(choose))


@st.composite
def asked(draw: st.DrawFn, services: int) -> Asked:
    """The same by hypothesis, which looks for the smallest network that still fails."""
    return anything(Drawn(draw), services)


@settings(PATIENT, max_examples=60)
@given(asked(services=6))
def test_the_ranker_says_what_the_oracle_says(one: Asked) -> None:
    """Order, features, buckets, counts and the nearest excluded, for both sorts and every need."""
    assert one.differences() == []


@pytest.mark.parametrize("seed", range(20))
def test_the_ranker_says_what_the_oracle_says_of_larger_networks(seed: int) -> None:
    """Seeds are fast: twenty networks each, of up to twenty services."""
    found = {number: anything(Rolled(1000 * seed + number), 20).differences() for number in range(20)}
    assert {number: lines for number, lines in found.items() if lines} == {}


@pytest.mark.long
@settings(PATIENT, max_examples=1500)
@given(asked(services=10))
def test_the_ranker_says_what_the_oracle_says_at_length(one: Asked) -> None:
    """The same, many more times."""
    assert one.differences() == []


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 200))
def test_the_ranker_says_what_the_oracle_says_of_many_networks(seed: int) -> None:
    """A hundred times fifty networks."""
    found = {number: anything(Rolled(1000 * seed + number), 30).differences() for number in range(50)}
    assert {number: lines for number, lines in found.items() if lines} == {}
