"""The fictitious network: what its report would say first, and that it comes true."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from typing import Any

from directory import geography
from matching.network.findings import findings
from matching.network.loss import Measures, measures
from matching.network.picture import Ground, Picture
from matching.network.removal import Removal
from matching.network.simulation import simulate
from matching.rulesets import coverage_2026_1
from tests.matching.contact_network import NOW, ago
from tests.matching.product import snapshot
from tests.seed.network_files import COLLECTIONS, NETWORK


@cache
def seed() -> Measures:
    world: dict[str, list[dict[str, Any]]] = {}
    for name in COLLECTIONS:
        lines = (NETWORK / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        world[name.replace("-", "_")] = [json.loads(line) for line in lines]
    units = {unit["key"]: unit["organisation"] for unit in world["departments"]}
    for row in world["services"]:
        row.setdefault("organisation", units.get(row.get("department")))
    for training in world["trainings"]:
        training["held_on"] = ago(training["held_on"]["days_ago"]).date()
    keys = {name: {row["key"]: row["key"] for row in rows} for name, rows in world.items()}
    districts = {code: district.province for code, district in geography.districts().items()}
    picture = Picture(snapshot(world, keys, NOW), NOW, Ground(tuple(geography.provinces()), districts))
    return measures(picture, coverage_2026_1.RULESET)


def test_the_person_named_first_leaves_the_loss_that_was_predicted() -> None:
    named = seed().people[0]
    assert named.cells
    assert named.links

    lost = simulate(seed(), Removal(person=frozenset({named.person})))

    assert tuple(one.key for one in lost.cells_lost) == named.cells
    assert tuple(one.link_id for one in lost.links_lost) == named.links
    assert lost.coverage_after.gap == lost.coverage_before.gap + len(named.cells)
    assert abs(lost.fragmentation_after - lost.fragmentation_before - named.delta_f) < 1e-12
    assert all(one.replacements for one in lost.cells_lost)


def test_the_ten_first_together() -> None:
    """What leaves with several is at least what leaves with each."""
    named = seed().people[:10]

    lost = simulate(seed(), Removal(person=frozenset(one.person for one in named)))

    assert {key for one in named for key in one.cells} <= {one.key for one in lost.cells_lost}
    assert {key for one in named for key in one.links} <= {one.link_id for one in lost.links_lost}


def test_the_report_has_something_to_say() -> None:
    """Neither all is well nor all is lost, and every action is advised somewhere."""
    states = Counter(cell.state for cell in seed().cells)
    assert min(states[state] for state in ("gap", "single", "backed")) >= 5
    assert 0 < seed().shape.fragmentation < 1
    assert {finding.action for finding in findings(seed())} == {
        "nominate_deputy",
        "get_duty_line",
        "sign_mou",
        "joint_introduction",
        "reverify",
        "task_team_escalation",
    }
