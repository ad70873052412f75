"""What is handed over and carried about: cards, and the pocket guide that a phone keeps for when the line is down."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.pages.conftest import Visit
from tests.pages.visitor import LAPTOP, PHONE

pytestmark = pytest.mark.pages
GUIDE = "/guide/ZA-LP"


@pytest.mark.parametrize("viewport", [PHONE, LAPTOP], ids=["320", "1280"])
def test_a_card_for_an_official(visit: Visit, picture: Callable[[Page, str], None], viewport: dict[str, int]) -> None:
    with visit("caseworker", viewport=viewport) as theirs:
        page = theirs.read("/cards")
        page.get_by_label("Stage").select_option("child_placement")
        page.get_by_label("District").select_option("DC35")
        page.get_by_role("button", name="Make the card").click()
        expect(page.locator(".sheet")).to_contain_text("Form 36")
        expect(page.locator(".sheet")).to_contain_text("Capricorn, Limpopo")
        assert page.url == f"{theirs.base}/cards"
        theirs.settled()
        theirs.accessible()
        picture(page, f"card-{viewport['width']}")


def test_the_last_guide_is_readable_without_a_line_and_nothing_else_is(visit: Visit) -> None:
    with visit("caseworker") as theirs:
        page = theirs.read("/guide/")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        theirs.read("/guide/ZA-GP")
        theirs.read(GUIDE)
        theirs.accessible()
        page.wait_for_function("caches.match('/static/guide.css').then(Boolean)")
        kept = page.evaluate("caches.open('guide').then((all) => all.keys()).then((all) => all.map((one) => one.url))")
        page.context.set_offline(True)
        theirs.read("/guide/")
        expect(page.get_by_role("heading", name="Public lines, Limpopo")).to_be_visible()
        elsewhere = page.evaluate("fetch('/help').then(() => 'read', () => 'gone')")
        page.context.set_offline(False)
        theirs.read("/guide/")
        page.get_by_role("button", name="Take it off this phone").click()
        expect(page.get_by_text("Nothing of it is on this phone")).to_be_visible()

        assert sorted(one.removeprefix(theirs.base) for one in kept) == [GUIDE, "/static/guide.css", "/static/guide.js"]
        assert elsewhere == "gone"
        assert page.evaluate("caches.keys()") == []
        theirs.said = [one for one in theirs.said if "ERR_INTERNET_DISCONNECTED" not in one]


def test_a_guide_past_its_day_says_so(visit: Visit) -> None:
    with visit("caseworker") as theirs:
        theirs.page.clock.set_fixed_time("2199-01-01")
        theirs.read(GUIDE)
        expect(theirs.page.get_by_role("alert")).to_contain_text("out of date")
