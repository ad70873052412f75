"""The few candidates that are shown, as they are answered: facts, features, reasons, questions, whom to call."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import isfinite

import numpy as np

from matching.assess import BUCKETS, EXCLUDED, Assessment, governs
from matching.columns import Ints
from matching.facts import Facts
from matching.features.scarcity import lacking, scarcity_reason
from matching.index import Index
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
        contacts, asker, when = shown.contacts, shown.asker, shown.case.when
        features, penalties, covered, asked = (
            self.features(rows),
            self._penalties(rows),
            self._covered(rows),
            self.confirm(rows),
        )
        kms, scores = assessment.view.km[rows].tolist(), assessment.score[rows].tolist()
        return tuple(
            Ranked(
                rank=ranks[i],
                service_site_id=facts.id,
                service=facts.service,
                organisation=facts.organisation,
                department_id=facts.department_id,
                site=facts.site,
                distance_km=round(kms[i], 1) if isfinite(kms[i]) and not facts.confidential else None,
                distance_band=band(kms[i]) if isfinite(kms[i]) else None,
                score=scores[i],
                features=features[i],
                penalties=penalties[i],
                also_covers=covered[i],
                confirm=asked[i],
                capacity=facts.capacity,
                verified_at=facts.verified_at,
                contacts=contacts.contacts(facts.id, asker, when),
            )
            for i, facts in enumerate(self._facts(rows))
        )

    def sighted(self, rows: Ints) -> tuple[Sighted, ...]:
        """Candidates in their order, with what they are chosen by."""
        kms, scores = self.assessment.view.km[rows].tolist(), self.assessment.score[rows].tolist()
        asks = self.assessment.confirming[:, rows].any(axis=0).tolist()
        return tuple(
            Sighted(facts.id, facts.point, kms[i], scores[i], asks[i], partial(self._one, int(rows[i]), i + 1))
            for i, facts in enumerate(self._facts(rows))
        )

    def _one(self, at: int, rank: int) -> Ranked:
        return self.ranked(np.array([at]), (rank,))[0]

    def features(self, rows: Ints) -> list[tuple[Feature, ...]]:
        """What each feature adds, and why."""
        view = self.assessment.view.take(rows)
        columns = [
            [feature.shown(value, reason) for value, reason in zip(values, feature.reasons(view), strict=True)]
            for feature, values in zip(
                self.assessment.ruleset.features, self.assessment.values[:, rows].tolist(), strict=True
            )
        ]
        return list(zip(*columns, strict=True))

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
        flags = self.assessment.view.covered[:, rows].T.tolist()
        return [tuple(need for need, there in zip(self.others, row, strict=True) if there) for row in flags]

    def confirm(self, rows: Ints) -> list[tuple[Confirm, ...]]:
        """What to ask each on the phone."""
        questions, found = self.assessment.ruleset.questions, [list[Confirm]() for _ in rows]
        at, rules = np.nonzero(self.assessment.confirming[:, rows].T)
        for one, rule in zip(at.tolist(), rules.tolist(), strict=True):
            found[one].append(questions[rule])
        return [tuple(asked) for asked in found]

    def excluded(self, rows: Ints) -> tuple[ExcludedNearest, ...]:
        """Why near candidates are missing; a house that is only full has a waiting list, a closed one opens again."""
        failed = [list[int]() for _ in rows]
        for one, rule in zip(*(at.tolist() for at in np.nonzero(self.assessment.excluding[:, rows].T)), strict=True):
            failed[one].append(rule)
        return tuple(map(self._excluded, rows.tolist(), self._facts(rows), failed))

    def _excluded(self, at: int, facts: Facts, failed: list[int]) -> ExcludedNearest:
        codes = tuple(self.assessment.ruleset.rules[i].code for i in failed)
        opening = None
        if "intake" in codes:
            week = int(self.assessment.columns.intake[at])
            opening = self.shown.index.number.weeks.next_opening(week, self.shown.case.when)
        return ExcludedNearest(
            service_site_id=facts.id,
            organisation=facts.organisation.name,
            rules=codes,
            reasons=tuple(self._reason(i, at) for i in failed),
            waitlist=codes == ("party_size",),
            next_opening=opening,
        )

    def _reason(self, rule: int, at: int) -> str:
        outcome = int(self.assessment.outcomes[rule, at])
        return self.assessment.ruleset.rules[rule].reason(outcome, self.assessment.columns, at)

    def explanation(self, need: str, at: int, sort: Sort) -> Explanation:
        """Every rule that governs the candidate, and every feature."""
        assessment = self.assessment
        of_department = bool(assessment.columns.unit[at] >= 0)
        rules = tuple(
            RuleOutcome(rule.code, VERDICTS[int(assessment.outcomes[i, at])], self._reason(i, at))
            for i, rule in enumerate(assessment.ruleset.rules)
            if governs(rule, assessment.asked.code, of_department=of_department)
        )
        bucket: Bucket = next(name for name, value in BUCKETS.items() if value == assessment.bucket[at])
        rank = None
        if assessment.bucket[at] != EXCLUDED:
            members = assessment.members(bucket)
            rank = assessment.first(members, sort, len(members)).tolist().index(at) + 1
        return Explanation(need, bucket, rank, rules, self.features(np.array([at]))[0])
