"""What leaves with each person: required cells, links, and the cohesion of the network."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from matching import collector
from matching.contact_records import Home
from matching.network.coverage import Cell, Share, coverage, share, share_by_urgency
from matching.network.graph import Shape, measure
from matching.network.picture import GradedLink, Picture
from matching.rulesets.coverage import CellKey, CoverageRuleset


@dataclass(frozen=True, slots=True)
class PersonLoss:
    """What is lost when a person leaves every post. L(p) = the required cells that fall to 0 without p; D(p) = the
    links with an end that hangs on p alone, where somebody or some line answers now and nobody would; delta F(p) =
    F without p - F."""

    person: str
    cells: tuple[CellKey, ...]
    links: tuple[str, ...]
    delta_f: float

    @property
    def rank(self) -> tuple[int, int, float, str]:
        """Sort key, the greatest loss first: cells (the state cannot be reached at all), then links, then delta F, then
        the id."""
        return (-len(self.cells), -len(self.links), -self.delta_f, self.person)


@dataclass(frozen=True, slots=True)
class Measures:
    """Every measure of the network, or of a part of it, at one instant. `people`: everybody who counts there, the
    greatest loss first."""

    picture: Picture
    ruleset: CoverageRuleset
    links: tuple[GradedLink, ...]
    cells: tuple[Cell, ...]
    coverage: Share
    by_urgency: dict[int, Share]
    shape: Shape
    people: tuple[PersonLoss, ...]


@collector.paused()
def measures(picture: Picture, ruleset: CoverageRuleset) -> Measures:
    """All measures, in time near-linear in the number of records."""
    return _measured(picture, ruleset, coverage(picture, ruleset), picture.links, picture.offices)


def part(whole: Measures, province: str, links: frozenset[str]) -> Measures:
    """The measures of one province: its required cells, the links that lie in it (ids), and the graph of its partners
    with those they are linked to. What anybody's leaving costs is counted in the province alone."""
    picture = whole.picture
    return _measured(
        picture,
        whole.ruleset,
        tuple(cell for cell in whole.cells if cell.key.province == province),
        tuple(link for link in picture.links if link.id in links),
        [home for home in picture.offices if province in picture.provinces(home)],
    )


def _measured(
    picture: Picture,
    ruleset: CoverageRuleset,
    cells: tuple[Cell, ...],
    links: tuple[GradedLink, ...],
    offices: Iterable[Home],
) -> Measures:
    shape = measure(picture.graph(links, offices))
    return Measures(
        picture=picture,
        ruleset=ruleset,
        links=links,
        cells=cells,
        coverage=share(cells),
        by_urgency=share_by_urgency(cells),
        shape=shape,
        people=losses(cells, links, shape),
    )


def losses(cells: Iterable[Cell], links: Iterable[GradedLink], shape: Shape) -> tuple[PersonLoss, ...]:
    """L, D and delta F of everybody who counts, the greatest loss first. A person who shares a number with the only
    colleague loses nothing for the network: the colleague still answers. The number is what it hangs on."""
    of_cells: dict[str, list[CellKey]] = defaultdict(list)
    of_links: dict[str, list[str]] = defaultdict(list)
    for cell in cells:
        if cell.hangs_on is not None:
            of_cells[cell.hangs_on].append(cell.key)
    for link in links:
        for person in sorted({end.hangs_on for end in (link.a, link.b) if end.hangs_on is not None}):
            of_links[person].append(link.id)
    found = [
        PersonLoss(person, tuple(of_cells.get(person, ())), tuple(of_links.get(person, ())), delta)
        for person, delta in shape.delta.items()
    ]
    return tuple(sorted(found, key=lambda loss: loss.rank))
