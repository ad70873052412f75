"""Where people arrive: `/` in a browser leads to the start page, or to signing in."""

from flask import Flask, Response, request

from web import browser, html
from web.auth import SIGN_IN
from web.page import Page, Routes
from web.smorest import HOLDER

START = "/start"
ROOT = "root.getRoot"


def start() -> Response:
    """What there is to do, for who is signed in."""
    return html.render("start.html")


def init_app(app: Flask) -> None:
    """Lead people away from the index, which is for programs."""
    app.before_request(_lead)
    app.after_request(_vary)


def _lead() -> Response | None:
    if request.endpoint != ROOT or request.method not in ("GET", "HEAD") or not html.wanted():
        return None
    return browser.go_to(SIGN_IN if browser.token() is None else START)


def _vary(answer: Response) -> Response:
    if request.endpoint == ROOT:
        answer.vary.add("Accept")
    return answer


ROUTES: Routes = ((Page(rule=START, id="start", policy=HOLDER, menu="Start"), start),)
