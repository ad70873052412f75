"""Ways out when no residential candidate is suitable: never a blank page.

In this order, each labelled: together and case by case; together and farther; separately; a safe place for tonight; the
provincial duty line, the network's coordinator, the hotline.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from matching.groups import RESIDENTIAL
from matching.guidance.duties import PROVINCIAL_DSD, may_be_a_child
from matching.guidance.first import SOCIAL_WORKER
from matching.guidance.inputs import Guide, candidate_contact, hotline_contact
from matching.guidance.separate import Division, divisions
from matching.guidance.unit import COORDINATING, NATIONAL, PROVINCE
from matching.guidance.units import Wanted
from matching.party import Party
from matching.sphere import band
from matching.types import Alternative, AlternativeGroup, Case, NeedResult, Ranked, StepContact

SHOWN = 3
"""How many of one label are shown: as many as one caller tries before reading on."""

TOGETHER = "Together, case by case: this place has not said no. Ask what the questions name before anybody travels."
FARTHER = "Together, but farther than the distance that was asked for."
FARTHER_ASK = "Together, farther than the distance that was asked for, and only after asking what the questions name."
SEPARATELY = (
    "Separately, {km} km apart: this divides people who came together. Ask them first, and keep a way for them to meet."
)
SEPARATELY_CHILD = " A child who stays without an adult is placed by a designated social worker."
TONIGHT = {
    "medical_emergency": "For tonight: an emergency unit that is open, warm and lit, with staff awake.",
    "police_report": "For tonight: a police station that is open, if the police are no danger in this case. Ask first.",
}
DUTY_LINE = "The office of Social Development that is competent here: ask its duty officer for a place."
COORDINATOR = "Those who coordinate the network here: they know who takes people in beyond what is written."
HOTLINE = "The hotline answers where nobody else does."

AT_NIGHT = {wanted: replace(wanted, scopes=(PROVINCE, NATIONAL)) for wanted in (SOCIAL_WORKER, PROVINCIAL_DSD)}
"""Who is asked for a place when nothing is suitable: offices for more than a district."""

COORDINATORS = Wanted(COORDINATING, ("case_management",), (PROVINCE, NATIONAL), any_function=True)


def alternatives(case: Case, result: NeedResult, guide: Guide) -> tuple[Alternative, ...]:
    """The ways out for one need of the case; none when it is not residential or something is suitable."""
    if (result.read_as or result.need) not in RESIDENTIAL or result.suitable:
        return ()
    return (
        *_together(case, result),
        *_farther(case, result, guide),
        *_separately(case, result, guide),
        *_tonight(case, guide),
        *_people_to_ask(case, guide),
    )


def _everybody(case: Case, place: Ranked) -> tuple[AlternativeGroup, ...]:
    return (AlternativeGroup(tuple(range(max(1, len(case.party)))), place),)


def _together(case: Case, result: NeedResult) -> Iterator[Alternative]:
    for place in result.confirm_by_phone[:SHOWN]:
        yield Alternative("together_case_by_case", TOGETHER, _everybody(case, place))


def _farther(case: Case, result: NeedResult, guide: Guide) -> Iterator[Alternative]:
    if case.max_km is None:
        return
    anywhere = replace(case, max_km=None)
    places = guide.search.find(anywhere, result.need, "suitable", SHOWN)
    for place in places:
        yield Alternative("together_farther", FARTHER, _everybody(case, place))
    if not places and not result.confirm_by_phone:
        for place in guide.search.find(anywhere, result.need, "confirm_by_phone", SHOWN):
            yield Alternative("together_farther", FARTHER_ASK, _everybody(case, place))


def _separately(case: Case, result: NeedResult, guide: Guide) -> Iterator[Alternative]:
    if len(case.party) < 2:
        return
    for division in divisions(case, result.need, guide, SHOWN):
        groups = zip(division.members, division.places, strict=True)
        yield Alternative(
            "separately",
            _apart(division),
            tuple(AlternativeGroup(members, place.show()) for members, place in groups),
            distance_between=band(division.km),
        )


def _apart(division: Division) -> str:
    text = SEPARATELY.format(km=band(division.km))
    return text + SEPARATELY_CHILD if division.alone else text


def _tonight(case: Case, guide: Guide) -> Iterator[Alternative]:
    for need, text in TONIGHT.items():
        found = guide.nearest_open(case, need)
        if found is not None:
            yield Alternative("safe_tonight", text, contact=candidate_contact(found))


def _people_to_ask(case: Case, guide: Guide) -> Iterator[Alternative]:
    wanted = SOCIAL_WORKER if Party.of(case.party).unaccompanied else PROVINCIAL_DSD
    unit = guide.unit(AT_NIGHT[wanted], case)
    if unit is not None:
        yield Alternative("duty_line", DUTY_LINE, contact=guide.unit_contact(unit, case))
    for contact in _coordinators(case, guide):
        yield Alternative("coordinator", COORDINATOR, contact=contact)
    for kind in ("trafficking", "child") if may_be_a_child(case) else ("trafficking",):
        for hotline in guide.hotlines:
            if hotline.kind == kind:
                yield Alternative("hotline", HOTLINE, contact=hotline_contact(hotline, case))


def _coordinators(case: Case, guide: Guide) -> Iterator[StepContact]:
    """The province's coordinating unit, else the country's; then the coordinating organisations of the province."""
    unit = guide.unit(COORDINATORS, case)
    if unit is not None:
        yield guide.unit_contact(unit, case)
    bodies = guide.units.bodies(case.near, case.avoid)
    others = [body for body in bodies if unit is None or body.id != unit.organisation_id]
    for body in others[: SHOWN - 1]:
        contacts = guide.contacts.organisation_contacts(body.id, guide.asker, case.when)
        yield StepContact(body.name, contacts=contacts)
