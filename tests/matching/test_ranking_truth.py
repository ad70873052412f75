"""The ranking truth of tests/cases, asked of the product."""

import pytest

from tests.matching import cases, published
from tests.matching.expectation import differences


@pytest.mark.parametrize("name", cases.names())
def test_product_gives_the_expected_answer(name: str) -> None:
    case = cases.load(name)
    given = published.answer(case.world, case.request, case.now, case.asker, case.ids)
    assert differences(case.expect, given) == []
