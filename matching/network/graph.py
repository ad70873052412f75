"""The shape of the network: what falls apart when one node leaves, in one pass over the blocks of the graph.

A block is a biconnected component; two blocks share at most one node, a cut node, and blocks and cut nodes form a
forest (Hopcroft and Tarjan, "Efficient algorithms for graph manipulation", 1973). Everything here is read from the
blocks, so that the work is linear in nodes and ties.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx

Node = tuple[str, str]
"""("person", id), ("organisation", id) or ("department", id)."""

PERSON = "person"


@dataclass(frozen=True, slots=True)
class Shape:
    """What the graph looks like. Shares are of unordered pairs of nodes; `delta` is by person, and may be negative:
    when somebody leaves who held nothing together, what remains is the less fragmented for it."""

    nodes: int
    ties: int
    parts: int
    articulation_points: frozenset[Node]
    bridges: tuple[tuple[Node, Node], ...]
    two_paths: float
    two_paths_partners: float
    fragmentation: float
    delta: Mapping[str, float]


def measure(graph: nx.Graph[Node]) -> Shape:
    """All measures of the graph, in time linear in its nodes and ties. It must have no loops: a tie of a node with
    itself holds nothing together."""
    import networkx as nx

    blocks = [frozenset(chain.from_iterable(ties)) for ties in nx.biconnected_component_edges(graph)]
    times = Counter(node for block in blocks for node in block)
    cut = frozenset(node for node, count in times.items() if count > 1)
    sizes = [len(part) for part in nx.connected_components(graph)]
    nodes, connected = graph.number_of_nodes(), sum(map(_ordered_pairs, sizes))
    wide = [block for block in blocks if len(block) > 2]
    return Shape(
        nodes=nodes,
        ties=graph.number_of_edges(),
        parts=len(sizes),
        articulation_points=cut,
        bridges=tuple(sorted(_tie(block) for block in blocks if len(block) == 2)),
        two_paths=_two_paths(wide, nodes),
        two_paths_partners=_two_paths(map(_partners, wide), len(_partners(graph))),
        fragmentation=fragmentation(sizes),
        delta=_changes(graph, blocks, cut, connected),
    )


def fragmentation(sizes: Iterable[int]) -> float:
    """F = 1 - sum s_i (s_i - 1) / (n (n - 1)), s_i the sizes of the connected parts and n their sum: the share of pairs
    that cannot reach each other (Borgatti, "Identifying sets of key players in a social network", 2006). 0 when
    fewer than two nodes are left."""
    counted = list(sizes)
    return _fragmentation(sum(map(_ordered_pairs, counted)), sum(counted))


def parts_without(blocks: Sequence[frozenset[Node]], cut: frozenset[Node]) -> dict[Node, list[int]]:
    """For each cut node the sizes of the parts into which its own part falls without it.

    The tree of blocks and cut nodes is hung up at one block of every part. What hangs below a cut node through one
    block stays together when the node leaves; all the rest of the part, through the block above, is one more piece.
    """
    inside: dict[Node, list[int]] = defaultdict(list)
    for number, block in enumerate(blocks):
        for node in block & cut:
            inside[node].append(number)
    seen: set[int] = set()
    pieces: dict[Node, list[int]] = {}
    for root in range(len(blocks)):
        if root not in seen:
            order = _downwards(root, blocks, inside)
            seen.update(number for number, _ in order)
            pieces |= _pieces(order, blocks, cut)
    return pieces


Hung = tuple[int, Node | None]
"""A block and the cut node it hangs from; the root hangs from none."""


def _downwards(root: int, blocks: Sequence[frozenset[Node]], inside: Mapping[Node, list[int]]) -> list[Hung]:
    """The blocks of one part, each after the block it hangs below."""
    order: list[Hung] = [(root, None)]
    for number, above in order:
        for node in blocks[number]:
            if node != above and node in inside:
                order += [(other, node) for other in inside[node] if other != number]
    return order


def _pieces(order: Sequence[Hung], blocks: Sequence[frozenset[Node]], cut: frozenset[Node]) -> dict[Node, list[int]]:
    """Adds up from the leaves: a block weighs its nodes, except the one it hangs from, and all that hangs on them."""
    hanging: dict[Node, list[int]] = defaultdict(list)
    weight = 0
    for number, above in reversed(order):
        weight = len(blocks[number]) - (above is not None)
        weight += sum(sum(hanging[node]) for node in blocks[number] & cut if node != above)
        if above is not None:
            hanging[above].append(weight)
    return {node: [*below, weight - 1 - sum(below)] for node, below in hanging.items()}


def _changes(
    graph: nx.Graph[Node], blocks: Sequence[frozenset[Node]], cut: frozenset[Node], connected: int
) -> dict[str, float]:
    """delta F(p) = F without p - F, for every person. Without p there are n - 1 nodes, and instead of p's part of s
    nodes the pieces it falls into (one of s - 1 nodes where p is no cut node)."""
    import networkx as nx

    nodes = graph.number_of_nodes()
    before = _fragmentation(connected, nodes)
    pieces = parts_without(blocks, cut)
    changes = {}
    for part in nx.connected_components(graph):
        without = connected - _ordered_pairs(len(part))
        for node in part:
            if node[0] == PERSON:
                left = sum(map(_ordered_pairs, pieces.get(node, (len(part) - 1,))))
                changes[node[1]] = _fragmentation(without + left, nodes - 1) - before
    return changes


def _fragmentation(connected: int, nodes: int) -> float:
    return 1 - connected / _ordered_pairs(nodes) if nodes > 1 else 0.0


def _ordered_pairs(size: int) -> int:
    return size * (size - 1)


def _two_paths(blocks: Iterable[frozenset[Node]], nodes: int) -> float:
    """The share of pairs with two paths that have no node in common but their ends. In a block of three nodes or more
    every pair has them, and no pair of two blocks has (Whitney, "Congruent graphs and the connectivity of graphs",
    1932), so the sum over blocks is exact at any size. 0 when there is no pair."""
    return sum(_ordered_pairs(len(block)) for block in blocks) / _ordered_pairs(nodes) if nodes > 1 else 0.0


def _partners(nodes: Iterable[Node]) -> frozenset[Node]:
    return frozenset(node for node in nodes if node[0] != PERSON)


def _tie(block: frozenset[Node]) -> tuple[Node, Node]:
    one, other = sorted(block)
    return one, other
