"""What rules say of every different answer of the rows in blocks, as planes that bar a row.

Many rules read one word of a case alone, such as whether she is pregnant: what such a rule says for each word that it
knows is made together, once, and kept, so that what is kept tells nothing of any case. The others judge anew."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np

from matching.asked import Asked
from matching.bits import Words
from matching.blocks import Blocks
from matching.columns import Columns, Flags, Ints
from matching.party import Party
from matching.planes import Part
from matching.rules.outcome import PASS
from matching.rules.people import CHILD_PLACEMENTS
from matching.rules.rule import Rule
from matching.types import Member, Profile

AT_ONCE = 512
"""Up to so many blocks all planes are looked at by one call."""


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

    def join(self, other: "Planes") -> None:
        """Those of another as well."""
        self.never += other.never
        self.only += other.only
        self.parts += other.parts

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
    if len(numbers) > 1 and len(at) <= AT_ONCE:
        return np.asarray(way.reduce(planes[np.array(numbers)[:, None], at], axis=0), dtype=np.uint64)
    found: Words = planes[numbers[0]].take(at)
    for number in numbers[1:]:
        way(found, planes[number].take(at), out=found)
    return found


@dataclass(frozen=True, slots=True)
class Said:
    """What a rule says of rows by their answers: whom it does not pass, and whom it excludes unless the need is an
    emergency's. `passing`: it passes everybody."""

    passing: bool
    barred: Planes
    excluded: Planes


EVERYBODY = Said(passing=True, barred=Planes(), excluded=Planes())

WORDS: Mapping[str, Callable[[Asked], Hashable]] = {
    "active": lambda asked: None,
    "unaccompanied_child": lambda asked: _alone(asked),
    "gender": lambda asked: frozenset(person.gender for person in asked.party.judged),
    "trans_policy": lambda asked: any(person.trans for person in asked.party.judged),
    "accreditation": lambda asked: asked.profile.legal_basis == "s19_police" and bool(asked.party.adults),
    "mental_acuity": lambda asked: asked.profile.mental_acuity,
    "medical_acuity": lambda asked: asked.profile.medical_acuity,
    "substance": lambda asked: asked.profile.substance,
    "step_free": lambda asked: bool(asked.profile.step_free),
    "police_report": lambda asked: asked.profile.has_police_report,
    "identity_document": lambda asked: asked.profile.has_id,
    "recognition": lambda asked: asked.profile.recognition and asked.profile.recognition == "letter_issued",
    "dsd_referral": lambda asked: asked.profile.has_dsd_referral,
    "language": lambda asked: bool(asked.profile.language_required and asked.profile.languages),
    "pregnancy": lambda asked: bool(asked.profile.pregnant),
    "newborn": lambda asked: bool(asked.profile.newborn),
    "undocumented": lambda asked: bool(asked.profile.undocumented),
    "lgbtqi": lambda asked: bool(asked.profile.lgbtqi),
}
"""The one word of a case that a rule reads. What is shared by language stands in planes of its own."""

PROFILES = (
    Profile(),
    Profile(
        pregnant=True,
        newborn=True,
        step_free=True,
        languages=("eng",),
        language_required=True,
        substance="none",
        mental_acuity="low",
        medical_acuity="low",
        has_id=True,
        has_police_report=True,
        has_dsd_referral=True,
        undocumented=True,
        lgbtqi=True,
        legal_basis="s19_police",
        recognition="letter_issued",
    ),
    Profile(
        substance="stable",
        mental_acuity="moderate",
        medical_acuity="moderate",
        has_id=False,
        has_police_report=False,
        has_dsd_referral=False,
        recognition="none",
    ),
    Profile(substance="active", mental_acuity="high", medical_acuity="high"),
    Profile(substance="detox_onsite"),
)
"""Between them they say every word that a profile can."""

GENDERS = (None, "female", "male")
PARTIES = (
    *(tuple(Member(gender=one) for one in some) for size in (1, 2, 3) for some in combinations(GENDERS, size)),
    (Member(age=30, trans=True),),
    (Member(age=9),),
)
"""The same of parties."""


def _alone(asked: Asked) -> tuple[bool | None, bool]:
    alone = asked.party.unaccompanied
    return alone, bool(alone) and asked.code in CHILD_PLACEMENTS


def said(rule: Rule, asked: Asked, blocks: Blocks) -> Said:
    """What a rule says of the rows in blocks."""
    word = WORDS.get(rule.code)
    if word is None:
        return _judged(rule, asked, blocks)
    key = rule, word(asked)
    found = blocks.said.get(key)
    if found is None:
        for other in _cases(asked):
            blocks.said.setdefault((rule, word(other)), _judged(rule, other, blocks))
        found = blocks.said.get(key)
    return _judged(rule, asked, blocks) if found is None else found


def _cases(asked: Asked) -> list[Asked]:
    """Cases that say every word to every rule."""
    adult = Party.of((Member(age=30),))
    cases = [replace(asked, profile=profile, party=adult) for profile in PROFILES]
    codes = ("", *sorted(CHILD_PLACEMENTS)[:1])
    return cases + [replace(cases[0], party=Party.of(party), code=code) for party in PARTIES for code in codes]


def _judged(rule: Rule, asked: Asked, blocks: Blocks) -> Said:
    """What it says of each different answer."""
    table = blocks.answers.table
    outcomes = rule.judge(asked, _counted(table, asked) if rule.code == "party_size" else table)
    barred, excluded = Planes(), Planes()
    for part in blocks.answers.of_rule(rule.code):
        those = outcomes[part.start : part.end]
        if (those != PASS).any():
            barred.add(part, those != PASS)
            excluded.add(part, rule.excludes(those, "support"))
    return Said(not (barred.never or barred.only or barred.parts), barred, excluded)


def _counted(answers: Columns, asked: Asked) -> Columns:
    """The answers, their capacity counted now."""
    table = answers.table.copy()
    table["capacity_as_of"] = asked.now_us
    return Columns(table)
