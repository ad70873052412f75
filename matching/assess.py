"""One need of one case over all its candidates: rules, features, score and order, as arrays.

The stages of the pipeline, in their order: who offers the need; who is near enough; what each rule says; which bucket;
what each feature is worth; the order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache, partial

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


NONE, ASKS, NOT_KNOWN, SAID_NO = range(4)
"""What an outcome leads to: nothing, a question, or that a candidate is left out, since it is not known or said no. The
second bit leaves out."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule, by its number, says of each candidate, and what that leads to: a byte each, also as one number, so
    that all are asked at once."""

    rule: int
    outcomes: Outcomes
    effects: bytes
    number: int


def verdicts(ruleset: Ruleset, asked: Asked, c: Columns) -> list[Verdict]:
    """Of each rule that does not pass all candidates; what is said of those who are kept for all questions is kept."""
    kept = c if isinstance(c, Offered) else None
    found = []
    for number, rule, effects in _governing(ruleset, asked.code):
        key = SEVERAL if kept is None else read(rule.code, asked)
        if kept is None or key is SEVERAL:
            verdict = _verdict(number, rule, effects, asked, c)
        else:
            verdict = kept.keep((rule.code, key), partial(_verdict, number, rule, effects, asked, c))
        if verdict is not None:
            found.append(verdict)
    return found


def _verdict(number: int, rule: Rule, effects: bytes, asked: Asked, c: Columns) -> Verdict | None:
    outcomes = judge(rule, asked, c)
    if not outcomes.any():
        return None
    effect = outcomes.tobytes().translate(effects)
    return Verdict(number, outcomes, effect, int.from_bytes(effect, "little"))


@cache
def _governing(ruleset: Ruleset, code: str) -> tuple[tuple[int, Rule, bytes], ...]:
    """The rules that govern anybody who offers a need, with their numbers and what each outcome leads to."""
    group = group_of(code, of_department=False)
    return tuple(
        (number, rule, _effects(rule, group)) for number, rule in enumerate(ruleset.rules) if any(_governed(rule, code))
    )


def _effects(rule: Rule, group: Group) -> bytes:
    """What each outcome leads to for a candidate of the group, by its number; of 256, as bytes are translated."""
    excluded = np.where(OUTCOMES == FAIL, SAID_NO, NOT_KNOWN)
    effects = np.where(rule.excludes(OUTCOMES, group), excluded, np.where(OUTCOMES == PASS, NONE, ASKS))
    return bytes(effects.tolist()).ljust(256, bytes(1))


def _number(flags: Flags) -> int:
    return int.from_bytes(flags.tobytes(), "little")


@lru_cache(maxsize=1024)
def _everybody(count: int) -> int:
    return int.from_bytes(b"\1" * count, "little")


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
    """What the rules and features say of the candidates for one need. Features and order are made when they are asked
    for. Rules are asked of all candidates, near or not, so that what they say may be kept; whoever is not near stands
    in no bucket."""

    def __init__(self, ruleset: Ruleset, view: View, keepers: Mapping[str, Keepers], near: Flags | None = None) -> None:
        """`near`: who lies near enough, None where all do."""
        self.ruleset = ruleset
        self.view = view
        self._keepers = keepers
        self.asked = view.asked
        self.columns = view.columns
        self.near = near
        self.verdicts = verdicts(ruleset, view.asked, view.columns)
        self._near = _everybody(len(view.columns)) if near is None else _number(near)
        self._alone = self._hiding()
        self._hidden = sum(self._alone.values())
        self._shown = self._near ^ self._hidden
        worst = 0
        for one in self.verdicts:
            worst |= one.number
        out, asks = worst >> 1 & self._shown, worst & self._shown
        self._in: dict[Bucket, int] = {
            "suitable": self._shown & ~(out | asks),
            "confirm_by_phone": asks & ~out,
            "excluded": out,
        }

    def _hiding(self) -> dict[int, int]:
        """Who is counted without being shown, by the rule: one that is inactive or avoided is out for that alone."""
        alone: dict[int, int] = {}
        left = self._near
        for one in self.verdicts:
            if one.rule in self.ruleset.absolute:
                alone[one.rule] = one.number >> 1 & left
                left ^= alone[one.rule]
        return alone

    def said(self, at: int) -> dict[int, int]:
        """What each rule that does not pass all says of one candidate, by number."""
        return {one.rule: int(one.outcomes[at]) for one in self.verdicts}

    def excluding(self, at: int) -> list[Verdict]:
        """By which rules one that is shown is left out."""
        return [one for one in self.verdicts if one.effects[at] > ASKS]

    @property
    def hidden(self) -> Flags:
        """Who is counted without being shown."""
        return self._flags(self._hidden)

    def _flags(self, number: int) -> Flags:
        return np.frombuffer(number.to_bytes(len(self.columns), "little"), dtype=np.bool_)

    @cached_property
    def bucket(self) -> NDArray[np.int8]:
        """The bucket of each candidate."""
        suitable, asked = self._flags(self._in["suitable"]), self._flags(self._in["confirm_by_phone"])
        return np.where(suitable, SUITABLE, np.where(asked, CONFIRM, EXCLUDED))

    @cached_property
    def values(self) -> tuple[Floats, ...]:
        """Every feature of every candidate."""
        return tuple(feature.values(self.view) for feature in self.ruleset.features)

    @cached_property
    def scarce(self) -> dict[str, Partners]:
        """Per scarce profile that the case lacks, which candidates are kept for those who need it."""
        return {profile: self._partners(profile) for profile in lacking(self.asked)}

    def _partners(self, profile: str) -> Partners:
        c, keepers = self.columns, self._keepers[profile]
        if isinstance(c, Offered):
            return c.keep((Partners, profile), partial(keepers.partners, c))
        return keepers.partners(c)

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

    def within(self, among: Flags | None = None) -> int:
        """How many of some are near enough."""
        return (self._near if among is None else self._near & _number(among)).bit_count()

    def left_out(self, among: Flags | None = None) -> tuple[int, list[tuple[str, int, int]]]:
        """How many of some are out, and per rule that excluded somebody how many said no and of how many it is not
        known."""
        some = self._near if among is None else _number(among)
        counts = []
        for one in self.verdicts:
            out = one.number >> 1 & self._alone.get(one.rule, self._shown) & some
            if out:
                said = (one.number & out).bit_count()
                counts.append((self.ruleset.rules[one.rule].code, said, out.bit_count() - said))
        return ((self._in["excluded"] | self._hidden) & some).bit_count(), counts

    def place(self, row: int | None) -> int | None:
        """Where a row of the index stands, None if it is not there or not near enough."""
        there = self.columns.row == row
        found = np.flatnonzero(there if self.near is None else there & self.near)
        return int(found[0]) if len(found) else None

    def members(self, bucket: Bucket) -> Ints:
        """The candidates of a bucket that may be shown, in no order."""
        return self._flags(self._in[bucket]).nonzero()[0]

    def count(self, bucket: Bucket, among: Flags | None = None) -> int:
        """How many those are."""
        return (self._in[bucket] & (self._near if among is None else _number(among))).bit_count()

    def first(self, rows: Ints, sort: Sort, limit: int) -> Ints:
        """The first `limit` of some candidates: by score, distance, hash, or by distance, score, hash. Exact: whoever
        ties with the last by the first key is kept until the other keys decide."""
        keys = (self._descending, self.view.km) if sort == "score" else (self.view.km, self._descending)
        if len(rows) > max(limit, FEW):
            leading = keys[0][rows]
            rows = rows[leading <= np.partition(leading, limit - 1)[limit - 1]]
        order = np.lexsort((self.columns.tie[rows], keys[1][rows], keys[0][rows]))
        return np.asarray(rows[order[:limit]], dtype=np.int64)
