"""Every feature, the scarcity guard and the score, worked out by hand."""

from typing import Any

import pytest

from matching.rulesets import catalogue
from matching.sphere import KM_PER_DEGREE_OF_LATITUDE
from matching.types import Avoid, Member, Profile
from tests.matching.single import House, Silent, ago, ask, case

FEATURES = [feature.name for feature in catalogue.current().features]
NORTH = 1 / KM_PER_DEGREE_OF_LATITUDE
"""Degrees of latitude in a kilometre."""

WOMAN = Member(age=29, gender="female")
MAN = Member(age=40, gender="male")
SON = Member(age_band="12-15", gender="male", relation="child")


def value(name: str, *houses: House, contacts: Silent | None = None, **asked: Any) -> float:
    """A feature of candidate "a"."""
    question = ask(houses, case(**asked), contacts)
    assessment = question.assess(question.needs[0])
    return float(assessment.values[FEATURES.index(name)][_at(assessment.columns.row, question)])


def _at(rows: Any, question: Any) -> int:
    return int(rows.tolist().index(question.world.index.find("a")))


def at(km: float, **site: Any) -> dict[str, Any]:
    return {"site": {"lat": -23.9 + km * NORTH, **site}}


TWO: dict[str, Any] = {"needs": ("shelter_emergency", "medical_general")}
SHELTER = House("a", organisation={"id": "one"})
CLINIC: dict[str, Any] = {"key": "b", "codes": ("medical_general",), "organisation": {"id": "one"}}


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (House(**CLINIC), 1.0),
        (House(**CLINIC, **at(24.99)), 1.0),
        (House(**CLINIC, **at(25.01)), 0.0),
        (House(**CLINIC, **at(400), service={"delivery": "remote"}), 1.0),
        (House(**CLINIC, **at(400, confidential=True)), 1.0),
        (House(**CLINIC, **at(0, confidential=True, area_id="other")), 0.0),
        (House(**CLINIC, says={"sex_gender": "male"}, service={"intake": None}), 1.0),
        (House(**{**CLINIC, "organisation": {"id": "two"}}), 0.0),
        (House(**CLINIC, here={"status": "closed"}), 0.0),
    ],
)
def test_service_fit_counts_the_same_organisation_in_the_same_place(other: House, expected: float) -> None:
    assert value("service_fit", SHELTER, other, **TWO) == expected


def test_service_fit_leaves_out_what_is_avoided() -> None:
    far = House(**CLINIC, **at(10, district="DC34"))
    assert value("service_fit", SHELTER, far, **TWO, avoid=Avoid(districts=frozenset({"DC34"}))) == 0.0


def test_service_fit_of_a_remote_candidate_counts_remote_services_only() -> None:
    remote = House("a", organisation={"id": "one"}, service={"delivery": "remote"})
    assert value("service_fit", remote, House(**CLINIC), **TWO) == 0.0
    assert value("service_fit", remote, House(**CLINIC, service={"delivery": "remote"}), **TWO) == 1.0


def test_service_fit_is_the_share_of_the_other_needs() -> None:
    both = House("a", codes=("shelter_emergency", "medical_general"))
    assert value("service_fit", both, needs=("shelter_emergency", "medical_general", "maternity")) == 0.5
    assert value("service_fit", both) == 1.0


@pytest.mark.parametrize(("km", "expected"), [(0, 1.0), (100, 0.5), (400, 0.2)])
def test_proximity_halves_in_100_km(km: float, expected: float) -> None:
    assert value("proximity", House("a", **at(km))) == pytest.approx(expected, abs=1e-9)


def test_proximity_of_a_remote_service_is_a_half_wherever_it_sits() -> None:
    assert value("proximity", House("a", **at(400), service={"delivery": "remote"})) == 0.5
    assert value("proximity", House("a", **at(400), service={"serves": {"scope": "national"}})) == pytest.approx(0.2)


@pytest.mark.parametrize(("hours", "expected"), [(0, 1.0), (24, 0.5), (36, 0.5**1.5), (-1, 1.0)])
def test_capacity_loses_half_its_worth_a_day(hours: float, expected: float) -> None:
    house = House("a", here={"capacity": {"unit": "bed", "total": 9, "available": 0, "as_of": ago(hours=hours)}})
    assert value("capacity_freshness", house) == pytest.approx(expected, abs=1e-12)


def test_capacity_is_nothing_when_unknown_and_a_half_where_it_does_not_apply() -> None:
    assert value("capacity_freshness", House("a", here={"capacity": None})) == 0.0
    clinic = House("a", codes=("medical_general",))
    assert value("capacity_freshness", clinic, needs=("medical_general",)) == 0.5


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ({"languages": ["amh"], "interpreter_on_call": "no"}, 1.0),
        ({"languages": ["eng"], "interpreter_on_call": "yes"}, 0.6),
        ({"languages": [], "interpreter_on_call": "yes"}, 0.6),
        ({"languages": ["eng"], "interpreter_on_call": None}, 0.3),
        ({"languages": [], "interpreter_on_call": "no"}, 0.3),
        ({"languages": ["eng"], "interpreter_on_call": "no"}, 0.0),
    ],
)
def test_language(service: dict[str, Any], expected: float) -> None:
    assert value("language", House("a", service=service), profile={"languages": ("amh",)}) == expected


def test_no_language_asked_is_one() -> None:
    assert value("language", House("a", service={"languages": []})) == 1.0


@pytest.mark.parametrize(("offered", "expected"), [(15, 0.5), (30, 1.0), (90, 1.0), (None, 0.5), (0, 0.0)])
def test_stay_is_the_share_of_the_days_asked(offered: int | None, expected: float) -> None:
    assert value("stay", House("a", service={"stay_max_days": offered}), stay_days=30) == expected


def test_stay_is_one_where_none_is_asked_or_it_does_not_apply() -> None:
    assert value("stay", House("a")) == 1.0
    assert value("stay", House("a", codes=("medical_general",)), needs=("medical_general",), stay_days=30) == 1.0


@pytest.mark.parametrize(("own", "linked", "expected"), [(0, None, 0.0), (1, None, 0.5), (5, None, 1.0), (5, 1, 0.5)])
def test_robustness_counts_the_askers_link_before_the_partner(own: int, linked: int | None, expected: float) -> None:
    contacts = Silent({"a": own}, {} if linked is None else {"a": linked})
    assert value("contact_robustness", House("a"), contacts=contacts) == expected


def penalty(*houses: House, **asked: Any) -> float:
    """The penalty of candidate "a"; the houses stand in one province."""
    question = ask(houses, case(**asked))
    assessment = question.assess(question.needs[0])
    return float(assessment.penalty[_at(assessment.columns.row, question)])


PLAIN = {"sex_gender": "female", "boy_child_max_age": 12, "step_free": "no", "substance": "stable"}
MEN = {**PLAIN, "sex_gender": "any"}


def house(key: str, says: dict[str, Any], **more: Any) -> House:
    return House(key, says={**PLAIN, **says}, **more)


@pytest.mark.parametrize(
    ("says", "member", "profile"),
    [
        ({"sex_gender": "any"}, MAN, {}),
        ({"boy_child_max_age": 13}, SON, {}),
        ({"step_free": "yes"}, None, {"step_free": True}),
        ({"substance": "active"}, None, {"substance": "active"}),
    ],
)
def test_the_only_partner_is_kept_for_those_who_need_it(
    says: dict[str, Any], member: Member | None, profile: dict[str, Any]
) -> None:
    scarce, other = house("a", says), house("b", {})
    assert penalty(scarce, other) == 0.10
    needing = (WOMAN,) if member is None else (WOMAN, member)
    assert penalty(scarce, other, party=needing, profile=profile) == 0.0
    assert penalty(other, house("a", {})) == 0.0


def test_one_of_two_partners_is_kept_half_as_much_and_three_are_not_scarce() -> None:
    a, b, c = (house(key, MEN) for key in "abc")
    assert penalty(a, b) == 0.05
    assert penalty(a, b, c) == 0.0
    assert penalty(a, house("b", MEN, organisation={"id": "org-a"})) == 0.10


@pytest.mark.parametrize(
    "other",
    [
        house("b", MEN, here={"status": "closed"}),
        house("b", MEN, service={"delivery": "mobile"}),
        house("b", MEN, site={"province": "ZA-GP"}),
        house("b", MEN, codes=("shelter_long_term",)),
        house("b", {"sex_gender": None}),
    ],
)
def test_who_does_not_count_as_another_partner(other: House) -> None:
    assert penalty(house("a", MEN), other) == 0.10


def test_a_partner_counts_whatever_its_other_facts_say() -> None:
    assert penalty(house("a", MEN), house("b", MEN, service={"intake": None}, here={"verified_at": None})) == 0.05


def test_the_largest_penalty_applies_once() -> None:
    a = house("a", {**MEN, "step_free": "yes"})
    assert penalty(a, house("b", MEN)) == 0.10


def test_scarcity_is_for_residential_needs() -> None:
    assert penalty(house("a", MEN, codes=("medical_general",)), needs=("medical_general",)) == 0.0


def test_the_score_is_what_its_parts_add_up_to() -> None:
    (found,) = ask([house("a", MEN)], case(), Silent({"a": 1})).ranked("shelter_emergency", "suitable", 10)
    parts = sum(feature.contribution for feature in found.features) - sum(p.value for p in found.penalties)
    assert found.score == pytest.approx(parts, abs=1e-12)
    assert found.score == pytest.approx(0.30 + 0.20 + 0.15 + 0.15 + 0.10 + 0.05 - 0.10)
    assert "men" in found.penalties[0].reason


def test_weights_sum_to_one_and_every_number_is_argued() -> None:
    ruleset = catalogue.current()
    assert sum(feature.weight for feature in ruleset.features) == pytest.approx(1.0)
    described = ruleset.describe()
    assert all(one["argument"] for one in described["thresholds"] + described["features"])
    assert [rule["text"] for rule in described["rules"] if not rule["text"]] == []
    assert catalogue.get("2026.1") is ruleset


def test_a_profile_of_nothing_is_the_default() -> None:
    assert Profile() == Profile(languages=())
