"""The stakeholder map as it is answered: everybody in figures, and where those who are drawn stand on the paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from matching.network.placing import Placed, place
from matching.network.stakeholders import Between, Quadrant, Stakeholder, StakeholderMap


@dataclass(frozen=True, slots=True)
class Spot:
    """Where somebody is drawn, from the middle of the map, in points: x to the right, y downwards."""

    number: int
    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class StakeholderRow:
    """An organisation at a level. `nearness` from 0 to 1 to the person helped, null when it is not known; `spot` null
    when there was no room for it."""

    organisation_id: str
    name: str
    side: str
    level: str
    nearness: float | None
    contacts_a_year: int
    support: float | None
    resources: int
    people: int
    services: int
    funding: int
    links: int
    spot: Spot | None


@dataclass(frozen=True, slots=True)
class QuadrantTie:
    """All links between two quadrants, or inside one; `strength` weighs each by how lately it was confirmed."""

    sides: tuple[str, str]
    levels: tuple[str, str]
    links: int
    backed: int
    strength: float


@dataclass(frozen=True, slots=True)
class NetworkMap:
    """The stakeholder map of the country or of a province. `rings`: radii from the middle, each a fifth of nearness,
    the last that of those whose nearness is not known."""

    province: str | None
    revision: int
    generated_at: datetime
    stakeholders: tuple[StakeholderRow, ...]
    ties: tuple[QuadrantTie, ...]
    rings: tuple[float, ...]


def network_map(found: StakeholderMap, province: str | None, revision: int, generated_at: datetime) -> NetworkMap:
    """The map with places."""
    placing = place(found.stakeholders)
    spots = {_key(one.stakeholder): one for one in placing.placed}
    return NetworkMap(
        province=province,
        revision=revision,
        generated_at=generated_at,
        stakeholders=tuple(_row(one, spots.get(_key(one))) for one in found.stakeholders),
        ties=tuple(_tie(one) for one in found.between),
        rings=placing.rings,
    )


def _key(one: Stakeholder) -> tuple[str, Quadrant]:
    return one.organisation_id, one.quadrant


def _row(one: Stakeholder, spot: Placed | None) -> StakeholderRow:
    return StakeholderRow(
        organisation_id=one.organisation_id,
        name=one.name,
        side=one.quadrant[0],
        level=one.quadrant[1],
        nearness=one.nearness,
        contacts_a_year=one.contacts_a_year,
        support=one.support,
        resources=one.resources,
        people=one.people,
        services=one.services,
        funding=one.funding,
        links=one.links,
        spot=None if spot is None else Spot(spot.number, round(spot.x, 2), round(spot.y, 2), round(spot.radius, 2)),
    )


def _tie(one: Between) -> QuadrantTie:
    return QuadrantTie((one.one[0], one.other[0]), (one.one[1], one.other[1]), one.links, one.backed, one.strength)
