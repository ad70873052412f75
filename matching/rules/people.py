"""Rules about who may stay: age, gender, children, company."""

from collections.abc import Callable

import numpy as np

from matching.asked import Asked
from matching.columns import ANY, GENDERS, Columns, Ints
from matching.party import Person
from matching.rules.outcome import (
    ACCEPTED,
    ASK,
    FAIL,
    LIMIT_CASE_BY_CASE,
    LIMIT_NOT_KNOWN,
    PASS,
    SILENT,
    UNKNOWN,
    Outcomes,
    everywhere,
)

CHILD_PLACEMENTS = frozenset({"child_temporary_safe_care", "child_youth_care_centre"})
"""Where an unaccompanied child may be placed, through a designated social worker."""

TRANS_POLICY = np.array([UNKNOWN, PASS, FAIL, ASK], dtype=np.int8)
"""By `columns.TRANS`: not known, by identity, no, case by case."""


def unaccompanied_child(asked: Asked, c: Columns) -> Outcomes:
    """A party of children alone, a disputed age among them, goes only to child placement that takes them
    (Children's Act, temporary safe care through a designated social worker); unknown is not enough."""
    alone = asked.party.unaccompanied
    if alone is None:
        return everywhere(c.row, SILENT)
    if not alone:
        return everywhere(c.row, PASS)
    if asked.code not in CHILD_PLACEMENTS:
        return everywhere(c.row, FAIL)
    return ACCEPTED[c.unaccompanied]


def gender(asked: Asked, c: Columns) -> Outcomes:
    """The house takes the sex or gender of every adult, every member of unknown age and every unaccompanied child
    (separate facilities for men and women: Act 7 of 2013 s25(2)(c))."""
    return _worst(asked.party.judged, c, lambda person: _gender_of(person, c))


def _gender_of(person: Person, c: Columns) -> Outcomes:
    if person.gender is None:
        return everywhere(c.row, SILENT)
    taken = (c.gender == ANY) | (c.gender == GENDERS.get(person.gender, -1))
    open_question = np.where(c.gender == GENDERS["case_by_case"], ASK, FAIL)
    return np.where(taken, PASS, np.where(c.gender == 0, UNKNOWN, open_question))


def trans_policy(asked: Asked, c: Columns) -> Outcomes:
    """A transgender member is taken by identity; a house that refuses is left out, one that never said is asked.
    Nothing is asked for somebody of whom the case does not say it."""
    if any(person.trans for person in asked.party.judged):
        return TRANS_POLICY[c.trans]
    return everywhere(c.row, PASS)


def lgbtqi(asked: Asked, c: Columns) -> Outcomes:
    """Where the case says it, the house's transgender policy is read as its answer: no is no, unknown is asked."""
    return TRANS_POLICY[c.trans] if asked.profile.lgbtqi else everywhere(c.row, PASS)


def age(asked: Asked, c: Columns) -> Outcomes:
    """Every adult, member of unknown age and unaccompanied child lies within the house's age limits (0 and 130 are
    no limit). A band that spans a limit is a question."""
    return _worst(asked.party.judged, c, lambda person: _age_of(person, c))


def _age_of(person: Person, c: Columns) -> Outcomes:
    if not person.age_known:
        return everywhere(c.row, SILENT)
    return np.maximum(_at_least(person, c.age_min), _at_most(person, c.age_max))


def _at_most(person: Person, limit: Ints) -> Outcomes:
    said = np.where(person.high <= limit, PASS, np.where(person.low > limit, FAIL, ASK))
    return _or_not_said(said, limit)


def _at_least(person: Person, limit: Ints) -> Outcomes:
    said = np.where(person.low >= limit, PASS, np.where(person.high < limit, FAIL, ASK))
    return _or_not_said(said, limit)


def _or_not_said(said: Outcomes, limit: Ints) -> Outcomes:
    return np.where(limit == LIMIT_NOT_KNOWN, UNKNOWN, np.where(limit == LIMIT_CASE_BY_CASE, ASK, said))


def age_caps(asked: Asked, c: Columns) -> Outcomes:
    """Children beside an adult: the house takes as many, and boys and girls of that age. This alone judges them:
    a house for women may take a son. No limit is on record for a child who is neither boy nor girl: it is asked."""
    children = asked.party.accompanied
    if not children:
        return everywhere(c.row, PASS)
    room = np.where(len(children) <= c.children, PASS, FAIL)
    return np.maximum(_or_not_said(room, c.children), _worst(children, c, lambda child: _cap_of(child, c)))


def _cap_of(child: Person, c: Columns) -> Outcomes:
    if child.gender is None:
        return everywhere(c.row, SILENT)
    if child.gender == "male":
        return _at_most(child, c.boy_max)
    if child.gender == "female":
        return _at_most(child, c.girl_max)
    return everywhere(c.row, ASK)


def _worst(people: tuple[Person, ...], c: Columns, judge: Callable[[Person], Outcomes]) -> Outcomes:
    worst = everywhere(c.row, PASS)
    for person in people:
        worst = np.maximum(worst, judge(person))
    return worst
