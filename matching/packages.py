"""Packages: one person rarely needs one thing. The best three smallest sets of partners that cover all needs.

How "a package is a smallest set of candidates that covers all needs" is read:

- *Who may cover a need*: the candidates that are suitable for it; only where there is none at all within reach, those
  to confirm by phone, which are marked. So the hard rules hold for each member and each need that it covers. A need
  that nobody may cover stays uncovered, in every package alike: no package leaves out what another covers.
- *Smallest*: no other set covers as many needs with fewer candidates (services at a site). All packages are as small.
- *Order*: fewer organisations; the shorter distance of the farthest member, from the asked point to published points
  (one that helps from afar is at no distance; one whose place is not known is beyond all others); the higher sum of the
  members' scores; last, the package that has the smallest hash (BLAKE2b-512 of the id, as for ties in lists) of those
  that the other has not.
- *Score*: a member's is that of the list for the most urgent need that it covers.
- *Rests on one contact*: somebody reachable covers the need, all of them belong to one organisation, and each is graded
  `single_contact`.

Exact for all needs that can be asked (12), over all candidates within `max_km`; `limit` and `sort` change nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import fsum

import numpy as np

from matching.columns import Floats, Ints
from matching.covers import SCORE_UNITS, Pool, best
from matching.ranking import Question
from matching.sphere import band
from matching.types import Confirm, Package, PackageMember, Ranked

SHOWN = 3
"""How many packages are proposed."""


def packages(question: Question) -> tuple[Package, ...]:
    """The best packages of a case, best first; none if no need is covered."""
    offers = _Offers.of(question)
    return tuple(_package(question, offers, members) for members in best(offers.pool, SHOWN))


def uncovered(question: Question) -> tuple[str, ...]:
    """The needs that nobody covers, not even perhaps."""
    return tuple(need for need in question.needs if not len(_may_cover(question, need)[0]))


def _may_cover(question: Question, need: str) -> tuple[Ints, bool]:
    """Positions of who may cover a need in its assessment, and whether it has to be confirmed."""
    assessment = question.assess(need)
    suitable = assessment.members("suitable")
    return (suitable, False) if len(suitable) else (assessment.members("confirm_by_phone"), True)


@dataclass(frozen=True, slots=True)
class _Offers:
    """Everybody who may cover a need. `at` has, for each need, the position of each in its assessment or -1."""

    pool: Pool
    at: dict[str, Ints]
    to_confirm: frozenset[str]

    @classmethod
    def of(cls, question: Question) -> "_Offers":
        may = {need: _may_cover(question, need) for need in question.needs}
        covered = [need for need in question.needs if len(may[need][0])]
        rows = np.unique(np.concatenate([_rows(question, need, may[need][0]) for need in covered] or [np.arange(0)]))
        size = len(rows)
        needs, organisation, tie = (np.zeros(size, dtype=np.int64) for _ in range(3))
        km, score = np.zeros(size), np.zeros(size)
        at: dict[str, Ints] = {}
        for bit, need in reversed(list(enumerate(covered))):
            members, assessment = may[need][0], question.assess(need)
            columns = assessment.columns
            here = np.searchsorted(rows, columns.row[members])
            at[need] = np.full(size, -1)
            at[need][here] = members
            needs[here] |= 1 << bit
            organisation[here], tie[here] = columns.organisation[members], columns.tie[members]
            km[here] = np.where(columns.remote[members], 0.0, assessment.view.km[members])
            score[here] = assessment.score[members]
        pool = Pool(needs, organisation, km, _units(score), tie)
        return cls(pool, at, frozenset(need for need in covered if may[need][1]))


def _rows(question: Question, need: str, members: Ints) -> Ints:
    return question.assess(need).columns.row[members]


def _units(score: Floats) -> Ints:
    return np.rint(score * SCORE_UNITS).astype(np.int64)


def _package(question: Question, offers: _Offers, members: Sequence[int]) -> Package:
    covers = {
        one: [need for need in question.needs if need in offers.at and offers.at[need][one] >= 0] for one in members
    }
    order = sorted(
        members, key=lambda one: (question.needs.index(covers[one][0]), -offers.pool.units[one], offers.pool.tie[one])
    )
    shown = tuple(_member(question, offers, one, covers[one], rank) for rank, one in enumerate(order, start=1))
    worst = float(offers.pool.km[list(members)].max())
    placed = any(one.candidate.distance_band is not None for one in shown) and np.isfinite(worst)
    return Package(
        members=shown,
        uncovered=tuple(need for need in question.needs if need not in offers.at),
        worst_distance_band=band(worst) if placed else None,
        score=fsum(one.candidate.score for one in shown),
        single_contact_needs=tuple(need for need in question.needs if _rests_on_one(need, shown)),
    )


def _member(question: Question, offers: _Offers, one: int, covers: Sequence[str], rank: int) -> PackageMember:
    """Shown for its most urgent need, with the questions of all."""
    to_confirm = tuple(need for need in covers if need in offers.to_confirm)
    candidate = question.shown(covers[0], int(offers.at[covers[0]][one]), rank)
    asked = [question.to_ask(need, int(offers.at[need][one])) for need in to_confirm]
    return PackageMember(replace(candidate, confirm=_once(asked)), tuple(covers), to_confirm)


def _once(asked: Iterable[Iterable[Confirm]]) -> tuple[Confirm, ...]:
    return tuple(dict.fromkeys(one for those in asked for one in those))


def _rests_on_one(need: str, members: Iterable[PackageMember]) -> bool:
    reachable: list[Ranked] = [
        one.candidate for one in members if need in one.covers and one.candidate.contacts.grade != "dead"
    ]
    alone = all(one.contacts.grade == "single_contact" for one in reachable)
    return alone and len({one.organisation.id for one in reachable}) == 1
