"""The best smallest covers, against trying every set there is."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.covers import Pool, best

Candidate = tuple[int, int, float, int, int]
"""Needs as bits, organisation, km, score in units, tie-break."""


def pool(candidates: list[Candidate]) -> Pool:
    needs, organisation, units, tie = (np.array([one[i] for one in candidates], dtype=np.int64) for i in (0, 1, 3, 4))
    return Pool(needs, organisation, np.array([one[2] for one in candidates], dtype=np.float64), units, tie)


def slowly(candidates: list[Candidate], count: int) -> list[tuple[int, ...]]:
    """Every set of the smallest size that covers all, in order."""
    whole = _needs(candidates)
    for size in range(1, len(candidates) + 1):
        covers = [
            one for one in combinations(range(len(candidates)), size) if _needs([candidates[i] for i in one]) == whole
        ]
        if covers:
            return sorted(covers, key=lambda one: _key([candidates[i] for i in one]))[:count]
    return []


def _needs(members: list[Candidate]) -> int:
    found = 0
    for needs, *_ in members:
        found |= needs
    return found


def _key(members: list[Candidate]) -> tuple[int, float, int, list[int]]:
    """Of two sets of one size the first differing of the sorted tie-breaks is the smallest that the other lacks."""
    return (
        len({one[1] for one in members}),
        max(one[2] for one in members),
        -sum(one[3] for one in members),
        sorted(one[4] for one in members),
    )


@st.composite
def worlds(draw: st.DrawFn, needs: int, most: int) -> list[Candidate]:
    """Few distances, scores and organisations, so that everything ties with something."""
    size = draw(st.integers(1, most))
    ties = draw(st.permutations(range(size)))
    organisations = draw(st.integers(1, 5))
    return [
        (
            draw(st.integers(1, 2**needs - 1)) & draw(st.integers(1, 2**needs - 1)) or 1,
            draw(st.integers(1, organisations)),
            draw(st.sampled_from((0.0, 5.0, 5.5, 80.0, float("inf")))),
            draw(st.integers(-1, 3)),
            tie,
        )
        for tie in ties
    ]


@settings(deadline=None, max_examples=400)
@given(worlds(needs=4, most=9))
def test_the_best_of_few_needs(candidates: list[Candidate]) -> None:
    assert best(pool(candidates), 3) == slowly(candidates, 3)


@settings(deadline=None, max_examples=150)
@given(worlds(needs=7, most=12))
def test_the_best_of_many_needs(candidates: list[Candidate]) -> None:
    assert best(pool(candidates), 3) == slowly(candidates, 3)


@pytest.mark.long
@settings(deadline=None, max_examples=3000)
@given(worlds(needs=6, most=13), st.integers(1, 6))
def test_the_best_at_length(candidates: list[Candidate], count: int) -> None:
    assert best(pool(candidates), count) == slowly(candidates, count)


def test_nobody_covers_nothing() -> None:
    assert best(pool([]), 3) == []


def test_fewer_organisations_come_before_a_shorter_way() -> None:
    both_of_one = [(1, 1, 90.0, 0, 0), (2, 1, 90.0, 0, 1)]
    near = [(1, 2, 5.0, 9, 2), (2, 3, 5.0, 9, 3)]

    assert best(pool(both_of_one + near), 2) == [(0, 1), (2, 3)]


def test_fewer_members_come_before_fewer_organisations() -> None:
    three_of_one = [(1, 1, 5.0, 9, 0), (2, 1, 5.0, 9, 1), (4, 1, 5.0, 9, 2)]
    two_of_two = [(3, 2, 90.0, 0, 3), (4, 3, 90.0, 0, 4)]

    assert best(pool(three_of_one + two_of_two), 3) == [(2, 3), (3, 4)]


def test_twelve_needs_by_twelve_organisations() -> None:
    """The nearest of each need, and then the highest scores that are no farther than the farthest of these."""
    candidates = [
        (1 << need, 10 * need + one, 10.0 * one + need, one, 10 * need + one) for need in range(12) for one in range(9)
    ]

    first = best(pool(candidates), 3)[0]

    assert len(first) == 12
    assert max(candidates[one][2] for one in first) == 11.0
    assert [candidates[one][3] for one in first] == [1] * 2 + [0] * 10
