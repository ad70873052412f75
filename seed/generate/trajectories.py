"""Which offices know each other: down the line of one department, between neighbours, and across the sectors."""

from collections.abc import Iterator

from seed.generate.civil import Partner
from seed.generate.draw import Draw
from seed.generate.links import Links, Pair
from seed.generate.world import Office, World

DOWN = {
    ("national", "provincial"): {"": 0.42},
    ("provincial", "district"): {"": 0.3, "DSD": 0.4},
    ("district", "station_site"): {"SAPS": 0.45, "DHA": 0.6},
    ("provincial", "station_site"): {"DOH": 0.5, "LEGAL_AID": 0.55, "BMA": 0.75, "DOJCD": 0.4},
}
"""Share of units that know the unit above them (levels, then department; the empty code is any other)."""

ACROSS: tuple[tuple[str, str, float], ...] = (
    ("dep-saps-fcs-", "dep-dsd-district-", 0.5),
    ("dep-saps-fcs-", "dep-dsd-placement-", 0.3),
    ("dep-hospital-", "dep-dsd-district-", 0.45),
    ("dep-saps-station-", "dep-hospital-", 0.2),
    ("dep-court-", "dep-saps-fcs-", 0.25),
    ("dep-dha-district-", "dep-dsd-district-", 0.2),
    ("dep-del-centre-", "dep-saps-fcs-", 0.2),
    ("dep-port-", "dep-saps-station-", 0.4),
    ("dep-port-", "dep-dsd-district-", 0.3),
    ("dep-refugee-office-", "dep-dsd-district-", 0.6),
)
"""Neighbours of one district, by the beginning of their keys."""

TO_GOVERNMENT: tuple[tuple[str, float, str], ...] = (
    ("dep-dsd-province-{province}", 0.46, "oversight"),
    ("dep-secretariat-{province}", 0.24, "task_team"),
    ("dep-saps-province-{province}", 0.1, "referral"),
    ("dep-npa-province-{province}", 0.1, "referral"),
    ("dep-dha-province-inspectorate-{province}", 0.1, "referral"),
    ("dep-dsd-province-children-{province}", 0.14, "referral"),
    ("dep-saps-fcs-{district}", 0.36, "referral"),
    ("dep-dsd-district-{district}", 0.36, "referral"),
    ("dep-dsd-placement-{district}", 0.16, "referral"),
    ("dep-dha-district-{district}", 0.12, "referral"),
    ("dep-del-centre-{district}", 0.07, "referral"),
)
LOCAL_WHEN_HIDDEN = 0.2
"""A hidden shelter's ties to offices of its district are as few as it can make them."""

EAGERNESS = {"shelter": 1.0, "child_youth_care_centre": 0.9, "ngo": 0.9, "legal_clinic": 0.7, "faith_based": 0.55,
             "community_based": 0.6, "health_facility": 0.6, "coordinating_body": 0.9, "thuthuzela_care_centre": 1.1,
             "embassy": 0.4, "international_organisation": 0.6, "helpline": 0.5, "academic": 0.2,
             "media": 0.1}  # fmt: skip


class Acquaintance:
    """Draws the pairs, then leaves each link to `Links`."""

    def __init__(self, world: World, links: Links) -> None:
        self._offices = [
            office for office in world.offices.values() if office.carriers or office.lines or office.former
        ]
        self._by_key = {office.key: office for office in self._offices}
        self._links = links
        self._draw = Draw("acquaintance")

    def join(self, partners: list[Partner]) -> None:
        for pair in (*self._vertical(), *self._across(), *self._task_teams(), *self._sectors(partners)):
            self._links.add(pair)
        for pair in self._civil(partners):
            self._links.add(pair)

    def _vertical(self) -> Iterator[Pair]:
        for (upper, lower), shares in DOWN.items():
            below = [office for office in self._offices if office.level == lower]
            for office in below:
                share = shares.get(office.code, shares.get("", 0))
                above = [other for other in self._offices if other.level == upper and _over(other, office)]
                if above and self._draw.chance(share):
                    yield Pair(self._draw.pick(above), office, "vertical")

    def _across(self) -> Iterator[Pair]:
        for first, second, share in ACROSS:
            for office in self._starting(first):
                near = [other for other in self._starting(second) if other.district == office.district]
                if near and self._draw.chance(share):
                    yield Pair(office, self._draw.pick(near), "neighbours")

    def _task_teams(self) -> Iterator[Pair]:
        committee = self._by_key["dep-committee"]
        for office in self._offices:
            if office.level == "national" and self._draw.chance(0.6):
                yield Pair(committee, office, "task_team")
        for secretariat in self._starting("dep-secretariat-"):
            yield Pair(committee, secretariat, "vertical")
            for office in self._offices:
                same = office.level == "provincial" and office.province == secretariat.province
                if same and self._draw.chance(0.42):
                    yield Pair(secretariat, office, "task_team")

    def _sectors(self, partners: list[Partner]) -> Iterator[Pair]:
        for partner in partners:
            office = partner.office
            places = {
                "province": str(office.province).removeprefix("ZA-").lower(),
                "district": str(office.district).lower(),
            }
            for pattern, share, sort in TO_GOVERNMENT:
                other = self._by_key.get(pattern.format(**places))
                hidden = LOCAL_WHEN_HIDDEN if office.masked and "{district}" in pattern else 1
                if other and self._draw.chance(share * hidden * EAGERNESS[partner.org_type]):
                    yield Pair(office, other, sort) if self._draw.chance(0.6) else Pair(other, office, sort)
            hospitals = [other for other in self._starting("dep-hospital-") if other.district == office.district]
            if hospitals and not office.masked and self._draw.chance(0.2 * EAGERNESS[partner.org_type]):
                yield Pair(office, self._draw.pick(hospitals), "referral")

    def _civil(self, partners: list[Partner]) -> Iterator[Pair]:
        bodies = [partner.office for partner in partners if partner.org_type == "coordinating_body"]
        civil = [partner for partner in partners if partner.office.sector != "government"]
        for partner in civil:
            office = partner.office
            forum = next((body for body in bodies[3:] if body.province == office.province), None)
            eager = EAGERNESS[partner.org_type]
            if forum and self._draw.chance(0.42 * eager):
                yield Pair(office, forum, "member")
            if self._draw.chance(0.2 * eager):
                yield Pair(office, self._draw.pick(bodies[:3]), "member")
            near = [other.office for other in civil if other.place.province == partner.place.province]
            for other in self._draw.some(near, 2):
                if self._draw.chance(0.27 * eager):
                    yield Pair(office, other, "referral")

    def _starting(self, beginning: str) -> list[Office]:
        return [office for office in self._offices if office.key.startswith(beginning)]


def _over(upper: Office, lower: Office) -> bool:
    """One department, and the upper one's area holds the lower one's."""
    if upper.code != lower.code:
        return False
    if upper.province and upper.province != lower.province:
        return False
    return upper.district is None or upper.district == lower.district
