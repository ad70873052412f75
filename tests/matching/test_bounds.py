"""What a block is said to reach, none of its rows exceeds; and in a larger world nothing is lost."""

from dataclasses import replace
from datetime import timedelta
from functools import cache

import numpy as np
import pytest

from benchmarks.worlds import NOW, Made, Nobody, cases, make
from matching.blocks import Size
from matching.bounds import BOUNDS
from matching.explaining import trace
from matching.ranking import Question, Ranker
from matching.renewal import renewed
from matching.rows import Row
from matching.types import Asker, Avoid, Bucket, Case, Circle

CANDIDATES = 3000
QUESTIONS = 24


@cache
def world(least: int) -> Made:
    """One world, in blocks of four or in none."""
    return make(CANDIDATES, seed=5, size=Size(least=least, leaf=4, few=0))


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
            bound = np.broadcast_to(BOUNDS[feature](seen), len(pruning.shelf.at))
            assert (value <= bound[np.searchsorted(pruning.shelf.at, rows // 4)] + 1e-12).all()


def in_order(question: Question, need: str, bucket: Bucket) -> tuple[list[int], list[int]]:
    """The first of a bucket by a look at few, and by one at all."""
    found, whole = question.first(need, bucket, question.case.limit), question.assess(need)
    rows = whole.first(whole.members(bucket), question.case.sort, question.case.limit)
    return found.tolist(), whole.columns.row[rows].tolist()


@pytest.mark.parametrize("number", range(QUESTIONS))
def test_whoever_is_near_enough_is_counted_to_the_last_metre(number: int) -> None:
    """At the very distance of some row, just short of it, at no distance at all and at the other end of the world."""
    need = asked(number).needs[0]
    every = replace(asked(number), max_km=None)
    offered = world(1).index.offer(put(number, 1).reading.code(need))
    km = Ranker(world(1).world(), Asker()).read(every).reading.kilometres(offered)
    there = np.sort(km[km < np.inf])
    exact = there[:: max(1, len(there) // 7)].tolist()
    for farthest in (*exact, *(np.nextafter(one, 0.0) for one in exact), 0.0, 20_015.0, 20_016.0):
        pruning = Ranker(world(1).world(), Asker()).read(replace(every, max_km=float(farthest))).prune(need)
        assert pruning is not None
        assert pruning.sift().within == np.count_nonzero((km <= farthest) | (km == np.inf)), farthest


MINUTES = (0, 3, 59, 61, 600, -45)


@pytest.mark.parametrize("number", range(QUESTIONS))
def test_what_is_kept_for_an_hour_holds_at_any_minute(number: int) -> None:
    """Counts of room and verifications turn old, houses open and close, while the clock runs, or somebody sets it."""
    ranker, case = Ranker(world(1).world(), Asker()), asked(number)
    for minutes in MINUTES:
        now = case.now + timedelta(minutes=minutes)
        for when in (now, now + timedelta(hours=5 * number)):
            question = ranker.read(replace(case, now=now, when=when))
            for need in question.needs:
                for bucket in ("suitable", "confirm_by_phone"):
                    found, expected = in_order(question, need, bucket)
                    assert found == expected, (number, minutes, when, need, bucket)


@pytest.mark.parametrize("number", range(0, QUESTIONS, 2))
def test_who_changed_is_first_where_she_stands_now(number: int) -> None:
    """Rows behind the blocks, rows that are gone, links of the asker's own and organisations hidden from her."""
    made, case = world(1), asked(number)
    first = Ranker(made.world(), Asker()).read(case)
    rows = first.first(first.needs[0], "suitable", 50).tolist()
    before = {made.index.row(row).id: made.index.row(row) for row in rows}
    counted = {"unit": "bed", "total": 9, "available": 0, "as_of": NOW}
    changed: dict[str, Row | None] = {
        key: None if at % 3 == 0 else replace(row, service_site={**row.service_site, "capacity": counted})
        for at, (key, row) in enumerate(before.items())
        if at % 2 == 0
    }
    index = renewed(made.index, changed)
    own = np.zeros(len(index.room), dtype=np.int64)
    own[: len(made.redundancy)] = made.redundancy
    ids = [key for key in before if key not in changed]
    contacts = Linked({key: at % 3 for at, key in enumerate(ids)})
    hidden = Asker(hidden=frozenset(f"organisation {one}" for one in range(0, 1000, 3)))
    for asker in (Asker(), hidden):
        question = Ranker(replace(made.world(), index=index, redundancy=own, contacts=contacts), asker).read(case)
        for need in question.needs:
            found, expected = in_order(question, need, "suitable")
            assert found == expected


class Linked(Nobody):
    """Contacts at the far end of the asker's own links."""

    def __init__(self, links: dict[str, int]) -> None:
        self.links = links

    def asker_redundancies(self, asker: Asker) -> dict[str, int]:
        return self.links
