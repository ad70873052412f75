"""What a form of controls sends is what the API would take."""

from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from directory.answers import ELIGIBILITY
from directory.fields import Integer
from web.forms import reading


def read(**sent: str) -> dict[str, Any]:
    fields = {**ELIGIBILITY, "stay_max_days": Integer()}
    return reading.values(fields, MultiDict(sent), lambda path, to, typed: typed)


@pytest.mark.parametrize(
    ("typed", "meant"), [("0", 0), ("12", 12), ("-3", -3), ("--3", "--3"), ("twelve", "twelve"), (" ", None)]
)
def test_whole_numbers(typed: str, meant: int | str | None) -> None:
    """No years is a limit, and no children an answer; what is no number is left to be told of."""
    assert read(stay_max_days=typed, age_min=typed) == {"stay_max_days": meant, "age_min": meant}


def test_a_list_of_nothing_is_not_known() -> None:
    assert read(**{"languages_spoken": "", "intake.code": ""}) == {"languages_spoken": None, "intake": None}
