"""Ranks the candidates for every need of a case: the pipeline that turns an index into an answer.

Pure: the clock comes with the case, reachability from a contact source, everything else from the index. The same case,
asker, clock, index and ruleset give the same answer, whatever the order of the input."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np

from matching import counting
from matching.assess import Assessment, Scorer
from matching.bits import Words
from matching.columns import Columns, Flags, Floats, Ints
from matching.covering import covered
from matching.features.scarcity import Keepers
from matching.features.view import View
from matching.index import NOBODY, Index
from matching.offered import Offered
from matching.pruning import Pruning, Sought
from matching.reading import Reading
from matching.rulesets.ruleset import Ruleset
from matching.showing import Shower, Shown
from matching.types import (
    Asker,
    Bucket,
    Case,
    Confirm,
    ContactSource,
    Excluded,
    NeedResult,
    Ranked,
    Sighted,
    Sort,
)

NO_LINKS: Mapping[str, int] = {}

NEAREST_SHOWN = 5
"""How many excluded candidates are shown with their reasons."""


@dataclass(frozen=True, slots=True)
class World:
    """What is known at a revision: the index, how reachable partners are, each candidate's own redundancy (by row of
    the index) and as planes of the rows in blocks, the ruleset, and how urgent each need is (1 most)."""

    index: Index
    contacts: ContactSource
    redundancy: Ints
    ruleset: Ruleset
    urgency: Mapping[str, int]
    robust: Words | None = None


class Ranker:
    """Ranks for one asker. It keeps nothing of a case."""

    def __init__(self, world: World, asker: Asker) -> None:
        self.world = world
        self.asker = asker
        number = world.index.number.organisations
        self.hidden = np.array([number[one] for one in asker.hidden if one in number], dtype=np.int64)
        self._redundancies = world.contacts.asker_redundancies(asker) or NO_LINKS
        links = {world.index.find(key): count for key, count in self._redundancies.items()}
        known = sorted((row, count) for row, count in links.items() if row is not None)
        self.linked_rows = np.array([row for row, _ in known], dtype=np.int64)
        self._linked = np.array([count for _, count in known], dtype=np.int64)

    def visible(self, offered: Columns) -> Columns:
        """Those of some candidates that the asker may know of."""
        if not len(self.hidden):
            return offered
        if not isinstance(offered, Offered):
            return offered.take(self.shows(offered))
        return offered.keep(self.asker.hidden, lambda: Offered(offered.take(self.shows(offered)).table))

    def shows(self, columns: Columns) -> Flags:
        """Which candidates the asker may know of; neither their guests' at their sites."""
        return ~(np.isin(columns.organisation, self.hidden) | np.isin(columns.host, self.hidden))

    def redundancy(self, columns: Columns) -> tuple[Ints, Flags]:
        """Distinct contacts at the asker's link to each candidate, else its own; and whether there is a link. For who
        asked last it is kept of all who offer a need, as long as neither is found anew."""
        if not isinstance(columns, Offered):
            return self._redundancy(columns.row)
        of = self.world.redundancy, self._redundancies
        kept: tuple[Any, Any, tuple[Ints, Flags]] | None = columns.kept.get(Ranker)
        if kept is None or kept[0] is not of[0] or kept[1] is not of[1]:
            kept = columns.kept[Ranker] = *of, self._redundancy(columns.row)
        return kept[2]

    def _redundancy(self, rows: Ints) -> tuple[Ints, Flags]:
        own = self.world.redundancy[rows]
        if not len(self.linked_rows):
            return own, np.zeros(len(rows), dtype=np.bool_)
        at = self.linked_rows[:-1].searchsorted(rows)
        linked = np.asarray(self.linked_rows[at] == rows, dtype=np.bool_)
        return np.where(linked, self._linked[at], own), linked

    def read(self, case: Case) -> "Question":
        """A case, ready to be assessed need by need."""
        return Question(self, case)

    def find(self, case: Case, need: str, bucket: Bucket, limit: int) -> tuple[Ranked, ...]:
        """The first candidates of a bucket for one need; an excluded one is never proposed."""
        return () if bucket == "excluded" else self.read(case).ranked(need, bucket, limit)

    def sight(self, case: Case, need: str, bucket: Bucket, limit: int) -> tuple[Sighted, ...]:
        """The same, before they are shown."""
        return () if bucket == "excluded" else self.read(case).sighted(need, bucket, limit)

    def is_open(self, service_site_id: str, case: Case) -> bool:
        """Whether its intake is known to be open at `case.when`."""
        row, index = self.world.index.find(service_site_id), self.world.index
        return row is not None and bool(index.number.weeks.open_at(case.when)[index.columns.intake[row]])


class Question:
    """One case asked of one ranker: assesses each need once."""

    def __init__(self, ranker: Ranker, case: Case) -> None:
        self.ranker = ranker
        self.world = ranker.world
        self.case = case
        self.reading = Reading.of(case, self.world.index, self.world.ruleset.numbers)
        asked = {need: i for i, need in reversed(list(enumerate(case.needs)))}
        urgency, last = self.world.urgency, max(self.world.urgency.values(), default=0)
        self.needs = sorted(asked, key=lambda need: (urgency.get(need, last), asked[need]))
        self._assessed: dict[str, Assessment] = {}
        self.pruned: dict[str, Pruning] = {}
        self._scorers: dict[str, Scorer] = {}
        self.looked: dict[str, Assessment] = {}
        self._shown = Shown(self.world.index, self.world.contacts, ranker.asker, case)

    def assess(self, need: str) -> Assessment:
        """What rules and features say of all candidates for one need."""
        if need not in self._assessed:
            self._assessed[need] = self._assess(need)
        return self._assessed[need]

    def _assess(self, need: str) -> Assessment:
        offered = self.ranker.visible(self.world.index.offer(self.reading.code(need)))
        if not isinstance(offered, Offered):
            return self.assess_rows(need, *self._near(offered))
        km, far = self.reading.kilometres(offered), self.case.max_km
        near = None if far is None else (km <= far) | (km == np.inf)
        return Assessment(self.world.ruleset, self._view(need, offered, km), self._keepers(need), near)

    def _near(self, columns: Columns) -> tuple[Columns, Floats]:
        """Those near enough, and how far they are."""
        km, far = self.reading.kilometres(columns), self.case.max_km
        near = slice(None) if far is None else (km <= far) | (km == np.inf)
        return columns.take(near), km[near]

    def assess_rows(self, need: str, columns: Columns, km: Floats) -> Assessment:
        return Assessment(self.world.ruleset, self._view(need, columns, km), self._keepers(need))

    def _keepers(self, need: str) -> Mapping[str, Keepers]:
        """Who keeps scarce places, among those that the asker may know of: the guard counts nobody else."""
        return self.world.index.keepers(self.reading.code(need), self.ranker.hidden)

    def _view(self, need: str, columns: Columns, km: Floats) -> View:
        redundancy, linked = self.ranker.redundancy(columns)
        return View(
            asked=self.reading.asking(need),
            columns=columns,
            km=km,
            covered=covered(self.reading, self.world.index, columns, self.others(need)),
            redundancy=redundancy,
            linked=linked,
        )

    def others(self, need: str) -> list[str]:
        """The other needs of the case, most urgent first."""
        return [other for other in self.needs if other != need]

    def prune(self, need: str) -> Pruning | None:
        """The candidates in blocks, sifted once; None where there are none."""
        index = self.world.index
        if index.blocks is None:
            return None
        if need not in self.pruned:
            sought = Sought(
                index=index,
                blocks=index.blocks,
                reading=self.reading,
                ruleset=self.world.ruleset,
                asked=self.reading.asking(need),
                others=[self.reading.code(other) for other in self.others(need)],
                hidden=self.ranker.hidden,
                linked=self.ranker.linked_rows,
                robust=self.world.robust,
                score=lambda columns, km: self._score(need, columns, km),
            )
            self.pruned[need] = Pruning(sought)
        return self.pruned[need]

    def _score(self, need: str, columns: Columns, km: Floats) -> Floats:
        if need not in self._scorers:
            self._scorers[need] = Scorer(self.world.ruleset, self.reading.asking(need), self._keepers(need))
        return self._scorers[need](self._view(need, columns, km))

    def first(self, need: str, bucket: Bucket, limit: int) -> Ints:
        """The rows of the first candidates of a bucket, in the order of the case."""
        pruning, sort = self.prune(need), self.case.sort
        if pruning is not None and not len(self.world.index.loose_offer(self.reading.code(need))):
            return pruning.ordered(bucket, sort, limit)
        found = self.look(need, {bucket: (sort, limit)})
        return np.asarray(found.columns.row[found.first(found.members(bucket), sort, limit)], dtype=np.int64)

    def look(self, need: str, firsts: Mapping[Bucket, tuple[Sort, int]]) -> Assessment:
        """Everybody who may stand among the first of some buckets, assessed: all candidates when they are few, else
        those outside the blocks and a short list of those within."""
        pruning = None if need in self._assessed else self.prune(need)
        if pruning is None:
            return self.assess(need)
        if firsts.keys() != {"suitable"}:
            pruning.sift()
        rows = [pruning.first(bucket, *asked).rows for bucket, asked in firsts.items()]
        columns = self.world.index.columns.take(np.concatenate([*rows, self._loose(need)]))
        return self.assess_rows(need, columns, self.reading.kilometres(columns))

    def _loose(self, need: str) -> Ints:
        """The rows outside the blocks that offer a need and are near enough."""
        loose = self.world.index.loose_offer(self.reading.code(need))
        return self._near(self.ranker.visible(loose))[0].row if len(loose) else NOBODY

    def ranked(self, need: str, bucket: Bucket, limit: int) -> tuple[Ranked, ...]:
        """The first candidates of a bucket, in the order of the case."""
        return self._ranked(self.shower(need, self.look(need, {bucket: (self.case.sort, limit)})), limit, bucket)[0]

    def sighted(self, need: str, bucket: Bucket, limit: int) -> tuple[Sighted, ...]:
        """The same candidates, before they are shown."""
        found = self.look(need, {bucket: (self.case.sort, limit)})
        return self.shower(need, found).sighted(found.first(found.members(bucket), self.case.sort, limit))

    def _ranked(self, shower: Shower, limit: int, *buckets: Bucket) -> list[tuple[Ranked, ...]]:
        """The first of some buckets, shown together."""
        found = shower.assessment
        rows = [found.first(found.members(bucket), self.case.sort, limit) for bucket in buckets]
        ends = list(accumulate(len(those) for those in rows))
        shown = shower.ranked(np.concatenate(rows), [rank for those in rows for rank in range(1, len(those) + 1)])
        return [shown[end - len(those) : end] for those, end in zip(rows, ends, strict=True)]

    def shown(self, need: str, at: int, rank: int) -> Ranked:
        """One candidate of an assessment, as it is answered."""
        return self.shower(need, self.assess(need)).ranked(np.array([at]), (rank,))[0]

    def to_ask(self, need: str, at: int) -> tuple[Confirm, ...]:
        """What to ask one candidate on the phone."""
        return self.shower(need, self.assess(need)).confirm(np.array([at]))[0]

    def _excluded(self, need: str, shower: Shower) -> Excluded:
        """How many are missing and why, and the nearest of them; what is avoided or inactive is only counted."""
        assessment = shower.assessment
        nearest = assessment.first(assessment.members("excluded"), "nearest", NEAREST_SHOWN)
        total, by_reason = counting.excluded(assessment, self.pruned.get(need))
        return Excluded(total, by_reason, shower.excluded(nearest))

    def result(self, need: str) -> NeedResult:
        """The answer for one need, without its alternatives."""
        code, limit = self.reading.code(need), self.case.limit
        mine = (self.case.sort, limit)
        firsts: dict[Bucket, tuple[Sort, int]] = {"suitable": mine, "confirm_by_phone": mine}
        assessment = self.look(need, {**firsts, "excluded": ("nearest", NEAREST_SHOWN)})
        self.looked[need] = assessment
        shower = self.shower(need, assessment)
        suitable, asked = self._ranked(shower, limit, "suitable", "confirm_by_phone")
        return NeedResult(
            need=need,
            read_as=code if code != need else None,
            suitable=suitable,
            confirm_by_phone=asked,
            alternatives=(),
            excluded=self._excluded(need, shower),
        )

    def shower(self, need: str, assessment: Assessment) -> Shower:
        """What shows candidates of an assessment."""
        return Shower(self._shown, assessment, self.others(need))
