"""A page for people, declared once: where it is, who may ask for it, what the navigation calls it.

Pages are answered as HTML, are no part of the API's document, and stand in the permission matrix beside its operations.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Flask, current_app, request

from directory.permissions import ACTIONS
from web.smorest import HOLDER, PUBLIC

SAFE = frozenset({"GET"})
View = Callable[..., Any]


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page, or what one of its forms does.

    `policy` is an action of the permission table, HOLDER (whoever is signed in) or PUBLIC. Without one there is no
    page, and no server. `tag` is what it is about: a collection's path, where its records decide. `menu` is what the
    navigation calls it for who may see it; left out, it is not there. `about` says on the start page what it is for.
    `cost` is how many requests it counts as.
    `only_asks`: a form that changes nothing, sent so that what it asks stands in no address.
    """

    rule: str
    id: str
    policy: str
    method: str = "GET"
    tag: str = "pages"
    menu: str = ""
    about: str = ""
    cost: int = 1
    only_asks: bool = False

    def __post_init__(self) -> None:
        if self.policy not in (PUBLIC, HOLDER, *ACTIONS):
            raise ValueError(f"{self.id} has no policy of the permission table: {self.policy}")
        if self.menu and (self.method not in SAFE or "<" in self.rule):
            raise ValueError(f"{self.id} cannot be in the navigation: it is no address by itself")

    @property
    def is_form(self) -> bool:
        """Whether it is what a form sends, and must therefore come from a page of ours."""
        return self.method not in SAFE

    @property
    def writes(self) -> bool:
        """Whether it may write."""
        return self.is_form and not self.only_asks

    @property
    def endpoint(self) -> str:
        """Its name for `url_for`."""
        return f"pages.{self.id}"


Routes = Sequence[tuple[Page, View]]


def init_app(app: Flask) -> None:
    """Make room for pages."""
    app.extensions["pages"] = {}


def register(app: Flask, routes: Routes) -> None:
    """Add pages and their views. A view gets the parts of its path."""
    pages: dict[str, Page] = app.extensions["pages"]
    for page, view in routes:
        pages[page.endpoint] = page
        options: dict[str, Any] = {"methods": [page.method], "provide_automatic_options": False}
        app.add_url_rule(page.rule, page.endpoint, _named(page, view), **options)


def _named(page: Page, view: View) -> View:
    @wraps(view)
    def run(**parts: Any) -> Any:
        return view(**parts)

    run.__name__ = page.id
    return run


def pages() -> dict[str, Page]:
    """All pages by endpoint."""
    found: dict[str, Page] = current_app.extensions["pages"]
    return found


def asked() -> Page | None:
    """The page that is asked for, if it is one."""
    return pages().get(request.endpoint or "")
