"""Shelters and children's homes: whom they take, how full they are, and when they open the door."""

from seed.generate import hours
from seed.generate.civil import Partner
from seed.generate.draw import Draw
from seed.generate.hours import Hours
from seed.generate.people_names import tongue
from seed.generate.sites import NewSite, Sites
from seed.generate.world import Record, World, ago, verified

PROFILE_ANSWERS: dict[str, dict[str, dict[str | int, float]]] = {
    "women": {
        "sex_gender": {"female": 1},
        "age_min": {18: 0.8, 16: 0.2},
        "age_max": {130: 0.6, 59: 0.3, 35: 0.1},
        "children_with_adult": {"no": 0.7, 1: 0.2, "unknown": 0.1},
        "unaccompanied_minor": {"no": 0.9, "unknown": 0.1},
    },
    "women_children": {
        "sex_gender": {"female": 1},
        "age_min": {18: 0.85, 16: 0.1, "unknown": 0.05},
        "age_max": {130: 0.75, 59: 0.15, "unknown": 0.1},
        "children_with_adult": {2: 0.2, 3: 0.35, 4: 0.25, "case_by_case": 0.1, "unknown": 0.1},
        "boy_child_max_age": {
            6: 0.08,
            8: 0.12,
            10: 0.27,
            12: 0.3,
            13: 0.03,
            16: 0.03,
            "case_by_case": 0.05,
            "unknown": 0.12,
        },
        "girl_child_max_age": {17: 0.62, 15: 0.12, 12: 0.08, "case_by_case": 0.05, "unknown": 0.13},
        "unaccompanied_minor": {"no": 0.85, "case_by_case": 0.05, "unknown": 0.1},
    },
    "families": {
        "sex_gender": {"any": 0.4, "female": 0.6},
        "age_min": {18: 0.7, 0: 0.3},
        "age_max": {130: 1},
        "children_with_adult": {3: 0.2, 4: 0.4, 6: 0.4},
        "boy_child_max_age": {12: 0.25, 14: 0.2, 17: 0.35, "case_by_case": 0.2},
        "girl_child_max_age": {17: 1},
        "unaccompanied_minor": {"no": 0.9, "unknown": 0.1},
    },
    "men": {
        "sex_gender": {"male": 1},
        "age_min": {18: 1},
        "age_max": {130: 0.6, 60: 0.4},
        "children_with_adult": {"no": 0.8, "case_by_case": 0.2},
        "unaccompanied_minor": {"no": 1},
    },
    "open_to_all": {
        "sex_gender": {"any": 1},
        "age_min": {18: 1},
        "age_max": {130: 1},
        "children_with_adult": {"no": 0.5, 2: 0.3, "unknown": 0.2},
        "boy_child_max_age": {8: 0.5, "unknown": 0.5},
        "unaccompanied_minor": {"no": 1},
    },
    "children": {
        "sex_gender": {"any": 0.55, "female": 0.28, "male": 0.17},
        "age_min": {0: 0.4, 3: 0.2, 6: 0.25, 12: 0.15},
        "age_max": {17: 0.75, 12: 0.15, 18: 0.1},
        "unaccompanied_minor": {"yes": 0.85, "case_by_case": 0.1, "unknown": 0.05},
    },
}
PROFILE_ANSWERS["second_stage"] = PROFILE_ANSWERS["women_children"]
PROFILE_ANSWERS["long_term"] = PROFILE_ANSWERS["women_children"]

HOUSE_ANSWERS: dict[str, dict[str | int, float]] = {
    "trans_policy": {"by_identity": 0.24, "case_by_case": 0.28, "no": 0.18, "unknown": 0.3},
    "pregnancy": {"yes": 0.6, "no": 0.08, "case_by_case": 0.16, "unknown": 0.16},
    "newborn": {"yes": 0.42, "no": 0.2, "case_by_case": 0.18, "unknown": 0.2},
    "step_free": {"yes": 0.2, "no": 0.38, "case_by_case": 0.17, "unknown": 0.25},
    "disability_support": {"yes": 0.1, "no": 0.4, "case_by_case": 0.25, "unknown": 0.25},
    "substance": {"none": 0.47, "stable": 0.3, "active": 0.05, "detox_onsite": 0.03, "unknown": 0.15},
    "mental_acuity_max": {"low": 0.25, "moderate": 0.5, "high": 0.06, "unknown": 0.19},
    "medical_acuity_max": {"low": 0.28, "moderate": 0.47, "high": 0.05, "unknown": 0.2},
    "undocumented": {"yes": 0.62, "no": 0.09, "case_by_case": 0.14, "unknown": 0.15},
    "police_report_required": {"no": 0.7, "yes": 0.12, "case_by_case": 0.08, "unknown": 0.1},
    "dsd_referral_required": {"no": 0.56, "yes": 0.18, "case_by_case": 0.12, "unknown": 0.14},
    "id_required": {"no": 0.72, "yes": 0.08, "case_by_case": 0.1, "unknown": 0.1},
    "recognition_required": {"no": 0.7, "yes": 0.07, "case_by_case": 0.09, "unknown": 0.14},
    "security_level": {1: 0.4, 2: 0.4, 3: 0.2},
    "faith_basis": {"no": 0.55, "yes": 0.25, "unknown": 0.2},
    "diet": {"yes": 0.4, "case_by_case": 0.3, "unknown": 0.3},
}
CODES = {
    "second_stage": ["shelter_second_stage"],
    "long_term": ["shelter_long_term"],
    "children": ["child_temporary_safe_care", "child_youth_care_centre"],
}
STAYS = {"second_stage": [180, 365], "long_term": [365, 730], "children": [90, 180, 730]}
FROM_ABROAD = ("por", "sna", "fra", "swa", "amh", "som", "ben", "nya", "lin", "tha", "cmn", "urd")
FORGOTTEN = 0.1
"""Share of questions that nobody asked: the answer is missing, which is as good as unknown."""

NAMES = {
    "second_stage": ("Second-stage flats", "Transitional rooms"),
    "long_term": ("Long-stay house", "Supported living"),
    "children": ("Temporary safe care", "Children's cottages"),
}
SHELTER_NAMES = ("Emergency shelter", "Safe rooms", "Crisis accommodation", "Night and day shelter")


class Houses:
    """Adds the residential service of a partner, at a site of its own."""

    def __init__(self, world: World, sites: Sites) -> None:
        self._world = world
        self._sites = sites
        self._draw = Draw("houses")

    def add(self, partner: Partner) -> str:
        """The house and its service; gives the key of the site."""
        kind = "children" if partner.org_type == "child_youth_care_centre" else partner.profile
        masked = partner.office.masked
        new = NewSite(f"site-{partner.nick}", partner.office.key, partner.place, "House", masked)
        site = self._sites.add(new)
        checked = verified(self._draw)
        bare = kind != "children" and self._draw.chance(0.05)
        service = self._world.add(
            "services",
            f"svc-{partner.nick}-house",
            organisation=partner.office.key,
            name=self._draw.pick(NAMES.get(kind, SHELTER_NAMES)),
            codes=self._codes(kind),
            serves=self._serves(partner),
            eligibility=None if bare else self.answers(kind),
            languages=None if bare else self._languages(partner),
            interpreter_on_call=None if bare else self._draw.pick(["yes", "no", "no", "case_by_case", "unknown"]),
            intake=None if bare else self._intake(),
            stay_max_days=None if self._draw.chance(0.15) else self._draw.pick(STAYS.get(kind, [14, 30, 60, 90, 180])),
            cost=self._draw.weighted({"free": 0.9, "sliding": 0.08, "fee": 0.02}),
            setting=self._draw.weighted({"open": 0.5, "semi_open": 0.35, "closed": 0.15}),
            transport=self._draw.pick(["yes", "no", "case_by_case", "unknown"]),
            verified_at=checked,
        )
        self._world.add(
            "service-sites",
            f"ss-{partner.nick}-house",
            service=service,
            site=site,
            capacity=None if bare else self._capacity(),
            verified_at=checked,
        )
        return site

    def answers(self, kind: str) -> Record:
        """What the house said when it was asked, or would not say, or was never asked."""
        answers: Record = {}
        for question, weights in {**PROFILE_ANSWERS[kind], **HOUSE_ANSWERS}.items():
            if question == "sex_gender" or not self._draw.chance(FORGOTTEN):
                answers[question] = self._draw.weighted(weights)
        answers["verified_on"] = ago(self._draw.between(1, 320))
        return answers

    def _codes(self, kind: str) -> list[str]:
        if kind in CODES:
            return CODES[kind] if kind != "children" or self._draw.chance(0.7) else ["child_temporary_safe_care"]
        return ["shelter_emergency", "shelter_second_stage"] if self._draw.chance(0.2) else ["shelter_emergency"]

    def _serves(self, partner: Partner) -> Record | None:
        if self._draw.chance(0.8):
            return None
        return {"scope": "province", "codes": [partner.place.province]}

    def _languages(self, partner: Partner) -> list[str] | None:
        if self._draw.chance(0.08):
            return None
        known = {"eng", *(tongue(self._draw, partner.place.province) for _ in range(3))}
        if self._draw.chance(0.35):
            known.update(self._draw.some(FROM_ABROAD, self._draw.between(1, 2)))
        return sorted(known)

    def _intake(self) -> Hours | None:
        kind = self._draw.weighted({"24h": 0.48, "office": 0.2, "late": 0.14, "night": 0.1, "unknown": 0.08})
        if kind == "night":
            return hours.overnight(self._draw)
        return None if kind == "unknown" else hours.opening(kind, self._draw)

    def _capacity(self) -> Record | None:
        if self._draw.chance(0.12):
            return None
        unit = "room" if self._draw.chance(0.22) else "bed"
        total = self._draw.between(3, 12) if unit == "room" else self._draw.between(6, 36)
        free = 0 if self._draw.chance(0.18) else min(total, self._draw.weighted({1: 2, 2: 2, 3: 2, 4: 2, 6: 1.5, 9: 1}))
        fresh = self._draw.chance(0.66)
        age = self._draw.real(0.02, 0.7) if fresh else self._draw.real(1.1, 24)
        return {"unit": unit, "total": total, "available": free, "as_of": ago(age)}
