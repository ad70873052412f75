"""The grade of one end and of one link, from members and lines alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.contact_reasons import advice, reason
from matching.contacts import (
    Contact,
    End,
    Grade,
    Line,
    LinkFacts,
    Member,
    Reach,
    Thresholds,
    band,
    decay,
    distinct_contacts,
    effective_contacts,
    grade_link,
    in_post,
    is_signed,
    reach,
    survival,
    trajectory,
)
from matching.people import SHARED_AT_MOST, alike, identities, plain_name, plain_value
from tests.matching.contact_network import NOW, ago

DAYS = Thresholds()


def member(person: str, *numbers: str, days: float = 5, **fields: object) -> Member:
    given_types = fields.get("link_types", frozenset())
    link_types = frozenset(given_types) if isinstance(given_types, (set, frozenset)) else frozenset()
    return Member(
        person, frozenset(numbers), "intake_officer", fields.get("in_post") is not False, ago(days), link_types
    )


def line(value: str, days: float | None = 5, own: bool = False, kind: str = "duty_line") -> Line:
    return Line(kind, value, own, None if days is None else ago(days))


def graded(*parts: Member | Line, memorandum: bool = False) -> tuple[Grade, int]:
    there = End(
        tuple(part for part in parts if isinstance(part, Member)),
        tuple(part for part in parts if isinstance(part, Line)),
    )
    result = reach(there, NOW, DAYS, memorandum)
    return result.grade, result.redundancy


def test_grades_from_dead_to_backed() -> None:
    assert graded() == ("dead", 0)
    assert graded(member("p", "1")) == ("single_contact", 1)
    assert graded(line("9")) == ("single_channel", 1)
    assert graded(member("p", "1"), member("q", "2")) == ("person_only", 2)
    assert graded(member("p", "1"), line("9")) == ("backed", 2)
    assert graded(line("8"), line("9")) == ("backed", 2)


def test_two_focal_points_who_share_the_one_mobile_are_one_contact() -> None:
    assert graded(member("p", "1"), member("q", "1")) == ("single_contact", 1)


def test_sharing_is_followed_through_a_third_person() -> None:
    assert graded(member("p", "1"), member("q", "1", "2"), member("r", "2")) == ("single_contact", 1)


def test_one_person_in_two_roles_is_one_and_counts_when_either_is_fresh() -> None:
    assert graded(member("p", "1"), member("p", "1", days=400)) == ("single_contact", 1)


def test_people_without_a_channel_still_count() -> None:
    assert graded(member("p"), member("q")) == ("person_only", 2)


def test_exactly_180_days_is_fresh_and_181_is_not() -> None:
    assert graded(member("p", days=180.99)) == ("single_contact", 1)
    assert graded(member("p", days=181)) == ("dead", 0)
    assert graded(line("9", days=180)) == ("single_channel", 1)
    assert graded(line("9", days=181)) == ("dead", 0)


def test_a_duty_line_never_tested_does_not_count() -> None:
    assert graded(line("9", days=None), member("p")) == ("single_contact", 1)


def test_a_line_that_is_somebodys_own_number_counts_once_as_the_person() -> None:
    assert graded(member("p", "1"), line("1", own=True)) == ("single_contact", 1)
    assert graded(line("1", own=True)) == ("dead", 0)


def test_one_line_under_two_offices_is_one() -> None:
    assert graded(line("9"), line("9", kind="on_call_roster", days=None)) == ("single_channel", 1)


def test_a_memorandum_lifts_person_only_and_nothing_else() -> None:
    assert graded(memorandum=True) == ("dead", 0)
    assert graded(member("p"), memorandum=True) == ("single_contact", 1)
    assert graded(line("9"), memorandum=True) == ("single_channel", 1)
    assert graded(member("p"), member("q"), memorandum=True) == ("backed", 2)


def test_a_closed_unit_is_dead_whoever_is_listed() -> None:
    assert reach(End((member("p"),), (line("9"),), open=False), NOW, DAYS, True).grade == "dead"


def test_backup_on_leave_does_not_count() -> None:
    assert graded(member("p"), member("q", in_post=False)) == ("single_contact", 1)


def test_ends_is_the_first_day_out() -> None:
    today = date(2026, 11, 21)
    day = timedelta(days=1)
    assert in_post(None, None, today)
    assert in_post(today, today + day, today)
    assert not in_post(None, today, today)
    assert not in_post(today + day, None, today)


def test_a_memorandum_stands_through_its_last_day() -> None:
    day = date(2026, 11, 21)
    assert is_signed(day, day, day)
    assert is_signed(day, None, day)
    assert not is_signed(None, None, day)
    assert not is_signed(date(2026, 11, 22), None, day)
    assert not is_signed(date(2025, 1, 1), date(2026, 11, 20), day)


# --- components against brute force ----------------------------------------------------------------------

PEOPLE = st.lists(st.tuples(st.sampled_from("abcdef"), st.sets(st.sampled_from("123456"), max_size=3)), max_size=8)


def brute_force_components(people: list[tuple[str, set[str]]]) -> int:
    """Merge any two sets that touch until none do."""
    sets = [{f"person {person}", *numbers} for person, numbers in people]
    merged = True
    while merged:
        merged = False
        for i, one in enumerate(sets):
            for other in sets[i + 1 :]:
                if one & other:
                    sets.remove(other)
                    one |= other
                    merged = True
                    break
            if merged:
                break
    return len(sets)


@given(PEOPLE)
def test_distinct_contacts_are_the_connected_components(people: list[tuple[str, set[str]]]) -> None:
    members = [member(person, *numbers) for person, numbers in people]
    assert len(distinct_contacts(members)) == brute_force_components(people)


@given(PEOPLE, st.randoms())
def test_the_order_of_the_input_does_not_matter(people: list[tuple[str, set[str]]], random: object) -> None:
    members = [member(person, *numbers) for person, numbers in people]
    assert distinct_contacts(members) == distinct_contacts(members[::-1])


@given(PEOPLE, st.sampled_from("123456"))
def test_one_more_person_never_lowers_and_one_shared_number_never_raises(
    people: list[tuple[str, set[str]]], number: str
) -> None:
    members = [member(person, *numbers) for person, numbers in people]
    count = len(distinct_contacts(members))
    assert len(distinct_contacts([*members, member("z")])) == count + 1
    shared = [member(person, *numbers, number) for person, numbers in people]
    assert len(distinct_contacts(shared)) <= count


# --- one person, several records -------------------------------------------------------------------------


def test_names_and_numbers_are_made_comparable() -> None:
    assert plain_name("  Zoë   VAN  der Merwe ") == "zoe van der merwe"
    assert plain_value("082 123 4567") == plain_value("+27 82 123 4567") == plain_value("0027821234567")
    assert plain_value("+27821234567") == "27821234567"
    assert plain_value(" Duty@Example.org ") == "duty@example.org"
    assert plain_value("10111") == "10111"


@pytest.mark.parametrize("other", ["thandi nkhosi", "nkosi thandi", "t nkosi"])
def test_two_spellings_of_one_name(other: str) -> None:
    assert alike("thandi nkosi", other)


def test_brothers_are_not_alike() -> None:
    assert not alike("thabo mokoena", "sipho mokoena")


def test_records_are_one_person_only_with_like_names_and_an_equal_number() -> None:
    names = {"a": "thandi nkosi", "b": "thandi nkhosi", "c": "johan botha", "d": "thandi nkosi"}
    values = {"a": ["1"], "b": ["1", "2"], "c": ["2"], "d": ["3"]}
    assert identities(names, values) == {"a": "a", "b": "a", "c": "c", "d": "d"}


def test_a_switchboard_joins_only_equal_names() -> None:
    names = {f"{i:03}": f"person number {i:03}" for i in range(SHARED_AT_MOST + 2)} | {"x": "person number 000"}
    one = identities(names, dict.fromkeys(names, ("1",)))
    assert one["x"] == "000"
    assert len(set(one.values())) == SHARED_AT_MOST + 2


# --- the figures of a link -------------------------------------------------------------------------------

TYPES = frozenset({"referral_sent", "info_sharing", "joint_case", "training", "funding"})


def carried(*loads: set[str], lines: tuple[tuple[str, str], ...] = ()) -> Reach:
    contacts = tuple(Contact(frozenset({str(i)}), (), frozenset(load)) for i, load in enumerate(loads))
    return Reach(contacts, lines)


def test_survival_counts_what_others_also_carry() -> None:
    assert survival(carried(set(TYPES)), TYPES) == 0
    assert survival(carried(set(TYPES), {"training", "funding"}), TYPES) == 2
    assert survival(carried(set(TYPES), set(TYPES)), TYPES) == 5
    assert survival(carried({"training"}, lines=(("duty_line", "9"),)), TYPES) == 5
    assert survival(carried(), TYPES) == 0


def test_effective_contacts_is_the_inverse_simpson_index() -> None:
    assert effective_contacts(carried(set(TYPES), set(TYPES)), TYPES) == pytest.approx(2.0)
    shares = carried({"referral_sent", "info_sharing", "joint_case"}, {"training", "funding"})
    assert effective_contacts(shares, TYPES) == pytest.approx(1 / (0.6**2 + 0.4**2))
    assert effective_contacts(carried(set(), set()), TYPES) == 0.0
    assert effective_contacts(carried(), TYPES) == 0.0


@given(st.lists(st.sets(st.sampled_from(sorted(TYPES))), max_size=6))
def test_effective_contacts_lies_between_one_and_the_number_of_carriers(loads: list[set[str]]) -> None:
    working = [load for load in loads if load]
    figure = effective_contacts(carried(*loads), TYPES)
    assert 1 - 1e-9 <= figure <= len(working) + 1e-9 if working else figure == 0.0


def test_decay_halves_in_180_days() -> None:
    assert decay(ago(0), NOW, DAYS) == 1.0
    assert decay(ago(180), NOW, DAYS) == 0.5
    assert decay(ago(360), NOW, DAYS) == 0.25
    assert decay(None, NOW, DAYS) == 0.0


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, "fresh"), (90, "fresh"), (91, "ageing"), (180, "ageing"), (181, "stale"), (None, "stale")],
)
def test_bands(days: float | None, expected: str) -> None:
    assert band(None if days is None else ago(days), NOW, DAYS) == expected


def test_the_three_trajectories() -> None:
    assert trajectory("government", "government") == "government_government"
    assert trajectory("government", "civil_society") == "government_civil_society"
    assert trajectory("international", "government") == "government_civil_society"
    assert trajectory("civil_society", "private") == "civil_society_civil_society"
    assert trajectory(None, "government") is None


def test_a_link_is_as_good_as_its_worse_end() -> None:
    strong = reach(End((member("p", link_types=TYPES), member("q")), (line("9"),)), NOW, DAYS)
    weak = reach(End((member("r", link_types=TYPES),)), NOW, DAYS)
    grade = grade_link(strong, weak, LinkFacts(TYPES, ago(100), "government", "government"), NOW, DAYS)
    assert (grade.grade_a, grade.grade_b, grade.grade, grade.redundancy) == (
        "backed",
        "single_contact",
        "single_contact",
        1,
    )
    assert (grade.m, grade.m_s, grade.n_eff, grade.band) == (5, 0, 1.0, "ageing")


# --- in words --------------------------------------------------------------------------------------------


def told(*parts: Member | Line, lapsed: bool = False, linked: bool = False) -> tuple[str, str | None]:
    there = End(
        tuple(part for part in parts if isinstance(part, Member)),
        tuple(part for part in parts if isinstance(part, Line)),
    )
    found = reach(there, NOW, DAYS)
    return reason(there, found, linked=linked), advice(there, found, lapsed)


def test_a_single_contact_is_named_by_role_and_needs_a_deputy() -> None:
    sentence, code = told(member("Thandi", "1"))
    assert sentence == "Only one person, the intake officer, answers here; no office line has been tested lately."
    assert code == "nominate_deputy"


def test_a_shared_number_is_said() -> None:
    sentence, code = told(member("p", "1"), member("q", "1"))
    assert sentence == "Two people, the intake officer, share one number here: one contact."
    assert code == "nominate_deputy"


def test_advice_follows_the_grade() -> None:
    assert told(line("9"))[1] == "joint_introduction"
    assert told(member("p"), member("q"))[1] == "get_duty_line"
    assert told(member("p"), member("q"), lapsed=True)[1] == "sign_mou"
    assert told(member("p", days=300))[1] == "reverify"
    assert told(line("9", days=None))[1] == "reverify"
    assert told(member("p", in_post=False))[1] == "task_team_escalation"
    assert told()[1] == "task_team_escalation"
    assert told(member("p"), line("9"))[1] is None


def test_sentences_never_name_a_person() -> None:
    for parts in ([], [member("Thandi")], [member("Thandi"), member("Sipho")], [member("Thandi", days=300)]):
        sentence, _ = told(*parts, linked=True)
        assert "Thandi" not in sentence
        assert sentence.endswith(".")


def test_backed_says_what_answers() -> None:
    assert told(member("p"), line("8"), line("9"))[0] == "One person and two duty lines answer here."
    assert told(line("8"), line("9", kind="role_mailbox"), linked=True)[0] == (
        "No person in post is confirmed, but the duty line and the role mailbox answer on your link."
    )
