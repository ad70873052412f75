"""The report as one file of HTML: nothing in it is fetched from elsewhere, and it prints."""

from flask import render_template
from markupsafe import Markup

from web.pictures.scene import Picture
from web.pictures.svg import svg
from web.report.document import Document


def drawn(picture: Picture) -> Markup:
    """A picture as SVG for a page. What it is made of was escaped when it was made."""
    return Markup(svg(picture))  # noqa: S704


def html(document: Document) -> str:
    """The whole file."""
    return render_template("network/report.html", document=document, drawn=drawn) + "\n"
