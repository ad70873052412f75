"""A plain Flask application with `POST /matches` over PostGIS: the same answer, as one would write it without an index.

A statement a need judges every candidate in reach, a second one reads what is shown, and the view puts the JSON
together. It leaves out what would slow it further: keys, allowances, duties, alternatives, the grade of links,
and any check of the request. `PLAIN_DATABASE` says where the tables of `benchmarks.plain_load` are."""

from __future__ import annotations

import math
import os
import threading
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import psycopg
from flask import Flask, Response, jsonify, request
from psycopg.rows import dict_row

from benchmarks.plain_sql import RULE_CODES, WEIGHTS, statement
from directory import geography, vocabulary
from matching.party import Party
from matching.rules.table import BY_CODE
from matching.sphere import band
from matching.types import Member
from matching.week import minute_of_week, spans

app = Flask(__name__)
KEPT = threading.local()
SHOWN = (
    "SELECT id, facts, verified_at, covers, redundancy, organisation_id, department_id"
    " FROM offer JOIN shown USING (id) WHERE id = ANY(%s)"
)
LINES = "SELECT * FROM channel WHERE owner_id = ANY(%s) AND visibility <> 'coordinators'"


def database() -> psycopg.Connection[dict[str, Any]]:
    """The connection of this thread."""
    if not hasattr(KEPT, "connection"):
        KEPT.connection = psycopg.connect(os.environ["PLAIN_DATABASE"], autocommit=True, row_factory=dict_row)
    connection: psycopg.Connection[dict[str, Any]] = KEPT.connection
    return connection


@lru_cache
def urgency() -> dict[str, int]:
    """How urgent each need is, 1 the most."""
    return {code: int(term["urgency"]) for code, term in vocabulary.terms("service").items()}


@app.post("/matches")
def matches() -> Response:
    """Whom to call, in which order, and why."""
    case = request.get_json()
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    place = geography.places_by_id()[case["near"]["place_id"]]
    needs = sorted(case["needs"], key=lambda need: urgency()[need])
    found = [_answer(need, [one for one in needs if one != need], case, place, now) for need in needs]
    near = {"label": place.name, "lat": place.lat, "lon": place.lon}
    uncovered = [one["need"] for one in found if not one["suitable"] and not one["confirm_by_phone"]]
    first = [{"code": "ask_her_first", "text": "Ask her first.", "contact": None}]
    return jsonify(generated_at=now.isoformat(), near=near, first=first, duties=[], by_need=found, uncovered=uncovered)


def _answer(
    need: str, others: list[str], case: dict[str, Any], place: geography.Place, now: datetime
) -> dict[str, Any]:
    party = Party.of([Member(**member) for member in case.get("party", ())])
    values = {
        "need": need,
        "lat": place.lat,
        "lon": place.lon,
        "metres": case.get("max_km", 500) * 1000,
        "now": now,
        "minute": minute_of_week(now),
        "languages": case.get("profile", {}).get("languages", []),
        "province": place.province,
        "district": place.district,
        "limit": case.get("limit", 10),
    }
    rows = database().execute(statement(need, others, case, party), values).fetchall()
    lists = [[row for row in rows if row["list"] == number] for number in range(4)]
    ids = [row["id"] for row in rows if row["id"] is not None]
    facts = {one["id"]: one for one in database().execute(SHOWN, (ids,))}
    lines = _lines(list(facts.values()))
    shown = [
        [_shown(row, rank, facts[row["id"]], others, lines, now) for rank, row in enumerate(rows, start=1)]
        for rows in lists[:2]
    ]
    counts = lists[3][0]["outcomes"]
    by_reason = [
        {"rule": code, "said": said, "unknown": unknown}
        for code, said, unknown in zip(RULE_CODES, counts[::2], counts[1::2], strict=True)
        if said or unknown
    ]
    excluded = {"total": int(lists[3][0]["score"]), "by_reason": by_reason}
    nearest = [_excluded(row, facts[row["id"]]) for row in lists[2]]
    return {
        "need": need,
        "read_as": None,
        "suitable": shown[0],
        "confirm_by_phone": shown[1],
        "alternatives": [],
        "excluded": {**excluded, "nearest": nearest},
    }


def _lines(facts: list[dict[str, Any]]) -> dict[Any, list[dict[str, Any]]]:
    """The lines of everybody shown, by owner."""
    owners = {one[name] for one in facts for name in ("id", "organisation_id", "department_id") if one[name]}
    found: dict[Any, list[dict[str, Any]]] = {}
    for one in database().execute(LINES, (list(owners),)):
        found.setdefault(one["owner_id"], []).append(one)
    return found


def _shown(
    row: dict[str, Any],
    rank: int,
    facts: dict[str, Any],
    others: list[str],
    lines: dict[Any, list[dict[str, Any]]],
    now: datetime,
) -> dict[str, Any]:
    site = facts["facts"]["site"]
    there = math.isfinite(row["km"])
    features = [
        {
            "name": name,
            "value": value,
            "weight": weight,
            "contribution": weight * value,
            "reason": f"{name} is {value:.2f}.",
        }
        for (name, weight), value in zip(WEIGHTS.items(), row["features"], strict=True)
    ]
    scarce = [{"name": "scarcity", "value": row["penalty"], "reason": "One of few in its province."}]
    asked = [code for code, outcome in zip(RULE_CODES, row["outcomes"], strict=True) if outcome]
    return {
        "rank": rank,
        "service_site_id": row["id"],
        **facts["facts"],
        "department_id": facts["department_id"],
        "distance_km": round(row["km"], 1) if there and not (site and site["confidential"]) else None,
        "distance_band": band(row["km"]) if there else None,
        "score": round(row["score"], 4),
        "features": features,
        "penalties": scarce if row["penalty"] else [],
        "also_covers": [other for other in others if other in facts["covers"]],
        "confirm": [{"rule": code, "question": BY_CODE[code].words.question} for code in asked],
        "verified_at": facts["verified_at"],
        "contacts": _contacts(facts, lines, now),
    }


def _contacts(facts: dict[str, Any], lines: dict[Any, list[dict[str, Any]]], now: datetime) -> dict[str, Any]:
    found = [line for name in ("id", "department_id", "organisation_id") for line in lines.get(facts[name], ())]
    called = sorted(
        ((_answers(line["hours"], now), line) for line in found), key=lambda one: (not one[0], one[1]["value"])
    )
    count = facts["redundancy"]
    return {
        "grade": ("none", "single_contact")[count] if count < 2 else "robust",
        "redundancy": count,
        "link_id": None,
        "reason": f"{count} distinct contacts.",
        "limited": False,
        "call": [
            {
                "order": order,
                "channel_kind": line["channel_kind"],
                "value": line["value"],
                "name": None,
                "role": None,
                "answers_now": answers,
                "verified_at": line["tested_at"],
            }
            for order, (answers, line) in enumerate(called, start=1)
        ],
    }


def _answers(hours: Any, now: datetime) -> bool | None:
    week, minute = spans(hours), minute_of_week(now)
    return None if week is None else any((minute - start) % (7 * 24 * 60) < length for start, length in week)


def _excluded(row: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
    outcomes = zip(RULE_CODES, row["outcomes"], strict=True)
    out = [code for code, outcome in outcomes if outcome == 4 and BY_CODE[code].on_fail == "excluded"]
    return {
        "service_site_id": row["id"],
        "organisation": facts["facts"]["organisation"]["name"],
        "reasons": [BY_CODE[code].words.failed for code in out],
        "waitlist": out == ["party_size"],
        "next_opening": None,
    }
