"""Whom one would ask by telephone, or who is excluded, among the rows in blocks, without counting them.

Each rule judges each different answer once; what a block's rows then fail is an OR of planes, for all rules together.
What depends on a clock or a place is asked of the few rows that are left."""

import numpy as np

from matching.asked import Asked
from matching.assess import governs, judge
from matching.bits import Words
from matching.blocks import Blocks
from matching.columns import Columns, Flags, Ints
from matching.groups import group_of
from matching.judged import Planes, said
from matching.passing import shared
from matching.rules.outcome import PASS, Outcomes
from matching.rules.rule import ABSOLUTE, Rule
from matching.rulesets.ruleset import Ruleset
from matching.types import Bucket


class Quick:
    """One need over the rows in blocks. `at` are the blocks that hold anybody who offers it, `words` who."""

    def __init__(self, ruleset: Ruleset, asked: Asked, base: Columns, blocks: Blocks) -> None:
        self.ruleset, self.asked, self.base, self.blocks = ruleset, asked, base, blocks
        self.gone, self.by_row = Planes(), list[Rule]()
        self.not_passing = {kind: Planes() for kind in (None, True, False)}
        self.excluding = {kind: Planes() for kind in (None, True, False)}
        self.unshared, self.unshared_out = Planes(), Planes()
        self._emergency = group_of(asked.code, of_department=False) == "emergency"
        for rule in ruleset.rules:
            self._read(rule)

    def _read(self, rule: Rule) -> None:
        governed = [governs(rule, self.asked.code, of_department=d) for d in (False, True)]
        if not any(governed):
            return
        if rule.code == "stale" or (rule.code == "avoided" and self.asked.avoid.anything):
            self.by_row.append(rule)
        if rule.code in ("avoided", "stale"):
            return
        verdicts = said(rule, self.asked, self.blocks)
        if rule.code == "party_size" or (rule.code == "accreditation" and not verdicts.passing):
            self.by_row.append(rule)
        if verdicts.passing or rule.code == "accreditation":
            return
        if rule.code == "active":
            self.gone.join(verdicts.barred)
            return
        kind = None if all(governed) else governed[1]
        language = rule.code == "language"
        (self.unshared if language else self.not_passing[kind]).join(verdicts.barred)
        if rule.code != "party_size" and not self._emergency:
            (self.unshared_out if language else self.excluding[kind]).join(verdicts.excluded)

    def _excludes(self, rule: Rule, outcomes: Outcomes) -> Flags:
        return rule.excludes(outcomes, group_of(self.asked.code, of_department=False))

    def left(self, bucket: Bucket, at: Ints, words: Words) -> Words:
        """Those of some rows that may stand in a bucket, by what neither a place nor a clock decides."""
        barred = [self.gone.rows(self.blocks, at)]
        if bucket == "confirm_by_phone":
            barred.append(self._within(self.excluding, self.unshared_out, at))
        for those in barred:
            words = words if those is None else words & ~those
        return words

    def rows(self, bucket: Bucket, at: Ints, words: Words) -> Columns:
        """Those of them that stand in it and may be shown."""
        columns = self.base.take(self.blocks.layout.unpack(at, words))
        judged = self._judged(columns)
        if bucket == "excluded":
            sure = self._has(self._within(self.excluding, self.unshared_out, at), at, columns.row)
            return columns.take((judged == 2) | (sure & (judged < 3)))
        asked = self._has(self._within(self.not_passing, self.unshared, at), at, columns.row)
        return columns.take((judged < 2) & ((judged == 1) | asked))

    def _has(self, words: Words | None, at: Ints, rows: Ints) -> Flags:
        if words is None:
            return np.zeros(len(rows), dtype=np.bool_)
        order = np.argsort(at)
        block, place = np.divmod(rows, self.blocks.layout.leaf)
        mine = words[order[np.searchsorted(at, block, sorter=order)]]
        return np.asarray((mine >> place.astype(np.uint64)) & np.uint64(1), dtype=np.bool_)

    def _within(self, kinds: dict[bool | None, Planes], unshared: Planes, at: Ints) -> Words | None:
        """Who gives one of some answers, of those for whom that counts."""
        found = kinds[None].rows(self.blocks, at)
        units = self.blocks.of_department
        some = [(kinds[kind].rows(self.blocks, at), units[at] if kind else ~units[at]) for kind in (True, False)]
        spoken = unshared.rows(self.blocks, at)
        if spoken is not None:
            some.append((spoken, ~shared(self.blocks, self.asked, at)))
        for words, mask in some:
            if words is not None:
                found = words & mask if found is None else found | words & mask
        return found

    def _judged(self, columns: Columns) -> Ints:
        """What the rules say that are asked row by row: 0 all pass, 1 one is to be confirmed, 2 one excludes, 3 it is
        not to be shown."""
        worst = np.zeros(len(columns), dtype=np.int64)
        if not len(columns):
            return worst
        for rule in self.by_row:
            outcomes = judge(rule, self.asked, columns)
            worst = np.maximum(worst, outcomes != PASS)
            excluded = self._excludes(rule, outcomes)
            if excluded.any():
                worst = np.maximum(worst, np.where(excluded, 3 if rule.code in ABSOLUTE else 2, 0))
        return worst
