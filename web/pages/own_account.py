"""One's own account: where one is signed in, the devices that know one, password and second factor."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from uuid import UUID

import flask
import pyotp
import segno
from flask import Response, request

from directory.errors import Invalid
from directory.services import accounts, factors, own_secrets, sessions
from directory.services.own_secrets import NewFactor
from web import browser, html, transaction
from web.auth import actor
from web.page import Page, Routes
from web.smorest import HOLDER

ACCOUNT, PASSWORD, FACTOR = "/account", "/account/password", "/account/second-factor"
SESSION_END = f"{ACCOUNT}/sessions/<uuid:session_id>/end"
DEVICE_END = f"{ACCOUNT}/devices/<uuid:device_id>/forget"
OFFERED = "offered_factor"
ISSUER = "Directory"
LONGEST = 400
SAID = {"password": "Your password is changed.", "second-factor": "Your second factor is changed."}


def overview() -> Response:
    """The account, its sessions and devices."""
    session, who = transaction.session(), actor()
    known = own_secrets.devices(session, who)
    return html.render(
        "account.html",
        account=accounts.publish(accounts.get(session, who, str(who.account_id))),
        sessions=sessions.held(session, who),
        current=who.session_id,
        devices=known,
        here=own_secrets.recognised(known, browser.devices()),
        said=SAID.get(request.args.get("changed", "")),
    )


def end_session(session_id: UUID) -> Response:
    """End one of one's sessions."""
    sessions.revoke(transaction.session(), actor(), str(session_id))
    return _back()


def forget_device(device_id: UUID) -> Response:
    """Let a device be a stranger's."""
    own_secrets.forget_device(transaction.session(), actor(), str(device_id))
    return _back()


def password_form() -> Response:
    """The form for another password."""
    return html.render("password.html", errors={})


def change_password() -> Response:
    """Change it, or say what is not right."""
    _admit()
    try:
        own_secrets.change_password(transaction.session(), actor(), _given("current"), _given("new"))
    except Invalid as invalid:
        return html.render("password.html", HTTPStatus.UNPROCESSABLE_ENTITY, errors=invalid.errors)
    return _back("password")


def factor_form() -> Response:
    """A new key for the authenticator, kept in the browser alone until a code shows that it has arrived."""
    flask.session[OFFERED] = factors.make()
    return _offer({})


def change_factor() -> Response:
    """Take the key that was offered, or say what is not right."""
    _admit()
    secret = flask.session.get(OFFERED)
    if not isinstance(secret, str):
        return _back()
    codes = {name: "".join(_given(name).split()) for name in ("former", "code")}
    new = NewFactor(password=_given("password"), former=codes["former"], secret=secret, code=codes["code"])
    try:
        own_secrets.change_factor(transaction.session(), actor(), new)
    except Invalid as invalid:
        transaction.session().rollback()
        return _offer(invalid.errors, HTTPStatus.UNPROCESSABLE_ENTITY)
    flask.session.pop(OFFERED)
    return _back("second-factor")


def picture(username: str, secret: str) -> str:
    """The key as a QR code, for the source of an image."""
    address = pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)
    drawn: str = segno.make(address, error="m", micro=False).svg_data_uri(scale=4, border=4)
    return drawn


def _offer(errors: Mapping[str, Sequence[str]], status: int = 200) -> Response:
    who, secret = actor(), str(flask.session[OFFERED])
    account = accounts.publish(accounts.get(transaction.session(), who, str(who.account_id)))
    shown = {"secret": secret, "picture": picture(who.name, secret), "has_one": account["second_factor"]}
    return html.render("second_factor.html", status, errors=errors, **shown)


def _admit() -> None:
    """Count the try, whatever comes of it."""
    own_secrets.admit(transaction.session(), actor())
    transaction.restart()


def _given(name: str) -> str:
    return request.form.get(name, "")[:LONGEST]


def _back(changed: str = "") -> Response:
    address = f"{ACCOUNT}?changed={changed}" if changed else ACCOUNT
    return browser.go_to(address)


ROUTES: Routes = (
    (
        Page(
            rule=ACCOUNT,
            id="account",
            policy=HOLDER,
            menu="Your account",
            about="Password, second factor, where you are signed in.",
        ),
        overview,
    ),
    (Page(rule=SESSION_END, id="end_session", policy=HOLDER, method="POST"), end_session),
    (Page(rule=DEVICE_END, id="forget_device", policy=HOLDER, method="POST"), forget_device),
    (Page(rule=PASSWORD, id="password_form", policy=HOLDER), password_form),
    (Page(rule=PASSWORD, id="change_password", policy=HOLDER, method="POST"), change_password),
    (Page(rule=FACTOR, id="factor_form", policy=HOLDER), factor_form),
    (Page(rule=FACTOR, id="change_factor", policy=HOLDER, method="POST"), change_factor),
)
