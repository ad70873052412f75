"""The pictures of the README and the guides: small, and made anew by `make screens`."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.pages.asking import fill, send
from tests.pages.conftest import Visit

pytestmark = pytest.mark.pages
LAPTOP = {"width": 1000, "height": 700}
MOST_BYTES = 120_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where they go: SCREENS, or a folder that is thrown away."""
    return Path(os.environ.get("SCREENS") or tmp_path)


def keep(page: Page, folder: Path, name: str) -> None:
    """What is in sight."""
    page.screenshot(path=folder / name, animations="disabled")
    assert 5_000 < (folder / name).stat().st_size < MOST_BYTES


def test_find_help_on_a_phone(visit: Visit, folder: Path) -> None:
    with visit("caseworker") as theirs:
        page = theirs.read("/help")
        keep(page, folder, "help-form-320.png")
        fill(page)
        send(page)
        page.locator(".card").first.scroll_into_view_if_needed()
        keep(page, folder, "help-answer-320.png")


def test_what_if_on_a_laptop(visit: Visit, folder: Path) -> None:
    with visit("coordinator", viewport=LAPTOP) as theirs:
        page = theirs.read("/network/what-if?province=ZA-LP")
        page.locator("input[name=person]").first.check()
        expect(page.locator("#answer [role=status]")).to_contain_text("would have nobody")
        page.locator("#answer").evaluate("one => one.scrollIntoView()")
        keep(page, folder, "what-if-1000.png")
