"""How pages write what is dialled."""

import pytest

from web.html import telephone


@pytest.mark.parametrize(
    ("number", "read"),
    [
        ("+27800222777", "0800 222 777"),
        ("+27860010111", "0860 010 111"),
        ("+27215550134", "021 555 0134"),
        ("112", "112"),
        ("+441632960000", "+441632960000"),
    ],
)
def test_numbers_are_grouped_as_people_read_them_out(number: str, read: str) -> None:
    """Free and shared-cost numbers are known by their first four digits."""
    assert telephone(number) == read
