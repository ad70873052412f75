"""A server with the fictitious network, a browser, and people who are signed in."""

import itertools
import json
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.pages.talking import Talk
from tests.pages.visitor import PHONE, Visitor, sign_in, visitor
from tests.web.live import Server, server

CHROMIUM = "/usr/bin/chromium"
Visit = Callable[..., AbstractContextManager[Visitor]]


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Browsers are for who asks for them: `-m pages`."""
    return None if "pages" in config.option.markexpr else True


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server as `make run` starts it, with the fictitious network."""
    with server(tmp_path_factory.mktemp("live"), DEMO="1") as started:
        yield started


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium; root has no sandbox."""
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield started
        started.close()


@pytest.fixture(scope="session")
def accounts(live: Server) -> dict[str, Any]:
    """The demonstration accounts by role."""
    found: dict[str, Any] = json.loads(Path(live.environment["INSTANCE"], "demo.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="session")
def talk(live: Server, accounts: dict[str, Any]) -> Callable[[str], Talk]:
    """The API, spoken to by the demonstration key of a role."""
    kept: dict[str, Talk] = {}
    count = itertools.count(1)

    def found(role: str) -> Talk:
        return kept.setdefault(role, Talk(live.base, accounts[role]["api_key"], count))

    return found


@pytest.fixture(scope="session")
def state_of(live: Server, browser: Browser, accounts: dict[str, Any]) -> Callable[[str], Any]:
    """The cookies of a role's demonstration account, signed in once."""
    kept: dict[str, Any] = {}

    def found(role: str) -> Any:
        if role not in kept:
            context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
            secret = accounts[role].get("totp_secret")
            code = pyotp.TOTP(secret).now() if secret else None
            sign_in(context.new_page(), live.base, accounts[role], code)
            kept[role] = context.storage_state()
            context.close()
        return kept[role]

    return found


@pytest.fixture
def visit(live: Server, browser: Browser, state_of: Callable[[str], Any]) -> Visit:
    """Visits by role: `with visit("caseworker", viewport=LAPTOP, scripted=False) as theirs`. None is a stranger."""

    def made(role: str | None, **given: Any) -> AbstractContextManager[Visitor]:
        return visitor(browser, live.base, None if role is None else state_of(role), **given)

    return made


@pytest.fixture(scope="session")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Page, str], None]:
    """Takes a picture of a whole page into PICTURES, or a folder that is thrown away."""
    folder = Path(os.environ.get("PICTURES") or tmp_path_factory.mktemp("pictures"))
    folder.mkdir(parents=True, exist_ok=True)

    def take(page: Page, name: str) -> None:
        page.screenshot(path=folder / f"{name}.png", full_page=True)

    return take
