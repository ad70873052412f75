"""Suspensions, and concerns about partners."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Response

from directory.fields import Code, checked
from directory.services import concerns, suspensions
from directory.services.catalogue import COLLECTIONS
from web import idempotency, transaction
from web.api.lists import page, whole
from web.api.records import empty
from web.auth import actor
from web.paths import API
from web.schemas.filters import PAGING, required, wanted
from web.schemas.oversight import (
    CONCERN_GIVEN,
    CONCERN_PAGE,
    CONCERN_READ,
    CONCERN_SHOWN,
    CONCERN_WRITE,
    RAISED_READ,
    RAISED_SHOWN,
    SETTLEMENT_WRITE,
    SUSPENDED_PAGE,
    SUSPENSION_PAGE,
    SUSPENSION_READ,
    SUSPENSION_SHOWN,
    SUSPENSION_WRITE,
)
from web.smorest import Blueprint, Gives, Json, Operation, Takes

CONCERNS = f"{API}/concerns"
CONCERN = f"{CONCERNS}/<uuid:record_id>"
STATUS: Mapping[str, bool | None] = {"open": False, "settled": True, "any": None}
Query = Mapping[str, Any]
Body = Mapping[str, Any]
Made = tuple[Json, int, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Suspensions:
    """The suspensions of organisations, or of units."""

    name: str

    @property
    def path(self) -> str:
        """Where those of one partner stand."""
        return f"{API}/{COLLECTIONS[self.name].path}/<uuid:record_id>/suspensions"

    def suspend(self, query: Query, body: Body, record_id: UUID) -> Made:
        """Put a partner out of every list, or answer again for the same key."""
        session, who = transaction.session(), actor()
        attempt = idempotency.attempt(session, who)
        earlier = attempt.earlier()
        if earlier is not None:
            past = suspensions.history(session, who, self.name, str(record_id))
            made, again = next(one for one in past if one.id == earlier.record_id), idempotency.REPLAYED
        else:
            made, again = suspensions.suspend(session, who, self.name, str(record_id), body), {}
            session.flush()
            attempt.keep(made.id)
        where = self.path.replace("<uuid:record_id>", str(record_id))
        return self._shown(made), 201, {"Location": where, **again}

    def lift(self, query: Query, record_id: UUID) -> Response:
        """Take the suspension back."""
        suspensions.lift(transaction.session(), actor(), self.name, str(record_id), query)
        return empty(204, {})

    def history(self, query: Query, record_id: UUID) -> Json:
        """Every suspension of one partner."""
        found = suspensions.history(transaction.session(), actor(), self.name, str(record_id))
        return whole([self._shown(one) for one in found])

    def _shown(self, one: Any) -> Json:
        about = {"type": self.name.removesuffix("s"), "id": one.record_id}
        names = ("id", "code", "at", "lifted_at", "lifted_code")
        return {"about": about} | {name: getattr(one, name) for name in names}


def list_suspended(query: Query) -> Json:
    """Who is suspended now."""
    found = suspensions.current(transaction.session(), actor())
    return whole([{"about": {"type": name.removesuffix("s"), "id": row.id}, "name": row.name} for name, row in found])


def raise_concern(query: Query, body: Body) -> Made:
    """Keep a concern, or answer again for the same key; who raises one does not read it later."""
    session, who = transaction.session(), actor()
    attempt = idempotency.attempt(session, who)
    earlier = attempt.earlier()
    if earlier is not None:
        given, again = checked(concerns.FIELDS, dict(body)), idempotency.REPLAYED
        said = {"id": earlier.record_id, "about": given["about"], "code": given["code"], "at": earlier.created_at}
    else:
        shown, again = concerns.publish(concerns.raise_concern(session, who, body)), {}
        said = {name: shown[name] for name in RAISED_SHOWN}
        attempt.keep(shown["id"])
    return said, 201, {"Location": f"{CONCERNS}/{said['id']}", **again}


def browse(query: Query) -> Json:
    """One page of concerns."""
    asked = wanted(query)
    settled = STATUS[asked.filters.get("status") or "open"]
    found, total = concerns.page(
        transaction.session(), actor(), settled=settled, page=asked.page, page_size=asked.page_size
    )
    return page(asked, [concerns.publish(one) for one in found], total)


def read(query: Query, record_id: UUID) -> Json:
    """One concern."""
    return concerns.publish(concerns.get(transaction.session(), actor(), str(record_id)))


def settle(query: Query, body: Body, record_id: UUID) -> Json:
    """Say what came of a concern."""
    return concerns.publish(concerns.settle(transaction.session(), actor(), str(record_id), body))


def _declared(method: str, rule: str, name: str, summary: str, **more: Any) -> Operation:
    writes = method != "GET"
    return Operation(method=method, rule=rule, id=name, summary=summary, writes=writes, **more)


def _on_partner(one: Suspensions) -> list[tuple[Operation, Any]]:
    kind, tag = one.name.removesuffix("s"), COLLECTIONS[one.name].path
    known = {"policy": "suspensions.write", "tag": tag, "problems": ("not-found", "conflict")}
    named = kind.capitalize()
    made = Gives(
        status=201,
        schema=SUSPENSION_READ,
        example=SUSPENSION_SHOWN,
        headers=("Location", "Idempotency-Replayed"),
        description="Suspended. Location names its suspensions.",
    )
    suspending = _declared(
        "POST",
        one.path,
        f"suspend{named}",
        f"Suspend the {kind}: out of every list and match with the next request",
        description="Its people and keys are shut out too. By coordinators, in their province, with a code.",
        gives=(made,),
        takes=Takes(schema=SUSPENSION_WRITE, examples={"usual": {"code": "safeguarding"}}),
        request_headers=("Idempotency-Key",),
        **known,
    )
    lifting = _declared(
        "DELETE",
        one.path,
        f"lift{named}Suspension",
        f"Lift the suspension of the {kind}",
        description="The code stands in the query, as a DELETE has no body to rely on.",
        query={"code": required(suspensions.LIFT_FIELDS["code"])},
        gives=(Gives(status=204, description="Lifted, with the next request."),),
        **known,
    )
    shown = Gives(schema=SUSPENSION_PAGE, example=whole([SUSPENSION_SHOWN]), description="All of them.")
    summary = f"The suspensions of the {kind}, newest first"
    past = _declared("GET", one.path, f"list{named}Suspensions", summary, gives=(shown,), **known)
    return [(suspending, one.suspend), (lifting, one.lift), (past, one.history)]


def _on_suspended() -> tuple[Operation, Any]:
    example = whole([{"about": SUSPENSION_SHOWN["about"], "name": "Lesedi House Polokwane"}])
    listing = _declared(
        "GET",
        f"{API}/suspensions",
        "listSuspended",
        "Who is suspended now: the only list that has them",
        policy="suspensions.write",
        tag="suspensions",
        gives=(Gives(schema=SUSPENDED_PAGE, example=example, description="All of them."),),
    )
    return listing, list_suspended


def _on_concerns() -> list[tuple[Operation, Any]]:
    made = Gives(
        status=201,
        schema=RAISED_READ,
        example=RAISED_SHOWN,
        headers=("Location", "Idempotency-Replayed"),
        description="Kept. Coordinators alone read it where Location says.",
    )
    raising = _declared(
        "POST",
        CONCERNS,
        "raiseConcern",
        "Raise a safeguarding concern about any partner",
        description="It reaches coordinators alone, and none of the partner's own. The audit does not say about whom.",
        policy="concerns.raise",
        tag="concerns",
        gives=(made,),
        takes=Takes(schema=CONCERN_WRITE, examples={"about a unit": CONCERN_GIVEN}),
        request_headers=("Idempotency-Key",),
    )
    listed = page(wanted({}), [CONCERN_SHOWN], 1)
    status = Code(among=tuple(STATUS), doc="`open` if left out.")
    browsing = _declared(
        "GET",
        CONCERNS,
        "listConcerns",
        "List concerns, newest first",
        policy="concerns.read",
        tag="concerns",
        query={"status": status, **PAGING},
        gives=(Gives(schema=CONCERN_PAGE, example=listed, description="One page."),),
    )
    return [(raising, raise_concern), (browsing, browse)]


def _on_concern() -> list[tuple[Operation, Any]]:
    shown = Gives(schema=CONCERN_READ, example=CONCERN_SHOWN, description="As it is.")
    known = {"policy": "concerns.read", "tag": "concerns", "problems": ("not-found",)}
    settling = _declared(
        "PATCH",
        CONCERN,
        "settleConcern",
        "Say what came of a concern, once",
        description="Needs no If-Match: a concern changes only once, from open to settled.",
        policy="concerns.read",
        tag="concerns",
        gives=(shown,),
        takes=Takes(schema=SETTLEMENT_WRITE, examples={"usual": {"outcome": "put_right"}}),
        problems=("not-found", "conflict"),
    )
    return [
        (_declared("GET", CONCERN, "getConcern", "Read one concern", gives=(shown,), **known), read),
        (settling, settle),
    ]


def blueprint() -> Blueprint:
    """The routes."""
    made = Blueprint("safeguarding", __name__)
    partners = [each for name in suspensions.TARGETS for each in _on_partner(Suspensions(name))]
    for operation, view in (*partners, _on_suspended(), *_on_concerns(), *_on_concern()):
        made.operation(operation, view)
    return made
