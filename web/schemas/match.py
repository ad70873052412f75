"""The request of a match: fields, ranges and lengths, and its way into matching's own Need.

There is no field for a name, a number or free text about the person, and what is not declared is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from directory.fields import (
    Boolean,
    Code,
    District,
    Field,
    Id,
    Instant,
    Integer,
    Language,
    Listing,
    Number,
    Province,
    Schema,
    Shape,
    Text,
    Wrong,
    as_instant,
    checked,
)
from matching.types import AvoidAsked, Member, NearAsked, Need, Point, Profile
from web.smorest import Body, Json, schema_of

MOST_NEEDS = 12
MOST_PEOPLE = 20
MOST_AVOIDED = 50
OLDEST = 130
USUAL_KM = 500.0
"""How far a match looks unless it says otherwise: about a day's drive."""
HALF_THE_EARTH_KM = 20_100

USUAL_LIMIT = 10

NAME = Text(most=120, doc="Exact name or alternate name of one gazetteer place; see /places.")
PLACE_ID = Text(most=20, doc="As /places and `candidates` give it.")
POINT = Shape(
    fields={"lat": Number(least=-90, most=90, required=True), "lon": Number(least=-180, most=180, required=True)}
)
RADIUS = Number(least=0, most=2000, doc="Kilometres; required beside a place or point.")


NOTHING: Schema = {"type": "null"}


@dataclass(frozen=True, kw_only=True)
class Choice(Shape):
    """An object that takes one of several forms: each names the fields it has, the first of which is its mark."""

    forms: tuple[tuple[str, ...], ...]
    optional: frozenset[str] = frozenset()
    whole: bool = True

    def clean(self, value: Any) -> dict[str, Any]:
        """Check the fields, then that they make exactly one form."""
        cleaned = super().clean(value)
        given = {name for name, one in cleaned.items() if one is not None}
        marks = [form for form in self.forms if form[0] in given]
        if len(marks) != 1:
            raise Wrong(f"Give exactly one of: {', '.join(dict.fromkeys(form[0] for form in self.forms))}.")
        form = set(marks[0])
        errors = {name: [f"Not beside {marks[0][0]}."] for name in sorted(given - form)}
        errors |= {name: [f"Required beside {marks[0][0]}."] for name in sorted(form - given - self.optional)}
        if errors:
            raise Wrong(errors)
        return cleaned

    def kind(self) -> Schema:
        """One object schema a form; what belongs to another form is null if it is there."""
        return {"oneOf": [self._form(form) for form in self.forms]}

    def _form(self, form: tuple[str, ...]) -> Schema:
        needed = [name for name in form if name not in self.optional]
        shown: Schema = {}
        for name, field in self.fields.items():
            if name not in form:
                shown[name] = NOTHING
            else:
                shown[name] = field.schema() if name in self.optional else field.kind()
        return {"type": "object", "properties": shown, "required": needed, "additionalProperties": False}


NEAR = Choice(
    fields={"place": NAME, "province": Province(), "place_id": PLACE_ID, "district": District(), "point": POINT},
    forms=(("place", "province"), ("place_id",), ("district",), ("point",)),
    optional=frozenset({"province"}),
    required=True,
    doc="Where from. A district means its seat; a name that is not exactly one place's is 422 with `candidates`.",
)

AVOID = Choice(
    fields={
        "district": District(),
        "place": NAME,
        "province": Province(),
        "place_id": PLACE_ID,
        "point": POINT,
        "radius_km": RADIUS,
        "organisation_id": Id(to="organisations"),
        "department_id": Id(to="departments"),
    },
    forms=(
        ("district",),
        ("place", "province", "radius_km"),
        ("place_id", "radius_km"),
        ("point", "radius_km"),
        ("organisation_id",),
        ("department_id",),
    ),
    optional=frozenset({"province"}),
)

MEMBER = Shape(
    fields={
        "age": Integer(most=OLDEST, doc="Whole years; counts before age_band."),
        "age_band": Code(of="age_band"),
        "age_disputed": Boolean(doc="A disputed age is treated as a child's."),
        "gender": Code(of="gender"),
        "trans": Boolean(),
        "relation": Code(of="relation", doc="To the first of the party."),
    }
)

PROFILE: Mapping[str, Field] = {
    "pregnant": Boolean(),
    "newborn": Boolean(),
    "step_free": Boolean(doc="Needs access without steps."),
    "languages": Listing(of=Language(), most=10),
    "language_required": Boolean(doc="A common language is a must."),
    "substance": Code(among=("none", "stable", "active")),
    "mental_acuity": Code(of="acuity"),
    "medical_acuity": Code(of="acuity"),
    "time_critical": Boolean(doc="Within 72 hours of rape."),
    "has_id": Boolean(),
    "has_police_report": Boolean(),
    "has_dsd_referral": Boolean(),
    "undocumented": Boolean(),
    "lgbtqi": Boolean(),
    "legal_basis": Code(of="legal_basis"),
    "recognition": Code(of="recognition"),
}

MATCH: Mapping[str, Field] = {
    "near": NEAR,
    "needs": Listing(of=Code(of="service"), least=1, most=MOST_NEEDS, required=True),
    "party": Listing(of=MEMBER, most=MOST_PEOPLE, distinct=False, doc="One entry a person; the first is helped."),
    "profile": Shape(fields=PROFILE, doc="What is left out is unknown, never read as yes or no."),
    "avoid": Listing(of=AVOID, most=MOST_AVOIDED, distinct=False, doc="Never relaxed, never named in the answer."),
    "when": Instant(doc="Governs intake and accreditation; now if left out."),
    "stay_days": Integer(least=1, most=3650),
    "sort": Code(among=("score", "nearest"), doc="score if left out."),
    "max_km": Number(least=0, most=HALF_THE_EARTH_KM, doc=f"{USUAL_KM:g} if left out; null is no limit."),
    "limit": Integer(least=1, most=50, doc=f"For each need and bucket; {USUAL_LIMIT} if left out."),
}

EXPLANATION: Mapping[str, Field] = {**MATCH, "service_site_id": Id(to="service_sites", required=True)}

MATCH_REQUEST = schema_of("MatchRequest", MATCH, Body)
EXPLANATION_REQUEST = schema_of("ExplanationRequest", EXPLANATION, Body)


def need_of(body: Any) -> Need:
    """The request of a match. Raises Invalid."""
    return _need(checked(MATCH, body))


def explained(body: Any) -> tuple[Need, str]:
    """The request of an explanation, and the candidate it asks about. Raises Invalid."""
    given = checked(EXPLANATION, body)
    return _need(given), given["service_site_id"]


def _need(given: Json) -> Need:
    profile = {name: value for name, value in (given.get("profile") or {}).items() if value is not None}
    return Need(
        near=NearAsked(**{**given["near"], "point": _point(given["near"]["point"])}),
        needs=tuple(given["needs"]),
        party=tuple(_member(one) for one in given.get("party") or ()),
        profile=Profile(**{**profile, "languages": tuple(profile.get("languages", ()))}),
        avoid=tuple(AvoidAsked(**{**one, "point": _point(one["point"])}) for one in given.get("avoid") or ()),
        when=as_instant(given.get("when")),
        stay_days=given.get("stay_days"),
        sort=given.get("sort") or "score",
        max_km=given.get("max_km", USUAL_KM),
        limit=given.get("limit") or USUAL_LIMIT,
    )


def _member(given: Json) -> Member:
    return Member(**{**given, "age_disputed": bool(given["age_disputed"])})


def _point(given: Json | None) -> Point | None:
    return None if given is None else Point(given["lat"], given["lon"])
