"""The action board: what the findings ask somebody to do, how far it is, and what came of it by owner."""

from collections.abc import Mapping, Sequence
from datetime import date
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from flask import Response, request

from directory.changes import LOCAL
from directory.fields import Day, Field, Id, Province, as_day
from directory.permissions import OTHERS
from directory.services import actions
from directory.services.actions import OWN, WRITE
from matching import service
from web import browser, fragility, html, transaction
from web.auth import actor
from web.forms import controls, reading
from web.forms.controls import Shown
from web.page import Page, Routes
from web.pages.office import sheets
from web.pages.office.sheets import Row, Sheet
from web.pages.registry.naming import Names, referred
from web.report.wording import ACTIONS
from web.schemas.upkeep import USUAL_PERIOD

BOARD, RESULTS = "/network/actions", "/network/results"
VIEWS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "open": ("To begin", {"state": "open"}),
    "doing": ("Begun", {"state": "doing"}),
    "overdue": ("Overdue", {"overdue": True}),
    "team": ("With the task team", {"escalated": True}),
    "done": ("Done", {"state": "done"}),
    "dropped": ("Dropped", {"state": "dropped"}),
}
FILTERS: Mapping[str, Field] = {
    "province": Province(),
    "organisation_id": Id(to="organisations"),
    "department_id": Id(to="departments"),
}
PERIOD: Mapping[str, Field] = {
    "from": Day(doc="The first day."),
    "to": Day(doc="The last day, included."),
    "province": Province(),
}
A_PAGE = 20
NOTHING: Mapping[str, Sequence[str]] = {}
MOVES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "open": (("doing", "Begin"), ("done", "Done"), ("dropped", "Drop")),
    "doing": (("done", "Done"), ("open", "Not begun"), ("dropped", "Drop")),
    "done": (("open", "Open again"),),
    "dropped": (("open", "Open again"),),
}


def board() -> Response:
    """Tasks, those first that are due first."""
    fragility.run_if_due(actor())
    asked, typed = _filters(FILTERS)
    return _board(asked, typed, {})


def find() -> Response:
    """On to the tasks of one province or owner: what was typed is a name, what stands in the address is an id."""
    names = Names(transaction.session(), actor())
    typed = reading.values(FILTERS, request.form, names.resolve)
    asked = reading.sensible(FILTERS, typed)
    if names.unclear:
        return _board(asked, typed, names.unclear)
    return browser.go_to(_with(**asked, show=_view()))


def _view() -> str:
    asked = request.values.get("show", "open")
    return asked if asked in VIEWS else "open"


def _board(asked: Mapping[str, Any], typed: Mapping[str, Any], wrong: Mapping[str, Sequence[str]]) -> Response:
    session, who, view = transaction.session(), actor(), _view()
    found, total = actions.page(session, who, {**VIEWS[view][1], **asked}, page=sheets.number(), page_size=A_PAGE)
    wide = OTHERS[WRITE][who.role] not in OWN
    return html.render(
        "network_pages/board.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        tasks=actions.publish(session, who, found),
        total=total,
        views={name: (label, _with(show=name, page=None)) for name, (label, _asked) in VIEWS.items()},
        view=view,
        filters=_controls(FILTERS, typed, wrong) if wide else (),
        narrowed=bool(asked or wrong),
        number=sheets.number(),
        last=max(1, -(-total // A_PAGE)),
        with_page=lambda number: _with(page=number),
        words=ACTIONS,
        moves={state: [move for move in moves if wide or move[0] != "dropped"] for state, moves in MOVES.items()},
        back=request.query_string.decode(),
        wide=wide,
    )


def move(record_id: UUID) -> Response:
    """Say how far a task is, and back to where one was."""
    version = request.form.get("version", type=int, default=0)
    given = {"state": request.form.get("state", "")}
    actions.change(transaction.session(), actor(), str(record_id), version, given)
    known = {"show", "page", *FILTERS}
    kept = [(name, value) for name, value in parse_qsl(request.form.get("back", "")[:1000]) if name in known]
    return browser.go_to(f"{BOARD}?{urlencode(kept)}" if kept else BOARD)


def results() -> Response:
    """What came up in a period and what came of it, for each owner."""
    fragility.run_if_due(actor())
    session, who = transaction.session(), actor()
    asked, typed = _filters(PERIOD)
    today = transaction.registry().clock().astimezone(LOCAL).date()
    first, last = period(asked, today)
    typed |= {"from": first.isoformat(), "to": last.isoformat()}
    rows = actions.results(session, who, first, last, service.within(who, asked.get("province")))
    start = (sheets.number() - 1) * sheets.A_PAGE
    return sheets.show(
        Sheet(
            title="What came of it",
            columns=("Owner", *(name.capitalize() for name in actions.RESULTS)),
            rows=[_result(one) for one in rows[start : start + sheets.A_PAGE]],
            total=len(rows),
            about="Tasks by owner: what came up, came back and was mended in the period, and what stands now.",
            filters=_controls(PERIOD, typed),
        )
    )


def period(asked: Mapping[str, Any], today: date) -> tuple[date, date]:
    """The days asked for; the last ninety where they make no sense."""
    last = as_day(asked.get("to")) or today
    first = as_day(asked.get("from")) or last - USUAL_PERIOD
    return (first, last) if first <= last else (last - USUAL_PERIOD, last)


def _result(one: Mapping[str, Any]) -> Row:
    owner = (one["owner"] or {}).get("name") or "No owner in the registry"
    return Row(cells=(owner, *(str(one[name]) for name in actions.RESULTS)))


def _filters(fields: Mapping[str, Field]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is asked for, without what makes no sense; and all as it was typed."""
    names = Names(transaction.session(), actor())
    typed = reading.values(fields, request.args, names.resolve)
    return reading.sensible(fields, typed), typed


def _controls(
    fields: Mapping[str, Field], typed: Mapping[str, Any], wrong: Mapping[str, Sequence[str]] = NOTHING
) -> tuple[controls.Control, ...]:
    names = Names(transaction.session(), actor()).of(referred(fields, typed))
    return controls.controls(fields, Shown(values=typed, errors=wrong, names=names, options={}))


def _with(**changed: Any) -> str:
    kept = {**request.args.to_dict(), **changed}
    return f"{BOARD}?{urlencode({name: value for name, value in kept.items() if value})}"


ROUTES: Routes = (
    (
        Page(
            rule=BOARD,
            id="network_actions",
            policy="actions.read",
            menu="To do",
            about="What somebody has to mend, and by when.",
        ),
        board,
    ),
    (
        Page(rule=f"{BOARD}/find", id="find_network_actions", policy="actions.read", method="POST", only_asks=True),
        find,
    ),
    (
        Page(rule=f"{BOARD}/<uuid:record_id>", id="move_network_action", policy="actions.write", method="POST"),
        move,
    ),
    (Page(rule=RESULTS, id="network_results", policy="network.read"), results),
)
