"""Tasks that follow from findings, what came of them, and the measures day by day."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from flask import Response

from directory.changes import LOCAL
from directory.errors import Invalid
from directory.fields import as_day
from directory.services import actions, figures
from matching import service
from matching.service import TrendQuery
from web import etags, fragility, media, transaction
from web.api.lists import page, whole
from web.auth import actor
from web.json import answer
from web.paths import API
from web.pictures.svg import svg
from web.report.drawn import trend_drawn, trend_of
from web.schemas.filters import wanted
from web.schemas.network import DRAWN
from web.schemas.upkeep import (
    HISTORY_SHOWN,
    PERIOD,
    RESULT_PAGE,
    RESULT_SHOWN,
    TASK_PAGE,
    TASK_SHOWN,
    TASK_WHOLE,
    TASK_WRITE,
    TASKS,
    TREND_READ,
    TREND_SHOWN,
    USUAL_PERIOD,
)
from web.smorest import Blueprint, Gives, Json, Operation, Takes

TAG = "network"
TASK = f"{API}/network/actions"
LONGEST = 1100
"""Days: three years."""
Query = Mapping[str, Any]


def browse(query: Query) -> Json:
    """A page of tasks."""
    fragility.run_if_due(actor())
    asked = wanted(query)
    session, who = transaction.session(), actor()
    found, total = actions.page(session, who, asked.filters, page=asked.page, page_size=asked.page_size)
    return page(asked, actions.publish(session, who, found), total)


def read(query: Query, record_id: UUID) -> tuple[Json, int, dict[str, str]]:
    """One task with its history."""
    return _whole(actions.get(transaction.session(), actor(), str(record_id)))


def change(query: Query, body: Any, record_id: UUID) -> tuple[Json, int, dict[str, str]]:
    """Say how far a task is."""
    session, who = transaction.session(), actor()
    version = etags.expected_version(actions.get(session, who, str(record_id), actions.WRITE))
    return _whole(actions.change(session, who, str(record_id), version, body))


def _whole(task: Any) -> tuple[Json, int, dict[str, str]]:
    session = transaction.session()
    shown = actions.publish(session, actor(), [task])[0] | {"history": actions.history(session, task)}
    return shown, 200, etags.headers(task)


def results(query: Query) -> Json:
    """What came of the tasks of each owner."""
    first, last = _period(query)
    where = service.within(actor(), query.get("province"))
    return whole(actions.results(transaction.session(), actor(), first, last, where))


def trend(query: Query) -> Response:
    """The measures day by day, and what changed; or drawn."""
    first, last = _period(query)
    fragility.run_if_due(actor())
    where = service.within(actor(), query.get("province"))
    found = service.network_trend(transaction.session(), actor(), TrendQuery(first, last, where))
    if media.wanted(query.get("format"), (media.JSON, media.SVG)) == media.SVG:
        return media.text(svg(trend_drawn(trend_of(found)), alone=True), media.SVG)
    became = sorted(figures.counted(found).items())
    told = {
        "province": where,
        "days": [
            {"day": day, **told, "single_contact_links": told["by_grade"]["single_contact"]} for day, told in found.days
        ],
        "became": [{"grade": grade, "count": count} for grade, count in became],
        "changed": [{"link_id": key, "before": one, "after": other} for key, (one, other) in found.changed.items()],
    }
    shown = answer(told)
    shown.vary.add("Accept")
    return shown


def _period(query: Query) -> tuple[date, date]:
    last = as_day(query.get("to")) or transaction.registry().clock().astimezone(LOCAL).date()
    first = as_day(query.get("from")) or last - USUAL_PERIOD
    if not 0 <= (last - first).days <= LONGEST:
        raise Invalid({"to": [f"Must be at most {LONGEST} days after `from`, and not before it."]})
    return first, last


def _declared(method: str, rule: str, name: str, policy: str, summary: str, **more: Any) -> Operation:
    writes = method != "GET"
    return Operation(method=method, rule=rule, id=name, policy=policy, tag=TAG, summary=summary, writes=writes, **more)


def _on_tasks() -> list[tuple[Operation, Any]]:
    listing = _declared(
        "GET",
        TASK,
        "listNetworkActions",
        "actions.read",
        "Tasks that follow from what is weak, the first due first",
        description=(
            "Owners read their own; coordinators all of the country or their province. A task clears by itself once "
            "the registry shows that it is mended, and opens again when it is found again; what is overdue is the task "
            "team's. Findings are compared with the tasks when a coordinator reads them: once a day, and within the "
            "day once facts have changed for an hour."
        ),
        query=TASKS,
        gives=(Gives(schema=TASK_PAGE, example=whole([TASK_SHOWN]), description="A page of tasks."),),
    )
    shown = Gives(schema=TASK_WHOLE, example=HISTORY_SHOWN, headers=("ETag",), description="The task.")
    reading = _declared(
        "GET",
        f"{TASK}/<uuid:record_id>",
        "readNetworkAction",
        "actions.read",
        "A task with its history",
        gives=(shown,),
        problems=("not-found",),
    )
    changing = _declared(
        "PATCH",
        f"{TASK}/<uuid:record_id>",
        "changeNetworkAction",
        "actions.write",
        "Say how far a task is",
        description="What is called done and is still found is open again after the next run.",
        gives=(shown,),
        takes=Takes(schema=TASK_WRITE, examples={"begun": {"state": "doing"}}),
        request_headers=("If-Match",),
        problems=("not-found", "version-conflict", "precondition-required"),
    )
    return [(listing, browse), (reading, read), (changing, change)]


def _on_time() -> list[tuple[Operation, Any]]:
    resulting = _declared(
        "GET",
        f"{API}/network/results",
        "networkResults",
        "network.read",
        "What came of the tasks, by owner, in a period",
        query=PERIOD,
        gives=(Gives(schema=RESULT_PAGE, example=whole([RESULT_SHOWN]), description="By owner, the latest first."),),
    )
    trending = _declared(
        "GET",
        f"{API}/network/trend",
        "networkTrend",
        "network.read",
        "B, F and links by grade day by day, and which links changed between two days",
        description="Days on which nobody asked and no run was made are not there.",
        query={**PERIOD, **DRAWN},
        gives=(Gives(schema=TREND_READ, example=TREND_SHOWN, description="The trend.", also=(media.SVG,)),),
    )
    return [(resulting, results), (trending, trend)]


def blueprint() -> Blueprint:
    """The routes."""
    made = Blueprint("tasks", __name__)
    for operation, view in (*_on_tasks(), *_on_time()):
        made.operation(operation, view)
    return made
