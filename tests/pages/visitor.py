"""Somebody with a browser, and what the browser saw: requests that left us, broken rules, bytes, and what moved."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

PHONE, LAPTOP = {"width": 320, "height": 640}, {"width": 1280, "height": 900}
MOST_SHIFT = 0.1
"""Cumulative layout shift that people do not notice (web.dev/articles/cls)."""
PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)
UNCLEAR = ("status of 422", "status of 409")
"""A form in doubt is answered so, and browsers remark on it."""
PATH = re.compile(r"/[\w/-]*")
SAID = re.compile(r"((said|changed|province|show|organisation_id|person)=[\w-]+&?)*")
"""All that stands in an address behind its path, and all that htmx keeps of it until the tab is closed: that something
was kept, a province, a view, an id."""
LISTEN = """
window.shifted = 0;
document.addEventListener("securitypolicyviolation", (e) => console.error("policy", e.violatedDirective, e.blockedURI));
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifted += one.value;
}).observe({ type: "layout-shift", buffered: true });
"""


@dataclass(slots=True)
class Visitor:
    """One tab, and what happened in it."""

    base: str
    page: Page
    scripted: bool
    asked: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    weights: dict[str, int] = field(default_factory=dict)

    def read(self, path: str) -> Page:
        """Go to a page of ours; what was weighed before is forgotten."""
        self.asked.clear()
        self.weights.clear()
        self.page.goto(f"{self.base}{path}")
        return self.page

    @property
    def weight(self) -> int:
        """Bytes over the wire since the last page was opened or `weights` was cleared."""
        return sum(self.weights.values())

    def width(self) -> int:
        """How wide what is drawn is, in pixels."""
        found: int = self.page.evaluate("document.documentElement.scrollWidth")
        return found

    def settled(self) -> None:
        """What holds on every page: nothing moved, is cut off, stands in an address, or is kept but the page's name."""
        width = self.page.viewport_size["width"] if self.page.viewport_size else 0
        if self.scripted:
            assert self.page.evaluate("window.shifted") < MOST_SHIFT, self.page.url
            assert self.width() <= width, self.page.url
            kept = self.page.evaluate("[...Object.values(localStorage), ...Object.values(sessionStorage)]")
            assert [one for one in kept if not _plain(one)] == [], kept
        assert _plain(self.page.url.removeprefix(self.base)), self.page.url

    def accessible(self) -> None:
        """Axe finds nothing."""
        found = Axe().run(self.page)
        assert found.violations_count == 0, found.generate_report()


def _plain(address: str) -> bool:
    """Whether an address says no more than which page of ours it is."""
    path, _question, query = address.partition("?")
    return bool(PATH.fullmatch(path) and SAID.fullmatch(query))


@contextmanager
def visitor(
    browser: Browser, base: str, state: Any = None, *, scripted: bool = True, **given: Any
) -> Iterator[Visitor]:
    """A visitor in a context of its own; at the end nothing may have left us, and nothing may have been refused.

    Nothing moves: what is judged half way from one colour to the next would be judged by chance."""
    given.setdefault("viewport", PHONE)
    given.setdefault("reduced_motion", "reduce")
    context = browser.new_context(storage_state=state, java_script_enabled=scripted, **given)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    if scripted:
        page.add_init_script(LISTEN)
    made = Visitor(base, page, scripted)
    _listen(context, page, made)
    try:
        yield made
    finally:
        context.close()
    assert made.foreign == []
    assert made.said == []


def _listen(context: BrowserContext, page: Page, made: Visitor) -> None:
    def ask(request: Request) -> None:
        made.asked.append(request.url)
        if not request.url.startswith((made.base, "data:", "about:")):
            made.foreign.append(request.url)

    def say(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(one in message.text for one in UNCLEAR):
            made.said.append(f"{message.type}: {message.text}")

    page.on("request", ask)
    page.on("console", say)
    page.on("pageerror", lambda error: made.said.append(str(error)))
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on(
        "Network.loadingFinished",
        lambda sent: made.weights.__setitem__(sent["requestId"], int(sent["encodedDataLength"])),
    )


def sign_in(page: Page, base: str, who: dict[str, Any], code: str | None = None) -> None:
    """Sign in by the form."""
    page.goto(f"{base}/sign-in")
    page.get_by_label("Name").fill(who["username"])
    page.get_by_label("Password").fill(who["password"])
    if code is not None:
        page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="What do you want to do?")).to_be_visible()
