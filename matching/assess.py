"""One need of one case over all its candidates: rules, features, score and order, as arrays.

The stages of the pipeline, in their order: who offers the need; who is near enough; what each rule says; which bucket;
what each feature is worth; the order."""

from collections.abc import Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matching.asked import Asked, Group
from matching.columns import Columns, Flags, Floats, Ints
from matching.features.scarcity import Keepers, Partners, scarcity
from matching.features.view import View
from matching.groups import group_of
from matching.rules.outcome import FAIL, PASS, UNKNOWN, Outcomes
from matching.rules.rule import Rule
from matching.rulesets.ruleset import Ruleset
from matching.types import Bucket, Sort

SUITABLE, CONFIRM, EXCLUDED = (np.int8(i) for i in range(3))
BUCKETS: dict[Bucket, np.int8] = {"suitable": SUITABLE, "confirm_by_phone": CONFIRM, "excluded": EXCLUDED}

Grid = NDArray[np.int8]


def judge(rule: Rule, asked: Asked, c: Columns) -> Outcomes:
    """What a rule says of every candidate that it governs; it passes the others."""
    governed = [governs(rule, asked.code, of_department=d) for d in (False, True)]
    if not any(governed):
        return np.full(len(c), PASS, dtype=np.int8)
    outcomes = rule.judge(asked, c)
    if all(governed):
        return outcomes
    return np.where((c.unit >= 0) == governed[1], outcomes, PASS)


def governs(rule: Rule, code: str, *, of_department: bool) -> bool:
    """Whether a rule governs a candidate for a need."""
    return group_of(code, of_department=of_department) in rule.governs


def weigh(ruleset: Ruleset, values: NDArray[np.float64]) -> Floats:
    """Sum of weight x feature, in the order of the ruleset."""
    total = np.zeros(values.shape[1], dtype=np.float64)
    for feature, value in zip(ruleset.features, values, strict=True):
        total = total + feature.weight * value
    return total


class Assessment:
    """What the rules and features say of the candidates for one need. Arrays with a row for each rule or feature and a
    column for each candidate; features and order are made when they are asked for."""

    def __init__(self, ruleset: Ruleset, view: View, keepers: Mapping[str, Keepers]) -> None:
        self.ruleset = ruleset
        self.view = view
        self._keepers = keepers
        self.asked = view.asked
        self.columns = view.columns
        self.outcomes = np.stack([judge(rule, view.asked, view.columns) for rule in ruleset.rules])
        self.excluding = self._excluding()
        self.confirming = (self.outcomes != PASS) & ~self.excluding
        self.bucket = np.where(
            self.excluding.any(axis=0), EXCLUDED, np.where(self.confirming.any(axis=0), CONFIRM, SUITABLE)
        )

    def _excluding(self) -> NDArray[np.bool_]:
        """Which rule excludes which candidate; one that is inactive or avoided is out for that alone."""
        group: Group = group_of(self.asked.code, of_department=False)
        rules = self.ruleset.rules
        excluding = np.stack(
            [rule.excludes(outcomes, group) for rule, outcomes in zip(rules, self.outcomes, strict=True)]
        )
        codes = [rule.code for rule in rules]
        inactive = excluding[codes.index("active")].copy()
        avoided = excluding[codes.index("avoided")] & ~inactive
        excluding[:, inactive | avoided] = False
        excluding[codes.index("active")] = inactive
        excluding[codes.index("avoided")] = avoided
        return excluding

    @cached_property
    def hidden(self) -> Flags:
        """Candidates that are counted without being shown: inactive or avoided."""
        codes = [rule.code for rule in self.ruleset.rules]
        rows = [codes.index("active"), codes.index("avoided")]
        return np.asarray(self.excluding[rows].any(axis=0), dtype=np.bool_)

    @cached_property
    def values(self) -> NDArray[np.float64]:
        """Every feature of every candidate."""
        return np.stack([feature.measure(self.view) for feature in self.ruleset.features])

    @cached_property
    def scarce(self) -> dict[str, Partners]:
        """Per scarce profile, which candidates are kept for those who need it."""
        return {profile: kept.partners(self.columns) for profile, kept in self._keepers.items()}

    @cached_property
    def penalty(self) -> Floats:
        """The scarcity guard."""
        return scarcity(self.asked, self.scarce, len(self.columns))

    @cached_property
    def score(self) -> Floats:
        """Unrounded."""
        return weigh(self.ruleset, self.values) - self.penalty

    def counts(self, among: Flags | slice = slice(None)) -> list[tuple[str, int, int]]:
        """Per rule that excluded somebody: how many said no, and of how many it is not known."""
        excluding, outcomes = self.excluding[:, among], self.outcomes[:, among]
        said = (excluding & (outcomes == FAIL)).sum(axis=1)
        unknown = (excluding & (outcomes == UNKNOWN)).sum(axis=1)
        rows = zip(self.ruleset.rules, said.tolist(), unknown.tolist(), strict=True)
        return [(rule.code, yes, never) for rule, yes, never in rows if yes or never]

    def members(self, bucket: Bucket) -> Ints:
        """The candidates of a bucket that may be shown, in no order."""
        return np.flatnonzero((self.bucket == BUCKETS[bucket]) & ~self.hidden)

    def count(self, bucket: Bucket, among: Flags | slice = slice(None)) -> int:
        """How many those are."""
        return int(((self.bucket == BUCKETS[bucket]) & ~self.hidden)[among].sum())

    def first(self, rows: Ints, sort: Sort, limit: int) -> Ints:
        """The first `limit` of some candidates: by score, distance, hash, or by distance, score, hash. Exact: whoever
        ties with the last by the first key is kept until the other keys decide."""
        keys = [-self.score, self.view.km] if sort == "score" else [self.view.km, -self.score]
        leading = keys[0][rows]
        if limit < len(rows):
            rows = rows[leading <= np.partition(leading, limit - 1)[limit - 1]]
        order = np.lexsort((self.columns.tie[rows], keys[1][rows], keys[0][rows]))
        return np.asarray(rows[order][:limit], dtype=np.int64)
