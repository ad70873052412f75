"""Tables as CSV, in which no text is run as a formula."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from directory.exchange.cells import safe


def csv_of(columns: Sequence[str], rows: Iterable[Sequence[str | int | float | bool | None]]) -> str:
    """RFC 4180, with a head; null is an empty cell."""
    written = StringIO()
    writer = csv.writer(written)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([safe(cell) if isinstance(cell, str) else cell for cell in row])
    return written.getvalue()
