"""The reference data hold together: codes are unique and complete, references resolve, facts have sources."""

import csv
import json
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import phonenumbers
import pytest

from directory import geography

REFERENCE = Path(__file__).parents[2] / "seed" / "reference"

EXPECTED = {
    "org_type": "government_department law_enforcement prosecution shelter child_youth_care_centre health_facility "
    "thuthuzela_care_centre ngo faith_based community_based legal_clinic international_organisation embassy "
    "coordinating_body helpline academic media",
    "sector": "government civil_society international private",
    "department": "SAPS DPCI NPA DOJCD DSD DHA DOH DEL SARS MAGISTRATES BMA LEGAL_AID DIRCO OTHER",
    "level": "national provincial district station_site",
    "contact_role": "focal_point deputy after_hours_duty manager social_worker investigating_officer prosecutor "
    "immigration_officer health_focal labour_inspector intake_officer data_custodian",
    "channel_kind": "person_phone person_email role_mailbox duty_line on_call_roster",
    "visibility": "public network restricted",
    "response": "acted slow poor none",
    "frequency": "daily weekly monthly quarterly rarely",
    "support_level": "high medium low",
    "link_type": "referral_sent referral_received info_sharing joint_case task_team_seat training funding mou_sop",
    "stage": "identification screening rescue_safety referral assessment_recognition shelter_admission "
    "child_placement care care_plan documentation_status investigation prosecution witness_protection "
    "return_reintegration",
    "legal_basis": "s19_police s18_child s22_prosecutor self_referral ngo_pre_recognition",
    "recognition": "none suspected letter_issued letter_refused appeal",
    "gender": "female male other",
    "sex_gender": "female male any",
    "trans_policy": "by_identity case_by_case no unknown",
    "relation": "child sibling partner parent other",
    "age_band": "0-5 6-11 12-15 16-17 18-24 25-59 60+",
    "substance": "none stable active detox_onsite",
    "acuity": "low moderate high",
    "cost": "free sliding fee",
    "setting": "open semi_open closed",
    "delivery": "on_site mobile remote",
}
SERVICES = """
shelter_emergency shelter_second_stage shelter_long_term child_temporary_safe_care child_youth_care_centre
medical_emergency medical_general forensic_exam pep_srh maternity mental_health detox_rehab
counselling case_management legal_advice legal_representation protection_order police_report
investigation witness_protection prosecution_liaison court_prep interpreting sign_interpreting
documentation immigration_status family_tracing transport food_clothing child_programme
education_skills labour_claim tax_financial compensation safe_return reintegration follow_up hotline
"""
EMERGENCY = {"medical_emergency", "hotline", "police_report", "forensic_exam", "pep_srh"}
SAME_NAME = {"balfour", "brandvlei", "frankfort", "glenmore", "heidelberg", "middelburg", "mogwase", "springs"} | {
    "welverdiend"
}


def read(name: str) -> Any:
    return json.loads((REFERENCE / name).read_text(encoding="utf-8"))


SETS: dict[str, list[dict[str, Any]]] = read("vocabulary.json")["sets"]


@pytest.mark.parametrize("name", sorted(SETS))
def test_codes_of_a_set_are_unique_and_labelled(name: str) -> None:
    codes = [term["code"] for term in SETS[name]]
    assert len(codes) == len(set(codes))
    assert all(term["label"].strip() for term in SETS[name])


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_sets_hold_the_agreed_codes(name: str) -> None:
    assert [term["code"] for term in SETS[name]] == EXPECTED[name].split()


def test_services_have_group_and_urgency() -> None:
    services = {term["code"]: term for term in SETS["service"]}
    assert list(services) == SERVICES.split()
    residential = {c for c in services if c.startswith(("shelter_", "child_temporary", "child_youth"))}
    assert {c for c, t in services.items() if t["group"] == "residential"} == residential
    assert {c for c, t in services.items() if t["group"] == "emergency"} == EMERGENCY
    assert {t["group"] for t in services.values()} == {"residential", "emergency", None}
    assert {t["urgency"] for t in services.values()} == {1, 2, 3, 4, 5}
    most_urgent = EMERGENCY | {"shelter_emergency", "child_temporary_safe_care"}
    assert {c for c, t in services.items() if t["urgency"] == 1} == most_urgent
    assert services["follow_up"]["urgency"] == 5


def test_age_bands_follow_each_other_without_gap() -> None:
    bands = SETS["age_band"]
    assert bands[0]["min"] == 0
    assert [band["min"] for band in bands[1:]] == [band["max"] + 1 for band in bands[:-1]]


def test_only_channels_that_outlive_a_person_are_institutional() -> None:
    institutional = {term["code"] for term in SETS["channel_kind"] if term["institutional"]}
    assert institutional == {"role_mailbox", "duty_line", "on_call_roster"}


def test_eligibility_names_a_set_or_a_kind_of_value() -> None:
    assert {term["value"] for term in SETS["eligibility"]} <= {*SETS, "integer", "count"}


def test_provinces_districts_and_outlines_agree() -> None:
    provinces = {row["code"] for row in read("provinces.json")}
    assert len(provinces) == 9
    assert {f["properties"]["code"] for f in read("provinces.geojson")["features"]} == provinces
    districts = read("districts.json")
    assert len({row["code"] for row in districts}) == 52
    assert {row["province"] for row in districts} == provinces


def test_every_place_has_district_area_and_province_that_agree() -> None:
    areas = {area["id"]: area for area in read("published_areas.json")["areas"]}
    assert len(geography.places()) == len(geography.places_by_id()) == 989
    for place in geography.places():
        assert geography.districts()[place.district].province == place.province, place.name
        area = areas[place.area_id]
        assert area["province"] == place.province, place.name
        assert place.id in area["place_ids"]
        assert place.district in area["districts"]


def test_seats_resolve_to_the_place_of_their_name() -> None:
    for district in geography.districts().values():
        seat = geography.places_by_id()[district.seat_place_id]
        assert seat.name == district.seat
        assert seat.province == district.province
        assert geography.resolve_place(district.seat, district.province) == seat
        assert abs(seat.lat - district.lat) < 0.03
        assert abs(seat.lon - district.lon) < 0.03


def test_middelburg_is_two_towns() -> None:
    with pytest.raises(geography.AmbiguousPlace) as caught:
        geography.resolve_place("Middelburg")
    assert {p.province for p in caught.value.candidates} == {"ZA-EC", "ZA-MP"}
    assert geography.resolve_place("Middelburg", "ZA-MP").district == "DC31"


def test_umlazi_is_not_in_the_gazetteer() -> None:
    with pytest.raises(geography.AmbiguousPlace):
        geography.resolve_place("Umlazi")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Queenstown", "Komani"),
        ("Port Elizabeth", "Gqeberha"),
        ("Nelspruit", "Mbombela"),
        ("Pietersburg", "Polokwane"),
        ("Grahamstown", "Makhanda"),
        ("Witbank", "eMalahleni"),
        ("Mafikeng", "Mahikeng"),
        ("Umtata", "Mthatha"),
        ("Makhado", "Louis Trichardt"),
        ("Warmbaths", "Bela Bela"),
        ("Stanger", "KwaDukuza"),
        ("King William's Town", "Qonce"),
        ("Kaapstad", "Cape Town"),
        ("Port St Johns", "Port Saint John\u2019s"),
    ],
)
def test_old_and_new_names_find_the_same_town(old: str, new: str) -> None:
    assert geography.resolve_place(old) == geography.resolve_place(new)
    assert geography.resolve_place(old).name == new


def test_groblersdal_lies_in_limpopo() -> None:
    place = geography.resolve_place("Groblersdal")
    assert (place.province, place.district) == ("ZA-LP", "DC47")


def test_no_alternate_name_makes_a_town_ambiguous() -> None:
    names = Counter(
        name for p in geography.places() for name in {geography.normalise(n) for n in (p.name, *p.alternate_names)}
    )
    assert {name for name, count in names.items() if count > 1} == SAME_NAME


def test_places_file_keeps_its_columns() -> None:
    with (REFERENCE / "places.csv").open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    assert header == "id name alternate_names lat lon population province district area_id".replace(" ", ",").split(",")


def test_hotlines_are_sourced_and_dialled_as_printed() -> None:
    hotlines = read("hotlines.json")
    assert hotlines[0]["number_dialled"] == "0800 222 777"
    kinds = {term["code"] for term in SETS["hotline_kind"]}
    for line in hotlines:
        assert line["source"].startswith(("https://", "http://"))
        assert date.fromisoformat(line["verified_on"]) >= date(2026, 1, 1)
        assert line["kind"] in kinds
        assert line["hours"] in ("24h", None)
        dialled = re.sub(r"\D", "", line["number_dialled"])
        if line["number"].startswith("+"):
            assert phonenumbers.is_valid_number(phonenumbers.parse(line["number"]))
            assert line["number"] == "+27" + dialled.removeprefix("0")
        else:
            assert line["number"] == dialled


def test_departments_use_known_codes_and_name_their_law() -> None:
    departments = read("departments.json")
    assert {d["code"] for d in departments} == {t["code"] for t in SETS["department"]} - {"OTHER"}
    for department in departments:
        assert department["role"]
        assert department["source"]
        assert set(department["functions"]) <= {t["code"] for t in SETS["service"]}
        assert department["functions"]
        assert set(department["stages"]) <= {t["code"] for t in SETS["stage"]}


def test_stages_are_all_there_with_sourced_duties() -> None:
    rows = read("stages.json")
    assert list(dict.fromkeys(r["stage"] for r in rows)) == EXPECTED["stage"].split()
    labels = {term["code"]: term["label"] for term in SETS["stage"]}
    assert all(row["label"] == labels[row["stage"]] for row in rows)
    assert all(bool(row["duty"]) == bool(row["source"]) for row in rows)
    assert {lead for row in rows for lead in row["lead"]} <= {t["code"] for t in SETS["department"]}


def test_the_visa_that_is_not_in_force_says_so() -> None:
    (visa,) = [row for row in read("stages.json") if row["code"] == "s15"]
    assert visa["in_force"] is False
    assert date.fromisoformat(visa["verified_on"])
