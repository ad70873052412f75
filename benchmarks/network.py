"""How long the network's measures take: 100,000 people and 300,000 carriers, and the naive way beside the one pass.

`python -m benchmarks.network` prints figures; `--people N` changes the size. The naive way takes each person out of the
graph and counts again, on a network small enough to wait for; both ways must give the same delta F, to the last bit.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import networkx as nx

from matching import collector
from matching.network.coverage import coverage, share, share_by_urgency
from matching.network.findings import findings
from matching.network.graph import PERSON, Node, fragmentation, measure
from matching.network.loss import Measures, losses
from matching.network.picture import Ground, Picture
from matching.network.removal import Removal
from matching.network.simulation import simulate
from matching.rulesets import coverage_2026_1

Record = dict[str, Any]
Home = tuple[str, str]

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
PROVINCES = ("ZA-EC", "ZA-FS", "ZA-GP", "ZA-KZN", "ZA-LP", "ZA-MP", "ZA-NC", "ZA-NW", "ZA-WC")
GROUND = Ground(PROVINCES, {})
RULESET = coverage_2026_1.RULESET
ARGUMENTS = ()
PEOPLE = 100_000
NAIVE_PEOPLE = 2_000
PEOPLE_PER_UNIT = 5
UNITS_PER_ORGANISATION = 10
CARRIERS_PER_LINK = 3
LINKS_PER_PERSON = 1
NEIGHBOURS = 12
"""Most links join units that stand within so many of each other; one in fifty goes anywhere."""


def synthetic(people: int, seed: int = 1) -> dict[str, list[Record]]:
    """A network: units of five people, three carriers to a link, a tenth of everything stale, every fifth unit with a
    duty line, every hundredth person on a shared mobile."""
    random = Random(seed)
    units = max(2, people // PEOPLE_PER_UNIT)
    departments = sorted({one.department for one in RULESET.functions})
    made: dict[str, list[Record]] = {
        "organisations": [_organisation(n, departments) for n in range(units // UNITS_PER_ORGANISATION + 1)]
    }
    made["departments"] = [_unit(n, made["organisations"][n // UNITS_PER_ORGANISATION]) for n in range(units)]
    made["persons"] = [_record(f"p{n}", full_name=f"Person {n}") for n in range(people)]
    made["posts"] = [_post(n, made["departments"][n % units]) for n in range(people)]
    made["focal_points"] = [
        _record(f"f{n}", person_id=f"p{n}", post_id=f"q{n}", verified_at=_ago(random)) for n in range(people)
    ]
    made["channels"] = [_mobile(n, random) for n in range(people)] + [_line(n, random) for n in range(0, units, 5)]
    made["links"] = [_link(n, units, people, random) for n in range(people * LINKS_PER_PERSON)]
    return made


def _record(key: str, **fields: Any) -> Record:
    return {"id": key, "status": "active", **fields}


def _ago(random: Random) -> datetime:
    return NOW - timedelta(days=random.uniform(0, 200))


def _organisation(number: int, departments: list[str]) -> Record:
    code = departments[number % len(departments)] if number % 2 else None
    return _record(
        f"o{number}",
        name=f"Organisation {number}",
        sector="government" if code else "civil_society",
        department_code=code,
        province=PROVINCES[number % 9],
    )


def _unit(number: int, organisation: Record) -> Record:
    functions = sorted(RULESET.functions_of(organisation["department_code"])) or ["counselling"]
    return _record(
        f"u{number}",
        name=f"Unit {number}",
        organisation_id=organisation["id"],
        level="provincial",
        serves={"scope": "province", "codes": [PROVINCES[number % 9]]},
        functions=functions,
    )


def _post(number: int, unit: Record) -> Record:
    owned = {"organisation_id": unit["organisation_id"], "department_id": unit["id"]}
    return _record(f"q{number}", contact_role="focal_point", functions=[], state="filled", **owned)


def _mobile(number: int, random: Random) -> Record:
    owner = {"type": "person", "id": f"p{number}"}
    shared = number - 1 if number % 100 == 1 else number
    value = f"+2782{shared:07}"
    return _record(f"m{number}", owner=owner, channel_kind="person_phone", value=value, tested_at=_ago(random))


def _line(number: int, random: Random) -> Record:
    owner = {"type": "department", "id": f"u{number}"}
    return _record(
        f"d{number}", owner=owner, channel_kind="duty_line", value=f"+2710{number:07}", tested_at=_ago(random)
    )


def _link(number: int, units: int, people: int, random: Random) -> Record:
    a = random.randrange(units)
    b = random.randrange(units) if number % 50 == 0 else (a + random.randint(1, NEIGHBOURS)) % units
    ends = ["a", "b", random.choice("ab")]
    carriers = [
        {"end": end, "focal_point_id": f"f{_at(a if end == 'a' else b, units, people, random)}", "link_types": kinds}
        for end, kinds in zip(ends, (["referral_sent"], ["referral_sent"], ["joint_case"]), strict=True)
    ]
    listed = [{"end": "b", "channel_id": f"d{b}"}] if b % 5 == 0 and number % 2 else []
    return _record(
        f"l{number}",
        a={"type": "department", "id": f"u{a}"},
        b={"type": "department", "id": f"u{b}"},
        link_types=["referral_sent", "joint_case"],
        carriers=carriers,
        channels=listed,
        last_confirmed_at=_ago(random),
    )


def _at(unit: int, units: int, people: int, random: Random) -> int:
    """Somebody of a unit, the first of it most often: links hang on the committed one."""
    seats = range(unit, people, units)
    return seats[0] if random.random() < 0.6 else random.choice(seats)


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Prints how many seconds something took, by the clock and of one processor."""
    start, busy = time.perf_counter(), time.process_time()
    yield
    print(f"  {what:<56}{time.perf_counter() - start:8.2f} s {time.process_time() - busy:8.2f} s")


def large(people: int) -> None:
    """Every measure of a large network, step by step."""
    collections = synthetic(people)
    carriers = sum(len(link["carriers"]) for link in collections["links"])
    print(
        f"{people:,} people, {carriers:,} carriers, {len(collections['links']):,} links: seconds by the clock, and busy"
    )
    with timed("ALL MEASURES"):
        found = stepwise(collections)
    with timed("findings"):
        made = len(findings(found))
    with timed("what if the person named first leaves"):
        simulate(found, Removal(person=frozenset({found.people[0].person})))
    shape = found.shape
    print(f"  graph: {shape.nodes:,} nodes, {shape.ties:,} ties, {shape.parts:,} parts, F = {shape.fragmentation:.6f}")
    print(
        f"  {len(shape.articulation_points):,} articulation points, {len(shape.bridges):,} bridges, {made:,} findings"
    )
    print(f"  pairs with two node-disjoint paths: {shape.two_paths:.4f}; B = {found.coverage.b:.4f}")
    print(f"  most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


@collector.paused()
def stepwise(collections: dict[str, list[Record]]) -> Measures:
    """`matching.network.loss.measures`, with the time of each step."""
    with timed("records joined, every link graded"):
        picture = Picture(collections, NOW, GROUND)
    with timed("coverage of the required cells"):
        cells = coverage(picture, RULESET)
    with timed("graph built"):
        graph = picture.graph()
    with timed("articulation points, bridges, paths, F, every delta F"):
        shape = measure(graph)
    with timed("L and D of everybody, in order"):
        people = losses(cells, picture.links, shape)
    return Measures(picture, RULESET, cells, share(cells), share_by_urgency(cells), shape, people)


def naive(people: int) -> None:
    """The one pass beside remove-and-recount. Raises AssertionError when they differ."""
    graph = Picture(synthetic(people), NOW, GROUND).graph()
    print(f"remove and recount, {people:,} people: {graph.number_of_nodes():,} nodes, {graph.number_of_edges():,} ties")
    with timed("one pass"):
        fast = dict(measure(graph).delta)
    start = time.perf_counter()
    with timed("remove and recount"):
        slow = recounted(graph)
    seconds = time.perf_counter() - start
    if fast != slow:
        raise AssertionError("The one pass and the recount differ.")
    print(
        f"  equal for all {len(fast):,} people; {seconds / len(fast) * 1000:.1f} ms each, and each more with the size"
    )
    print(f"  {PEOPLE:,} people would take {seconds * (PEOPLE / people) ** 2 / 3600:.0f} hours")


def recounted(graph: nx.Graph[Node]) -> dict[str, float]:
    """delta F of every person by taking the person out."""
    before = fragmentation(map(len, nx.connected_components(graph)))
    changes = {}
    for person in [node for node in graph if node[0] == PERSON]:
        left = nx.restricted_view(graph, [person], [])
        changes[person[1]] = fragmentation(map(len, nx.connected_components(left))) - before
    return changes


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--naive", type=int, default=NAIVE_PEOPLE, help="people of the network that is recounted")
    asked = parser.parse_args()
    large(asked.people)
    naive(asked.naive)


if __name__ == "__main__":
    main()
