"""The pages over the network's findings: tasks, messages, handovers; who may read them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import Clock
from tests.web.browsing import Browser, enlisted
from tests.web.domains import LIMPOPO, WESTERN_CAPE
from tests.web.network_world import GAUTENG, Ids
from tests.web.records import make
from tests.web.test_pages import INLINE

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
BOARD = "/network/actions"
TASK = re.compile(r"<li>\n<div>\n<strong>.*?</li>", re.DOTALL)


def signed_in(app: Flask, clock: Clock, role: Any, **given: Any) -> Browser:
    made = Browser(app)
    assert made.sign_in(enlisted(app, role, **given), clock).status_code == 303
    return made


@pytest.fixture
def desk(app: Flask, ids: Ids, clock: Clock) -> Browser:
    """A coordinator of the country, with a browser."""
    return signed_in(app, clock, "coordinator", username="desk")


def task(page: str, words: str) -> dict[str, str]:
    """Where a task of a board is sent, and its version."""
    found = next(one for one in TASK.findall(page) if words in one)
    where = re.search(rf'action="({BOARD}/[0-9a-f-]+)"', found)
    version = re.search(r'name="version" value="(\d+)"', found)
    assert where is not None
    assert version is not None
    return {"where": where[1], "version": version[1]}


def test_a_task_goes_from_begun_to_done(desk: Browser) -> None:
    page = desk.read(BOARD).text
    one = task(page, "police report")
    begun = {"version": one["version"], "state": "doing", "back": "show=open&page=1&evil=1"}
    answer = desk.send(one["where"], begun, seen=BOARD)
    doing = desk.read(f"{BOARD}?show=doing").text

    assert answer.headers["Location"] == f"{BOARD}?show=open&page=1"
    assert "Nominate a deputy" in page
    assert one["where"] not in desk.read(BOARD).text
    desk.send(one["where"], {"version": task(doing, "police report")["version"], "state": "done"}, seen=BOARD)
    assert one["where"] in desk.read(f"{BOARD}?show=done").text


def test_what_changed_meanwhile_is_not_overwritten(desk: Browser) -> None:
    one = task(desk.read(BOARD).text, "police report")
    desk.send(one["where"], {"version": one["version"], "state": "doing"}, seen=BOARD)

    assert desk.send(one["where"], {"version": one["version"], "state": "done"}, seen=BOARD).status_code == 412


def test_a_board_is_narrowed_to_an_owner_and_what_is_overdue(desk: Browser, ids: Ids) -> None:
    everything = len(TASK.findall(desk.read(BOARD).text))
    theirs = TASK.findall(desk.read(f"{BOARD}?department_id={ids['police-lp']}").text)
    named = TASK.findall(desk.read(f"{BOARD}?department_id=police-lp&province=nonsense").text)

    assert 0 < len(theirs) < everything
    assert len(theirs) == len(named)
    assert all("police-lp" in one for one in theirs)
    assert TASK.findall(desk.read(f"{BOARD}?show=overdue").text) == []


def test_owners_read_their_own_tasks_and_drop_none(app: Flask, desk: Browser, ids: Ids, clock: Clock) -> None:
    desk.read(BOARD)
    of_saps = {"organisation_id": ids["saps"], "department_id": ids["police-lp"]}
    page = signed_in(app, clock, "unit_manager", **of_saps).read(BOARD).text

    assert TASK.findall(page)
    assert all("police-lp" in one for one in TASK.findall(page))
    assert "Begin<" in page
    assert "Drop<" not in page
    assert "/network/people/" not in page
    assert "Of one province or owner" not in page


def test_results_are_told_by_owner_and_period(desk: Browser) -> None:
    page = desk.read("/network/results").text
    before = desk.read("/network/results?from=2020-01-01&to=2020-02-01").text

    assert "police-lp" in page
    assert re.search(r"<td[^>]*>police-lp</td><td[^>]*>[1-9]", page)
    assert re.search(r"<td[^>]*>police-lp</td><td[^>]*>0", before)
    assert desk.read("/network/results?from=2026-02-01&to=2026-01-01").status_code == 200


@pytest.mark.parametrize(
    "where",
    ["/network", "/network/results", "/network/what-if", "/network/trend", "/network/shareable", "/network/report/pdf"],
)
@pytest.mark.parametrize("role", ["caseworker", "partner_manager"])
def test_what_is_about_the_whole_network_is_for_coordinators(
    app: Flask, ids: Ids, clock: Clock, role: str, where: str
) -> None:
    theirs = signed_in(app, clock, role, organisation_id=ids["lily"])

    assert theirs.read(where).status_code == 403
    assert f'href="{where}"' not in theirs.read("/start").text


def test_a_provincial_coordinator_reads_the_province_alone(app: Flask, desk: Browser, ids: Ids, clock: Clock) -> None:
    everything = TASK.findall(desk.read(BOARD).text)
    page = signed_in(app, clock, "coordinator", province=LIMPOPO).read(BOARD).text

    assert 0 < len(TASK.findall(page)) < len(everything)
    assert "police-gp" not in "".join(TASK.findall(page))
    elsewhere = signed_in(app, clock, "coordinator", username="far", province=WESTERN_CAPE)
    assert elsewhere.read(f"/network/results?province={GAUTENG}").status_code == 403


def handover(ids: Ids, more: str = "") -> str:
    return f"/registry/posts/{ids['thabo-post@police-lp']}/handover{more}"


def test_a_post_is_handed_over_and_the_page_says_what_that_did(
    app: Flask, client: FlaskClient, desk: Browser, ids: Ids, clock: Clock
) -> None:
    make(client, "persons", full_name="Ann Example")
    page = desk.read(f"/registry/posts/{ids['thabo-post@police-lp']}").text
    answer = desk.send(handover(ids), {"successor_id": "Ann Example"}, seen=handover(ids))
    told = desk.read(answer.headers["Location"]).text

    assert handover(ids) in page
    assert "Then: Ann Example" in told
    assert "without thabo" in told
    assert "lily" in told
    assert "Told by a message (1)" in told
    partner = signed_in(app, clock, "partner_manager", organisation_id=ids["lily"])
    message = partner.read("/messages").text
    assert "a new holder follows" in message
    assert not any(name in message for name in ("Ann", "thabo-1", "Thabo"))
    reading = re.compile(r'action="(/messages/[0-9a-f-]+/read)"')
    assert "a new holder follows" in (seen := desk.read("/messages").text)
    assert reading.search(seen) is None
    read = reading.search(message)
    assert read is not None
    partner.send(read[1], seen="/messages")
    assert "a new holder follows" not in partner.read("/messages").text
    assert "a new holder follows" in partner.read("/messages?show=all").text


def test_a_post_that_nobody_follows_in_is_a_task(desk: Browser, ids: Ids) -> None:
    answer = desk.send(handover(ids), {"effective_on": "2026-11-21"}, seen=handover(ids))
    told = desk.read(answer.headers["Location"]).text

    assert "Nobody follows yet." in told
    assert "nobody answers" in told or "nobody can be reached" in told
    assert "nobody follows in the post" in desk.read(BOARD).text


def test_what_is_wrong_with_a_handover_is_said(desk: Browser, ids: Ids) -> None:
    unknown = desk.send(handover(ids), {"successor_id": "Nobody Known"}, seen=handover(ids))
    again = desk.send(handover(ids), {"successor_id": ids["thabo"]}, seen=handover(ids))

    assert (unknown.status_code, again.status_code) == (422, 422)
    assert "Nothing of this name is known." in unknown.text
    assert "Holds the post already." in again.text
    assert desk.read(handover(ids, "/some-day")).status_code == 404


def test_a_posts_numbers_are_ticked_to_stay(client: FlaskClient, desk: Browser, ids: Ids) -> None:
    owner = {"type": "post", "id": ids["thabo-post@police-lp"]}
    kept, goes = (
        make(client, "channels", owner=owner, channel_kind=kind, value=value)["id"]
        for kind, value in (("duty_line", "+27150000078"), ("person_phone", "+27820000078"))
    )
    page = desk.read(handover(ids)).text
    desk.send(handover(ids), {"keep_channels": kept}, seen=handover(ids))

    assert f'value="{kept}" checked' in page
    assert f'value="{goes}">' in page
    owners = {one: client.get(f"/api/v1/channels/{one}").get_json()["owner"]["type"] for one in (kept, goes)}
    assert owners == {kept: "post", goes: "person"}


def test_others_do_not_hand_a_post_over(app: Flask, ids: Ids, clock: Clock) -> None:
    lily = signed_in(app, clock, "partner_manager", organisation_id=ids["lily"])

    assert handover(ids) not in lily.read(f"/registry/posts/{ids['thabo-post@police-lp']}").text
    assert lily.read(handover(ids)).status_code == 403
    assert lily.send(handover(ids), {}, seen="/account").status_code == 403


@pytest.mark.parametrize(
    "where", [BOARD, "/network", "/network/results", "/network/what-if", "/network/trend", "/messages", "handover"]
)
def test_nothing_inline_runs_or_styles(desk: Browser, ids: Ids, where: str) -> None:
    page = desk.read(handover(ids) if where == "handover" else where)

    assert page.status_code == 200
    assert INLINE.findall(page.text) == []


def test_the_report_names_whom_the_network_hangs_on_and_leads_there(desk: Browser, ids: Ids) -> None:
    page = desk.read("/network").text
    first = re.search(r'<a href="(/network/people/[0-9a-f-]+)">([^<]+)</a>', page)
    assert first is not None
    told = desk.read(first[1]).text

    assert "Dependence on single contacts: South Africa" in page
    assert page.count('role="img"') >= 2
    assert "would have nobody" in told
    assert first[2].split(" (")[0] in told


def test_what_may_be_shared_names_posts_and_no_person(desk: Browser, ids: Ids) -> None:
    people = {key for key in ids if key in desk.read("/network").text and f"{key}-post" not in key}
    named = [one for one in ("thabo", "zanele", "hanna", "ivan") if f"{one} (" in desk.read("/network").text]
    page = desk.read("/network/shareable").text

    assert people
    assert named
    assert [one for one in named if f"{one} (" in page] == []
    assert "/network/people/" not in page
    assert "It may be given to partners." in page


@pytest.mark.parametrize(("form", "begins"), [("pdf", b"%PDF"), ("xlsx", b"PK")])
def test_the_report_is_a_file_too(desk: Browser, form: str, begins: bytes) -> None:
    answer = desk.read(f"/network/report/{form}?province={LIMPOPO}")

    assert answer.data.startswith(begins)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="network-{LIMPOPO}.{form}"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert desk.read("/network/report/exe").status_code == 404


def test_a_provinces_coordinator_reads_its_report_and_chooses_none(
    app: Flask, desk: Browser, ids: Ids, clock: Clock
) -> None:
    theirs = signed_in(app, clock, "coordinator", province=LIMPOPO)
    page = theirs.read(f"/network?province={GAUTENG}").text

    assert "Dependence on single contacts: Limpopo" in page
    assert 'id="province"' not in page
    assert 'id="province"' in desk.read("/network").text
    assert "Gauteng" not in page
    assert theirs.read(f"/network/people/{ids['anna']}").status_code == 404


def test_who_reads_the_report_is_in_the_audit(app: Flask, desk: Browser, clock: Clock) -> None:
    desk.read("/network/shareable")
    auditor = signed_in(app, clock, "auditor")
    before = auditor.read("/audit?action=read.confidential").text.count("what:grading")
    desk.read("/network")
    desk.read("/network/report/pdf")

    assert (before, auditor.read("/audit?action=read.confidential").text.count("what:grading")) == (0, 2)


def test_who_reads_on_whom_an_organisations_links_hang_is_in_the_audit(
    app: Flask, desk: Browser, ids: Ids, clock: Clock
) -> None:
    where = f"/network/organisations/{ids['lily']}"
    signed_in(app, clock, "partner_manager", organisation_id=ids["lily"]).read(where)
    auditor = signed_in(app, clock, "auditor")
    before = auditor.read("/audit?action=read.confidential").text.count("what:grading")
    desk.read(where)

    assert (before, auditor.read("/audit?action=read.confidential").text.count("what:grading")) == (0, 1)


def test_people_who_leave_together_take_more_than_each(desk: Browser, ids: Ids) -> None:
    page = desk.read("/network/what-if").text
    people = re.findall(r'name="person" value="([0-9a-f-]+)"', page)
    form = {"person": people[0]}
    whole = desk.send("/network/what-if", form, seen="/network/what-if")
    part = desk.send("/network/what-if", form, seen="/network/what-if", HX_Request="true")
    none = desk.send("/network/what-if", {}, seen="/network/what-if")

    assert "data-graph=" in page
    assert f'value="{people[0]}" checked' in whole.text
    assert "<html" in whole.text
    assert "<html" not in part.text
    assert part.text.strip() in whole.text
    assert ("would have nobody" in part.text, none.status_code) == (True, 422)
    assert f'value="{people[1]}" checked' in desk.read(f"/network/what-if?person={people[1]}&person=nonsense").text


def test_the_picture_to_try_people_on_is_the_only_one_to_need_its_script(desk: Browser) -> None:
    assert "vendor/cytoscape" in desk.read("/network/what-if").text
    assert "vendor/cytoscape" not in desk.read("/network").text


def test_the_trend_tells_which_links_changed(app: Flask, desk: Browser, ids: Ids, clock: Clock) -> None:
    desk.read(BOARD)
    desk.send(handover(ids), {}, seen=handover(ids))
    clock.advance(hours=3)
    desk = signed_in(app, clock, "coordinator", username="tomorrow")
    page = desk.read("/network/trend").text

    assert "1 link is now: nobody answers" in page
    assert "one person alone → nobody answers" in page
    assert f"/registry/links/{ids['L01']}" in page
    assert "No day of this time was kept." in desk.read("/network/trend?from=2020-01-01&to=2020-02-01").text


def test_an_organisation_sees_its_own_links_and_nobody_by_name(
    app: Flask, desk: Browser, ids: Ids, clock: Clock
) -> None:
    where = f"/network/organisations/{ids['lily']}"
    lily = signed_in(app, clock, "partner_manager", organisation_id=ids["lily"])
    wide, own = desk.read(where).text, lily.read(where).text

    assert where in lily.read(f"/registry/organisations/{ids['lily']}").text
    assert 'stroke="#b00020"' in own
    assert "police-lp" in own
    assert ("/network/people/" in wide, "/network/people/" in own) == (True, False)
    assert lily.read(f"/network/organisations/{ids['rose']}").status_code == 403
    assert "How its links hold" not in lily.read(f"/registry/organisations/{ids['rose']}").text
