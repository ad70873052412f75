"""The wire form of what matching answers, and its JSON Schemas."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from directory import vocabulary
from matching.types import Feature, Near, Package, PackageMember, Penalty, Ranked
from web.smorest import Json

SCORE_DECIMALS = 4
PART_DECIMALS = 6
"""Parts are shown finer than the score, so that what is shown adds up to the score that is shown."""
DISTANCE_DECIMALS = 1


def wire(value: Any) -> Any:
    """The JSON value of an answer of matching, by the names of its fields."""
    if isinstance(value, Ranked):
        return _ranked(value)
    if isinstance(value, Near):
        return {"label": value.label, "lat": value.lat, "lon": value.lon}
    if isinstance(value, Feature | Penalty):
        return {
            name: round(one, PART_DECIMALS) if isinstance(one, float) else one for name, one in _fields(value).items()
        }
    if isinstance(value, PackageMember):
        return _ranked(value.candidate) | {"covers": list(value.covers), "to_confirm": list(value.to_confirm)}
    if isinstance(value, Package):
        return _fields(value) | {"score": round(value.score, SCORE_DECIMALS)}
    if is_dataclass(value):
        return _fields(value)
    return [wire(one) for one in value] if isinstance(value, tuple) else value


def _fields(value: Any) -> Json:
    return {one.name: wire(getattr(value, one.name)) for one in fields(value)}


def _ranked(value: Ranked) -> Json:
    """A confidential or remote candidate has no distance in kilometres: the field is absent."""
    facts = value.facts
    shown = {
        "rank": value.rank,
        "service_site_id": facts.service_site_id,
        "service": facts.service,
        "organisation": facts.organisation,
        "department_id": facts.department_id,
        "site": facts.site,
        "distance_km": value.distance_km,
        "distance_band": value.distance_band,
        "score": round(value.score, SCORE_DECIMALS),
        "features": value.features,
        "penalties": value.penalties,
        "also_covers": value.also_covers,
        "confirm": value.confirm,
        "capacity": facts.capacity,
        "verified_at": facts.verified_at,
        "contacts": value.contacts,
    }
    if value.distance_km is None:
        del shown["distance_km"]
    else:
        shown["distance_km"] = round(value.distance_km, DISTANCE_DECIMALS)
    return {name: wire(one) for name, one in shown.items()}


def _object(optional: tuple[str, ...] = (), **properties: Json) -> Json:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required}


def _array(items: Json) -> Json:
    return {"type": "array", "items": items}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _or_null(schema: Json) -> Json:
    return {"anyOf": [schema, {"type": "null"}]}


def _maybe(kind: str, **more: Any) -> Json:
    return {"type": [kind, "null"], **more}


STRING: Json = {"type": "string"}
NUMBER: Json = {"type": "number"}
INTEGER: Json = {"type": "integer"}
BOOLEAN: Json = {"type": "boolean"}
UUID: Json = {"type": "string", "format": "uuid"}
MAYBE_UUID: Json = _maybe("string", format="uuid")
INSTANT: Json = {"type": "string", "format": "date-time"}
MAYBE_INSTANT: Json = _maybe("string", format="date-time")
NEED: Json = {"type": "string", "enum": list(vocabulary.codes("service"))}
BANDS: Json = _maybe(
    "string",
    enum=["0-25", "25-50", "50-100", "100-200", "200-400", "400-800", "800+", None],
    description="Kilometres to the published point; null for what is given from afar.",
)

SCHEMAS: Mapping[str, Json] = {
    "Call": _object(
        order=INTEGER,
        channel_kind=STRING,
        value=STRING,
        name=_maybe("string"),
        role=_maybe("string"),
        answers_now=_maybe("boolean", description="Null: its hours are not known."),
        verified_at=MAYBE_INSTANT,
        channel_id=_maybe("string", format="uuid", description="Null: a public hotline."),
        whatsapp=_maybe("boolean"),
    ),
    "Contacts": _object(
        grade=STRING,
        redundancy=INTEGER,
        link_id=MAYBE_UUID,
        reason=STRING,
        advice=_maybe("string"),
        limited=BOOLEAN,
        call=_array(_ref("Call")),
    ),
    "Feature": _object(name=STRING, value=NUMBER, weight=NUMBER, contribution=NUMBER, reason=STRING),
    "Candidate": _object(
        optional=("distance_km",),
        rank=INTEGER,
        service_site_id=UUID,
        service=_object(id=UUID, name=STRING, codes=_array(STRING), delivery=STRING),
        organisation=_object(id=UUID, name=STRING, org_type=_maybe("string"), sector=_maybe("string")),
        department_id=MAYBE_UUID,
        site=_or_null(
            _object(
                id=UUID,
                confidential=BOOLEAN,
                area=_or_null(_object(id=UUID, label=STRING, district=STRING, province=STRING)),
                point=_or_null(_object(lat=NUMBER, lon=NUMBER)),
            )
        ),
        distance_km={**NUMBER, "description": "Open sites only, one decimal."},
        distance_band=BANDS,
        score={**NUMBER, "description": "Sum of contributions minus penalties, four decimals."},
        features=_array(_ref("Feature")),
        penalties=_array(_object(name=STRING, value=NUMBER, reason=STRING)),
        also_covers=_array(NEED),
        confirm=_array(_object(rule=STRING, question=STRING)),
        capacity=_or_null(_ref("PublishedCapacity")),
        verified_at=MAYBE_INSTANT,
        contacts=_ref("Contacts"),
    ),
    "PublishedCapacity": _object(
        optional=("total", "available", "band"),
        unit=STRING,
        total=_maybe("integer"),
        available=_maybe("integer"),
        band=_maybe("string", description="Confidential places only: none, 1-2 or 3+."),
        as_of=MAYBE_INSTANT,
    ),
    "StepContact": _object(
        name=STRING,
        service_site_id=MAYBE_UUID,
        department_id=MAYBE_UUID,
        distance_band=BANDS,
        contacts=_or_null(_ref("Contacts")),
    ),
    "Alternative": _object(
        code=STRING,
        text=STRING,
        groups=_array(_object(members=_array(INTEGER), candidate=_ref("Candidate"))),
        distance_between=BANDS,
        contact=_or_null(_ref("StepContact")),
    ),
    "Excluded": _object(
        total=INTEGER,
        by_reason=_array(_object(rule=STRING, said=INTEGER, unknown=INTEGER)),
        nearest=_array(
            _object(
                service_site_id=UUID,
                organisation=STRING,
                reasons=_array(STRING),
                waitlist=BOOLEAN,
                next_opening=MAYBE_INSTANT,
            )
        ),
    ),
    "Match": _object(
        ruleset=STRING,
        revision=INTEGER,
        generated_at=INSTANT,
        near=_object(label=STRING, lat=NUMBER, lon=NUMBER),
        first=_array(_object(code=STRING, text=STRING, contact=_or_null(_ref("StepContact")))),
        duties=_array(
            _object(
                code=STRING,
                text=STRING,
                source=STRING,
                who=_or_null(_object(department_id=UUID, name=STRING, contacts=_ref("Contacts"))),
            )
        ),
        by_need=_array(
            _object(
                need=NEED,
                read_as=_or_null(NEED),
                suitable=_array(_ref("Candidate")),
                confirm_by_phone=_array(_ref("Candidate")),
                alternatives=_array(_ref("Alternative")),
                excluded=_ref("Excluded"),
            )
        ),
        uncovered=_array(NEED),
    ),
    "Packages": _object(
        ruleset=STRING,
        revision=INTEGER,
        generated_at=INSTANT,
        near=_object(label=STRING, lat=NUMBER, lon=NUMBER),
        first=_array(_object(code=STRING, text=STRING, contact=_or_null(_ref("StepContact")))),
        packages=_array(
            _object(
                members=_array(_ref("PackageMember")),
                uncovered=_array(NEED),
                worst_distance_band=BANDS,
                score={**NUMBER, "description": "Sum of the members' scores, four decimals."},
                single_contact_needs=_array(NEED),
            )
        ),
        uncovered=_array(NEED),
    ),
    "PackageMember": {
        "allOf": [
            _ref("Candidate"),
            _object(
                covers=_array(NEED),
                to_confirm={**_array(NEED), "description": "Those of `covers` that have to be confirmed by phone."},
            ),
        ]
    },
    "Explanation": _object(
        need=_or_null(NEED),
        bucket=_maybe("string", enum=["suitable", "confirm_by_phone", "excluded", None]),
        rank=_maybe("integer"),
        rules=_array(_object(rule=STRING, outcome={"enum": ["pass", "fail", "unknown"]}, reason=STRING)),
        features=_array(_ref("Feature")),
    ),
}


def reference(name: str) -> Json:
    """A reference to one of the schemas."""
    return _ref(name)
