"""Situations for every hard rule: what fits, what is refused, what nobody knows, what the case does not say, whom it
does not govern.

One line a situation: the rule, what the house is, what is asked, and where the candidate goes for it."""

from typing import Any

from matching.types import Avoid, Circle, Member
from tests.matching.single import NOW, ago, certificate

PASS, CONFIRM, OUT, OUT_UNKNOWN = "pass", "confirm", "excluded: said", "excluded: unknown"

MAN = Member(age=40, gender="male")
WOMAN = Member(age=29, gender="female")
TRANS = Member(age=29, gender="female", trans=True)
GIRL = Member(age=15, gender="female")
BOY = Member(age=13, gender="male", relation="child")
NOBODY_SAID = Member()
SUPPORT = ("medical_general",)
URGENT = ("medical_emergency",)
CLINIC = {"codes": SUPPORT}
AMBULANCE = {"codes": URGENT}
SAFE_CARE = {"codes": ("child_temporary_safe_care",)}


def says(**eligibility: Any) -> dict[str, Any]:
    return {"says": eligibility}


def party(*members: Member) -> dict[str, Any]:
    return {"party": members}


def about(**profile: Any) -> dict[str, Any]:
    return {"profile": profile}


def at_a_clinic(**profile: Any) -> dict[str, Any]:
    return {**needs(*SUPPORT), **about(**profile)}


def needs(*codes: str) -> dict[str, Any]:
    return {"needs": codes}


def room(available: int | None, hours: float = 1, unit: str = "bed") -> dict[str, Any]:
    return {"here": {"capacity": {"unit": unit, "total": 9, "available": available, "as_of": ago(hours=hours)}}}


def band(shown: str) -> dict[str, Any]:
    return {"here": {"capacity": {"unit": "bed", "band": shown, "as_of": NOW}}, "site": {"confidential": True}}


def accredited(**changed: Any) -> dict[str, Any]:
    return {"organisation": {"accreditation": certificate(**changed)}}


def unit(area: Any, **service: Any) -> dict[str, Any]:
    return {**CLINIC, "unit": {"serves": area}, "service": service}


def serves(scope: str, *codes: str) -> dict[str, Any]:
    return {"scope": scope, "codes": list(codes)}


HOURS = {"days": ["sat"], "opens": "20:00", "closes": "06:00"}
POLICE = about(legal_basis="s19_police")
AMHARIC = {"languages": ("amh",), "language_required": True}
MUSINA = Circle(-22.35, 30.04, 50)

SITUATIONS: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("active", {}, {}, PASS),
    ("active", {"organisation": {"status": "closed"}}, {}, OUT),
    ("active", {"organisation": {"suspended": True}}, {}, OUT),
    ("active", {"service": {"status": "closed"}}, {}, OUT),
    ("active", {"here": {"status": "closed"}}, {}, OUT),
    ("active", {"site": {"status": "closed"}}, {}, OUT),
    ("active", unit(serves("national"), status="closed"), needs(*SUPPORT), OUT),
    ("active", {**CLINIC, "unit": {"suspended": True}}, needs(*SUPPORT), OUT),
    ("active", {**AMBULANCE, "organisation": {"status": "closed"}}, needs(*URGENT), OUT),
    ("competent_area", unit(serves("national")), needs(*SUPPORT), PASS),
    ("competent_area", unit(serves("province", "ZA-LP")), needs(*SUPPORT), PASS),
    ("competent_area", unit(serves("province", "ZA-GP")), needs(*SUPPORT), OUT),
    ("competent_area", unit(serves("district", "DC35", "DC34")), needs(*SUPPORT), PASS),
    ("competent_area", unit(serves("district", "DC34")), needs(*SUPPORT), OUT),
    ("competent_area", unit(None), needs(*SUPPORT), CONFIRM),
    ("competent_area", unit(serves("national"), serves=serves("district", "DC34")), needs(*SUPPORT), OUT),
    ("competent_area", {**CLINIC, "service": {"serves": serves("district", "DC34")}}, needs(*SUPPORT), PASS),
    ("competent_area", {"unit": {"serves": serves("district", "DC34")}}, {}, PASS),
    ("avoided", {}, {"avoid": Avoid(districts=frozenset({"DC34"}))}, PASS),
    ("avoided", {}, {"avoid": Avoid(districts=frozenset({"DC35"}))}, OUT),
    ("avoided", {"site": {"district": None}}, {"avoid": Avoid(districts=frozenset({"DC34"}))}, OUT_UNKNOWN),
    ("avoided", {"site": None}, {"avoid": Avoid(circles=(MUSINA,))}, OUT_UNKNOWN),
    ("avoided", {"site": None, "service": {"delivery": "remote"}}, {"avoid": Avoid(circles=(MUSINA,))}, PASS),
    ("avoided", {}, {"avoid": Avoid(circles=(MUSINA,))}, PASS),
    ("avoided", {}, {"avoid": Avoid(circles=(Circle(-24.0, 29.45, 12),))}, OUT),
    ("avoided", {}, {"avoid": Avoid(circles=(Circle(-24.0, 29.45, 11),))}, PASS),
    ("avoided", {"site": {"confidential": True}}, {"avoid": Avoid(circles=(Circle(-24.0, 29.45, 0),))}, OUT),
    ("avoided", {}, {"avoid": Avoid(organisations=frozenset({"org-a"}))}, OUT),
    ("avoided", {}, {"avoid": Avoid(organisations=frozenset({"org-b"}))}, PASS),
    ("avoided", {"unit": {"organisation_id": "parent"}}, {"avoid": Avoid(organisations=frozenset({"parent"}))}, OUT),
    ("avoided", {"unit": {}}, {"avoid": Avoid(departments=frozenset({"unit-a"}))}, OUT),
    ("avoided", AMBULANCE, {**needs(*URGENT), "avoid": Avoid(districts=frozenset({"DC35"}))}, OUT),
    ("unaccompanied_child", {}, {}, PASS),
    ("unaccompanied_child", {}, party(NOBODY_SAID), CONFIRM),
    ("unaccompanied_child", {}, {"party": ()}, CONFIRM),
    ("unaccompanied_child", {}, party(WOMAN, NOBODY_SAID), PASS),
    ("unaccompanied_child", SAFE_CARE, party(GIRL), PASS),
    ("unaccompanied_child", {**SAFE_CARE, **says(unaccompanied_minor="no")}, party(GIRL), OUT),
    ("unaccompanied_child", {**SAFE_CARE, **says(unaccompanied_minor=None)}, party(GIRL), OUT_UNKNOWN),
    ("unaccompanied_child", {**SAFE_CARE, **says(unaccompanied_minor="case_by_case")}, party(GIRL), CONFIRM),
    ("unaccompanied_child", SAFE_CARE, party(Member(age=25, age_disputed=True)), PASS),
    ("unaccompanied_child", {"codes": ("shelter_long_term",)}, {**needs("shelter_long_term"), **party(GIRL)}, OUT),
    ("unaccompanied_child", CLINIC, {**needs(*SUPPORT), **party(GIRL)}, PASS),
    ("gender", says(sex_gender="female"), {}, PASS),
    ("gender", says(sex_gender="female"), party(MAN), OUT),
    ("gender", says(sex_gender="female"), party(WOMAN, MAN), OUT),
    ("gender", says(sex_gender="female"), party(WOMAN, BOY), PASS),
    ("gender", says(sex_gender="any"), party(WOMAN, MAN), PASS),
    ("gender", says(sex_gender="any"), party(Member(age=30, gender="other")), PASS),
    ("gender", says(sex_gender="male"), party(Member(age=30, gender="other")), OUT),
    ("gender", says(sex_gender="case_by_case"), {}, CONFIRM),
    ("gender", says(sex_gender=None), {}, CONFIRM),
    ("gender", says(sex_gender="any"), party(Member(age=30)), CONFIRM),
    ("gender", says(sex_gender=None), party(Member(age=30)), CONFIRM),
    ("gender", {**SAFE_CARE, **says(sex_gender="male")}, party(GIRL), OUT),
    ("gender", says(sex_gender="female"), party(Member(gender="male")), OUT),
    ("gender", {**CLINIC, **says(sex_gender="male")}, needs(*SUPPORT), PASS),
    ("trans_policy", {}, party(TRANS), PASS),
    ("trans_policy", says(trans_policy="no"), party(TRANS), OUT),
    ("trans_policy", says(trans_policy="case_by_case"), party(TRANS), CONFIRM),
    ("trans_policy", says(trans_policy=None), party(TRANS), CONFIRM),
    ("trans_policy", says(trans_policy="no"), party(WOMAN), PASS),
    ("trans_policy", says(trans_policy="no"), party(Member(age=29, gender="female", trans=False)), PASS),
    ("trans_policy", {**CLINIC, **says(trans_policy="no")}, {**needs(*SUPPORT), **party(TRANS)}, PASS),
    ("age", says(age_min=18, age_max=60), {}, PASS),
    ("age", says(age_min=30), {}, OUT),
    ("age", says(age_max=28), {}, OUT),
    ("age", says(age_min=None), {}, CONFIRM),
    ("age", says(age_min=None, age_max=20), {}, OUT),
    ("age", says(age_max="case_by_case"), {}, CONFIRM),
    ("age", {}, party(NOBODY_SAID), CONFIRM),
    ("age", says(age_max=50), party(Member(age_band="25-59", gender="female")), CONFIRM),
    ("age", says(age_min=25, age_max=59), party(Member(age_band="25-59", gender="female")), PASS),
    ("age", says(age_max=130), party(Member(age_band="60+", gender="female")), PASS),
    ("age", says(age_min=18), party(WOMAN, BOY), PASS),
    ("age", {**SAFE_CARE, **says(age_max=14)}, party(GIRL), OUT),
    ("age", {**SAFE_CARE, **says(age_max=17)}, party(Member(age=25, age_disputed=True)), PASS),
    ("age", {**CLINIC, **says(age_min=60)}, needs(*SUPPORT), PASS),
    ("age_caps", {}, party(WOMAN, BOY), PASS),
    ("age_caps", says(boy_child_max_age=12), party(WOMAN, BOY), OUT),
    ("age_caps", says(boy_child_max_age=13), party(WOMAN, BOY), PASS),
    ("age_caps", says(boy_child_max_age=None), party(WOMAN, BOY), CONFIRM),
    ("age_caps", says(girl_child_max_age=5), party(WOMAN, BOY), PASS),
    ("age_caps", says(girl_child_max_age=14), party(WOMAN, GIRL), OUT),
    ("age_caps", says(boy_child_max_age=13), party(WOMAN, Member(age_band="12-15", gender="male")), CONFIRM),
    ("age_caps", says(children_with_adult=1), party(WOMAN, BOY, GIRL), OUT),
    ("age_caps", says(children_with_adult="no"), party(WOMAN, BOY), OUT),
    ("age_caps", says(children_with_adult="case_by_case"), party(WOMAN, BOY), CONFIRM),
    ("age_caps", says(children_with_adult=None), party(WOMAN, BOY), CONFIRM),
    ("age_caps", {}, party(WOMAN, Member(age=9)), CONFIRM),
    ("age_caps", says(boy_child_max_age=5), party(WOMAN, Member(age=9, gender="other")), CONFIRM),
    ("age_caps", {}, party(WOMAN, Member(age=9, gender="other")), CONFIRM),
    ("age_caps", says(boy_child_max_age=16), party(WOMAN, Member(age=19, gender="male", age_disputed=True)), OUT),
    ("age_caps", says(children_with_adult="no"), {}, PASS),
    ("age_caps", {**CLINIC, **says(children_with_adult="no")}, {**needs(*SUPPORT), **party(WOMAN, BOY)}, PASS),
    ("party_size", room(2), party(WOMAN, BOY), PASS),
    ("party_size", room(1), party(WOMAN, BOY), OUT),
    ("party_size", room(1, unit="room"), party(WOMAN, BOY), PASS),
    ("party_size", room(0, unit="room"), {}, OUT),
    ("party_size", room(9, hours=24), {}, PASS),
    ("party_size", room(9, hours=24.01), {}, CONFIRM),
    ("party_size", room(0, hours=24.01), {}, CONFIRM),
    ("party_size", room(None), {}, CONFIRM),
    ("party_size", {"here": {"capacity": None}}, {}, CONFIRM),
    ("party_size", room(1), {"party": ()}, PASS),
    ("party_size", band("none"), {}, OUT),
    ("party_size", band("1-2"), {}, PASS),
    ("party_size", band("1-2"), party(WOMAN, BOY), CONFIRM),
    ("party_size", band("1-2"), party(WOMAN, BOY, GIRL, MAN), CONFIRM),
    ("party_size", band("3+"), party(WOMAN, BOY, GIRL), PASS),
    ("party_size", band("3+"), party(WOMAN, BOY, GIRL, MAN), CONFIRM),
    ("party_size", {**CLINIC, **room(0)}, needs(*SUPPORT), PASS),
    ("accreditation", accredited(), POLICE, PASS),
    ("accreditation", accredited(status="lapsed"), POLICE, OUT),
    ("accreditation", accredited(status="none", issued=None, expires=None), POLICE, OUT),
    ("accreditation", accredited(expires=NOW.date()), POLICE, PASS),
    ("accreditation", accredited(expires=ago(days=1).date()), POLICE, OUT),
    ("accreditation", accredited(issued=ago(days=-1).date()), POLICE, OUT),
    ("accreditation", accredited(issued=None), POLICE, OUT_UNKNOWN),
    ("accreditation", accredited(issued=None, expires=ago(days=1).date()), POLICE, OUT),
    ("accreditation", accredited(status="unknown"), POLICE, OUT_UNKNOWN),
    ("accreditation", {}, POLICE, OUT_UNKNOWN),
    ("accreditation", {}, {**POLICE, **party(NOBODY_SAID)}, OUT_UNKNOWN),
    ("accreditation", SAFE_CARE, {**POLICE, **party(GIRL)}, PASS),
    ("accreditation", {}, about(legal_basis="self_referral"), PASS),
    ("accreditation", {}, {}, PASS),
    ("accreditation", CLINIC, {**POLICE, **needs(*SUPPORT)}, PASS),
    ("mental_acuity", says(mental_acuity_max="moderate"), about(mental_acuity="moderate"), PASS),
    ("mental_acuity", says(mental_acuity_max="low"), about(mental_acuity="moderate"), OUT),
    ("mental_acuity", says(mental_acuity_max=None), about(mental_acuity="moderate"), CONFIRM),
    ("mental_acuity", says(mental_acuity_max="case_by_case"), about(mental_acuity="high"), CONFIRM),
    ("mental_acuity", says(mental_acuity_max=None), about(mental_acuity="low"), PASS),
    ("mental_acuity", says(mental_acuity_max="moderate"), about(mental_acuity=None), CONFIRM),
    ("mental_acuity", says(mental_acuity_max="high"), about(mental_acuity=None), PASS),
    ("mental_acuity", says(mental_acuity_max=None), about(mental_acuity=None), CONFIRM),
    (
        "mental_acuity",
        {**CLINIC, **says(mental_acuity_max="low")},
        {**needs(*SUPPORT), **about(mental_acuity="high")},
        PASS,
    ),
    ("medical_acuity", says(medical_acuity_max="moderate"), about(medical_acuity="high"), OUT),
    ("medical_acuity", says(medical_acuity_max="high"), about(medical_acuity="high"), PASS),
    ("medical_acuity", says(medical_acuity_max="low"), about(medical_acuity=None), CONFIRM),
    ("substance", says(substance="stable"), about(substance="active"), OUT),
    ("substance", says(substance="stable"), about(substance="stable"), PASS),
    ("substance", says(substance="detox_onsite"), about(substance="active"), PASS),
    ("substance", says(substance=None), about(substance="active"), CONFIRM),
    ("substance", says(substance=None), about(substance="none"), PASS),
    ("substance", says(substance="stable"), about(substance=None), CONFIRM),
    ("substance", says(substance="active"), about(substance=None), PASS),
    ("substance", says(substance=None), about(substance=None), CONFIRM),
    ("step_free", {}, about(step_free=True), PASS),
    ("step_free", says(step_free="no"), about(step_free=True), OUT),
    ("step_free", says(step_free=None), about(step_free=True), CONFIRM),
    ("step_free", says(step_free="no"), about(step_free=None), PASS),
    ("step_free", {**CLINIC, **says(step_free="no")}, at_a_clinic(step_free=True), OUT),
    (
        "step_free",
        {**CLINIC, **says(step_free="no"), "service": {"delivery": "mobile"}},
        at_a_clinic(step_free=True),
        PASS,
    ),
    (
        "step_free",
        {**AMBULANCE, **says(step_free="no")},
        {**needs(*URGENT), **about(step_free=True)},
        CONFIRM,
    ),
    ("intake", {}, {}, PASS),
    ("intake", {"service": {"intake": [HOURS]}}, {}, PASS),
    ("intake", {"service": {"intake": [HOURS]}}, {"when": ago(hours=3)}, OUT),
    ("intake", {"service": {"intake": [HOURS]}}, {"when": ago(hours=-7)}, PASS),
    ("intake", {"service": {"intake": [HOURS]}}, {"when": ago(hours=-8)}, OUT),
    ("intake", {"service": {"intake": None}}, {}, CONFIRM),
    ("intake", {"service": {"intake": None}, **says(intake="24h")}, {}, PASS),
    ("intake", {"service": {"intake": None}, **says(intake="hours")}, {}, CONFIRM),
    (
        "intake",
        {**AMBULANCE, "service": {"intake": [HOURS]}},
        {**needs(*URGENT), "when": ago(hours=3)},
        CONFIRM,
    ),
    ("language", {}, about(**AMHARIC), OUT),
    ("language", {"service": {"languages": ["amh", "eng"]}}, about(**AMHARIC), PASS),
    ("language", {"service": {"interpreter_on_call": "yes"}}, about(**AMHARIC), PASS),
    ("language", {"service": {"interpreter_on_call": None}}, about(**AMHARIC), CONFIRM),
    ("language", {"service": {"interpreter_on_call": "case_by_case"}}, about(**AMHARIC), CONFIRM),
    ("language", {"service": {"languages": []}}, about(**AMHARIC), CONFIRM),
    ("language", {"service": {"languages": None}, **says(languages_spoken="amh")}, about(**AMHARIC), PASS),
    ("language", {}, about(languages=("amh",)), PASS),
    ("language", {}, about(language_required=True), PASS),
    ("language", CLINIC, at_a_clinic(**AMHARIC), OUT),
    ("stale", {"here": {"verified_at": ago(days=180, hours=23)}}, {}, PASS),
    ("stale", {"here": {"verified_at": ago(days=181)}}, {}, CONFIRM),
    ("stale", {"here": {"verified_at": None}}, {}, CONFIRM),
    ("stale", {**AMBULANCE, "here": {"verified_at": None}}, needs(*URGENT), CONFIRM),
    ("lgbtqi", {}, about(lgbtqi=True), PASS),
    ("lgbtqi", says(trans_policy="no"), about(lgbtqi=True), OUT),
    ("lgbtqi", says(trans_policy=None), about(lgbtqi=True), CONFIRM),
    ("lgbtqi", says(trans_policy="no"), about(lgbtqi=None), PASS),
]

TRAITS = {"pregnancy": "pregnant", "newborn": "newborn", "undocumented": "undocumented"}
for rule, trait in TRAITS.items():
    SITUATIONS += [
        (rule, says(**{rule: "yes"}), about(**{trait: True}), PASS),
        (rule, says(**{rule: "no"}), about(**{trait: True}), OUT),
        (rule, says(**{rule: "case_by_case"}), about(**{trait: True}), CONFIRM),
        (rule, says(**{rule: None}), about(**{trait: True}), CONFIRM),
        (rule, says(**{rule: "no"}), about(**{trait: None}), PASS),
        (rule, {**CLINIC, **says(**{rule: "no"})}, at_a_clinic(**{trait: True}), PASS),
    ]

PAPERS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "police_report": ("police_report_required", {"has_police_report": True}, {"has_police_report": False}),
    "identity_document": ("id_required", {"has_id": True}, {"has_id": False}),
    "recognition": ("recognition_required", {"recognition": "letter_issued"}, {"recognition": "appeal"}),
    "dsd_referral": ("dsd_referral_required", {"has_dsd_referral": True}, {"has_dsd_referral": False}),
}
for rule, (required, there, lacking) in PAPERS.items():
    SITUATIONS += [
        (rule, says(**{required: "yes"}), about(**there), PASS),
        (rule, says(**{required: None}), about(**there), PASS),
        (rule, says(**{required: "yes"}), about(**lacking), OUT),
        (rule, says(**{required: "no"}), about(**lacking), PASS),
        (rule, says(**{required: "case_by_case"}), about(**lacking), CONFIRM),
        (rule, says(**{required: None}), about(**lacking), CONFIRM),
        (rule, says(**{required: "yes"}), {}, CONFIRM),
        (rule, says(**{required: "no"}), {}, PASS),
        (rule, says(**{required: None}), {}, CONFIRM),
        (rule, {**CLINIC, **says(**{required: "yes"})}, at_a_clinic(**lacking), OUT),
        (rule, {**AMBULANCE, **says(**{required: "yes"})}, {**needs(*URGENT), **about(**lacking)}, PASS),
    ]
