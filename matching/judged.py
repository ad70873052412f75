"""What rules say of every different answer of the rows in blocks, as planes that bar a row.

Many rules read one word of a case alone, such as whether she is pregnant: what such a rule says for each word that it
knows is made together, once, and kept, so that what is kept tells nothing of any case. The others judge anew."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np

from matching.asked import Asked
from matching.bits import Words
from matching.blocks import Blocks
from matching.columns import Columns, Flags, Ints
from matching.party import ADULT, BANDS, OLDEST, Party, Person
from matching.planes import Part
from matching.rules.outcome import FAIL, PASS, UNKNOWN
from matching.rules.people import CHILD_PLACEMENTS
from matching.rules.reads import READS, SEVERAL
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

    @property
    def anything(self) -> bool:
        """Whether there is such an answer."""
        return bool(self.never or self.only or self.parts)

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
    """What a rule says of rows by their answers: whom it does not pass, whom it fails, and of whom it is not known,
    whether it fails them or not. `passing`: it passes everybody."""

    passing: bool
    barred: Planes
    no: Planes
    unknown: Planes

    @classmethod
    def together(cls, several: Sequence["Said"]) -> "Said":
        """What several say of a row between them: the worst counts."""
        barred, no, unknown = Planes(), Planes(), Planes()
        for one in several:
            barred.join(one.barred)
            no.join(one.no)
            unknown.join(one.unknown)
        return cls(all(one.passing for one in several), barred, no, unknown)


SEVERAL_WORDS = {"competent_area", "avoided", "age_caps", "party_size", "intake", "stale"}
"""Rules that read more than a word, or a clock or a place."""

WORDS: Mapping[str, Callable[[Asked], Hashable]] = {
    **{code: READS[code] for code in READS.keys() - SEVERAL_WORDS},
    "unaccompanied_child": lambda asked: _alone(asked),
    "recognition": lambda asked: asked.profile.recognition and asked.profile.recognition == "letter_issued",
    "language": lambda asked: bool(asked.profile.language_required and asked.profile.languages),
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
    Profile(pregnant=False, newborn=False, step_free=False, undocumented=False, lgbtqi=False),
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


AGES = (
    Person(0, OLDEST, False, None, None),
    Person(0, ADULT - 1, True, None, None),
    *(Person(*BANDS[band], True, None, None) for band in BANDS),
    *(Person(years, years, True, None, None) for years in range(OLDEST + 1)),
)
"""Everybody as the rule about ages sees people, each of whom it judges alone."""

MOST_CHILDREN = 4
"""Of more children in a party the rule about them judges anew."""


def said(rule: Rule, asked: Asked, blocks: Blocks) -> Said:
    """What a rule says of the rows in blocks."""
    children = asked.party.accompanied
    if rule.code == "age":
        people = {(person.low, person.high, person.age_known) for person in asked.party.judged}
        each = [_kept(rule, word, blocks, lambda: _people(asked)) for word in people]
    elif rule.code == "age_caps":
        some: set[Hashable] = {(child.gender, child.low, child.high, len(children)) for child in children} or {None}
        each = [_kept(rule, word, blocks, lambda: _children(asked)) for word in some]
    else:
        read = WORDS.get(rule.code)
        word = SEVERAL if read is None else read(asked)
        each = [None if word is SEVERAL else _kept(rule, word, blocks, lambda: _cases(rule, asked))]
    known = [one for one in each if one is not None]
    if len(known) < len(each):
        return _judged(rule, asked, blocks)
    return known[0] if len(known) == 1 else Said.together(known)


def _kept(
    rule: Rule, word: Hashable, blocks: Blocks, cases: Callable[[], Iterable[tuple[Hashable, Asked]]]
) -> Said | None:
    """What a rule says for a word, None if it is one that it does not know. All words are made together."""
    found: Said | None = blocks.said.get((rule, word))
    if found is None and rule not in blocks.said:
        blocks.said.update({(rule, one): _judged(rule, other, blocks) for one, other in cases()})
        blocks.said[rule] = True
        found = blocks.said.get((rule, word))
    return found


def _cases(rule: Rule, asked: Asked) -> Iterator[tuple[Hashable, Asked]]:
    """Cases that say every word to a rule."""
    adult, word = Party.of((Member(age=30),)), WORDS[rule.code]
    cases = [replace(asked, profile=profile, party=adult) for profile in PROFILES]
    codes = ("", *sorted(CHILD_PLACEMENTS)[:1])
    cases += [replace(cases[0], party=Party.of(party), code=code) for party in PARTIES for code in codes]
    return ((word(case), case) for case in cases if word(case) is not SEVERAL)


def _people(asked: Asked) -> Iterator[tuple[Hashable, Asked]]:
    """Cases of every person."""
    for person in AGES:
        party = Party(1, False, (person,), ())
        yield (person.low, person.high, person.age_known), replace(asked, party=party)


def _children(asked: Asked) -> Iterator[tuple[Hashable, Asked]]:
    """Cases without children, and of so many of every kind."""
    yield None, replace(asked, party=Party.of((Member(age=30),)))
    ages = {(person.low, person.high) for person in AGES if person.age_known and person.high < ADULT}
    for gender in GENDERS:
        for low, high in ages:
            child = Person(low, high, True, gender, None)
            for count in range(1, MOST_CHILDREN + 1):
                party = Party(count + 1, False, (), (child,) * count)
                yield (gender, low, high, count), replace(asked, party=party)


def _judged(rule: Rule, asked: Asked, blocks: Blocks) -> Said:
    """What it says of each different answer."""
    table = blocks.answers.table
    outcomes = rule.judge(asked, _counted(table, asked) if rule.code == "party_size" else table)
    barred, no, unknown = Planes(), Planes(), Planes()
    for part in blocks.answers.of_rule(rule.code):
        those = outcomes[part.start : part.end]
        for planes, answers in ((barred, those != PASS), (no, those == FAIL), (unknown, those == UNKNOWN)):
            planes.add(part, answers)
    return Said(not barred.anything, barred, no, unknown)


def _counted(answers: Columns, asked: Asked) -> Columns:
    """The answers, their capacity counted now."""
    table = answers.table.copy()
    table["capacity_as_of"] = asked.now_us
    return Columns(table)
