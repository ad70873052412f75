"""The answer to a request, from every candidate in turn: judge, sort into buckets, order, cut."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from tests.matching.oracle import case as cases
from tests.matching.oracle import clock, contacts, features, rules
from tests.matching.oracle.gazetteer import REFERENCE, Gazetteer, Spot, band, reference
from tests.matching.oracle.registry import Candidate, Ids, Registry, World

NEAREST_SHOWN = 5
ORDER = (
    "active",
    "competent_area",
    "avoided",
    *[code for code in rules.RULES if code != "competent_area"],
)
"""The order of the rule codes in api.md."""


def made_up_ids(world: World) -> dict[str, dict[str, str]]:
    """Ids for a world that has none of its own: stable, one for each key."""
    return {
        name: {row["key"]: str(uuid5(NAMESPACE_URL, f"{name}/{row['key']}")) for row in rows}
        for name, rows in world.items()
    }


@cache
def urgency() -> Mapping[str, int]:
    """Urgency of each service, 1 the most urgent, from the vocabulary."""
    sets = json.loads((REFERENCE / "vocabulary.json").read_text(encoding="utf-8"))["sets"]
    return {term["code"]: term["urgency"] for term in sets["service"]}


@dataclass(frozen=True)
class Judged:
    """One candidate with all that was found of it for one need."""

    candidate: Candidate
    bucket: str
    said: tuple[str, ...]
    unknown: tuple[str, ...]
    confirm: tuple[str, ...]
    away: float | None
    features: dict[str, float]
    penalty: float
    score: float
    covers: tuple[str, ...]
    grade: str
    redundancy: int
    link: str | None

    def place(self, sort: str) -> tuple[float, float, bytes]:
        """The sort key: remote is last by distance; ties go on to the other measure, then to the hash."""
        away = float("inf") if self.away is None else self.away
        first, second = (away, -self.score) if sort == "nearest" else (-self.score, away)
        return first, second, self.candidate.hash


@dataclass(frozen=True)
class Asked:
    """The request with all its references resolved."""

    case: cases.Case
    near: Spot
    registry: Registry
    field: features.Field
    asker: contacts.Asker | None
    now: datetime


def avoided(candidate: Candidate, avoid: list[dict[str, Any]], registry: Registry) -> bool:
    """Any part of what is published touches an avoided area, or the organisation or unit is avoided."""
    ids = registry.ids
    unit = candidate.department
    organisations = {candidate.organisation["key"]} | ({unit["organisation"]} if unit else set())
    for item in avoid:
        if "organisation_id" in item:
            if item["organisation_id"] in {ids["organisations"][key] for key in organisations}:
                return True
        elif "department_id" in item:
            if unit and ids["departments"][unit["key"]] == item["department_id"]:
                return True
        elif candidate.where is None:
            continue
        elif "district" in item:
            if candidate.where.in_district(item["district"]):
                return True
        elif candidate.where.within(registry.gazetteer.spot(item).point, item["radius_km"]):
            return True
    return False


def judge(asked: Asked, candidate: Candidate, need: str, position: int) -> Judged:
    """Rules, features and bucket of one candidate."""
    q = rules.Question(asked.case, candidate, need, asked.near, asked.now)
    emergency = candidate.group(need) == "emergency"
    found = rules.outcomes(q)
    said = [c for c in ORDER if found.get(c) == rules.FAIL and not emergency]
    unknown = [c for c in rules.UNKNOWN_EXCLUDES if found.get(c) == rules.UNKNOWN]
    confirm = [c for c in ORDER if found.get(c, rules.PASS) != rules.PASS and c not in said + unknown]
    if candidate.key in asked.field.avoided:
        said, unknown, confirm = ["avoided"], [], []
    if not candidate.active:
        said, unknown, confirm = ["active"], [], []
    covers = features.also_covers(candidate, position, asked.field)
    grade, redundancy, link = contacts.standing(asked.registry, candidate, asked.asker)
    values = features.values(q, covers, len(asked.field.needs) - 1, redundancy)
    penalty = features.scarcity(q, asked.field)
    return Judged(
        candidate=candidate,
        bucket="excluded" if said or unknown else "confirm_by_phone" if confirm else "suitable",
        said=tuple(said),
        unknown=tuple(unknown),
        confirm=tuple(confirm),
        away=features.distance(candidate, asked.near),
        features=values,
        penalty=penalty,
        score=features.total(values, penalty),
        covers=tuple(covers),
        grade=grade,
        redundancy=redundancy,
        link=link,
    )


def _shown(rank: int, judged: Judged) -> dict[str, Any]:
    where = judged.candidate.where
    is_open = where is not None and not where.confidential and judged.away is not None
    return {
        "rank": rank,
        "service_site": judged.candidate.key,
        "score": judged.score,
        "features": judged.features,
        "penalties": [{"name": "scarcity", "value": judged.penalty}] if judged.penalty else [],
        "distance_km": judged.away if is_open else None,
        "distance_band": None if judged.away is None else band(judged.away),
        "also_covers": list(judged.covers),
        "confirm": list(judged.confirm),
        "contacts": {"grade": judged.grade, "redundancy": judged.redundancy, "link": judged.link},
    }


def _excluded(judged: list[Judged], asked: Asked) -> dict[str, Any]:
    out = sorted((j for j in judged if j.bucket == "excluded"), key=lambda j: j.place("nearest"))
    counts = [
        {
            "rule": code,
            "said": sum(code in j.said for j in out),
            "unknown": sum(code in j.unknown for j in out),
        }
        for code in ORDER
    ]
    nearest = []
    for j in [j for j in out if not {"active", "avoided"} & set(j.said)][:NEAREST_SHOWN]:
        opening = None
        if "intake" in j.said:
            opening = clock.next_opening(j.candidate.answer("intake"), asked.case.when)
        nearest.append(
            {
                "service_site": j.candidate.key,
                "rules": [code for code in ORDER if code in j.said + j.unknown],
                "waitlist": j.said + j.unknown == ("party_size",),
                "next_opening": opening,
            }
        )
    return {
        "total": len(out),
        "by_reason": [row for row in counts if row["said"] or row["unknown"]],
        "nearest": nearest,
    }


def _need(asked: Asked, need: str, position: int) -> dict[str, Any]:
    read_as = asked.case.reads(need)
    judged = [
        judge(asked, candidate, read_as, position)
        for candidate in asked.registry.candidates
        if candidate.offers(read_as) and _within(candidate, asked)
    ]
    judged.sort(key=lambda j: j.place(asked.case.sort))
    buckets = {
        name: [j for j in judged if j.bucket == name][: asked.case.limit] for name in ("suitable", "confirm_by_phone")
    }
    return {
        "need": need,
        "read_as": None if read_as == need else read_as,
        **{name: [_shown(rank, j) for rank, j in enumerate(rows, 1)] for name, rows in buckets.items()},
        "excluded": _excluded(judged, asked),
    }


def _within(candidate: Candidate, asked: Asked) -> bool:
    away = features.distance(candidate, asked.near)
    return away is None or asked.case.max_km is None or away <= asked.case.max_km


def answer(
    world: World,
    request: dict[str, Any],
    now: datetime,
    asker: contacts.Asker | None = None,
    gazetteer: Gazetteer | None = None,
    ids: Ids | None = None,
) -> dict[str, Any]:
    """The part of a match that can be compared: per need the buckets, their order and why; and what stays uncovered.

    `now` is the clock of the request; ids are those that break ties and stand in `avoid`.
    """
    clock_now = clock.minute(now)
    registry = Registry(world, ids or made_up_ids(world), clock_now, gazetteer or reference())
    case = cases.read(request, clock_now)
    avoid = request.get("avoid") or []
    out_of_bounds = {c.key for c in registry.candidates if avoided(c, avoid, registry)}
    needs = list(request["needs"])
    field = features.Field(registry.candidates, out_of_bounds, [case.reads(need) for need in needs], needs)
    asked = Asked(case, registry.gazetteer.spot(request["near"]), registry, field, asker, clock_now)
    by_urgency = sorted(range(len(needs)), key=lambda position: (urgency()[needs[position]], position))
    by_need = [_need(asked, needs[position], position) for position in by_urgency]
    uncovered = [n["need"] for n in by_need if not n["suitable"] and not n["confirm_by_phone"]]
    return {"by_need": by_need, "uncovered": uncovered}
