"""Messages to one's organisation or unit: what changed at the other end of a link."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response, request

from directory.permissions import may
from directory.services import outbox
from web import browser, html, transaction
from web.auth import actor
from web.page import Page, Routes
from web.pages.office import sheets
from web.pages.office.sheets import Button, Row, Sheet
from web.pages.registry.naming import MARK, Names

MESSAGES = "/messages"


def inbox() -> Response:
    """Messages that nobody has read; or all."""
    session, who = transaction.session(), actor()
    unread = None if request.args.get("show") == "all" else True
    found, total = outbox.page(session, who, unread=unread, page=sheets.number(), page_size=sheets.A_PAGE)
    shown = [outbox.publish(one) for one in found]
    wanted: dict[str, set[str]] = {}
    for one in shown:
        if one["to"]["type"] != "account":
            wanted.setdefault(f"{one['to']['type']}s", set()).add(one["to"]["id"])
    names = Names(session, who).of(wanted)
    return sheets.show(
        Sheet(
            title="Messages",
            columns=("What", "To", "Written", "Read"),
            rows=[_message(one, MARK.sub("", names.get(one["to"]["id"], _unnamed(one)))) for one in shown],
            total=total,
            about="What changes at the other end of your links. They name posts and offices, never people.",
            ways=(Button(label="Unread", address=MESSAGES), Button(label="All", address=f"{MESSAGES}?show=all")),
        )
    )


def _unnamed(one: Mapping[str, Any]) -> str:
    return "you" if one["to"]["type"] == "account" else "a partner"


def _message(one: Mapping[str, Any], to: str) -> Row:
    reading = Button(label="I have read it", address=f"{MESSAGES}/{one['id']}/read")
    cells = (one["text"], to, html.local_time(one["created_at"]), html.local_time(one["read_at"]) or "not yet")
    return Row(cells=cells, buttons=(reading,) if may(actor(), outbox.MARK) and not one["read_at"] else ())


def read(record_id: UUID) -> Response:
    """Say that a message was read."""
    outbox.read(transaction.session(), actor(), str(record_id))
    return browser.go_to(MESSAGES)


ROUTES: Routes = (
    (
        Page(
            rule=MESSAGES,
            id="messages",
            policy="messages.read",
            menu="Messages",
            about="What changed at the other end of your links.",
        ),
        inbox,
    ),
    (Page(rule=f"{MESSAGES}/<uuid:record_id>/read", id="read_message", policy=outbox.MARK, method="POST"), read),
)
