"""What if: some people, posts, units or channels go at once, and the network is measured again.

Nothing is predicted here: the registry's records are taken without what goes, and graded by the same rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matching.contact_records import Record
from matching.contacts import GRADES, Grade
from matching.network.coverage import Cell, Share, State, post_functions
from matching.network.loss import Measures, measures, part
from matching.network.picture import GradedEnd, Picture
from matching.network.removal import Move, Removal, without
from matching.network.replacements import Replacement, Replacements, Silent
from matching.rulesets.coverage import CellKey


@dataclass(frozen=True, slots=True)
class LinkChange:
    """A link whose grade is worse than before; `silent`: the ends, `a` or `b`, where somebody or some line answered
    before and nobody does."""

    record: Record
    before: Grade
    after: Grade
    silent: tuple[str, ...]
    replacements: tuple[Replacement, ...] = ()

    @property
    def link_id(self) -> str:
        return str(self.record["id"])


@dataclass(frozen=True, slots=True)
class CellChange:
    """A required cell whose state changed."""

    key: CellKey
    before: State
    after: State
    replacements: tuple[Replacement, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class CutOff:
    """An organisation that could call somebody for a function and no longer can."""

    organisation_id: str
    function: str


@dataclass(frozen=True, slots=True)
class Simulation:
    """The network before and after, and what was lost on the way. Links and cells lost are those where nobody answers
    any more; weakened are those that got worse and still answer."""

    links_lost: tuple[LinkChange, ...]
    links_weakened: tuple[LinkChange, ...]
    cells_lost: tuple[CellChange, ...]
    cells_weakened: tuple[CellChange, ...]
    cells_gained: tuple[CellChange, ...]
    cut_off: tuple[CutOff, ...]
    coverage_before: Share
    coverage_after: Share
    fragmentation_before: float
    fragmentation_after: float


@dataclass(frozen=True, slots=True)
class Scope:
    """What of the loss is told: a province, and the ids of the links that lie in it."""

    province: str
    links: frozenset[str]


def simulate(whole: Measures, removal: Removal, scope: Scope | None = None, moves: Sequence[Move] = ()) -> Simulation:
    """The loss when everything in the removal goes together and some people take other posts, in the country or in a
    province. Raises UnknownSubject.

    Who is cut off is found over all links, since a call across the border of a province is a call; told are those who
    are linked in the province."""
    gone = without(whole.picture, removal, moves)
    picture = Picture(gone, whole.picture.now, whole.picture.ground, whole.picture.thresholds)
    before, after = whole, measures(picture, whole.ruleset)
    if scope is not None:
        before, after = (part(one, scope.province, scope.links) for one in (whole, after))
    search = Replacements(picture, before.ruleset.numbers.replacements)
    links = list(_links(before, after, search))
    cells = list(_cells(before, after, search))
    callers = {picture.organisation_id(end.home) for link in before.links for end in (link.a, link.b)}
    cut_off = (one for one in _cut_off(whole.picture, picture) if one.organisation_id in callers)
    return Simulation(
        links_lost=tuple(change for change in links if change.silent),
        links_weakened=tuple(change for change in links if not change.silent),
        cells_lost=tuple(change for change in cells if change.after == "gap"),
        cells_weakened=tuple(change for change in cells if change.after == "single"),
        cells_gained=tuple(_gained(before, after)),
        cut_off=tuple(sorted(cut_off)),
        coverage_before=before.coverage,
        coverage_after=after.coverage,
        fragmentation_before=before.shape.fragmentation,
        fragmentation_after=after.shape.fragmentation,
    )


def _links(before: Measures, after: Measures, search: Replacements) -> Iterator[LinkChange]:
    """Links are the same before and after, and in the same order: none is removed, only what counts on it."""
    for was, now in zip(before.links, after.links, strict=True):
        ends = (("a", was.a, now.a, now.b), ("b", was.b, now.b, now.a))
        silent = [(side, old, far) for side, old, new, far in ends if old.reach.redundancy and not new.reach.redundancy]
        if silent or GRADES.index(now.grade.grade) < GRADES.index(was.grade.grade):
            found = [one for _, old, far in silent for one in search.of(_silent_end(before.picture, old, far))]
            yield LinkChange(
                was.record, was.grade.grade, now.grade.grade, tuple(side for side, _, _ in silent), tuple(found)
            )


def _silent_end(before: Picture, old: GradedEnd, far: GradedEnd) -> Silent:
    """What is missed is what the posts of those who left answer for, else all that the partner does."""
    own = before.functions(old.home)
    held = [
        post_functions(post, own)
        for post in before.records.posts_at.get(old.home, ())
        for seat in before.records.seats_at.get(str(post["id"]), ())
        if seat.member.person in old.people
    ]
    return Silent(old.home, frozenset().union(*held) or own, old.people, far.people)


def _cells(before: Measures, after: Measures, search: Replacements) -> Iterator[CellChange]:
    for was, now in zip(before.cells, after.cells, strict=True):
        if now.reach.redundancy < was.reach.redundancy and now.state != was.state:
            found = list(_for_cell(was, search)) if now.state == "gap" else []
            yield CellChange(was.key, was.state, now.state, tuple(found))


def _gained(before: Measures, after: Measures) -> Iterator[CellChange]:
    for was, now in zip(before.cells, after.cells, strict=True):
        if now.reach.redundancy > was.reach.redundancy and now.state != was.state:
            yield CellChange(was.key, was.state, now.state)


def _for_cell(was: Cell, search: Replacements) -> Iterator[Replacement]:
    """For the partner where the cell was held; a cell that hung on several falls to the first of them."""
    homes = sorted({holder.home for holder in was.holders})
    for home in homes[:1]:
        yield from search.of(Silent(home, frozenset({was.key.function}), was.people))


def _cut_off(before: Picture, after: Picture) -> Iterator[CutOff]:
    """An organisation reaches a function when the far end of a link of it or of its units answers and does it. One that
    does the function itself needs nobody, and one that is closed itself is not counted."""
    lost = _reached(before) - _reached(after)
    doing = {(after.organisation_id(home), function) for home in after.offices for function in after.functions(home)}
    open_still = {after.organisation_id(home) for home in after.offices}
    for organisation, function in lost - doing:
        if organisation in open_still:
            yield CutOff(organisation, function)


def _reached(picture: Picture) -> set[tuple[str, str]]:
    return {
        (picture.organisation_id(near.home), function)
        for link in picture.links
        for near, far in link.ends()
        if far.reach.redundancy
        for function in picture.functions(far.home)
    }
