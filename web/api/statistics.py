"""Figures for reports, with their definitions, as JSON and as CSV."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Response

from directory.fields import Code, Day, Province
from directory.services import statistics
from directory.services.statistics import Period, Statistics, Table
from directory.small_cells import LEAST
from matching import service
from web import cells, media, transaction
from web.auth import actor
from web.json import answer
from web.paths import API
from web.smorest import Blueprint, Gives, Json, Operation

Query = Mapping[str, Any]
COLUMNS = ("table", "month", "row", "column", "figure", "hidden")

QUERY = {
    "from": Day(doc="The first day of the period; a year ago if left out. Whole months in it are told."),
    "to": Day(doc="Its last day; today if left out. A month is told when it has been over for a day."),
    "province": Province(doc="The columns of this province alone. A coordinator of a province reads its own."),
    "format": Code(among=("json", "csv"), doc="Instead of Accept."),
}

DESCRIPTION = f"""\
Tables of whole numbers. A figure under {LEAST} is hidden (null), nought included, and with it as many others as it
takes that no total or sum gives it away: whatever is made of all that is shown, every hidden figure could be any of at
least five values. Rows in which all is hidden are left out. Tables of a month are the same in every answer; the others
are of the registry as it is now. Of matches nothing is kept but how often each need was asked for, by month and
province."""

SCHEMA: Json = {
    "type": "object",
    "properties": {
        "months": {"type": "array", "items": {"type": "string", "pattern": r"^\d{4}-\d\d$"}},
        "province": {"type": ["string", "null"]},
        "generated_at": {"type": "string", "format": "date-time"},
        "least": {"type": "integer", "description": "The smallest figure shown."},
        "tables": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "table": {"type": "string"},
                    "definition": {"type": "string"},
                    "month": {"type": ["string", "null"], "description": "Null: the registry as it is now."},
                    "columns": {"type": "array", "items": {"type": "string"}},
                    "rows": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {
                                "row": {"type": "string"},
                                "figures": {
                                    "type": "array",
                                    "items": {"type": ["integer", "null"], "minimum": LEAST},
                                    "description": "One for each column; null is hidden.",
                                },
                            },
                            "required": ["row", "figures"],
                        },
                    },
                    "hidden": {"type": "integer", "description": "How many figures are hidden."},
                },
                "required": ["table", "definition", "month", "columns", "rows", "hidden"],
            },
        },
    },
    "required": ["months", "province", "generated_at", "least", "tables"],
}
EXAMPLE: Json = {
    "months": ["2026-10"],
    "province": None,
    "generated_at": "2026-11-21T20:00:00Z",
    "least": LEAST,
    "tables": [
        {
            "table": "needs_asked_for",
            "definition": "How often matches asked for a need, by the province they asked from.",
            "month": "2026-10",
            "columns": ["ZA-GP", "ZA-LP", "total"],
            "rows": [
                {"row": "shelter_emergency", "figures": [31, 12, 43]},
                {"row": "total", "figures": [None, None, 61]},
            ],
            "hidden": 5,
        }
    ],
}


def show(query: Query) -> Response:
    """The tables of a period."""
    session, who = transaction.session(), actor()
    more = service.statistics_figures(session, who, transaction.registry().clock())
    found = statistics.statistics(session, who, _period(query), query.get("province"), more)
    if media.wanted(query.get("format"), (media.JSON, media.CSV)) == media.CSV:
        rows = [row for table in found.tables for row in _flat(table)]
        return media.text(cells.csv_of(COLUMNS, rows), media.CSV)
    shown = answer(_wire(found))
    shown.vary.add("Accept")
    return shown


def _period(query: Query) -> Period:
    first, last = (query.get(name) for name in ("from", "to"))
    return Period(first and date.fromisoformat(first), last and date.fromisoformat(last))


def _wire(found: Statistics) -> Json:
    return {
        "months": found.months,
        "province": found.province,
        "generated_at": found.generated_at,
        "least": LEAST,
        "tables": [
            {
                "table": one.code,
                "definition": one.definition,
                "month": one.month,
                "columns": one.columns,
                "rows": [{"row": name, "figures": figures} for name, figures in one.rows],
                "hidden": one.hidden,
            }
            for one in found.tables
        ],
    }


def _flat(table: Table) -> list[tuple[str | int | bool | None, ...]]:
    return [
        (table.code, table.month, name, column, figure, figure is None)
        for name, figures in table.rows
        for column, figure in zip(table.columns, figures, strict=True)
    ]


def blueprint() -> Blueprint:
    """The route."""
    made = Blueprint("statistics", __name__)
    made.operation(
        Operation(
            method="GET",
            rule=f"{API}/statistics",
            id="getStatistics",
            policy=statistics.ACTION,
            tag="statistics",
            summary="Figures for reports, with their definitions; small ones and their complements hidden",
            description=DESCRIPTION,
            query=QUERY,
            gives=(Gives(schema=SCHEMA, example=EXAMPLE, description="The tables.", also=(media.CSV,)),),
        ),
        show,
    )
    return made
