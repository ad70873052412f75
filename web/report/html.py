"""The report as one file of HTML: nothing in it is fetched from elsewhere, and it prints."""

from flask import render_template
from markupsafe import Markup

from web import assets
from web.pictures.scene import Picture
from web.pictures.svg import svg
from web.report.document import Document

STYLES = "report.css"
"""What the file and the page have in common."""


def drawn(picture: Picture) -> Markup:
    """A picture as SVG for a page. What it is made of was escaped when it was made."""
    return Markup(svg(picture))  # noqa: S704


def html(document: Document) -> str:
    """The whole file."""
    styles = Markup(assets.read(STYLES).content.decode())  # noqa: S704
    return render_template("network/report.html", document=document, drawn=drawn, shared_styles=styles) + "\n"
