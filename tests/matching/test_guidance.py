"""First steps, duties and ways out, over a few units and a search that is told what it finds."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest

from matching.guidance.alternatives import alternatives
from matching.guidance.duties import RULES, duties
from matching.guidance.first import first_steps
from matching.guidance.inputs import Guide, Hotline
from matching.guidance.separate import SMALL_PARTY, divisions
from matching.guidance.units import Units, Wanted
from matching.references import References
from matching.rows import by_id
from matching.sphere import haversine
from matching.types import (
    Alternative,
    AreaFacts,
    Asker,
    Avoid,
    Bucket,
    Case,
    Circle,
    Confirm,
    Contacts,
    Excluded,
    Facts,
    Member,
    Near,
    NeedResult,
    OrganisationFacts,
    Point,
    Profile,
    Ranked,
    ServiceFacts,
    Sighted,
    SiteFacts,
)
from tests.matching.contact_network import NOW, Network

POLOKWANE = Near("Polokwane, Limpopo", -23.9, 29.45, "ZA-LP", "DC35")
WOMAN = Member(age=29, gender="female")
SON = Member(age=14, gender="male", relation="child")
GIRL = Member(age=15, gender="female")
HOTLINES = (
    Hotline("Police emergency", "10111", "police", "24h"),
    Hotline("Ambulance", "10177", "ambulance", "24h"),
    Hotline("Trafficking Hotline", "+27800222777", "trafficking", "24h"),
    Hotline("Childline", "116", "child", None),
)
NOBODY = Contacts("dead", 0, None, "Nobody is on record here.", None, False, ())


def case(*party: Member, **fields: Any) -> Case:
    settled = {"near": POLOKWANE, "needs": ("shelter_emergency",), "now": NOW, "when": NOW, **fields}
    return Case(party=party, **settled)


# --- candidates, and a search that is told what it finds -------------------------------------------------


def place(key: str, km_north: float, score: float = 0.5, **fields: Any) -> Ranked:
    """A candidate so many km north of Polokwane."""
    point = Point(POLOKWANE.lat + km_north / 111.195, POLOKWANE.lon)
    known: dict[str, Any] = {
        "service_site_id": key,
        "confidential": False,
        "service": ServiceFacts(key, f"{key} service", ("shelter_emergency",), "on_site"),
        "organisation": OrganisationFacts(key, key, "shelter", "civil_society"),
        "department_id": None,
        "site": SiteFacts(key, False, AreaFacts("area", "Somewhere", "DC35", "ZA-LP"), point),
        "point": point,
        "capacity": None,
        "verified_at": NOW,
    }
    facts = Facts(**{name: fields.pop(name, value) for name, value in known.items()})
    settled: dict[str, Any] = {
        "rank": 1,
        "distance_km": km_north,
        "distance_band": "0-25",
        "score": score,
        "features": (),
        "penalties": (),
        "also_covers": (),
        "confirm": (),
        "contacts": NOBODY,
        **fields,
    }
    return Ranked(facts=facts, **settled)


Finder = Callable[[Case, str, Bucket], list[Ranked]]


def nothing(case: Case, need: str, bucket: Bucket) -> list[Ranked]:
    return []


def sighted(case: Case, one: Ranked) -> Sighted:
    """A candidate before it is shown."""
    point = one.site.point if one.site else None
    km = math.inf
    if point is not None:
        km = float(haversine(case.near.lat, case.near.lon, np.array([point.lat]), np.array([point.lon]))[0])
    return Sighted(one.service_site_id, point, km, one.score, bool(one.confirm), lambda: one)


@dataclass
class Told:
    """A search by a function; `open` names the candidates that are open."""

    finder: Finder = nothing
    open: frozenset[str] = frozenset()
    asked: list[tuple[Case, str, Bucket, int]] = field(default_factory=list)

    def find(self, case: Case, need: str, bucket: Bucket, limit: int) -> tuple[Ranked, ...]:
        self.asked.append((case, need, bucket, limit))
        return tuple(self.finder(case, need, bucket)[:limit])

    def sight(self, case: Case, need: str, bucket: Bucket, limit: int) -> tuple[Sighted, ...]:
        return tuple(sighted(case, one) for one in self.find(case, need, bucket, limit))

    def is_open(self, service_site_id: str, case: Case) -> bool:
        return service_site_id in self.open


def network() -> Network:
    """Social Development and police at every scope, a task team, a network without units."""
    net = Network()
    net.organisation("dsd", "government", department_code="DSD", org_type="government_department")
    net.organisation("saps", "government", department_code="SAPS", org_type="law_enforcement")
    net.organisation("team", "government", org_type="coordinating_body", province="ZA-LP")
    net.organisation("forum", org_type="coordinating_body", province="ZA-LP")
    net.organisation("far-forum", org_type="coordinating_body", province="ZA-WC")
    serve(net, "dsd-district", "dsd", "district", "DC35", functions=["case_management"])
    serve(net, "dsd-children", "dsd", "province", "ZA-LP", functions=["child_temporary_safe_care"])
    serve(net, "dsd-province", "dsd", "province", "ZA-LP", functions=["case_management", "follow_up"])
    serve(net, "dsd-country", "dsd", "national", functions=["case_management"])
    serve(net, "far-station", "saps", "district", "DC35", at=(-23.0, 29.0))
    serve(net, "near-station", "saps", "district", "DC35", at=(-23.91, 29.46))
    serve(net, "other-station", "saps", "district", "DC34", at=(-22.35, 30.05))
    serve(net, "saps-country", "saps", "national")
    serve(net, "team-office", "team", "province", "ZA-LP", functions=["case_management"])
    return net


def serve(net: Network, key: str, organisation: str, scope: str, *codes: str, **fields: Any) -> None:
    at = fields.pop("at", None)
    settled: dict[str, Any] = {"functions": ["police_report"], "level": "station_site" if at else scope, **fields}
    if at:
        where = {"lat": at[0], "lon": at[1], "district": codes[0], "confidential": False, "area_id": "area"}
        settled["site_id"] = net.add("sites", f"{key}-site", organisation_id=organisation, **where)
    net.unit(key, organisation, serves={"scope": scope, "codes": list(codes)}, **settled)


def units_of(net: Network) -> Units:
    records = by_id(net.collections)
    return Units(records, References.of_all(records), {})


def guide(search: Told | None = None, net: Network | None = None) -> Guide:
    net = net or network()
    return Guide(units_of(net), net.book(), search or Told(), HOTLINES, Asker())


# --- competent units -------------------------------------------------------------------------------------

SOCIAL = Wanted("DSD", ("child_temporary_safe_care", "case_management"))
REPORTING = Wanted("SAPS", ("police_report",))


def competent(
    wanted: Wanted, avoid: Avoid | None = None, near: Near = POLOKWANE, net: Network | None = None
) -> list[str]:
    units = units_of(net or network())
    return [unit.id for unit in units.competent(wanted, near, avoid or Avoid())]


def test_the_district_then_the_province_then_the_country() -> None:
    assert competent(SOCIAL) == ["dsd-district", "dsd-children", "dsd-province", "dsd-country"]


def test_the_nearer_station_of_the_district_first() -> None:
    assert competent(REPORTING) == ["near-station", "far-station", "saps-country"]


def test_a_place_without_district_asks_the_province() -> None:
    nowhere = replace(POLOKWANE, district=None)
    assert competent(SOCIAL, near=nowhere) == ["dsd-children", "dsd-province", "dsd-country"]
    assert competent(SOCIAL, near=replace(nowhere, province=None)) == ["dsd-country"]


def test_of_two_who_serve_the_province_the_one_with_more_of_the_functions() -> None:
    provincial = Wanted("DSD", ("case_management", "follow_up"), ("province",), any_function=True)
    net = network()
    net.collections["departments"][1]["functions"] += ["case_management"]
    assert competent(provincial, net=net) == ["dsd-province", "dsd-children"]
    assert competent(replace(provincial, functions=("legal_advice",), any_function=False)) == []


@pytest.mark.parametrize("how", [{"status": "closed"}, {"suspended": True}])
def test_closed_and_suspended_units_are_not_competent(how: dict[str, Any]) -> None:
    net = network()
    net.collections["departments"][4].update(how)  # far-station
    assert competent(REPORTING, net=net) == ["near-station", "saps-country"]
    net.collections["organisations"][1].update(how)
    assert competent(REPORTING, net=net) == []


@pytest.mark.parametrize(
    ("avoid", "left"),
    [
        (Avoid(departments=frozenset({"near-station"})), ["far-station", "saps-country"]),
        (Avoid(organisations=frozenset({"saps"})), []),
        (Avoid(districts=frozenset({"DC35"})), ["saps-country"]),
        (Avoid(circles=(Circle(-23.9, 29.45, 20.0),)), ["far-station", "saps-country"]),
        (Avoid(circles=(Circle(-23.9, 29.45, 500.0),)), ["saps-country"]),
    ],
)
def test_an_avoided_unit_gives_way_to_the_second(avoid: Avoid, left: list[str]) -> None:
    assert competent(REPORTING, avoid) == left


def test_a_local_office_of_unknown_place_is_avoided_with_any_place() -> None:
    circle = Avoid(circles=(Circle(-34.0, 18.0, 10.0),))
    assert competent(SOCIAL, circle) == ["dsd-children", "dsd-province", "dsd-country"]


def test_a_unit_is_where_its_services_are_given_when_it_has_no_site() -> None:
    net = network()
    net.add("sites", "desk-site", organisation_id="dsd", lat=-23.9, lon=29.45, district="DC35", confidential=False)
    net.add("services", "desk-service", organisation_id="dsd", department_id="dsd-district")
    net.add("service_sites", "desk", service_id="desk-service", site_id="desk-site")
    elsewhere = Avoid(circles=(Circle(-34.0, 18.0, 10.0),))
    assert competent(SOCIAL, elsewhere, net=net)[0] == "dsd-district"
    assert competent(SOCIAL, Avoid(circles=(Circle(-23.9, 29.5, 10.0),)), net=net)[0] == "dsd-children"


# --- first -----------------------------------------------------------------------------------------------


def steps(asked: Case, search: Told | None = None) -> dict[str, str | None]:
    found = first_steps(asked, guide(search))
    return {step.code: step.contact.name if step.contact else None for step in found}


def test_she_is_always_asked_first() -> None:
    assert steps(case(WOMAN)) == {"ask_her_first": None}
    assert steps(case()) == {"ask_her_first": None}


def emergency(*places: Ranked, bucket: Bucket = "suitable") -> Finder:
    def finder(case: Case, need: str, wanted: Bucket) -> list[Ranked]:
        return list(places) if (need, wanted) == ("medical_emergency", bucket) else []

    return finder


@pytest.mark.parametrize("profile", [Profile(medical_acuity="high"), Profile(mental_acuity="high")])
def test_high_acuity_leads_to_the_nearest_open_emergency_service(profile: Profile) -> None:
    search = Told(emergency(place("closed", 1), place("open", 5), place("later", 9)), frozenset({"open", "later"}))
    assert steps(case(WOMAN, profile=profile, max_km=3), search)["emergency_care"] == "open service, open"
    asked, need, _, _ = search.asked[0]
    assert (asked.sort, asked.max_km, asked.needs, need) == (
        "nearest",
        None,
        ("medical_emergency",),
        "medical_emergency",
    )


def test_an_emergency_service_to_confirm_may_be_the_nearest() -> None:
    def finder(case: Case, need: str, bucket: Bucket) -> list[Ranked]:
        return [place("sure", 30)] if bucket == "suitable" else [place("stale", 4)]

    search = Told(finder, frozenset({"sure", "stale"}))
    assert (
        steps(case(WOMAN, profile=Profile(medical_acuity="high")), search)["emergency_care"] == "stale service, stale"
    )


def test_the_search_for_an_open_one_widens_until_it_is_found() -> None:
    places = [place(f"{km:03}", km) for km in range(100)]
    search = Told(emergency(*places), frozenset({"077"}))
    assert steps(case(profile=Profile(medical_acuity="high")), search)["emergency_care"] == "077 service, 077"


def test_the_nearest_is_not_missed_behind_a_full_page_of_the_other_bucket() -> None:
    def finder(case: Case, need: str, bucket: Bucket) -> list[Ranked]:
        if bucket == "suitable":
            return [place(f"s{km:03}", km) for km in range(20)]
        return [place("confirm", 500)]

    search = Told(finder, frozenset({"s015", "confirm"}))
    assert steps(case(profile=Profile(medical_acuity="high")), search)["emergency_care"] == "s015 service, s015"


def test_without_an_open_one_the_ambulance_is_called() -> None:
    assert steps(case(profile=Profile(medical_acuity="high")))["emergency_care"] == "Ambulance"


def test_time_critical_leads_to_examination_and_medicine() -> None:
    def finder(case: Case, need: str, bucket: Bucket) -> list[Ranked]:
        return [place(need, 3)] if bucket == "suitable" else []

    search = Told(finder, frozenset({"forensic_exam", "pep_srh"}))
    found = steps(case(WOMAN, profile=Profile(time_critical=True)), search)
    assert list(found) == ["ask_her_first", "forensic_exam", "pep_srh"]
    assert found["pep_srh"] == "pep_srh service, pep_srh"


def test_an_unaccompanied_child_is_placed_by_a_social_worker_and_reported() -> None:
    found = steps(case(GIRL))
    assert found == {"ask_her_first": None, "child_social_worker": "dsd-district", "child_report": "near-station"}
    assert "child_report" in steps(case(Member(age=30, age_disputed=True)))
    assert "child_report" not in steps(case(WOMAN, SON))
    assert "child_report" not in steps(case(Member()))


def test_without_police_that_may_be_named_the_child_is_reported_to_the_emergency_number() -> None:
    found = steps(case(GIRL, avoid=Avoid(organisations=frozenset({"saps"}))))
    assert found["child_report"] == "Police emergency"


# --- duties ----------------------------------------------------------------------------------------------


def owed(asked: Case, net: Network | None = None) -> dict[str, str | None]:
    found = duties(asked, guide(net=net))
    return {duty.code: duty.who.department_id if duty.who else None for duty in found}


def test_a_woman_who_needs_a_bed() -> None:
    assert owed(case(WOMAN)) == {
        "s19_1": "near-station",
        "s19_2": "near-station",
        "reg_12_2": "dsd-province",
        "needs_assessment": None,
        "reg_17": "dsd-province",
    }


def test_a_child_must_be_reported_and_placed() -> None:
    found = owed(case(GIRL))
    assert (found["s18_1"], found["reg_53"]) == ("near-station", "dsd-district")
    assert "s19_1" not in found


def test_mother_and_son_have_both_duties_to_report_and_no_placement() -> None:
    found = owed(case(WOMAN, SON))
    assert {"s18_1", "s19_1", "s19_2"} <= set(found)
    assert "reg_53" not in found


def test_an_unknown_age_shows_both() -> None:
    assert {"s18_1", "s19_1"} <= set(owed(case()))
    assert {"s18_1", "s19_1"} <= set(owed(case(Member(gender="female"))))


@pytest.mark.parametrize(
    ("profile", "code", "expected"),
    [
        (Profile(legal_basis="s19_police"), "s19_5b", True),
        (Profile(legal_basis="self_referral"), "s19_5b", False),
        (Profile(legal_basis="s22_prosecutor"), "s22", True),
        (Profile(recognition="letter_issued"), "reg_17_care_plan", True),
        (Profile(recognition="letter_issued"), "reg_17", False),
        (Profile(recognition="appeal"), "reg_17", True),
    ],
)
def test_duties_by_case(profile: Profile, code: str, expected: bool) -> None:
    assert (code in owed(case(WOMAN, profile=profile))) is expected


def test_no_bed_no_notice() -> None:
    found = owed(case(WOMAN, needs=("medical_general", "safe_return")))
    assert "reg_12_2" not in found
    assert found["s31"] == "dsd-province"


def test_who_is_the_second_unit_when_the_first_is_avoided_and_nobody_when_all_are() -> None:
    first = Avoid(departments=frozenset({"near-station"}))
    assert owed(case(WOMAN, avoid=first))["s19_1"] == "far-station"
    assert owed(case(WOMAN, avoid=Avoid(organisations=frozenset({"saps", "dsd"}))))["s19_1"] is None


def test_who_carries_contacts_and_grade() -> None:
    net = network()
    net.channel("line", "department", "near-station", "+2710", tested_at=NOW, visibility="public")
    found = {duty.code: duty for duty in duties(case(WOMAN), guide(net=net))}
    who = found["s19_1"].who
    assert who is not None
    assert (who.name, who.contacts.grade, who.contacts.call[0].value) == ("near-station", "single_channel", "+2710")


def test_every_duty_has_its_source_and_the_visa_not_in_force_is_none() -> None:
    assert all(rule.source and rule.text for rule in RULES)
    assert not any("s15" in rule.code or "visa" in rule.text for rule in RULES)


# --- alternatives ----------------------------------------------------------------------------------------


def result(*confirm: Ranked, suitable: tuple[Ranked, ...] = (), need: str = "shelter_emergency") -> NeedResult:
    return NeedResult(need, None, suitable, confirm, (), Excluded(0, (), ()))


def ways(asked: Case, found: NeedResult, search: Told | None = None) -> list[Alternative]:
    return list(alternatives(asked, found, guide(search)))


def codes(found: list[Alternative]) -> list[str]:
    return list(dict.fromkeys(alternative.code for alternative in found))


def everywhere(asked: Case, need: str, bucket: Bucket) -> list[Ranked]:
    """Far places take all, near ones take women alone or boys alone; hospital and police are open."""
    if need in ("medical_emergency", "police_report"):
        return [place(need, 2)] if bucket == "suitable" else []
    if bucket != "suitable":
        return []
    if len(asked.party) > 1:
        return [place("far", 700)] if asked.max_km is None else []
    return [place("women", 10)] if asked.party[0].gender == "female" else [place("boys", 50)]


def test_the_order_of_ways_out() -> None:
    search = Told(everywhere, frozenset({"medical_emergency", "police_report"}))
    found = ways(case(WOMAN, SON, max_km=500), result(place("maybe", 20)), search)
    assert codes(found) == [
        "together_case_by_case",
        "together_farther",
        "separately",
        "safe_tonight",
        "duty_line",
        "coordinator",
        "hotline",
    ]
    named = [alternative.contact.name for alternative in found if alternative.contact]
    assert named == [
        "medical_emergency service, medical_emergency",
        "police_report service, police_report",
        "dsd-province",
        "team-office",
        "forum",
        "Trafficking Hotline",
        "Childline",
    ]


def test_only_a_residential_need_without_anything_suitable() -> None:
    assert ways(case(WOMAN), result(suitable=(place("home", 1),))) == []
    assert ways(case(WOMAN), result(need="legal_advice")) == []


def test_never_blank_even_in_an_empty_registry() -> None:
    empty = Guide(units_of(Network()), Network().book(), Told(), HOTLINES, Asker())
    assert codes(list(alternatives(case(WOMAN), result(), empty))) == ["hotline"]


def test_farther_needs_a_distance_that_was_asked_for() -> None:
    assert "together_farther" not in codes(ways(case(WOMAN, SON), result(), Told(everywhere)))


def test_farther_and_to_be_asked_when_nothing_else_is_left() -> None:
    def finder(asked: Case, need: str, bucket: Bucket) -> list[Ranked]:
        return [place("far", 700)] if bucket == "confirm_by_phone" and asked.max_km is None else []

    found = ways(case(WOMAN, max_km=500), result(), Told(finder))
    assert found[0].code == "together_farther"
    assert "asking" in found[0].text
    assert "together_farther" not in codes(ways(case(WOMAN, max_km=500), result(place("maybe", 3)), Told(finder)))


def test_separately_shows_who_goes_where_and_the_distance_between() -> None:
    found = [one for one in ways(case(WOMAN, SON), result(), Told(everywhere)) if one.code == "separately"]
    assert [(group.members, group.candidate.service_site_id) for group in found[0].groups] == [
        ((0,), "women"),
        ((1,), "boys"),
    ]
    assert found[0].distance_between == "25-50"
    assert "25-50 km apart" in found[0].text
    assert "social worker" in found[0].text


def test_one_person_is_never_divided() -> None:
    assert "separately" not in codes(ways(case(WOMAN), result(), Told(everywhere)))


def test_a_division_that_leaves_no_child_alone_comes_first() -> None:
    sister = Member(age=40, gender="female")

    def finder(asked: Case, need: str, bucket: Bucket) -> list[Ranked]:
        small = len(asked.party) < 3 and bucket == "suitable"
        return [place("one", 10), place("two", 20)] if small else []

    best, *_ = divisions(case(WOMAN, sister, SON), "shelter_emergency", guide(Told(finder)), 3)
    assert best.alone == 0
    assert best.members in (((0,), (1, 2)), ((0, 2), (1,)))
    assert best.places[0].service_site_id != best.places[1].service_site_id


def test_places_that_must_be_asked_come_after_those_that_are_sure() -> None:
    def finder(asked: Case, need: str, bucket: Bucket) -> list[Ranked]:
        if len(asked.party) != 1:
            return []
        if asked.party[0].gender == "female":
            return [place("women", 10)] if bucket == "suitable" else []
        ask = place("ask", 11, confirm=(Confirm("gender", "Whom do you accept?"),))
        return [ask] if bucket == "confirm_by_phone" else []

    found = divisions(case(WOMAN, SON), "shelter_emergency", guide(Told(finder)), 3)
    assert [division.asked for division in found] == [1]


def test_a_large_party_is_divided_in_few_ways() -> None:
    party = [WOMAN, *(replace(SON, age=age) for age in range(5, 14))]
    search = Told(everywhere)
    divisions(case(*party), "shelter_emergency", guide(search), 3)
    assert len(party) > SMALL_PARTY
    assert len(search.asked) < 60


def test_an_avoided_coordinator_is_not_named() -> None:
    asked = case(WOMAN, avoid=Avoid(organisations=frozenset({"team", "forum"})))
    named = [one.contact.name for one in ways(asked, result()) if one.contact]
    assert "team-office" not in named
    assert "forum" not in named


def test_a_child_alone_is_sent_to_those_who_place_children() -> None:
    named = {one.code: one.contact.name for one in ways(case(GIRL), result()) if one.contact}
    assert named["duty_line"] == "dsd-children"
