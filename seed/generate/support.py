"""Help without a bed: advice, counselling, clinics, transport, telephone lines, and the rooms it is given in."""

from dataclasses import dataclass

from seed.generate import hours
from seed.generate.civil import Partner
from seed.generate.draw import Draw
from seed.generate.geography import Place
from seed.generate.houses import FROM_ABROAD
from seed.generate.kinds import LATE, OFFICE, ROUND_THE_CLOCK, Offer
from seed.generate.people_names import tongue
from seed.generate.sites import NewSite, Sites
from seed.generate.statutory import ALL_PAPERS
from seed.generate.world import Office, Record, World, ago, verified

MENU: dict[str, tuple[Offer, ...]] = {
    "ngo": (
        Offer("Counselling and case work", ("counselling", "case_management", "follow_up")),
        Offer("Mobile outreach", ("transport", "food_clothing", "follow_up"), LATE, "mobile"),
        Offer("Skills for work", ("education_skills", "reintegration")),
        Offer("Trauma counselling", ("counselling", "mental_health")),
        Offer("Advice by telephone", ("counselling", "legal_advice"), LATE, "remote"),
        Offer("Help with papers", ("documentation", "immigration_status", "legal_advice")),
        Offer("Reunion and return home", ("safe_return", "reintegration", "family_tracing")),
        Offer("Interpreters on call", ("interpreting",), ROUND_THE_CLOCK, "remote"),
        Offer("Court companions", ("court_prep", "protection_order")),
        Offer("Play and homework groups", ("child_programme",)),
    ),
    "faith_based": (
        Offer("Food parcels and clothing", ("food_clothing",)),
        Offer("Drivers' list", ("transport",), ROUND_THE_CLOCK, "mobile"),
        Offer("Pastoral counselling", ("counselling",), LATE),
        Offer("Volunteers who interpret", ("interpreting",), LATE, "remote"),
    ),
    "community_based": (
        Offer("Advice and referral", ("legal_advice", "food_clothing")),
        Offer("After-school care", ("child_programme",)),
        Offer("Home visits", ("follow_up", "counselling"), OFFICE, "mobile"),
        Offer("Sewing and literacy circle", ("education_skills",)),
    ),
    "legal_clinic": (
        Offer("Legal advice", ("legal_advice", "immigration_status", "labour_claim")),
        Offer("Representation in court", ("legal_representation", "protection_order", "compensation")),
        Offer("Legal advice by telephone", ("legal_advice",), OFFICE, "remote"),
    ),
    "health_facility": (
        Offer("Primary care", ("medical_general", "pep_srh")),
        Offer("Women's health", ("maternity", "pep_srh")),
        Offer("Withdrawal and recovery programme", ("detox_rehab", "mental_health")),
        Offer("Mobile clinic", ("medical_general",), OFFICE, "mobile"),
    ),
    "shelter": (
        Offer("Counselling and case work", ("counselling", "case_management")),
        Offer("Programme for children", ("child_programme", "counselling")),
        Offer("Clothing and food", ("food_clothing",)),
        Offer("Nurse on Wednesdays", ("medical_general",)),
        Offer("Skills and job search", ("education_skills", "reintegration")),
        Offer("Fetching and accompanying", ("transport", "follow_up"), LATE, "mobile"),
    ),
    "child_youth_care_centre": (
        Offer("School bridging class", ("child_programme", "education_skills")),
        Offer("Play therapy", ("counselling", "child_programme")),
        Offer("Family finding", ("family_tracing", "reintegration")),
    ),
    "thuthuzela_care_centre": (
        Offer("Crisis room and examination", ("forensic_exam", "pep_srh", "medical_emergency"), ROUND_THE_CLOCK),
        Offer("Counselling and court preparation", ("counselling", "court_prep")),
    ),
}
HOW_MANY = {"ngo": (1, 2), "faith_based": (1, 1), "community_based": (1, 1), "legal_clinic": (1, 2),
            "health_facility": (2, 3), "shelter": (0, 2), "child_youth_care_centre": (0, 1),
            "thuthuzela_care_centre": (2, 2)}  # fmt: skip
RANKED = "thuthuzela_care_centre"
ROOMS = ("Main office", "Advice rooms", "Drop-in centre", "Old library", "Hall behind the clinic", "Day centre")


@dataclass(frozen=True)
class Host:
    """Where a service is given, and by whom."""

    office: Office
    nick: str
    site: str
    place: Place


class Support:
    """Adds support services from the menu; each organisation offers a few of its kind's."""

    def __init__(self, world: World, sites: Sites) -> None:
        self._world = world
        self._sites = sites
        self._draw = Draw("support")

    def add(self, partner: Partner, house: str | None = None) -> None:
        """Services of a partner: at its house, or (always, if the house is hidden) at an office that is open."""
        least, most = HOW_MANY[partner.org_type]
        menu = MENU[partner.org_type]
        count = self._draw.between(least, most)
        chosen = list(menu[:count]) if partner.org_type == RANKED else self._draw.some(menu, count)
        if not chosen:
            return
        site = house
        if house is None or partner.office.masked or self._draw.chance(0.15):
            site = self._office_site(partner, house)
        for number, offer in enumerate(chosen):
            self._service(Host(partner.office, partner.nick, str(site), partner.place), offer, number + 1)

    def add_offer(self, host: Host, offer: Offer, serves: Record | None = None) -> None:
        """One service that is not on a menu."""
        self._service(host, offer, len(self._world.records["services"]), serves)

    def _office_site(self, partner: Partner, house: str | None) -> str:
        name = self._draw.pick(ROOMS)
        away = self._sites.points[house] if house else None
        key = f"site-{partner.nick}-office"
        return self._sites.add(NewSite(key, partner.office.key, partner.place, name, away_from=away))

    def _service(self, host: Host, offer: Offer, number: int, serves: Record | None = None) -> None:
        checked = verified(self._draw)
        tail = f"{host.nick}-{number}"
        service = self._world.add(
            "services",
            f"svc-{tail}",
            organisation=host.office.key,
            name=offer.name,
            codes=list(offer.codes),
            delivery=offer.delivery if offer.delivery != "on_site" else None,
            serves=serves or self._reach(host, offer),
            eligibility=self._answers(offer),
            languages=self._languages(host.place.province),
            interpreter_on_call=self._draw.pick(["yes", "no", "case_by_case", "unknown"]),
            intake=None if self._draw.chance(0.14) else hours.opening(offer.hours, self._draw),
            cost=self._draw.weighted({"free": 0.8, "sliding": 0.16, "fee": 0.04}),
            transport=self._draw.pick(["yes", "no", "case_by_case", "unknown"]) if self._draw.chance(0.3) else None,
            typical_wait_days=self._draw.between(0, 30) if self._draw.chance(0.4) else None,
            verified_at=checked,
        )
        remote = offer.delivery == "remote"
        self._world.add(
            "service-sites", f"ss-{tail}", service=service, site=None if remote else host.site, verified_at=checked
        )

    def _reach(self, host: Host, offer: Offer) -> Record | None:
        """Telephone help reaches the country or the province; other help often says nothing, which is no limit."""
        if offer.delivery == "remote":
            if self._draw.chance(0.6):
                return {"scope": "national", "codes": []}
            return {"scope": "province", "codes": [host.place.province]}
        kind = self._draw.weighted({"": 0.6, "district": 0.22, "province": 0.18})
        codes = {"district": [host.place.district], "province": [host.place.province]}
        return {"scope": kind, "codes": codes[kind]} if kind else None

    def _answers(self, offer: Offer) -> Record | None:
        if self._draw.chance(0.12):
            return None
        answers: Record = {"sex_gender": self._draw.weighted({"any": 0.86, "female": 0.14})}
        if offer.delivery == "on_site":
            answers["step_free"] = self._draw.weighted({"yes": 0.4, "no": 0.22, "case_by_case": 0.13, "unknown": 0.25})
        asked = self._draw.chance(0.65)
        for question in ALL_PAPERS:
            if asked:
                answers[question] = "yes" if self._draw.chance(0.03) else "no"
            elif self._draw.chance(0.6):
                answers[question] = self._draw.weighted({"yes": 0.1, "no": 0.6, "case_by_case": 0.15, "unknown": 0.15})
        answers["undocumented"] = self._draw.weighted({"yes": 0.75, "case_by_case": 0.1, "unknown": 0.15})
        answers["verified_on"] = ago(self._draw.between(1, 500))
        return answers

    def _languages(self, province: str) -> list[str] | None:
        if self._draw.chance(0.12):
            return None
        known = {"eng", *(tongue(self._draw, province) for _ in range(2))}
        if self._draw.chance(0.25):
            known.update(self._draw.some(FROM_ABROAD, self._draw.between(1, 3)))
        return sorted(known)
