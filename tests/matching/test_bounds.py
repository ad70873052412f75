"""What a block is said to reach, none of its rows exceeds; and in a larger world nothing is lost."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from benchmarks.worlds import Made, cases, make
from matching.blocks import Size
from matching.bounds import BOUNDS
from matching.explaining import trace
from matching.ranking import Question, Ranker
from matching.types import Asker, Avoid, Case, Circle

CANDIDATES = 3000
QUESTIONS = 24


@cache
def world(least: int) -> Made:
    """One world, in blocks of four or in none."""
    return make(CANDIDATES, seed=5, size=Size(least=least, leaf=4, first=2))


def asked(number: int) -> Case:
    """A question, with a limit, a sort and something to avoid that its number decides."""
    case = list(cases(QUESTIONS, seed=9))[number]
    circle = Circle(case.near.lat + 0.2, case.near.lon, 60.0)
    near = Avoid(circles=(circle,), organisations=frozenset({"organisation 7"})) if number % 3 == 0 else Avoid()
    far = (None, 60.0, 500.0)[number % 3]
    return replace(
        case, avoid=near, max_km=far, limit=(1, 3, 10, 50)[number % 4], sort=("score", "nearest")[number % 2]
    )


def put(number: int, least: int) -> Question:
    return Ranker(world(least).world(), Asker()).read(asked(number))


@pytest.mark.parametrize("number", range(QUESTIONS))
def test_the_first_of_every_need_are_those_of_looking_at_all(number: int) -> None:
    cut, whole = put(number, 1), put(number, CANDIDATES + 1)
    for need in cut.needs:
        ours, theirs = cut.result(need), whole.result(need)
        assert [one.service_site_id for one in ours.suitable] == [one.service_site_id for one in theirs.suitable]
        assert ours == theirs
    assert trace(cut) == trace(whole)


@pytest.mark.parametrize("number", range(QUESTIONS))
@pytest.mark.parametrize("feature", BOUNDS)
def test_no_row_exceeds_its_block(number: int, feature: str) -> None:
    """Each feature by itself, among those who are suitable or to be asked."""
    question = put(number, 1)
    at = [one.name for one in question.world.ruleset.features].index(feature)
    for need in question.needs:
        pruning = question.prune(need)
        assert pruning is not None
        for bucket in ("suitable", "confirm_by_phone"):
            seen, rows = pruning.seen(bucket)
            columns = question.world.index.columns.take(rows)
            value = question.assess_rows(need, columns, question.reading.kilometres(columns)).values[at]
            assert (value <= BOUNDS[feature](seen)[np.searchsorted(pruning.offered, rows // 4)] + 1e-12).all()
