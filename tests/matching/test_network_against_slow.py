"""Every measure of the network against the slow one, on random networks."""

from __future__ import annotations

from dataclasses import asdict
from itertools import combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from matching.contacts import GRADES
from matching.network.coverage import Cell
from matching.network.loss import Measures
from matching.network.removal import Removal
from matching.network.simulation import simulate
from tests.matching.contact_network import NOW, Network
from tests.matching.network_oracle import Required, Slow, fragmentation, parts, two_paths
from tests.matching.network_worlds import GROUND, measured, networks, rolled

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
PROVINCE_OF = dict(GROUND.province_of)


def differences(net: Network) -> list[tuple[str, Any, Any]]:
    """What the product and the slow measures say differently."""
    found, slow = measured(net), Slow(net.collections, NOW)
    pairs = [*_graph(found, slow), *_cells(found, slow), *_links(found, slow), *_losses(found, slow)]
    return [(name, fast, plain) for name, fast, plain in pairs if fast != plain]


def _graph(found: Measures, slow: Slow) -> list[tuple[str, Any, Any]]:
    nodes, ties = slow.graph()
    pairs = list(combinations(sorted(nodes), 2))
    partners = [pair for pair in pairs if "person" not in (pair[0][0], pair[1][0])]
    whole = len(parts(nodes, ties))
    cut = {node for node in nodes if len(parts(nodes - {node}, ties)) > whole}
    bridges = {tuple(sorted(tie)) for tie in ties if len(parts(nodes, ties - {tie})) > whole}
    twice = {pair for pair in pairs if two_paths(*pair, nodes, ties)}
    graph = found.picture.graph()
    return [
        ("nodes", set(graph.nodes), nodes),
        ("ties", {frozenset(tie) for tie in graph.edges}, ties),
        ("counted", (found.shape.nodes, found.shape.ties, found.shape.parts), (len(nodes), len(ties), whole)),
        ("articulation points", found.shape.articulation_points, cut),
        ("bridges", set(found.shape.bridges), bridges),
        ("two paths", found.shape.two_paths, pytest.approx(_share(len(twice), len(pairs)))),
        (
            "two paths of partners",
            found.shape.two_paths_partners,
            pytest.approx(_share(len(twice & set(partners)), len(partners))),
        ),
        ("fragmentation", found.shape.fragmentation, pytest.approx(fragmentation(nodes, ties))),
    ]


def _share(some: int, every: int) -> float:
    return some / every if every else 0.0


def _cells(found: Measures, slow: Slow) -> list[tuple[str, Any, Any]]:
    fast = {required(cell): (cell.persons, cell.channels) for cell in found.cells}
    plain = {key: slow.cell(key, PROVINCE_OF) for key in fast}
    backed = sum(sum(counted) > 1 for counted in plain.values())
    return [("cells", fast, plain), ("B", found.coverage.b, backed / len(plain))]


def required(cell: Cell) -> Required:
    return Required(**asdict(cell.key))


def _links(found: Measures, slow: Slow) -> list[tuple[str, Any, Any]]:
    fast = {
        link.id: [(len(end.reach.contacts), len(end.reach.lines)) for end in (link.a, link.b)]
        for link in found.picture.links
    }
    return [("links", fast, {link["id"]: [slow.end(link, end) for end in "ab"] for link in slow.links()})]


def _losses(found: Measures, slow: Slow) -> list[tuple[str, Any, Any]]:
    """L, D and delta F of everybody who counts: taken away, and counted again."""
    nodes, ties = slow.graph()
    before = fragmentation(nodes, ties)
    fast = {loss.person: (set(map(_plain, loss.cells)), set(loss.links)) for loss in found.people}
    plain = {key: lost(found, slow, slow.without(key)) for kind, key in nodes if kind == "person"}
    changes = {}
    for node in nodes:
        if node[0] == "person":
            changes[node[1]] = fragmentation(nodes - {node}, ties) - before
    return [
        ("losses", fast, plain),
        ("delta F", {loss.person: loss.delta_f for loss in found.people}, pytest.approx(changes)),
        ("first", [loss.rank for loss in found.people], sorted(loss.rank for loss in found.people)),
    ]


def _plain(key: Any) -> Required:
    return Required(**asdict(key))


def lost(found: Measures, before: Slow, after: Slow) -> tuple[set[Required], set[str]]:
    """The cells that fall to 0, and the links with an end that does."""
    cells = [required(cell) for cell in found.cells]
    return (
        {key for key in cells if sum(before.cell(key, PROVINCE_OF)) and not sum(after.cell(key, PROVINCE_OF))},
        {
            link["id"]
            for link in before.links()
            for end in "ab"
            if sum(before.end(link, end)) and not sum(after.end(link, end))
        },
    )


def parting(net: Network) -> list[tuple[str, Any, Any]]:
    """What a simulation of several people who leave together says differently from the slow count."""
    found, slow = measured(net), Slow(net.collections, NOW)
    leaving = [loss.person for loss in found.people][:3]
    said = simulate(found, Removal(person=frozenset(leaving)))
    after = slow.without(*leaving)
    cells, links = lost(found, slow, after)
    nodes, ties = after.graph()
    pairs = [
        ("cells", {_plain(one.key) for one in said.cells_lost}, cells),
        ("links", {one.link_id for one in said.links_lost}, links),
        ("fragmentation", said.fragmentation_after, pytest.approx(fragmentation(nodes, ties))),
    ]
    return [(name, fast, plain) for name, fast, plain in pairs if fast != plain]


def first(net: Network) -> list[tuple[str, Any, Any]]:
    """Whether the person named first, taken away, makes the loss that was predicted."""
    found = measured(net)
    if not found.people:
        return []
    named = found.people[0]
    said = simulate(found, Removal(person=frozenset({named.person})))
    pairs = [
        ("cells", [one.key for one in said.cells_lost], list(named.cells)),
        ("links", [one.link_id for one in said.links_lost], list(named.links)),
        ("delta F", said.fragmentation_after - said.fragmentation_before, pytest.approx(named.delta_f)),
    ]
    return [(name, fast, plain) for name, fast, plain in pairs if fast != plain]


@settings(PATIENT, max_examples=25)
@given(networks(size=3))
def test_every_measure(net: Network) -> None:
    assert differences(net) == []


@pytest.mark.parametrize("seed", range(8))
def test_every_measure_of_larger_networks(seed: int) -> None:
    nets = {number: rolled(1000 * seed + number) for number in range(6)}

    assert {number: found for number, net in nets.items() if (found := differences(net))} == {}


@pytest.mark.parametrize("seed", range(20))
def test_losses_are_those_predicted(seed: int) -> None:
    nets = {number: rolled(1000 * seed + number) for number in range(6)}

    assert {number: said for number, net in nets.items() if (said := [*parting(net), *first(net)])} == {}


@pytest.mark.long
@settings(PATIENT, max_examples=600)
@given(networks(size=4))
def test_every_measure_at_length(net: Network) -> None:
    assert [*differences(net), *parting(net), *first(net)] == []


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 130))
def test_every_measure_of_many_networks(seed: int) -> None:
    nets = {number: rolled(1000 * seed + number, 6) for number in range(15)}

    assert {number: said for number, net in nets.items() if (said := [*differences(net), *first(net)])} == {}


def test_random_networks_are_worth_asking() -> None:
    """Cells of every state, links lost, cut nodes and people who share a number do occur."""
    nets = [measured(rolled(seed)) for seed in range(200)]

    assert {cell.state for found in nets for cell in found.cells} == {"gap", "single", "backed"}
    assert sum(bool(loss.links and loss.cells) for found in nets for loss in found.people) > 10
    assert sum(len(found.shape.articulation_points) > 1 for found in nets) > 10
    assert sum(found.shape.two_paths > 0 for found in nets) > 10
    ends = [end for found in nets for link in found.picture.links for end in (link.a, link.b)]
    assert any(len(contact.people) > 1 for end in ends for contact in end.reach.contacts)
    assert {end.reach.grade for end in ends} == set(GRADES)
