"""One need of one case over all its candidates: rules, features, score and order, as arrays.

The stages of the pipeline, in their order: who offers the need; who is near enough; what each rule says; which bucket;
what each feature is worth; the order."""

from collections.abc import Mapping
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from matching.asked import Asked, Group
from matching.columns import Columns, Flags, Floats, Ints
from matching.features.scarcity import Keepers, Partners, lacking, scarcity
from matching.features.view import View
from matching.groups import group_of
from matching.rules.outcome import FAIL, OUTCOMES, PASS, UNKNOWN, Outcomes
from matching.rules.rule import Rule
from matching.rulesets.ruleset import Ruleset
from matching.types import Bucket, Sort

SUITABLE, CONFIRM, EXCLUDED = (np.int8(i) for i in range(3))
BUCKETS: dict[Bucket, np.int8] = {"suitable": SUITABLE, "confirm_by_phone": CONFIRM, "excluded": EXCLUDED}

Grid = NDArray[np.int8]


def judge(rule: Rule, asked: Asked, c: Columns) -> Outcomes:
    """What a rule says of every candidate that it governs; it passes the others."""
    governed = _governed(rule, asked.code)
    if not any(governed):
        return np.full(len(c), PASS, dtype=np.int8)
    outcomes = rule.judge(asked, c)
    if all(governed):
        return outcomes
    return np.where((c.unit >= 0) == governed[1], outcomes, PASS)


def governs(rule: Rule, code: str, *, of_department: bool) -> bool:
    """Whether a rule governs a candidate for a need."""
    return group_of(code, of_department=of_department) in rule.governs


@cache
def _governed(rule: Rule, code: str) -> tuple[bool, bool]:
    """Whether it governs others' services, and departments'."""
    return governs(rule, code, of_department=False), governs(rule, code, of_department=True)


def weigh(ruleset: Ruleset, values: NDArray[np.float64]) -> Floats:
    """Sum of weight x feature, in the order of the ruleset."""
    total = np.zeros(values.shape[1], dtype=np.float64)
    for feature, value in zip(ruleset.features, values, strict=True):
        total = total + feature.weight * value
    return total


@cache
def _effects(ruleset: Ruleset, group: Group) -> Grid:
    """Per rule, which outcomes exclude a candidate of the group: a row of flags, by outcome."""
    return np.stack([rule.excludes(OUTCOMES, group) for rule in ruleset.rules])


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
        out, asks = self.excluding.any(axis=0), self.confirming.any(axis=0)
        self._in: dict[Bucket, Flags] = {
            "suitable": ~(out | asks),
            "confirm_by_phone": asks & ~out,
            "excluded": out & ~self.hidden,
        }

    def _excluding(self) -> NDArray[np.bool_]:
        """Which rule excludes which candidate; one that is inactive or avoided is out for that alone. `hidden`: those
        are counted without being shown."""
        effects = _effects(self.ruleset, group_of(self.asked.code, of_department=False))
        excluding = np.zeros(self.outcomes.shape, dtype=np.bool_)
        for outcome in np.flatnonzero(effects.any(axis=0)):
            excluding |= (self.outcomes == outcome) & effects[:, outcome, None]
        active, avoided = self.ruleset.absolute
        inactive = excluding[active].copy()
        shunned = excluding[avoided] & ~inactive
        self.hidden = inactive | shunned
        if self.hidden.any():
            excluding[:, self.hidden] = False
            excluding[active], excluding[avoided] = inactive, shunned
        return excluding

    @cached_property
    def bucket(self) -> Grid:
        """The bucket of each candidate."""
        suitable, asked = self._in["suitable"], self._in["confirm_by_phone"]
        return np.where(suitable, SUITABLE, np.where(asked, CONFIRM, EXCLUDED))

    @cached_property
    def values(self) -> NDArray[np.float64]:
        """Every feature of every candidate."""
        return np.stack([feature.measure(self.view) for feature in self.ruleset.features])

    @cached_property
    def scarce(self) -> dict[str, Partners]:
        """Per scarce profile that the case lacks, which candidates are kept for those who need it."""
        return {profile: self._keepers[profile].partners(self.columns) for profile in lacking(self.asked)}

    @cached_property
    def penalty(self) -> Floats:
        """The scarcity guard."""
        return scarcity(self.asked, self.scarce, len(self.columns))

    @cached_property
    def score(self) -> Floats:
        """Unrounded."""
        score = weigh(self.ruleset, self.values)
        return score - self.penalty if lacking(self.asked) else score

    def counts(self, among: Flags | slice = slice(None)) -> list[tuple[str, int, int]]:
        """Per rule that excluded somebody: how many said no, and of how many it is not known."""
        rules = np.flatnonzero(self.excluding.any(axis=1))
        excluding, outcomes = self.excluding[rules][:, among], self.outcomes[rules][:, among]
        said = (excluding & (outcomes == FAIL)).sum(axis=1)
        unknown = (excluding & (outcomes == UNKNOWN)).sum(axis=1)
        rows = zip(rules.tolist(), said.tolist(), unknown.tolist(), strict=True)
        return [(self.ruleset.rules[rule].code, yes, never) for rule, yes, never in rows if yes or never]

    def members(self, bucket: Bucket) -> Ints:
        """The candidates of a bucket that may be shown, in no order."""
        return np.flatnonzero(self._in[bucket])

    def count(self, bucket: Bucket, among: Flags | slice = slice(None)) -> int:
        """How many those are."""
        return int(np.count_nonzero(self._in[bucket][among]))

    def first(self, rows: Ints, sort: Sort, limit: int) -> Ints:
        """The first `limit` of some candidates: by score, distance, hash, or by distance, score, hash. Exact: whoever
        ties with the last by the first key is kept until the other keys decide."""
        keys = [-self.score, self.view.km] if sort == "score" else [self.view.km, -self.score]
        leading = keys[0][rows]
        if limit < len(rows):
            rows = rows[leading <= np.partition(leading, limit - 1)[limit - 1]]
        order = np.lexsort((self.columns.tie[rows], keys[1][rows], keys[0][rows]))
        return np.asarray(rows[order][:limit], dtype=np.int64)
