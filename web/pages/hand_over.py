"""Cards to hand over: what the law asks at a stage, for an official who has never done it, with the lines of the area;
and how to recognise a victim, for whoever is there first.

A card is asked for by POST, like a search: stage and district together could tell of a case.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, request

from directory import geography, vocabulary
from matching import service
from matching.types import NearAsked, Who
from web import html, languages, transaction
from web.auth import actor
from web.page import Page, Routes
from web.smorest import PUBLIC

CARDS = "/cards"
FIRST = ("trafficking", "police", "emergency", "child")
"""Hotlines of these kinds stand on every card."""


@dataclass(frozen=True, slots=True)
class StageCard:
    """One stage: what is to be done, by whom, and who that is in the area."""

    label: str
    lead_text: str
    duties: Sequence[Mapping[str, Any]]
    not_in_force: Sequence[Mapping[str, Any]]
    offices: Sequence[tuple[Mapping[str, Any], Who | None]]
    area: str


def choose() -> Response:
    """Which card."""
    languages.speak()
    return html.render("cards/choose.html", **_choices(), back=CARDS)


def card() -> Response:
    """The card of a stage in a district; or the choice again."""
    languages.speak()
    stage, code = request.form.get("stage", ""), request.form.get("district", "")
    district = geography.districts().get(code)
    if district is None or stage not in vocabulary.codes("stage"):
        return html.render("cards/choose.html", 422, **_choices(), back=CARDS, missing=True)
    now = transaction.registry().clock()
    competent = service.competent(transaction.session(), actor(), NearAsked(district=code), now)
    return html.render("cards/stage.html", card=_card(stage, competent, district), hotlines=hotlines(), now=now)


def identification() -> Response:
    """How to recognise a victim."""
    languages.speak()
    return html.render("cards/identification.html", hotlines=hotlines())


def hotlines() -> list[Mapping[str, Any]]:
    """The hotlines that belong on a card."""
    return [one for one in vocabulary.reference("hotlines") if one["kind"] in FIRST]


def _choices() -> dict[str, Any]:
    districts = sorted(geography.districts().values(), key=lambda one: one.name)
    return {"stages": vocabulary.terms("stage"), "districts": districts}


def _card(stage: str, competent: Mapping[str, Who], district: geography.District) -> StageCard:
    rows = [one for one in vocabulary.reference("stages") if one["stage"] == stage]
    offices = {one["code"]: one for one in vocabulary.reference("departments")}
    leads = list(dict.fromkeys(code for row in rows for code in row["lead"]))
    told = [row for row in rows if row["duty"]]
    return StageCard(
        label=rows[0]["label"],
        lead_text=rows[0]["lead_text"],
        duties=[row for row in told if row["in_force"]],
        not_in_force=[row for row in told if not row["in_force"]],
        offices=[(offices[code], competent.get(code)) for code in leads or ("DSD",)],
        area=f"{district.name}, {geography.provinces()[district.province]}",
    )


ROUTES: Routes = (
    (
        Page(
            rule=CARDS,
            id="cards",
            policy="match",
            menu="Cards",
            about="What the law asks at each stage, to print and hand over.",
        ),
        choose,
    ),
    (Page(rule=CARDS, id="card", policy="match", method="POST", only_asks=True), card),
    (Page(rule=f"{CARDS}/first-responders", id="identification", policy=PUBLIC), identification),
)
