"""The ten main journeys, each on a phone, on a laptop, and without script:

1. a caseworker finds help, and says what came of a call;
2. prints a card for an official;
3. raises a concern, which a coordinator settles;
4. a shelter's manager says in two taps how many beds are free;
5. a coordinator looks a partner up by name and corrects it, when somebody else was faster;
6. confirms a record in one press;
7. hands a post over;
8. asks what is lost if somebody leaves, and takes a task on;
9. an administrator lets a person and a program in, and shuts them out again;
10. somebody listed sees, corrects and objects by a link of their own.
"""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import Page, expect

from tests.pages import answers
from tests.pages.conftest import Visit
from tests.pages.talking import Talk
from tests.pages.visitor import LAPTOP, PHONE, Visitor

pytestmark = pytest.mark.pages
Talks = Callable[[str], Talk]
As = Callable[[str | None], AbstractContextManager[Visitor]]
WAYS = {"320": (PHONE, True), "1280": (LAPTOP, True), "no-script": (PHONE, False)}
TAKES = list(WAYS)


@pytest.fixture(params=TAKES)
def take(request: pytest.FixtureRequest) -> str:
    """On what it is read."""
    return str(request.param)


@pytest.fixture
def seen(visit: Visit, take: str) -> As:
    """Visits by role, on what it is read."""
    viewport, scripted = WAYS[take]
    return lambda role: visit(role, viewport=viewport, scripted=scripted)


def arrived(theirs: Visitor) -> None:
    """At the end of a journey all holds that holds on every page."""
    theirs.settled()
    if theirs.scripted:
        theirs.accessible()


def unfold(page: Page, summary: str) -> None:
    """Open what is folded."""
    page.locator("summary", has_text=summary).first.click()


def test_find_help_and_say_what_came_of_a_call(seen: As, talk: Talks) -> None:
    with seen("caseworker") as theirs:
        answers.find_help(theirs, talk("caseworker"))
        page, first = theirs.page, theirs.page.locator(".card").first
        expect(first.locator(".calls a[href^='tel:']").first).to_be_visible()
        if theirs.scripted:
            first.get_by_role("button", name="Reached", exact=True).click()
            expect(first.get_by_text("Noted. Thank you.")).to_be_visible()
            arrived(theirs)
            return
        with page.context.expect_page() as another:
            first.get_by_role("button", name="Reached", exact=True).click()
        expect(another.value.get_by_text("Noted. Thank you.")).to_be_visible()
        expect(first).to_be_visible()


def test_a_card_for_an_official(seen: As, talk: Talks) -> None:
    with seen("caseworker") as theirs:
        answers.card(theirs, talk("caseworker"))
        expect(theirs.page.locator(".sheet")).to_contain_text("Capricorn, Limpopo")
        arrived(theirs)
        theirs.page.emulate_media(media="print")
        assert not theirs.page.locator(".menu").is_visible()
        assert theirs.page.locator(".sheet").is_visible()


def test_a_concern_is_raised_and_settled(seen: As, talk: Talks) -> None:
    with seen("caseworker") as theirs:
        answers.concern(theirs, talk("caseworker"))
        arrived(theirs)
    with seen("coordinator") as theirs:
        page = theirs.read("/concerns")
        waiting = page.locator("tbody tr").count()
        page.get_by_role("link", name="Settle").first.click()
        page.get_by_label("Outcome").select_option(index=1)
        page.get_by_role("button", name="Keep").click()
        expect(page.get_by_role("heading", name="Concerns")).to_be_visible()
        expect(page.locator("tbody tr")).to_have_count(waiting - 1)
        arrived(theirs)


def test_room_in_two_taps(seen: As) -> None:
    with seen("partner_manager") as theirs:
        page = theirs.read("/start")
        page.locator(".ahead").get_by_role("link", name="Room").click()
        first = page.locator("article").first
        first.locator(".steps button.outline").first.click()
        expect(page.get_by_role("status")).to_contain_text("Kept.")
        expect(page.get_by_role("status")).to_contain_text("free, said")
        arrived(theirs)


def test_a_partner_is_corrected_when_somebody_else_was_faster(seen: As, talk: Talks, take: str) -> None:
    whose = talk("coordinator").nth("organisations", 10 + TAKES.index(take))
    with seen("coordinator") as theirs:
        page = theirs.read("/registry")
        page.get_by_label("Name, or a part of it").fill(whose["name"])
        page.get_by_role("button", name="Search", exact=True).click()
        assert whose["name"] not in page.url
        page.get_by_role("link", name=whose["name"], exact=True).first.click()
        page.locator("main a", has_text=re.compile("^Change$")).click()
        page.get_by_label("Description").fill("Open at night")
        talk("coordinator").send(f"organisations/{whose['id']}", {"description": "Open by day"}, "PATCH", If_Match="*")
        page.get_by_role("button", name="Keep", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("Somebody else changed this")
        expect(page.get_by_role("row", name=re.compile("Open by day.*Open at night"))).to_be_visible()
        arrived(theirs)
        page.get_by_role("button", name="Keep mine").click()
        expect(page.get_by_role("status")).to_contain_text("Your change is kept.")
        expect(page.locator(".facts").first).to_contain_text("Open at night")
        arrived(theirs)


def test_a_record_is_confirmed_in_one_press(seen: As, talk: Talks, take: str) -> None:
    whose = talk("coordinator").nth("organisations", 20 + TAKES.index(take))
    with seen("coordinator") as theirs:
        page = theirs.read(f"/registry/organisations/{whose['id']}")
        page.get_by_label("Verification").get_by_role("button", name="Still true").click()
        expect(page.get_by_role("status")).to_contain_text("Noted, with the day.")
        arrived(theirs)


def test_a_post_is_handed_over(seen: As, talk: Talks, take: str) -> None:
    seat = talk("coordinator").nth("focal-points", 5 + TAKES.index(take))
    with seen("coordinator") as theirs:
        page = theirs.read(f"/registry/posts/{seat['post_id']}")
        page.locator("main a", has_text="Hand over").click()
        page.get_by_label("Who follows").fill(talk("coordinator").nth("persons", 30 + TAKES.index(take))["id"])
        page.get_by_role("button", name="Hand over").click()
        expect(page.get_by_role("heading", name=re.compile("Handed over"))).to_be_visible()
        expect(page.get_by_role("status")).to_contain_text("Then:")
        arrived(theirs)


def test_what_if_somebody_leaves_and_what_to_do_about_it(seen: As, talk: Talks) -> None:
    with seen("coordinator") as theirs:
        answers.what_if(theirs, talk("coordinator"))
        expect(theirs.page.locator("#answer [role=status]")).to_contain_text("would have nobody")
        arrived(theirs)
        page = theirs.read("/network/actions")
        first = page.locator(".tasks li").first
        first.get_by_role("button", name="Begin").click()
        page.get_by_role("link", name="Begun").click()
        expect(page.locator(".tasks li").first.get_by_role("button", name="Not begun")).to_be_visible()
        arrived(theirs)


def test_a_person_and_a_program_are_let_in_and_shut_out(seen: As, talk: Talks, take: str) -> None:
    with seen("admin") as theirs:
        username = answers.account(theirs, talk("admin"), f"new-{take}")
        expect(theirs.page.locator(".facts")).to_contain_text("Password")
        arrived(theirs)
        page = theirs.read("/users")
        answers.row(page, username, "Shut out")
        expect(page.locator("tr").filter(has_text=username)).to_contain_text("(shut out)")
        program = answers.key(theirs, talk("admin"), f"Program {take}")
        page = theirs.read("/keys")
        answers.row(page, program, "Revoke")
        expect(page.locator("tr").filter(has_text=program)).to_contain_text("revoked")
        arrived(theirs)


def test_somebody_listed_corrects_and_objects(seen: As, talk: Talks) -> None:
    with seen(None) as theirs:
        page = answers.opened(theirs, talk("coordinator"))
        arrived(theirs)
        page.get_by_label("Full name").fill("Known By Another Name")
        page.get_by_role("button", name="Keep", exact=True).first.click()
        expect(page.get_by_role("status")).to_contain_text("Kept.")
        assert page.get_by_label("Full name").input_value() == "Known By Another Name"
        page.get_by_role("button", name="Tell the coordinators").click()
        expect(page.get_by_role("status")).to_contain_text("Kept.")
        arrived(theirs)


def press_until(page: Page, selector: str, most: int = 150) -> None:
    """Press the tabulator until something has the focus."""
    for _ in range(most):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by keys")


def test_a_record_is_changed_by_keys_alone(visit: Visit, talk: Talks) -> None:
    whose = talk("coordinator").nth("organisations", 40)
    with visit("coordinator") as theirs:
        page = theirs.read("/start")
        press_until(page, ".menu > summary")
        page.keyboard.press("Enter")
        press_until(page, ".menu a[href='/registry']")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Organisations")).to_be_visible()
        press_until(page, "#q")
        page.keyboard.type(whose["name"])
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text(whose["name"])
        press_until(page, f"a[href$='{whose['id']}']")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name=whose["name"], level=1)).to_be_visible()
        press_until(page, "a[href$='/edit']")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name=f"Change {whose['name']}")).to_be_visible()
        press_until(page, "#description")
        page.keyboard.press("ControlOrMeta+A")
        page.keyboard.type("Typed by keys alone")
        press_until(page, "main button[type=submit]")
        page.keyboard.press("Enter")
        expect(page.locator(".facts").first).to_contain_text("Typed by keys alone")
