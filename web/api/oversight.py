"""The audit, daily allowances and the alerts they leave."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from directory.errors import Invalid
from directory.fields import as_instant, checked
from directory.services import auditing, quotas
from directory.services.auditing import Search
from web import transaction
from web.api.lists import page
from web.auth import actor
from web.paths import API
from web.schemas.examples import ORGANISATION
from web.schemas.filters import PAGING, wanted
from web.schemas.oversight import (
    ALERT,
    ALERT_PAGE,
    ALERT_SHOWN,
    ANCHOR,
    ANCHOR_READ,
    ANCHOR_SHOWN,
    ENTRY_PAGE,
    ENTRY_SHOWN,
    QUOTA,
    QUOTA_READ,
    QUOTA_WRITE,
    SEARCH,
    VERDICT_READ,
    VERDICT_SHOWN,
)
from web.smorest import Blueprint, Gives, Json, Operation, Takes

Query = Mapping[str, Any]
Body = Mapping[str, Any]


def browse(query: Query) -> Json:
    """One page of the audit, newest first."""
    asked = wanted(query)
    search = search_of(asked.filters)
    found, total = auditing.entries(transaction.session(), actor(), search, page=asked.page, page_size=asked.page_size)
    return page(asked, found, total)


def search_of(filters: Mapping[str, Any]) -> Search:
    """What to look for, as the query or a command says it."""
    kept = {name: filters.get(name) for name in ("actor", "action", "collection")}
    since, until = (as_instant(filters.get(name)) for name in ("since", "until"))
    return Search(record=filters.get("record_id"), since=since, until=until, **kept)


def verify(query: Query) -> Json:
    """Whether the chain is whole."""
    given = {name: query[name] for name in ANCHOR if query.get(name) is not None}
    missing = [name for name in ANCHOR if given and name not in given]
    if missing:
        raise Invalid({name: ["seq and hash go together."] for name in missing})
    verdict = auditing.verify(transaction.session(), actor(), given or None)
    return {"sound": verdict.sound, "entries": verdict.entries, "fault": verdict.fault, "seq": verdict.seq}


def show_anchor(query: Query) -> Json:
    """The end of the chain."""
    shown: Json = json.loads(auditing.anchor(transaction.session(), actor()))
    return shown


def list_alerts(query: Query) -> Json:
    """One page of alerts, newest first."""
    asked = wanted(query)
    found, total = quotas.alerts(transaction.session(), actor(), page=asked.page, page_size=asked.page_size)
    return page(asked, [{name: getattr(one, name) for name in ALERT} for one in found], total)


def set_quota(query: Query, body: Body, record_id: UUID, kind: str) -> Json:
    """Give an organisation another daily allowance."""
    daily = checked(QUOTA, dict(body)).get("daily")
    quotas.set_limit(transaction.session(), actor(), str(record_id), kind, daily)
    return {"organisation_id": str(record_id), "kind": kind, "daily": daily}


def _on_audit() -> list[tuple[Operation, Any]]:
    def declared(rule: str, name: str, summary: str, **more: Any) -> Operation:
        where = f"{API}/audit{rule}"
        return Operation(method="GET", rule=where, id=name, tag="audit", policy="audit.read", summary=summary, **more)

    listed = page(wanted({}), [ENTRY_SHOWN], 1)
    browsing = declared(
        "",
        "listAuditEntries",
        "Who did what, and what was refused: newest first",
        description="Codes, never values. People who have been erased are references that lead nowhere.",
        query={**SEARCH, **PAGING},
        gives=(Gives(schema=ENTRY_PAGE, example=listed, description="One page."),),
    )
    verifying = declared(
        "/verification",
        "verifyAudit",
        "Whether the chain of entries is whole",
        description="Without an anchor kept elsewhere, an end that was cut off or written anew is not seen.",
        query=ANCHOR,
        gives=(Gives(schema=VERDICT_READ, example=VERDICT_SHOWN, description="The verdict, sound or not."),),
    )
    anchoring = declared(
        "/anchor",
        "anchorAudit",
        "The chain's end, to be kept where whoever writes the database cannot write",
        gives=(Gives(schema=ANCHOR_READ, example=ANCHOR_SHOWN, description="The end."),),
    )
    return [(browsing, browse), (verifying, verify), (anchoring, show_anchor)]


def _on_allowances() -> list[tuple[Operation, Any]]:
    listed = page(wanted({}), [ALERT_SHOWN], 1)
    alerts = Operation(
        method="GET",
        rule=f"{API}/alerts",
        id="listAlerts",
        tag="alerts",
        policy="alerts.read",
        summary="Whose daily allowance was spent, or more of it than is usual, newest first",
        query=PAGING,
        gives=(Gives(schema=ALERT_PAGE, example=listed, description="One page."),),
    )
    example = {"organisation_id": ORGANISATION, "kind": "contacts", "daily": 5000}
    usual = ", ".join(f"{kind}: {one.daily}" for kind, one in quotas.KINDS.items())
    setting = Operation(
        method="PUT",
        rule=f"{API}/organisations/<uuid:record_id>/quotas/<string:kind>",
        id="setQuota",
        tag="organisations",
        policy="quotas.manage",
        summary="Give an organisation another daily allowance",
        description=f"The usual ones a day: {usual}.",
        gives=(Gives(schema=QUOTA_READ, example=example, description="Set."),),
        takes=Takes(schema=QUOTA_WRITE, examples={"more": {"daily": 5000}, "the usual": {"daily": None}}),
        problems=("not-found",),
        writes=True,
    )
    return [(alerts, list_alerts), (setting, set_quota)]


def blueprint() -> Blueprint:
    """The routes."""
    made = Blueprint("oversight", __name__)
    for operation, view in (*_on_audit(), *_on_allowances()):
        made.operation(operation, view)
    return made
