"""Every hard rule in every situation, and what holds for all of them."""

from typing import Any

import pytest

from directory import vocabulary
from matching import groups
from matching.rules.table import BY_CODE, RULES
from matching.types import Avoid, Near
from tests.matching.rule_situations import CONFIRM, OUT, OUT_UNKNOWN, PASS, SITUATIONS, SUPPORT, needs, serves, unit
from tests.matching.single import Area, House, ask, case

ORDER = """
    active competent_area avoided unaccompanied_child gender trans_policy age age_caps party_size accreditation
    mental_acuity medical_acuity substance pregnancy newborn step_free intake police_report identity_document
    recognition dsd_referral undocumented language lgbtqi stale"""


@pytest.mark.parametrize(("rule", "house", "asked", "expected"), SITUATIONS)
def test_where_a_rule_sends_a_candidate(rule: str, house: dict[str, Any], asked: dict[str, Any], expected: str) -> None:
    question = ask([House(**house)], case(**asked))
    assessment = question.assess(question.needs[0])
    said = {RULES[one.rule].code: one for one in assessment.verdicts}
    if rule not in said:
        assert expected == PASS
        return
    if said[rule] in assessment.excluding(0):
        assert expected == (OUT if int(said[rule].outcomes[0]) == 4 else OUT_UNKNOWN)
    else:
        assert expected == (CONFIRM if said[rule].effects[0] else PASS)


def test_every_rule_has_a_docstring_words_and_a_question_for_every_confirm() -> None:
    for rule in RULES:
        assert rule.doc.endswith("."), rule.code
        assert rule.words.question or rule.code in {"active", "avoided", "accreditation"}, rule.code


def test_rules_are_those_of_the_api_in_its_order() -> None:
    assert list(BY_CODE) == ORDER.split()


def test_every_rule_has_its_situations() -> None:
    assert {rule for rule, *_ in SITUATIONS} == set(BY_CODE)


def test_inactive_and_avoided_counts_as_inactive_alone() -> None:
    closed = House(organisation={"status": "closed"}, says={"sex_gender": "male"})
    question = ask([closed], case(avoid=Avoid(districts=frozenset({"DC35"}))))
    assert [(r.rule, r.said) for r in question.result("shelter_emergency").excluded.by_reason] == [("active", 1)]


def test_a_confidential_site_is_avoided_by_every_district_of_its_area() -> None:
    hidden = House(site={"confidential": True})
    area = Area("area", districts=("DC35", "DC34"))
    question = ask([hidden], case(avoid=Avoid(districts=frozenset({"DC34"}))), areas=(area,))
    assert question.assess("shelter_emergency").hidden.tolist() == [True]


def test_nobody_is_competent_for_a_point_outside_the_country_but_a_national_office() -> None:
    abroad = Near("-25.97, 32.58", -25.97, 32.58, None, None)
    question = ask([House(**unit(serves("province", "ZA-MP")))], case(near=abroad, **needs(*SUPPORT)))
    assert question.result("medical_general").excluded.by_reason[0].rule == "competent_area"


def test_groups_are_those_of_the_vocabulary() -> None:
    grouped = {code: term["group"] for code, term in vocabulary.terms("service").items()}
    assert {code for code, group in grouped.items() if group == "residential"} == groups.RESIDENTIAL
    assert {code for code, group in grouped.items() if group == "emergency"} == groups.EMERGENCY


def test_rules_answer_for_no_candidates_at_all() -> None:
    question = ask([], case())
    assert question.assess("shelter_emergency").bucket.tolist() == []
