"""The registry as a workbook: a sheet for each collection. The same facts give the same bytes."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

from directory.collection import Collection
from directory.exchange.csv_files import NO_TIME, Records, Table, member
from directory.exchange.tables import Cell, about, columns_of, row_of

CORE = "docProps/core.xml"
TIMES = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
MOST_ROWS = 1_048_576
"""A sheet has no more."""
LONGEST = 32_767
TOO_LONG = "(longer than a cell: see the CSV file)"
NOT_ALLOWED = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ud800-\\udfff\\ufffe\\uffff]")
"""What XML 1.0 cannot say."""


class _Timeless(ZipFile):
    """A ZIP whose files say nothing of when they were made."""

    def writestr(self, zinfo_or_arcname: ZipInfo | str, data: Any, *how: Any, **more: Any) -> None:
        """Add a file of some bytes."""
        said = data.encode() if isinstance(data, str) else data
        if zinfo_or_arcname == CORE:
            said = TIMES.sub(rb"\g<1>1980-01-01T00:00:00Z", said)
        super().writestr(member(str(zinfo_or_arcname)), said)

    def write(self, filename: Any, arcname: Any = None, *how: Any, **more: Any) -> None:
        """Add a sheet that was written on the way."""
        filename.seek(0)
        with self.open(member(str(arcname)), "w", force_zip64=True) as kept:
            copyfileobj(filename, kept)


class _Unnamed(WorksheetWriter):
    """Writes a sheet into a file that nobody else can open, and that is gone even if the process is killed."""

    out: IO[bytes]

    def cleanup(self) -> None:
        """Let the file go."""
        self.out.close()


def write_all(target: IO[bytes], tables: Sequence[Table], revision: int) -> int:
    """Write a workbook, its first sheet about the others; how many records."""
    book, rows = Workbook(write_only=True), 0
    book.properties.creator = "Partner directory"
    book.properties.created = datetime(*NO_TIME, tzinfo=UTC)
    head, *lines = about([collection for collection, _ in tables], revision)
    sheet = _begun(book, "about", head)
    for line in lines:
        sheet.append([_written(cell) for cell in line])
    for collection, records in tables:
        rows += _fill(book, collection, records)
    with _Timeless(target, "w", ZIP_DEFLATED) as archive:
        ExcelWriter(book, archive).save()
    return rows


def _fill(book: Workbook, collection: Collection, records: Records) -> int:
    """Sheets of one collection: as many as its records need."""
    columns, rows = columns_of(collection.name), 0
    heads = [column.name for column in columns]
    sheet = _begun(book, collection.path, heads)
    for record in records:
        if rows and rows % (MOST_ROWS - 1) == 0:
            sheet = _begun(book, f"{collection.path} {rows // (MOST_ROWS - 1) + 1}", heads)
        sheet.append([_written(cell) for cell in row_of(columns, record)])
        rows += 1
    return rows


def _begun(book: Workbook, title: str, heads: Sequence[str]) -> Any:
    sheet: Any = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet._writer = _Unnamed(sheet, TemporaryFile())  # noqa: SIM115
    sheet._writer.write_top()
    sheet.append(list(heads))
    return sheet


def _written(cell: Cell) -> Cell:
    if not isinstance(cell, str):
        return cell
    return TOO_LONG if len(cell) > LONGEST else NOT_ALLOWED.sub("", cell)
