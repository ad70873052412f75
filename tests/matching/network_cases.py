"""Networks worked out on paper: the short form of `tests/cases/network`, spelled out into published records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from matching.network.loss import Measures, measures
from matching.network.picture import Ground, Picture
from matching.rulesets import coverage_2026_1
from matching.rulesets.coverage import CoverageRuleset, RequiredFunction

Record = dict[str, Any]
FOLDER = Path(__file__).resolve().parents[1] / "cases" / "network"


@dataclass(frozen=True)
class Case:
    """A network, what it must be able to do, and the figures worked out by hand."""

    now: datetime
    collections: dict[str, list[Record]]
    ground: Ground
    ruleset: CoverageRuleset
    expect: Record
    simulations: Record

    def picture(self) -> Picture:
        return Picture(self.collections, self.now, self.ground)

    def measures(self) -> Measures:
        return measures(self.picture(), self.ruleset)


@cache
def read(name: str) -> Case:
    told = yaml.safe_load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"))
    spelled = _Speller(told)
    required = tuple(RequiredFunction(f, d, stage, "", "") for f, d, stage in told["required"])
    return Case(
        now=spelled.now,
        collections=spelled.collections(),
        ground=Ground(tuple(told["provinces"]), told["districts"]),
        ruleset=ruleset(required),
        expect=told["expect"],
        simulations=told["simulations"],
    )


def ruleset(required: tuple[RequiredFunction, ...]) -> CoverageRuleset:
    """The published ruleset, with other required cells."""
    published = coverage_2026_1.RULESET
    return CoverageRuleset(
        "test", required, published.stages, published.stage_of, published.numbers, published.arguments
    )


class _Speller:
    def __init__(self, told: Record) -> None:
        self.told = told
        self.now = datetime.fromisoformat(str(told["now"]))

    def collections(self) -> dict[str, list[Record]]:
        seats = [(who, person, where, seat) for who, person in self._each("people") for where, seat in _sits(person)]
        return {
            "organisations": [self._organisation(key, one) for key, one in self._each("organisations")],
            "departments": [self._unit(key, one) for key, one in self._each("units")],
            "services": [self._service(key, one) for key, one in self._each("organisations") if one.get("does")],
            "sites": [_record(key, confidential=False, **place) for key, place in self._each("places")],
            "persons": [self._person(key, one) for key, one in self._each("people")],
            "posts": [
                *(
                    self._post(f"{who}-post@{where}", where, seat.get("state", "filled"))
                    for who, _, where, seat in seats
                ),
                *(self._post(f"vacant@{where}", where, "vacant") for where in self.told["vacant"]),
            ],
            "focal_points": [self._focal_point(who, where, seat) for who, _, where, seat in seats],
            "channels": [
                *(_phone(key, one["number"]) for key, one in self._each("people") if "number" in one),
                *(self._line(key, one) for key, one in self._each("lines")),
            ],
            "links": [self._link(key, one) for key, one in self._each("links")],
            "trainings": [self._training(key, one) for key, one in self._each("trainings")],
        }

    def _each(self, what: str) -> list[tuple[str, Record]]:
        return list(self.told[what].items())

    def _ago(self, days: float | None) -> datetime | None:
        return None if days is None else self.now - timedelta(days=days)

    def _home(self, key: str) -> Record:
        return {"type": "department" if key in self.told["units"] else "organisation", "id": key}

    def _organisation(self, key: str, one: Record) -> Record:
        return _record(
            key,
            name=key,
            sector=one["sector"],
            department_code=one.get("department"),
            province=one.get("province"),
            suspended=one.get("suspended", False),
        )

    def _unit(self, key: str, one: Record) -> Record:
        scope = "district" if "district" in one else "province"
        return _record(
            key,
            name=key,
            organisation_id=one["of"],
            level=scope,
            serves={"scope": scope, "codes": [one[scope]]},
            functions=one["does"],
            site_id=one["at"],
        )

    def _service(self, key: str, one: Record) -> Record:
        return _record(f"{key}-service", organisation_id=key, department_id=None, codes=one["does"])

    def _person(self, key: str, one: Record) -> Record:
        return _record(key, full_name=one.get("name", key), status=one.get("status", "active"))

    def _post(self, key: str, where: str, state: str) -> Record:
        unit = where if where in self.told["units"] else None
        organisation = self.told["units"][where]["of"] if unit else where
        return _record(
            key,
            organisation_id=organisation,
            department_id=unit,
            title="Focal point",
            contact_role="focal_point",
            functions=[],
            state=state,
        )

    def _focal_point(self, who: str, where: str, seat: Record) -> Record:
        left = self._ago(seat.get("left"))
        return _record(
            f"{who}@{where}",
            person_id=who,
            post_id=f"{who}-post@{where}",
            verified_at=self._ago(seat["days"]),
            primary=seat.get("primary", True),
            ends=left.date() if left else None,
        )

    def _line(self, key: str, one: Record) -> Record:
        return _channel(key, self._home(one["of"]), one.get("kind", "duty_line"), one["value"]) | {
            "tested_at": self._ago(one.get("tested"))
        }

    def _link(self, key: str, one: Record) -> Record:
        a, b = one["ends"]
        signed = one.get("memorandum")
        days = {name: self._ago(signed.get(day)) for name, day in _SIGNED.items()} if signed else {}
        return _record(
            key,
            a=self._home(a),
            b=self._home(b),
            link_types=one["types"],
            carriers=[
                {"end": end, "focal_point_id": who, "link_types": types}
                for end in "ab"
                for who, types in one.get(end, {}).items()
            ],
            channels=[
                {"end": end, "channel_id": line} for end, lines in one.get("lines", {}).items() for line in lines
            ],
            memorandum={name: when and when.date() for name, when in days.items()} or None,
            last_confirmed_at=self._ago(one.get("confirmed")),
        )

    def _training(self, key: str, one: Record) -> Record:
        held = self._ago(one["held"])
        return _record(
            key,
            course=one["course"],
            held_on=held.date() if held else None,
            attendees=[{"person_id": who} for who in one["attended"]],
        )


_SIGNED = {"signed": "signed", "expires": "ends"}


def _sits(person: Record) -> list[tuple[str, Record]]:
    return list(person["sits"].items())


def _phone(person: str, number: str) -> Record:
    return _channel(f"{person}-phone", {"type": "person", "id": person}, "person_phone", number)


def _channel(key: str, owner: Record, kind: str, value: str) -> Record:
    return _record(key, owner=owner, channel_kind=kind, value=value, visibility="network", tested_at=None)


def _record(key: str, **fields: Any) -> Record:
    return {"id": key, "status": "active", **fields}
