"""The network worked out on paper: every measure of the code equals the figure of the case."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import pytest

from matching.contact_records import Home
from matching.network.coverage import Cell
from matching.network.findings import Finding, findings
from matching.network.graph import Node
from matching.network.removal import Removal
from matching.network.replacements import Replacement
from matching.network.simulation import Simulation, simulate
from matching.rulesets.coverage import CellKey
from tests.matching.network_cases import read

CASE = read("twelve_organisations")
EXPECT = CASE.expect
SIMULATIONS = list(CASE.simulations)


def about(figure: str) -> Any:
    return pytest.approx(float(Fraction(figure)), rel=1e-12)


def spelled(key: CellKey) -> str:
    return f"{key.department}/{key.function}/{key.province}"


def told(cell: Cell) -> list[Any]:
    held = [holder.person for holder in cell.holders] if cell.state == "single" else []
    return [cell.persons, cell.channels, cell.state, *held]


def test_coverage() -> None:
    measured = CASE.measures()

    assert {spelled(cell.key): told(cell) for cell in measured.cells} == EXPECT["cells"]
    assert measured.coverage.b == about(EXPECT["coverage"])
    assert {urgency: share.b for urgency, share in measured.by_urgency.items()} == {
        urgency: about(figure) for urgency, figure in EXPECT["coverage_by_urgency"].items()
    }


def test_links() -> None:
    graded = {
        link.id: [
            grade.grade_a,
            grade.grade_b,
            grade.grade,
            grade.redundancy,
            grade.m,
            grade.m_s,
            grade.n_eff,
            grade.band,
        ]
        for link in CASE.picture().links
        for grade in [link.grade]
    }

    assert graded == EXPECT["links"]


def test_the_shape_of_the_graph() -> None:
    shape = CASE.measures().shape

    assert (shape.nodes, shape.ties, shape.parts) == (EXPECT["nodes"], EXPECT["ties"], EXPECT["parts"])
    assert keys(shape.articulation_points) == set(EXPECT["articulation_points"])
    assert {frozenset(keys(tie)) for tie in shape.bridges} == {frozenset(tie.split()) for tie in EXPECT["bridges"]}
    assert shape.two_paths == about(EXPECT["two_paths"])
    assert shape.two_paths_partners == about(EXPECT["two_paths_partners"])
    assert shape.fragmentation == about(EXPECT["fragmentation"])


def keys(nodes: Iterable[Node]) -> set[str]:
    return {key for _, key in nodes}


def test_what_leaves_with_each_person() -> None:
    measured = CASE.measures()
    before = measured.shape.fragmentation

    assert [
        [loss.person, [spelled(key) for key in loss.cells], list(loss.links), loss.delta_f + before]
        for loss in measured.people
    ] == [[person, cells, links, about(without)] for person, cells, links, without in EXPECT["people"]]


def test_findings() -> None:
    assert [line(finding) for finding in findings(CASE.measures())] == EXPECT["findings"]


def line(finding: Finding) -> list[Any]:
    side = finding.key.rpartition(":")[2] if finding.kind == "link_end" else ""
    owner: Home | None = finding.owner
    return [finding.priority, finding.kind, f"{finding.subject} {side}".strip(), finding.action, owner and owner[1]]


@pytest.mark.parametrize("name", SIMULATIONS)
def test_simulations(name: str) -> None:
    asked = CASE.simulations[name]

    found = simulate(CASE.measures(), removal(asked["remove"]))

    assert {one.link_id: "".join(one.silent) for one in found.links_lost} == asked.get("links_lost", {})
    assert [spelled(one.key) for one in found.cells_lost] == asked.get("cells_lost", [])
    assert [spelled(one.key) for one in found.cells_weakened] == asked.get("cells_weakened", [])
    assert [f"{one.organisation_id} {one.function}" for one in found.cut_off] == asked.get("cut_off", [])
    assert found.coverage_after.b == about(asked["coverage"])
    assert found.fragmentation_after == about(asked.get("fragmentation", str(Fraction(found.fragmentation_after))))
    assert suggested(found) | asked.get("replacements", {}) == suggested(found)


def removal(told: list[str]) -> Removal:
    return Removal.of((kind, key) for kind, _, key in (one.partition(" ") for one in told))


def suggested(found: Simulation) -> dict[str, list[str]]:
    lost: dict[str, tuple[Replacement, ...]] = {one.link_id: one.replacements for one in found.links_lost}
    lost |= {spelled(one.key): one.replacements for one in found.cells_lost}
    return {key: [suggestion(one) for one in replacements] for key, replacements in lost.items()}


def replacements(found: Simulation) -> list[Replacement]:
    of_links = [one for lost in found.links_lost for one in lost.replacements]
    return of_links + [one for lost in found.cells_lost for one in lost.replacements]


def suggestion(one: Replacement) -> str:
    if one.kind == "nearest_unit":
        return f"{one.kind} {one.home[1]} {one.distance_band}"
    return f"{one.kind} {one.person or one.channel_id}"


def test_no_sentence_names_a_person() -> None:
    said = [finding.reason for finding in findings(CASE.measures())]
    for asked in CASE.simulations.values():
        found = simulate(CASE.measures(), removal(asked["remove"]))
        said += [one.reason for one in replacements(found)]

    names = {str(person["full_name"]) for person in CASE.collections["persons"]}
    assert [(name, sentence) for sentence in said for name in names if name in sentence] == []
