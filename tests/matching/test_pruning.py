"""Candidates in blocks: the answer is the one that looking at all gives, whatever the size of a block."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching import service
from matching.blocks import Size
from matching.feed import Network
from matching.ranking import NEAREST_SHOWN, Ranker
from matching.rows import by_id
from matching.types import Bucket, Ranked
from tests.matching.choosing import Rolled
from tests.matching.product import asker_of, full_answer, need_of, snapshot
from tests.matching.random_matches import Asked, anything, matches

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
LEAVES = (1, 2, 3, 5)
SIZES = st.builds(Size, least=st.just(1), leaf=st.integers(1, 7), few=st.integers(0, 3))


def small(leaf: int) -> Size:
    """Blocks of so many rows, bounds asked from the first row on."""
    return Size(least=1, leaf=leaf, few=0)


def unlike(one: Asked, size: Size) -> bool:
    """Whether blocks of this size change the answer."""
    whole, cut = (
        full_answer(one.world, one.request, one.now, one.ids, asker=one.asker, size=each) for each in (None, size)
    )
    return whole != cut


@settings(PATIENT, max_examples=30)
@given(matches(services=6), SIZES)
def test_blocks_say_what_the_oracle_says(one: Asked, size: Size) -> None:
    assert one.differences(size) == []


@pytest.mark.parametrize("seed", range(5))
def test_blocks_say_what_the_oracle_says_of_larger_networks(seed: int) -> None:
    """Order, ties, counts and the nearest excluded, for both sorts and every need."""
    asked = {number: anything(Rolled(3000 * seed + number), 20) for number in range(8)}
    found = {number: one.differences_of([small(leaf) for leaf in LEAVES]) for number, one in asked.items()}
    assert {number: lines for number, lines in found.items() if any(lines)} == {}


@pytest.mark.parametrize("leaf", LEAVES)
def test_blocks_change_nothing_in_a_whole_answer(leaf: int) -> None:
    """Ways out, first steps and the trace included."""
    found = [number for number in range(20) if unlike(anything(Rolled(52_000 + 100 * leaf + number), 24), small(leaf))]
    assert found == []


def asked_alone(one: Asked, size: Size) -> list[str]:
    """Lists that differ when one is asked for by itself, without counting, from those of the whole answer."""
    network = Network(1, by_id(snapshot(one.world, one.ids, one.now)), size)
    case = service.resolve(need_of(one.request), one.now)
    ranker = Ranker(network.world(case.now), asker_of(one.asker, one.ids))
    found = []
    for need in dict.fromkeys(case.needs):
        whole, alone = ranker.read(case).result(need), ranker.read(case)
        suitable = ranker.read(case).ranked(need, "suitable", case.limit)
        confirm = ranker.read(case).ranked(need, "confirm_by_phone", case.limit)
        found += [f"{need} suitable"] if suitable != whole.suitable else []
        found += [f"{need} confirm_by_phone"] if confirm != whole.confirm_by_phone else []
        lists: dict[Bucket, tuple[Ranked, ...]] = {
            "suitable": whole.suitable,
            "confirm_by_phone": whole.confirm_by_phone,
        }
        for bucket, expected in lists.items():
            rows = ranker.read(case).first(need, bucket, case.limit).tolist()
            same = [network.index.row(row).id for row in rows] == [one.service_site_id for one in expected]
            found += [] if same else [f"{need} rows of {bucket}"]
        assessment = alone.look(need, {"excluded": ("nearest", NEAREST_SHOWN)})
        rows = assessment.columns.row[assessment.first(assessment.members("excluded"), "nearest", NEAREST_SHOWN)]
        excluded = [network.index.row(int(row)).id for row in rows]
        found += [f"{need} excluded"] if excluded != [one.service_site_id for one in whole.excluded.nearest] else []
    return found


@pytest.mark.parametrize("leaf", LEAVES)
def test_a_list_asked_for_alone_is_that_of_the_whole_answer(leaf: int) -> None:
    """Whoever is first is found without counting all; the counts change nothing in it."""
    found = [
        number for number in range(25) if asked_alone(anything(Rolled(73_000 + 100 * leaf + number), 24), small(leaf))
    ]
    assert found == []


@pytest.mark.long
@pytest.mark.parametrize("leaf", [*LEAVES, 8, 64])
@pytest.mark.parametrize("seed", range(20))
def test_blocks_change_nothing_in_many_answers(seed: int, leaf: int) -> None:
    """Twenty times forty networks for each size."""
    found = [number for number in range(40) if unlike(anything(Rolled(1000 * seed + number), 30), small(leaf))]
    assert found == []
