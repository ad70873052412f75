"""Find help: for a person, whom to call, in which order, and why.

Asked by POST alone, by forms with or without script, through the same schema and service as the API. Nothing of it
stands in an address, is kept, or is logged; needs are counted, by month and province.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, request

from directory import geography, vocabulary
from directory.errors import Invalid
from directory.geography import AmbiguousPlace
from directory.services import outcomes
from matching.service import MatchAndPackages
from web import html, languages, transaction
from web.auth import actor
from web.limits import matched_and_packaged
from web.page import Page, Routes
from web.pages import answering, asking, avoiding
from web.pages.asking import Asked
from web.schemas.match import need_of

HELP = "/help"
PLACES_SHOWN = 5
SHORTEST_NAME = 2
URGENT = 1
"""Needs of this urgency stand open; what is less urgent is folded where the screen is small."""
SAID = ("near", "needs", "avoid")
"""Parts of a request of whose errors the form has sentences of its own."""
SAME_PLACE = "geolocation=(self), camera=(), microphone=()"
"""On this page the phone may be asked where it is; script rounds it before it is sent."""
COST = 3


def form() -> Response:
    """The form, with nothing in it."""
    return _form(Asked())


def ask() -> Response:
    """The answer; or the form again, when somebody was added or something is not clear."""
    asked = Asked.of(request.form)
    if "add" in request.form:
        return _form(asked.with_one_more(request.form["add"]))
    if "remove" in request.form:
        return _form(asked.with_one_less(request.form["remove"]))
    if "look" in request.form:
        return _look(asked)
    if asked.avoid_name:
        return _form(asked, 422)
    try:
        need = need_of(asked.body(transaction.registry().clock()))
        found = matched_and_packaged(need)
    except Invalid as invalid:
        return _form(asked, 422, invalid)
    return _answer(asked, found)


def places() -> Response:
    """Places that begin with, or are like, what is being typed."""
    languages.speak()
    text = request.form.get("place", "").strip()[: asking.LONGEST]
    found = [*_districts(text), *_places(_like(text))]
    return html.render("help/places.html", places=found, name="place_id", typed=text)


def _like(text: str) -> list[geography.Place]:
    """The place, once it is clear; else those it may become."""
    try:
        return [geography.resolve_place(text)]
    except AmbiguousPlace:
        return geography.suggest_places(text, limit=PLACES_SHOWN) if len(text) >= SHORTEST_NAME else []


def people() -> Response:
    """The party, with one more or one less."""
    languages.speak()
    asked = Asked.of(request.form)
    asked = asked.with_one_more(request.form.get("add", "")).with_one_less(request.form.get("remove", ""))
    return html.render("help/people.html", asked=asked, terms=_terms(), added="add" in request.form)


def names() -> Response:
    """Organisations and offices of the name being typed, to be avoided."""
    languages.speak()
    asked = Asked.of(request.form)
    return html.render("help/avoided.html", **_avoided(asked), asked=asked)


def say_outcome() -> Response:
    """What came of a call, in one tap."""
    languages.speak()
    given = {name: request.form[name] for name in ("outcome", "channel_id") if request.form.get(name)}
    outcomes.say(transaction.session(), actor(), request.form.get("service_site_id", ""), given)
    return html.render("help/noted.html", bare=request.headers.get("HX-Request") == "true")


def _look(asked: Asked) -> Response:
    """The form, with what is to be avoided looked up: a town of one name is taken, of several one is chosen."""
    if not asked.avoid_place:
        return _form(asked)
    try:
        return _form(asked.with_avoided(geography.resolve_place(asked.avoid_place).id))
    except AmbiguousPlace as error:
        alike = [geography.describe(one) for one in error.candidates]
        return _form(asked, 422, Invalid({"avoid": ["Which place is meant?"]}, alike))


def _answer(asked: Asked, found: MatchAndPackages) -> Response:
    languages.speak()
    bare = request.headers.get("HX-Request") == "true"
    shown: dict[str, Any] = {
        "answer": answering.shown(found.match, found.packages),
        "words": answering.words(),
        "asked": asked,
    }
    if not bare:
        shown |= _shown(asked)
    return _guarded(html.render("help/found.html" if bare else "help/page.html", 200, **shown))


def _form(asked: Asked, status: int = 200, invalid: Invalid | None = None) -> Response:
    languages.speak()
    bare = request.headers.get("HX-Request") == "true"
    template = "help/form.html" if bare else "help/page.html"
    made = _guarded(html.render(template, status, asked=asked, **_shown(asked, invalid)))
    if bare:
        made.headers.update({"HX-Retarget": "#form", "HX-Reswap": "innerHTML"})
    return made


def _shown(asked: Asked, invalid: Invalid | None = None) -> dict[str, Any]:
    errors = {} if invalid is None else invalid.errors
    candidates = [] if invalid is None else _candidates(invalid)
    parts = {path.partition(".")[0] for path in errors}
    near = "near" in parts
    return {
        "terms": _terms(),
        "groups": needs_by_urgency(),
        "urgent": URGENT,
        "districts": sorted(geography.districts().values(), key=lambda one: one.name),
        "errors": errors,
        "parts": parts,
        "others": [
            (path.rpartition(".")[2], said) for path, said in errors.items() if path.partition(".")[0] not in SAID
        ],
        "near_wrong": near,
        "places": [*_districts(asked.place), *candidates] if near else [],
        "avoid_places": [] if near else candidates,
        **_avoided(asked),
    }


def _avoided(asked: Asked) -> dict[str, Any]:
    session = transaction.session()
    return {
        "avoided": avoiding.named(session, actor(), asked.avoid),
        "offers": [one for one in avoiding.found(session, actor(), asked.avoid_name) if one.code not in asked.avoid],
    }


def _terms() -> Mapping[str, Any]:
    return {name: vocabulary.terms(name) for name in TERMS}


TERMS = ("service", "relation", "age_band", "gender", "language", *asking.CHOICES)


def needs_by_urgency() -> list[tuple[int, list[Mapping[str, Any]]]]:
    """Every need, the most urgent first."""
    terms = vocabulary.document()["sets"]["service"]
    return [
        (urgency, [term for term in terms if term["urgency"] == urgency])
        for urgency in sorted({term["urgency"] for term in terms})
    ]


def _candidates(invalid: Invalid) -> list[Mapping[str, Any]]:
    by_id = geography.places_by_id()
    return _places([by_id[str(one["place_id"])] for one in invalid.candidates or ()])


def _places(found: Sequence[geography.Place]) -> list[Mapping[str, Any]]:
    districts, provinces = geography.districts(), geography.provinces()
    return [
        {"id": one.id, "label": f"{one.name}, {provinces[one.province]}", "more": districts[one.district].name}
        for one in found
    ]


def _districts(text: str) -> list[Mapping[str, Any]]:
    """The districts whose names begin so: somebody may know no more than that."""
    wanted, provinces = geography.normalise(text), geography.provinces()
    return [
        {"id": f"{asking.DISTRICT}{one.code}", "label": f"{one.name}, {provinces[one.province]}", "more": ""}
        for one in geography.districts().values()
        if len(wanted) >= SHORTEST_NAME and geography.normalise(one.name).startswith(wanted)
    ]


def _guarded(answer: Response) -> Response:
    answer.headers["Permissions-Policy"] = SAME_PLACE
    return answer


def _asks(rule: str, name: str, *, cost: int = 1) -> Page:
    return Page(rule=f"{HELP}{rule}", id=name, policy="match", method="POST", tag="matches", cost=cost, only_asks=True)


SAY = Page(rule=f"{HELP}/outcomes", id="say_outcome", policy="outcomes.say", method="POST", tag="service-sites")

ROUTES: Routes = (
    (
        Page(
            rule=HELP,
            id="help",
            policy="match",
            tag="matches",
            menu="Find help",
            about="Somebody needs help now: whom to call, in which order, and why.",
        ),
        form,
    ),
    (_asks("", "ask_for_help", cost=COST), ask),
    (_asks("/places", "help_places"), places),
    (_asks("/people", "help_people"), people),
    (_asks("/names", "help_names"), names),
    (SAY, say_outcome),
)
