"""A spreadsheet as rows of text, CSV or XLSX. Nothing in it is run: a formula is an error, its result is not read."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any
from zipfile import BadZipFile

from directory.exchange import unpacking
from directory.exchange.cells import unquoted
from directory.exchange.unpacking import NO_WORKBOOK, Unreadable

CSV, XLSX = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_BYTES = 4 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 2000, 40, 4000
MOST_BLANK = 8000
"""Rows that are passed over in all: a spreadsheet may have been formatted far beyond its end."""
SHEET = "organisations"
SEPARATORS = ",;\t"
"""What programs write between cells: a comma, a semicolon where the comma is the decimal sign, a tab."""
RUNS = ("=", "@")
"""How text begins that is a formula. Numbers begin with + and -."""
MIDNIGHT = " 00:00:00"


@dataclass(frozen=True, slots=True)
class Line:
    """One row as it stands in the file: its number there, and the text of each cell; `wrong` says what is, by cell."""

    number: int
    cells: tuple[str, ...]
    wrong: dict[int, str] = field(default_factory=dict)


def read(media_type: str, content: bytes) -> list[Line]:
    """The rows that have anything in them, the head first. Raises Unreadable."""
    if len(content) > MOST_BYTES:
        raise Unreadable(f"It has more than {MOST_BYTES // 1024**2} MiB.")
    found = _of_csv(content) if media_type == CSV else _of_workbook(content)
    lines: list[Line] = []
    for line in found:
        if line.number > MOST_ROWS + MOST_BLANK or len(lines) > MOST_ROWS:
            raise Unreadable(f"It has more than {MOST_ROWS} rows.")
        if any(cell.strip() for cell in line.cells) or line.wrong:
            lines.append(_bounded(line))
    if not lines:
        raise Unreadable("It is empty.")
    return lines


def _bounded(line: Line) -> Line:
    if any(line.cells[MOST_COLUMNS:]):
        raise Unreadable(f"It has more than {MOST_COLUMNS} columns.")
    cells = tuple(unquoted(cell.strip()) for cell in line.cells[:MOST_COLUMNS])
    wrong = {index: f"Must have at most {LONGEST_CELL} characters." for index, cell in _long(cells)}
    return Line(line.number, cells, {**line.wrong, **wrong})


def _long(cells: Iterable[str]) -> Iterator[tuple[int, str]]:
    return ((index, cell) for index, cell in enumerate(cells) if len(cell) > LONGEST_CELL)


def _of_csv(content: bytes) -> Iterator[Line]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("It is not UTF-8: save it as CSV UTF-8.") from None
    if "\0" in text:
        raise Unreadable("It has signs that no text has.")
    head = text.lstrip().split("\n", 1)[0]
    separator = max(SEPARATORS, key=head.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for number, cells in enumerate(reader, 1):
            formulas = (index for index, cell in enumerate(cells) if cell.strip().startswith(RUNS))
            yield Line(number, tuple(cells), dict.fromkeys(formulas, "Must be a value, not a formula."))
    except csv.Error:
        raise Unreadable(f"It is no CSV from line {reader.line_num}.") from None


def _of_workbook(content: bytes) -> Iterator[Line]:
    """Rows of the sheet `organisations`, else of the first one."""
    import openpyxl

    file = BytesIO(content)
    unpacking.check(file)
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
        try:
            yield from _of_sheet(book)
        finally:
            book.close()
    except Unreadable:
        raise
    except (BadZipFile, SyntaxError, LookupError, ValueError, TypeError, AttributeError, ArithmeticError, OSError):
        raise Unreadable(NO_WORKBOOK) from None


def _of_sheet(book: Any) -> Iterator[Line]:
    named = [one for one in book.worksheets if one.title.strip().casefold() == SHEET]
    sheets = named or book.worksheets[:1]
    if not sheets:
        raise Unreadable("It has no sheet.")
    sheets[0].reset_dimensions()
    for number, row in enumerate(sheets[0].iter_rows(max_col=MOST_COLUMNS + 1), 1):
        yield _line(number, row)


def _line(number: int, row: Iterable[Any]) -> Line:
    cells, wrong = [], {}
    for index, cell in enumerate(row):
        if cell.data_type == "f":
            wrong[index] = "Must be a value, not a formula."
        elif cell.data_type == "e":
            wrong[index] = "It holds an error, not a value."
        cells.append("" if index in wrong else _text(cell.value))
    return Line(number, tuple(cells), wrong)


def _text(value: Any) -> str:
    """What one reads in the cell: a telephone number that was taken for a number has no decimals."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, date | datetime):
        return value.isoformat(" ").removesuffix(MIDNIGHT) if isinstance(value, datetime) else value.isoformat()
    return str(value)


def head_of(cell: str) -> str:
    """A column's head, however it is spelt: lower case, and one underscore for all that is no letter or digit."""
    return re.sub(r"[^a-z0-9]+", "_", cell.casefold()).strip("_")


def letter(index: int) -> str:
    """What a spreadsheet program calls the column."""
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(index + 1))
