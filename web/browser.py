"""What a browser carries: the cookie of its session, that of its enrolments, and the token of its forms.

Cookies have the prefix `__Host-` and travel by TLS only, except on this machine by plain http. They are read and set
for pages alone: on the API they are not there. Every form carries a token (Flask-WTF), and comes from our own origin.
"""

from datetime import timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

import flask
from flask import Flask, Response, current_app, redirect, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError

from directory.services.logins import DEVICE_KEPT
from web.errors import Refused
from web.paths import API
from web.settings import Settings

TOKEN = "token"  # noqa: S105
DEVICES_KEPT = 8
"""Enrolments of one browser: so many people may share it."""
LONGEST_COOKIE = 1000
STALE = "This form is not ours, or is from before you signed in or out. Go back, load the page anew, and try again."


class PageSessions(SecureCookieSessionInterface):
    """Flask's signed cookie, for everything but the API."""

    def open_session(self, app: Flask, request: flask.Request) -> SecureCookieSession | None:
        """The cookie's content; on the API none, whatever is sent, and none can be set."""
        return None if f"{request.path}/".startswith(f"{API}/") else super().open_session(app, request)


def init_app(app: Flask, settings: Settings) -> None:
    """Name and guard the cookies."""
    app.secret_key = settings.secret_key
    app.session_interface = PageSessions()
    app.config |= {
        "SESSION_COOKIE_NAME": cookie_name(settings, "session"),
        "SESSION_COOKIE_SECURE": settings.secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "WTF_CSRF_CHECK_DEFAULT": False,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
    }
    CSRFProtect(app)


def cookie_name(settings: Settings, name: str) -> str:
    """A cookie's name, such that by TLS a browser takes it from this very host alone."""
    return f"__Host-{name}" if settings.secure else name


def go_to(address: str) -> Response:
    """Where a form leads once it is done, so that loading the page again sends nothing twice."""
    answer: Response = current_app.make_response(redirect(address, HTTPStatus.SEE_OTHER))
    return answer


def token() -> str | None:
    """The token of the session that the browser says it has."""
    found = flask.session.get(TOKEN)
    return found if isinstance(found, str) else None


def begin(token: str) -> None:
    """Keep the token of a session just opened; nothing of before it stays, the token of forms neither."""
    flask.session.clear()
    flask.session[TOKEN] = token


def forget() -> None:
    """Keep nothing of the session."""
    flask.session.clear()


def check_form() -> None:
    """Raise Refused unless what is sent comes from a form of ours in this browser."""
    sent = request.headers.get("Origin")
    if sent != origin() or request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise Refused("denied", "This was not sent from a page of this service.")
    try:
        guard: CSRFProtect = current_app.extensions["csrf"]
        guard.protect()
    except CSRFError:
        raise Refused("denied", STALE) from None


def origin() -> str:
    """Where our own pages are: as the settings say, or this machine by the name it was asked by."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings.public_url or f"http://{urlsplit(request.url_root).netloc}"


def devices() -> tuple[str, ...]:
    """The tokens of the browser's enrolments."""
    kept = request.cookies.get(cookie_name(current_app.config["SETTINGS"], "device"), "")[:LONGEST_COOKIE]
    return tuple(one for one in kept.split(".") if one)[-DEVICES_KEPT:]


def keep_devices(answer: Response, added: str | None) -> None:
    """Keep the enrolments, with one more if there is one, for as long as they hold unused."""
    settings: Settings = current_app.config["SETTINGS"]
    kept = [*devices(), *([] if added is None else [added])][-DEVICES_KEPT:]
    answer.set_cookie(
        cookie_name(settings, "device"),
        ".".join(kept),
        max_age=DEVICE_KEPT // timedelta(seconds=1),
        secure=settings.secure,
        httponly=True,
        samesite="Lax",
    )
