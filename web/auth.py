"""Who asks, by the key or session that the request carries, and whether that role may ask for this at all.

Both are looked up on every request, in every worker: what is revoked or suspended is refused at once. The server
listens on a loopback address only (web.settings), behind whatever ends TLS; the peer must therefore be this machine,
and the host named one that the settings know, so that a web page elsewhere cannot reach the registry by pointing its
own name at 127.0.0.1. The API reads no cookies, and pages read no keys.
"""

import re
from http import HTTPStatus
from urllib.parse import urlencode

from flask import Flask, Response, current_app, g, request
from sqlalchemy.orm import Session

from directory import permissions
from directory.permissions import Actor
from directory.services import audit, keys, sessions
from directory.services.audit import About
from directory.services.keys import Held
from web import browser, headers, page, rates, transaction
from web.errors import Refused
from web.page import Page
from web.settings import Settings, is_loopback
from web.smorest import HOLDER, PUBLIC, Operation
from web.transaction import Registry

ANONYMOUS = Actor("anonymous", "anonymous")
END_USER = "X-End-User"
"""An app's own word for whom it asks: kept in the audit, so it names nobody to us."""


SIGN_IN = "/sign-in"


def init_app(app: Flask, settings: Settings) -> None:
    """Name the actor of every request and hold it to the operation's policy; audit what was denied."""
    app.config["TRUSTED_HOSTS"] = list(settings.names)
    app.before_request(_identify)
    app.after_request(_record_denial)


def actor() -> Actor:
    """Who makes this request."""
    found: Actor = g.actor
    return found


def operation() -> Operation | None:
    """What is asked for, if it is an operation of the API."""
    operations: dict[str, Operation] = current_app.extensions["operations"]
    return operations.get(request.endpoint or "")


def _identify() -> Response | None:
    g.actor = ANONYMOUS
    if not is_loopback(request.remote_addr or "localhost"):
        raise Refused("denied", "This service answers its own machine only; put what ends TLS on it.")
    if headers.is_preflight():
        return Response(status=HTTPStatus.NO_CONTENT)
    visited = page.asked()
    if visited is not None:
        return _visit(visited)
    asked = operation()
    if asked is None or asked.policy == PUBLIC:
        rates.spend_address()
    if asked is not None:
        _call(asked)
    return None


def _call(asked: Operation) -> None:
    g.writes = asked.writes
    if asked.policy == PUBLIC:
        return
    g.actor = _holder()
    rates.spend_key(g.actor, asked.id)
    if asked.policy != HOLDER:
        permissions.require(g.actor, asked.policy)


def _visit(visited: Page) -> Response | None:
    """Whoever is signed in, if the page may be theirs; who is not is led to sign in. A public form asks nobody who
    they are, so that it may begin transactions of its own."""
    g.writes = visited.writes
    if visited.policy == PUBLIC:
        rates.spend_address(visited.cost)
        if visited.is_form:
            browser.check_form()
        else:
            g.actor = _signed_in() or ANONYMOUS
        return None
    found = _signed_in()
    if found is None:
        rates.spend_address()
        return _to_sign_in(visited)
    g.actor = found
    rates.spend_key(found, visited.id, visited.cost)
    if visited.is_form:
        browser.check_form()
    if visited.policy != HOLDER:
        permissions.require(found, visited.policy)
    return None


def _signed_in() -> Actor | None:
    token = browser.token()
    if token is None:
        return None
    found = sessions.lookup(transaction.session(), token)
    g.used = found is not None and sessions.needs_touch(transaction.session(), found)
    return found


def _to_sign_in(visited: Page) -> Response:
    """The way to sign in, and back to what was to be read; a fragment is never put into a page by itself."""
    back = "" if visited.is_form else f"?{urlencode({'next': request.full_path.rstrip('?')})}"
    if request.headers.get("HX-Request") == "true":
        return Response(status=HTTPStatus.UNAUTHORIZED, headers={"HX-Redirect": SIGN_IN})
    return browser.go_to(f"{SIGN_IN}{back}")


def _holder() -> Actor:
    """Whose key this is. Raises Refused; who has none is counted by address."""
    try:
        return _named()
    except Refused:
        rates.spend_address()
        raise


def _named() -> Actor:
    found = re.fullmatch(r"Bearer +(pd_[\x21-\x7e]{1,200})", request.headers.get("Authorization", ""), re.IGNORECASE)
    if found is None:
        raise Refused("unauthenticated", "Send Authorization: Bearer pd_… with a key of yours.")
    registry = transaction.registry()
    held = _held(registry, found[1])
    if held is None:
        raise Refused("unauthenticated", "This key is not known, or holds no longer.")
    g.used = held.needs_touch(registry.clock())
    end_user = request.headers.get(END_USER)
    return held.actor if end_user is None else keys.on_behalf(held.actor, end_user)


def _held(registry: Registry, token: str) -> Held | None:
    """Who holds a key: for what writes, in its own transaction; for what reads, by what is remembered at the revisions
    of now, so that whatever ends a key ends it with the next request."""
    if transaction.is_writing():
        return keys.held(transaction.session(), token)
    seen = transaction.look()
    held = registry.keyring.find(token, seen, registry.clock())
    if held is None:
        held = keys.held(transaction.session(), token)
        if held is not None:
            registry.keyring.keep(token, seen, held)
    return held


def _record_denial(answer: Response) -> Response:
    """Audit a refused try, in a transaction of its own once the try's own is rolled back, and what was read that is
    confidential, before it leaves; note the key's use."""
    denied = answer.status_code == HTTPStatus.FORBIDDEN
    read = g.get("read", ()) if answer.status_code < HTTPStatus.BAD_REQUEST else ()
    if read and transaction.is_writing():
        read = ()
    if not denied and not read and not g.get("used", False):
        return answer
    asked = operation() or page.asked()
    if asked is None or g.get("actor", ANONYMOUS) == ANONYMOUS:
        return answer
    with transaction.registry().within(write=True) as session:
        if denied:
            record_id = (request.view_args or {}).get("record_id")
            about = About(asked.tag.replace("-", "_"), None if record_id is None else str(record_id))
            audit.record_denial(session, actor(), asked.policy, about)
        else:
            audit.record_readings(session, actor(), read)
            _touch(session)
    return answer


def _touch(session: Session) -> None:
    """Note that the session or key was used, now and then."""
    if not g.get("used", False):
        return
    if actor().session_id is not None:
        sessions.touch(session, actor())
    else:
        keys.touch(session, actor())
        transaction.registry().keyring.forget()
