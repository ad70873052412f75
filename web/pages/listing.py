"""The page of somebody listed: reached by a one-time link, to see, correct, object, set hours, leave and deputy.

A link is opened by a press of a button: messengers and mail programs follow links by themselves. What the form sends
is answered with the page anew, at the same address; there is nothing to sign in to, and no way to anything else.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response, request

from directory.errors import Invalid
from directory.fields import Field
from directory.services import listed, statements
from web import html, transaction
from web.auth import actor
from web.forms import controls, reading
from web.forms.controls import Shown
from web.page import Page, Routes
from web.paths import API
from web.smorest import PUBLIC

HERE = "/listed/<string:token>"
CHANNEL = f"{HERE}/channels/<uuid:channel_id>"
INVITE = "/registry/persons/<uuid:record_id>/invite"
FACTS = listed.PERSON_FIELDS
LINE = listed.CHANNEL_FIELDS


def door(token: str) -> Response:
    """The button that opens a link. Nothing of the person is told before it is pressed, nor whether there is one."""
    return html.render("listed/door.html", here=request.path)


def see(token: str) -> Response:
    """All that is kept of oneself."""
    return _page(token)


def correct(token: str) -> Response:
    """Change one's name, languages, or whether one is there."""
    given = reading.values(FACTS, request.form, _as_typed)
    return _after(token, "", lambda: listed.correct(transaction.session(), token, given))


def correct_channel(token: str, channel_id: UUID) -> Response:
    """Change a number or mailbox of one's own, its hours, or who reads it."""
    given = reading.values(LINE, request.form, _as_typed)
    return _after(
        token,
        str(channel_id),
        lambda: listed.correct_channel(transaction.session(), token, str(channel_id), given),
    )


def withdraw_channel(token: str, channel_id: UUID) -> Response:
    """Withdraw a number or mailbox."""
    listed.withdraw_channel(transaction.session(), token, str(channel_id))
    return _page(token, said=True)


def object_to(token: str) -> Response:
    """Object to being listed, or to how."""
    given = {"code": request.form.get("code", "")}
    return _after(token, "", lambda: listed.object_to(transaction.session(), token, given))


def name_deputy(token: str) -> Response:
    """Suggest who stands in."""
    given = {"person_id": request.form.get("person_id", "")}
    return _after(token, "", lambda: listed.name_deputy(transaction.session(), token, given))


def invite(record_id: UUID) -> Response:
    """The notice for somebody listed, and their link, shown this once to who sends it on."""
    session, who = transaction.session(), actor()
    told = listed.notice(session, who, str(record_id))
    made = listed.invite(session, who, str(record_id))
    where = f"{request.url_root.rstrip('/')}/listed/{made.token}"
    return html.render("listed/invitation.html", notice=told["text"], link=where, ends=made.link.expires_at)


def _after(token: str, where: str, act: Any) -> Response:
    try:
        act()
    except Invalid as invalid:
        return _page(token, errors={where: invalid.errors})
    return _page(token, said=True)


def _page(token: str, *, said: bool = False, errors: Mapping[str, Mapping[str, list[str]]] | None = None) -> Response:
    kept = listed.see(transaction.session(), token)
    wrong = errors or {}
    lines = [
        (one, _controls(LINE, one, wrong.get(one["id"], {}))) for one in kept["channels"] if one["status"] != "closed"
    ]
    return html.render(
        "listed/page.html",
        422 if wrong else 200,
        kept=kept,
        here=f"/listed/{token}",
        said=said,
        errors=wrong,
        facts=_controls(FACTS, kept["person"], wrong.get("", {})),
        lines=lines,
        objections=statements.OBJECTIONS,
        api=API,
    )


def _controls(
    fields: Mapping[str, Field], values: Mapping[str, Any], errors: Mapping[str, list[str]]
) -> tuple[controls.Control, ...]:
    return controls.controls(fields, Shown(values=values, errors=errors, names={}, options={}))


def _as_typed(path: str, name: str, text: str) -> str:
    return text


ROUTES: Routes = (
    (Page(rule=HERE, id="listed_door", policy=PUBLIC), door),
    (Page(rule=HERE, id="listed", policy=PUBLIC, method="POST"), see),
    (Page(rule=f"{HERE}/facts", id="listed_correct", policy=PUBLIC, method="POST"), correct),
    (Page(rule=CHANNEL, id="listed_channel", policy=PUBLIC, method="POST"), correct_channel),
    (Page(rule=f"{CHANNEL}/withdraw", id="listed_withdraw", policy=PUBLIC, method="POST"), withdraw_channel),
    (Page(rule=f"{HERE}/objections", id="listed_object", policy=PUBLIC, method="POST"), object_to),
    (Page(rule=f"{HERE}/deputies", id="listed_deputy", policy=PUBLIC, method="POST"), name_deputy),
    (Page(rule=INVITE, id="invite", policy="persons.invite", method="POST", tag="persons"), invite),
)
