"""The first of a bucket without looking at every block: rules are asked of the blocks that can reach the first alone.

Each rule judges each different answer once; what a block's rows then fail is an OR of planes, for all rules together.
What depends on a clock or a place is asked of the few rows that are left. Exact: what it finds holds everybody who may
stand among the first, by the code that judges all."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from matching.asked import Asked
from matching.assess import governs, judge
from matching.bits import Words
from matching.blocks import Blocks
from matching.columns import Columns, Flags, Floats, Ints
from matching.groups import group_of
from matching.planes import Part
from matching.rules.outcome import PASS, Outcomes
from matching.rules.rule import ABSOLUTE, Rule
from matching.rulesets.ruleset import Ruleset
from matching.sieve import shared
from matching.types import Bucket

BY_ROW = frozenset({"avoided", "party_size", "stale", "accreditation"})
"""Rules that look at a place or a clock: asked row by row of those whom the others leave."""

NOBODY = np.zeros(0, dtype=np.int64)
TOLERANCE = 1e-9
"""Keys that are this close count as equal, against rounding: in score, and in kilometres."""

AT_ONCE = 512
"""Up to so many blocks all planes are looked at by one call."""

MORE = 3
"""By how much the number of blocks that are looked at grows each time."""


@dataclass(slots=True)
class Planes:
    """Answers that some rows must not give: as numbers of planes, as planes of the only answer that they may give, and
    as flags by number of the answer."""

    never: list[int] = field(default_factory=list)
    only: list[int] = field(default_factory=list)
    parts: list[tuple[Part, Flags]] = field(default_factory=list)

    def add(self, part: Part, answers: Flags) -> None:
        """One part's answers."""
        given: list[int] = answers.nonzero()[0].tolist()
        if not given:
            return
        if part.first is None:
            self.parts.append((part, answers))
        elif len(given) == part.end - part.start - 1 and len(given) > 1:
            self.only.append(part.first + int(answers.argmin()))
        else:
            self.never += [part.first + one for one in given]

    def rows(self, blocks: Blocks, at: Ints) -> Words | None:
        """Who gives one of them, in the words of some blocks; bits behind the last row mean nothing."""
        found = _reduced(np.bitwise_or, blocks.answers.planes, self.never, at)
        passing = _reduced(np.bitwise_and, blocks.answers.planes, self.only, at)
        if passing is not None:
            found = ~passing if found is None else found | ~passing
        for part, answers in self.parts:
            words = part.rows_with(answers, blocks.layout, at)
            found = words if found is None else found | words
        return found


def _reduced(way: np.ufunc, planes: Words, numbers: list[int], at: Ints) -> Words | None:
    """Some planes taken together, in the words of some blocks: at once where those are few, else plane by plane."""
    if not numbers:
        return None
    if len(at) <= AT_ONCE:
        return np.asarray(way.reduce(planes[np.array(numbers)[:, None], at], axis=0), dtype=np.uint64)
    found: Words = planes[numbers[0]].take(at)
    for number in numbers[1:]:
        way(found, planes[number].take(at), out=found)
    return found


class Quick:
    """One need over the rows in blocks. `at` are the blocks that hold anybody who offers it, `words` who."""

    def __init__(self, ruleset: Ruleset, asked: Asked, base: Columns, blocks: Blocks) -> None:
        self.ruleset, self.asked, self.base, self.blocks = ruleset, asked, base, blocks
        self.gone, self.by_row = Planes(), list[Rule]()
        self.not_passing = {kind: Planes() for kind in (None, True, False)}
        self.excluding = {kind: Planes() for kind in (None, True, False)}
        self.unshared, self.unshared_out = Planes(), Planes()
        table = blocks.answers.table.table.copy()
        table["capacity_as_of"] = asked.now_us
        self._table = Columns(table)
        for rule in ruleset.rules:
            self._read(rule)

    def _read(self, rule: Rule) -> None:
        asked = self.asked
        governed = [governs(rule, asked.code, of_department=d) for d in (False, True)]
        if not any(governed):
            return
        if rule.code in ("avoided", "stale"):
            avoid = asked.avoid
            if (
                rule.code == "stale"
                or avoid.any_district
                or avoid.circles
                or len(avoid.organisations)
                or len(avoid.units)
            ):
                self.by_row.append(rule)
            return
        outcomes = rule.judge(asked, self._table)
        parts = [(part, outcomes[part.start : part.end]) for part in self.blocks.answers.of_rule(rule.code)]
        passing = not any(those.any() for _, those in parts)
        if rule.code == "party_size" or (rule.code == "accreditation" and not passing):
            self.by_row.append(rule)
        if passing or rule.code == "accreditation":
            return
        kind = None if all(governed) else governed[1]
        for part, those in parts:
            if rule.code == "active":
                self.gone.add(part, those != PASS)
                continue
            language = rule.code == "language"
            (self.unshared if language else self.not_passing[kind]).add(part, those != PASS)
            if rule.code != "party_size":
                (self.unshared_out if language else self.excluding[kind]).add(part, self._excludes(rule, those))

    def _excludes(self, rule: Rule, outcomes: Outcomes) -> Flags:
        return rule.excludes(outcomes, group_of(self.asked.code, of_department=False))

    def left(self, bucket: Bucket, at: Ints, words: Words) -> Words:
        """Those of some rows that may stand in a bucket, by what neither a place nor a clock decides."""
        barred = [self.gone.rows(self.blocks, at)]
        if bucket == "suitable":
            barred.append(self._within(self.not_passing, self.unshared, at))
        elif bucket == "confirm_by_phone":
            barred.append(self._within(self.excluding, self.unshared_out, at))
        for those in barred:
            words = words if those is None else words & ~those
        return words

    def rows(self, bucket: Bucket, at: Ints, words: Words) -> Columns:
        """Those of them that stand in it and may be shown."""
        columns = self.base.take(self.blocks.layout.unpack(at, words))
        judged = self._judged(columns)
        if bucket == "suitable":
            return columns.take(judged == 0)
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


@dataclass(frozen=True, slots=True)
class Search:
    """Blocks to be searched. `members`: the rows in question of some, by place; `bounds`: the most that the key of a
    row of each can be; `size`: how many are looked at first."""

    members: Callable[[Ints], Columns]
    bounds: Floats
    key: Callable[[Columns], Floats]
    size: int


def first(search: Search, limit: int) -> Ints:
    """Everybody who may be among the first `limit` by the highest key: blocks in the order of their bounds, until none
    that is left can reach the last of those found. Nobody who ties with the last is left out."""
    bounds, size = search.bounds, search.size
    left = np.arange(len(bounds))
    rows, keys = NOBODY, np.zeros(0)
    while len(left):
        if len(left) > size:
            split = np.argpartition(-bounds[left], size - 1)
            best, left = left[split[:size]], left[split[size:]]
        else:
            best, left = left, NOBODY
        more = search.members(best)
        if len(more):
            rows, keys = np.append(rows, more.row), np.append(keys, search.key(more))
        if len(keys) >= limit:
            last = np.partition(keys, len(keys) - limit)[len(keys) - limit] - TOLERANCE
            kept = keys >= last
            rows, keys = rows[kept], keys[kept]
            left = left[bounds[left] >= last]
        size *= MORE
    return rows
