"""The answer that `match_answer.wire` gives, as bytes and many times as fast.

The serialiser asks here for every object how it is written: field by field, or otherwise where something is rounded or
left out. What matching answers again and again (`Repeated`) is text already, but for the first time."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from operator import attrgetter
from typing import Any

import orjson
from orjson import Fragment

from matching.types import Facts, Feature, Near, Package, PackageMember, Penalty, Ranked, Repeated
from web.schemas.match_answer import DISTANCE_DECIMALS, PART_DECIMALS, SCORE_DECIMALS, wire
from web.smorest import Json

Form = Callable[[Any], Any]


def dumped(value: Any) -> bytes:
    """An answer of matching as the JSON text that is sent."""
    return orjson.dumps(value, _form, orjson.OPT_PASSTHROUGH_DATACLASS)


def _form(value: Any) -> Any:
    return Fragment(_kept(value)) if isinstance(value, Repeated) else _anew(value)


def _kept(value: Repeated) -> bytes:
    """The text of what is answered again and again, made once."""
    try:
        text: bytes = value.form
    except AttributeError:
        text = _feature(value) if isinstance(value, Feature) else dumped(_anew(value))
        object.__setattr__(value, "form", text)
    return text


def _list(values: Iterable[Repeated]) -> bytes:
    return b"[%b]" % b",".join(map(_kept, values))


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

BEFORE = ("service_site_id", "service", "organisation", "department_id", "site")
AFTER = ("capacity", "verified_at")
"""Which facts of a candidate stand before the distance, and which after the questions."""


def _facts(value: Facts) -> tuple[bytes, bytes]:
    """The text of both, made once."""
    try:
        text: tuple[bytes, bytes] = value.form
    except AttributeError:
        text = _some(value, BEFORE), _some(value, AFTER)
        object.__setattr__(value, "form", text)
    return text


def _some(value: Facts, names: tuple[str, ...]) -> bytes:
    return b",".join(b'"%b":%b' % (name.encode(), dumped(getattr(value, name))) for name in names)


def _ranked(value: Ranked) -> bytes:
    """Put together of texts: most of what stands in an answer stands here."""
    before, after = _facts(value.facts)
    km = value.distance_km
    return (
        b'{"rank":%d,%b%b,"distance_band":%b,"score":%b,"features":%b,"penalties":%b,"also_covers":%b,"confirm":%b,'
        b'%b,"contacts":%b}'
        % (
            value.rank,
            before,
            b"" if km is None else b',"distance_km":%b' % orjson.dumps(round(km, DISTANCE_DECIMALS)),
            orjson.dumps(value.distance_band),
            orjson.dumps(round(value.score, SCORE_DECIMALS)),
            _list(value.features),
            dumped(value.penalties) if value.penalties else b"[]",
            orjson.dumps(value.also_covers),
            _list(value.confirm),
            after,
            _kept(value.contacts),
        )
    )


def _feature(value: Feature) -> bytes:
    """Put together too: of each candidate one feature at least is new."""
    parts = (round(one, PART_DECIMALS) for one in (value.value, value.weight, value.contribution))
    return b'{"name":%b,"value":%b,"weight":%b,"contribution":%b,"reason":%b}' % (
        *map(orjson.dumps, (value.name, *parts, value.reason)),
    )


def _penalty(value: Penalty) -> Json:
    return {"name": value.name, "value": round(value.value, PART_DECIMALS), "reason": value.reason}


def _package(value: Package) -> Json:
    return _fields(value) | {"score": round(value.score, SCORE_DECIMALS)}


def _member(value: PackageMember) -> Fragment:
    text = _ranked(value.candidate)[:-1]
    return Fragment(b'%b,"covers":%b,"to_confirm":%b}' % (text, *map(orjson.dumps, (value.covers, value.to_confirm))))


FORMS: Mapping[type[Any], Form] = {
    Ranked: lambda value: Fragment(_ranked(value)),
    Feature: lambda value: Fragment(_feature(value)),
    Penalty: _penalty,
    Near: wire,
    PackageMember: _member,
    Package: _package,
}
"""What is not shown field by field."""
