"""Text in a spreadsheet stays text."""

import csv
from io import StringIO

import pytest

from web.cells import csv_of


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_what_a_spreadsheet_would_run_is_text(sign: str) -> None:
    said = f"{sign}HYPERLINK(A1)"
    head, row = csv.reader(StringIO(csv_of(("name", "count"), [(said, -3)]), newline=""))

    assert head == ["name", "count"]
    assert row == [f"'{said}", "-3"]


def test_other_text_numbers_and_nothing_stay_as_they_are() -> None:
    rows = [("a = b", 1.5, None), ('say "no",\nplease', -2, "")]
    read = list(csv.reader(StringIO(csv_of(("a", "b", "c"), rows), newline="")))

    assert read[1:] == [["a = b", "1.5", ""], ['say "no",\nplease', "-2", ""]]
