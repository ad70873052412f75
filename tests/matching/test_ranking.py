"""Buckets, order, what is shown of the excluded, what stays uncovered, explanations."""

from typing import Any

import pytest

from matching.explaining import explain, trace
from matching.sphere import KM_PER_DEGREE_OF_LATITUDE
from matching.types import Avoid, Member, Ranked
from tests.matching.single import NOW, House, Silent, ago, ask, case

WOMAN = Member(age=29, gender="female")
NEED = "shelter_emergency"
REMOTE: dict[str, Any] = {"service": {"delivery": "remote"}}


def north(km: float) -> dict[str, Any]:
    return {"site": {"lat": -23.9 + km / KM_PER_DEGREE_OF_LATITUDE}}


def ids(found: tuple[Ranked, ...]) -> list[str]:
    return [one.service_site_id for one in found]


def shown(*houses: House, bucket: Any = "suitable", **asked: Any) -> list[str]:
    question = ask(houses, case(**asked))
    return ids(question.ranked(question.needs[0], bucket, question.case.limit))


def test_each_candidate_is_in_one_bucket() -> None:
    houses = [House("a"), House("b", says={"sex_gender": None}), House("c", says={"sex_gender": "male"})]
    result = ask(houses, case()).result(NEED)
    assert ids(result.suitable) == ["a"]
    assert [(one.service_site_id, one.confirm[0].rule) for one in result.confirm_by_phone] == [("b", "gender")]
    assert [one.service_site_id for one in result.excluded.nearest] == ["c"]
    assert result.excluded.total == 1


def test_nearest_goes_by_distance_then_score_and_remote_is_last() -> None:
    fresh = House("fresh", **north(10))
    stale = House("worn", **north(10), here={"capacity": {"unit": "bed", "available": 9, "as_of": ago(hours=20)}})
    houses = [House("far", **north(300)), House("remote", **REMOTE), stale, fresh]
    assert shown(*houses, sort="nearest") == ["fresh", "worn", "far", "remote"]


def test_score_ties_go_to_the_nearer_and_then_to_the_hash() -> None:
    twins = [House(key) for key in "abc"]
    by_hash = shown(*twins)
    assert by_hash == shown(*reversed(twins))
    assert by_hash != sorted(by_hash) or shown(*(House(key) for key in "defg")) != list("defg")


def test_the_limit_holds_for_each_bucket_and_the_top_is_exact() -> None:
    houses = [House(f"h{i:02}", **north(i)) for i in range(30)]
    everything = shown(*houses, limit=50)
    assert everything == [f"h{i:02}" for i in range(30)]
    assert shown(*houses, limit=4) == everything[:4]


def test_max_km_leaves_out_what_is_farther_but_nothing_remote() -> None:
    question = ask(
        [House("near", **north(90)), House("far", **north(110)), House("remote", **REMOTE)], case(max_km=100)
    )
    result = question.result(NEED)
    assert sorted(ids(result.suitable)) == ["near", "remote"]
    assert result.excluded.total == 0


def test_confidential_sites_show_no_kilometres_and_remote_services_no_distance() -> None:
    houses = [House("open", **north(30.04)), House("hidden", site={"confidential": True}), House("remote", **REMOTE)]
    found = {one.service_site_id: one for one in ask(houses, case()).ranked(NEED, "suitable", 10)}
    distances = {key: (one.distance_km, one.distance_band) for key, one in found.items()}
    assert distances == {"open": (30.0, "25-50"), "hidden": (None, "0-25"), "remote": (None, None)}


def test_needs_stand_most_urgent_first_then_as_asked_and_once() -> None:
    question = ask([], case(needs=("medical_general", "medical_emergency", NEED, "medical_general")))
    assert question.needs == ["medical_emergency", NEED, "medical_general"]


def test_a_child_alone_who_asks_for_a_bed_is_read_as_needing_safe_care() -> None:
    safe_care = House("a", codes=("child_temporary_safe_care",))
    question = ask([safe_care, House("b")], case(party=(Member(age=15, gender="female"),)))
    result = question.result(NEED)
    assert (result.need, result.read_as, ids(result.suitable)) == (NEED, "child_temporary_safe_care", ["a"])


def test_the_excluded_are_counted_by_what_was_said_and_what_was_never_asked() -> None:
    police: dict[str, Any] = {"profile": {"legal_basis": "s19_police"}}
    houses = [
        House("no", organisation={"accreditation": {"status": "lapsed"}}, says={"sex_gender": "male"}),
        House("never"),
        House("avoided", organisation={"id": "bad"}),
        House("closed", organisation={"status": "closed"}),
    ]
    excluded = ask(houses, case(**police, avoid=Avoid(organisations=frozenset({"bad"})))).result(NEED).excluded
    counts = [(one.rule, one.said, one.unknown) for one in excluded.by_reason]
    assert counts == [("active", 1, 0), ("avoided", 1, 0), ("gender", 1, 0), ("accreditation", 1, 1)]
    assert excluded.total == 4
    assert sorted(one.service_site_id for one in excluded.nearest) == ["never", "no"]


def test_at_most_five_excluded_are_shown_nearest_first() -> None:
    houses = [House(f"h{i}", **north(i), says={"sex_gender": "male"}) for i in range(8, 0, -1)]
    excluded = ask(houses, case()).result(NEED).excluded
    assert [one.service_site_id for one in excluded.nearest] == ["h1", "h2", "h3", "h4", "h5"]
    assert excluded.total == 8


def test_a_full_house_offers_its_waiting_list_and_a_closed_one_its_next_opening() -> None:
    full: dict[str, Any] = {"here": {"capacity": {"unit": "bed", "total": 9, "available": 0, "as_of": NOW}}}
    morning = [{"days": ["sun"], "opens": "08:00", "closes": "12:00"}]
    houses = [House("full", **full), House("closed", **north(1), service={"intake": morning})]
    waiting, closed = ask(houses, case()).result(NEED).excluded.nearest
    assert (waiting.waitlist, waiting.next_opening) == (True, None)
    assert not closed.waitlist
    assert closed.next_opening is not None
    assert closed.next_opening.isoformat() == "2026-11-22T06:00:00+00:00"
    (refused,) = ask([House("full", **full, says={"sex_gender": "male"})], case()).result(NEED).excluded.nearest
    assert not refused.waitlist


def test_what_a_candidate_also_covers_is_named_as_it_was_asked() -> None:
    both = House("a", codes=(NEED, "medical_general"))
    (found,) = ask([both], case(needs=("medical_general", NEED))).ranked(NEED, "suitable", 10)
    assert found.also_covers == ("medical_general",)


def test_every_stage_leaves_a_trace() -> None:
    question = ask([House("a"), House("b", **north(300))], case(max_km=100))
    question.result(NEED)
    assert [(stage.name, stage.count) for stage in trace(question)] == [
        ("offering", 2),
        ("within_max_km", 1),
        ("suitable", 1),
        ("confirm_by_phone", 0),
        ("excluded", 0),
    ]


def test_an_explanation_says_what_every_governing_rule_found() -> None:
    houses = [House("a"), House("b", **north(10)), House("c", says={"sex_gender": "male"})]
    question = ask(houses, case(needs=("medical_general", NEED)), Silent({"a": 2}))
    second = explain(question, "b")
    assert (second.need, second.bucket, second.rank) == (NEED, "suitable", 2)
    assert "competent_area" not in [one.rule for one in second.rules]
    assert len(second.features) == 6
    refused = explain(question, "c")
    said = {one.rule: (one.outcome, one.reason) for one in refused.rules}
    assert (refused.bucket, refused.rank) == ("excluded", None)
    assert said["gender"] == ("fail", "Does not take everyone in the party by gender. On record: men.")


def test_an_explanation_of_what_is_too_far_or_offers_something_else() -> None:
    question = ask([House("far", **north(300)), House("other", codes=("maternity",))], case(max_km=100))
    far, other = explain(question, "far"), explain(question, "other")
    assert (far.need, far.bucket, far.rank) == (NEED, None, None)
    assert (other.bucket, [(one.rule, one.outcome) for one in other.rules]) == ("excluded", [("active", "fail")])


@pytest.mark.parametrize("bucket", ["suitable", "confirm_by_phone", "excluded"])
def test_search_never_proposes_an_excluded_candidate(bucket: Any) -> None:
    question = ask([House("a", says={"sex_gender": "male"})], case())
    assert question.ranker.find(question.case, NEED, bucket, 10) == ()


def test_search_knows_what_is_open() -> None:
    question = ask([House("a"), House("b", service={"intake": None})], case())
    assert question.ranker.is_open("a", question.case)
    assert not question.ranker.is_open("b", question.case)
