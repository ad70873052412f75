"""A coordinator reads what the network hangs on, follows the first name, and lets people leave by a tap."""

import pytest
from playwright.sync_api import Page, expect

from tests.pages.conftest import Visit
from tests.pages.visitor import LAPTOP, PHONE, Visitor

pytestmark = pytest.mark.pages
BOTH = pytest.mark.parametrize("viewport", [PHONE, LAPTOP], ids=["320", "1280"])
FIRST = """async () => {
  const picture = document.getElementById("graph")._cyreg.cy, node = picture.nodes(".person")[0];
  const box = document.getElementById("graph"), at = node.renderedPosition();
  window.scrollBy({ top: box.getBoundingClientRect().top + at.y - window.innerHeight / 2, behavior: "instant" });
  await new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)));
  const frame = box.getBoundingClientRect();
  return { x: frame.left + at.x, y: frame.top + at.y };
}"""


def answered(page: Page) -> None:
    expect(page.locator("#answer [role=status]")).to_contain_text("would have nobody")


@BOTH
def test_from_the_report_to_who_would_leave_a_hole(visit: Visit, viewport: dict[str, int]) -> None:
    with visit("coordinator", viewport=viewport) as theirs:
        page = theirs.read("/network")
        expect(page.get_by_role("heading", name="What to do first")).to_be_visible()
        theirs.settled()
        theirs.accessible()
        page.locator("#report-leaving tbody a").first.click()
        expect(page.get_by_text("would have nobody")).to_be_visible()
        theirs.settled()
        theirs.accessible()


@BOTH
def test_a_person_is_tapped_and_the_server_says_what_is_lost(visit: Visit, viewport: dict[str, int]) -> None:
    with visit("coordinator", viewport=viewport) as theirs:
        page = theirs.read("/network/what-if?province=ZA-LP")
        expect(page.locator("#graph canvas").first).to_be_visible()
        _tap(theirs)
        answered(page)
        expect(page.locator("input[name=person]:checked")).to_have_count(1)
        assert page.evaluate("document.getElementById('graph')._cyreg.cy.edges('.lost').length") > 0
        theirs.accessible()


def _tap(theirs: Visitor) -> None:
    where = theirs.page.evaluate(FIRST)
    theirs.page.mouse.click(where["x"], where["y"])


def test_without_script_people_are_ticked(visit: Visit) -> None:
    with visit("coordinator", scripted=False) as theirs:
        page = theirs.read("/network/what-if")
        expect(page.locator("#still svg")).to_be_visible()
        page.locator("input[name=person]").first.check()
        page.get_by_role("button", name="What would be lost?").click()
        answered(page)
