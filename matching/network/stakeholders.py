"""The stakeholder map of the national study, worked out from the registry instead of drawn from memory.

An organisation stands in one of four quadrants by its sector and level; the nearer to the middle, the nearer to the
person helped; the larger, the more it has to work with. `map_of` says all of it in figures, and
`matching.network.placing` where each stands on the paper.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import log
from typing import Any, Literal

from matching.contact_records import Home, Record
from matching.contacts import decay
from matching.network.picture import GradedLink, Picture

Side = Literal["government", "civil_society"]
Level = Literal["national_provincial", "district_local"]
Quadrant = tuple[Side, Level]

QUADRANTS: tuple[Quadrant, ...] = (
    ("government", "national_provincial"),
    ("civil_society", "national_provincial"),
    ("government", "district_local"),
    ("civil_society", "district_local"),
)
"""As they are read: above, then below; government on the left."""

CASEWORK = frozenset({"referral_sent", "referral_received", "joint_case"})
"""Link types in which somebody is helped. Meetings, training and funds bring nobody nearer to the person."""

CONTACTS_A_YEAR: Mapping[str, int] = {"daily": 250, "weekly": 50, "monthly": 12, "quarterly": 4, "rarely": 1}
"""What a `frequency` comes to, in working days of a year."""

SUPPORT: Mapping[str, float] = {"high": 1.0, "medium": 2 / 3, "low": 1 / 3}

NEAR_LEVELS = frozenset({"district", "station_site"})
"""Levels of a unit that would place whoever is linked with it."""


@dataclass(frozen=True, slots=True)
class Stakeholder:
    """An organisation at a level. `nearness` from 0 to 1, None when no casework is recorded on its links; `links` all
    that it has at this level."""

    organisation_id: str
    name: str
    quadrant: Quadrant
    contacts_a_year: int
    support: float | None
    nearness: float | None
    people: int
    services: int
    funding: int
    links: int

    @property
    def resources(self) -> int:
        """Size = people who count + services given + sources of funds that run today. Beds are left out: those of
        confidential houses are not published."""
        return self.people + self.services + self.funding


@dataclass(frozen=True, slots=True)
class Between:
    """All links between two quadrants, or inside one. `strength` = the sum of 0.5^(days since confirmed / 180) over
    them; `backed` those whose two ends are both backed."""

    one: Quadrant
    other: Quadrant
    links: int
    backed: int
    strength: float


@dataclass(frozen=True, slots=True)
class StakeholderMap:
    """Everybody, the nearest to the person helped first, and every pair of quadrants with a link."""

    stakeholders: tuple[Stakeholder, ...]
    between: tuple[Between, ...]


def nearness(contacts_a_year: int, support: float | None) -> float | None:
    """n = F S. F = ln(1 + c) / ln(1 + 250), at most 1, c the contacts a year over all casework: the first contacts
    bring one nearest. S = the mean support level of these contacts (high 1, medium 2/3, low 1/3). None if unknown.

    Source: the study places stakeholders by how often and how much they support victims; the scale is ours.
    """
    if support is None:
        return None
    return min(1.0, log(1 + contacts_a_year) / log(1 + CONTACTS_A_YEAR["daily"])) * support


def map_of(picture: Picture, province: str | None = None) -> StakeholderMap:
    """The map of a province, or of the country: the open partners there, and those of the country that have a link with
    one of them. Links that would place a confidential organisation are not counted."""
    links = [link for link in picture.links if not would_place(picture, link)]
    if province is not None:
        local = {home for home in picture.offices if province in provinces(picture, home)}
        links = [link for link in links if {link.a.home, link.b.home} & local]
    members: dict[tuple[str, Quadrant], list[Home]] = defaultdict(list)
    for home in sorted(picture.offices if province is None else local | _national(picture, links)):
        members[picture.organisation_id(home), quadrant(picture, home)].append(home)
    at = {home: one for one, homes in members.items() for home in homes}
    own: dict[tuple[str, Quadrant], list[GradedLink]] = defaultdict(list)
    for link in links:
        for one in {at[end.home] for end in (link.a, link.b) if end.home in at}:
            own[one].append(link)
    found = [_stakeholder(picture, one, homes, own[one]) for one, homes in members.items()]
    return StakeholderMap(tuple(sorted(found, key=_rank)), tuple(_between(picture, links, at)))


def _rank(one: Stakeholder) -> tuple[bool, float, int, str, Quadrant]:
    return (one.nearness is None, -(one.nearness or 0.0), -one.resources, one.organisation_id, one.quadrant)


def quadrant(picture: Picture, home: Home) -> Quadrant:
    """Government, or everybody else, as in the three trajectories. Level: a unit's own; an organisation's is the
    widest area that a service of it serves. Who serves no more than districts, or does not say, is local."""
    side: Side = "government" if picture.records.sector(home) == "government" else "civil_society"
    unit = picture.records.by_id["departments"].get(home[1], {}) if home[0] == "department" else {}
    scopes = {str((service.get("serves") or {}).get("scope")) for service in picture.services_at.get(home, ())}
    level = unit.get("level")
    wide = level in ("national", "provincial") if level else bool(scopes & {"national", "province"})
    return side, "national_provincial" if wide else "district_local"


def provinces(picture: Picture, home: Home) -> frozenset[str]:
    """As the picture says; a confidential organisation is where the published areas of its sites are."""
    said = picture.provinces(home)
    if said or home[0] == "department":
        return said
    places = (site for site in picture.sites.values() if str(site.get("organisation_id")) == home[1])
    return frozenset(str(site["province"]) for site in places if site.get("province"))


def _national(picture: Picture, links: Iterable[GradedLink]) -> set[Home]:
    """Open partners of the country at the other end of a province's links."""
    tied = {end.home for link in links for end in (link.a, link.b)} & set(picture.offices)
    return {home for home in tied if not provinces(picture, home)}


def would_place(picture: Picture, link: GradedLink) -> bool:
    """Whether it joins a confidential organisation to a station or district (do no harm: one geography only)."""
    return any(
        (picture.records.organisation_of(near.home) or {}).get("masked")
        and far.home[0] == "department"
        and picture.records.by_id["departments"].get(far.home[1], {}).get("level") in NEAR_LEVELS
        for near, far in link.ends()
    )


def _stakeholder(
    picture: Picture, key: tuple[str, Quadrant], homes: list[Home], links: list[GradedLink]
) -> Stakeholder:
    organisation = picture.records.by_id["organisations"].get(key[0], {})
    facts = [fact for link in links for fact in _casework(link)]
    contacts, support = _given(facts)
    return Stakeholder(
        organisation_id=key[0],
        name=str(organisation.get("name") or ""),
        quadrant=key[1],
        contacts_a_year=contacts,
        support=support,
        nearness=nearness(contacts, support),
        people=len({seat.member.person for home in homes for seat in picture.seated.get(home, ())}),
        services=sum(len(picture.services_at.get(home, ())) for home in homes),
        funding=sum(_runs(one, picture.records.today) for one in organisation.get("funding") or ()),
        links=len(links),
    )


def _casework(link: GradedLink) -> list[Mapping[str, Any]]:
    """The latest fact of a link in which somebody is helped, if it says how often and how much."""
    if not CASEWORK & set(link.record.get("link_types") or ()):
        return []
    said = [one for one in link.record.get("facts") or () if one.get("frequency") and one.get("support_level")]
    return sorted(said, key=lambda one: str(one.get("on") or ""))[-1:]


def _given(facts: list[Mapping[str, Any]]) -> tuple[int, float | None]:
    contacts = [CONTACTS_A_YEAR[fact["frequency"]] for fact in facts]
    if not contacts:
        return 0, None
    weighed = sum(count * SUPPORT[fact["support_level"]] for count, fact in zip(contacts, facts, strict=True))
    return sum(contacts), weighed / sum(contacts)


def _runs(funding: Record, today: date) -> bool:
    starts, ends = (_day(funding.get(name)) for name in ("starts", "ends"))
    return (starts is None or starts <= today) and (ends is None or today <= ends)


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _between(
    picture: Picture, links: Iterable[GradedLink], at: Mapping[Home, tuple[str, Quadrant]]
) -> Iterable[Between]:
    joined: dict[tuple[int, int], list[GradedLink]] = defaultdict(list)
    for link in links:
        if link.a.home in at and link.b.home in at:
            one, other = sorted(QUADRANTS.index(at[end.home][1]) for end in (link.a, link.b))
            joined[one, other].append(link)
    for (one, other), those in sorted(joined.items()):
        yield Between(
            QUADRANTS[one],
            QUADRANTS[other],
            len(those),
            sum(link.grade.grade == "backed" for link in those),
            sum(decay(link.record.get("last_confirmed_at"), picture.now, picture.thresholds) for link in those),
        )
