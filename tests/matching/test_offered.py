"""What is remembered of those who offer a need never answers for another case, asker, hour or day."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from matching import service
from matching.feed import Network
from matching.rows import by_id
from matching.rules.reads import READS, SEVERAL, read
from matching.rules.table import RULES
from matching.rulesets import catalogue
from matching.types import Asker, MatchResult
from tests.matching.choosing import Rolled
from tests.matching.product import asker_of, need_of, snapshot
from tests.matching.random_matches import anything
from tests.matching.single import House, ask, case

CASES = 12
NOT_KEPT = {"age", "competent_area"}
"""Rules that read several answers of a case, or its place, whatever is asked."""


@pytest.mark.parametrize("seed", range(12))
def test_a_network_asked_before_answers_as_one_that_was_not(seed: int) -> None:
    """Twelve cases of twelve networks, at different hours, put to one network twice and to another of the same, now and
    then by somebody who has no links."""
    one = anything(Rolled(7000 + seed), 20)
    asked_before = Network(1, by_id(snapshot(one.world, one.ids, one.now)))
    anew: dict[int, MatchResult] = {}
    for turn, number in product(range(2), range(CASES)):
        now = one.now + timedelta(hours=7 * number)
        asker = asker_of(one.asker, one.ids)
        if number % 4 == 1:
            asker = Asker(visibility=asker.visibility)
        if number % 3 == 0:
            asker = replace(asker, hidden=frozenset(sorted(one.ids["organisations"].values())[number % 2 :: 2]))
        case = service.resolve(need_of(anything(Rolled(9000 + CASES * seed + number), 20).request), now)
        found = service.answer(asked_before, case, asker, now)
        if number not in anew:
            never_asked = Network(1, by_id(snapshot(one.world, one.ids, one.now)))
            anew[number] = service.answer(never_asked, case, asker, now)
        assert found == anew[number], (turn, number)


def test_no_feature_that_tells_of_a_place_is_kept() -> None:
    assert [one.name for one in catalogue.current().features if one.of_case] == ["proximity"]
    assert not [one.name for one in catalogue.current().features if one.of_case and one.reads is not None]


def test_every_rule_says_what_it_reads_or_is_never_kept() -> None:
    assert set(READS) | NOT_KEPT == {rule.code for rule in RULES}
    asked = ask([House()], case()).reading.asked
    assert {rule.code for rule in RULES if read(rule.code, asked) is SEVERAL} == NOT_KEPT
