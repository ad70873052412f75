"""The few candidates that are shown, as they are answered: facts, features, reasons, questions, whom to call."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from matching.assess import BUCKETS, EXCLUDED, Assessment, governs
from matching.features.scarcity import scarcity_reason
from matching.index import Index
from matching.rows import Row
from matching.rules.rule import VERDICTS
from matching.sphere import band
from matching.types import (
    AreaFacts,
    Asker,
    BandCapacity,
    Bucket,
    Case,
    Confirm,
    ContactSource,
    ExcludedNearest,
    Explanation,
    Feature,
    OpenCapacity,
    OrganisationFacts,
    Penalty,
    Point,
    Ranked,
    RuleOutcome,
    ServiceFacts,
    Sighted,
    SiteFacts,
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

    def _row(self, at: int) -> Row:
        return self.shown.index.row(int(self.assessment.columns.row[at]))

    def ranked(self, at: int, rank: int) -> Ranked:
        """A candidate in its place in the order."""
        row, assessment = self._row(at), self.assessment
        km = float(assessment.view.km[at])
        far = np.isfinite(km)
        covered = assessment.view.covered[:, at]
        case = self.shown.case
        return Ranked(
            rank=rank,
            service_site_id=row.id,
            service=_service(row),
            organisation=_organisation(row),
            department_id=row.department_id,
            site=_site(row),
            distance_km=round(km, 1) if far and not row.confidential else None,
            distance_band=band(km) if far else None,
            score=float(assessment.score[at]),
            features=self.features(at),
            penalties=self.penalties(at),
            also_covers=tuple(need for need, there in zip(self.others, covered, strict=True) if there),
            confirm=self.confirm(at),
            capacity=_capacity(row),
            verified_at=row.service_site.get("verified_at"),
            contacts=self.shown.contacts.contacts(row.id, self.shown.asker, case.when),
        )

    def sighted(self, at: int, rank: int) -> Sighted:
        """A candidate with what it is chosen by."""
        row, assessment = self._row(at), self.assessment
        return Sighted(
            service_site_id=row.id,
            point=_point(row),
            km=float(assessment.view.km[at]),
            score=float(assessment.score[at]),
            asks=bool(assessment.confirming[:, at].any()),
            show=partial(self.ranked, at, rank),
        )

    def features(self, at: int) -> tuple[Feature, ...]:
        """What each feature adds, and why."""
        assessment = self.assessment
        values = assessment.values[:, at].tolist()
        return tuple(
            Feature(f.name, value, f.weight, f.weight * value, f.reason(assessment.view, at))
            for f, value in zip(assessment.ruleset.features, values, strict=True)
        )

    def penalties(self, at: int) -> tuple[Penalty, ...]:
        """What the scarcity guard subtracts, and for whom."""
        value = float(self.assessment.penalty[at])
        if not value:
            return ()
        return (Penalty("scarcity", value, scarcity_reason(self.assessment.asked, self.assessment.scarce, at)),)

    def confirm(self, at: int) -> tuple[Confirm, ...]:
        """What to ask on the phone."""
        rules = zip(self.assessment.ruleset.rules, self.assessment.confirming[:, at], strict=True)
        return tuple(Confirm(rule.code, rule.words.question) for rule, open_question in rules if open_question)

    def excluded(self, at: int) -> ExcludedNearest:
        """Why a near candidate is missing; a house that is only full has a waiting list, a
        closed one opens again."""
        row, assessment = self._row(at), self.assessment
        failed = [i for i in range(len(assessment.ruleset.rules)) if assessment.excluding[i, at]]
        codes = [assessment.ruleset.rules[i].code for i in failed]
        opening = self.shown.index.number.weeks.next_opening(int(assessment.columns.intake[at]), self.shown.case.when)
        return ExcludedNearest(
            service_site_id=row.id,
            organisation=row.organisation["name"],
            rules=tuple(codes),
            reasons=tuple(self._reason(i, at) for i in failed),
            waitlist=codes == ["party_size"],
            next_opening=opening if "intake" in codes else None,
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
        return Explanation(need, bucket, rank, rules, self.features(at))


def _service(row: Row) -> ServiceFacts:
    return ServiceFacts(
        str(row.service["id"]), row.service["name"], row.codes, row.service.get("delivery") or "on_site"
    )


def _organisation(row: Row) -> OrganisationFacts:
    facts = row.organisation
    return OrganisationFacts(row.organisation_id, facts["name"], facts.get("org_type"), facts.get("sector"))


def _site(row: Row) -> SiteFacts | None:
    if row.site is None:
        return None
    area = None if row.site.get("area") is None else AreaFacts(**row.site["area"])
    return SiteFacts(str(row.site["id"]), row.confidential, area, _point(row))


def _point(row: Row) -> Point | None:
    return Point(row.site["lat"], row.site["lon"]) if row.site is not None and row.placed else None


def _capacity(row: Row) -> OpenCapacity | BandCapacity | None:
    facts = row.service_site.get("capacity")
    if not facts:
        return None
    if "band" in facts:
        return BandCapacity(facts.get("unit") or "bed", facts["band"], facts.get("as_of"))
    return OpenCapacity(facts.get("unit") or "bed", facts.get("total"), facts.get("available"), facts.get("as_of"))
