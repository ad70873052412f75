"""How much room there is: a page that a shelter's manager updates in two taps."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, request
from sqlalchemy.orm import Session

from directory.errors import Invalid
from directory.permissions import Actor
from directory.services import capacity, listing, records
from directory.services.catalogue import COLLECTIONS
from web import browser, html, transaction
from web.auth import actor
from web.pages.registry import browsing
from web.pages.registry.naming import MARK, Names

CAPACITY = "/capacity"
AT_MOST = 100
STEPS = 6
"""Beds that are offered as buttons: so many and fewer; more are typed."""
PLACES, SERVICES = COLLECTIONS["service_sites"], COLLECTIONS["services"]


def overview() -> Response:
    """All places whose room the reader may say."""
    return _page({})


def say(record_id: UUID) -> Response:
    """Keep the figure; or the page again, with what is wrong."""
    session, who = transaction.session(), actor()
    record = records.get(session, who, PLACES, str(record_id))
    given = {name: request.form.get(name, type=int) for name in ("total", "available")}
    try:
        capacity.put(session, who, PLACES, record, {"unit": request.form.get("unit", ""), **given})
    except Invalid as invalid:
        session.rollback()
        return _page({str(record_id): invalid.errors}, HTTPStatus.UNPROCESSABLE_ENTITY)
    return browser.go_to(f"{CAPACITY}?said={record_id}")


def _page(errors: dict[str, Any], status: int = 200) -> Response:
    session, who = transaction.session(), actor()
    return html.render(
        "registry/capacity.html",
        status,
        rows=_own(session, who),
        errors=errors,
        said=request.args.get("said", ""),
        steps=range(STEPS + 1),
    )


def _own(session: Session, who: Actor) -> list[dict[str, Any]]:
    """The residential places of the reader's organisation or province, each with what its managers last said."""
    own = {"organisation_id": who.organisation_id} if who.organisation_id else {"province": who.province}
    filters = {name: value for name, value in own.items() if value}
    found, _total = listing.page(session, who, PLACES, filters, page_size=AT_MOST)
    said = capacity.said(session, who, PLACES, found)
    shown = browsing.published(session, who, PLACES, [record for record in found if record.id in said])
    homes = _organisations(session, who, [one["service_id"] for one in shown]) if not who.organisation_id else {}
    wanted = {
        "services": {one["service_id"] for one in shown},
        "sites": {one["site_id"] for one in shown if one["site_id"]},
        "organisations": set(homes.values()),
    }
    names = {key: MARK.sub("", name) for key, name in Names(session, who).of(wanted).items()}
    return [
        {
            **one,
            "service": names.get(one["service_id"], ""),
            "site": names.get(one["site_id"] or "", ""),
            "organisation": names.get(homes.get(one["service_id"], ""), ""),
            "kept": said[one["id"]],
        }
        for one in shown
    ]


def _organisations(session: Session, who: Actor, services: list[str]) -> dict[str, str]:
    """Whose the services are, for who reads those of several."""
    found, _total = listing.page(session, who, SERVICES, {"ids": services}, page_size=AT_MOST)
    return {one.id: one.organisation_id for one in found}
