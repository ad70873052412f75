"""The rules of one need over all rows in blocks, as bits: who is suitable, who is asked, who is out and why.

Each rule judges each different answer once (`matching.judged`); who does not pass is an OR of planes for all rules
together, and only who is excluded is looked at rule by rule. What depends on a clock is kept for an hour or a day, what
depends on a place is judged row by row where a block may be touched."""

from collections import defaultdict
from functools import cache, reduce
from operator import or_

import numpy as np

from matching.asked import Asked
from matching.assess import governs, judge
from matching.bits import Words
from matching.blocks import Blocks
from matching.columns import Flags, Ints
from matching.groups import group_of
from matching.judged import Planes, Said, said
from matching.passing import incompetent, is_old, shared
from matching.rules.outcome import FAIL, UNKNOWN
from matching.rules.rule import ABSOLUTE, Rule
from matching.rulesets.ruleset import Ruleset
from matching.shelf import Hour, Shelf
from matching.types import Bucket

ALL_BITS = np.uint64(0xFFFFFFFFFFFFFFFF)

Sides = tuple[Words | None, Words | None]
"""Who fails, and of whom it is not known; None is nobody."""

Told = tuple[Words | None, Words | None, Words | None]
"""The same, and whom a rule does not pass for another reason."""


def count(words: Words) -> int:
    """How many bits are set."""
    return int(np.bitwise_count(words).sum())


def without(words: Words | None, others: Words) -> Words | None:
    """AND NOT, where None is nobody."""
    return None if words is None else words & ~others


@cache
def _governing(ruleset: Ruleset, code: str) -> tuple[tuple[Rule, bool | None], ...]:
    """The rules that govern a need, and whom of those who offer it: everybody (None), departments or all others."""
    those = ((r, [governs(r, code, of_department=d) for d in (False, True)]) for r in ruleset.rules)
    return tuple((r, None if all(of) else of[1]) for r, of in those if any(of))


class Sieve:
    """One need of one case over rows in blocks. `some` are places on the shelf of those who offer it; `hour`: what the
    clock decides of them; `pool` has who lives and is near enough, in the words of the blocks at those places."""

    def __init__(self, ruleset: Ruleset, asked: Asked, shelf: Shelf, blocks: Blocks, some: Ints, hour: Hour) -> None:
        self.asked, self.blocks = asked, blocks
        self.shelf, self.some, self.at, self.hour = shelf, some, shelf.at[some], hour
        self.base = shelf.columns
        self.rules = _governing(ruleset, asked.code)
        self.pool: Words = np.zeros(0, dtype=np.uint64)
        self.counts: list[tuple[str, int, int]] = []
        self.total = 0
        self._emergency = group_of(asked.code, of_department=False) == "emergency"
        self._answers = Planes()
        self._barred: list[Words] = []
        self._excluded: list[tuple[str, int, Words]] = []

    def run(self, pool: Words) -> dict[Bucket, Words]:
        """The buckets, and in `excluded` those that may be shown; counts what excludes them."""
        self.pool, rest = pool, pool
        for rule, kind in self.rules:
            if rule.code in ABSOLUTE:
                rest = self._without(rule, rest)
            else:
                self._read(rule, kind)
        answers = self._answers.rows(self.blocks, self.at)
        if answers is not None:
            self._barred.append(answers)
        barred = reduce(or_, self._barred, np.zeros_like(rest)) & rest
        out = self._counted(rest)
        self.total = count(pool) - count(rest) + count(out)
        return {"suitable": rest & ~barred, "confirm_by_phone": barred & ~out, "excluded": out}

    def _without(self, rule: Rule, rest: Words) -> Words:
        """Without those whom a rule excludes whatever the others say."""
        many = [0, 0]
        sides = self._avoided(rule) if rule.code == "avoided" else self._sides(rule)
        for side, words in enumerate(sides):
            if words is not None:
                many[side] = count(words & rest)
                rest = rest & ~words
        if any(many):
            self.counts.append((rule.code, many[0], many[1]))
        return rest

    def _counted(self, rest: Words) -> Words:
        """Whom the other rules exclude; counts how many each does."""
        if not self._excluded:
            return np.zeros_like(rest)
        lines = np.array([words for _, _, words in self._excluded]) & rest
        counts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
        for (code, side, _), many in zip(self._excluded, np.bitwise_count(lines).sum(axis=1).tolist(), strict=True):
            counts[code][side] = many
        self.counts += [(code, no, unknown) for code, (no, unknown) in counts.items() if no or unknown]
        return np.asarray(np.bitwise_or.reduce(lines, axis=0), dtype=np.uint64)

    def _read(self, rule: Rule, kind: bool | None) -> None:
        """Whom a rule does not pass, and whom it excludes."""
        told = self._told(rule, kind)
        if told is not None:
            self._barred += [words for words in told if words is not None]
            self._exclude(rule, told[0], told[1])
            return
        verdicts = self._said(rule)
        if not verdicts.passing:
            self._answers.join(verdicts.barred)
            if not self._emergency:
                self._exclude(rule, *self._sides(rule))

    def _exclude(self, rule: Rule, no: Words | None, unknown: Words | None) -> None:
        """Who is out by a rule, unless the need is an emergency's. Of whom it fails, all that matters is known."""
        if self._emergency:
            return
        if no is not None and rule.on_fail == "excluded":
            self._excluded.append((rule.code, 0, no))
        if unknown is not None and rule.on_unknown == "excluded":
            self._excluded.append((rule.code, 1, unknown if no is None else unknown & ~no))

    def _said(self, rule: Rule) -> Said:
        return said(rule, self.asked, self.blocks)

    def _sides(self, rule: Rule) -> Sides:
        """Whom a rule excludes by their answers."""
        verdicts = self._said(rule)
        no = verdicts.no.rows(self.blocks, self.at) if rule.on_fail == "excluded" else None
        unknown = verdicts.unknown.rows(self.blocks, self.at) if rule.on_unknown == "excluded" else None
        return no, unknown

    def _told(self, rule: Rule, kind: bool | None) -> Told | None:
        """What a rule says that reads more than answers: a clock, a place, or who is asked."""
        hour, some = self.hour, self.some
        if rule.code == "stale":
            now = judge(rule, self.asked, self.base.take(hour.stale.rows)) == FAIL
            return hour.stale.now(now)[some], hour.unverified[some], None
        if rule.code == "intake" and hour.weeks == self.asked.open_weeks.tobytes():
            return hour.shut[some], hour.unheard[some], None
        if rule.code == "party_size":
            return self._room(rule)
        if kind:
            barred, unknown = incompetent(rule, self.asked, self.blocks, self.shelf)
            return (barred & ~unknown)[some], unknown[some], None
        if rule.code not in ("accreditation", "language") and kind is None:
            return None
        verdicts = self._said(rule)
        if verdicts.passing or rule.code == "accreditation":
            return None if verdicts.passing else self._dated(rule)
        spared = shared(self.blocks, self.asked, self.at) if kind is None else self.blocks.of_department[self.at]
        sides, others = self._sides(rule), verdicts.barred.rows(self.blocks, self.at)
        return without(sides[0], spared), without(sides[1], spared), without(others, spared)

    def _room(self, rule: Rule) -> Told:
        """Room: what is known and older than it may be is asked."""
        turning = self.hour.old
        old = turning.now(is_old(self.asked, self.base.take(turning.rows)))[self.some]
        (no, unknown), barred = self._sides(rule), self._said(rule).barred.rows(self.blocks, self.at)
        return without(no, old), unknown, old if barred is None else barred | old

    def _dated(self, rule: Rule) -> Told:
        """A rule whose outcome depends on a row and a day alone: planes made once and kept until it ends."""
        kept, day = self.blocks.dated.get(rule.code), self.asked.day
        if kept is None or kept[0] != day:
            outcomes = rule.judge(self.asked, self.base)
            kept = day, tuple(self.blocks.layout.pack(outcomes == one) for one in (FAIL, UNKNOWN))
            self.blocks.dated[rule.code] = kept
        no, unknown = (words[self.at] for words in kept[1])
        return no, unknown, None

    def _avoided(self, rule: Rule) -> Sides:
        """Whole blocks where a circle holds them, else row by row in the blocks that may be touched."""
        avoid, blocks = self.asked.avoid, self.blocks
        if not avoid.anything:
            return None, None
        touched, held = self._touched()
        sure = np.where(held, self.pool & blocks.local[self.at], np.uint64(0))
        named = blocks.words(self._named())[self.at]
        doubtful = self.pool & np.where(touched, ALL_BITS, named) & ~sure
        rows = blocks.layout.unpack(self.at, doubtful)
        outcomes = judge(rule, self.asked, self.base.take(rows))
        fail, unknown = (blocks.words(rows[outcomes == one])[self.at] for one in (FAIL, UNKNOWN))
        return fail | sure, unknown

    def _named(self) -> Ints:
        """Rows of the organisations and units that the request names."""
        avoid, blocks = self.asked.avoid, self.blocks
        lists = (blocks.organisations, blocks.unit_organisations)
        found = [one.having(avoid.organisations) for one in lists]
        return np.concatenate([*found, blocks.units.having(avoid.units)])

    def _touched(self) -> tuple[Flags, Flags]:
        """Blocks that may hold somebody in an avoided place, and those whose local rows all lie in one."""
        avoid, blocks, at = self.asked.avoid, self.blocks, self.at
        touched = np.asarray((blocks.districts[at] & avoid.districts).any(axis=1), dtype=np.bool_)
        held = np.zeros(len(at), dtype=np.bool_)
        if avoid.any_district:
            touched |= blocks.unsaid[at]
        if avoid.any_district or avoid.circles:
            touched |= blocks.has_other[at]
        for circle in avoid.circles:
            least, most = blocks.between_km(circle.lat, circle.lon, at)
            touched |= blocks.has_local[at] & (least <= circle.radius_km + blocks.reach[at])
            held |= blocks.has_local[at] & (most <= circle.radius_km)
        return np.asarray(touched, dtype=np.bool_), held
