"""What was done, who asked about us, what is worrying: audit, disclosures, concerns, and what listed people say."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response, request

from directory.errors import Invalid
from directory.fields import Code, Field, Instant, Text, as_instant
from directory.services import auditing, concerns, disclosures, statements
from directory.services.auditing import Search
from web import browser, html, transaction
from web.auth import actor
from web.forms import controls, reading
from web.page import Page, Routes
from web.pages.office import sheets
from web.pages.office.sheets import Asked, Button, Row, Sheet
from web.pages.registry.naming import MARK, Names

AUDIT, DISCLOSURES, CONCERNS, STATEMENTS = "/audit", "/disclosures", "/concerns", "/statements"
LOOKED_FOR: Mapping[str, Field] = {
    "actor": Text(most=100, doc="The id of an account or key."),
    "action": Text(most=60, doc="Such as changed, user.created, denied."),
    "collection": Text(most=60, doc="Such as organisations."),
    "record": Text(most=60, doc="The id of what it was done to."),
    "since": Instant(),
    "until": Instant(),
}
OUTCOME: Mapping[str, Field] = {"outcome": Code(among=tuple(concerns.OUTCOMES), required=True)}


def audit() -> Response:
    """Who did what, newest first."""
    search, typed = _search()
    found, total = auditing.entries(
        transaction.session(), actor(), search, page=sheets.number(), page_size=sheets.A_PAGE
    )
    rows = [_entry(one) for one in found]
    columns = ("When", "Who", "Role", "Did", "To", "Details")
    shown = controls.Shown(values=typed, errors={}, names={}, options={})
    filters = controls.controls(LOOKED_FOR, shown)
    return sheets.show(Sheet(title="Audit", columns=columns, rows=rows, total=total, filters=filters))


def _search() -> tuple[Search, dict[str, Any]]:
    """What is looked for."""
    kept = reading.sensible(LOOKED_FOR, reading.values(LOOKED_FOR, request.args, lambda path, kind, text: text))
    times = {name: as_instant(kept.get(name)) for name in ("since", "until")}
    return Search(**{**kept, **times}), {**kept, **times}


def _entry(one: Mapping[str, Any]) -> Row:
    who = one["actor"]["name"] or one["actor"]["kind"]
    about = " ".join(part for part in (one["collection"], one["record_id"]) if part)
    return Row(cells=(html.local_time(one["at"]), who, one["role"], one["action"], about, " ".join(one["details"])))


def asked_about_us() -> Response:
    """Who asked for the address of a place, and what for."""
    found, total = disclosures.page(transaction.session(), actor(), page=sheets.number(), page_size=sheets.A_PAGE)
    rows = [_disclosure(one) for one in found]
    about = "Each time somebody was told the address of a confidential place, newest first."
    columns = ("When", "Who", "Of", "What for")
    sheet = Sheet(title="Who asked about us", columns=columns, rows=rows, total=total, about=about)
    return sheets.show(sheet)


def _disclosure(one: Mapping[str, Any]) -> Row:
    asker = one["asked_by"] or {"display_name": "somebody since erased", "organisation": None}
    purpose = disclosures.PURPOSES.get(one["purpose"], one["purpose"])
    return Row(cells=(html.local_time(one["at"]), asker["display_name"], asker["organisation"] or "", purpose))


def open_concerns() -> Response:
    """Concerns that wait for somebody to look into them."""
    session, who = transaction.session(), actor()
    found, total = concerns.page(session, who, page=sheets.number(), page_size=sheets.A_PAGE)
    shown = [concerns.publish(one) for one in found]
    wanted: dict[str, set[str]] = {}
    for one in shown:
        wanted.setdefault(f"{one['about']['type']}s", set()).add(one["about"]["id"])
    names = Names(session, who).of(wanted)
    rows = [_concern(one, MARK.sub("", names.get(one["about"]["id"], "a partner"))) for one in shown]
    columns = ("When", "About", "What")
    return sheets.show(Sheet(title="Concerns", columns=columns, rows=rows, total=total, add=f"{CONCERNS}/new"))


def _concern(one: Mapping[str, Any], about: str) -> Row:
    settling = Button(label="Settle", address=f"{CONCERNS}/{one['id']}", link=True)
    return Row(cells=(html.local_time(one["at"]), about, concerns.CODES[one["code"]]), buttons=[settling])


def concern_form() -> Response:
    """Raise a concern about any partner."""
    return sheets.ask(_raising({}))


def raise_concern() -> Response:
    """Keep it; coordinators alone read it."""
    given, names = sheets.sent(concerns.FIELDS)
    try:
        names.require_clear()
        concerns.raise_concern(transaction.session(), actor(), given)
    except Invalid as invalid:
        transaction.session().rollback()
        return sheets.ask(_raising(given), invalid.errors)
    return html.render("office/raised.html")


def _raising(values: Mapping[str, Any]) -> Asked:
    about = (
        "It reaches coordinators alone, and none of the partner's own. There is nowhere to write a name or a story: "
        "a coordinator will call you."
    )
    title = "Raise a concern"
    return Asked(
        title=title, address=f"{CONCERNS}/new", fields=concerns.FIELDS, values=values, send="Send", about=about
    )


def one_concern(record_id: UUID) -> Response:
    """A concern, to be settled."""
    one = concerns.publish(concerns.get(transaction.session(), actor(), str(record_id)))
    return sheets.ask(_settling(one))


def settle_concern(record_id: UUID) -> Response:
    """Say what came of it."""
    session, who = transaction.session(), actor()
    given, _names = sheets.sent(OUTCOME)
    try:
        concerns.settle(session, who, str(record_id), given)
    except Invalid as invalid:
        session.rollback()
        return sheets.ask(_settling(concerns.publish(concerns.get(session, who, str(record_id)))), invalid.errors)
    return browser.go_to(CONCERNS)


def _settling(one: Mapping[str, Any]) -> Asked:
    where = f"{CONCERNS}/{one['id']}"
    return Asked(title="Settle a concern", address=where, fields=OUTCOME, about=concerns.CODES[one["code"]])


def said_by_listed() -> Response:
    """What listed people said of their listing, and nobody has settled."""
    session, who = transaction.session(), actor()
    found, total = statements.page(session, who, page=sheets.number(), page_size=sheets.A_PAGE)
    people = {one for said in found for one in (said.person_id, said.deputy_id) if one}
    names = {one: MARK.sub("", name) for one, name in Names(session, who).of({"persons": people}).items()}
    rows = [_statement(one, names) for one in found]
    columns = ("When", "Who", "What")
    return sheets.show(Sheet(title="What listed people say", columns=columns, rows=rows, total=total))


def _statement(one: Any, names: Mapping[str, str]) -> Row:
    words = {**statements.OBJECTIONS, **statements.CORRECTIONS}.get(one.code or "", "")
    said = f"Suggests {names.get(one.deputy_id, 'a colleague')} as deputy." if one.deputy_id else words
    buttons = [
        Button(label=label, address=f"{STATEMENTS}/{one.id}", fields={"outcome": outcome})
        for outcome, label in (("followed", "Done"), ("checked", "Found right"), ("declined", "Not done, and told"))
    ]
    return Row(cells=(html.local_time(one.at), names.get(one.person_id, ""), said), buttons=buttons)


def settle_statement(record_id: UUID) -> Response:
    """Say what came of it."""
    given = {"outcome": request.form.get("outcome", "")}
    statements.settle(transaction.session(), actor(), str(record_id), given)
    return browser.go_to(STATEMENTS)


ONE_CONCERN = f"{CONCERNS}/<uuid:record_id>"
ONE_STATEMENT = f"{STATEMENTS}/<uuid:record_id>"
ROUTES: Routes = (
    (Page(rule=AUDIT, id="audit", policy="audit.read", menu="Audit", about="Who did what, and when."), audit),
    (
        Page(
            rule=DISCLOSURES,
            id="disclosures",
            policy="disclosures.read",
            menu="Who asked about us",
            about="Each time somebody was told a confidential address.",
        ),
        asked_about_us,
    ),
    (
        Page(
            rule=CONCERNS,
            id="concerns",
            policy="concerns.read",
            menu="Concerns",
            about="Worries about partners that wait for you.",
        ),
        open_concerns,
    ),
    (
        Page(
            rule=f"{CONCERNS}/new",
            id="concern_form",
            policy="concerns.raise",
            menu="Raise a concern",
            about="Something is wrong with a partner: tell the coordinators alone.",
        ),
        concern_form,
    ),
    (Page(rule=f"{CONCERNS}/new", id="raise_concern", policy="concerns.raise", method="POST"), raise_concern),
    (Page(rule=ONE_CONCERN, id="concern", policy="concerns.read"), one_concern),
    (Page(rule=ONE_CONCERN, id="settle_concern", policy="concerns.read", method="POST"), settle_concern),
    (
        Page(
            rule=STATEMENTS,
            id="statements",
            policy="statements.read",
            menu="Listed people",
            about="What people say of how they are listed.",
        ),
        said_by_listed,
    ),
    (Page(rule=ONE_STATEMENT, id="settle_statement", policy="statements.read", method="POST"), settle_statement),
)
