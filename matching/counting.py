"""How many candidates each stage left, and how many are out for which reason: those in blocks by their bits, the others
one by one."""

import numpy as np

from matching.assess import BUCKETS, Assessment
from matching.columns import Flags
from matching.pruning import Pruning
from matching.types import ReasonCount


def excluded(assessment: Assessment, pruning: Pruning | None) -> tuple[int, tuple[ReasonCount, ...]]:
    """How many are excluded, and by which rule. With a pruning the assessment holds a few of those in blocks."""
    loose = _loose(assessment, pruning)
    total, counts = assessment.left_out(loose)
    found = {code: (said, never) for code, said, never in counts}
    for code, said, never in pruning.sift().sieve.counts if pruning else ():
        known = found.get(code, (0, 0))
        found[code] = known[0] + said, known[1] + never
    codes = [rule.code for rule in assessment.ruleset.rules if rule.code in found]
    return total + (pruning.sift().sieve.total if pruning else 0), tuple(
        ReasonCount(code, *found[code]) for code in codes
    )


def stages(assessment: Assessment, pruning: Pruning | None, offering: int) -> dict[str, int]:
    """How many candidates left each stage; `offering` are those outside the blocks."""
    loose = _loose(assessment, pruning)
    counts = {"offering": offering, "within_max_km": assessment.within(loose)}
    counts |= {bucket: assessment.count(bucket, loose) for bucket in BUCKETS}
    if pruning is not None:
        blocks = {"offering": pruning.sift().offering, "within_max_km": pruning.sift().within}
        blocks |= {bucket: pruning.sift().count(bucket) for bucket in BUCKETS}
        counts = {stage: count + blocks[stage] for stage, count in counts.items()}
    return counts


def _loose(assessment: Assessment, pruning: Pruning | None) -> Flags | None:
    if pruning is None:
        return None
    return np.asarray(assessment.columns.row >= pruning.sought.blocks.layout.rows, dtype=np.bool_)
