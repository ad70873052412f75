"""The report as PDF: text that can be selected and searched, pictures drawn from the same marks as on the page."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.graphics.shapes import Circle, Drawing, PolyLine, Rect, String
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, TableStyle
from reportlab.platypus import Table as Grid

from web.pictures.scene import Box, Disc, Paint, Picture, Route, Table, Words, flat
from web.report.document import Document, Section

MARGIN = 15 * mm
WIDTH, HEIGHT = A4[0] - 2 * MARGIN, A4[1] - 2 * MARGIN - 12
BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=9, leading=12, alignment=TA_LEFT, spaceAfter=4)
SMALL = ParagraphStyle("small", parent=BODY, fontSize=7.5, leading=9.5, spaceAfter=0, splitLongWords=1)
HEAD = ParagraphStyle("head", parent=SMALL, fontName="Helvetica-Bold")
TITLE = ParagraphStyle("title", parent=BODY, fontName="Helvetica-Bold", fontSize=17, leading=21, spaceAfter=6)
HEADING = ParagraphStyle(
    "heading", parent=BODY, fontName="Helvetica-Bold", fontSize=12.5, leading=16, spaceBefore=10, keepWithNext=1
)
WARNING = ParagraphStyle(
    "warning", parent=BODY, fontName="Helvetica-Bold", borderWidth=1, borderPadding=4, spaceAfter=10
)
VALUE = ParagraphStyle("value", parent=BODY, fontName="Helvetica-Bold", fontSize=19, leading=23, spaceAfter=0)
LONGEST = 900
"""Signs of a cell: a row must fit on a page."""


def pdf(document: Document) -> bytes:
    """A PDF file with a title, a language and a bookmark for each part."""
    written = BytesIO()
    template = SimpleDocTemplate(
        written,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        title=document.title,
        author="Partner directory",
        subject=document.warning,
        lang="en-ZA",
        invariant=1,
    )
    template.build(list(_story(document)), onFirstPage=_foot, onLaterPages=_foot)
    return written.getvalue()


def _foot(canvas: Any, template: Any) -> None:
    canvas.setViewerPreference("DisplayDocTitle", "true")
    canvas.setFont("Helvetica", 7.5)
    canvas.drawRightString(A4[0] - MARGIN, MARGIN - 10, f"Page {template.page}")
    canvas.drawString(MARGIN, MARGIN - 10, latin(template.subject))


def latin(text: str) -> str:
    """Text in the signs that the fonts of every reader have: Tshivenda's marks, say, are left out."""
    shown = []
    for sign in text:
        try:
            sign.encode("cp1252")
            shown.append(sign)
        except UnicodeEncodeError:
            plain = unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode()
            shown.append(plain or "?")
    return "".join(one for one in "".join(shown) if one.isprintable())


def _said(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(latin(text)), style)


class _Bookmark(Flowable):
    """A place that the reader's outline leads to."""

    def __init__(self, name: str, heading: str) -> None:
        super().__init__()
        self.name, self.heading = name, heading

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return 0, 0

    def draw(self) -> None:
        self.canv.bookmarkPage(self.name)
        self.canv.addOutlineEntry(self.heading, self.name)


def _story(document: Document) -> Iterator[Flowable]:
    yield _said(document.title, TITLE)
    yield _said(document.warning, WARNING)
    yield from (_said(said, BODY) for said in document.lead)
    if document.figures:
        yield _boxes(document)
    for section in document.sections:
        yield from _part(section)


def _boxes(document: Document) -> Grid:
    boxes = [[_said(one.name, HEAD), _said(one.value, VALUE), _said(one.note, SMALL)] for one in document.figures]
    grid = Grid([boxes], colWidths=[WIDTH / len(boxes)] * len(boxes))
    line = ("BOX", (0, 0), (-1, -1), 0.5, HexColor("#888888"))
    grid.setStyle(TableStyle([line, ("VALIGN", (0, 0), (-1, -1), "TOP")]))
    return grid


def _part(section: Section) -> Iterator[Flowable]:
    head: list[Flowable] = [_Bookmark(section.name, latin(section.heading)), _said(section.heading, HEADING)]
    head += [_said(said, BODY) for said in section.words]
    if section.picture is not None:
        yield KeepTogether([*head, _scaled(section.picture), _said(section.picture.told, SMALL)])
        head = []
    yield from head
    if section.table is not None:
        yield _grid(section.table) if section.table.rows else _said("None.", BODY)
    yield Spacer(0, 4)


def _grid(table: Table) -> Grid:
    rows = [[_said(cell, HEAD) for cell in table.columns]]
    rows += [
        [_said(cell[:LONGEST] + ("…" if len(cell) > LONGEST else ""), SMALL) for cell in row] for row in table.rows
    ]
    lengths = [
        min(60, max(11, *(len(row[place]) for row in (table.columns, *table.rows))))
        for place in range(len(table.columns))
    ]
    grid = Grid(rows, colWidths=[WIDTH * length / sum(lengths) for length in lengths], repeatRows=1)
    grid.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, 0), 1, HexColor("#1a1a1a")),
                ("LINEBELOW", (0, 1), (-1, -1), 0.25, HexColor("#999999")),
                ("LEFTPADDING", (0, 0), (-1, -1), 3),
                ("RIGHTPADDING", (0, 0), (-1, -1), 3),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
            ]
        )
    )
    return grid


def _scaled(picture: Picture) -> Drawing:
    scale = min(WIDTH / picture.width, (HEIGHT - 130) / picture.height, 1.0)
    drawing = Drawing(picture.width * scale, picture.height * scale)
    drawing.scale(scale, scale)
    for mark in flat(picture.marks):
        drawing.add(_shape(mark, picture.height))
    return drawing


def _shape(mark: Box | Disc | Route | Words, height: float) -> Any:
    """The mark where PDF has it: its y goes upwards."""
    if isinstance(mark, Words):
        words = String(mark.x, height - mark.y, latin(mark.text))
        words.fontName = "Helvetica-Bold" if mark.bold else "Helvetica"
        words.fontSize, words.fillColor, words.textAnchor = mark.size, HexColor(mark.colour), mark.anchor
        return words
    if isinstance(mark, Disc):
        return Circle(mark.x, height - mark.y, mark.radius, **_painted(mark.paint))
    if isinstance(mark, Box):
        return Rect(mark.x, height - mark.y - mark.height, mark.width, mark.height, **_painted(mark.paint))
    points = [value for x, y in mark.points for value in (x, height - y)]
    stroke = {name: value for name, value in _painted(mark.paint).items() if name != "fillColor"}
    return PolyLine(points, **stroke)


def _painted(paint: Paint) -> dict[str, Any]:
    return {
        "fillColor": HexColor(paint.fill) if paint.fill else None,
        "strokeColor": HexColor(paint.stroke) if paint.stroke else None,
        "strokeWidth": paint.width,
        "strokeDashArray": list(paint.dash) or None,
    }
