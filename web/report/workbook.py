"""The report as a workbook: a sheet for each table, in which no text is run as a formula."""

import re
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from directory.exchange.cells import safe
from web.pictures.scene import Table
from web.report.document import Document

WIDEST = 60
LONGEST = 32_000
"""A cell of a workbook holds 32,767 signs."""
NOT_ALLOWED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")


def workbook(document: Document) -> bytes:
    """An XLSX file."""
    book = Workbook()
    book.properties.title = document.title
    book.properties.creator = "Partner directory"
    first = book.active
    if not isinstance(first, Worksheet):
        raise TypeError("a new workbook has a sheet")
    first.title = "Summary"
    rows = [(one.name, one.value, one.note) for one in document.figures]
    _fill(
        first,
        Table(
            (document.title, "", ""), ((document.warning, "", ""), *((said, "", "") for said in document.lead), *rows)
        ),
    )
    for section in document.sections:
        table = section.table or (section.picture.table if section.picture else None)
        if table is not None:
            _fill(book.create_sheet(NOT_IN_A_NAME.sub(" ", section.heading)[:31]), table)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _fill(sheet: Worksheet, table: Table) -> None:
    for row in (table.columns, *table.rows):
        sheet.append([NOT_ALLOWED.sub("", safe(cell))[:LONGEST] for cell in row])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for number, column in enumerate(zip(table.columns, *table.rows, strict=True), 1):
        sheet.column_dimensions[get_column_letter(number)].width = min(WIDEST, 2 + max(map(len, column)))
    for cells in sheet.iter_rows():
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.data_type = "s"
    sheet.freeze_panes = "A2"
