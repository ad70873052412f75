"""What is open to all: vocabulary, places, rulesets, hotlines."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response

from directory import geography, vocabulary
from directory.fields import Integer, Province, Text
from directory.services import concerns, disclosures, erasure, statements, suspensions
from matching.rulesets import catalogue
from web.json import answer
from web.paths import API
from web.schemas.filters import LONGEST_QUERY
from web.smorest import PUBLIC, Blueprint, Gives, Json, Operation

TAG = "reference"
MOST_PLACES = 200
USUAL_PLACES = 50
CODES = {
    name: [{"code": code, "label": label} for code, label in codes.items()]
    for name, codes in {
        "disclosure_purpose": disclosures.PURPOSES,
        "concern": concerns.CODES,
        "concern_outcome": concerns.OUTCOMES,
        "suspension": suspensions.CODES,
        "suspension_lifted": suspensions.LIFTED,
        "erasure_reason": erasure.REASONS,
        "objection": statements.OBJECTIONS,
    }.items()
}
"""Codes that the services declare, in the form of the other lists."""
ANY: Json = {"type": "object"}
Query = Mapping[str, Any]


def envelope(items: Json) -> Json:
    """The JSON Schema of a list of such items."""
    count = {"type": "integer"}
    properties = {"items": {"type": "array", "items": items}, "total": count, "page": count, "page_size": count}
    return {"type": "object", "properties": properties, "required": list(properties)}


def whole(items: Sequence[Any]) -> Json:
    """A list in one page."""
    return {"items": list(items), "total": len(items), "page": 1, "page_size": max(len(items), 1)}


def show_vocabulary(query: Query) -> Response:
    """All code lists: those of the design, and those that oversight writes by."""
    lists = vocabulary.document()
    return answer({**lists, "sets": {**lists["sets"], **CODES}})


def search_places(query: Query) -> Response:
    """Places whose name begins with, or is like, the text."""
    most = query.get("page_size") or USUAL_PLACES
    start = ((query.get("page") or 1) - 1) * most
    found = geography.suggest_places(query["q"], query.get("province"), MOST_PLACES)
    shown = [geography.describe(place) for place in found[start : start + most]]
    page = {"items": shown, "total": len(found), "page": query.get("page") or 1, "page_size": most}
    return answer(page)


def list_rulesets(query: Query) -> Response:
    """All rulesets ever published, oldest first."""
    current = catalogue.current().version
    versions = [{"version": one.version, "current": one.version == current} for one in catalogue.PUBLISHED]
    return answer(whole(versions))


def show_ruleset(query: Query, version: str) -> Response:
    """One ruleset: every rule, feature and number with its argument."""
    return answer(catalogue.get(version).describe())


def list_hotlines(query: Query) -> Response:
    """Public hotlines."""
    return answer(whole(vocabulary.reference("hotlines")))


def _open_to_all(rule: str, name: str, summary: str, gives: Gives, **more: Any) -> Operation:
    return Operation(
        method="GET", rule=API + rule, id=name, policy=PUBLIC, tag=TAG, summary=summary, gives=(gives,), **more
    )


def _lists() -> list[tuple[Operation, Any]]:
    lists = vocabulary.document()
    some = {"version": lists["version"], "sets": {"gender": lists["sets"]["gender"]}}
    codes = _open_to_all("/vocabulary", "getVocabulary", "All code lists", Gives(schema=ANY, example=some))
    first = Gives(schema=envelope(ANY), example=whole(vocabulary.reference("hotlines")[:1]))
    lines = _open_to_all("/hotlines", "listHotlines", "Public hotlines, each with its source", first)
    return [(codes, show_vocabulary), (lines, list_hotlines)]


def _places() -> tuple[Operation, Any]:
    found = [geography.describe(one) for one in geography.suggest_places("Middelburg", None, 2)]
    operation = _open_to_all(
        "/places",
        "searchPlaces",
        "Find a place by name",
        Gives(schema=envelope({"$ref": "#/components/schemas/Place"}), example=whole(found)),
        query={
            "q": Text(most=LONGEST_QUERY, required=True, example="Middelburg"),
            "province": Province(),
            "page": Integer(least=1, most=MOST_PLACES),
            "page_size": Integer(least=1, most=MOST_PLACES, doc=f"{USUAL_PLACES} if left out."),
        },
    )
    return operation, search_places


def _rulesets() -> list[tuple[Operation, Any]]:
    version = {"version": catalogue.current().version, "current": True}
    ruleset = catalogue.current().describe()
    shortened = {**ruleset, "rules": ruleset["rules"][:1], "thresholds": ruleset["thresholds"][:1]}
    every = _open_to_all(
        "/rulesets",
        "listRulesets",
        "Rulesets of the match, oldest first",
        Gives(schema=envelope(ANY), example=whole([version])),
    )
    one = _open_to_all(
        "/rulesets/<string:version>",
        "getRuleset",
        "One ruleset: every rule, feature and number with its argument",
        Gives(schema=ANY, example=shortened),
        problems=("not-found",),
    )
    return [(every, list_rulesets), (one, show_ruleset)]


def blueprint() -> Blueprint:
    """The routes."""
    made = Blueprint("reference", __name__)
    for operation, view in (*_lists(), _places(), *_rulesets()):
        made.operation(operation, view)
    return made
