"""Properties of the ranker that hold for every network and request."""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import asdict, replace
from random import Random
from typing import Any

import pytest

from tests.matching.choosing import Rolled
from tests.matching.oracle import clock, rules
from tests.matching.oracle.answer import avoided
from tests.matching.oracle.case import read
from tests.matching.oracle.gazetteer import reference
from tests.matching.oracle.registry import Registry
from tests.matching.oracle.rules import Question
from tests.matching.product import full_answer, run_product
from tests.matching.random_matches import Asked, anything
from tests.matching.worlds import Record, World

SEEDS = range(5)
EACH = 6
SERVICES = 16
EVERYTHING = 50
"""The highest limit: nothing is cut off."""


def several(seed: int, **fixed: Any) -> list[Asked]:
    """Random matches with some fields of the request set."""
    found = []
    for number in range(EACH):
        one = anything(Rolled(77_000 + 100 * seed + number), SERVICES)
        found.append(replace(one, request={**one.request, **fixed}))
    return found


def answered(one: Asked) -> Record:
    """The comparable part of the product's answer."""
    return run_product(one.world, one.request, one.now, one.ids, asker=one.asker)


def text_of(one: Asked) -> str:
    """The whole answer as text."""
    result = full_answer(one.world, one.request, one.now, one.ids, asker=one.asker)
    return json.dumps(asdict(result), default=str, sort_keys=True)


def listed(answer: Record, *buckets: str) -> dict[str, set[str]]:
    """Who stands in some buckets, by need."""
    return {n["need"]: {row["service_site"] for bucket in buckets for row in n[bucket]} for n in answer["by_need"]}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_question_has_the_same_answer_whatever_the_order_of_the_input(seed: int) -> None:
    """Same request, actor, clock, revision and ruleset: the same bytes."""
    for one in several(seed):
        shuffled = {name: Random(seed).sample(rows, len(rows)) for name, rows in one.world.items()}
        assert text_of(one) == text_of(replace(one, world=shuffled))


def _spoken(world: World, key: str) -> None:
    service = _service(world, key)
    service["languages"] = [*(service["languages"] or ["eng"]), "amh", "som"]


def _longer(world: World, key: str) -> None:
    _service(world, key)["stay_max_days"] = 1000


def _fresher(world: World, key: str) -> None:
    site = _service_site(world, key)
    if site["capacity"]:
        site["capacity"]["as_of"] = {"days_ago": 0}


def _better_reached(world: World, key: str) -> None:
    line = {"owner": {"type": "service_site", "id": key}, "channel_kind": "duty_line", "value": "+27699999999"}
    tested = {"key": "new", "tested_at": {"days_ago": 1}, "visibility": "network", "hours": "24h"}
    world["channels"].append(line | tested)


def _service_site(world: World, key: str) -> Record:
    return next(row for row in world["service_sites"] if row["key"] == key)


def _service(world: World, key: str) -> Record:
    return next(row for row in world["services"] if row["key"] == _service_site(world, key)["service"])


@pytest.mark.parametrize("improve", [_spoken, _longer, _fresher, _better_reached])
@pytest.mark.parametrize("seed", SEEDS)
def test_improving_a_feature_never_lowers_a_rank(seed: int, improve: Callable[[World, str], None]) -> None:
    """Unless a fresh figure says that the house is full."""
    for one in several(seed, sort="score", limit=EVERYTHING, stay_days=30)[:2]:
        before = answered(one)
        for need, bucket, row in _rows(before):
            world = deepcopy(one.world)
            improve(world, row["service_site"])
            ids = one.ids | {"channels": one.ids["channels"] | {"new": "00000000-0000-4000-8000-000000000000"}}
            after = answered(replace(one, world=world, ids=ids))
            now = {r["service_site"]: (b, r["rank"]) for n, b, r in _rows(after) if n == need}.get(row["service_site"])
            assert now is None or now[0] != bucket or now[1] <= row["rank"], (need, row["service_site"])
            if now is None or (bucket == "suitable" and now[0] != bucket):
                assert improve is _fresher


def _rows(answer: Record) -> list[tuple[str, str, Record]]:
    return [(n["need"], b, row) for n in answer["by_need"] for b in ("suitable", "confirm_by_phone") for row in n[b]]


CONDITIONS: tuple[Record, ...] = (
    {"profile": {"step_free": True}},
    {"profile": {"pregnant": True, "newborn": True}},
    {"profile": {"undocumented": True}},
    {"profile": {"lgbtqi": True}},
    {"profile": {"language_required": True}},
    {"profile": {"legal_basis": "s19_police"}},
    {"profile": {"has_id": False, "has_police_report": False, "has_dsd_referral": False, "recognition": "none"}},
    {"avoid": [{"district": "DC34"}, {"place": "Polokwane", "radius_km": 20}]},
    {"max_km": 60},
)
WITHOUT = {
    **dict.fromkeys(("step_free", "pregnant", "newborn", "undocumented", "lgbtqi", "language_required", "legal_basis")),
    **dict.fromkeys(("has_id", "has_police_report", "has_dsd_referral", "recognition")),
    "languages": ["amh"],
}


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda c: "-".join((*c.get("profile", c),)))
@pytest.mark.parametrize("seed", SEEDS)
def test_a_hard_condition_never_adds_a_candidate(seed: int, condition: Record) -> None:
    """Neither to the suitable nor to those who may still say yes."""
    for one in several(seed, limit=EVERYTHING)[:2]:
        profile = {**one.request["profile"], **WITHOUT}
        free = {k: v for k, v in one.request.items() if k not in ("avoid", "max_km")} | {"profile": profile}
        bound = free | condition | {"profile": profile | condition.get("profile", {})}
        before, after = (answered(replace(one, request=request)) for request in (free, bound))
        for buckets in (("suitable",), ("suitable", "confirm_by_phone")):
            for need, shown in listed(after, *buckets).items():
                assert shown <= listed(before, *buckets)[need]


AVOID: list[Record] = [{"district": "DC34"}, {"place": "Polokwane", "radius_km": 20}]


def test_what_is_avoided_is_shown_nowhere() -> None:
    """No service-site and no site of it stands in the whole answer, ways out and first steps included."""
    found = 0
    asked = {"avoid": AVOID, "max_km": 2000, "limit": EVERYTHING}
    for one in [one for seed in SEEDS for one in several(seed, **asked)]:
        registry = Registry(one.world, one.ids, clock.minute(one.now), reference())
        said = text_of(one)
        for candidate in [c for c in registry.candidates if avoided(c, AVOID, registry)]:
            found += 1
            assert one.ids["service_sites"][candidate.key] not in said
            assert one.ids["sites"][_service_site(one.world, candidate.key)["site"]] not in said
    assert found > 50


def test_unknown_is_never_a_silent_yes() -> None:
    """Whoever is suitable has an answer, and a yes, to every question of the rules that govern."""
    asked = 0
    for one in [one for seed in SEEDS for one in several(seed, limit=EVERYTHING)]:
        now = clock.minute(one.now)
        registry = Registry(one.world, one.ids, now, reference())
        candidates = {candidate.key: candidate for candidate in registry.candidates}
        case, near = read(one.request, now), reference().spot(one.request["near"])
        for need, shown in listed(answered(one), "suitable").items():
            for key in shown:
                question = Question(case, candidates[key], case.reads(need), near, now)
                assert set(rules.outcomes(question).values()) <= {rules.PASS}
                asked += 1
    assert asked > 5
