"""Ranks the candidates for every need of a case: the pipeline that turns an index into an answer.

Pure: the clock comes with the case, reachability from a contact source, everything else from the index. The same case,
asker, clock, index and ruleset give the same answer, whatever the order of the input."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from matching.assess import Assessment, judge
from matching.columns import Columns, Flags, Ints
from matching.features.view import View
from matching.index import Index, Offer
from matching.reading import Reading
from matching.rules.outcome import PASS
from matching.rules.table import BY_CODE
from matching.rulesets.ruleset import Ruleset
from matching.showing import Shower, Shown
from matching.together import Coverage
from matching.types import (
    Asker,
    Bucket,
    Case,
    Confirm,
    ContactSource,
    Excluded,
    Explanation,
    NeedResult,
    Ranked,
    ReasonCount,
    RuleOutcome,
    Stage,
)

NEAREST_SHOWN = 5
"""How many excluded candidates are shown with their reasons."""


@dataclass(frozen=True, slots=True)
class World:
    """What is known at a revision: the index, how reachable partners are, each candidate's own redundancy (by row of
    the index), the ruleset, and how urgent each need is (1 most)."""

    index: Index
    contacts: ContactSource
    redundancy: Ints
    ruleset: Ruleset
    urgency: Mapping[str, int]


class Ranker:
    """Ranks for one asker. It keeps nothing of a case."""

    def __init__(self, world: World, asker: Asker) -> None:
        self.world = world
        self.asker = asker
        self.redundancy = world.redundancy.copy()
        self.linked = np.zeros(len(world.redundancy), dtype=np.bool_)
        for service_site_id, redundancy in world.contacts.asker_redundancies(asker).items():
            row = world.index.number.rows.get(service_site_id)
            if row is not None:
                self.redundancy[row], self.linked[row] = redundancy, True

    def shows(self, columns: Columns) -> Flags:
        """Which candidates the asker may know of."""
        return ~np.isin(columns.row, self._hidden)

    @cached_property
    def _hidden(self) -> Ints:
        """The rows of the organisations that the asker may not know of, their guests' at their sites among them."""
        hidden = self.asker.hidden
        rows = self.world.index.rows if hidden else ()
        return np.array([number for number, row in enumerate(rows) if row.belongs_to(hidden)], dtype=np.int64)

    def read(self, case: Case) -> "Question":
        """A case, ready to be assessed need by need."""
        return Question(self, case)

    def find(self, case: Case, need: str, bucket: Bucket, limit: int) -> tuple[Ranked, ...]:
        """The first candidates of a bucket for one need; an excluded one is never proposed."""
        return () if bucket == "excluded" else self.read(case).ranked(need, bucket, limit)

    def is_open(self, service_site_id: str, case: Case) -> bool:
        """Whether its intake is known to be open at `case.when`."""
        row = self.world.index.number.rows[service_site_id]
        return bool(self.world.index.weeks.open_at(case.when)[self.world.index.columns.intake[row]])


class Question:
    """One case asked of one ranker: assesses each need once."""

    def __init__(self, ranker: Ranker, case: Case) -> None:
        self.ranker = ranker
        self.world = ranker.world
        self.case = case
        self.reading = Reading.of(case, self.world.index, self.world.ruleset.numbers)
        asked = {need: i for i, need in reversed(list(enumerate(case.needs)))}
        urgency = self.world.urgency
        self.needs = sorted(asked, key=lambda need: (urgency.get(need, max(urgency.values(), default=0)), asked[need]))
        self._coverage: dict[str, Coverage] = {}
        self._assessed: dict[str, Assessment] = {}
        self.trace: list[Stage] = []

    def assess(self, need: str) -> Assessment:
        """What rules and features say of all candidates for one need."""
        if need not in self._assessed:
            self._assessed[need] = self._assess(need)
        return self._assessed[need]

    def _assess(self, need: str) -> Assessment:
        asked = self.reading.asking(need)
        offer = self.world.index.offer(asked.code)
        self._note("offering", need, len(offer.columns))
        km = self.distances(offer.columns)
        if self.case.max_km is not None or self.ranker.asker.hidden:
            most = np.inf if self.case.max_km is None else self.case.max_km
            within = (km <= most) | np.isinf(km)
            within &= self.ranker.shows(offer.columns)
            offer = Offer(offer.columns.take(within), {k: v.take(within) for k, v in offer.scarce.items()})
            km = km[within]
        self._note("within_max_km", need, len(km))
        columns = offer.columns
        covered = [self._covering(other).by(columns) for other in self.others(need)]
        view = View(
            asked=asked,
            columns=columns,
            km=km,
            covered=np.stack(covered) if covered else np.zeros((0, len(km)), dtype=np.bool_),
            redundancy=self.ranker.redundancy[columns.row],
            linked=self.ranker.linked[columns.row],
        )
        assessment = Assessment(self.world.ruleset, view, offer)
        for bucket in ("suitable", "confirm_by_phone", "excluded"):
            self._note(bucket, need, len(assessment.members(bucket)))
        return assessment

    def _note(self, stage: str, need: str, count: int) -> None:
        self.trace.append(Stage(stage, need, count))

    def distances(self, columns: Columns) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        """Published distances in km; a remote service has none."""
        return np.where(columns.remote, np.inf, self.reading.km[columns.spot])

    def others(self, need: str) -> list[str]:
        """The other needs of the case, most urgent first."""
        return [other for other in self.needs if other != need]

    def _covering(self, need: str) -> Coverage:
        if need not in self._coverage:
            asked = self.reading.asking(need)
            index = self.world.index
            columns = index.offer(asked.code).columns
            usable: Flags = columns.active & (judge(BY_CODE["avoided"], asked, columns) == PASS)
            self._coverage[need] = Coverage.of(columns, usable, index.near, index.sizes)
        return self._coverage[need]

    def ranked(self, need: str, bucket: Bucket, limit: int) -> tuple[Ranked, ...]:
        """The first candidates of a bucket, in the order of the case."""
        assessment = self.assess(need)
        shower = self._shower(need)
        rows = assessment.first(assessment.members(bucket), self.case.sort, limit)
        return tuple(shower.ranked(int(row), rank) for rank, row in enumerate(rows, start=1))

    def shown(self, need: str, at: int, rank: int) -> Ranked:
        """One candidate of an assessment, as it is answered."""
        return self._shower(need).ranked(at, rank)

    def to_ask(self, need: str, at: int) -> tuple[Confirm, ...]:
        """What to ask one candidate on the phone."""
        return self._shower(need).confirm(at)

    def excluded(self, need: str) -> Excluded:
        """How many are missing and why, and the nearest of them; what is avoided or inactive is only counted."""
        assessment = self.assess(need)
        shower = self._shower(need)
        nearest = assessment.first(assessment.members("excluded"), "nearest", NEAREST_SHOWN)
        return Excluded(
            total=int(assessment.excluding.any(axis=0).sum()),
            by_reason=tuple(ReasonCount(*counted) for counted in assessment.counts()),
            nearest=tuple(shower.excluded(int(row)) for row in nearest),
        )

    def result(self, need: str) -> NeedResult:
        """The answer for one need, without its alternatives."""
        code = self.reading.code(need)
        return NeedResult(
            need=need,
            read_as=code if code != need else None,
            suitable=self.ranked(need, "suitable", self.case.limit),
            confirm_by_phone=self.ranked(need, "confirm_by_phone", self.case.limit),
            alternatives=(),
            excluded=self.excluded(need),
        )

    def explain(self, service_site_id: str) -> Explanation:
        """Why one candidate stands where it stands, for the most urgent need that it offers. Beyond `max_km` it is in
        no bucket; one that offers none of the needs fails the rule that says so."""
        row = self.world.index.number.rows[service_site_id]
        for question in (self, Question(self.ranker, replace(self.case, max_km=None))):
            for need in question.needs:
                found = np.flatnonzero(question.assess(need).columns.row == row)
                if len(found):
                    explained = question._shower(need).explanation(need, int(found[0]), self.case.sort)
                    return explained if question is self else replace(explained, bucket=None, rank=None)
        active = BY_CODE["active"]
        fails = RuleOutcome(active.code, "fail", active.words.failed)
        return Explanation(self.needs[0], "excluded", None, (fails,), ())

    def _shower(self, need: str) -> Shower:
        shown = Shown(self.world.index, self.world.contacts, self.ranker.asker, self.case)
        return Shower(shown, self.assess(need), self.others(need))
