"""What each form of the matrix is answered with: a page of its own, which is got at here, a piece of the page it stands
on, or the way on to another page."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from playwright.sync_api import Page, expect

from directory.services.catalogue import COLLECTIONS
from tests.pages import asking
from tests.pages.talking import Talk
from tests.pages.visitor import Visitor

Send = Callable[[Visitor, Talk], Any]
UNCLEAR = re.compile("Nothing is kept yet|That did not work|is not right|needed")


def alerted(page: Page) -> None:
    """The form is back, and says what is wrong."""
    expect(page.get_by_role("alert").first).to_be_visible()


def find_help(theirs: Visitor, talk: Talk) -> None:
    """A match."""
    asking.fill(theirs.read("/help"))
    asking.send(theirs.page)


def card(theirs: Visitor, talk: Talk) -> None:
    """The card of a stage."""
    page = theirs.read("/cards")
    page.get_by_label("Stage").select_option("identification")
    page.get_by_label("District").select_option("DC35")
    page.get_by_role("button", name="Make the card").click()
    expect(page.get_by_role("heading", name="What has to be done")).to_be_visible()


def what_if(theirs: Visitor, talk: Talk) -> None:
    """The loss when the first of those offered leaves."""
    page = theirs.read("/network/what-if")
    page.locator("input[name=person]").first.check()
    if theirs.scripted:
        expect(page.locator("#answer [role=status]")).to_be_visible()
    else:
        page.get_by_role("button", name="What would be lost?").click()


def search(path: str, theirs: Visitor, talk: Talk) -> None:
    """What a list finds."""
    page = theirs.read(f"/registry/{path}")
    if page.locator("#q").count():
        page.locator("#q").fill("a")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("found")


def create(path: str, theirs: Visitor, talk: Talk) -> None:
    """An empty form, sent."""
    page = theirs.read(f"/registry/{path}/new")
    page.get_by_role("button", name="Keep", exact=True).click()
    alerted(page)


def invite(theirs: Visitor, talk: Talk) -> None:
    """The link for somebody listed."""
    page = theirs.read(f"/registry/persons/{talk.first('persons')['id']}")
    page.get_by_role("button", name="Make the notice and a link").click()
    expect(page.get_by_label("Link")).to_be_visible()


def opened(theirs: Visitor, talk: Talk) -> Page:
    """The page of somebody listed who has a number of their own, opened by its link."""
    own = next(one for one in talk.read("channels?page_size=200")["items"] if one["owner"]["type"] == "person")
    token = talk.send(f"persons/{own['owner']['id']}/links", {})["token"]
    page = theirs.read(f"/listed/{token}")
    page.get_by_role("button", name="Open my listing").click()
    expect(page.get_by_role("heading", name="You", exact=True)).to_be_visible()
    return page


def listed(form: str, theirs: Visitor, talk: Talk) -> None:
    """The page anew, after one of its forms was sent."""
    page = opened(theirs, talk)
    if not form:
        return
    where = page.locator(f"form[action*='{form}']").first
    fold = page.locator(f"details:has(form[action*='{form}']) > summary").first
    if fold.count():
        fold.click()
    where.locator("button").last.click()
    expect(page.get_by_role("status").or_(page.get_by_role("alert")).first).to_be_visible()


def concern(theirs: Visitor, talk: Talk) -> None:
    """A concern raised."""
    page = theirs.read("/concerns/new")
    page.locator("select[name='about.type']").select_option("organisation")
    page.locator("input[name='about.id']").fill(talk.first("organisations")["id"])
    page.locator("select[name=code]").select_option("bribery")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Sent")).to_be_visible()


def account(theirs: Visitor, talk: Talk, name: str = "visited") -> str:
    """An account made, with its secrets on the page; the name to sign in."""
    page = theirs.read("/users/new")
    username = f"{name}-{talk.number()}"
    page.get_by_label("Username").fill(username)
    page.get_by_label("Display name").fill(f"Somebody {username}")
    page.get_by_label("Role").select_option("auditor")
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_text("Shown this once")).to_be_visible()
    return username


def row(page: Page, name: str, summary: str) -> None:
    """What may be done with a row of a sheet, in two taps."""
    line = page.locator("tr").filter(has_text=name)
    fold = line.locator("details").filter(has=page.locator("summary", has_text=summary))
    fold.locator("summary").click()
    fold.get_by_role("button").click()


def reset(theirs: Visitor, talk: Talk) -> None:
    """New secrets of an account."""
    username = account(theirs, talk)
    row(theirs.read("/users"), username, "New secrets")
    expect(theirs.page.get_by_text("Shown this once")).to_be_visible()


def key(theirs: Visitor, talk: Talk, name: str = "A program") -> str:
    """A key made, with its token on the page; the program's name."""
    page = theirs.read("/keys/new")
    program = f"{name} {talk.number()}"
    page.get_by_label("Name").fill(program)
    page.get_by_label("Organisation", exact=True).fill(talk.first("organisations")["id"])
    page.get_by_role("button", name="Make the key").click()
    expect(page.get_by_text("pd_")).to_be_visible()
    return program


def rotate(theirs: Visitor, talk: Talk) -> None:
    """A key that takes another's place."""
    program = key(theirs, talk)
    row(theirs.read("/keys"), program, "Rotate")
    expect(theirs.page.get_by_text("pd_")).to_be_visible()


def sign_in(theirs: Visitor, talk: Talk) -> None:
    """Signing in with a wrong password."""
    page = theirs.read("/sign-in")
    page.get_by_label("Name").fill("nobody-of-this-name")
    page.get_by_label("Password").fill("not the password of anybody")
    page.get_by_role("button", name="Sign in", exact=True).click()
    alerted(page)


def password(theirs: Visitor, talk: Talk) -> None:
    """Another password, without knowing the one there is."""
    page = theirs.read("/account/password")
    page.get_by_label("The password you have").fill("not the password of anybody")
    page.get_by_label("The new password").fill("four words that nobody knows")
    page.get_by_role("button", name="Change it").click()
    alerted(page)


def factor(theirs: Visitor, talk: Talk) -> None:
    """Another second factor, without knowing the password."""
    page = theirs.read("/account/second-factor")
    for label in ("Your password", "A code of the authenticator", "A code of the new one"):
        if page.get_by_label(label).count():
            page.get_by_label(label).fill("000000")
    page.get_by_role("button", name="Use it from now on").click()
    alerted(page)


PATHS = [one.path for one in COLLECTIONS.values()]
LISTED = "/listed/{token}"
ANSWERS: dict[str, tuple[str | None, Send]] = {
    "/help": ("caseworker", find_help),
    "/cards": ("caseworker", card),
    "/network/what-if": ("coordinator", what_if),
    **{f"/registry/{path}/search": ("coordinator", partial(search, path)) for path in PATHS},
    **{f"/registry/{path}": ("coordinator", partial(create, path)) for path in PATHS},
    "/registry/persons/{record_id}/invite": ("coordinator", invite),
    LISTED: (None, partial(listed, "")),
    f"{LISTED}/facts": (None, partial(listed, "/facts")),
    f"{LISTED}/channels/{{channel_id}}": (None, partial(listed, "/channels/")),
    f"{LISTED}/channels/{{channel_id}}/withdraw": (None, partial(listed, "/withdraw")),
    f"{LISTED}/objections": (None, partial(listed, "/objections")),
    f"{LISTED}/deputies": (None, partial(listed, "")),
    "/concerns/new": ("caseworker", concern),
    "/users": ("admin", account),
    "/users/{record_id}/reset": ("admin", reset),
    "/keys": ("admin", key),
    "/keys/{record_id}/rotate": ("admin", rotate),
    "/sign-in": (None, sign_in),
    "/account/password": ("disclosure", password),
    "/account/second-factor": ("disclosure", factor),
}
"""By the rule: whose account, and how the page is got at."""

ONE = "/{record_id}"
LEAD_ON = {
    *(f"/registry/{path}{ONE}/{verb}" for path in PATHS for verb in ("edit", "close", "verify")),
    *(f"/registry/{path}{ONE}/suspend" for path in ("organisations", "departments")),
    f"/registry/posts{ONE}/handover",
    f"/capacity{ONE}",
    "/network/actions/find",
    f"/network/actions{ONE}",
    "/duplicates/dismissals",
    f"/messages{ONE}/read",
    f"/concerns{ONE}",
    f"/statements{ONE}",
    f"/users{ONE}",
    f"/users{ONE}/deactivate",
    f"/keys{ONE}/revoke",
    "/sign-out",
    "/account/sessions/{session_id}/end",
    "/account/devices/{device_id}/forget",
    "/language",
}
"""Forms after which one reads another page of the matrix."""

FRAGMENTS = {
    *(f"/registry/{path}/names" for path in PATHS),
    "/help/places",
    "/help/people",
    "/help/names",
    "/help/outcomes",
}
"""What changes a piece of the page, in the journeys through Find help and the registry."""
