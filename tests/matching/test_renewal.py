"""An index that follows changes answers as one that is built anew, and whoever reads the one before reads it whole."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from pathlib import Path
from random import Random
from typing import Any

import pytest

from directory import geography
from matching import layered, service
from matching.blocks import Size
from matching.feed import Network, Ordered
from matching.guidance.units import Units
from matching.snapshot import Mark, opened, read, write
from matching.types import Contacts, MatchResult
from tests.matching.choosing import Rolled
from tests.matching.product import asker_of, need_of, snapshot
from tests.matching.random_matches import Asked, anything

COLLECTIONS = (
    *("organisations", "departments", "sites", "services", "service_sites"),
    *("persons", "posts", "focal_points", "channels", "links"),
)
DAILY = {
    "channels": ("tested_at", "hours", "visibility"),
    "focal_points": ("verified_at", "primary"),
    "links": ("last_confirmed_at", "channels", "link_types", "status", "memorandum"),
    "service_sites": ("capacity", "verified_at", "status"),
}
"""What changes daily: tested, confirmed, agreed, counted."""

RARELY = {
    "organisations": ("status", "suspended", "masked", "sector", "org_type", "department_code", "province"),
    "departments": ("status", "suspended", "organisation_id", "site_id", "serves", "functions"),
    "services": ("status", "department_id", "organisation_id"),
    "service_sites": ("status", "service_id", "site_id"),
    "sites": ("status", "organisation_id", "district", "confidential"),
    "persons": ("status", "full_name"),
    "posts": ("status", "state", "contact_role", "department_id", "organisation_id"),
    "focal_points": ("status", "starts", "ends", "post_id", "person_id"),
    "channels": ("status", "owner", "value", "channel_kind"),
    "links": ("status", "a", "b", "carriers", "channels"),
}
"""What changes now and then: who is where, whose a number is, who is open."""

KEY = bytes(range(32))
SIZES = (Size(), Size(least=1, leaf=3), Size(least=6, leaf=2))
STEPS = 12
PACES = (0, 1, 2, 24 * 17)
"""Hours between steps: facts turn stale meanwhile."""


def answered(network: Network, one: Asked) -> MatchResult:
    case = service.resolve(need_of(one.request), one.now)
    return service.answer(network, case, asker_of(one.asker, one.ids), one.now)


def contacts(network: Network, one: Asked) -> list[tuple[str, int, Contacts]]:
    """Whom to call at every candidate, for the asker."""
    case, asker = service.resolve(need_of(one.request), one.now), asker_of(one.asker, one.ids)
    world = network.world(case.now)
    found = sorted((row.id, number) for number, row in network.index.candidates())
    return [(key, int(world.redundancy[n]), world.contacts.contacts(key, asker, case.when)) for key, n in found]


def until(network: Network, one: Asked) -> datetime:
    """When the grades are looked at again: sooner than need be does no harm, later does."""
    return network.book(one.now.replace(second=0, microsecond=0)).valid_until or datetime.max.replace(tzinfo=UTC)


def known(units: Units) -> list[Any]:
    """All that is known of units, in an order."""
    found = vars(units)
    both = (found["_serving"], found["_bodies"])
    return [{key: sorted(of, key=attrgetter("id")) for key, of in one.items()} for one in both]


def step(random: Random, was: dict[str, Any], other: dict[str, Any]) -> tuple[dict[str, Any], dict[str, set[str]]]:
    """A few records put, changed into those of another world, or gone; and the ids of what changed."""
    records = {name: dict(of) for name, of in was.items()}
    changed: dict[str, set[str]] = {name: set() for name in COLLECTIONS}
    for _ in range(random.randint(1, 3)):
        if random.random() < 0.6:
            name = random.choice(sorted(DAILY))
            if records[name]:
                key, donor = random.choice(sorted(records[name])), random.choice(sorted(other[name]))
                facts = random.sample(DAILY[name], random.randint(1, 2))
                records[name][key] = records[name][key] | {one: other[name][donor].get(one) for one in facts}
                changed[name].add(key)
            continue
        if random.random() < 0.5:
            name = random.choice(sorted(RARELY))
            if records[name]:
                key, donor = random.choice(sorted(records[name])), random.choice(sorted(other[name]))
                fact = random.choice(RARELY[name])
                records[name][key] = records[name][key] | {fact: other[name][donor].get(fact)}
                changed[name].add(key)
            continue
        if random.random() < 0.5:
            name = random.choice(("organisations", "departments", "sites", "services", "links", "links"))
            if records[name]:
                key = random.choice(sorted(records[name]))
                closed = records[name][key]["status"] == "closed"
                records[name][key] = records[name][key] | {"status": "active" if closed else "closed"}
                changed[name].add(key)
            continue
        name = random.choice(COLLECTIONS)
        known = sorted(records[name].keys() | other[name].keys())
        if not known:
            continue
        key = random.choice(known)
        way = random.random()
        if way < 0.2 and key in records[name]:
            del records[name][key]
        elif key in records[name] and way < 0.8:
            donor = random.choice(sorted(other[name]) or [key])
            facts = random.sample(sorted(records[name][key]), 3)
            facts = [fact for fact in facts if not fact.endswith("id") and fact not in ("owner", "a", "b", "carriers")]
            source = other[name].get(donor, records[name][key])
            records[name][key] = records[name][key] | {fact: source[fact] for fact in facts if fact in source}
        elif key in other[name]:
            records[name][key] = other[name][key]
        changed[name].add(key)
    return records, changed


def by_id(world: dict[str, list[dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    return {name: {row["id"]: row for row in world.get(name, [])} for name in COLLECTIONS}


SHAPES = pytest.mark.parametrize("size", SIZES, ids=("loose", "blocks", "mixed"))


@SHAPES
@pytest.mark.parametrize("seed", range(len(PACES)))
def test_what_follows_changes_answers_as_what_is_built_anew(seed: int, size: Size, tmp_path: Path) -> None:
    """Random records come, change and go; the network before still says what it said."""
    follow(seed, size, tmp_path)


@SHAPES
@pytest.mark.parametrize("seed", range(60, 63))
def test_so_it_does_where_layers_lie_on_a_file(
    seed: int, size: Size, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What changed is laid into what is in the file after every few changes."""
    monkeypatch.setattr(layered, "LEAST", 2)
    follow(seed, size, tmp_path)


@pytest.mark.long
@SHAPES
@pytest.mark.parametrize("seed", range(len(PACES), 60))
def test_so_do_many_more(seed: int, size: Size, tmp_path: Path) -> None:
    """The same, longer."""
    follow(seed, size, tmp_path)


def follow(seed: int, size: Size, folder: Path) -> None:
    random = Random(seed)
    one = replace(anything(Rolled(61_000 + seed), 14), asker={"organisation": "o0"})
    other = by_id(snapshot(anything(Rolled(61_000 + seed), 14).world, one.ids, one.now))
    half = {name: {k: v for k, v in of.items() if random.random() < 0.8} for name, of in other.items()}
    records = half | {name: other[name] for name in COLLECTIONS if name not in ("service_sites", "channels", "links")}
    network = Network(1, records, size)
    order = network.in_order()
    for number in range(STEPS):
        request = anything(Rolled(90_000 + 100 * seed + number), 14).request | {"avoid": []}
        asked = replace(one, request=request, now=one.now + timedelta(hours=number * PACES[seed % len(PACES)]))
        said = answered(network, asked)
        before = network
        records, changed = step(random, records, other)
        fresh = {name: {key: records[name][key] for key in ids & records[name].keys()} for name, ids in changed.items()}
        network = network.changed(1, fresh, changed)
        if random.random() < 0.3:
            network = put_in_order(network, order)
            order = network.in_order()
        if random.random() < 0.3:
            network = started_again(network, folder / "snapshot", asked.now)
            order = network.in_order()
        anew = Network(1, records, size)
        assert answered(network, asked) == answered(anew, asked)
        assert contacts(network, asked) == contacts(anew, asked)
        assert known(network.units) == known(anew.units)
        assert until(network, asked) <= until(anew, asked)
        assert answered(before, asked) == said


def started_again(network: Network, path: Path, now: datetime) -> Network:
    """As a server that is started again finds it."""
    write(path, KEY, Mark(1, ()), network.derived(now))
    return Network.restored(1, read(opened(path, KEY)[1], geography.areas()))


def put_in_order(network: Network, order: Ordered) -> Network:
    """As the thread does that put its candidates in order while some of them changed."""
    found = network.with_order(order)
    assert found is not None
    assert found.index.ledger is not order.before.ledger
    return found


def test_an_order_of_other_candidates_is_not_taken() -> None:
    assert Network(1, {}).with_order(Network(1, {}).in_order()) is None


def test_a_set_may_outgrow_its_word() -> None:
    """More than 64 languages, in a network that begins with a few."""
    one = replace(
        anything(Rolled(61_007), 14), request={"near": {"place": "Polokwane"}, "needs": ["shelter_emergency"]}
    )
    records = by_id(snapshot(one.world, one.ids, one.now))
    for size in SIZES:
        network = Network(1, records, size)
        services = {
            key: r | {"languages": [f"l{at}-{n}" for n in range(40)]}
            for at, (key, r) in enumerate(records["services"].items())
        }
        later = network.changed(2, {"services": services}, {"services": set(services)})
        assert later.index.columns.languages.shape[1] > network.index.columns.languages.shape[1]
        assert answered(later, one) == replace(answered(Network(2, records | {"services": services}, size), one))


def test_areas_are_those_of_the_gazetteer() -> None:
    """What the worlds above are published with is what the network joins them with."""
    assert all(area.id == key for key, area in geography.areas().items())
