"""Who is suitable for one need, among the rows in blocks, without a look at all of them.

What only a clock decides is kept for an hour (`matching.shelf.Hour`); what a case says bars planes of answers
(`matching.judged`); what a clock may have changed since, and what a place decides, is asked of the few rows that are
left, by the rules themselves."""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from matching.asked import Asked
from matching.assess import governs, judge
from matching.bits import WORD, Words
from matching.blocks import Blocks
from matching.columns import MICROSECONDS_AN_HOUR, NEVER, Columns, Flags, Floats, Ints
from matching.groups import RESIDENTIAL
from matching.judged import Planes, said
from matching.party import Party
from matching.rules.outcome import FAIL, PASS, UNKNOWN, Outcomes
from matching.rules.reads import read
from matching.rules.rule import Rule
from matching.rules.table import BY_CODE
from matching.rulesets.ruleset import Ruleset
from matching.shelf import Hour, Shelf, Turning
from matching.types import Profile

KEPT = ("active", "stale", "party_size")
"""Rules that an hour keeps. Whom one does not pass, for a party of one, it passes neither later nor for more."""

CLOCKED = ("stale", "party_size")
"""Those of them whose answer changes within the hour, or with the party."""


MOST_HALF_LIVES = 512.0
"""How far ahead a count may be dated, so that no worth is infinite; what is ahead counts as fresh."""


PAPERS = ("police_report", "identity_document", "recognition", "dsd_referral")
"""Rules of which most cases say nothing."""


@dataclass(frozen=True, slots=True)
class Governing:
    """The rules that govern the candidates for a code: those asked of answers, those of `papers`, those asked row by
    row (because of a clock, or since they govern all but departments), and those that govern departments alone."""

    answered: tuple[Rule, ...]
    papers: tuple[Rule, ...]
    clocked: tuple[Rule, ...]
    departments: tuple[Rule, ...]


@cache
def governing(ruleset: Ruleset, code: str) -> Governing:
    """Which rules govern a need, `avoided` and `intake` besides."""
    own, departments = ([r for r in ruleset.rules if governs(r, code, of_department=d)] for d in (False, True))
    everybody = [rule for rule in own if rule in departments]
    return Governing(
        tuple(rule for rule in everybody if rule.code not in (*KEPT, *PAPERS, "avoided", "intake")),
        tuple(rule for rule in everybody if rule.code in PAPERS),
        tuple(rule for rule in own if rule.code in CLOCKED or rule not in departments),
        tuple(rule for rule in departments if rule not in own),
    )


class Passing:
    """The suitable for one need, within an hour."""

    def __init__(self, ruleset: Ruleset, asked: Asked, blocks: Blocks, shelf: Shelf, hour: Hour) -> None:
        self.asked, self.blocks, self.shelf = asked, blocks, shelf
        rules = governing(ruleset, asked.code)
        self.hour = hour
        self.by_row = list(rules.clocked)
        self.planes, self._unshared = Planes(), Planes()
        self._departments = rules.departments
        self._words = self._kept()
        for rule in rules.answered if self._words is self.hour.silent else rules.answered + rules.papers:
            verdicts = said(rule, asked, blocks)
            if verdicts.passing:
                continue
            if rule.code == "accreditation":
                self.by_row.append(rule)
            else:
                (self._unshared if rule.code == "language" else self.planes).join(verdicts.barred)
        if asked.avoid.anything:
            self.by_row.append(BY_CODE["avoided"])
        if self._words is self.hour.resting:
            self.by_row.append(BY_CODE["intake"])

    def _kept(self) -> Words:
        """What the hour keeps for the case."""
        if self.hour.weeks != self.asked.open_weeks.tobytes():
            return self.hour.resting
        return self.hour.silent if all(read(code, self.asked) is None for code in PAPERS) else self.hour.awake

    def left(self, some: Ints | None) -> Words:
        """Those of some blocks, by place, or of all who may pass."""
        at, words = self.shelf.at, self._words
        if some is not None:
            at, words = at[some], words[some]
        barred = self.planes.rows(self.blocks, at)
        unshared = self._unshared.rows(self.blocks, at)
        if unshared is not None:
            unshared &= ~shared(self.blocks, self.asked, at)
            barred = unshared if barred is None else barred | unshared
        words = words if barred is None else words & ~barred
        for rule in self._departments:
            barred, _ = incompetent(rule, self.asked, self.blocks, self.shelf)
            words = words & ~(barred if some is None else barred[some])
        return words

    def rows(self, columns: Columns) -> Flags | None:
        """Whom the rules pass that are asked row by row; None is everybody."""
        passing: Flags | None = None
        for rule in self.by_row:
            these = judge(rule, self.asked, columns) == PASS
            passing = these if passing is None else passing & these
        return passing


def incompetent(rule: Rule, asked: Asked, blocks: Blocks, shelf: Shelf) -> tuple[Words, Words]:
    """Those of departments whom a rule does not pass, and of which of them it is not known, by one part of answers."""
    (part,) = blocks.answers.of_rule(rule.code)
    outcomes = rule.judge(asked, blocks.answers.table)[part.start : part.end]
    passing, unknown = (shelf.giving(part, outcomes == one) for one in (PASS, UNKNOWN))
    return shelf.of_department & ~passing, unknown


def shared(blocks: Blocks, asked: Asked, at: Ints) -> Words:
    """Who speaks one of the asked languages, in the words of some blocks."""
    found: Words | None = None
    for word, one in enumerate(asked.languages.tolist()):
        while one:
            bit = word * WORD + (one & -one).bit_length() - 1
            one &= one - 1
            if bit < len(blocks.languages):
                speak = blocks.languages[bit].take(at)
                found = speak if found is None else np.bitwise_or(found, speak, out=found)
    return np.zeros(len(at), dtype=np.uint64) if found is None else found


def hour(ruleset: Ruleset, asked: Asked, shelf: Shelf, *, at_once: bool) -> Hour:
    """The hour of a question: the one that was made last, or another. `at_once`: `when` is now, so that who is open
    then may be kept."""
    found, weeks = shelf.hour, asked.open_weeks.tobytes()
    if (
        found is None
        or not found.since <= asked.now_us < found.until
        or found.numbers is not asked.numbers
        or (at_once and found.weeks != weeks)
    ):
        found = shelf.hour = _hour(ruleset, asked, shelf, weeks if at_once else b"")
    return found


def _hour(ruleset: Ruleset, asked: Asked, shelf: Shelf, weeks: bytes) -> Hour:
    """The hour that begins with a question, of which it keeps nothing but the clock."""
    rules = {rule.code: rule for rule in ruleset.rules if governs(rule, asked.code, of_department=True)}
    alone = replace(asked, party=Party.of(()), profile=Profile())
    rows = shelf.rows(shelf.words)
    columns = shelf.columns.take(rows)
    later = replace(alone, now_us=asked.now_us + MICROSECONDS_AN_HOUR)

    def said(code: str, case: Asked) -> Outcomes:
        return rules[code].judge(case, columns) if code in rules else np.full(len(rows), PASS)

    verified, intake = said("stale", alone), said("intake", alone)
    resting = (verified == PASS) & (said("active", alone) == PASS) & (said("party_size", alone) == PASS)
    awake = resting & (intake == PASS)
    silent = awake & np.logical_and.reduce([said(code, alone) == PASS for code in PAPERS])
    fresh, longest = _most(asked, shelf, columns, resting)
    return Hour(
        since=alone.now_us,
        until=later.now_us,
        numbers=asked.numbers,
        weeks=weeks,
        resting=shelf.packed(resting),
        awake=shelf.packed(awake),
        silent=shelf.packed(silent),
        fresh=fresh,
        longest=longest,
        stale=_turning(shelf, rows, verified == FAIL, said("stale", later) == FAIL),
        unverified=shelf.packed(verified == UNKNOWN),
        old=_turning(shelf, rows, is_old(alone, columns), is_old(later, columns)),
        shut=shelf.packed(intake == FAIL),
        unheard=shelf.packed(intake == UNKNOWN),
    )


def is_old(asked: Asked, c: Columns) -> Flags:
    """Whose count of room is older than it may be."""
    limit = asked.numbers.capacity_hours * MICROSECONDS_AN_HOUR
    return np.asarray(asked.now_us - c.capacity_as_of > limit, dtype=np.bool_)


def _turning(shelf: Shelf, rows: Ints, before: Flags, after: Flags) -> Turning:
    turning = np.flatnonzero(after & ~before)
    there = np.flatnonzero(np.unpackbits(shelf.words.view(np.uint8), bitorder="little"))[turning]
    bit = np.left_shift(np.uint64(1), (there & 63).astype(np.uint64))
    return Turning(shelf.packed(before), rows[turning], there >> 6, bit)


def _most(asked: Asked, shelf: Shelf, columns: Columns, resting: Flags) -> tuple[Floats, Ints]:
    """The worth of the latest count of each block, and the longest stay, of some rows."""
    fresh, longest = np.zeros(len(shelf.at)), np.full(len(shelf.at), -1, dtype=columns.stay.dtype)
    if asked.code not in RESIDENTIAL:
        return fresh, longest
    block = np.flatnonzero(np.unpackbits(shelf.words.view(np.uint8), bitorder="little")) >> 6
    known = resting & (columns.available >= 0) & (columns.capacity_as_of != NEVER)
    ages = (asked.now_us - columns.capacity_as_of[known]) / (MICROSECONDS_AN_HOUR * asked.numbers.half_life_hours)
    np.maximum.at(fresh, block[known], np.exp2(np.minimum(-ages, MOST_HALF_LIVES)))
    np.maximum.at(longest, block[resting], columns.stay[resting])
    return fresh, longest


def worth(hour: Hour, asked: Asked) -> Floats:
    """The most that the freshness of room is worth in each block now."""
    passed = (asked.now_us - hour.since) / (MICROSECONDS_AN_HOUR * asked.numbers.half_life_hours)
    return np.asarray(np.minimum(hour.fresh * 0.5**passed, 1.0), dtype=np.float64)
