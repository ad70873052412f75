"""An attacker with a key: whatever is computed from answers is no better than the point that is published."""

import pytest
from flask import Flask

from tests.harm.attacks import ATTACKS, Probe
from tests.harm.places import HIDEOUTS, Hideout, Point, km
from tests.harm.world import SHELTER, World

NOISE_KM = 0.5
"""What an attack may miss an open site by: bisection, four decimals of a score, six of a feature."""

ANCHORS: tuple[Point, ...] = ((-25.6, 28.1), (-22.4, 27.6), (-21.9, 31.2), (-24.9, 31.6))
"""Around the province, farther from the published points than areas reach, so that a circle to avoid can end first."""

TARGETS = {"haven_north": "haven_north_beds", "haven_east": "haven_east_beds", "refuge_farm": "farm_beds"}


def published(hideout: Hideout) -> Point:
    """What everybody knows of a confidential place."""
    return hideout.home.area.lat, hideout.home.area.lon


def probe(app: Flask, world: World, target: str) -> Probe:
    """An app's questions about a confidential place, or about the open shelter."""
    client = world.client(app, "app")
    shelter = (world["shelter"], world["shelter_beds"], SHELTER)
    if target == "shelter":
        rival = (world["haven_north"], world["haven_north_beds"], published(HIDEOUTS["haven_north"]))
        return Probe(client, world["shelter"], world["shelter_beds"], rival)
    reach_km = HIDEOUTS[target].home.area.reach_km
    return Probe(client, world[target], world[TARGETS[target]], shelter, reach_km=reach_km)


@pytest.mark.parametrize("name", list(ATTACKS))
def test_an_attack_finds_no_more_than_is_published(app: Flask, world: World, name: str) -> None:
    hideout = HIDEOUTS["haven_north"]
    found = ATTACKS[name](probe(app, world, "haven_north"), ANCHORS)

    known = km(published(hideout), hideout.home.point)
    assert known > 70
    assert km(found, hideout.home.point) > known - NOISE_KM


@pytest.mark.parametrize("name", list(ATTACKS))
def test_the_attack_finds_an_open_door(app: Flask, world: World, name: str) -> None:
    """The control: the attacks work, where anything depends on the place."""
    found = ATTACKS[name](probe(app, world, "shelter"), ANCHORS)

    assert km(found, SHELTER) < NOISE_KM


@pytest.mark.long
@pytest.mark.parametrize("target", list(TARGETS))
@pytest.mark.parametrize("name", list(ATTACKS))
def test_an_attack_on_each_place(app: Flask, world: World, name: str, target: str) -> None:
    hideout = HIDEOUTS[target]
    found = ATTACKS[name](probe(app, world, target), ANCHORS)

    assert km(found, hideout.home.point) > km(published(hideout), hideout.home.point) - NOISE_KM
