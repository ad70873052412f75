"""The whole network, step by step: places and bodies first, then services, people, links and rarities."""

from pathlib import Path

from seed.generate import others, where
from seed.generate.civil import RESIDENTIAL, Partner, Partners
from seed.generate.desks import DESKS
from seed.generate.geography import Geography
from seed.generate.government import add_care_centres, add_departments, add_task_teams
from seed.generate.houses import Houses
from seed.generate.kinds import Kind
from seed.generate.links import Links
from seed.generate.numbers import Numbers
from seed.generate.rarities import add_rarities
from seed.generate.sites import Sites
from seed.generate.staff import Desk, Staff
from seed.generate.support import MENU, Support
from seed.generate.trainings import add_trainings
from seed.generate.trajectories import Acquaintance
from seed.generate.units import Units, add_districts, add_national, add_ports, add_provincial, add_stations
from seed.generate.world import World

MORE_IN_UNITS = 0.13
"""Share of a unit's posts after the first that exist: most desks are one person."""


def build(reference: Path) -> World:
    """The network as records; the same for the same reference files."""
    geography = Geography(reference)
    world = World(geography)
    sites = Sites(world)
    kinds = _add_government(world, sites)
    partners = _add_partners(world, sites)
    staff = Staff(world, Numbers())
    for key, kind in kinds.items():
        staff.add(world.offices[key], Desk(kind.posts, kind.lines, MORE_IN_UNITS))
    for partner in partners:
        staff.add(partner.office, DESKS[partner.org_type])
    links = Links(world)
    add_rarities(world, staff, links)
    Acquaintance(world, links).join(partners)
    add_trainings(world)
    return world


def _add_government(world: World, sites: Sites) -> dict[str, Kind]:
    """Departments and their units; gives the kind of each unit."""
    add_departments(world)
    add_task_teams(world)
    units = Units(world, sites)
    add_national(world, units)
    add_provincial(world, units, where.capitals(world.geography))
    add_districts(world, units)
    add_stations(world, units, where.station_towns(world.geography))
    add_ports(world, units, where.ports(world.geography))
    return units.kinds


def _add_partners(world: World, sites: Sites) -> list[Partner]:
    """Everybody outside the departments, with their houses and services."""
    partners = Partners(world)
    support = Support(world, sites)
    houses = Houses(world, sites)
    found = partners.add_plan()
    others.small_shelters(found)
    centres = [
        Partner(world.offices[key], "thuthuzela_care_centre", town)
        for key, town in add_care_centres(world, where.care_centre_towns(world.geography))
    ]
    for partner in [*found, *centres]:
        house = houses.add(partner) if partner.profile or partner.org_type in RESIDENTIAL else None
        if partner.org_type in MENU:
            support.add(partner, house)
    return [
        *found,
        *centres,
        *others.add_networks(world, partners),
        *others.add_abroad(world, partners, sites, support),
        *others.add_lines(world, partners, sites, support),
        *others.add_observers(world, partners),
    ]
