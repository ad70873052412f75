"""The few candidates that are shown, as they are answered: facts, features, reasons, questions, whom to call."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import compress
from math import isfinite

import numpy as np

from matching.assess import ASKS, BUCKETS, EXCLUDED, Assessment, governs
from matching.columns import Ints
from matching.features.scarcity import lacking, scarcity_reason
from matching.index import Index
from matching.rules.outcome import PASS
from matching.rules.rule import VERDICTS
from matching.sphere import band
from matching.types import (
    Asker,
    Bucket,
    Case,
    Confirm,
    ContactSource,
    ExcludedNearest,
    Explanation,
    Facts,
    Feature,
    Penalty,
    Ranked,
    RuleOutcome,
    Sighted,
    Sort,
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What an answer is made of, besides the assessment."""

    index: Index
    contacts: ContactSource
    asker: Asker
    case: Case
    openings: dict[int, datetime | None] = field(default_factory=dict)

    def opening(self, week: int) -> datetime | None:
        """When somewhere that keeps this week opens next."""
        if week not in self.openings:
            self.openings[week] = self.index.number.weeks.next_opening(week, self.case.when)
        return self.openings[week]


class Shower:
    """Shows candidates of one assessment; `others`: the other needs, in the order of `view.covered`."""

    def __init__(self, shown: Shown, assessment: Assessment, others: Sequence[str]) -> None:
        self.shown = shown
        self.assessment = assessment
        self.others = others

    def _facts(self, rows: Ints) -> list[Facts]:
        return [self.shown.index.facts(row) for row in self.assessment.columns.row[rows].tolist()]

    def ranked(self, rows: Ints, ranks: Sequence[int]) -> tuple[Ranked, ...]:
        """Candidates in their places."""
        if not len(rows):
            return ()
        assessment, shown = self.assessment, self.shown
        facts, scores = self._facts(rows), assessment.score[rows].tolist()
        kms = [km if isfinite(km) else None for km in assessment.view.km[rows].tolist()]
        return tuple(
            map(
                Ranked,
                ranks,
                facts,
                [None if km is None or one.confidential else round(km, 1) for km, one in zip(kms, facts, strict=True)],
                [None if km is None else band(km) for km in kms],
                scores,
                self.features(rows),
                self._penalties(rows),
                self._covered(rows),
                self.confirm(rows),
                [shown.contacts.contacts(one.service_site_id, shown.asker, shown.case.when) for one in facts],
            )
        )

    def sighted(self, rows: Ints) -> tuple[Sighted, ...]:
        """Candidates in their order, with what they are chosen by."""
        kms, scores = self.assessment.view.km[rows].tolist(), self.assessment.score[rows].tolist()
        asks = [bool(those) for those in self.confirm(rows)]
        return tuple(
            Sighted(
                facts.service_site_id, facts.point, kms[i], scores[i], asks[i], partial(self._one, int(rows[i]), i + 1)
            )
            for i, facts in enumerate(self._facts(rows))
        )

    def _one(self, at: int, rank: int) -> Ranked:
        return self.ranked(np.array([at]), (rank,))[0]

    def features(self, rows: Ints) -> list[tuple[Feature, ...]]:
        """What each feature adds, and why."""
        view, values = self.assessment.view, self.assessment.values
        shown = (
            one.shown(each, view, rows) for one, each in zip(self.assessment.ruleset.features, values, strict=True)
        )
        return list(zip(*shown, strict=True))

    def _penalties(self, rows: Ints) -> list[tuple[Penalty, ...]]:
        """What the scarcity guard subtracts, and for whom."""
        if not lacking(self.assessment.asked):
            return [()] * len(rows)
        values = zip(rows.tolist(), self.assessment.penalty[rows].tolist(), strict=True)
        return [(self._penalty(at, value),) if value else () for at, value in values]

    def _penalty(self, at: int, value: float) -> Penalty:
        return Penalty("scarcity", value, scarcity_reason(self.assessment.asked, self.assessment.scarce, at))

    def _covered(self, rows: Ints) -> list[tuple[str, ...]]:
        """The other needs that each covers."""
        if not self.others:
            return [()] * len(rows)
        flags = self.assessment.view.covered[:, rows].T.tolist()
        return [tuple(compress(self.others, row)) for row in flags]

    def confirm(self, rows: Ints) -> list[tuple[Confirm, ...]]:
        """What to ask each on the phone."""
        questions = self.assessment.ruleset.questions
        asked = [(questions[one.rule], one.effects) for one in self.assessment.verdicts]
        return [tuple([question for question, effects in asked if effects[at] == ASKS]) for at in rows.tolist()]

    def excluded(self, rows: Ints) -> tuple[ExcludedNearest, ...]:
        """Why near candidates are missing; a house that is only full has a waiting list, a closed one opens again."""
        return tuple(map(self._excluded, rows.tolist(), self._facts(rows)))

    def _excluded(self, at: int, facts: Facts) -> ExcludedNearest:
        rules = self.assessment.ruleset.rules
        failed = [(rules[one.rule], int(one.outcomes[at])) for one in self.assessment.excluding(at)]
        codes = tuple([rule.code for rule, _ in failed])
        opening = None
        if "intake" in codes:
            opening = self.shown.opening(int(self.assessment.columns.intake[at]))
        return ExcludedNearest(
            service_site_id=facts.service_site_id,
            organisation=facts.organisation.name,
            rules=codes,
            reasons=tuple([rule.reason(outcome, self.assessment.columns, at) for rule, outcome in failed]),
            waitlist=codes == ("party_size",),
            next_opening=opening,
        )

    def explanation(self, need: str, at: int, sort: Sort) -> Explanation:
        """Every rule that governs the candidate, and every feature."""
        assessment = self.assessment
        of_department = bool(assessment.columns.unit[at] >= 0)
        said = assessment.said(at)
        rules = tuple(
            RuleOutcome(rule.code, VERDICTS[outcome], rule.reason(outcome, assessment.columns, at))
            for rule, outcome in ((rule, said.get(i, int(PASS))) for i, rule in enumerate(assessment.ruleset.rules))
            if governs(rule, assessment.asked.code, of_department=of_department)
        )
        bucket: Bucket = next(name for name, value in BUCKETS.items() if value == assessment.bucket[at])
        rank = None
        if assessment.bucket[at] != EXCLUDED:
            members = assessment.members(bucket)
            rank = assessment.first(members, sort, len(members)).tolist().index(at) + 1
        return Explanation(need, bucket, rank, rules, self.features(np.array([at]))[0])
