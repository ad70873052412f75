"""The ranking truth of tests/cases, asked of the oracle and of the product."""

import pytest

from tests.matching import cases
from tests.matching.expectation import differences
from tests.matching.oracle.answer import ORDER, answer
from tests.matching.product import run_product


def test_there_are_enough_cases() -> None:
    """Every rule, every feature and the people named in the issue have a case."""
    assert len(cases.names()) >= 30


def test_every_rule_has_a_case() -> None:
    """Somewhere it is what must be asked, or why somebody is missing."""
    said = str([case.expect for case in map(cases.load, cases.names())])
    assert [code for code in ORDER if f"'{code}'" not in said] == []


@pytest.mark.parametrize("name", cases.names())
def test_oracle_gives_the_expected_answer(name: str) -> None:
    """The slow second reading agrees with what was worked out on paper."""
    case = cases.load(name)
    given = answer(case.world, case.request, case.now, asker=case.asker, ids=case.ids)
    assert differences(case.expect, given) == []


@pytest.mark.parametrize("name", cases.names())
def test_product_gives_the_expected_answer(name: str) -> None:
    """The ranker agrees with what was worked out on paper."""
    case = cases.load(name)
    given = run_product(case.world, case.request, case.now, case.ids, asker=case.asker)
    assert differences(case.expect, given) == []
