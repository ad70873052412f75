"""Every page there is, for each who may read it: nothing wrong for axe, nothing from elsewhere, nothing that moves."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.pages.conftest import Visit
from tests.pages.visitor import LAPTOP, PHONE

pytestmark = pytest.mark.pages
ROLES = ("caseworker", "partner_manager", "unit_manager", "coordinator", "disclosure", "auditor", "admin")
OPEN = ("/sign-in", "/cards/first-responders", "/nothing")


@pytest.mark.parametrize("viewport", [PHONE, LAPTOP], ids=["320", "1280"])
@pytest.mark.parametrize("role", ROLES)
def test_all_that_the_navigation_offers(
    visit: Visit, picture: Callable[[Page, str], None], role: str, viewport: dict[str, int]
) -> None:
    with visit(role, viewport=viewport) as theirs:
        page = theirs.read("/start")
        links = page.locator("nav[aria-label=Main] a")
        offered = [links.nth(at).get_attribute("href") or "" for at in range(links.count())]
        assert "/account" in offered
        for path in offered:
            theirs.read(path)
            theirs.settled()
            theirs.accessible()
            picture(page, f"{role}{path.replace('/', '-')}-{viewport['width']}")


@pytest.mark.parametrize("path", OPEN)
def test_what_is_open_to_all(visit: Visit, path: str) -> None:
    with visit(None) as theirs:
        theirs.read(path)
        theirs.settled()
        theirs.accessible()
        theirs.said = [one for one in theirs.said if path != "/nothing" or "404" not in one]


def test_the_documents_of_the_api_are_drawn_under_their_policy(visit: Visit) -> None:
    with visit(None, viewport=LAPTOP) as theirs:
        page = theirs.read("/docs")
        page.locator("#operations-tag-matches button").click()
        expect(page.get_by_text("Whom to call for this person, in which order, and why")).to_be_visible()
