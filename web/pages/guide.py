"""The pocket guide as a page, and what lets a phone keep the last one."""

from flask import Response

from directory import geography
from directory.errors import NotFound
from web import html, pocket_guide, transaction
from web.assets import read
from web.auth import actor
from web.html import HTML
from web.page import Page, Routes
from web.smorest import PUBLIC

GUIDES = "/guide/"


def provinces() -> Response:
    """Which provinces there are guides to."""
    return html.render("guides.html", provinces=geography.provinces())


def guide(province: str) -> Response:
    """One guide. Raises NotFound."""
    if province not in geography.provinces():
        raise NotFound("guides", province)
    made = pocket_guide.make(transaction.session(), actor(), province, transaction.registry().clock())
    return Response(pocket_guide.page(made), mimetype=HTML)


def worker() -> Response:
    """The script that keeps the last guide: from here it reaches guides and no other page."""
    return Response(read("guide-worker.js").content, mimetype="text/javascript")


ROUTES: Routes = (
    (
        Page(
            rule=GUIDES,
            id="guides",
            policy="registry.read",
            tag="organisations",
            menu="Pocket guide",
            about="Public lines of a province, to print or keep on the phone.",
        ),
        provinces,
    ),
    (Page(rule=f"{GUIDES}<string:province>", id="guide", policy="registry.read", tag="organisations"), guide),
    (Page(rule=f"{GUIDES}worker.js", id="guide_worker", policy=PUBLIC), worker),
)
