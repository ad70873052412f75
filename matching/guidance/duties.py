"""What the law asks of whoever helps, and who is competent for it at this place.

Source: the table of process stages in the vocabulary (Act 7 of 2013 and the regulations of 2015). Shown beside a match;
nothing is ever gated on a duty, and a police case number is never a precondition.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from matching.groups import RESIDENTIAL
from matching.guidance.first import POLICE, SOCIAL_WORKER
from matching.guidance.inputs import Guide
from matching.guidance.unit import NATIONAL, PROVINCE
from matching.guidance.units import Wanted
from matching.party import Party, Person
from matching.types import Case, Duty, Member

PROVINCIAL_DSD = Wanted("DSD", ("case_management", "follow_up"), (PROVINCE, NATIONAL), any_function=True)
"""The provincial office of Social Development, which assesses, recognises and is told of every admission."""

CHILD_PLACEMENT = frozenset({"child_temporary_safe_care", "child_youth_care_centre"})


def may_be_a_child(case: Case) -> bool:
    """Some member is a child, or may be one: an age is missing."""
    return any(Person.of(member).child is not False for member in case.party or (Member(),))


def may_be_an_adult(case: Case) -> bool:
    """Some member is an adult, or may be one."""
    return any(Person.of(member).child is not True for member in case.party or (Member(),))


def is_referred_by_police(case: Case) -> bool:
    return case.profile.legal_basis == "s19_police" and may_be_an_adult(case)


def stands_accused(case: Case) -> bool:
    return case.profile.legal_basis == "s22_prosecutor"


def needs_a_bed(case: Case) -> bool:
    return bool(RESIDENTIAL.intersection(case.needs))


def needs_placement(case: Case) -> bool:
    """A child without an adult who needs a bed, or a placement asked for by name."""
    return bool(CHILD_PLACEMENT.intersection(case.needs)) or (
        needs_a_bed(case) and Party.of(case.party).unaccompanied is True
    )


def has_letter(case: Case) -> bool:
    return case.profile.recognition == "letter_issued"


def lacks_letter(case: Case) -> bool:
    """Assessment stands open for an adult, and is asked for a child as well (s18(6))."""
    return not has_letter(case)


def goes_home(case: Case) -> bool:
    return "safe_return" in case.needs


@dataclass(frozen=True, slots=True)
class Rule:
    """A duty, the cases that it belongs to, and whom it leads to."""

    code: str
    applies: Callable[[Case], bool]
    wanted: Wanted | None
    source: str
    text: str


RULES = (
    Rule(
        "s18_1",
        may_be_a_child,
        POLICE,
        "Act 7 of 2013 s18(1)",
        "For a child: whoever knows or reasonably suspects trafficking tells the police at once. This holds for "
        "everybody and does not wait for agreement.",
    ),
    Rule(
        "s19_1",
        may_be_an_adult,
        POLICE,
        "Act 7 of 2013 s19(1)",
        "For an adult: whoever meets the victim in the course of official duties, and every accredited organisation, "
        "tells the police at once.",
    ),
    Rule(
        "s19_2",
        may_be_an_adult,
        POLICE,
        "Act 7 of 2013 s19(2)",
        "For an adult: everybody else may tell the police, and need not. Help does not depend on it.",
    ),
    Rule(
        "s19_5b",
        is_referred_by_police,
        PROVINCIAL_DSD,
        "Act 7 of 2013 s19(5)(b), s24",
        "The police bring an adult victim only to an organisation with a valid accreditation certificate, or to Social "
        "Development.",
    ),
    Rule(
        "s22",
        stands_accused,
        PROVINCIAL_DSD,
        "Act 7 of 2013 s22; GN R737 of 2015",
        "For somebody who stands accused: the prosecutor asks for a postponement and sends the referral form to "
        "provincial Social Development without delay.",
    ),
    Rule(
        "reg_12_2",
        needs_a_bed,
        PROVINCIAL_DSD,
        "GN R1006 of 2015 reg 12(2)",
        "Whoever takes somebody in tells provincial Social Development within 48 hours.",
    ),
    Rule(
        "needs_assessment",
        needs_a_bed,
        None,
        "GN R1006 of 2015",
        "Whoever takes somebody in assesses what is needed within 24 hours of admission.",
    ),
    Rule(
        "reg_53",
        needs_placement,
        SOCIAL_WORKER,
        "Children's Act 38 of 2005 regulations reg 53",
        "A child is placed in temporary safe care by a designated social worker or the police, on Form 36.",
    ),
    Rule(
        "reg_17",
        lacks_letter,
        PROVINCIAL_DSD,
        "GN R1006 of 2015 reg 17",
        "Provincial Social Development assesses and issues the letter of recognition. Help does not wait for it.",
    ),
    Rule(
        "reg_17_care_plan",
        has_letter,
        PROVINCIAL_DSD,
        "GN R1006 of 2015 reg 17",
        "Now that the letter of recognition is issued, the accredited organisation draws up the care plan on Form 13.",
    ),
    Rule(
        "s31",
        goes_home,
        PROVINCIAL_DSD,
        "Act 7 of 2013 s31",
        "Nobody is sent home before Social Development and Home Affairs have looked at the risk there.",
    ),
)


def duties(case: Case, guide: Guide) -> tuple[Duty, ...]:
    """The duties of this case. `who` is the competent unit for the place, or the second competent one where the first
    is avoided; an avoided one is never named. None: the duty rests on the organisation that helps."""
    return tuple(
        Duty(rule.code, rule.text, rule.source, guide.who(rule.wanted, case) if rule.wanted else None)
        for rule in RULES
        if rule.applies(case)
    )
