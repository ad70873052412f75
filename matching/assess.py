"""One need of one case over all its candidates: rules, features, score and order, as arrays.

The stages of the pipeline, in their order: who offers the need; who is near enough; what each rule says; which bucket;
what each feature is worth; the order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from matching.asked import Asked, Group
from matching.columns import Columns, Flags, Floats, Ints
from matching.features.scarcity import Keepers, Partners, lacking, scarcity
from matching.features.view import View
from matching.groups import group_of
from matching.offered import Offered
from matching.rules.outcome import FAIL, OUTCOMES, PASS, Outcomes
from matching.rules.reads import SEVERAL, read
from matching.rules.rule import Rule
from matching.rulesets.ruleset import Ruleset
from matching.types import Bucket, Sort

SUITABLE, CONFIRM, EXCLUDED = (np.int8(i) for i in range(3))
BUCKETS: dict[Bucket, np.int8] = {"suitable": SUITABLE, "confirm_by_phone": CONFIRM, "excluded": EXCLUDED}

Grid = NDArray[np.int8]

FEW = 64
"""So many candidates are put in order as quickly as the first of them are found."""


def judge(rule: Rule, asked: Asked, c: Columns) -> Outcomes:
    """What a rule says of every candidate that it governs; it passes the others."""
    governed = _governed(rule, asked.code)
    if not any(governed):
        return np.full(len(c), PASS, dtype=np.int8)
    outcomes = rule.judge(asked, c)
    if all(governed):
        return outcomes
    return np.where((c.unit >= 0) == governed[1], outcomes, PASS)


NONE, ASKS, NOT_KNOWN, SAID_NO = (np.int8(i) for i in range(4))
"""What an outcome leads to: nothing, a question, or that a candidate is left out, since it is not known or said no."""

Verdict = tuple[Outcomes, Grid]
"""What a rule says of each candidate, and what that leads to."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What rules say of candidates: a verdict for each rule, by its number, that does not pass them all."""

    rules: tuple[int, ...]
    said: tuple[Verdict, ...]
    count: int

    @classmethod
    def of(cls, ruleset: Ruleset, asked: Asked, c: Columns) -> "Verdicts":
        """Of all rules; what is said of those who are kept for all questions is kept too."""
        rules, said = [], []
        for number, rule, effects in _governing(ruleset, asked.code):
            verdict = _kept(rule, effects, asked, c) if isinstance(c, Offered) else _verdict(rule, effects, asked, c)
            if verdict is not None:
                rules.append(number)
                said.append(verdict)
        return cls(tuple(rules), tuple(said), len(c))

    def outcomes(self) -> Grid:
        """What they say: a row for each verdict, a column for each candidate."""
        return self._grid([outcomes for outcomes, _ in self.said])

    def effects(self) -> Grid:
        """What all of it leads to, likewise."""
        return self._grid([effects for _, effects in self.said])

    def _grid(self, rows: list[Grid]) -> Grid:
        return np.concatenate(rows or [np.zeros(0, dtype=np.int8)]).reshape(len(rows), self.count)


def _kept(rule: Rule, effects: Grid, asked: Asked, c: Offered) -> Verdict | None:
    key = read(rule.code, asked)
    if key is SEVERAL:
        return _verdict(rule, effects, asked, c)
    return c.keep((rule.code, key), lambda: _verdict(rule, effects, asked, c))


def _verdict(rule: Rule, effects: Grid, asked: Asked, c: Columns) -> Verdict | None:
    outcomes = judge(rule, asked, c)
    return (outcomes, effects[outcomes]) if outcomes.any() else None


@cache
def _governing(ruleset: Ruleset, code: str) -> tuple[tuple[int, Rule, Grid], ...]:
    """The rules that govern anybody who offers a need, with their numbers and what each outcome leads to."""
    group = group_of(code, of_department=False)
    return tuple(
        (number, rule, _effects(rule, group)) for number, rule in enumerate(ruleset.rules) if any(_governed(rule, code))
    )


def _effects(rule: Rule, group: Group) -> Grid:
    """What each outcome leads to for a candidate of the group."""
    excluded = np.where(OUTCOMES == FAIL, SAID_NO, NOT_KNOWN)
    return np.where(rule.excludes(OUTCOMES, group), excluded, np.where(OUTCOMES == PASS, NONE, ASKS))


def governs(rule: Rule, code: str, *, of_department: bool) -> bool:
    """Whether a rule governs a candidate for a need."""
    return group_of(code, of_department=of_department) in rule.governs


@cache
def _governed(rule: Rule, code: str) -> tuple[bool, bool]:
    """Whether it governs others' services, and departments'."""
    return governs(rule, code, of_department=False), governs(rule, code, of_department=True)


def weigh(ruleset: Ruleset, values: Sequence[Floats]) -> Floats:
    """Sum of weight x feature, in the order of the ruleset."""
    total: Floats = ruleset.features[0].weight * values[0]
    for feature, value in zip(ruleset.features[1:], values[1:], strict=True):
        total += feature.weight * value
    return total


class Scorer:
    """The scores of candidates for one need, as an assessment has them, of a few at a time."""

    def __init__(self, ruleset: Ruleset, asked: Asked, kept: Mapping[str, Keepers]) -> None:
        """`kept`: who keeps scarce places."""
        self._ruleset, self._asked, self._kept = ruleset, asked, kept
        profiles = lacking(asked)
        self._scarce = profiles if any(kept[profile].few for profile in profiles) else []

    def __call__(self, view: View) -> Floats:
        score = weigh(self._ruleset, [feature.values(view) for feature in self._ruleset.features])
        if not self._scarce:
            return score
        partners = {profile: self._kept[profile].partners(view.columns) for profile in self._scarce}
        return score - scarcity(self._asked, partners, len(score))


class Assessment:
    """What the rules and features say of the candidates for one need. Arrays with a row for each rule or feature and a
    column for each candidate; `rules` are the numbers of those rules that have one, `effects` what their outcomes lead
    to. Features and order are made when they are asked for. Rules are asked of all candidates, near or not, so that
    what they say may be kept; whoever is not near has no effects and stands in no bucket."""

    def __init__(
        self,
        ruleset: Ruleset,
        view: View,
        keepers: Mapping[str, Keepers],
        near: Flags | None = None,
    ) -> None:
        """`near`: who lies near enough, None where all do."""
        self.ruleset = ruleset
        self.view = view
        self._keepers = keepers
        self.asked = view.asked
        self.columns = view.columns
        self._verdicts = Verdicts.of(ruleset, view.asked, view.columns)
        self.rules = self._verdicts.rules
        self.near = near
        self.effects = self._verdicts.effects()
        if near is not None:
            self.effects *= near
        self.hidden = self._hide()
        worst = self.effects.max(axis=0, initial=NONE)
        self.out = out = worst > ASKS
        self._in: dict[Bucket, Flags] = {
            "suitable": worst == NONE if near is None else (worst == NONE) & near,
            "confirm_by_phone": worst == ASKS,
            "excluded": out & ~self.hidden,
        }

    def _hide(self) -> Flags:
        """Who is counted without being shown: one that is inactive or avoided is out for that alone."""
        alone: dict[int, Flags] = {}
        hidden = np.zeros(len(self.columns), dtype=np.bool_)
        for row in (self.rules.index(rule) for rule in self.ruleset.absolute if rule in self.rules):
            alone[row] = (self.effects[row] > ASKS) & ~hidden
            hidden = hidden | alone[row]
        if not hidden.any():
            return hidden
        kept = {row: np.where(only | ~hidden, self.effects[row], NONE) for row, only in alone.items()}
        self.effects[:, hidden] = NONE
        for row, effects in kept.items():
            self.effects[row] = effects
        return hidden

    @cached_property
    def outcomes(self) -> Outcomes:
        """What the rules say: a row for each of `rules`."""
        return self._verdicts.outcomes()

    def outcome(self, row: int, at: int) -> int:
        """What one of `rules` says of one candidate."""
        return int(self._verdicts.said[row][0][at])

    @property
    def excluding(self) -> Flags:
        """Which of `rules` excludes which candidate."""
        return np.asarray(self.effects > ASKS, dtype=np.bool_)

    @cached_property
    def bucket(self) -> Grid:
        """The bucket of each candidate."""
        suitable, asked = self._in["suitable"], self._in["confirm_by_phone"]
        return np.where(suitable, SUITABLE, np.where(asked, CONFIRM, EXCLUDED))

    @cached_property
    def values(self) -> tuple[Floats, ...]:
        """Every feature of every candidate."""
        return tuple(feature.values(self.view) for feature in self.ruleset.features)

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

    @cached_property
    def _descending(self) -> Floats:
        return -self.score

    def counts(self, among: Flags | slice = slice(None)) -> list[tuple[str, int, int]]:
        """Per rule that excluded somebody: how many said no, and of how many it is not known."""
        effects = self.effects[:, among]
        said, unknown = ((effects == one).sum(axis=1).tolist() for one in (SAID_NO, NOT_KNOWN))
        codes = [self.ruleset.rules[rule].code for rule in self.rules]
        return [row for row in zip(codes, said, unknown, strict=True) if row[1] or row[2]]

    def place(self, row: int | None) -> int | None:
        """Where a row of the index stands, None if it is not there or not near enough."""
        there = self.columns.row == row
        found = np.flatnonzero(there if self.near is None else there & self.near)
        return int(found[0]) if len(found) else None

    def members(self, bucket: Bucket) -> Ints:
        """The candidates of a bucket that may be shown, in no order."""
        return self._in[bucket].nonzero()[0]

    def count(self, bucket: Bucket, among: Flags | slice = slice(None)) -> int:
        """How many those are."""
        return int(np.count_nonzero(self._in[bucket][among]))

    def first(self, rows: Ints, sort: Sort, limit: int) -> Ints:
        """The first `limit` of some candidates: by score, distance, hash, or by distance, score, hash. Exact: whoever
        ties with the last by the first key is kept until the other keys decide."""
        keys = (self._descending, self.view.km) if sort == "score" else (self.view.km, self._descending)
        if len(rows) > max(limit, FEW):
            leading = keys[0][rows]
            rows = rows[leading <= np.partition(leading, limit - 1)[limit - 1]]
        order = np.lexsort((self.columns.tie[rows], keys[1][rows], keys[0][rows]))
        return np.asarray(rows[order[:limit]], dtype=np.int64)
