"""The network is as untidy as a real one: each case that a rule or a grade exists for is there, by name."""

import unicodedata
from collections import Counter
from collections.abc import Callable

import pytest
from rapidfuzz import fuzz

from tests.seed.network_files import FRESH_DAYS, INSTITUTIONAL, Network, age, read

Check = Callable[[Network], bool]

QUESTIONS = (
    "age_min",
    "children_with_adult",
    "boy_child_max_age",
    "girl_child_max_age",
    "unaccompanied_minor",
    "trans_policy",
    "pregnancy",
    "newborn",
    "step_free",
    "disability_support",
    "substance",
    "mental_acuity_max",
    "medical_acuity_max",
    "undocumented",
    "police_report_required",
    "dsd_referral_required",
    "id_required",
    "recognition_required",
)
CASE_BY_CASE = ("pregnancy", "newborn", "step_free", "undocumented", "children_with_adult", "boy_child_max_age",
                "girl_child_max_age", "trans_policy", "police_report_required", "id_required")  # fmt: skip


@pytest.fixture(scope="module")
def network() -> Network:
    return read()


def ages(network: Network, collection: str, name: str = "verified_at") -> list[float]:
    return [age(one.get(name)) for one in network.all(collection)]


def said(network: Network, question: str, *answers: str) -> int:
    counts = network.answers(question)
    return sum(counts[answer] for answer in answers)


def few(network: Network, question: str, *answers: str) -> bool:
    """Some shelters, but fewer than three in ten."""
    return 0 < said(network, question, *answers) < 0.3 * len(network.shelters())


def few_for_men(network: Network) -> bool:
    return few(network, "sex_gender", "male", "any") and said(network, "sex_gender", "male") >= 3


def few_for_boys_over_12(network: Network) -> bool:
    return few(network, "boy_child_max_age", *map(str, range(13, 18)))


def few_without_steps(network: Network) -> bool:
    return few(network, "step_free", "yes")


def few_for_active_use(network: Network) -> bool:
    return few(network, "substance", "active", "detox_onsite")


def many_age_caps(network: Network) -> bool:
    return len(network.answers("boy_child_max_age")) > 6 and len(network.answers("girl_child_max_age")) > 4


def asked_and_not_known(network: Network) -> bool:
    unknown = all(said(network, one, "unknown", "None") for one in QUESTIONS)
    return unknown and all(said(network, one, "case_by_case") for one in CASE_BY_CASE)


def just_imported(network: Network) -> bool:
    """Shelters of which a spreadsheet gave a name, a number and a town."""
    return sum("eligibility" not in one for one in network.shelters()) >= 2


def stale_everywhere(network: Network) -> bool:
    kinds = ("organisations", "departments", "services", "service-sites", "focal-points", "links")
    for kind in kinds:
        found = ages(network, kind, "last_confirmed_at" if kind == "links" else "verified_at")
        if not (180 in found and 181 in found and max(found) == float("inf") and min(found) <= 30):
            return False
        if not 0.1 <= sum(days > FRESH_DAYS for days in found) / len(found) <= 0.35:
            return False
    return True


def left(network: Network) -> bool:
    ends = [one["ends"]["days_ago"] for one in network.all("focal-points") if "ends" in one]
    return {0, 1, -1} <= set(ends) and sum(days > 1 for days in ends) > 20


def primary_on_leave_with_deputy(network: Network) -> bool:
    persons, points = network.records["persons"], network.records["focal-points"]
    away = {key for key, one in persons.items() if one.get("status") == "on_leave"}
    left_alone = {network.unit_of(one) for one in points.values() if one["person"] in away and one.get("primary")}
    deputies = {
        network.unit_of(one)
        for key, one in points.items()
        if network.in_post(key) and network.get("posts", one["post"])["contact_role"] == "deputy"
    }
    return len(away) > 15 and bool(left_alone & deputies)


def vacant_and_acting(network: Network) -> bool:
    held = {one["post"] for key, one in network.records["focal-points"].items() if network.in_post(key)}
    vacant = [one["key"] for one in network.all("posts") if one["state"] == "vacant"]
    acting = [one for one in network.all("focal-points") if one.get("acting")]
    return len(vacant) > 30 and not held & set(vacant) and len(acting) > 20


def one_person_in_two_offices(network: Network) -> bool:
    offices: dict[str, set[str]] = {}
    for key, one in network.records["focal-points"].items():
        if network.in_post(key):
            offices.setdefault(one["person"], set()).add(network.unit_of(one))
    return sum(len(held) > 1 for held in offices.values()) >= 10


def sharers(network: Network) -> list[tuple[str, str]]:
    """Pairs of people with one number, by name."""
    holders: dict[str, list[str]] = {}
    for person, numbers in network.phones.items():
        for number in numbers:
            holders.setdefault(number, []).append(network.get("persons", person)["full_name"])
    return [(names[0], names[1]) for names in holders.values() if len(names) > 1]


def two_spellings_of_one_name(network: Network) -> bool:
    return any(a != b and fuzz.ratio(plain(a), plain(b)) >= 90 for a, b in sharers(network))


def two_people_with_one_mobile(network: Network) -> bool:
    return any(fuzz.ratio(plain(a), plain(b)) < 60 for a, b in sharers(network))


def plain(name: str) -> str:
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()


def duty_line_that_is_somebodys_own(network: Network) -> bool:
    own = {number for numbers in network.phones.values() for number in numbers}
    return any(one["channel_kind"] == "duty_line" and one["value"] in own for one in network.all("channels"))


def lines_never_and_long_ago_tested(network: Network) -> bool:
    tested = [age(one.get("tested_at")) for one in network.all("channels") if one["channel_kind"] in INSTITUTIONAL]
    return {180, float("inf")} <= set(tested) and any(FRESH_DAYS < days < float("inf") for days in tested)


def paper_and_nobody(network: Network) -> bool:
    return any(
        "memorandum" in link and not sum(people.values()) + sum(lines.values())
        for link in network.all("links")
        for people, lines in [network.contacts_of(link)]
    )


def every_grade(network: Network) -> bool:
    """Each grade of contact-dependence.md, at the far end, often enough to be seen in a report."""
    found: Counter[str] = Counter()
    for link in network.all("links"):
        people, lines = network.contacts_of(link)
        found[grade(people["b"], lines["b"], "memorandum" in link)] += 1
    return len(found) == 5 and min(found.values()) >= 5


def grade(people: int, lines: int, paper: bool) -> str:
    if people + lines == 0:
        return "dead"
    if lines == 0:
        return "single_contact" if people == 1 else "backed" if paper else "person_only"
    return "single_channel" if people + lines == 1 else "backed"


def many_uses_through_one_person(network: Network) -> bool:
    def hangs(carriers: list[dict[str, str]]) -> bool:
        return len({one["focal_point"] for one in carriers}) == 1

    return any(
        len(link["link_types"]) >= 5 and "channels" not in link and hangs(link.get("carriers", []))
        for link in network.all("links")
    )


def accreditation_in_every_state(network: Network) -> bool:
    papers = [one["accreditation"] for one in network.all("organisations") if "accreditation" in one]
    valid = [one for one in papers if one["status"] == "valid"]
    ran_out = any(age(one.get("expires")) > 0 for one in valid if "expires" in one)
    undated = any("expires" not in one for one in valid)
    return len({one["status"] for one in papers}) == 6 and ran_out and undated


def papers_asked_for(network: Network) -> bool:
    return all(
        1 <= said(network, paper, "yes") < 0.4 * len(network.shelters())
        for paper in ("police_report_required", "dsd_referral_required", "id_required", "recognition_required")
    )


def room_in_every_state(network: Network) -> bool:
    """Full, one or two left, more, out of date, not counted; at hidden and at open houses; beds and rooms."""
    beds = {one["key"] for one in network.shelters()}
    rows = [one for one in network.all("service-sites") if one["service"] in beds]
    states = set()
    for row in rows:
        counted = row.get("capacity")
        hidden = network.get("sites", row["site"])["confidential"]
        free = None if counted is None else "old" if age(counted["as_of"]) > 1 else min(counted["available"], 3)
        states.add((hidden, 1 if free == 2 else free))
    units = {row["capacity"]["unit"] for row in rows if "capacity" in row}
    return len(states) == 10 and units == {"bed", "room"}


def nights(network: Network) -> bool:
    """Intake that begins in the evening and ends the next morning."""
    spans = [span for one in network.shelters() if isinstance(one.get("intake"), list) for span in one["intake"]]
    return any(span["closes"] <= span["opens"] for span in spans)


def every_delivery_and_reach(network: Network) -> bool:
    deliveries = {one.get("delivery", "on_site") for one in network.all("services")}
    reaches = {one["serves"]["scope"] for one in network.all("services") if "serves" in one}
    remote = [one for one in network.all("service-sites") if "site" not in one]
    return (
        deliveries == {"on_site", "mobile", "remote"}
        and reaches == {"national", "province", "district"}
        and len(remote) > 20
    )


def closed_records(network: Network) -> bool:
    kinds = ("organisations", "departments", "services", "service-sites", "posts", "channels", "sites", "persons")
    closed = {key for key, one in network.records["departments"].items() if one.get("status") == "closed"}
    linked = {link[end]["id"] for link in network.all("links") for end in "ab"}
    everywhere = all(any(one.get("status") == "closed" for one in network.all(kind)) for kind in kinds)
    return everywhere and bool(closed & linked)


def names_beyond_ascii(network: Network) -> bool:
    names = [one["full_name"] for one in network.all("persons")] + [one["name"] for one in network.all("organisations")]
    return sum(not name.isascii() for name in names) > 20


CHECKS: tuple[Check, ...] = (
    few_for_men,
    few_for_boys_over_12,
    few_without_steps,
    few_for_active_use,
    many_age_caps,
    asked_and_not_known,
    just_imported,
    stale_everywhere,
    left,
    primary_on_leave_with_deputy,
    vacant_and_acting,
    one_person_in_two_offices,
    two_spellings_of_one_name,
    two_people_with_one_mobile,
    duty_line_that_is_somebodys_own,
    lines_never_and_long_ago_tested,
    paper_and_nobody,
    every_grade,
    many_uses_through_one_person,
    accreditation_in_every_state,
    papers_asked_for,
    room_in_every_state,
    nights,
    every_delivery_and_reach,
    closed_records,
    names_beyond_ascii,
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_network_has(network: Network, check: Check) -> None:
    assert check(network)
