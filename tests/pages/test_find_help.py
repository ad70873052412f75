"""Find help, from the form to the outcome of a call: with script and without, small and large, by keys alone."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from tests.pages.asking import fill, send
from tests.pages.conftest import Visit
from tests.pages.visitor import LAPTOP, PHONE

pytestmark = pytest.mark.pages
Picture = Callable[[Page, str], None]
FIRST_LOAD_BYTES, LATER_BYTES, MOST_REQUESTS = 100_000, 20_000, 9
EXACT = {"latitude": -23.90449, "longitude": 29.46885}


@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("viewport", [PHONE, LAPTOP], ids=["320", "1280"])
def test_a_woman_and_her_son(visit: Visit, picture: Picture, viewport: dict[str, int], scripted: bool) -> None:
    name = f"{viewport['width']}{'' if scripted else '-no-script'}"
    with visit("caseworker", viewport=viewport, scripted=scripted) as theirs:
        page = theirs.read("/help")
        picture(page, f"help-form-{name}")
        fill(page)
        send(page)
        theirs.settled()
        picture(page, f"help-answer-{name}")
        first = page.locator(".card").first

        expect(page.locator(".first")).to_contain_text("Ask first")
        assert page.locator(".card").count() >= 4
        assert re.match(r"tel:\+?[0-9]+$", page.locator(".calls a").first.get_attribute("href") or "")
        assert page.locator("a[href^='https://wa.me/'][rel~='noreferrer']").count() > 0
        expect(first.get_by_text("Ask on the phone")).to_be_visible()
        first.get_by_text("Why this one?").click()
        assert first.locator("meter").count() == 6
        expect(page.get_by_role("heading", name="All needs with few partners")).to_be_visible()
        assert page.locator("svg.map g").count() > 0
        assert page.get_by_text("Left out, and why").count() == 2
        if scripted:
            theirs.accessible()


def test_nothing_of_a_search_stays(visit: Visit) -> None:
    with visit("caseworker") as theirs:
        page = theirs.read("/help")
        before = page.evaluate("history.length")
        fill(page)
        send(page)

        assert page.evaluate("history.length") == before
        assert page.url == f"{theirs.base}/help"
        assert all("?" not in one or "/static/" in one for one in theirs.asked)
        assert page.evaluate("(async () => (await indexedDB.databases()).length + (await caches.keys()).length)()") == 0
        assert {one["name"] for one in page.context.cookies()} <= {"session", "device"}
        answer = page.request.get(f"{theirs.base}/help")
        assert answer.headers["cache-control"] == "no-store"
        assert page.title() == "Directory"


def test_a_phone_and_a_bad_line(visit: Visit) -> None:
    with visit("caseworker") as theirs:
        page = theirs.read("/help")
        page.wait_for_load_state("networkidle")
        assert 10_000 < theirs.weight < FIRST_LOAD_BYTES
        assert len(theirs.asked) <= MOST_REQUESTS
        fill(page)
        page.wait_for_load_state("networkidle")
        theirs.weights.clear()
        send(page)
        page.wait_for_load_state("networkidle")
        assert 1_000 < theirs.weight < LATER_BYTES
        again = theirs.read("/help")
        again.wait_for_load_state("networkidle")
        assert 1_000 < theirs.weight < LATER_BYTES


def press_until(page: Page, key: str, selector: str, most: int = 80) -> None:
    """Press a key until something has the focus."""
    for _ in range(most):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{selector} is not reached by {key}")


def test_by_keys_alone(visit: Visit) -> None:
    with visit("caseworker") as theirs:
        page = theirs.read("/help")
        press_until(page, "Tab", "a.skip")
        page.keyboard.press("Enter")
        press_until(page, "Tab", "#place")
        page.keyboard.type("Polokwane")
        press_until(page, "Tab", "input[value=shelter_emergency]")
        page.keyboard.press("Space")
        press_until(page, "Tab", "select[name=age_band]")
        page.keyboard.type("25")
        press_until(page, "Tab", "button[value=child]")
        page.keyboard.press("Enter")
        expect(page.get_by_label("Age", exact=True).nth(1)).to_be_focused()
        press_until(page, "Tab", "#find")
        page.keyboard.press("Enter")
        expect(page.locator("#answer")).to_be_focused()
        press_until(page, "Tab", ".card .calls a")
        press_until(page, "Tab", ".outcome button")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Noted. Thank you.")).to_be_visible()


@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no-script"])
def test_a_place_is_never_guessed(visit: Visit, scripted: bool) -> None:
    with visit("caseworker", scripted=scripted) as theirs:
        page = theirs.read("/help")
        fill(page, "Middelburg")
        if scripted:
            expect(page.locator("#places input[type=radio]")).to_have_count(5)
        page.locator("#find").click()
        expect(page.get_by_role("alert")).to_contain_text("Which place do you mean?")
        assert page.get_by_label("Age", exact=True).nth(1).input_value() == "6-11"
        page.get_by_label("Middelburg, Eastern Cape").check()
        send(page)
        expect(page.get_by_text("Middelburg, Eastern Cape ·")).to_be_visible()


def test_a_place_is_rounded_on_the_phone(visit: Visit) -> None:
    sent: list[str] = []

    def keep(request: Request) -> None:
        sent.append(request.post_data or "")

    with visit("caseworker", geolocation=EXACT, permissions=["geolocation"]) as theirs:
        page = theirs.read("/help")
        page.on("request", keep)
        page.get_by_role("button", name="Use my location").click()
        expect(page.get_by_text("rounded to about 10 km")).to_be_visible()
        page.get_by_text("A safe bed tonight").click()
        send(page)

        assert any("lat=-23.9&lon=29.5" in one for one in sent)
        assert not any("23.904" in one or "29.468" in one for one in sent)


@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no-script"])
def test_whoever_is_feared_is_avoided_by_their_office(visit: Visit, accounts: Any, scripted: bool) -> None:
    with visit("caseworker", scripted=scripted) as theirs:
        page = theirs.read("/help")
        fill(page)
        page.get_by_text("Whom or what to avoid").click()
        page.get_by_label("An organisation, an office, or a person").fill("Limpopo Department of Health")
        if not scripted:
            page.get_by_role("button", name="Look up, and name more").click()
        office = page.get_by_label("Limpopo Department of Health", exact=True)
        office.check()
        page.get_by_label("An organisation, an office, or a person").fill("")
        send(page)

        assert page.get_by_role("heading", name="Limpopo Department of Health").count() == 0
        expect(page.locator("#answer")).to_contain_text("to be avoided, as you asked")


@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no-script"])
def test_all_that_a_match_takes_can_be_said(visit: Visit, scripted: bool) -> None:
    with visit("caseworker", scripted=scripted) as theirs:
        page = theirs.read("/help")
        fill(page)
        page.get_by_text("Exact age, age in doubt, transgender", exact=True).click()
        page.get_by_label("Exact age in years").first.fill("17")
        page.get_by_label("Is the age in doubt?", exact=True).first.select_option("yes")
        page.get_by_label("Transgender", exact=True).first.select_option("no")
        page.get_by_text("Whom or what to avoid").click()
        for town in ("Musina", "Thohoyandou"):
            page.get_by_label("A town to stay away from").fill(town)
            page.get_by_role("button", name="Look up, and name more").click()
            expect(page.get_by_label(f"{town} · 50 km")).to_be_checked()
        page.get_by_text("More about the person").click()
        page.locator("select[name=pregnant]").select_option("yes")
        page.get_by_text("When, how long, how far").click()
        page.locator("select[name=when]").select_option("tomorrow")
        page.get_by_label("Nights needed").fill("30")
        send(page)

        expect(page.locator(".first")).to_contain_text("social worker")
        if not scripted:
            assert page.get_by_label("Exact age in years").first.input_value() == "17"
            assert page.locator("input[name=avoid]:checked").count() == 2


def test_the_map_moves_without_asking_anybody(visit: Visit, picture: Picture) -> None:
    with visit("caseworker", viewport=LAPTOP) as theirs:
        page = theirs.read("/help")
        fill(page)
        send(page)
        page.get_by_role("button", name="Move and enlarge the map").click()
        expect(page.locator(".leaflet-control-zoom-in")).to_be_visible()
        page.locator(".leaflet-control-zoom-in").click()
        theirs.accessible()
        picture(page, "help-map-1280")


def test_on_paper_the_form_is_left_out(visit: Visit) -> None:
    with visit("caseworker") as theirs:
        page = theirs.read("/help")
        fill(page)
        send(page)
        page.emulate_media(media="print")

        assert not page.locator("#ask").is_visible()
        assert not page.locator(".outcome").first.is_visible()
        assert page.locator(".card").first.is_visible()


def test_leaving_is_at_once_and_leaves_no_way_back(visit: Visit) -> None:
    with visit("caseworker") as theirs:
        page = theirs.read("/help")
        before = page.evaluate("history.length")
        page.context.route("https://www.weathersa.co.za/**", lambda route: route.fulfill(body="rain"))
        page.locator("a[data-leave]").click()
        page.wait_for_url("https://www.weathersa.co.za/")

        assert page.evaluate("history.length") == before
        theirs.foreign.clear()


@pytest.mark.parametrize(("code", "button"), [("zu", "Thola usizo"), ("xh", "Fumana uncedo"), ("af", "Kry hulp")])
def test_it_speaks_the_language_of_the_switch(visit: Visit, picture: Picture, code: str, button: str) -> None:
    with visit("caseworker") as theirs:
        page = theirs.read("/help")
        page.locator(f"button[name=language][value={code}]").click()
        expect(page.get_by_role("heading", name=button)).to_be_visible()

        assert page.locator("html").get_attribute("lang") == code
        assert page.locator(".note").count() == 1
        theirs.accessible()
        picture(page, f"help-form-{code}")


def test_it_speaks_the_language_of_the_browser(visit: Visit) -> None:
    with visit("caseworker", locale="pt-PT") as theirs:
        page = theirs.read("/help")
        expect(page.get_by_role("heading", name="Encontrar ajuda")).to_be_visible()
        assert theirs.read("/account").locator("html").get_attribute("lang") == "en"
