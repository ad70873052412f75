"""The answer that `match_answer.wire` gives, as bytes and many times as fast.

What is shown as it stands is left to the serialiser, which reads the fields of a dataclass itself; only what is rounded
or left out becomes a new object. What matching answers again and again (`Repeated`) is text already."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

import orjson
from orjson import Fragment

from matching.types import (
    Alternative,
    AlternativeGroup,
    Explanation,
    Feature,
    MatchResult,
    NeedResult,
    Package,
    PackageMember,
    PackagesResult,
    Penalty,
    Ranked,
    Repeated,
)
from web.schemas.match_answer import DISTANCE_DECIMALS, PART_DECIMALS, SCORE_DECIMALS, wire
from web.smorest import Json

Form = Callable[[Any], Any]


def dumped(value: Any) -> bytes:
    """An answer of matching as the JSON text that is sent."""
    return orjson.dumps(_form(value))


def _kept(value: Repeated | None) -> Fragment | None:
    """The text of what is answered again and again: made once, and kept beside it."""
    if value is None:
        return None
    try:
        found: Fragment = value.form
    except AttributeError:
        form = FORMS.get(type(value))
        found = Fragment(orjson.dumps(value if form is None else form(value)))
        object.__setattr__(value, "form", found)
    return found


def _form(value: Any) -> Any:
    form = FORMS.get(type(value))
    return value if form is None else form(value)


def _list(values: tuple[Any, ...]) -> list[Any]:
    return [_form(one) for one in values]


def _with(names: tuple[str, ...], *changed: str) -> Form:
    """The object with some of its fields in a form of their own."""

    def form(value: Any) -> Json:
        shown = {name: getattr(value, name) for name in names}
        for name in changed:
            inner = shown[name]
            shown[name] = _list(inner) if isinstance(inner, tuple) else _form(inner)
        return shown

    return form


def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind))


def _ranked(value: Ranked) -> Json:
    shown: Json = {
        "rank": value.rank,
        "service_site_id": value.service_site_id,
        "service": _kept(value.service),
        "organisation": _kept(value.organisation),
        "department_id": value.department_id,
        "site": _kept(value.site),
    }
    if value.distance_km is not None:
        shown["distance_km"] = round(value.distance_km, DISTANCE_DECIMALS)
    return shown | {
        "distance_band": value.distance_band,
        "score": round(value.score, SCORE_DECIMALS),
        "features": [_kept(one) for one in value.features],
        "penalties": [_penalty(one) for one in value.penalties],
        "also_covers": value.also_covers,
        "confirm": value.confirm,
        "capacity": _kept(value.capacity),
        "verified_at": value.verified_at,
        "contacts": _kept(value.contacts),
    }


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


def _package(value: Package) -> Json:
    shown: Json = _PACKAGE(value)
    return shown | {"score": round(value.score, SCORE_DECIMALS)}


def _member(value: PackageMember) -> Json:
    return _ranked(value.candidate) | {"covers": value.covers, "to_confirm": value.to_confirm}


def _answer(names: tuple[str, ...], *changed: str) -> Form:
    inner = _with(names, *changed)
    return lambda value: inner(value) | {"near": wire(value.near)}


_PACKAGE = _with(_names(Package), "members")
FORMS: Mapping[type[Any], Form] = {
    Ranked: _ranked,
    Feature: _feature,
    Penalty: _penalty,
    AlternativeGroup: _with(_names(AlternativeGroup), "candidate"),
    Alternative: _with(_names(Alternative), "groups"),
    NeedResult: _with(_names(NeedResult), "suitable", "confirm_by_phone", "alternatives"),
    MatchResult: _answer(tuple(name for name in _names(MatchResult) if name != "trace"), "by_need"),
    Explanation: _with(_names(Explanation), "features"),
    PackageMember: _member,
    Package: _package,
    PackagesResult: _answer(_names(PackagesResult), "packages"),
}
"""What is not shown as it stands. Whatever holds one of these stands here as well; a test goes through all types."""
