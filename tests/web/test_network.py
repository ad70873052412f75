"""The network's dependence on single contacts, asked over HTTP; the figures are those worked out on paper."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from flask.testing import FlaskClient

from matching import network_feed
from tests.conftest import Clock
from tests.matching.network_cases import read
from tests.web.domains import LIMPOPO, WESTERN_CAPE, settle
from tests.web.network_world import Ids, settle_case
from tests.web.records import API, answer_json, make, path

CASE = read("twelve_organisations")
EXPECT = CASE.expect
GAUTENG = "ZA-GP"
NETWORK = f"{API}/network"
Holder = Callable[..., FlaskClient]


@pytest.fixture
def coordinator(holder: Holder) -> FlaskClient:
    """A coordinator of the country."""
    return holder("coordinator")


@pytest.fixture
def ids(coordinator: FlaskClient, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Ids:
    """The case, settled, at its own time and with its own required cells."""
    clock.now = CASE.now
    monkeypatch.setattr(network_feed, "RULESET", CASE.ruleset)
    return settle_case(coordinator, CASE)


def asked(client: FlaskClient, what: str, **query: str) -> dict[str, Any]:
    answer = client.get(f"{NETWORK}/{what}", query_string=query)
    assert answer.status_code == 200, answer.text
    return answer_json(answer)


def keys_of(ids: Ids) -> dict[str, str]:
    """The case's keys by id. Two spellings are one person, who goes by the lower of two random ids."""
    return {value: "thandi-1" if key == "thandi-2" else key for key, value in ids.items()}


def test_the_report_has_the_figures_worked_out_by_hand(coordinator: FlaskClient, ids: Ids) -> None:
    report, keys = asked(coordinator, "report"), keys_of(ids)

    shape = report["shape"]
    assert (shape["nodes"], shape["ties"], shape["parts"]) == (EXPECT["nodes"], EXPECT["ties"], EXPECT["parts"])
    assert shape["fragmentation"] == pytest.approx(float(Fraction(EXPECT["fragmentation"])))
    assert shape["two_paths"] == pytest.approx(float(Fraction(EXPECT["two_paths"])))
    listed = [*report["single_contact_links"]["items"], *report["dead_links"]["items"]]
    assert {keys[link["id"]]: link["grade"] for link in listed} == {
        name: row[2] for name, row in EXPECT["links"].items() if row[2] in ("single_contact", "dead")
    }
    expected = {
        name: (cells, links, float(Fraction(without)) - shape["fragmentation"])
        for name, cells, links, without in EXPECT["people"]
        if cells or links
    }
    told = {
        keys[row["person"]["id"]]: (
            ["/".join(cell.values()) for cell in row["cells_lost"]],
            sorted(keys[link["id"]] for link in row["links_lost"]),
            pytest.approx(row["delta_f"]),
        )
        for row in report["people"]["items"]
    }
    assert told == expected
    assert list(told)[:3] == ["lerato", "thabo", "thandi-1"]


def test_the_coverage_of_each_province(coordinator: FlaskClient, ids: Ids) -> None:
    for province in (LIMPOPO, GAUTENG):
        told = asked(coordinator, "coverage", province=province)
        states = {f"{c['department']}/{c['function']}/{c['province']}": c for c in told["cells"]}
        assert {key: [c["persons"], c["channels"], c["state"]] for key, c in states.items()} == {
            key: row[:3] for key, row in EXPECT["cells"].items() if key.endswith(province)
        }
        held = {key: [one["person"]["name"] for one in c["held_by"]] for key, c in states.items() if c["held_by"]}
        assert held == {key: row[3:] for key, row in EXPECT["cells"].items() if row[3:] and key.endswith(province)}


def test_links_come_with_the_most_urgent_and_the_worst_of_those_first(coordinator: FlaskClient, ids: Ids) -> None:
    keys = keys_of(ids)
    found = asked(coordinator, "links")
    assert {keys[one["id"]] for one in found["items"][:2]} == {"L04", "L07"}
    assert {keys[one["id"]]: [one[name] for name in ("grade", "redundancy", "m", "m_s")] for one in found["items"]} == {
        name: row[2:6] for name, row in EXPECT["links"].items()
    }
    some = asked(coordinator, "links", grade="single_contact", urgency="1", province=GAUTENG, page_size="1")
    assert (some["total"], [keys[one["id"]] for one in some["items"]]) == (1, ["L05"])
    with_police = asked(coordinator, "links", level="district")["items"]
    assert {keys[one["id"]] for one in with_police} == {"L01", "L03", "L05"}


def test_a_province_is_measured_by_itself(coordinator: FlaskClient, ids: Ids) -> None:
    """Limpopo: the links among lily, the police, welfare and the forum, and thabo, thandi and zanele on them."""
    keys = keys_of(ids)
    report = asked(coordinator, "report", province=LIMPOPO)
    assert (report["province"], report["links"], report["coverage"]["required"]) == (LIMPOPO, 3, 3)
    assert {keys[row["person"]["id"]] for row in report["people"]["items"]} == {"thabo", "thandi-1"}
    # 7 of the first part, hospital and hanna, labour-lp: s(s-1) = 42 + 2 of 10 * 9
    assert report["shape"]["fragmentation"] == pytest.approx(1 - 44 / 90)


def test_what_if_somebody_leaves_names_who_could_step_in(coordinator: FlaskClient, ids: Ids) -> None:
    keys = keys_of(ids)
    told = asked(coordinator, f"people/{ids['lerato']}")
    assert [keys[one["link"]["id"]] for one in told["loss"]["links_lost"]] == ["L04"]
    assert [(one["kind"], one["distance_band"]) for one in told["loss"]["links_lost"][0]["replacements"]] == [
        ("nearest_unit", "200-400"),
        ("same_training", None),
    ]
    assert [one["function"] for one in told["loss"]["cut_off"]] == ["case_management"]
    both = [asked(coordinator, f"people/{ids[spelling]}") for spelling in ("thandi-1", "thandi-2")]
    assert both[0] == both[1]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_provincial_coordinator_reads_the_own_province_alone(holder: Holder, ids: Ids) -> None:
    theirs = holder("coordinator", province=LIMPOPO)
    assert asked(theirs, "report")["province"] == LIMPOPO
    assert asked(theirs, "links")["total"] == 3
    statuses = {
        what: theirs.get(f"{NETWORK}/{what}?province={GAUTENG}").status_code for what in ("report", "links", "coverage")
    }
    assert statuses == {"report": 403, "links": 403, "coverage": 403}
    assert theirs.get(f"{NETWORK}/people/{ids['lerato']}").status_code == 404
    assert theirs.get(f"{NETWORK}/people/{ids['thabo']}").status_code == 200


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_organisation_reads_its_own_links_and_no_person_graded(holder: Holder, ids: Ids) -> None:
    keys = keys_of(ids)
    theirs = holder("partner_manager", organisation_id=ids["lily"])
    told = asked(theirs, "links")
    assert {keys[one["id"]] for one in told["items"]} == {"L01", "L02", "L08"}
    assert [one for one in told["items"] if "hangs_on" in one["a"] or "hangs_on" in one["b"]] == []
    end = answer_json(theirs.get("/openapi.json"))["components"]["schemas"]["EndRow"]
    assert set(end["required"]) == set(told["items"][0]["a"])
    unit = holder("unit_manager", department_id=ids["police-lp"])
    assert [keys[one["id"]] for one in asked(unit, "links")["items"]] == ["L01"]
    assert {theirs.get(f"{NETWORK}/{what}").status_code for what in ("report", "coverage")} == {403}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_links_of_a_hidden_place_to_a_station_are_its_own_to_know(
    client: FlaskClient, coordinator: FlaskClient, holder: Holder
) -> None:
    """They would tell where it is. Nothing of them shows to others: neither link, person, count nor shape."""
    home = settle(client, LIMPOPO)
    haven = make(client, "organisations", name="Haven", org_type="shelter", sector="civil_society")["id"]
    place = {"address": "1 Acacia Street", "lat": -23.9, "lon": 29.45}
    make(client, "sites", organisation_id=haven, confidential=True, location=place)
    ends = {"a": {"type": "organisation", "id": haven}, "b": {"type": "department", "id": home.ids["departments"]}}
    link = make(client, "links", **ends)["id"]
    before = asked(coordinator, "report")
    client.patch(
        f"{path('departments')}/{home.ids['departments']}", json={"level": "station_site"}, headers={"If-Match": "*"}
    )
    after = asked(coordinator, "report")

    assert link in str(before)
    assert link not in str(after)
    assert after["links"] == before["links"] - 1
    assert link not in str(asked(coordinator, "links", page_size="200"))
    assert [one["id"] for one in asked(holder("partner_manager", organisation_id=haven), "links")["items"]] == [link]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_change_shows_in_the_next_report_and_a_second_reading_is_the_same(
    coordinator: FlaskClient, ids: Ids, clock: Clock
) -> None:
    first, again = asked(coordinator, "report"), asked(coordinator, "report")
    assert again == first
    clock.advance(days=91)
    later = asked(coordinator, "report")
    assert later["coverage"] != first["coverage"]
    answer = coordinator.delete(f"{path('links')}/{ids['L01']}", headers={"If-Match": "*"})
    assert answer.status_code == 204
    assert asked(coordinator, "report")["links"] == first["links"] - 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_network_of_nobody_is_measured_too(coordinator: FlaskClient) -> None:
    report = asked(coordinator, "report", province=WESTERN_CAPE)
    assert (report["coverage"]["b"], report["links"], report["people"]["total"]) == (0.0, 0, 0)
