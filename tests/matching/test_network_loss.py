"""What is lost when something goes, who could answer instead, and what is to be done."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.contacts import GRADES
from matching.network.findings import KINDS, findings
from matching.network.removal import Removal, UnknownSubject
from matching.network.simulation import Simulation, simulate
from matching.rulesets.coverage import CellKey
from tests.matching.contact_network import Network, ago, carrier, listed
from tests.matching.network_start import LIMPOPO, one_link
from tests.matching.network_worlds import measured, networks

REPORTS = CellKey("SAPS", "police_report", "ZA-LP")


SOME = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture
def net() -> Network:
    return one_link()


def gone(net: Network, *subjects: tuple[str, str]) -> Simulation:
    return simulate(measured(net), Removal.of(subjects))


def test_people_who_share_a_number_are_one_contact_and_neither_is_the_only_one(net: Network) -> None:
    net.sits(net.person("partner", "+27822"), "counter", key="beside")
    net.collections["links"][0]["carriers"].append(carrier("b", "beside"))
    found = measured(net)
    assert found.picture.links[0].grade.grade_b == "single_contact"
    assert {loss.person: loss.links for loss in found.people} == {"worker": ("tie",), "officer": (), "partner": ()}
    assert gone(net, ("channel", "officer-phone")).links_lost[0].silent == ("b",)


def test_a_post_that_falls_vacant(net: Network) -> None:
    lost = gone(net, ("post", "counter"))
    assert [change.link_id for change in lost.links_lost] == ["tie"]
    assert [change.key for change in lost.cells_lost] == [REPORTS]
    assert [(one.organisation_id, one.function) for one in lost.cut_off] == [("shelter", "police_report")]


def test_an_organisation_that_closes_is_not_cut_off_itself(net: Network) -> None:
    lost = gone(net, ("organisation", "shelter"))
    assert (len(lost.links_lost), lost.cells_lost, lost.cut_off) == (1, (), ())


def test_an_organisation_that_closes_takes_its_units_along(net: Network) -> None:
    assert [change.key for change in gone(net, ("organisation", "police")).cells_lost] == [REPORTS]


def test_any_record_of_a_person_stands_for_the_person(net: Network) -> None:
    net.person("a-copy", "+27822", full_name="Officer")
    assert [change.key for change in gone(net, ("person", "a-copy")).cells_lost] == [REPORTS]


def test_a_dead_number_leaves_whoever_has_another(net: Network) -> None:
    net.channel("second", "person", "officer", "+27824", kind="person_phone")
    assert gone(net, ("channel", "officer-phone")).links_lost == ()
    assert len(gone(net, ("channel", "officer-phone"), ("channel", "second")).links_lost) == 1


def test_whoever_never_had_a_number_stays(net: Network) -> None:
    net.collections["channels"] = [c for c in net.collections["channels"] if c["id"] != "officer-phone"]
    assert gone(net, ("channel", "worker-phone")).cells_lost == ()


def test_an_office_line_does_not_start_to_count_when_its_owner_leaves(net: Network) -> None:
    net.channel("line", "department", "desk", "+27822", tested_at=ago(1))
    assert [change.key for change in gone(net, ("person", "officer")).cells_lost] == [REPORTS]


def test_nothing_removed_is_nothing_lost(net: Network) -> None:
    lost = gone(net)
    assert (lost.links_lost, lost.links_weakened, lost.cells_lost, lost.cells_weakened, lost.cut_off) == ((),) * 5


@pytest.mark.parametrize("subject", [("person", "nobody"), ("channel", "nothing"), ("training", "tie")])
def test_unknown_subjects(net: Network, subject: tuple[str, str]) -> None:
    with pytest.raises(UnknownSubject) as raised:
        gone(net, ("person", "officer"), subject)
    assert raised.value.subjects == (subject,)


@settings(SOME)
@given(networks(size=3), st.integers(0, 3))
def test_a_loss_never_makes_anything_better(net: Network, number: int) -> None:
    """Of cells and ends, how many stay reachable; and what is called lost was there before."""
    found = measured(net)
    everybody = [loss.person for loss in found.people]
    lost = simulate(found, Removal(person=frozenset(everybody[:number])))
    assert lost.coverage_after.gap >= lost.coverage_before.gap
    assert lost.coverage_after.gap - lost.coverage_before.gap == len(lost.cells_lost)
    assert all(GRADES.index(one.after) < GRADES.index(one.before) for one in lost.links_weakened)


def test_replacements_in_the_same_unit_come_with_those_of_the_function_first(net: Network) -> None:
    net.post("desk-clerk", "police", "desk", functions=["counselling"], title="Clerk")
    net.sits(net.person("clerk", "+27823"), "desk-clerk")
    net.post("deputy-post", "police", "desk", title="Deputy")
    net.sits(net.person("deputy", "+27824"), "deputy-post", 100)
    lost = gone(net, ("person", "officer")).links_lost[0]
    assert [(one.kind, one.person) for one in lost.replacements] == [("same_unit", "deputy"), ("same_unit", "clerk")]
    assert lost.replacements[0].reason == "Deputy sits in the same unit and has been confirmed lately."


def test_the_nearest_unit_is_found_by_published_points(net: Network) -> None:
    places = {"far": (-26.2, 28.05), "near": (-23.9, 29.5), "hidden": (-24.0, 29.5), "home": (-23.9, 29.45)}
    for key, (lat, lon) in places.items():
        net.add("sites", f"{key}-site", lat=lat, lon=lon, confidential=key == "hidden", organisation_id="police")
    for key in ("far", "near", "hidden"):
        net.unit(key, "police", functions=["police_report"], site_id=f"{key}-site", **LIMPOPO)
        net.channel(f"{key}-line", "department", key, f"+2710{len(key)}", tested_at=ago(1))
    net.collections["departments"][0]["site_id"] = "home-site"
    net.unit("silent", "police", functions=["police_report"], site_id="home-site", **LIMPOPO)
    found = gone(net, ("person", "officer")).links_lost[0].replacements
    assert [one.home[1] for one in found] == ["near", "hidden", "far"]
    assert [(one.distance_band, one.distance_km) for one in found] == [
        ("0-25", 5.1),
        ("0-25", None),
        ("200-400", 292.0),
    ]


# --- findings --------------------------------------------------------------------------------------------


def test_a_finding_clears_when_the_registry_changes(net: Network) -> None:
    before = {finding.key for finding in findings(measured(net))}
    net.channel("line", "department", "desk", "+2710", tested_at=ago(1))
    net.collections["links"][0]["channels"] = [listed("b", "line")]
    after = {finding.key for finding in findings(measured(net))}
    assert before - after == {"cell:SAPS/police_report/ZA-LP", "person:officer"}
    assert after - before == set()


def test_a_coordinating_body_owns_what_nobody_else_can(net: Network) -> None:
    """No unit of Social Development is on record."""
    net.organisation("task-team", org_type="coordinating_body", province="ZA-LP")
    owners = {finding.subject: finding.owner for finding in findings(measured(net)) if finding.kind == "cell"}
    assert owners["DSD/case_management/ZA-LP"] == ("organisation", "task-team")
    assert owners["DSD/case_management/ZA-GP"] is None
    assert owners["SAPS/investigation/ZA-LP"] == ("organisation", "police")


def test_a_lapsed_memorandum_is_signed_again(net: Network) -> None:
    net.sits(net.person("second", "+27823"), "counter", key="beside")
    net.collections["links"][0]["carriers"].append(carrier("b", "beside"))
    net.collections["links"][0]["memorandum"] = {"signed": ago(400).date(), "expires": ago(1).date()}
    actions = {finding.key: finding.action for finding in findings(measured(net))}
    assert actions["link_end:tie:b"] == "sign_mou"


@settings(SOME)
@given(networks(size=3))
def test_findings_are_in_order_and_have_owners_and_distinct_keys(net: Network) -> None:
    found = findings(measured(net))
    assert len({finding.key for finding in found}) == len(found)
    assert [finding.priority for finding in found] == sorted(finding.priority for finding in found)
    assert all(finding.owner is not None for finding in found if finding.kind != "cell")
    assert all(finding.kind in KINDS and 1 <= finding.priority <= 5 and finding.due_days > 0 for finding in found)
