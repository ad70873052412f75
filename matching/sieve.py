"""The rules of one need over all rows in blocks, as bits: who is suitable, who is asked, who is out and why.

Each rule judges each different answer once (`matching.planes`); the rest is AND, OR and counting bits. What depends on
a clock is made once a minute, what depends on a place is judged row by row where a block may be touched."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from matching.asked import Asked
from matching.assess import governs, judge
from matching.bits import Words
from matching.blocks import Blocks
from matching.columns import MICROSECONDS_AN_HOUR, Columns, Flags, Ints
from matching.groups import group_of
from matching.passing import shared
from matching.planes import Part
from matching.rules.outcome import ASK, FAIL, PASS, SILENT, UNKNOWN, Outcomes
from matching.rules.rule import ABSOLUTE, Rule
from matching.rulesets.ruleset import Ruleset
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
    """One need of one case over rows in blocks. `pool` has who offers it, lives and is near enough, in the words of
    `at`, the blocks that hold anybody who offers it."""

    def __init__(self, ruleset: Ruleset, asked: Asked, base: Columns, blocks: Blocks, at: Ints) -> None:
        self.ruleset, self.asked, self.blocks, self.at = ruleset, asked, blocks, at
        self.base = base.take(slice(blocks.layout.rows))
        self.pool: Words = np.zeros(0, dtype=np.uint64)
        self.counts: list[tuple[str, int, int]] = []
        self.total = 0
        self._table = self._answers()

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

    def _answers(self) -> Columns:
        """The different answers, their capacity counted now."""
        table = self.blocks.answers.table.table.copy()
        table["capacity_as_of"] = self.asked.now_us
        return Columns(table)

    def _verdicts(self, rule: Rule) -> Verdicts:
        governed = [governs(rule, self.asked.code, of_department=d) for d in (False, True)]
        if not any(governed):
            return Verdicts()
        if rule.code == "avoided":
            return self._avoided(rule)
        if rule.code == "stale":
            return self._dated(rule, self.asked.now_us)
        verdicts = self._answered(rule)
        if all(governed):
            return verdicts
        of_department = self.blocks.of_department[self.at]
        return verdicts.within(of_department if governed[1] else ~of_department)

    def _answered(self, rule: Rule) -> Verdicts:
        outcomes = rule.judge(self.asked, self._table)
        parts = list(self.blocks.answers.of_rule(rule.code))
        dated = rule.code == "party_size"
        if not dated and not any((outcomes[part.start : part.end] != PASS).any() for part in parts):
            return Verdicts()
        if rule.code == "accreditation":
            return self._dated(rule, self.asked.day)
        found: dict[np.int8, Words] = {}
        for part in parts:
            for outcome, words in self._of_part(part, outcomes[part.start : part.end]):
                found[outcome] = words if outcome not in found else found[outcome] | words
        verdicts = Verdicts.worst(found)
        if dated:
            return self._of_age(rule, verdicts)
        return verdicts.within(~self._shared()) if rule.code == "language" else verdicts

    def _of_part(self, part: Part, outcomes: Outcomes) -> Iterator[tuple[np.int8, Words]]:
        given = outcomes.tolist()
        for outcome in set(given) - {PASS}:
            if given.count(outcome) == len(given):
                yield outcome, np.full(len(self.at), ALL_BITS)
            else:
                yield outcome, part.rows_with(outcomes == outcome, self.blocks.layout, self.at)

    def _of_age(self, rule: Rule, fresh: Verdicts) -> Verdicts:
        """Room: what is known and older than it may be is asked."""
        (old,) = self._made(rule.code, self.asked.now_us, lambda c: (self._is_old(c),))
        return Verdicts(
            without(fresh.fail, old),
            fresh.unknown,
            either(without(fresh.ask, old), without(old, fresh.unknown)),
        )

    def _is_old(self, c: Columns) -> Flags:
        limit = self.asked.numbers.capacity_hours * MICROSECONDS_AN_HOUR
        return np.asarray(self.asked.now_us - c.capacity_as_of > limit, dtype=np.bool_)

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
