"""The network's dependence on single contacts, asked over HTTP; the figures are those worked out on paper."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conftest import Clock
from tests.web.domains import LIMPOPO, WESTERN_CAPE, settle
from tests.web.network_world import CASE, GAUTENG, NETWORK, Ids
from tests.web.records import answer_json, make, path

EXPECT = CASE.expect
Holder = Callable[..., FlaskClient]


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


@pytest.mark.parametrize("name", CASE.simulations)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_simulations(coordinator: FlaskClient, ids: Ids, name: str) -> None:
    told, keys = CASE.simulations[name], {value: key for key, value in ids.items()}
    subjects = [one.partition(" ") for one in told["remove"]]
    loss = what_if(coordinator, remove=[{"type": kind, "id": ids[key]} for kind, _, key in subjects])
    assert {keys[one["link"]["id"]]: "".join(one["silent"]) for one in loss["links_lost"]} == told.get("links_lost", {})
    assert ["/".join(one["cell"].values()) for one in loss["cells_lost"]] == told.get("cells_lost", [])
    cut_off = {f"{keys[one['organisation']['id']]} {one['function']}" for one in loss["cut_off"]}
    assert cut_off == set(told.get("cut_off", []))


def what_if(client: FlaskClient, **asked: Any) -> dict[str, Any]:
    answer = client.post(f"{NETWORK}/simulations", json=asked)
    assert answer.status_code == 200, answer.text
    loss: dict[str, Any] = answer_json(answer)["loss"]
    return loss


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_transfer_leaves_one_gap_and_fills_another(coordinator: FlaskClient, ids: Ids) -> None:
    """lerato takes the vacant post of labour in Limpopo: her cell falls to nobody, that one rises to one."""
    moving = {"focal_point_id": ids["lerato@welfare-gp"], "post_id": ids["vacant@labour-lp"]}
    loss = what_if(coordinator, transfers=[moving])
    assert ["/".join(one["cell"].values()) for one in loss["cells_lost"]] == ["DSD/case_management/ZA-GP"]
    gained = [("/".join(one["cell"].values()), one["before"], one["after"]) for one in loss["cells_gained"]]
    assert gained == [("DEL/labour_claim/ZA-LP", "gap", "single")]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_cannot_be_simulated_is_named(coordinator: FlaskClient, ids: Ids) -> None:
    nobody, somebody = "00000000-0000-4000-8000-000000000000", {"type": "person", "id": ids["lerato"]}
    wrong = {
        "remove": {},
        "remove.1.id": {"remove": [somebody, {"type": "person", "id": nobody}]},
        "remove.0.type": {"remove": [{"type": "training", "id": nobody}]},
        "transfers.0.post_id": {"transfers": [{"focal_point_id": ids["lerato@welfare-gp"], "post_id": nobody}]},
    }
    for field, body in wrong.items():
        answer = coordinator.post(f"{NETWORK}/simulations", json=body)
        assert (answer.status_code, list(answer_json(answer)["errors"])) == (422, [field])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whom_the_report_names_first_leaves_the_loss_that_it_predicts(coordinator: FlaskClient, ids: Ids) -> None:
    """The person is closed through the API, and the next report is compared with the prediction."""
    before = asked(coordinator, "report")
    named = before["people"]["items"][0]
    closed = coordinator.delete(f"{path('persons')}/{named['person']['id']}", headers={"If-Match": "*"})
    assert closed.status_code == 204
    after = asked(coordinator, "report")
    ends = {one["id"]: (one["a"]["grade"], one["b"]["grade"]) for one in asked(coordinator, "links")["items"]}

    gone, lost = {tuple(one.values()) for one in named["cells_lost"]}, {one["id"] for one in named["links_lost"]}
    assert gone
    assert lost
    assert {cell for cell, state in states(after).items() if state != states(before)[cell]} == gone
    assert {states(after)[cell] for cell in gone} == {"gap"}
    assert [one for one in lost if "dead" not in ends[one]] == []
    assert dead(after) - dead(before) <= lost <= dead(after)
    assert after["shape"]["fragmentation"] - before["shape"]["fragmentation"] == pytest.approx(named["delta_f"])
    assert named["person"]["id"] not in [one["person"]["id"] for one in after["people"]["items"]]


def states(report: dict[str, Any]) -> dict[tuple[str, ...], str]:
    return {(one["department"], one["function"], one["province"]): one["state"] for one in report["cells"]}


def dead(report: dict[str, Any]) -> set[str]:
    return {one["id"] for one in report["dead_links"]["items"]}


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
def test_nobody_but_coordinators_reads_how_much_hangs_on_whom(holder: Holder, ids: Ids) -> None:
    """An administrator reads where the network is weak, without people; of the others managers read their own links."""
    own = {"partner_manager": {"organisation_id": ids["lily"]}, "unit_manager": {"department_id": ids["police-lp"]}}
    paths = ("report", "coverage", "map", "trend", f"people/{ids['thabo']}")
    for role in ("app", "caseworker", "partner_manager", "unit_manager", "disclosure", "auditor"):
        theirs = holder(role, **own.get(role, {}))
        assert {one: theirs.get(f"{NETWORK}/{one}").status_code for one in paths} == dict.fromkeys(paths, 403)
        assert theirs.post(f"{NETWORK}/simulations", json={"remove": []}).status_code == 403
        told = theirs.get(f"{NETWORK}/links")
        assert (told.status_code == 200) == (role in own)
        assert "hangs_on" not in told.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_administrator_reads_what_is_weak_and_on_no_person(
    holder: Holder, coordinator: FlaskClient, ids: Ids
) -> None:
    admin = holder("admin")
    people = {row["full_name"] for row in coordinator.get("/api/v1/persons?page_size=200").get_json()["items"]}
    assert admin.get(f"{NETWORK}/people/{ids['thabo']}").status_code == 403
    assert admin.post(f"{NETWORK}/simulations", json={"remove": []}).status_code == 403
    for kind in ("report", "coverage", "map", "links", "trend"):
        told = admin.get(f"{NETWORK}/{kind}")
        assert told.status_code == 200
        assert [name for name in people if name in told.text] == []
    assert any(name in coordinator.get(f"{NETWORK}/report").text for name in people)


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
