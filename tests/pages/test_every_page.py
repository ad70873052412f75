"""Every page of the permission matrix, for somebody who may read it: nothing wrong for axe, nothing from elsewhere,
nothing that moves or is cut off, and no more bytes than a bad line carries."""

import re
from collections import defaultdict
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.pages import answers, ways
from tests.pages.conftest import Visit
from tests.pages.talking import Talk
from tests.pages.visitor import LAPTOP, PHONE, Visitor

pytestmark = pytest.mark.pages
Picture = Callable[[Page, str], None]
FIRST_LOAD_BYTES, LATER_BYTES = 100_000, 20_000
PICTURED = {"/network": 60_000, "/network/shareable": 60_000, "/network/what-if": 200_000}
"""Pages of pictures, for a laptop on a desk, weigh more; one brings the library that draws."""


def test_every_page_of_the_matrix(visit: Visit, talk: Callable[[str], Talk], picture: Picture) -> None:
    worried = {"about": {"type": "organisation", "id": talk("coordinator").first("organisations")["id"]}}
    talk("caseworker").send("concerns", {**worried, "code": "bribery"})
    of: dict[str | None, list[ways.Way]] = defaultdict(list)
    for way in ways.read():
        of[way.role].append(way)
    visited, wrong = set(), []
    for role, theirs_to_read in of.items():
        with visit(role) as theirs:
            theirs.read("/start" if role else "/sign-in")
            assert theirs.weight < FIRST_LOAD_BYTES
            for way in theirs_to_read:
                try:
                    _look(theirs, way, ways.address(way, talk(role or "coordinator")), picture)
                except AssertionError as error:
                    wrong.append((way.rule, str(error)))
                visited.add(way.rule)

    assert wrong == []
    assert visited == {one.rule for one in ways.read()}
    assert len(visited) > 70


def _look(theirs: Visitor, way: ways.Way, address: str, picture: Picture) -> None:
    page = theirs.read(address)
    page.wait_for_load_state("networkidle")
    expect(page.locator("h1")).to_have_count(1)
    assert page.get_by_role("heading", name="Not found").count() == 0, address
    theirs.settled()
    theirs.accessible()
    assert theirs.weight < PICTURED.get(way.rule, LATER_BYTES), (address, theirs.weight)
    _both(theirs, f"page-{_named(way.rule)}", picture)


def _named(rule: str) -> str:
    return re.sub("[^a-z]+", "-", rule).strip("-")


def _both(theirs: Visitor, name: str, picture: Picture) -> None:
    """Pictures on a phone and on a laptop; on neither is anything cut off."""
    for viewport in (LAPTOP, PHONE):
        theirs.page.set_viewport_size(viewport)  # type: ignore[arg-type]
        assert theirs.width() <= viewport["width"], theirs.page.url
        picture(theirs.page, f"{name}-{viewport['width']}")


def test_every_form_of_the_matrix_is_answered_in_a_journey_or_leads_on() -> None:
    assert ways.sent() == {*answers.ANSWERS, *answers.LEAD_ON, *answers.FRAGMENTS, *ways.PROVIDED[2:]}


@pytest.mark.parametrize("rule", sorted(answers.ANSWERS))
def test_what_a_form_is_answered_with(
    visit: Visit,
    talk: Callable[[str], Talk],
    picture: Picture,
    rule: str,
) -> None:
    role, send = answers.ANSWERS[rule]
    with visit(role) as theirs:
        send(theirs, talk(role or "coordinator"))
        theirs.settled()
        theirs.accessible()
        _both(theirs, f"answer-{_named(rule)}", picture)


@pytest.mark.parametrize("role", ways.ROLES)
def test_all_that_the_navigation_offers(visit: Visit, role: str) -> None:
    with visit(role) as theirs:
        page = theirs.read("/start")
        links = page.locator("nav[aria-label=Main] a")
        offered = [links.nth(at).get_attribute("href") or "" for at in range(links.count())]
        assert "/account" in offered
        page.locator(".menu > summary").click()
        expect(links.last).to_be_visible()
        theirs.settled()
        theirs.accessible()
        for path in offered:
            theirs.read(path)
            expect(page.locator("h1")).to_have_count(1)
            theirs.settled()


def test_a_page_that_is_not_there_is_in_words(visit: Visit) -> None:
    with visit(None) as theirs:
        theirs.read("/nothing")
        theirs.settled()
        theirs.accessible()
        theirs.said = [one for one in theirs.said if "404" not in one]


def test_the_documents_of_the_api_are_drawn_under_their_policy(visit: Visit) -> None:
    with visit(None, viewport=LAPTOP) as theirs:
        page = theirs.read("/docs")
        page.locator("#operations-tag-matches button").click()
        expect(page.get_by_text("Whom to call for this person, in which order, and why")).to_be_visible()
