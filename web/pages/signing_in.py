"""Signing in and out.

One form takes name, password and code, and one sentence says that it did not work: which of them was wrong is told to
nobody, nor whether the name is known.
"""

import re
from http import HTTPStatus

from flask import Response, current_app, request
from werkzeug.exceptions import HTTPException

from directory.services import logins, sessions
from directory.services.logins import Attempt, Opened
from web import browser, html, page, rates, transaction
from web.auth import SIGN_IN, actor
from web.page import Page, Routes
from web.smorest import HOLDER, PUBLIC

START = "/start"
LONGEST = 400
COST = 100
"""A try takes as long as a hundred usual requests: passwords are slow to check."""


def form() -> Response:
    """The form."""
    return html.render("sign_in.html", next=way_back(request.args.get("next", "")), refused=request.args.get("refused"))


def sign_in() -> Response:
    """Judge what was typed; open a session, or say that it did not work."""
    given = {name: request.form.get(name, "")[:LONGEST] for name in ("username", "password", "code", "next")}
    opened = _opened(given["username"], given["password"], "".join(given["code"].split()) or None)
    back = way_back(given["next"])
    if opened is None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return html.render("sign_in.html", status, failed=True, username=given["username"], next=back)
    return welcome(opened, back)


def welcome(opened: Opened, back: str) -> Response:
    """Into the browser with the session, and on to what was to be read."""
    browser.begin(opened.token)
    answer = browser.go_to(back or START)
    browser.keep_devices(answer, opened.device_token)
    return answer


def sign_out() -> Response:
    """End the session here and on the server."""
    who = actor()
    sessions.revoke(transaction.session(), who, str(who.session_id))
    browser.forget()
    return browser.go_to(SIGN_IN)


def way_back(text: str) -> str:
    """The address of a page of ours to return to, or nothing: never another's."""
    path = text.partition("?")[0]
    if not re.match(r"/[^/\\]", text) or not text.isprintable() or path == SIGN_IN:
        return ""
    try:
        endpoint, _parts = current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return ""
    return text if endpoint in page.pages() else ""


def _opened(username: str, password: str, code: str | None) -> Opened | None:
    """In three steps: no lock is held while the password is checked. The session there was ends with the new one."""
    registry, former = transaction.registry(), browser.token()
    registry.check()
    with registry.within(write=True) as session:
        ticket = logins.admit(session, Attempt(username, browser.devices(), rates.client_address()))
    proof = logins.prove(ticket, password)
    with registry.within(write=True) as session:
        opened = logins.finish(session, ticket, proof, code)
        before = sessions.lookup(session, former) if opened is not None and former is not None else None
        if before is not None:
            sessions.revoke(session, before, str(before.session_id))
    return opened


ROUTES: Routes = (
    (Page(rule=SIGN_IN, id="sign_in_form", policy=PUBLIC), form),
    (Page(rule=SIGN_IN, id="sign_in", policy=PUBLIC, method="POST", cost=COST), sign_in),
    (Page(rule="/sign-out", id="sign_out", policy=HOLDER, method="POST"), sign_out),
)
