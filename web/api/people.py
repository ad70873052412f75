"""What is owed to people listed: a notice, a link of their own, an ear, and erasure."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import current_app

from directory.fields import Code
from directory.services import erasure, erasure_list, listed, statements
from web import transaction
from web.api.lists import page
from web.auth import actor
from web.paths import API
from web.schemas.filters import PAGING, wanted
from web.schemas.listed import (
    ERASED_SHOWN,
    ERASURE_READ,
    ERASURE_WRITE,
    INVITATION_READ,
    INVITATION_SHOWN,
    NOTICE_READ,
    NOTICE_SHOWN,
    SETTLE_WRITE,
    STATEMENT_PAGE,
    STATEMENT_READ,
    STATEMENT_SHOWN,
)
from web.settings import Settings
from web.smorest import Blueprint, Gives, Json, Operation, Takes

TAG, SAID = "persons", "listed-statements"
PERSON = f"{API}/persons/<uuid:record_id>"
STATEMENTS = f"{API}/listed-statements"
STATUS: Mapping[str, bool | None] = {"open": False, "settled": True, "any": None}
Query = Mapping[str, Any]
Body = Mapping[str, Any]


def erase(query: Query, body: Body, record_id: UUID) -> tuple[Json, int]:
    """Erase a person: committed, then taken out of the files."""
    settings: Settings = current_app.config["SETTINGS"]
    kept = settings.instance / erasure_list.FILE
    gone = erasure.erase(transaction.session(), actor(), str(record_id), body, kept)
    transaction.restart()
    return {"id": str(record_id), **asdict(gone), "files": erasure.scrub(transaction.registry().engine)}, 201


def notice(query: Query, record_id: UUID) -> Json:
    """What to tell a person listed."""
    return listed.notice(transaction.session(), actor(), str(record_id))


def invite(query: Query, record_id: UUID) -> tuple[Json, int]:
    """Make a one-time link."""
    made = listed.invite(transaction.session(), actor(), str(record_id))
    told = {"person_id": made.link.person_id, "token": made.token, "path": f"{API}/listed/{made.token}"}
    return told | {"expires_at": made.link.expires_at}, 201


def browse(query: Query) -> Json:
    """One page of statements."""
    asked = wanted(query)
    settled = STATUS[asked.filters.get("status") or "open"]
    found, total = statements.page(
        transaction.session(), actor(), settled=settled, page=asked.page, page_size=asked.page_size
    )
    return page(asked, [statements.publish(one) for one in found], total)


def settle(query: Query, body: Body, statement_id: UUID) -> Json:
    """Say what came of a statement."""
    return statements.publish(statements.settle(transaction.session(), actor(), str(statement_id), body))


def _on_erasure() -> tuple[Operation, Any]:
    erased = Gives(status=201, schema=ERASURE_READ, example=ERASED_SHOWN, description="Erased.")
    erasing = Operation(
        method="POST",
        rule=f"{PERSON}/erasures",
        id="erasePerson",
        policy="persons.erase",
        tag=TAG,
        summary="Erase a person, once and for all (POPIA s24)",
        description=(
            "The person, their focal points, channels and verifications go; links and trainings are rewritten without "
            "them; changes say `erased`; what the audit says of them can be tied to nobody. The id goes on a list "
            "outside the database, by which a restored backup is erased again. A second call finds nobody (404)."
        ),
        gives=(erased,),
        takes=Takes(schema=ERASURE_WRITE, examples={"usual": {"reason": "own_request"}}),
        problems=("not-found", "conflict"),
        writes=True,
    )
    return erasing, erase


def _on_person() -> list[tuple[Operation, Any]]:
    telling = Operation(
        method="GET",
        rule=f"{PERSON}/notice",
        id="getNotice",
        policy="persons.invite",
        tag=TAG,
        summary="What to tell a person of being listed, with where the facts come from (POPIA s18)",
        gives=(Gives(schema=NOTICE_READ, example=NOTICE_SHOWN, description="Send it by what reaches the person."),),
        problems=("not-found",),
        writes=True,
    )
    made = Gives(status=201, schema=INVITATION_READ, example=INVITATION_SHOWN, description="Told this once.")
    inviting = Operation(
        method="POST",
        rule=f"{PERSON}/links",
        id="invitePerson",
        policy="persons.invite",
        tag=TAG,
        summary="Make a one-time link by which a person sees, corrects and objects; earlier ones end",
        description="Managers make them for people who hold posts with them alone, coordinators for those of others.",
        gives=(made,),
        problems=("not-found",),
        writes=True,
    )
    return [(telling, notice), (inviting, invite)]


def _on_statements() -> list[tuple[Operation, Any]]:
    example = page(wanted({}), [STATEMENT_SHOWN], 1)
    browsing = Operation(
        method="GET",
        rule=STATEMENTS,
        id="listStatements",
        policy="statements.read",
        tag=SAID,
        summary="What people listed say of it, newest first: objections, deputies, corrections",
        query={"status": Code(among=tuple(STATUS), doc="`open` if left out."), **PAGING},
        gives=(Gives(schema=STATEMENT_PAGE, example=example, description="One page."),),
    )
    settling = Operation(
        method="PATCH",
        rule=f"{STATEMENTS}/<uuid:statement_id>",
        id="settleStatement",
        policy="statements.read",
        tag=SAID,
        summary="Say what came of a statement, once",
        description="Needs no If-Match: a statement changes only once, from open to settled.",
        gives=(Gives(schema=STATEMENT_READ, example=STATEMENT_SHOWN, description="As it is."),),
        takes=Takes(schema=SETTLE_WRITE, examples={"usual": {"outcome": "followed"}}),
        problems=("not-found", "conflict"),
        writes=True,
    )
    return [(browsing, browse), (settling, settle)]


def blueprint() -> Blueprint:
    """The routes."""
    made = Blueprint("people", __name__)
    for operation, view in (_on_erasure(), *_on_person(), *_on_statements()):
        made.operation(operation, view)
    return made
