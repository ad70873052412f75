"""Shelters and children's homes: their houses, how full they are, and when they open the door."""

from seed.generate import hours
from seed.generate.civil import Partner
from seed.generate.draw import Draw
from seed.generate.hours import Hours
from seed.generate.house_rules import Temper, answers
from seed.generate.people_names import tongue
from seed.generate.sites import NewSite, Sites
from seed.generate.world import Record, World, ago, verified

CODES = {
    "second_stage": ["shelter_second_stage"],
    "long_term": ["shelter_long_term"],
    "children": ["child_temporary_safe_care", "child_youth_care_centre"],
}
STAYS = {"second_stage": [180, 365], "long_term": [365, 730], "children": [90, 180, 730]}
FROM_ABROAD = ("por", "sna", "fra", "swa", "amh", "som", "ben", "nya", "lin", "tha", "cmn", "urd")

TEMPERS = {Temper.SURE: 0.36, Temper.VAGUE: 0.55, Temper.BARE: 0.09}

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
        site = self._sites.add(NewSite(f"site-{partner.nick}", partner.office.key, partner.place, "House", masked))
        temper = self._temper(partner, kind)
        checked = ago(self._draw.between(2, 40)) if temper is Temper.PILLAR else verified(self._draw)
        said = answers(self._draw, kind, temper)
        service = self._world.add(
            "services",
            f"svc-{partner.nick}-house",
            organisation=partner.office.key,
            name=self._draw.pick(NAMES.get(kind, SHELTER_NAMES)),
            codes=self._codes(kind),
            serves=self._serves(partner),
            eligibility=said,
            languages=said and self._languages(partner, temper),
            interpreter_on_call=said and self._draw.pick(["yes", "no", "no", "case_by_case", "unknown"]),
            intake=said and self._intake(temper),
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
            capacity=said and self._capacity(temper),
            verified_at=checked,
        )
        return site

    def _temper(self, partner: Partner, kind: str) -> Temper:
        if partner.pillar:
            return Temper.PILLAR
        temper = self._draw.weighted(TEMPERS)
        return Temper.VAGUE if kind == "children" and temper is Temper.BARE else temper

    def _codes(self, kind: str) -> list[str]:
        if kind in CODES:
            return CODES[kind] if kind != "children" or self._draw.chance(0.7) else ["child_temporary_safe_care"]
        return ["shelter_emergency", "shelter_second_stage"] if self._draw.chance(0.2) else ["shelter_emergency"]

    def _serves(self, partner: Partner) -> Record | None:
        if self._draw.chance(0.8):
            return None
        return {"scope": "province", "codes": [partner.place.province]}

    def _languages(self, partner: Partner, temper: Temper) -> list[str] | None:
        if temper is Temper.VAGUE and self._draw.chance(0.16):
            return None
        known = {"eng", *(tongue(self._draw, partner.place.province) for _ in range(3))}
        if self._draw.chance(0.35):
            known.update(self._draw.some(FROM_ABROAD, self._draw.between(1, 2)))
        return sorted(known)

    def _intake(self, temper: Temper) -> Hours | None:
        if temper is Temper.PILLAR:
            return "24h"
        kind = self._draw.weighted({"24h": 0.6, "office": 0.14, "late": 0.1, "night": 0.1, "unknown": 0.06})
        if kind == "night":
            return hours.overnight(self._draw)
        return None if kind == "unknown" else hours.opening(kind, self._draw)

    def _capacity(self, temper: Temper) -> Record | None:
        if temper is Temper.PILLAR:
            return {"unit": "bed", "total": 24, "available": self._draw.between(3, 8), "as_of": ago(0.2)}
        if self._draw.chance(0.1):
            return None
        unit = "room" if self._draw.chance(0.22) else "bed"
        total = self._draw.between(3, 12) if unit == "room" else self._draw.between(6, 36)
        free = 0 if self._draw.chance(0.15) else min(total, self._draw.weighted({1: 2, 2: 2, 3: 2, 4: 2, 6: 1.5, 9: 1}))
        fresh = self._draw.chance(0.72)
        age = self._draw.real(0.02, 0.7) if fresh else self._draw.real(1.1, 24)
        return {"unit": unit, "total": total, "available": free, "as_of": ago(age)}
