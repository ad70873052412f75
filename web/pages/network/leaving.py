"""What if somebody leaves: the loss as the server works it out, in words and as a picture to try people on."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, request

from directory.errors import Invalid
from directory.fields import Wrong, clean_id
from directory.services import audit
from matching import service
from matching.service import NetworkReport, SimulationRow, WhatIf
from web import html, transaction
from web.auth import actor
from web.page import Page, Routes
from web.pages.network import asking
from web.pages.network.asking import NETWORK, READ
from web.pictures.ego import Ego, Tie, ego_picture
from web.pictures.hanging import Hanging, Thread, hanging_picture
from web.report.html import drawn
from web.report.wording import GRADES, cell_name, plain, whose

WHAT_IF = f"{NETWORK}/what-if"
MOST = 100
"""People who may leave at once."""
SHOWN = 12
"""People on the picture: more could not be told apart."""


def person(record_id: UUID) -> Response:
    """What is lost when one person leaves every post, and who could answer instead."""
    session, who = transaction.session(), actor()
    audit.grading(session, str(record_id))
    found = service.network_person(session, who, str(record_id), asking.now())
    homes = _homes(found.person)
    ties = tuple(
        Tie(
            (row.link.b if row.link.a.id in homes else row.link.a).name,
            row.after,
            (f"was: {GRADES[row.before]}",),
            "after",
        )
        for row in (*found.loss.links_lost, *found.loss.links_weakened)
    )
    return html.render(
        "network_pages/person.html",
        person=found.person,
        name=whose(found.person, shareable=False),
        picture=ego_picture(Ego(found.person.name, ties)) if ties else None,
        drawn=drawn,
        together=f"{WHAT_IF}?person={found.person.id}",
        **_told(found.loss),
        **asking.frame(),
    )


def ask() -> Response:
    """The people on whom most hangs, to be ticked or tapped."""
    return _page(_chosen(request.args.getlist("person")), None, {})


def answer() -> Response:
    """The loss when all of them leave together: the page, or what of it changes."""
    session, who = transaction.session(), actor()
    chosen = _chosen(request.form.getlist("person"))
    wanted = WhatIf(asking.province(), tuple(("person", one) for one in chosen))
    try:
        if not chosen:
            raise Invalid({"person": ["Say who leaves."]})
        loss = service.network_simulation(session, who, wanted, asking.now()).loss
    except Invalid as invalid:
        session.rollback()
        return _page(chosen, None, invalid.errors)
    if request.headers.get("HX-Request"):
        audit.grading(session)
        return html.render("network_pages/_loss.html", **_told(loss))
    return _page(chosen, loss, {})


def _chosen(typed: Sequence[str]) -> list[str]:
    """The ids among what was sent."""
    found: dict[str, None] = {}
    for one in typed[:MOST]:
        try:
            found[clean_id(one)] = None
        except Wrong:
            continue
    return list(found)


def _page(chosen: Sequence[str], loss: SimulationRow | None, wrong: Mapping[str, Sequence[str]]) -> Response:
    session, who = transaction.session(), actor()
    audit.grading(session)
    report = service.network_report(session, who, asking.province(), asking.now())
    those = _pictured(report, chosen)
    picture = hanging_picture(_hanging(those))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return html.render(
        "network_pages/what_if.html",
        status,
        people=[_person(one, chosen) for one in report.people.items],
        total=report.people.total,
        picture=picture,
        drawn=drawn,
        graph=_graph(those),
        errors=wrong,
        **(_told(loss) if loss else {"loss": None}),
        **asking.frame(),
    )


def _person(one: Any, chosen: Sequence[str]) -> dict[str, Any]:
    return {
        "id": one.person.id,
        "name": whose(one.person, shareable=False),
        "cells": len(one.cells_lost),
        "links": len(one.links_lost),
        "chosen": one.person.id in chosen,
    }


def _pictured(report: NetworkReport, chosen: Sequence[str]) -> list[Any]:
    """Those who are asked about, and of the others those on whom most hangs."""
    rows = report.people.items
    return sorted(rows, key=lambda one: one.person.id not in chosen)[: max(SHOWN, len(chosen))]


def _hanging(people: Sequence[Any]) -> tuple[Hanging, ...]:
    """Each person with what hangs on them alone, as the picture takes it."""
    return tuple(
        Hanging(
            one.person.name,
            (
                *(Thread(cell_name(cell.department, cell.function, cell.province), "cell") for cell in one.cells_lost),
                *(Thread(f"{link.a.name} and {link.b.name}", "link") for link in one.links_lost),
            ),
        )
        for one in people
    )


def _graph(people: Sequence[Any]) -> dict[str, Any]:
    """The same as nodes and ties, for the page's script: people between the partners and functions they hold."""
    nodes: dict[str, dict[str, str]] = {}
    ties: list[dict[str, str]] = []
    for one in people:
        key, homes = one.person.id, _homes(one.person)
        nodes[key] = {"id": key, "label": one.person.name, "kind": "person"}
        for link in one.links_lost:
            for end in (end for end in (link.a, link.b) if end.id not in homes):
                nodes.setdefault(
                    end.id,
                    {"id": end.id, "label": end.name.partition(", ")[0], "kind": "partner", "of": end.organisation_id},
                )
                ties.append({"source": key, "target": end.id, "link": link.id})
        for cell in one.cells_lost:
            name = f"{cell.department}/{cell.function}/{cell.province}"
            nodes.setdefault(name, {"id": name, "label": _cell(cell), "kind": "cell"})
            ties.append({"source": key, "target": name, "link": name})
    return {"nodes": list(nodes.values()), "ties": ties}


def _homes(person: Any) -> set[str]:
    """Where somebody sits."""
    return {seat.partner.id for seat in person.posts}


def _told(loss: SimulationRow) -> dict[str, Any]:
    """A loss in words, for the template and for the script."""
    return {
        "loss": loss,
        "grades": GRADES,
        "cell": _cell,
        "plain": plain,
        "reasons": _reasons,
        "lost": [
            *(row.link.id for row in loss.links_lost),
            *(f"{row.cell.department}/{row.cell.function}/{row.cell.province}" for row in loss.cells_lost),
        ],
        "cut": [row.organisation.id for row in loss.cut_off],
    }


def _cell(cell: Any) -> str:
    return cell_name(cell.department, cell.function, cell.province)


def _reasons(row: Any) -> list[str]:
    """Who could answer instead, each once, the best first."""
    return list(dict.fromkeys(one.reason for one in row.replacements))[:3]


ROUTES: Routes = (
    (Page(rule=WHAT_IF, id="what_if_form", policy=READ), ask),
    (Page(rule=WHAT_IF, id="what_if", policy=READ, method="POST"), answer),
    (Page(rule=f"{NETWORK}/people/<uuid:record_id>", id="network_person", policy=READ), person),
)
