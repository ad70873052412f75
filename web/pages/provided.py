"""Signing in with the outside provider that the settings name: there, back, and a code where one is needed.

Who is not let in is told one sentence, whatever the reason; the reason is in the audit.
"""

from http import HTTPStatus

import flask
from flask import Response, abort, request

from directory.services import identities
from directory.services.identities import Arrival, Vouched
from directory.services.logins import Attempt, Opened
from web import browser, html, provider, rates, transaction
from web.auth import SIGN_IN
from web.page import Page, Routes
from web.pages.signing_in import COST, way_back, welcome
from web.smorest import PUBLIC

START, CODE = "/sign-in/provider", "/sign-in/provider/code"
WAITING, NEXT = "waiting", "next"
WAITS_S = 300


def lead() -> Response:
    """To the provider."""
    if provider.named() is None:
        abort(HTTPStatus.NOT_FOUND)
    flask.session[NEXT] = way_back(request.args.get("next", ""))
    try:
        return provider.lead()
    except provider.Unbelievable:
        return _refused()


def come_back() -> Response:
    """From the provider: into a session, on to the code, or back to the form."""
    known = provider.named()
    if known is None:
        abort(HTTPStatus.NOT_FOUND)
    if not provider.is_under_way():
        return _refused()
    try:
        vouched, second_factor = provider.told(known)
    except provider.Unbelievable:
        with transaction.registry().within(write=True) as session:
            identities.refuse(session, "token")
        return _refused()
    return _answered(Arrival(vouched, _attempt(), second_factor))


def code_form() -> Response:
    """The form for the code."""
    return _refused() if _waiting() is None else html.render("code.html")


def give_code() -> Response:
    """Judge the code."""
    vouched = _waiting()
    if vouched is None:
        return _refused()
    registry = transaction.registry()
    with registry.within(write=True) as session:
        admitted = identities.admit(session, vouched)
    code = "".join(request.form.get("code", "")[:20].split())
    if not admitted or not code:
        return html.render("code.html", HTTPStatus.UNPROCESSABLE_ENTITY, failed=True)
    with registry.within(write=True) as session:
        opened = identities.arrive(session, Arrival(vouched, _attempt()), code)
    if isinstance(opened, Opened):
        return welcome(opened, way_back(str(flask.session.get(NEXT, ""))))
    return html.render("code.html", HTTPStatus.UNPROCESSABLE_ENTITY, failed=True)


def _answered(arrival: Arrival) -> Response:
    registry = transaction.registry()
    registry.check()
    with registry.within(write=True) as session:
        opened = identities.arrive(session, arrival)
    if isinstance(opened, Opened):
        return welcome(opened, way_back(str(flask.session.get(NEXT, ""))))
    if opened is None:
        return _refused()
    who = arrival.vouched
    flask.session[WAITING] = [who.issuer, who.subject, who.username, registry.clock().timestamp() + WAITS_S]
    return browser.go_to(CODE)


def _waiting() -> Vouched | None:
    """Whom the provider has vouched for in this browser within five minutes, and who has to give a code."""
    if provider.named() is None:
        abort(HTTPStatus.NOT_FOUND)
    kept = flask.session.get(WAITING)
    if not isinstance(kept, list) or kept[3] < transaction.registry().clock().timestamp():
        return None
    return Vouched(*kept[:3])


def _attempt() -> Attempt:
    return Attempt("", browser.devices(), rates.client_address())


def _refused() -> Response:
    flask.session.pop(WAITING, None)
    return browser.go_to(f"{SIGN_IN}?refused=1")


ROUTES: Routes = (
    (Page(rule=START, id="lead_to_provider", policy=PUBLIC, cost=COST), lead),
    (Page(rule=provider.CALLBACK, id="come_back", policy=PUBLIC, cost=COST), come_back),
    (Page(rule=CODE, id="code_form", policy=PUBLIC), code_form),
    (Page(rule=CODE, id="give_code", policy=PUBLIC, method="POST", cost=COST), give_code),
)
