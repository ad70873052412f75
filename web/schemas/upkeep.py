"""Tasks, the trend, messages and handovers as they are asked and answered."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from directory.fields import Boolean, Code, Day, Field, Id, Instant, Integer, Listing, Number, Province, Shape, Text
from directory.services import actions, handovers, outbox
from directory.services.links import GRADES
from web.schemas.access import ID, INSTANT
from web.schemas.filters import PAGING
from web.schemas.network_examples import DESK, MADE, OFFICER, SHELTER, TIE
from web.schemas.oversight import told
from web.smorest import Answer, Body, page_of, schema_of

MOST = 2**31
OWNER = Shape(
    fields={
        "type": Code(among=("organisation", "department"), required=True),
        "id": Id(to="", required=True),
        "name": Text(),
    },
    doc="Who has to act; null where the registry has neither the department nor a task team of the province.",
)
USUAL_PERIOD = timedelta(days=90)
PERIOD: Mapping[str, Field] = {
    "from": Day(doc=f"The first day (Johannesburg); {USUAL_PERIOD.days} days before the last if left out."),
    "to": Day(doc="The last day, included; today if left out."),
    "province": Province(doc="The country if left out; of a provincial coordinator the own province."),
}
TASKS: Mapping[str, Field] = {
    "state": Code(among=actions.STATES),
    "province": Province(doc="Concerns this province."),
    "organisation_id": Id(to="organisations", doc="Owned by this organisation itself."),
    "department_id": Id(to="departments", doc="Owned by this unit."),
    "overdue": Boolean(),
    "escalated": Boolean(doc="Handed to the task team."),
    **PAGING,
}
TASK: Mapping[str, Field] = {
    "id": ID,
    "version": Integer(most=MOST, required=True),
    "kind": Code(
        among=("cell", "person", "link_end", "link_multiplex", "link_stale", "post", "succession"), required=True
    ),
    "subject": Text(
        doc="The id of a link, person, post or organisation, or department/function/province. A person's is absent for "
        "all but coordinators."
    ),
    "found": Text(required=True, doc="The grade or state."),
    "action": Code(among=actions.ADVICE, required=True, doc="task_team_escalation once it is overdue."),
    "advice": Code(among=actions.ADVICE, required=True, doc="What would mend it."),
    "reason": Text(most=4000, required=True),
    "owner": OWNER,
    "provinces": Listing(of=Province(), required=True),
    "urgency": Integer(most=5, required=True),
    "priority": Integer(most=5, required=True, doc="1 first."),
    "size": Integer(most=MOST, required=True, doc="How many cells and links."),
    "state": Code(among=actions.STATES, required=True),
    "due_on": Day(required=True),
    "overdue": Boolean(required=True),
    "opened_at": INSTANT,
    "updated_at": INSTANT,
    "cleared_at": Instant(doc="Since when it is not found any more."),
    "escalated_at": Instant(doc="Since when it is the task team's."),
}
STEP = Shape(
    fields={
        "at": INSTANT,
        "state": Code(among=actions.STATES, required=True),
        "cause": Code(among=tuple(actions.CAUSES), required=True, doc=told(actions.CAUSES)),
    }
)
RESULT: Mapping[str, Field] = {
    "owner": OWNER,
    **{name: Integer(most=MOST, required=True) for name in actions.RESULTS},
}
FIGURES: Mapping[str, Field] = {
    "day": Day(required=True),
    "b": Number(least=0, most=1, required=True),
    **{name: Integer(most=MOST, required=True) for name in ("required", "backed", "single", "gap")},
    "fragmentation": Number(least=0, most=1, required=True),
    "links": Integer(most=MOST, required=True),
    "single_contact_links": Integer(most=MOST, required=True),
    "by_grade": Shape(fields={grade: Integer(most=MOST, required=True) for grade in GRADES}, required=True),
}
GRADE_CHANGE = Shape(
    fields={
        "link_id": Id(to="links", required=True),
        "before": Code(among=GRADES, doc="Null: no link yet."),
        "after": Code(among=GRADES, doc="Null: no link any more."),
    }
)
TREND: Mapping[str, Field] = {
    "province": Province(),
    "days": Listing(of=Shape(fields=FIGURES), most=MOST, required=True),
    "became": Listing(
        of=Shape(fields={"grade": Text(required=True), "count": Integer(most=MOST, required=True)}),
        required=True,
        doc="How many links have a grade on the last day that they did not have on the first; `gone` is no link now.",
    ),
    "changed": Listing(of=GRADE_CHANGE, most=MOST, required=True, doc="These links."),
}
ADDRESSEE = Shape(
    fields={
        "type": Code(among=("organisation", "department", "account"), required=True),
        "id": Id(to="", required=True),
        "name": Text(),
    },
    doc="An account is told of its own webhooks alone.",
)
MESSAGE: Mapping[str, Field] = {
    "id": ID,
    "kind": Code(among=outbox.KINDS, required=True),
    "text": Text(most=4000, required=True, doc="Names posts and offices, never people."),
    "created_at": INSTANT,
    "due_on": Day(required=True, doc="The day it is about."),
    "read_at": Instant(),
    "delivered_at": Instant(doc="Null: a message waits here until somebody signs in, and nothing is sent elsewhere."),
    "to": ADDRESSEE,
    "about": Shape(fields={"type": Text(required=True), "id": Id(to="", required=True)}, required=True),
}
HANDOVER: Mapping[str, Field] = {
    "post_id": Id(to="posts", required=True),
    "effective_on": Day(required=True),
    "ended": Listing(of=Id(to="focal_points"), required=True, doc="Whose last day is the day before."),
    "started": Id(to="focal_points", doc="Null: nobody follows yet, and there is a task."),
    "links": Listing(of=Id(to="links"), most=MOST, required=True, doc="Re-graded with the next match."),
}
MESSAGES: Mapping[str, Field] = {"unread": Boolean(), **PAGING}

TASK_READ = schema_of("NetworkAction", TASK, Answer)
TASK_WHOLE = schema_of("NetworkActionHistory", {**TASK, "history": Listing(of=STEP, most=MOST, required=True)}, Answer)
TASK_PAGE = page_of(TASK_READ)
TASK_WRITE = schema_of("NetworkActionWrite", actions.FIELDS, Body)
RESULT_PAGE = page_of(schema_of("NetworkResult", RESULT, Answer))
TREND_READ = schema_of("NetworkTrend", TREND, Answer)
MESSAGE_READ = schema_of("Message", MESSAGE, Answer)
MESSAGE_PAGE = page_of(MESSAGE_READ)
HANDOVER_WRITE = schema_of("HandoverWrite", handovers.FIELDS, Body)
HANDOVER_READ = schema_of("Handover", HANDOVER, Answer)

DESK_OWNER: Mapping[str, Any] = {"type": "department", "id": DESK, "name": "Polokwane Desk"}
TASK_ID = "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7c07"
TASK_SHOWN: Mapping[str, Any] = {
    "id": TASK_ID,
    "version": 1,
    "kind": "cell",
    "subject": "SAPS/police_report/ZA-LP",
    "found": "single",
    "action": "nominate_deputy",
    "advice": "nominate_deputy",
    "reason": "SAPS, police report, ZA-LP: Only one person, the focal point, answers here; no office line has been "
    "tested lately.",
    "owner": DESK_OWNER,
    "provinces": ["ZA-LP"],
    "urgency": 1,
    "priority": 2,
    "size": 1,
    "state": "open",
    "due_on": "2026-12-05",
    "overdue": False,
    "opened_at": MADE,
    "updated_at": MADE,
    "cleared_at": None,
    "escalated_at": None,
}
HISTORY_SHOWN: Mapping[str, Any] = {**TASK_SHOWN, "history": [{"at": MADE, "state": "open", "cause": "found"}]}
RESULT_SHOWN: Mapping[str, Any] = {"owner": DESK_OWNER, **dict.fromkeys(actions.RESULTS, 1)}
TREND_SHOWN: Mapping[str, Any] = {
    "province": "ZA-LP",
    "days": [
        {
            "day": "2026-11-21",
            "b": 0.5,
            "required": 2,
            "backed": 1,
            "single": 1,
            "gap": 0,
            "fragmentation": 0.25,
            "links": 1,
            "single_contact_links": 1,
            "by_grade": {grade: int(grade == "single_contact") for grade in GRADES},
        }
    ],
    "became": [{"grade": "single_contact", "count": 1}],
    "changed": [{"link_id": TIE, "before": "backed", "after": "single_contact"}],
}
MESSAGE_SHOWN: Mapping[str, Any] = {
    "id": "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7c08",
    "kind": "handover",
    "text": "Desk officer, Polokwane Desk, South African Police Service: from 1 December 2026 a new holder follows. "
    "The numbers to call are in the directory.",
    "created_at": MADE,
    "due_on": "2026-12-01",
    "read_at": None,
    "delivered_at": None,
    "to": {"type": "organisation", "id": SHELTER, "name": None},
    "about": {"type": "link", "id": TIE},
}
HANDOVER_GIVEN: Mapping[str, Any] = {"successor_id": OFFICER, "effective_on": "2026-12-01"}
HANDOVER_SHOWN: Mapping[str, Any] = {
    "post_id": "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7c05",
    "effective_on": "2026-12-01",
    "ended": ["6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7c09"],
    "started": "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7c0a",
    "links": [TIE],
}
