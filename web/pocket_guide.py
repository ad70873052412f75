"""The pocket guide: public lines of one province for when there is no power and no network, dated, with an end.

One content for the page, the printed page and the PDF. It carries nothing of who asked for it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from itertools import groupby
from typing import Any

from flask import render_template
from sqlalchemy.orm import Session

from directory import geography, vocabulary
from directory.answers import DAYS, ROUND_THE_CLOCK
from directory.changes import LOCAL
from directory.permissions import Actor
from directory.services.pocket_guide import Entry, Line, public_contacts
from web.assets import STATIC
from web.html import telephone

LASTS = timedelta(days=90)
"""After this, numbers have changed: throw it away."""
THROW_AWAY = "Throw it away after {expires:%d %B %Y}. Public office lines only: never write a name on it."
ASK = "Ask the person first. Call nobody without agreement, unless the law demands it or a life is in danger."


@dataclass(frozen=True, slots=True)
class Guide:
    """A guide as made on a day."""

    province: str
    made: date
    entries: tuple[Entry, ...]

    @property
    def title(self) -> str:
        """What it is a guide to."""
        return f"Public lines, {geography.provinces()[self.province]}"

    @property
    def expires(self) -> date:
        """The last day on which it may be relied on."""
        return self.made + LASTS

    @property
    def said(self) -> str:
        """How long it holds."""
        return THROW_AWAY.format(expires=self.expires)

    @property
    def parts(self) -> list[tuple[str, list[Entry]]]:
        """The entries under their headings: offices from the country down to stations, then the others."""
        labels = vocabulary.terms("level")
        return [
            ("Others" if level is None else labels[level]["label"], list(those))
            for level, those in groupby(self.entries, key=lambda one: one.level)
        ]

    @property
    def hotlines(self) -> list[dict[str, Any]]:
        """The public hotlines, which come first."""
        found: list[dict[str, Any]] = vocabulary.reference("hotlines")
        return found


def make(session: Session, actor: Actor, province: str, now: datetime) -> Guide:
    """The guide to a province. Raises Denied."""
    return Guide(province, now.astimezone(LOCAL).date(), tuple(public_contacts(session, actor, province)))


def page(guide: Guide, *, alone: bool = False) -> str:
    """The guide as HTML. `alone`: a file by itself, with its style in it; else a page that links its style."""
    style = (STATIC / "guide.css").read_text(encoding="utf-8") if alone else None
    return render_template("guide.html", guide=guide, ask=ASK, style=style, hours=hours, told=told, telephone=telephone)


def hours(given: Any) -> str:
    """When a line is answered, in words."""
    if given is None:
        return "hours not known"
    if given in (ROUND_THE_CLOCK, [ROUND_THE_CLOCK]):
        return "day and night"
    return "; ".join(f"{_days(one['days'])} {one['opens']}-{one['closes']}" for one in given)


def _days(given: list[str]) -> str:
    """Days as a run where they are one, such as Mon-Fri."""
    at = [DAYS.index(day) for day in given]
    run = len(at) > 2 and at == list(range(at[0], at[0] + len(at)))
    return f"{given[0]}-{given[-1]}".title() if run else " ".join(given).title()


def told(line: Line) -> str:
    """When a line is answered; of a mailbox nothing."""
    return "" if "@" in line.value else hours(line.hours)


def pdf(guide: Guide) -> bytes:
    """The guide as a PDF of A5 pages, which fold into a pocket."""
    from reportlab.lib.pagesizes import A5
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.lib.units import mm
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

    styles, made = getSampleStyleSheet(), BytesIO()
    small, heading = styles["BodyText"], styles["Heading3"]
    small.fontSize, small.leading = 8, 10
    story: list[Any] = [Paragraph(_plain(guide.title), styles["Title"])]
    story += [Paragraph(_plain(text), small) for text in (f"Made {guide.made:%d %B %Y}. {guide.said}", ASK)]
    story.append(Paragraph("Hotlines", heading))
    story += [
        Paragraph(f"<b>{_plain(one['number_dialled'])}</b> {_plain(one['name'])}, {hours(one['hours'])}", small)
        for one in guide.hotlines
    ]
    for title, entries in guide.parts:
        story.append(Paragraph(_plain(title), heading))
        for entry in entries:
            name = entry.name if entry.of == entry.name else f"{entry.name} ({entry.of})"
            lines = "<br/>".join(f"<b>{_plain(telephone(one.value))}</b> {told(one)}" for one in entry.lines)
            story += [Paragraph(f"{_plain(name)}<br/>{lines}", small), Spacer(1, 1.5 * mm)]
    margin = 10 * mm
    document = SimpleDocTemplate(
        made,
        pagesize=A5,
        title=guide.title,
        invariant=1,
        leftMargin=margin,
        rightMargin=margin,
        topMargin=margin,
        bottomMargin=margin,
    )
    document.build(story)
    return made.getvalue()


def _plain(text: str) -> str:
    """Text that is no markup of the PDF's paragraphs."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
