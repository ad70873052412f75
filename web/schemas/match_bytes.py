"""The answer that `match_answer.wire` gives, as bytes and many times as fast.

The serialiser asks here for every object how it is written: field by field, or otherwise where something is rounded or
left out. What matching answers again and again (`Repeated`) is text already, but for the first time."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from operator import attrgetter
from typing import Any

import orjson
from orjson import Fragment

from matching.types import Feature, MatchResult, Near, Package, PackageMember, Penalty, Ranked, Repeated
from web.schemas.match_answer import DISTANCE_DECIMALS, PART_DECIMALS, SCORE_DECIMALS, wire
from web.smorest import Json

Form = Callable[[Any], Any]


def dumped(value: Any) -> bytes:
    """An answer of matching as the JSON text that is sent."""
    return orjson.dumps(value, _form, orjson.OPT_PASSTHROUGH_DATACLASS)


def _form(value: Any) -> Any:
    if not isinstance(value, Repeated):
        return _anew(value)
    try:
        kept: Fragment = value.form
    except AttributeError:
        kept = Fragment(orjson.dumps(_anew(value), _form, orjson.OPT_PASSTHROUGH_DATACLASS))
        object.__setattr__(value, "form", kept)
    return kept


def _anew(value: Any) -> Any:
    form = FORMS.get(type(value))
    return _fields(value) if form is None else form(value)


def _fields(value: Any) -> Json:
    """Field by field; of each kind it is kept which there are, two at least."""
    kind = type(value)
    if kind not in READ:
        names = tuple(one.name for one in fields(kind))
        READ[kind] = names, attrgetter(*names)
    names, read = READ[kind]
    return dict(zip(names, read(value), strict=True))


READ: dict[type[Any], tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]] = {}


def _ranked(value: Ranked) -> Json:
    shown: Json = {
        "rank": value.rank,
        "service_site_id": value.service_site_id,
        "service": value.service,
        "organisation": value.organisation,
        "department_id": value.department_id,
        "site": value.site,
        "distance_km": value.distance_km,
        "distance_band": value.distance_band,
        "score": round(value.score, SCORE_DECIMALS),
        "features": value.features,
        "penalties": value.penalties,
        "also_covers": value.also_covers,
        "confirm": value.confirm,
        "capacity": value.capacity,
        "verified_at": value.verified_at,
        "contacts": value.contacts,
    }
    if value.distance_km is None:
        del shown["distance_km"]
    else:
        shown["distance_km"] = round(value.distance_km, DISTANCE_DECIMALS)
    return shown


def _feature(value: Feature) -> Json:
    return {
        "name": value.name,
        "value": round(value.value, PART_DECIMALS),
        "weight": round(value.weight, PART_DECIMALS),
        "contribution": round(value.contribution, PART_DECIMALS),
        "reason": value.reason,
    }


def _penalty(value: Penalty) -> Json:
    return {"name": value.name, "value": round(value.value, PART_DECIMALS), "reason": value.reason}


def _match(value: MatchResult) -> Json:
    shown = _fields(value)
    del shown["trace"]
    return shown


def _package(value: Package) -> Json:
    return _fields(value) | {"score": round(value.score, SCORE_DECIMALS)}


def _member(value: PackageMember) -> Json:
    return _ranked(value.candidate) | {"covers": value.covers, "to_confirm": value.to_confirm}


FORMS: Mapping[type[Any], Form] = {
    Ranked: _ranked,
    Feature: _feature,
    Penalty: _penalty,
    Near: wire,
    MatchResult: _match,
    PackageMember: _member,
    Package: _package,
}
"""What is not shown field by field."""
