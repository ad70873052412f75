"""The contact book over records: ends of links, partners by themselves, whom to call in which order."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.calls import answers_at
from matching.contactbook import ContactBook
from matching.rows import by_id
from matching.types import Asker, Contacts
from tests.matching.contact_network import NOW, Network, ago, carrier, listed

ALL = frozenset({"public", "network", "restricted"})
WHO = Asker(organisation_id="ngo", visibility=ALL)
NIGHT = [{"days": ["fri", "sun"], "opens": "20:00", "closes": "06:00"}]
OFFICE = [{"days": ["mon", "tue", "wed", "thu", "fri"], "opens": "08:00", "closes": "16:00"}]


@pytest.fixture
def net() -> Network:
    """An NGO that asks; a police organisation with one unit, which is a candidate; a shelter without units."""
    net = Network()
    net.organisation("ngo")
    net.organisation("police", "government")
    net.unit("unit", "police")
    net.candidate("desk", "police", "unit")
    net.organisation("shelter")
    net.candidate("beds", "shelter")
    net.post("unit-post", "police", "unit")
    net.post("shelter-post", "shelter")
    return net


def ask(net: Network, candidate: str = "desk", asker: Asker = WHO) -> Contacts:
    return net.book().contacts(candidate, asker, NOW)


def own(net: Network, candidate: str = "desk") -> tuple[str, int]:
    """Grade and redundancy of the partner by itself, the same by both ways."""
    book = net.book()
    contacts = book.contacts(candidate, Asker(visibility=ALL), NOW)
    assert book.redundancy(candidate) == contacts.redundancy
    return contacts.grade, contacts.redundancy


# --- the partner by itself -------------------------------------------------------------------------------


def test_nobody_is_dead(net: Network) -> None:
    assert own(net) == ("dead", 0)


def test_the_units_people_and_lines_count(net: Network) -> None:
    net.sits(net.person("p", "+27821"), "unit-post")
    net.channel("unit-line", "department", "unit", "+2710", tested_at=ago(1))
    net.channel("post-mail", "post", "unit-post", "duty@example.org", kind="role_mailbox", tested_at=ago(1))
    net.channel("site-line", "service_site", "desk", "+2711", tested_at=ago(1))
    assert own(net) == ("backed", 4)


def test_the_organisations_other_posts_and_lines_do_not_count_for_its_unit(net: Network) -> None:
    net.post("head-office", "police")
    net.sits(net.person("p", "+27821"), "head-office")
    net.channel("switchboard", "organisation", "police", "+2710", tested_at=ago(1))
    assert own(net) == ("dead", 0)


def test_without_a_unit_the_organisations_posts_outside_units_count(net: Network) -> None:
    net.unit("shelter-unit", "shelter")
    net.post("inner-post", "shelter", "shelter-unit")
    net.sits(net.person("p", "+27821"), "inner-post")
    net.sits(net.person("q", "+27822"), "shelter-post")
    assert own(net, "beds") == ("single_contact", 1)


def test_a_line_of_the_site_equal_to_one_of_the_unit_is_one(net: Network) -> None:
    net.channel("unit-line", "department", "unit", "+27 10 000", tested_at=ago(1))
    net.channel("site-line", "service_site", "desk", "+2710000", tested_at=ago(1))
    assert own(net) == ("single_channel", 1)


def test_shared_phone(net: Network) -> None:
    for name in ("p", "q"):
        net.sits(net.person(name, "+27821"), "unit-post")
    assert own(net) == ("single_contact", 1)


def test_a_personal_number_of_the_post_is_shared_by_its_holders(net: Network) -> None:
    for name in ("p", "q"):
        net.sits(net.person(name), "unit-post")
    net.channel("post-mobile", "post", "unit-post", "+27821", kind="person_phone", tested_at=ago(1))
    assert own(net) == ("single_contact", 1)


def test_a_personal_number_of_a_post_reaches_its_holder_in_other_posts_too(net: Network) -> None:
    net.post("other", "police", "unit")
    net.sits(net.person("p"), "other")
    net.sits("p", "shelter-post")
    net.sits(net.person("q", "+27821"), "other")
    net.channel("post-mobile", "post", "shelter-post", "+27821", kind="person_phone")
    assert own(net) == ("single_contact", 1)


def test_two_spellings_of_one_name_with_one_number_are_one_person(net: Network) -> None:
    net.sits(net.person("p", "082 100 0000", full_name="Thandi Nkosi"), "unit-post")
    net.sits(net.person("q", "+27821000000", full_name="Thandi Nkhosi"), "unit-post")
    assert own(net) == ("single_contact", 1)


def test_one_person_in_two_units_is_reached_by_all_her_numbers(net: Network) -> None:
    net.sits(net.person("p", "+271", full_name="Thandi Nkosi"), "unit-post")
    net.sits(net.person("p2", "+271", full_name="Thandi Nkhosi"), "shelter-post")
    net.channel("second", "person", "p2", "+272", kind="person_phone")
    net.sits(net.person("q", "+272", full_name="Johan Botha"), "unit-post")
    assert own(net) == ("single_contact", 1)


def test_a_duty_line_equal_to_a_mobile_counts_once_as_the_person(net: Network) -> None:
    net.sits(net.person("p", "+27821"), "unit-post")
    net.channel("line", "department", "unit", "+27821", tested_at=ago(1))
    assert own(net) == ("single_contact", 1)


def test_a_duty_line_equal_to_the_mobile_of_somebody_who_left_never_counts(net: Network) -> None:
    net.sits(net.person("p", "+27821"), "unit-post", ends=date(2026, 11, 1))
    net.channel("line", "department", "unit", "+27821", tested_at=ago(1))
    assert own(net) == ("dead", 0)


def test_primary_active_and_backup_on_leave(net: Network) -> None:
    net.sits(net.person("p", "+27821"), "unit-post", primary=True)
    net.sits(net.person("q", "+27822", status="on_leave"), "unit-post")
    contacts = ask(net)
    assert (contacts.grade, [call.value for call in contacts.call]) == ("single_contact", ["+27821"])


@pytest.mark.parametrize(
    ("fields", "in_post"),
    [
        ({"ends": date(2026, 11, 21)}, False),  # left yesterday: this is the first day out
        ({"ends": date(2026, 11, 22)}, True),
        ({"starts": date(2026, 11, 22)}, False),
        ({"starts": date(2026, 11, 21)}, True),
        ({"status": "closed"}, False),
        ({"acting": True}, True),
        ({"days": 180}, True),
        ({"days": 181}, False),
        ({"days": None}, False),
    ],
)
def test_who_is_in_post(net: Network, fields: dict[str, Any], in_post: bool) -> None:
    days = fields.pop("days", 5)
    net.sits(net.person("p", "+27821"), "unit-post", days, **fields)
    assert own(net) == (("single_contact", 1) if in_post else ("dead", 0))


def test_the_day_is_that_of_johannesburg(net: Network) -> None:
    net.sits(net.person("p"), "unit-post", ends=date(2026, 11, 22))
    before, after = (datetime(2026, 11, 21, 21, minute, tzinfo=UTC) for minute in (59, 59))
    assert net.book(before).redundancy("desk") == 1
    assert net.book(after + timedelta(minutes=1)).redundancy("desk") == 0


@pytest.mark.parametrize(("state", "counted"), [("filled", 1), ("acting", 1), ("vacant", 0)])
def test_a_vacant_post_has_nobody_but_an_acting_holder_counts(net: Network, state: str, counted: int) -> None:
    net.post("other", "police", "unit", state=state)
    net.sits(net.person("p", "+27821"), "other")
    assert own(net)[1] == counted


@pytest.mark.parametrize("how", [{"status": "closed"}, {"suspended": True}])
def test_in_a_closed_or_suspended_unit_nobody_answers(net: Network, how: dict[str, Any]) -> None:
    net.unit("gone", "police", **how)
    net.candidate("gone-desk", "police", "gone")
    net.post("gone-post", "police", "gone")
    net.sits(net.person("p", "+27821"), "gone-post")
    net.channel("line", "department", "gone", "+2710", tested_at=ago(1))
    net.channel("site-line", "service_site", "gone-desk", "+2711", tested_at=ago(1))
    assert own(net, "gone-desk") == ("dead", 0)
    assert ask(net, "gone-desk").call == ()


def test_a_closed_channel_does_not_count(net: Network) -> None:
    net.channel("line", "department", "unit", "+2710", tested_at=ago(1), status="closed")
    assert own(net) == ("dead", 0)


# --- links -----------------------------------------------------------------------------------------------

NGO, POLICE, UNIT = ("organisation", "ngo"), ("organisation", "police"), ("department", "unit")


def test_only_carriers_and_listed_channels_count_at_a_links_end(net: Network) -> None:
    seat = net.sits(net.person("p", "+27821"), "unit-post")
    net.sits(net.person("q", "+27822"), "unit-post")
    line = net.channel("line", "department", "unit", "+2710", tested_at=ago(1))
    net.link("l", NGO, UNIT, carriers=[carrier("b", seat)])
    assert own(net) == ("backed", 3)
    assert (ask(net).grade, ask(net).redundancy, ask(net).link_id) == ("single_contact", 1, "l")
    net.link("m", NGO, UNIT, carriers=[carrier("b", seat)], channels=[listed("b", line)])
    assert (ask(net).grade, ask(net).redundancy, ask(net).link_id) == ("backed", 2, "m")


def test_the_far_end_is_shown_whichever_way_the_link_was_written(net: Network) -> None:
    seat = net.sits(net.person("p", "+27821"), "unit-post")
    net.link("l", UNIT, NGO, carriers=[carrier("a", seat)])
    assert (ask(net).grade, ask(net).link_id) == ("single_contact", "l")


def test_the_units_link_before_the_organisations_then_redundancy_then_id(net: Network) -> None:
    seats = [net.sits(net.person(name, f"+2782{name}"), "unit-post") for name in "123"]
    net.link("a", NGO, POLICE, carriers=[carrier("b", seat) for seat in seats])
    assert ask(net).link_id == "a"
    net.link("d", NGO, UNIT, carriers=[carrier("b", seats[0])])
    assert ask(net).link_id == "d"
    net.link("c", NGO, UNIT, carriers=[carrier("b", seat) for seat in seats[:2]])
    assert ask(net).link_id == "c"
    net.link("b", NGO, UNIT, carriers=[carrier("b", seat) for seat in seats[1:]])
    assert ask(net).link_id == "b"


def test_the_askers_units_link_before_the_askers_organisations(net: Network) -> None:
    net.unit("ngo-unit", "ngo")
    seat = net.sits(net.person("p", "+27821"), "unit-post")
    net.link("a", NGO, UNIT, carriers=[carrier("b", seat)])
    net.link("b", ("department", "ngo-unit"), UNIT)
    asker = Asker(organisation_id="ngo", department_id="ngo-unit", visibility=ALL)
    assert ask(net, asker=asker).link_id == "b"
    assert net.book().asker_link(asker, "desk") == "b"
    assert net.book().asker_redundancies(asker) == {"desk": 0}
    assert net.book().asker_redundancies(WHO) == {"desk": 1}
    assert net.book().asker_link(Asker(), "desk") is None


def test_the_link_to_the_partners_unit_before_that_of_the_askers_unit(net: Network) -> None:
    net.unit("ngo-unit", "ngo")
    net.link("a", ("department", "ngo-unit"), POLICE)
    net.link("b", NGO, UNIT)
    assert ask(net, asker=Asker(organisation_id="ngo", department_id="ngo-unit")).link_id == "b"


def test_a_closed_link_is_no_link(net: Network) -> None:
    net.link("l", NGO, UNIT, status="closed")
    assert ask(net).link_id is None


def test_a_link_with_a_memorandum_and_nobody_is_dead(net: Network) -> None:
    link = net.link("l", NGO, UNIT, memorandum={"signed": date(2026, 1, 1), "expires": None})
    assert ask(net).grade == "dead"
    assert net.book().grade_link(link).grade == "dead"


def test_a_memorandum_lifts_two_people_to_backed_until_it_expires(net: Network) -> None:
    seats = [net.sits(net.person(name, f"+2782{name}"), "unit-post") for name in "12"]
    memorandum = {"signed": date(2026, 1, 1), "expires": date(2026, 11, 21)}
    link = net.link("l", NGO, UNIT, carriers=[carrier("b", seat) for seat in seats], memorandum=memorandum)
    assert ask(net).grade == "backed"
    link["memorandum"] = {"signed": date(2026, 1, 1), "expires": date(2026, 11, 20)}
    assert (ask(net).grade, ask(net).advice) == ("person_only", "sign_mou")


def test_an_organisation_linked_to_itself_is_graded_but_nobodys_link_to_a_partner(net: Network) -> None:
    seat = net.sits(net.person("p", "+27821"), "shelter-post")
    link = net.link("l", ("organisation", "shelter"), ("organisation", "shelter"), carriers=[carrier("b", seat)])
    grade = net.book().grade_link(link)
    assert (grade.grade_a, grade.grade_b, grade.trajectory) == ("dead", "single_contact", "civil_society_civil_society")
    assert ask(net, "beds", Asker(organisation_id="shelter", visibility=ALL)).link_id is None


def test_the_figures_of_a_link(net: Network) -> None:
    near = net.sits(net.person("n", "+27831"), net.post("ngo-post", "ngo"))
    far = [net.sits(net.person(name, f"+2782{name}"), "unit-post") for name in "12"]
    line = net.channel("line", "department", "unit", "+2710", tested_at=ago(1))
    link = net.link(
        "l",
        NGO,
        UNIT,
        link_types=["referral_sent", "training"],
        carriers=[carrier("a", near, "referral_sent", "training"), *(carrier("b", seat, "training") for seat in far)],
        channels=[listed("b", line)],
        last_confirmed_at=ago(91),
    )
    grade = net.book().grade_link(link)
    assert (grade.grade_a, grade.grade_b, grade.grade, grade.redundancy) == (
        "single_contact",
        "backed",
        "single_contact",
        1,
    )
    assert (grade.m, grade.m_s, grade.n_eff, grade.band) == (2, 0, 1.0, "ageing")
    assert grade.trajectory == "government_civil_society"


def test_a_carrier_who_was_erased_is_nobody(net: Network) -> None:
    link = net.link("l", NGO, UNIT, carriers=[carrier("b", "nobody")], channels=[listed("b", "nothing")])
    assert net.book().grade_link(link).grade == "dead"


# --- whom to call ----------------------------------------------------------------------------------------


def called(net: Network, when: datetime = NOW, asker: Asker = WHO, limited: bool = False) -> list[str]:
    return [call.value for call in net.book().at(NOW, limited=limited).contacts("desk", asker, when).call]


def test_who_answers_now_comes_first_then_unknown_then_closed(net: Network) -> None:
    net.channel("a", "department", "unit", "+1", tested_at=ago(1), hours=OFFICE)
    net.channel("b", "department", "unit", "+2", tested_at=ago(9))
    net.channel("c", "department", "unit", "+3", tested_at=ago(20), hours="24h")
    assert called(net) == ["+3", "+2", "+1"]
    assert [call.answers_now for call in ask(net).call] == [True, None, False]
    assert called(net, datetime(2026, 11, 23, 8, 0, tzinfo=UTC)) == ["+1", "+3", "+2"]


def test_institutional_before_personal_then_fresher_then_primary(net: Network) -> None:
    net.sits(net.person("deputy", "+27821"), "unit-post", 10)
    net.sits(net.person("primary", "+27822"), "unit-post", 10.2, primary=True)
    net.sits(net.person("newer", "+27823"), "unit-post", 2)
    net.sits(net.person("never", "+27824"), "unit-post", None)
    net.channel("mail", "person", "never", "never@example.org", kind="person_email")
    net.channel("old", "department", "unit", "+2711", tested_at=ago(170))
    net.channel("untested", "department", "unit", "+2712")
    net.channel("new", "department", "unit", "+2713", tested_at=ago(3))
    values = ["+2713", "+2711", "+2712", "+27823", "+27822", "+27821", "never@example.org", "+27824"]
    assert called(net) == values
    assert [call.order for call in ask(net).call] == list(range(1, 9))


def test_a_line_shows_its_posts_role_and_a_personal_number_its_holder(net: Network) -> None:
    net.sits(net.person("Thandi", "+27821"), "unit-post", 3)
    net.channel("line", "post", "unit-post", "+2711", tested_at=ago(170))
    net.channel("office", "department", "unit", "+2712")
    line, office, personal = ask(net).call
    assert (line.name, line.role, line.verified_at) == (None, "intake_officer", ago(170))
    assert (office.name, office.role, office.verified_at) == (None, None, None)
    assert (personal.name, personal.role, personal.verified_at) == ("Thandi", "intake_officer", ago(3))


def test_an_asker_sees_only_the_classes_of_number_that_role_may_see(net: Network) -> None:
    net.sits(net.person("p"), "unit-post")
    net.channel("mobile", "person", "p", "+27821", kind="person_phone", visibility="restricted")
    net.channel("line", "department", "unit", "+2711", visibility="public")
    assert called(net) == ["+2711", "+27821"]
    assert called(net, asker=Asker()) == ["+2711"]
    assert ask(net, asker=Asker()).grade == ask(net).grade


def test_over_the_quota_only_institutional_lines_are_named(net: Network) -> None:
    net.sits(net.person("p", "+27821"), "unit-post")
    net.channel("line", "department", "unit", "+2711")
    net.channel("disguised", "department", "unit", "+27821")
    assert called(net, limited=True) == ["+2711"]
    assert net.book().at(NOW, limited=True).contacts("desk", WHO, NOW).limited


def test_a_number_listed_twice_is_called_once(net: Network) -> None:
    for name in ("p", "q"):
        net.sits(net.person(name, "+27821"), "unit-post")
    assert called(net) == ["+27821"]


def test_a_freshly_imported_list_is_dead_but_still_a_list_to_call(net: Network) -> None:
    net.sits(net.person("p", "+27821"), "unit-post", None)
    contacts = ask(net)
    assert (contacts.grade, contacts.advice, len(contacts.call)) == ("dead", "reverify", 1)


def test_on_a_link_the_partners_other_channels_are_the_second_to_call(net: Network) -> None:
    seat = net.sits(net.person("p", "+27821"), "unit-post")
    net.sits(net.person("q", "+27822"), "unit-post", 9)
    net.link("l", NGO, UNIT, carriers=[carrier("b", seat)])
    assert (ask(net).grade, called(net)) == ("single_contact", ["+27821", "+27822"])


def test_a_unit_without_any_channel_falls_back_on_its_organisations(net: Network) -> None:
    net.channel("switchboard", "organisation", "police", "+2710")
    assert (ask(net).grade, called(net)) == ("dead", ["+2710"])


def test_a_masked_organisation_shows_months_and_is_graded_by_the_day(net: Network) -> None:
    net.organisation("hidden", masked=True)
    net.candidate("hidden-beds", "hidden")
    net.channel("line", "organisation", "hidden", "+2710", tested_at=ago(180))
    contacts = ask(net, "hidden-beds")
    assert contacts.grade == "single_channel"
    assert contacts.call[0].verified_at == datetime(2026, 5, 1, tzinfo=UTC)


def test_units_and_organisations_are_asked_for_themselves(net: Network) -> None:
    net.channel("line", "department", "unit", "+2711", tested_at=ago(1))
    net.channel("switchboard", "organisation", "police", "+2710", tested_at=ago(1))
    book = net.book()
    assert [call.value for call in book.unit_contacts("unit", WHO, NOW).call] == ["+2711"]
    assert [call.value for call in book.organisation_contacts("police", WHO, NOW).call] == ["+2710"]
    assert book.unit_contacts("nowhere", WHO, NOW).grade == "dead"


# --- hours -----------------------------------------------------------------------------------------------

NIGHT = [{"days": ["sat"], "opens": "18:00", "closes": "06:00"}]


@pytest.mark.parametrize(
    ("hours", "day", "clock", "expected"),
    [
        (None, 21, "22:00", None),
        ("24h", 21, "22:00", True),
        ([], 21, "22:00", None),
        (OFFICE, 20, "08:00", True),
        (OFFICE, 20, "16:00", False),
        (OFFICE, 21, "09:00", False),
        (NIGHT, 21, "18:00", True),
        (NIGHT, 22, "05:59", True),
        (NIGHT, 22, "06:00", False),
        (NIGHT, 21, "05:00", False),
        (NIGHT, 22, "19:00", False),
    ],
)
def test_hours_are_local_and_a_night_belongs_to_its_opening_day(
    hours: Any, day: int, clock: str, expected: bool | None
) -> None:
    when = datetime.fromisoformat(f"2026-11-{day}T{clock}:00+02:00").astimezone(UTC)
    assert answers_at(hours, when) is expected


# --- time passes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"days": 0}, NOW + timedelta(days=181)),
        ({"days": None, "ends": date(2026, 11, 25)}, datetime(2026, 11, 24, 22, 0, tzinfo=UTC)),
        ({"days": None, "starts": date(2026, 11, 23)}, datetime(2026, 11, 22, 22, 0, tzinfo=UTC)),
        ({"days": None, "ends": date(2026, 11, 1)}, None),
    ],
)
def test_valid_until_is_the_next_instant_at_which_time_alone_changes_a_grade(
    net: Network, fields: dict[str, Any], expected: datetime | None
) -> None:
    days = fields.pop("days")
    net.sits(net.person("p"), "unit-post", days, **fields)
    assert net.book().valid_until == expected


def test_valid_until_covers_lines_memoranda_and_bands(net: Network) -> None:
    net.channel("line", "department", "unit", "+2711", tested_at=ago(100))
    assert net.book().valid_until == NOW + timedelta(days=81)
    link = net.link("l", NGO, UNIT, last_confirmed_at=ago(60))
    assert net.book().valid_until == NOW + timedelta(days=31)
    link["memorandum"] = {"signed": date(2026, 1, 1), "expires": date(2026, 11, 30)}
    assert net.book().valid_until == datetime(2026, 11, 30, 22, 0, tzinfo=UTC)


def test_valid_until_is_a_full_minute_as_clocks_are_cut_to_it(net: Network) -> None:
    net.channel("line", "department", "unit", "+2711", tested_at=ago(100) + timedelta(seconds=1))
    end = NOW + timedelta(days=81, minutes=1)
    assert net.book().valid_until == end
    assert net.book(end - timedelta(seconds=1)).redundancy("desk") == 1
    assert net.book(end).redundancy("desk") == 0


@settings(max_examples=60, deadline=None)
@given(
    asked=st.lists(
        st.tuples(st.integers(0, 200 * 60), st.integers(0, 14 * 24 * 60), st.booleans(), st.booleans()),
        min_size=2,
        max_size=8,
    )
)
def test_what_was_told_before_is_what_is_told_anew(asked: list[tuple[int, int, bool, bool]]) -> None:
    """Whoever asks, at whatever minute and for whatever time: a book that was asked before says what a new one says."""
    net = Network()
    net.organisation("ngo")
    net.organisation("shelter")
    net.candidate("beds", "shelter")
    net.sits(net.person("p", "+27821"), net.post("post", "shelter"), days=1.31)
    net.channel("day", "organisation", "shelter", "+2710", hours=OFFICE, tested_at=ago(2.7))
    net.channel("night", "post", "post", "+2711", hours=NIGHT, tested_at=ago(-0.4))
    net.channel("any", "organisation", "shelter", "+2712", hours="24h", tested_at=ago(2.2))
    net.channel("own", "post", "post", "+27823", kind="person_phone", visibility="restricted", tested_at=ago(0))
    net.link("ngo-shelter", ("organisation", "ngo"), ("organisation", "shelter"), channels=[listed("b", "day")])
    kept = net.book()

    for later, when, linked, limited in asked:
        now, at = NOW + timedelta(minutes=later), NOW + timedelta(minutes=when)
        asker = WHO if linked else Asker(visibility=frozenset({"public", "network"}))
        told = [book.at(now, limited=limited).contacts("beds", asker, at) for book in (kept, net.book())]
        assert told[0] == told[1]


def test_a_later_clock_on_the_same_book(net: Network) -> None:
    net.channel("a", "department", "unit", "+1", tested_at=ago(3.9))
    net.channel("b", "department", "unit", "+2", tested_at=ago(3.0))
    book = net.book()
    for hours in (0, 3, 12):
        later = NOW + timedelta(hours=hours)
        assert book.at(later).contacts("desk", WHO, NOW) == net.book(later).contacts("desk", WHO, NOW)


# --- order of the input, size ----------------------------------------------------------------------------

SEATS = st.lists(st.tuples(st.integers(0, 3), st.sampled_from([0.0, 40.0, 180.0, 181.0]), st.booleans()), max_size=8)


@settings(max_examples=60, deadline=None)
@given(SEATS, st.randoms(use_true_random=False))
def test_nothing_depends_on_the_order_of_the_input(seats: list[tuple[int, float, bool]], random: object) -> None:
    net = Network()
    net.organisation("police", "government")
    net.unit("unit", "police")
    net.candidate("desk", "police", "unit")
    net.post("unit-post", "police", "unit")
    for number, (phone, days, primary) in enumerate(seats):
        net.sits(net.person(f"person {number}", f"+2782{phone}"), "unit-post", days, primary=primary)
    there = net.book().contacts("desk", WHO, NOW)
    fresh = {phone for phone, days, _ in seats if days <= 180}
    assert there.redundancy == len(fresh)
    backwards = {name: records[::-1] for name, records in net.collections.items()}
    assert ContactBook(by_id(backwards), NOW).contacts("desk", WHO, NOW) == there


def test_many_people_on_one_switchboard_stay_near_linear(net: Network) -> None:
    for number in range(3000):
        net.sits(net.person(f"person {number}", "+27821"), "unit-post")
    assert own(net) == ("single_contact", 1)


@pytest.mark.long
def test_a_hundred_thousand_people(net: Network) -> None:
    """Near-linear: each step of the work touches a person, a seat or a number once; pairs would take hours."""
    for number in range(100_000):
        home = f"unit {number // 20}"
        if number % 20 == 0:
            net.unit(home, "police")
            net.post(f"post {home}", "police", home)
            net.candidate(f"desk {home}", "police", home)
        phone = f"+2782{number // 2:07d}"
        net.sits(net.person(f"person {number}", phone), f"post {home}")
    book = net.book()
    assert book.redundancy("desk unit 4999") == 10
