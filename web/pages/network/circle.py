"""The links of one organisation, drawn around it: thick what holds, thin and red what hangs on one contact."""

from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy.orm import Session

from directory.errors import Denied
from directory.permissions import OTHERS, Actor
from directory.services import audit, records
from directory.services.catalogue import COLLECTIONS
from matching import service
from matching.service import LinkQuery, LinkRow
from web import html, transaction
from web.auth import actor
from web.page import Page, Routes
from web.pages.network import asking
from web.report.drawn import links_picture
from web.report.html import drawn
from web.report.wording import ACTIONS, GRADES, URGENCIES, plain, whose

LINKS = "network.links"
ORGANISATIONS = COLLECTIONS["organisations"]


def organisation(record_id: UUID) -> Response:
    """An organisation's links. Whoever is no coordinator reads the own ones, without anybody's name."""
    session, who, key = transaction.session(), actor(), str(record_id)
    record = records.get(session, who, ORGANISATIONS, key)
    shown = records.publish(session, who, ORGANISATIONS, [record])[0]
    _require_own(session, who, key)
    found = service.network_links(session, who, LinkQuery(), asking.now()).of(key)
    if found.with_people:
        audit.grading(session)
    return html.render(
        "network_pages/circle.html",
        organisation=shown,
        picture=links_picture(key, found.rows),
        drawn=drawn,
        links=[_link(key, row, found.with_people) for row in found.rows],
    )


def _require_own(session: Session, who: Actor, key: str) -> None:
    """Raises Denied for an organisation that is not the reader's, of who reads the own one alone."""
    if OTHERS[LINKS][who.role] in ("organisation", "unit") and who.organisation_id != key:
        raise Denied(LINKS)


def _link(key: str, row: LinkRow, with_people: bool) -> dict[str, Any]:
    near, far = (row.a, row.b) if row.a.partner.organisation_id == key else (row.b, row.a)
    people = [end.hangs_on for end in (near, far) if end.hangs_on] if with_people else []
    advice = dict.fromkeys(ACTIONS[end.advice] for end in (near, far) if end.advice and end.grade == row.grade)
    return {
        "id": row.id,
        "partner": far.partner,
        "grade": row.grade,
        "said": GRADES[row.grade],
        "uses": ", ".join(map(plain, row.link_types)),
        "band": row.band,
        "urgency": URGENCIES[row.urgency],
        "advice": "; ".join(advice),
        "people": [(one.id, whose(one, shareable=False)) for one in people],
    }


ROUTES: Routes = (
    (Page(rule="/network/organisations/<uuid:record_id>", id="network_organisation", policy=LINKS), organisation),
)
