"""The network's measures where the paper case and the random ones do not look: single rules, and the ruleset itself."""

from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings

from directory import geography, vocabulary
from matching.contactbook import ContactBook
from matching.contacts import GRADES
from matching.network.graph import Node, fragmentation, measure
from matching.network.picture import Ground, Picture
from matching.rows import by_id
from matching.rulesets import coverage_2026_1
from matching.rulesets.coverage import CellKey
from tests.matching.contact_network import NOW, Network, ago, carrier, listed
from tests.matching.network_start import LIMPOPO, one_link
from tests.matching.network_worlds import GROUND, RULESET, measured, networks

REPORTS = CellKey("SAPS", "police_report", "ZA-LP")
INVESTIGATES = CellKey("SAPS", "investigation", "ZA-LP")


SOME = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture
def net() -> Network:
    return one_link()


def states(net: Network) -> dict[CellKey, str]:
    return {cell.key: cell.state for cell in measured(net).cells if cell.state != "gap"}


# --- coverage --------------------------------------------------------------------------------------------


def test_one_person_makes_a_single_cell(net: Network) -> None:
    assert states(net) == {REPORTS: "single"}


def test_a_post_answers_for_its_own_functions_only(net: Network) -> None:
    net.post("detective", "police", "desk", functions=["investigation"])
    net.sits(net.person("other", "+27823"), "detective")
    assert states(net) == {REPORTS: "single", INVESTIGATES: "single"}


def test_a_line_of_a_post_counts_for_the_post_and_a_line_of_the_office_for_all(net: Network) -> None:
    net.post("detective", "police", "desk", functions=["investigation"])
    net.channel("post-line", "post", "detective", "+2710", tested_at=ago(1))
    assert states(net) == {REPORTS: "single", INVESTIGATES: "single"}
    net.channel("office-line", "department", "desk", "+2711", tested_at=ago(1))
    assert states(net) == {REPORTS: "backed", INVESTIGATES: "single"}


def test_a_line_at_the_place_of_a_service_counts_for_the_service(net: Network) -> None:
    net.add("services", "helpdesk", organisation_id="police", department_id="desk", codes=["investigation"])
    net.add("service_sites", "helpdesk-site", service_id="helpdesk", site_id=None)
    net.channel("site-line", "service_site", "helpdesk-site", "+2710", tested_at=ago(1))
    assert states(net)[REPORTS] == "single"
    assert states(net)[INVESTIGATES] == "backed"


def test_two_units_that_share_an_officer_are_single(net: Network) -> None:
    net.unit("second", "police", functions=["police_report"], **LIMPOPO)
    net.post("second-counter", "police", "second")
    net.sits("officer", "second-counter")
    assert states(net) == {REPORTS: "single"}


@pytest.mark.parametrize(
    ("fields", "provinces"),
    [
        ({"serves": {"scope": "province", "codes": ["ZA-LP", "ZA-GP"]}}, {"ZA-LP", "ZA-GP"}),
        ({"serves": {"scope": "district", "codes": ["DC34", "TSH"]}}, {"ZA-LP", "ZA-GP"}),
        ({"serves": {"scope": "national", "codes": []}, "level": "national", "site_id": "office"}, set()),
        ({"serves": {"scope": "national", "codes": []}, "level": "station_site", "site_id": "office"}, {"ZA-GP"}),
        ({"serves": None, "level": "provincial", "site_id": None}, {"ZA-LP"}),
    ],
)
def test_the_provinces_of_a_unit(fields: dict[str, object], provinces: set[str]) -> None:
    net = Network()
    net.organisation("office-of", "government", province="ZA-LP")
    net.add("sites", "office", organisation_id="office-of", province="ZA-GP")
    net.unit("unit", "office-of", **fields)
    assert Picture(net.collections, NOW, GROUND).provinces(("department", "unit")) == provinces


# --- the graph -------------------------------------------------------------------------------------------


def graph(*ties: str) -> nx.Graph[Node]:
    """Ties such as "p A": small letters are people."""
    made: nx.Graph[Node] = nx.Graph()
    for tie in ties:
        one, other = (("person" if name.islower() else "organisation", name) for name in tie.split())
        made.add_edge(one, other)
    return made


def test_nothing_and_one() -> None:
    empty = measure(nx.Graph())
    assert (empty.nodes, empty.fragmentation, empty.two_paths, empty.delta) == (0, 0.0, 0.0, {})
    alone: nx.Graph[Node] = nx.Graph()
    alone.add_node(("person", "p"))
    assert (measure(alone).fragmentation, measure(alone).delta) == (0.0, {"p": 0.0})


def test_one_person_between_two_houses_is_everything() -> None:
    shape = measure(graph("p A", "p B"))
    assert shape.articulation_points == {("person", "p")}
    assert (shape.fragmentation, shape.delta, shape.two_paths) == (0.0, {"p": 1.0}, 0.0)


def test_a_second_person_makes_two_paths() -> None:
    shape = measure(graph("p A", "p B", "q A", "q B"))
    assert (shape.two_paths, shape.two_paths_partners, shape.delta) == (1.0, 1.0, {"p": 0.0, "q": 0.0})


def test_two_uses_of_one_person_are_one_tie(net: Network) -> None:
    """Parallel edges would hide that one person carries both."""
    once = measured(net).shape
    net.collections["links"][0]["carriers"].append(carrier("a", "working", "joint_case"))
    assert measured(net).shape == once


def test_a_stale_carrier_is_no_tie(net: Network) -> None:
    for seat in net.collections["focal_points"]:
        seat["verified_at"] = ago(181)
    assert (measured(net).shape.nodes, measured(net).shape.ties) == (2, 0)


def test_a_tested_line_ties_the_two_ends(net: Network) -> None:
    net.channel("line", "department", "desk", "+2710", tested_at=ago(1))
    net.collections["links"][0] |= {"carriers": [], "channels": [listed("b", "line")]}
    assert (("organisation", "shelter"), ("department", "desk")) in measured(net).picture.graph().edges


def test_a_long_chain_does_not_exhaust_the_stack() -> None:
    chain = graph(*(f"{'p' * (n % 2)}{n} {'p' * ((n + 1) % 2)}{n + 1}" for n in range(10_000)))
    assert len(measure(chain).articulation_points) == 9_999


def test_fragmentation() -> None:
    assert fragmentation([3, 2]) == pytest.approx(1 - (3 * 2 + 2 * 1) / (5 * 4))
    assert fragmentation([1, 1]) == 1.0
    assert fragmentation([]) == fragmentation([1]) == 0.0


# --- links -----------------------------------------------------------------------------------------------


@settings(SOME)
@given(networks(size=3))
def test_links_are_graded_as_the_contact_book_grades_them(net: Network) -> None:
    book = ContactBook(by_id(net.collections), NOW)
    for link in Picture(net.collections, NOW, GROUND).links:
        assert link.grade == book.grade_link(link.record)


# --- the ruleset -----------------------------------------------------------------------------------------


def test_the_ruleset_speaks_the_vocabulary() -> None:
    ruleset = coverage_2026_1.RULESET
    assert set(ruleset.stage_of) == set(vocabulary.terms("service"))
    assert {stage.code for stage in ruleset.stages} == set(vocabulary.terms("stage"))
    assert set(ruleset.stage_of.values()) | {one.stage for one in ruleset.functions} <= set(vocabulary.terms("stage"))
    assert {one.department for one in ruleset.functions} <= set(vocabulary.terms("department"))
    assert {one.function for one in ruleset.functions} <= set(vocabulary.terms("service"))
    assert all(one.reason and one.source for one in ruleset.functions)
    assert len({(one.department, one.function) for one in ruleset.functions}) == len(ruleset.functions)


def test_every_number_has_its_argument() -> None:
    numbers = coverage_2026_1.RULESET.numbers
    assert set(coverage_2026_1.RULESET.arguments) == set(type(numbers).__dataclass_fields__)
    assert set(numbers.behind) >= {"gap", "single", "person", "multiplex", "stale", *GRADES} - {"backed"}
    assert set(numbers.due_days) == {1, 2, 3, 4, 5}


def test_every_province_is_asked_for_every_function() -> None:
    ground = Ground(tuple(geography.provinces()), {})
    cells = list(coverage_2026_1.RULESET.required(ground.provinces))
    assert len(cells) == 9 * len(coverage_2026_1.REQUIRED) == len({key for key, _ in cells})
    assert RULESET.urgency(["counselling", "police_report"]) == 1
    assert RULESET.urgency([]) == 5
