"""What keeps the registry true: what to ask again first, and which records are likely one."""

from flask import Response, request

from directory.services import audit, duplicates
from directory.services.due import ACTION as QUEUE
from directory.services.due import QUEUED
from matching import service
from matching.service import QueueItem
from web import browser, transaction
from web.auth import actor
from web.page import Page, Routes
from web.pages.office import sheets
from web.pages.office.sheets import Button, Row, Sheet

TO_ASK, LIKELY = "/verification-queue", "/duplicates"
NEVER = "never"
NUMBERS = "channels"
"""What is called by its kind, which is a code."""
MERGE = "POST /api/v1/organisations/{id}/merges"


def to_ask() -> Response:
    """What to ask again, the record first that hurts most if it is wrong."""
    session, who = transaction.session(), actor()
    kind = request.args.get("collection")
    start = (sheets.number() - 1) * sheets.A_PAGE
    filters = {"collection": kind} if kind in QUEUED else {}
    part, now = slice(start, start + sheets.A_PAGE), transaction.registry().clock()
    found = service.verification_queue(session, who, filters, now, part)
    if found.with_people:
        audit.grading(session)
    every = Button(label="All", address=TO_ASK, link=True)
    ways = [
        Button(label=_spoken(name).capitalize(), address=f"{TO_ASK}?collection={name}", link=True) for name in QUEUED
    ]
    return sheets.show(
        Sheet(
            title="To ask again",
            about="What hangs on one contact first, then by age and need. Open a record to say what you found.",
            columns=("What", "Kind", "Whose", "Confirmed", "Why"),
            rows=[_asked(one) for one in found.items],
            total=found.total,
            ways=[every, *ways],
        )
    )


def _asked(one: QueueItem) -> Row:
    days = NEVER if one.days is None else f"{one.days} days ago"
    whose = "" if one.organisation is None else one.organisation.name or ""
    why = ", ".join(_spoken(code) for code in one.reasons)
    look = Button(label="Open", address=f"/registry/{one.collection}/{one.id}", link=True)
    return Row(cells=(one.name or "No name", _spoken(one.collection), whose, days, why), buttons=(look,))


def likely() -> Response:
    """Pairs that are likely one."""
    session = transaction.session()
    found, total = duplicates.page(session, actor(), {}, page=sheets.number(), page_size=sheets.A_PAGE)
    rows = []
    for one in duplicates.publish(session, found):
        first, second = one["records"]
        called = [
            _spoken(each["name"] or "No name") if one["collection"] == NUMBERS else each["name"] or "No name"
            for each in (first, second)
        ]
        looks = [
            Button(label=label, address=f"/registry/{one['collection']}/{each['id']}", link=True)
            for label, each in (("Open the first", first), ("Open the second", second))
        ]
        aside = Button(
            label="Not the same",
            address=f"{LIKELY}/dismissals",
            fields={"collection": one["collection"], "first": first["id"], "second": second["id"]},
            asks="They are no pair any more, whatever changes of them.",
        )
        why = ", ".join(_spoken(code) for code in one["reasons"])
        cells = (" / ".join(called), _spoken(one["collection"]), f"{one['score']:.2f}", why)
        rows.append(Row(cells=cells, buttons=(*looks, aside)))
    about = f"By what anyone reads of them. Two organisations are made one by {MERGE}; of all else close one."
    columns = ("Records", "Kind", "Likely", "Both say")
    return sheets.show(Sheet(title="Likely one", about=about, columns=columns, rows=rows, total=total))


def put_aside() -> Response:
    """Say that two records are not one."""
    ids = [request.form.get(name, "") for name in ("first", "second")]
    given = {"collection": request.form.get("collection", ""), "ids": ids}
    duplicates.dismiss(transaction.session(), actor(), given)
    return browser.go_to(LIKELY)


def _spoken(code: str) -> str:
    """A code, or a path, as people read it."""
    return code.replace("_", " ").replace("-", " ")


ROUTES: Routes = (
    (
        Page(
            rule=TO_ASK,
            id="verification_queue",
            policy=QUEUE,
            menu="To ask again",
            about="Whom to call first so that the registry stays true.",
        ),
        to_ask,
    ),
    (
        Page(
            rule=LIKELY,
            id="duplicates",
            policy=duplicates.ACTION,
            menu="Likely one",
            about="Records that somebody may have entered twice.",
        ),
        likely,
    ),
    (Page(rule=f"{LIKELY}/dismissals", id="put_aside", policy=duplicates.ACTION, method="POST"), put_aside),
)
