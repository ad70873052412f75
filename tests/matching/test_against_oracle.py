"""The ranker against the oracle, on random networks and requests."""

import pytest
from hypothesis import HealthCheck, given, settings

from tests.matching.choosing import Rolled
from tests.matching.random_matches import Asked, anything, matches

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@settings(PATIENT, max_examples=40)
@given(matches(services=6))
def test_the_ranker_says_what_the_oracle_says(one: Asked) -> None:
    """Order, features, buckets, counts and the nearest excluded, for both sorts and every need."""
    assert one.differences() == []


@pytest.mark.parametrize("seed", range(20))
def test_the_ranker_says_what_the_oracle_says_of_larger_networks(seed: int) -> None:
    """Seeds are fast: ten networks each, of up to twenty services."""
    found = {number: anything(Rolled(1000 * seed + number), 20).differences() for number in range(10)}
    assert {number: lines for number, lines in found.items() if lines} == {}


@pytest.mark.long
@settings(PATIENT, max_examples=600)
@given(matches(services=10))
def test_the_ranker_says_what_the_oracle_says_at_length(one: Asked) -> None:
    """The same, many more times."""
    assert one.differences() == []


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 150))
def test_the_ranker_says_what_the_oracle_says_of_many_networks(seed: int) -> None:
    """Fifty times forty networks."""
    found = {number: anything(Rolled(1000 * seed + number), 30).differences() for number in range(40)}
    assert {number: lines for number, lines in found.items() if lines} == {}
