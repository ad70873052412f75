"""Why one candidate stands where it stands, and what each stage of a match left."""

from dataclasses import replace

from matching import counting
from matching.ranking import Question
from matching.rules.table import BY_CODE
from matching.types import Explanation, RuleOutcome, Stage


def trace(question: Question) -> list[Stage]:
    """How many candidates each stage left, of the needs that were answered."""
    found = []
    for need, assessment in question.looked.items():
        offering = len(question.world.index.loose_offer(question.reading.code(need)))
        counts = counting.stages(assessment, question.pruned.get(need), offering)
        found += [Stage(stage, need, count) for stage, count in counts.items()]
    return found


def explain(question: Question, service_site_id: str) -> Explanation:
    """Why one candidate stands where it stands, for the most urgent need that it offers. Beyond `max_km` it is in no
    bucket; one that offers none of the needs fails the rule that says so."""
    row = question.world.index.find(service_site_id)
    for one in (question, Question(question.ranker, replace(question.case, max_km=None))):
        for need in one.needs:
            assessment = one.assess(need)
            at = assessment.place(row)
            if at is not None:
                explained = one.shower(need, assessment).explanation(need, at, one.case.sort)
                return explained if one is question else replace(explained, bucket=None, rank=None)
    fails = RuleOutcome("active", "fail", BY_CODE["active"].words.failed)
    return Explanation(question.needs[0], "excluded", None, (fails,), ())
