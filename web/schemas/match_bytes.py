"""The answer that `match_answer.wire` gives, as bytes and many times as fast.

The serialiser asks here for every object how it is written: field by field, or otherwise where something is rounded or
left out. What matching answers again and again (`Repeated`) is text already, but for the first time."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any

import orjson
from orjson import Fragment

from matching.types import (
    Duty,
    Excluded,
    ExcludedNearest,
    Facts,
    Feature,
    Near,
    NeedResult,
    Package,
    PackageMember,
    Penalty,
    Ranked,
    Repeated,
)
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
        return _made(value)
    return text


def _made(value: Repeated) -> bytes:
    text = _feature(value) if isinstance(value, Feature) else dumped(_anew(value))
    object.__setattr__(value, "form", text)
    return text


@cache
def _weight(value: float) -> bytes:
    return orjson.dumps(round(value, PART_DECIMALS))


@lru_cache(maxsize=1024)
def _text(value: str | None) -> bytes:
    """Of the few words and sentences that are in every answer."""
    return orjson.dumps(value)


def _list(values: Iterable[Repeated]) -> bytes:
    return b"[%b]" % b",".join([getattr(one, "form", None) or _made(one) for one in values])


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


def _need(value: NeedResult) -> Fragment:
    """Both lists in one piece, and the rest at once: of what is in every answer nothing is asked for one by one."""
    return Fragment(
        b'{"need":%b,"read_as":%b,"suitable":[%b],"confirm_by_phone":[%b],"alternatives":%b,"excluded":%b}'
        % (
            _text(value.need),
            _text(value.read_as),
            b",".join(map(_ranked, value.suitable)),
            b",".join(map(_ranked, value.confirm_by_phone)),
            dumped(value.alternatives) if value.alternatives else b"[]",
            orjson.dumps(_excluded(value.excluded)),
        )
    )


def _excluded(value: Excluded) -> Json:
    reasons = [{"rule": one.rule, "said": one.said, "unknown": one.unknown} for one in value.by_reason]
    return {"total": value.total, "by_reason": reasons, "nearest": [_nearest(one) for one in value.nearest]}


def _nearest(value: ExcludedNearest) -> Json:
    return {
        "service_site_id": value.service_site_id,
        "organisation": value.organisation,
        "rules": value.rules,
        "reasons": value.reasons,
        "waitlist": value.waitlist,
        "next_opening": value.next_opening,
    }


def _duty(value: Duty) -> Json:
    who = value.who
    shown = who and {"department_id": who.department_id, "name": who.name, "contacts": Fragment(_kept(who.contacts))}
    return {"code": value.code, "text": value.text, "source": value.source, "who": shown}


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
            _text(value.distance_band),
            orjson.dumps(round(value.score, SCORE_DECIMALS)),
            _list(value.features),
            dumped(value.penalties) if value.penalties else b"[]",
            orjson.dumps(value.also_covers) if value.also_covers else b"[]",
            _list(value.confirm) if value.confirm else b"[]",
            after,
            _kept(value.contacts),
        )
    )


def _feature(value: Feature) -> bytes:
    """Put together too: of each candidate one feature at least is new."""
    return b'{"name":%b,"value":%b,"weight":%b,"contribution":%b,"reason":%b}' % (
        _text(value.name),
        orjson.dumps(round(value.value, PART_DECIMALS)),
        _weight(value.weight),
        orjson.dumps(round(value.contribution, PART_DECIMALS)),
        _text(value.reason),
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
    NeedResult: _need,
    Excluded: _excluded,
    Duty: _duty,
}
"""What is not shown field by field, or is in every answer, and quicker so."""
