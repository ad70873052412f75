"""What the network's links hang on: the report, its links, its coverage, and what a person's leaving would cost."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response

from directory.errors import Invalid
from directory.permissions import may
from directory.services import audit
from matching import service
from matching.service import LinkQuery
from web import media, transaction
from web.api.lists import page
from web.auth import actor
from web.json import answer
from web.paths import API
from web.pictures.scene import Picture
from web.pictures.svg import svg
from web.report.drawn import coverage_picture, links_picture, map_picture
from web.report.shared import shared
from web.schemas.filters import wanted
from web.schemas.match_answer import wire
from web.schemas.network import (
    DRAWN,
    LINK_PAGE,
    LINKS,
    PROVINCE,
    SHAREABLE,
    WHAT_IF_WRITE,
    links_shown,
    reference,
    what_if_of,
)
from web.schemas.network_examples import COUNTER, COVERAGE, LINK, MAP, OFFICER, PERSON, REPORT, SIMULATION, TIE
from web.smorest import Blueprint, Gives, Operation, Takes

TAG = "network"
PEOPLE = "network.people"
NETWORK = f"{API}/network"
Query = Mapping[str, Any]


def report(query: Query) -> Response:
    """The whole report; it grades people, so who reads it is audited. What may be shared names none."""
    found = service.network_report(transaction.session(), actor(), query.get("province"), _now())
    if query.get("shareable") or not may(actor(), PEOPLE):
        return answer(shared(wire(found)))
    audit.grading(transaction.session())
    return answer(wire(found))


def coverage(query: Query) -> Response:
    """Every required cell; who may know is told who holds one alone, which is audited. The picture names nobody."""
    found = service.network_coverage(transaction.session(), actor(), query.get("province"), _now())
    if not may(actor(), PEOPLE):
        return _drawn(query, coverage_picture(found), shared(wire(found)))
    if not _takes_picture(query):
        audit.grading(transaction.session())
    return _drawn(query, coverage_picture(found), wire(found))


def stakeholders(query: Query) -> Response:
    """The stakeholder map."""
    found = service.network_map(transaction.session(), actor(), query.get("province"), _now())
    return _drawn(query, map_picture(found), wire(found))


def _drawn(query: Query, picture: Picture, told: Any) -> Response:
    """The picture for who takes SVG, else the facts."""
    if _takes_picture(query):
        return media.text(svg(picture, alone=True), media.SVG)
    shown = answer(told)
    shown.vary.add("Accept")
    return shown


def _takes_picture(query: Query) -> bool:
    return media.wanted(query.get("format"), (media.JSON, media.SVG)) == media.SVG


def links(query: Query) -> Response:
    """A page of links; to who is told on whom each hangs, it grades people, and that is audited."""
    organisation = query.get("organisation_id")
    asked = wanted({name: one for name, one in query.items() if name not in ("format", "organisation_id")})
    found = service.network_links(transaction.session(), actor(), LinkQuery(**asked.filters), _now())
    if found.with_people:
        audit.grading(transaction.session())
    if organisation is not None:
        found = found.of(organisation)
    if _takes_picture(query):
        if organisation is None:
            raise Invalid({"organisation_id": ["Required for a picture: it is drawn around one organisation."]})
        return media.text(svg(links_picture(organisation, found.rows), alone=True), media.SVG)
    answered = answer(
        page(asked, links_shown(found, (asked.page - 1) * asked.page_size, asked.page_size), len(found.rows))
    )
    answered.vary.add("Accept")
    return answered


def person(query: Query, person_id: UUID) -> Response:
    """What if one person leaves: a grading of the person, so who reads it is audited."""
    audit.grading(transaction.session(), str(person_id))
    return answer(wire(service.network_person(transaction.session(), actor(), str(person_id), _now())))


def simulate(query: Query, body: Any) -> Response:
    """What if some people, posts, units or numbers go: it grades whoever is named, so who asks is audited."""
    audit.grading(transaction.session())
    what_if = what_if_of(body, query.get("province"))
    return answer(wire(service.network_simulation(transaction.session(), actor(), what_if, _now())))


def _now() -> Any:
    return transaction.registry().clock()


def _asks(path: str, name: str, policy: str, summary: str, gives: Gives, **more: Any) -> Operation:
    rule = f"{NETWORK}/{path}"
    return Operation(method="GET", rule=rule, id=name, policy=policy, tag=TAG, summary=summary, gives=(gives,), **more)


WHOLE = (
    "A list of targets: for coordinators, and a provincial coordinator reads the own province alone. An administrator "
    "reads what may be shared: posts, and no people. "
)
GRADED = "For coordinators alone, and a provincial coordinator reads the own province. "


def _of_the_network() -> list[tuple[Operation, Any]]:
    reporting = _asks(
        "report",
        "networkReport",
        "network.read",
        "What hangs on single contacts, and what to do about it first",
        Gives(schema=reference("NetworkReport"), example=REPORT, description="The report."),
        description=(
            WHOLE + "Long lists give their first items and say how many there are. Measured over the links that a "
            "coordinator may read: those of a confidential place to stations and districts are its own to know."
        ),
        query={**PROVINCE, **SHAREABLE},
    )
    covering = _asks(
        "coverage",
        "networkCoverage",
        "network.read",
        "For each function that a department owes a province: gap, single or backed",
        Gives(
            schema=reference("NetworkCoverage"), example=COVERAGE, description="All required cells.", also=(media.SVG,)
        ),
        description=WHOLE + "The ruleset says which functions are required, and why.",
        query={**PROVINCE, **DRAWN},
    )
    return [(reporting, report), (covering, coverage), (_mapping(), stakeholders)]


def _mapping() -> Operation:
    return _asks(
        "map",
        "networkMap",
        "network.read",
        "The stakeholder map: who stands how near to the person helped, and how the quadrants are tied",
        Gives(schema=reference("NetworkMap"), example=MAP, description="The map.", also=(media.SVG,)),
        description=(
            WHOLE + "Quadrants by sector and level. nearness = ln(1 + contacts a year) / ln(251), at most 1, times the "
            "mean support level (high 1, medium 2/3, low 1/3), over the latest fact of each link in which people are "
            "helped. resources = people who count + services + funds. Drawn are the nearest 60."
        ),
        query={**PROVINCE, **DRAWN},
    )


def _of_links_and_people() -> list[tuple[Operation, Any]]:
    linking = _asks(
        "links",
        "networkLinks",
        "network.links",
        "Links with their grades, the most urgent and weakest first",
        Gives(schema=LINK_PAGE, example=LINK, description="A page of links.", also=(media.SVG,)),
        description=(
            "Coordinators read all links of the country or of their province. Managers read those of their own "
            "organisation or unit; `hangs_on` is absent for them, since people are graded to coordinators only."
        ),
        query=LINKS,
    )
    leaving = _asks(
        "people/<uuid:person_id>",
        "networkPerson",
        PEOPLE,
        "What is lost when this person leaves, and who could step in",
        Gives(schema=reference("PersonAnswer"), example=PERSON, description="The loss."),
        description=GRADED + "Any record of a person stands for the person.",
        problems=("not-found",),
    )
    return [(linking, links), (leaving, person)]


def _simulation() -> tuple[Operation, Any]:
    return Operation(
        method="POST",
        rule=f"{NETWORK}/simulations",
        id="networkSimulation",
        policy=PEOPLE,
        tag=TAG,
        summary="What if these people, posts, units or numbers go, or somebody takes another post",
        description=(
            GRADED + "Nothing is kept. Replacements come best first, with the reason: whoever sits in the same unit, "
            "the nearest unit with that function whose contacts are fresh, people who sat in the same training."
        ),
        query=PROVINCE,
        gives=(Gives(schema=reference("SimulationAnswer"), example=SIMULATION, description="What would be lost."),),
        takes=Takes(
            schema=WHAT_IF_WRITE,
            examples={
                "an officer leaves": {"remove": [{"type": "person", "id": OFFICER}]},
                "a transfer": {"transfers": [{"focal_point_id": TIE, "post_id": COUNTER}]},
            },
        ),
    ), simulate


def blueprint() -> Blueprint:
    """The routes."""
    made = Blueprint("network", __name__)
    for operation, view in (*_of_the_network(), *_of_links_and_people(), _simulation()):
        made.operation(operation, view)
    return made
