"""The rules of one need over all rows in blocks, as bits: who is suitable, who is asked, who is out and why.

Each rule judges each different answer once (`matching.planes`); the rest is AND, OR and counting bits. What depends on
a clock is made once a minute, what depends on a place is judged row by row where a block may be touched."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matching.asked import Asked
from matching.assess import governs, judge
from matching.bits import Words
from matching.blocks import Blocks
from matching.columns import Columns, Flags, Ints
from matching.groups import group_of
from matching.judged import said
from matching.passing import is_old, shared
from matching.rules.outcome import ASK, FAIL, SILENT, UNKNOWN, Outcomes
from matching.rules.rule import ABSOLUTE, Rule
from matching.rulesets.ruleset import Ruleset
from matching.shelf import Hour, Shelf
from matching.types import Bucket

ALL_BITS = np.uint64(0xFFFFFFFFFFFFFFFF)


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What one rule says, as words: who fails, of whom it is not known, and who is to be asked for another reason.
    None is nobody."""

    fail: Words | None = None
    unknown: Words | None = None
    ask: Words | None = None

    @classmethod
    def worst(cls, outcomes: "dict[np.int8, Words]") -> "Verdicts":
        """From who has each outcome in some part: the worst counts."""
        fail, unknown = outcomes.get(FAIL), outcomes.get(UNKNOWN)
        ask = either(outcomes.get(SILENT), outcomes.get(ASK))
        return cls(fail, without(unknown, fail), without(without(ask, fail), unknown))

    def within(self, mask: Words) -> "Verdicts":
        """Only of some rows."""
        return Verdicts(*(None if words is None else words & mask for words in (self.fail, self.unknown, self.ask)))

    def any(self) -> Words | None:
        """Who does not pass."""
        return either(either(self.fail, self.unknown), self.ask)


def either(one: Words | None, other: Words | None) -> Words | None:
    """OR, where None is nobody."""
    if one is None or other is None:
        return other if one is None else one
    return one | other


def without(one: Words | None, other: Words | None) -> Words | None:
    """AND NOT, where None is nobody."""
    return one if one is None or other is None else one & ~other


def count(words: Words | None) -> int:
    """How many bits are set."""
    return 0 if words is None else int(np.bitwise_count(words).sum())


class Sieve:
    """One need of one case over rows in blocks. `some` are places on the shelf of those who offer it; `hour`: what the
    clock decides of them; `pool` has who lives and is near enough, in the words of the blocks at those places."""

    def __init__(self, ruleset: Ruleset, asked: Asked, shelf: Shelf, blocks: Blocks, some: Ints, hour: Hour) -> None:
        self.ruleset, self.asked, self.blocks = ruleset, asked, blocks
        self.shelf, self.some, self.at, self.hour = shelf, some, shelf.at[some], hour
        self.base = shelf.columns
        self.pool: Words = np.zeros(0, dtype=np.uint64)
        self.counts: list[tuple[str, int, int]] = []
        self.total = 0

    def run(self, pool: Words) -> dict[Bucket, Words]:
        """The buckets, and in `excluded` those that may be shown; counts what excludes them."""
        self.pool = pool
        found = [(rule, self._verdicts(rule)) for rule in self.ruleset.rules]
        gone: Words | None = None
        for code in ("active", "avoided"):
            rule, verdicts = next(one for one in found if one[0].code == code)
            gone = either(gone, self._excluding(rule, verdicts.within(pool)).any())
        rest = pool if gone is None else pool & ~gone
        out: Words | None = None
        confirm: Words | None = None
        taken: Words | None = None
        for rule, verdicts in found:
            absolute = rule.code in ("active", "avoided")
            here = verdicts.within(rest if not absolute else pool if taken is None else pool & ~taken)
            excluding = self._excluding(rule, here)
            if absolute:
                taken = either(taken, excluding.any())
            else:
                out = either(out, excluding.any())
                confirm = either(confirm, here.any())
            self._count(rule, excluding)
        excluded = np.zeros_like(pool) if out is None else out
        asked = np.zeros_like(pool) if confirm is None else confirm & ~excluded
        self.total = count(gone) + count(excluded)
        return {"suitable": rest & ~excluded & ~asked, "confirm_by_phone": asked, "excluded": excluded}

    def _count(self, rule: Rule, excluding: Verdicts) -> None:
        said, never = count(excluding.fail), count(excluding.unknown)
        if said or never:
            self.counts.append((rule.code, said, never))

    def _excluding(self, rule: Rule, verdicts: Verdicts) -> Verdicts:
        """Whom a rule excludes; nothing but an absolute one excludes an emergency service."""
        if group_of(self.asked.code, of_department=False) == "emergency" and rule.code not in ABSOLUTE:
            return Verdicts()
        return Verdicts(
            verdicts.fail if rule.on_fail == "excluded" else None,
            verdicts.unknown if rule.on_unknown == "excluded" else None,
        )

    def _verdicts(self, rule: Rule) -> Verdicts:
        governed = [governs(rule, self.asked.code, of_department=d) for d in (False, True)]
        if not any(governed):
            return Verdicts()
        if rule.code == "avoided":
            return self._avoided(rule)
        if rule.code == "stale":
            now = judge(rule, self.asked, self.base.take(self.hour.stale.rows)) == FAIL
            return Verdicts(self.hour.stale.now(now)[self.some], self.hour.unverified[self.some])
        if rule.code == "intake" and self.hour.weeks == self.asked.open_weeks.tobytes():
            return Verdicts(self.hour.shut[self.some], self.hour.unheard[self.some])
        verdicts = self._answered(rule)
        if all(governed):
            return verdicts
        of_department = self.blocks.of_department[self.at]
        return verdicts.within(of_department if governed[1] else ~of_department)

    def _answered(self, rule: Rule) -> Verdicts:
        by_answer, dated = said(rule, self.asked, self.blocks), rule.code == "party_size"
        if by_answer.passing and not dated:
            return Verdicts()
        if rule.code == "accreditation":
            return self._dated(rule, self.asked.day)
        found: dict[np.int8, Words] = {}
        for part, outcome, answers in by_answer.outcomes:
            words = part.rows_with(answers, self.blocks.layout, self.at)
            found[outcome] = words if outcome not in found else found[outcome] | words
        verdicts = Verdicts.worst(found)
        if dated:
            return self._of_age(verdicts)
        return verdicts.within(~self._shared()) if rule.code == "language" else verdicts

    def _of_age(self, fresh: Verdicts) -> Verdicts:
        """Room: what is known and older than it may be is asked."""
        turning = self.hour.old
        old = turning.now(is_old(self.asked, self.base.take(turning.rows)))[self.some]
        return Verdicts(
            without(fresh.fail, old),
            fresh.unknown,
            either(without(fresh.ask, old), without(old, fresh.unknown)),
        )

    def _shared(self) -> Words:
        """Who speaks one of the asked languages."""
        return shared(self.blocks, self.asked, self.at)

    def _dated(self, rule: Rule, clock: int) -> Verdicts:
        """A rule whose outcome depends on a row and a clock alone."""
        made = self._made(rule.code, clock, lambda c: _split(rule.judge(self.asked, c)))
        return Verdicts(*made)

    def _made(self, name: str, clock: int, make: "Callable[[Columns], tuple[Flags, ...]]") -> tuple[Words, ...]:
        """Planes for a clock, made once and kept until it moves."""
        kept = self.blocks.dated.get(name)
        if kept is None or kept[0] != clock:
            kept = clock, tuple(self.blocks.layout.pack(flags) for flags in make(self.base))
            self.blocks.dated[name] = kept
        return tuple(words[self.at] for words in kept[1])

    def _avoided(self, rule: Rule) -> Verdicts:
        """Whole blocks where a circle holds them, else row by row in the blocks that may be touched."""
        avoid, blocks = self.asked.avoid, self.blocks
        if not (avoid.any_district or avoid.circles or len(avoid.organisations) or len(avoid.units)):
            return Verdicts()
        touched, held = self._touched()
        sure = np.where(held, self.pool & blocks.local[self.at], np.uint64(0))
        named = blocks.words(self._named())[self.at]
        doubtful = self.pool & np.where(touched, ALL_BITS, named) & ~sure
        rows = blocks.layout.unpack(self.at, doubtful)
        outcomes = judge(rule, self.asked, self.base.take(rows))
        fail, unknown = (blocks.words(rows[outcomes == one])[self.at] for one in (FAIL, UNKNOWN))
        return Verdicts(fail | sure, unknown)

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


def _split(outcomes: Outcomes) -> tuple[Flags, Flags, Flags]:
    return outcomes == FAIL, outcomes == UNKNOWN, (outcomes == SILENT) | (outcomes == ASK)
