"""The stakeholder map: by hand on a few partners, and the paper's rules on any number of them."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations
from math import hypot, log
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.network.picture import Ground, Picture
from matching.network.placing import HOLE, MOST, RINGS, place, ring_of
from matching.network.stakeholders import QUADRANTS, Stakeholder, StakeholderMap, map_of, nearness
from tests.matching.contact_network import NOW, Network, ago, carrier
from tests.matching.network_start import LIMPOPO, one_link

GROUND = Ground(("ZA-GP", "ZA-LP"), {"DC35": "ZA-LP"})


def drawn(net: Network, province: str | None = None) -> StakeholderMap:
    return map_of(Picture(net.collections, NOW, GROUND), province)


def named(found: StakeholderMap, organisation: str) -> Stakeholder:
    return next(one for one in found.stakeholders if one.organisation_id == organisation)


def with_facts(*facts: dict[str, Any]) -> Network:
    net = one_link()
    net.collections["links"][0] |= {"facts": list(facts)}
    return net


def fact(days: int, frequency: str, support: str) -> dict[str, Any]:
    return {"on": ago(days).date(), "frequency": frequency, "support_level": support, "response": None}


def test_the_latest_fact_of_casework_says_how_near_one_is() -> None:
    shelter = named(drawn(with_facts(fact(90, "daily", "high"), fact(9, "weekly", "medium"))), "shelter")

    assert shelter.contacts_a_year == 50
    assert shelter.support == pytest.approx(2 / 3)
    assert shelter.nearness == pytest.approx(log(51) / log(251) * 2 / 3)


def test_support_is_the_mean_over_contacts_of_all_links() -> None:
    net = with_facts(fact(9, "monthly", "high"))
    net.organisation("clinic", province="ZA-LP")
    net.link("other", ("organisation", "clinic"), ("organisation", "shelter"), facts=[fact(3, "quarterly", "low")])

    shelter = named(drawn(net), "shelter")

    assert shelter.contacts_a_year == 16
    assert shelter.support == pytest.approx((12 * 1 + 4 / 3) / 16)


@pytest.mark.parametrize("facts", [[], [{"on": ago(3).date(), "frequency": None, "support_level": "high"}]])
def test_who_has_no_such_fact_is_not_known(facts: list[dict[str, Any]]) -> None:
    assert named(drawn(with_facts(*facts)), "shelter").nearness is None


def test_meetings_and_funds_bring_nobody_nearer() -> None:
    net = with_facts(fact(9, "daily", "high"))
    net.collections["links"][0] |= {"link_types": ["funding", "task_team_seat"]}

    assert named(drawn(net), "shelter").nearness is None


def test_size_is_people_services_and_funds_that_run() -> None:
    net = one_link()
    today = NOW.date()
    net.collections["organisations"][0] |= {
        "funding": [
            {"source": "state", "starts": None, "ends": today},
            {"source": "donor", "starts": None, "ends": today - timedelta(days=1)},
            {"source": "later", "starts": (today + timedelta(days=1)).isoformat(), "ends": None},
        ]
    }
    net.candidate("beds", "shelter")
    net.sits(net.person("gone", "+27829"), "house", days=400)

    shelter = named(drawn(net), "shelter")

    assert (shelter.people, shelter.services, shelter.funding, shelter.resources) == (1, 1, 1, 3)


def test_quadrants_are_sector_and_level() -> None:
    net = one_link()
    net.unit("station", "police", level="station_site", functions=[], serves={"scope": "district", "codes": ["DC35"]})
    net.organisation("union", "international", province="ZA-LP")
    net.add("services", "advice", organisation_id="union", department_id=None, serves={"scope": "national"})

    found = {(one.organisation_id, one.quadrant) for one in drawn(net).stakeholders}

    assert found == {
        ("police", ("government", "national_provincial")),
        ("police", ("government", "district_local")),
        ("shelter", ("civil_society", "district_local")),
        ("union", ("civil_society", "national_provincial")),
    }


def test_a_province_shows_its_own_and_the_countrys_partners_of_these() -> None:
    net = one_link()
    net.organisation("elsewhere", province="ZA-GP")
    net.organisation("national", "government")
    net.organisation("aloof", "government")
    net.link("up", ("organisation", "shelter"), ("organisation", "national"))
    net.link("far", ("organisation", "elsewhere"), ("organisation", "national"))

    found = drawn(net, "ZA-LP")

    assert {one.organisation_id for one in found.stakeholders} == {"shelter", "police", "national"}
    assert named(found, "national").links == 1


def test_a_confidential_organisation_stands_where_its_area_is_published() -> None:
    net = one_link()
    net.collections["organisations"][0] |= {"masked": True, "province": None}
    net.add("sites", "house-site", organisation_id="shelter", province="ZA-LP", confidential=True)

    assert {one.organisation_id for one in drawn(net, "ZA-LP").stakeholders} == {"shelter", "police"}
    assert {one.organisation_id for one in drawn(net, "ZA-GP").stakeholders} == set()


@pytest.mark.parametrize(("level", "links"), [("provincial", 1), ("district", 0), ("station_site", 0)])
def test_a_link_that_would_place_a_confidential_organisation_is_not_counted(level: str, links: int) -> None:
    net = one_link()
    net.collections["organisations"][0] |= {"masked": True}
    net.collections["departments"][0] |= {"level": level}

    found = drawn(net)

    assert named(found, "shelter").links == links
    assert sum(bond.links for bond in found.between) == links


def test_ties_weigh_by_how_lately_they_were_confirmed() -> None:
    net = one_link()
    net.collections["links"][0] |= {"last_confirmed_at": ago(180)}
    net.link("again", ("organisation", "shelter"), ("department", "desk"), last_confirmed_at=ago(0))

    (between,) = drawn(net).between

    assert (between.one, between.other) == (("government", "national_provincial"), ("civil_society", "district_local"))
    assert (between.links, between.backed) == (2, 0)
    assert between.strength == pytest.approx(1.5)


def test_the_same_registry_gives_the_same_map_in_any_order() -> None:
    net = one_link()
    net.unit("second", "police", functions=[], **LIMPOPO)
    net.link("two", ("organisation", "shelter"), ("department", "second"), carriers=[carrier("a", "working")])
    turned = Network({name: rows[::-1] for name, rows in net.collections.items()})

    assert drawn(net) == drawn(turned)
    assert place(drawn(net).stakeholders) == place(drawn(turned).stakeholders)


# --- the paper -------------------------------------------------------------------------------------------

KNOWN = st.none() | st.floats(0, 1)


def stakeholder(number: int, quadrant: int, near: float | None, people: int) -> Stakeholder:
    return Stakeholder(f"{number:03}", f"Partner {number}", QUADRANTS[quadrant], 1, near and 1.0, near, people, 0, 0, 1)


ANYBODY = st.lists(st.tuples(st.integers(0, 3), KNOWN, st.integers(0, 40)), max_size=70)


@given(ANYBODY)
def test_nobody_stands_on_another_or_out_of_quadrant_or_ring(told: list[tuple[int, float | None, int]]) -> None:
    _holds([stakeholder(number, *one) for number, one in enumerate(told)])


@pytest.mark.parametrize("near", [None, 0.0, 0.5, 1.0])
def test_sixty_alike_have_room(near: float | None) -> None:
    _holds([stakeholder(number, 0, near, 5) for number in range(MOST)])


def _holds(those: list[Stakeholder]) -> None:
    placing = place(those)

    assert [one.number for one in placing.placed] == list(range(1, min(len(those), MOST) + 1))
    assert (
        sorted(one.stakeholder.organisation_id for one in placing.placed)
        == [f"{n:03}" for n in range(len(those))][:MOST]
    )
    for one, two in combinations(placing.placed, 2):
        assert hypot(one.x - two.x, one.y - two.y) >= one.radius + two.radius
    for one in placing.placed:
        number = QUADRANTS.index(one.stakeholder.quadrant)
        assert (one.x > one.radius) == bool(number % 2)
        assert (one.y > one.radius) == (number > 1)
        ring = ring_of(one.stakeholder.nearness)
        inner = placing.rings[ring - 1] if ring else HOLE
        assert inner - 1e-6 <= hypot(one.x, one.y) - one.radius
        assert hypot(one.x, one.y) + one.radius <= placing.rings[ring] + 1e-6


def test_rings_are_fifths_of_nearness() -> None:
    assert [ring_of(near) for near in (1.0, 0.81, 0.79, 0.5, 0.19, 0.0, None)] == [0, 0, 1, 2, 4, 4, RINGS]


@given(st.integers(0, 5000), st.integers(0, 5000), st.sampled_from([1 / 3, 2 / 3, 1.0]))
def test_more_contacts_bring_one_no_farther(few: int, more: int, support: float) -> None:
    near, far = (nearness(count, support) for count in (max(few, more), min(few, more)))
    assert near is not None
    assert far is not None
    assert 0 <= far <= near <= support
