"""Cells of spreadsheets: text stays text, whatever a spreadsheet program would make of its first sign."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How text begins that a spreadsheet program may run (OWASP, CSV injection)."""


def safe(text: str) -> str:
    """The text, with an apostrophe before what could be a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def csv_of(columns: Sequence[str], rows: Iterable[Sequence[str | int | float | bool | None]]) -> str:
    """RFC 4180, with a head; null is an empty cell."""
    written = StringIO()
    writer = csv.writer(written)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([safe(cell) if isinstance(cell, str) else cell for cell in row])
    return written.getvalue()
