"""Find help and the cards, asked by forms: the same answer as the API's, nothing kept, nobody guessed."""

import gzip
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from directory import geography
from directory.changes import LOCAL
from tests.conftest import Clock
from tests.web.browsing import CSRF, Browser, enlisted
from tests.web.records import API, answer_json, make
from web.pages.asking import Asked

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ASKED = {"place": "Polokwane", "needs": "counselling", "relation": "", "age_band": "25-59", "gender": "female"}
CANARY = "Xolobeni-Canary"


@pytest.fixture
def partner(client: FlaskClient) -> dict[str, Any]:
    """A service-site whose organisation has a line for everybody, with a person's number beside it."""
    site = make(client, "service_sites")
    service = answer_json(client.get(f"{API}/services/{site['service_id']}"))
    owner = {"type": "organisation", "id": service["organisation_id"]}
    line = make(client, "channels", owner=owner, visibility="public", whatsapp=True, value="+27821234567")
    return {**site, "organisation_id": owner["id"], "line": line["id"]}


@pytest.fixture
def caller(app: Flask, client: FlaskClient, clock: Clock, partner: dict[str, Any]) -> Browser:
    """A caseworker who is signed in."""
    made = Browser(app)
    own = make(client, "organisations", name="Own office")["id"]
    assert made.sign_in(enlisted(app, "caseworker", organisation_id=own), clock).status_code == 303
    return made


def ask(caller: Browser, given: dict[str, Any], **headers: str) -> Any:
    return caller.send("/help", given, seen="/help", **headers)


def test_the_answer_names_whom_the_api_names(caller: Browser, client: FlaskClient, partner: dict[str, Any]) -> None:
    page = ask(caller, ASKED)
    body = {"near": {"place": "Polokwane"}, "needs": ["counselling"]}
    need = answer_json(client.post(f"{API}/matches", json=body))["by_need"][0]
    names = [one["organisation"]["name"] for one in (*need["suitable"], *need["confirm_by_phone"])]

    assert names == re.findall(r"<h4>(.+?)</h4>", page.text) == ["Thandeka Advice Office"]
    assert 'href="tel:+27821234567"' in page.text
    assert 'href="https://wa.me/27821234567" rel="noreferrer noopener"' in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_a_match_is_counted_as_the_apis_are(app: Flask, caller: Browser) -> None:
    ask(caller, ASKED)
    ask(caller, {**ASKED, "needs": ["counselling", "transport"]})

    assert {
        (need, province): count for (_month, need, province), count in app.extensions["registry"].tally.take().items()
    } == {
        ("counselling", "ZA-LP"): 2,
        ("transport", "ZA-LP"): 1,
    }


def test_a_fragment_is_the_answer_alone_and_a_form_in_doubt_goes_where_the_form_is(caller: Browser) -> None:
    answer = ask(caller, ASKED, HX_Request="true")
    unclear = ask(caller, {**ASKED, "place": "Middelburg"}, HX_Request="true")

    assert "<html" not in answer.text + unclear.text
    assert "HX-Retarget" not in answer.headers
    assert (unclear.status_code, unclear.headers["HX-Retarget"]) == (422, "#form")
    assert "Middelburg, Eastern Cape" in unclear.text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"place": ""}, "Say where you are"),
        ({"place": "Middelburg"}, "Which place do you mean?"),
        ({"needs": ""}, "Choose at least one thing"),
        ({"avoid_place": "Middelburg"}, "Which place is to be avoided?"),
        ({"stay_days": "soon"}, "Nights needed: "),
        ({"gender": "x"}, "Gender: "),
        ({"age": "old"}, "Exact age in years: "),
        ({"when_at": "soon"}, "When: "),
        ({"avoid_place": "Nowhere at all", "look": "1"}, "Which place is to be avoided?"),
    ],
)
def test_what_is_not_clear_is_asked_again(caller: Browser, given: dict[str, str], said: str) -> None:
    page = ask(caller, {**ASKED, **given})

    assert page.status_code == 422
    assert said in page.text
    assert 'value="25-59" selected' in page.text


def test_a_place_chosen_holds_while_the_name_stands(caller: Browser) -> None:
    cape = next(one for one in geography.suggest_places("Middelburg") if one.province == "ZA-EC")
    chosen = {"place_id": cape.id, "listed_for": "Middelburg"}
    held = ask(caller, {**ASKED, "place": "Middelburg", **chosen})
    changed = ask(caller, {**ASKED, "place": "Polokwane", **chosen})

    assert "Middelburg, Eastern Cape ·" in held.text
    assert "Polokwane, Limpopo ·" in changed.text


NOON, NIGHT = datetime(2026, 3, 1, 12, tzinfo=LOCAL), datetime(2026, 3, 1, 23, tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("given", "now", "when"),
    [
        ({}, NOON, None),
        ({"when": "tonight"}, NOON, "2026-03-01T20:00:00+02:00"),
        ({"when": "tonight"}, NIGHT, None),
        ({"when": "tomorrow"}, NIGHT, "2026-03-02T08:00:00+02:00"),
        ({"when": "tonight", "when_at": "2026-03-05T07:30"}, NOON, "2026-03-05T07:30:00+02:00"),
    ],
)
def test_when_is_said_in_words_of_the_day(
    database_url: str, given: dict[str, str], now: datetime, when: str | None
) -> None:
    assert Asked.of(MultiDict(given)).body(now).get("when") == when


def test_what_is_not_said_is_not_sent(database_url: str) -> None:
    silent = Asked.of(MultiDict({"place": "Polokwane", "needs": "counselling", "relation": "", "age": "", "trans": ""}))
    told = Asked.of(
        MultiDict({"relation": "", "age": "17", "age_disputed": "yes", "trans": "no", "place_id": "district:DC35"})
    )

    assert silent.body(NOON)["party"] == [{}]
    assert silent.body(NOON)["profile"] == {}
    assert told.body(NOON)["party"] == [{"age": 17, "age_disputed": True, "trans": False}]
    assert told.body(NOON)["near"] == {"district": "DC35"}


def test_a_district_may_stand_for_a_town(caller: Browser) -> None:
    offered = caller.send("/help/places", {"place": "capric"}, seen="/help")
    answer = ask(caller, {**ASKED, "place": "Capricorn", "place_id": "district:DC35", "listed_for": "Capricorn"})

    assert 'value="district:DC35"' in offered.text
    assert (answer.status_code, "Thandeka Advice Office" in answer.text) == (200, True)


def test_people_come_and_go_without_script(caller: Browser) -> None:
    more = ask(caller, {**ASKED, "add": "child"})
    fewer = ask(caller, {**ASKED, "remove": "0"})
    nobody = ask(caller, {**ASKED, "add": "stranger"})

    assert [one.text.count('name="age_band"') for one in (more, fewer, nobody)] == [2, 1, 1]


def test_whoever_is_feared_is_found_by_name_and_avoided_by_office(
    caller: Browser, client: FlaskClient, partner: dict[str, Any]
) -> None:
    post = make(client, "posts", organisation_id=partner["organisation_id"])
    person = make(client, "persons", full_name="Feared Official")
    make(client, "focal_points", post_id=post["id"], person_id=person["id"])
    found = caller.send("/help/names", {"avoid_name": "Feared Official"}, seen="/help")
    avoided = ask(caller, {**ASKED, "avoid": f"organisation:{partner['organisation_id']}"})

    assert f'value="organisation:{partner["organisation_id"]}"' in found.text
    assert "(Feared Official)" in found.text
    assert re.findall(r"<h4>(.+?)</h4>", avoided.text) == []
    assert "to be avoided, as you asked" in avoided.text


def test_what_came_of_a_call_is_one_form(
    caller: Browser, client: FlaskClient, partner: dict[str, Any], clock: Clock
) -> None:
    clock.advance(minutes=1)
    said = {"service_site_id": partner["id"], "outcome": "wrong_number", "channel_id": partner["line"]}
    noted = caller.send("/help/outcomes", said, seen="/help")
    doubted = answer_json(client.get(f"{API}/channels", query_string={"doubted": "true"}))

    assert (noted.status_code, "Noted" in noted.text) == (200, True)
    assert [one["id"] for one in doubted["items"]] == [partner["line"]]


def test_nothing_of_a_search_is_logged_or_kept(
    app: Flask, caller: Browser, capfd: pytest.CaptureFixture[str], partner: dict[str, Any]
) -> None:
    token = CSRF.search(caller.read("/help").text)
    assert token is not None
    page = caller.post("/help", {"csrf_token": token[1], **ASKED, "place": CANARY, "avoid_name": CANARY})
    folder = Path(app.extensions["registry"].engine.url.database).parent

    assert CANARY in page.text
    assert CANARY not in "".join(capfd.readouterr())
    assert CANARY.encode() not in b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())
    assert CANARY not in str(caller.client._cookies)


def test_the_form_and_the_answer_are_light(caller: Browser) -> None:
    form = caller.read("/help", Accept_Encoding="gzip")
    answer = ask(caller, ASKED, Accept_Encoding="gzip")

    assert len(form.data) < 20_000
    assert len(answer.data) < 20_000
    assert b"tel:+27821234567" in gzip.decompress(answer.data)


@pytest.mark.parametrize(
    ("asked", "lang"), [("zu;q=0.9, en;q=0.5", "zu"), ("de, en", "en"), ("pt-BR", "pt"), ("st", "st"), ("", "en")]
)
def test_a_page_speaks_what_the_browser_asks_for(caller: Browser, asked: str, lang: str) -> None:
    page = caller.read("/help", Accept_Language=asked)

    assert f'<html lang="{lang}">' in page.text
    assert ("needs review" in page.text or 'class="note"' in page.text) == (lang != "en")


def test_the_switch_is_kept_until_it_is_moved(caller: Browser) -> None:
    moved = caller.send("/language", {"language": "af", "back": "/help"}, seen="/help")
    page = caller.read("/help", Accept_Language="zu")

    assert (moved.status_code, moved.headers["Location"]) == (303, "/help")
    assert "Kry hulp" in page.text
    assert '<html lang="en">' in caller.read("/account").text
    for wrong in ({"language": "tlh", "back": "/help"}, {"language": "af", "back": "https://example.com"}):
        assert caller.send("/language", wrong, seen="/help").status_code == 422


def test_a_card_says_what_is_law_and_what_is_not(caller: Browser) -> None:
    visa = caller.send("/cards", {"stage": "documentation_status", "district": "DC35"}, seen="/cards")
    bare = caller.send("/cards", {"stage": "investigation", "district": "DC35"}, seen="/cards")
    wrong = caller.send("/cards", {"stage": "investigation", "district": "DC99"}, seen="/cards")

    assert "Not law yet:" in visa.text
    assert "No form and no time limit" in bare.text
    assert "Capricorn, Limpopo" in bare.text
    assert wrong.status_code == 422
