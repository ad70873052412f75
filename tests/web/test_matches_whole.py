"""The whole way of a match, from a file that is loaded to the JSON, against the oracle that reads the file itself."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from directory.db import begin
from directory.permissions import LOCAL, Actor
from directory.services import suspensions
from directory.services.catalogue import COLLECTIONS
from seed.load import load
from tests.conftest import Clock
from tests.matching import asks
from tests.matching.choosing import Rolled
from tests.matching.oracle.answer import answer
from tests.matching.worlds import World, network

Record = dict[str, Any]
Ids = dict[str, dict[str, str]]
COORDINATOR = Actor("coordinator", "coordinator")
SHOWN = 5e-5 + 1e-12
"""Scores and features are shown to four decimals."""


def bring(engine: Engine, clock: Clock, world: World, folder: Path) -> Ids:
    """Load a world as files, suspend whom it says, and tell the ids by key."""
    folder.mkdir()
    for name, rows in world.items():
        lines = [json.dumps({key: value for key, value in row.items() if key != "suspended"}) for row in rows]
        (folder / f"{COLLECTIONS[name].path}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    session = begin(engine, write=True)
    session.info["clock"] = clock
    try:
        load(session, LOCAL, folder)
        ids: Ids = {}
        for name in world:
            found = session.scalars(select(COLLECTIONS[name].model))
            ids[name] = {one["value"]: row.id for row in found for one in row.external_ids if one["scheme"] == "load"}
        for row in world["organisations"]:
            if row["suspended"] and row["status"] == "active":
                key = ids["organisations"][row["key"]]
                suspensions.suspend(session, COORDINATOR, "organisations", key, {"code": "safeguarding"})
        session.commit()
    finally:
        session.close()
    return ids


def loadable(world: World) -> World:
    """Without what a file may not say: nobody leaves before coming, an open house beside a hidden one,
    and a number that is a mailbox's."""
    for row in world["focal_points"]:
        row["starts"] = None
    hidden = {row["organisation"] for row in world["sites"] if row["confidential"]}
    for row in world["sites"]:
        row["confidential"] = row["organisation"] in hidden
    for row in (*world["services"], *world["departments"]):
        if row["organisation"] in hidden and (row["serves"] or {}).get("scope") == "district":
            row["serves"] = {"scope": "province", "codes": ["ZA-LP"]}
    for row in world["channels"]:
        if ("mail" in row["channel_kind"]) != ("@" in row["value"]):
            row["value"] = "desk@example.org" if "mail" in row["channel_kind"] else "+27600000009"
    return world


def differences(told: Record, expected: Record, ids: Ids) -> list[str]:
    """Everything in which the JSON is not what the oracle says, as far as the JSON tells it."""
    if [one["need"] for one in told["by_need"]] != [one["need"] for one in expected["by_need"]]:
        return ["needs"]
    found = [] if told["uncovered"] == expected["uncovered"] else ["uncovered"]
    for given, meant in zip(told["by_need"], expected["by_need"], strict=True):
        for bucket in ("suitable", "confirm_by_phone"):
            order = [ids["service_sites"][one["service_site"]] for one in meant[bucket]]
            if [one["service_site_id"] for one in given[bucket]] != order:
                found.append(f"{meant['need']} {bucket}")
                continue
            for row, one in zip(given[bucket], meant[bucket], strict=True):
                found += [f"{meant['need']} {bucket} {one['service_site']}: {line}" for line in _row(row, one, ids)]
        found += [f"{meant['need']}: {line}" for line in _excluded(given["excluded"], meant["excluded"], ids)]
    return found


def _row(row: Record, one: Record, ids: Ids) -> list[str]:
    contacts, link = row["contacts"], one["contacts"]["link"]
    values = {feature["name"]: feature["value"] for feature in row["features"]}
    alike = {
        "rank": row["rank"] == one["rank"],
        "score": abs(row["score"] - one["score"]) < SHOWN,
        "features": values.keys() == one["features"].keys()
        and all(abs(values[name] - value) < SHOWN for name, value in one["features"].items()),
        "penalties": [(each["name"], each["value"]) for each in row["penalties"]]
        == [(each["name"], each["value"]) for each in one["penalties"]],
        "band": row["distance_band"] == one["distance_band"],
        "kilometres": (row.get("distance_km") is None) == (one["distance_km"] is None)
        and (one["distance_km"] is None or abs(row["distance_km"] - one["distance_km"]) <= 0.05 + 1e-9),
        "also_covers": sorted(row["also_covers"]) == sorted(one["also_covers"]),
        "confirm": sorted(each["rule"] for each in row["confirm"]) == sorted(one["confirm"]),
        "redundancy": contacts["redundancy"] == one["contacts"]["redundancy"],
        "link": contacts["link_id"] == (link and ids["links"][link]),
        "grade": contacts["grade"] == one["contacts"]["grade"],
    }
    return [name for name, same in alike.items() if not same]


def _excluded(given: Record, meant: Record, ids: Ids) -> list[str]:
    reasons = [{one["rule"]: (one["said"], one["unknown"]) for one in side["by_reason"]} for side in (given, meant)]
    nearest = [one["service_site_id"] for one in given["nearest"]]
    waiting = [
        (one["waitlist"], one["next_opening"] and datetime.fromisoformat(one["next_opening"]))
        for one in given["nearest"]
    ]
    alike = {
        "total": given["total"] == meant["total"],
        "by_reason": reasons[0] == reasons[1],
        "nearest": nearest == [ids["service_sites"][one["service_site"]] for one in meant["nearest"]],
        "waiting": waiting == [(one["waitlist"], one["next_opening"]) for one in meant["nearest"]],
    }
    return [name for name, same in alike.items() if not same]


@pytest.fixture
def mismatches(
    engine: Engine, clock: Clock, holder: Callable[..., FlaskClient], tmp_path: Path
) -> Callable[[int], list[str]]:
    """Loads the network of a seed, asks five questions, and tells what is not as the oracle says."""

    def found(seed: int) -> list[str]:
        choose = Rolled(seed)
        world, now = loadable(network(choose, 12)), asks.clock(choose)
        clock.now = now.replace(second=0, microsecond=0)
        ids = bring(engine, clock, world, tmp_path / "world")
        clock.now = now
        wrong = []
        for _ in range(5):
            asked, who = {"max_km": None, **asks.request(choose, ids)}, asks.asker(choose, world)
            who = None if world["organisations"][0]["suspended"] else who
            acts_for = {f"{kind}_id": ids[f"{kind}s"][key] for kind, key in (who or {}).items()}
            told = holder("caseworker", **acts_for).post("/api/v1/matches", json=asked).get_json()
            wrong += differences(told, answer(world, asked, now, asker=who, ids=ids), ids)
        return wrong

    return found


@pytest.mark.parametrize("seed", range(4))
def test_a_loaded_network_is_matched_as_the_oracle_says(seed: int, mismatches: Callable[[int], list[str]]) -> None:
    """On both databases."""
    assert mismatches(seed) == []


@pytest.mark.long
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("seed", range(100, 400))
def test_so_are_many(seed: int, mismatches: Callable[[int], list[str]]) -> None:
    """Three hundred networks."""
    assert mismatches(seed) == []
