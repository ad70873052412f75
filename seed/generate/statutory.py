"""Services of department units: free, bound to an area of competence, and often asking for a paper first."""

from dataclasses import dataclass

from seed.generate import hours
from seed.generate.draw import Draw
from seed.generate.kinds import Kind, Offer
from seed.generate.kinds_local import HOSPITAL_OFFERS
from seed.generate.people_names import tongue
from seed.generate.world import Office, Record, World, ago, verified

ANSWER = {"yes": 0.5, "no": 0.12, "case_by_case": 0.13, "unknown": 0.25}
PAPERS: dict[str, dict[str, dict[str, float]]] = {
    "documentation": {"id_required": {"yes": 0.25, "case_by_case": 0.4, "no": 0.2, "unknown": 0.15}},
    "immigration_status": {
        "recognition_required": {"yes": 0.3, "case_by_case": 0.35, "no": 0.25, "unknown": 0.1},
        "police_report_required": {"yes": 0.2, "no": 0.6, "unknown": 0.2},
    },
    "labour_claim": {"id_required": {"yes": 0.3, "no": 0.5, "case_by_case": 0.2}},
    "tax_financial": {"id_required": {"yes": 0.7, "unknown": 0.3}},
    "compensation": {"police_report_required": {"yes": 0.9, "unknown": 0.1}, "id_required": {"yes": 1}},
    "witness_protection": {"police_report_required": {"yes": 1}},
    "prosecution_liaison": {"police_report_required": {"yes": 0.6, "no": 0.3, "unknown": 0.1}},
    "legal_representation": {"id_required": {"no": 0.6, "yes": 0.2, "unknown": 0.2}},
    "reintegration": {"recognition_required": {"yes": 0.5, "case_by_case": 0.3, "no": 0.2}},
    "safe_return": {"recognition_required": {"yes": 0.3, "no": 0.5, "unknown": 0.2}},
}
"""What each service asks for before it acts."""

ALL_PAPERS = ("police_report_required", "id_required", "recognition_required", "dsd_referral_required")
EMERGENCY = {"police_report", "medical_emergency", "forensic_exam", "pep_srh", "hotline"}
"""Nobody is asked for a paper before these."""

ASKED = 0.7
"""Share of offices that were asked about papers at all."""

CHILD_CODE = "child_temporary_safe_care"


@dataclass(frozen=True)
class Competence:
    area: str
    serves: Record
    site: str | None
    hospital: str = ""


class StatutoryServices:
    """Adds the services of a unit, each at the unit's own site (none when given by telephone)."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._draw = Draw("statutory services")

    def add(self, office: Office, kind: Kind, competence: Competence) -> None:
        offers = HOSPITAL_OFFERS[competence.hospital] if competence.hospital else kind.offers
        for number, offer in enumerate(offers):
            if self._draw.chance(offer.share):
                self._add_one(office, offer, competence, f"{office.key.removeprefix('dep-')}-{number + 1}")

    def _add_one(self, office: Office, offer: Offer, competence: Competence, tail: str) -> None:
        child = CHILD_CODE in offer.codes
        central = competence.hospital == "tertiary"
        checked = ago(self._draw.between(3, 60)) if central else verified(self._draw)
        service = self._world.add(
            "services",
            f"svc-{tail}",
            department=office.key,
            name=offer.name.format(area=competence.area, town=competence.area),
            codes=list(offer.codes),
            delivery=offer.delivery if offer.delivery != "on_site" else None,
            serves=competence.serves,
            eligibility=(self._for_children() if child else self._for_anyone(offer)) or None,
            languages=self._languages(office),
            interpreter_on_call=self._draw.weighted({"yes": 0.3, "no": 0.25, "case_by_case": 0.15, None: 0.3}),
            intake=self._intake(offer),
            stay_max_days=self._draw.pick([30, 90, 180]) if child else None,
            cost="free",
            setting="open" if child and self._draw.chance(0.5) else None,
            transport=self._draw.weighted(ANSWER) if child else None,
            typical_wait_days=None,
            verified_at=checked,
        )
        remote = offer.delivery == "remote"
        self._world.add(
            "service-sites",
            f"ss-{tail}",
            service=service,
            site=None if remote else competence.site,
            capacity=self._places() if child else None,
            verified_at=checked,
        )

    def _intake(self, offer: Offer) -> hours.Hours | None:
        if not EMERGENCY & set(offer.codes) and self._draw.chance(0.1):
            return None
        return hours.opening(offer.hours, self._draw)

    def _for_anyone(self, offer: Offer) -> Record:
        answers: Record = {}
        if offer.delivery != "remote":
            answers["step_free"] = self._draw.weighted(ANSWER)
        if self._draw.chance(0.5):
            answers["undocumented"] = self._draw.weighted({"yes": 0.7, "case_by_case": 0.15, "unknown": 0.15})
        other = set(offer.codes) - EMERGENCY
        if other and (other < set(offer.codes) or self._draw.chance(ASKED)):
            answers.update(dict.fromkeys(ALL_PAPERS, "no"))
        for code in offer.codes:
            for paper, weights in PAPERS.get(code, {}).items():
                answers[paper] = self._draw.weighted(weights)
        if answers and self._draw.chance(0.5):
            answers["verified_on"] = ago(self._draw.between(2, 420))
        return answers

    def _for_children(self) -> Record:
        return {
            "sex_gender": "any",
            "age_min": 0,
            "age_max": 17,
            "unaccompanied_minor": "yes",
            "trans_policy": self._draw.weighted({"by_identity": 0.35, "case_by_case": 0.35, "unknown": 0.3}),
            "pregnancy": self._draw.weighted(ANSWER),
            "newborn": self._draw.weighted(ANSWER),
            "step_free": self._draw.weighted(ANSWER),
            "undocumented": self._draw.weighted({"yes": 0.75, "case_by_case": 0.15, "unknown": 0.1}),
            "substance": self._draw.weighted({"none": 0.4, "stable": 0.35, "unknown": 0.25}),
            "mental_acuity_max": self._draw.pick(["low", "moderate", "moderate", "unknown"]),
            "medical_acuity_max": self._draw.pick(["low", "moderate", "moderate", "unknown"]),
            **dict.fromkeys(ALL_PAPERS, "no"),
            "police_report_required": self._draw.weighted({"no": 0.8, "case_by_case": 0.12, "unknown": 0.08}),
            "verified_on": ago(self._draw.between(2, 300)),
        }

    def _languages(self, office: Office) -> list[str] | None:
        if self._draw.chance(0.14):
            return None
        known = {"eng"}
        for _ in range(self._draw.between(1, 3)):
            known.add(tongue(self._draw, office.province))
        return sorted(known)

    def _places(self) -> Record | None:
        """Foster homes on call: counted in beds, often some hours old, and not always counted at all."""
        if self._draw.chance(0.3):
            return None
        total = self._draw.between(2, 14)
        hours_old = self._draw.weighted({3.0: 0.4, 9.5: 0.25, 20.0: 0.15, 40.0: 0.1, 260.0: 0.1})
        return {
            "unit": "bed",
            "total": total,
            "available": self._draw.below(min(total, 6) + 1),
            "as_of": ago(hours_old / 24),
        }
