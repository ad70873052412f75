"""Readers of the world as people: an account like their key, signed in, in a browser."""

from flask import Flask

from tests.conftest import Clock
from tests.harm.world import OWNERS, READERS, STRANGER, World
from tests.web.browsing import Browser, enlisted

WITHOUT_ACCOUNT = ("app", STRANGER)


def somebody(app: Flask, world: World, clock: Clock, reader: str) -> Browser:
    """A reader at a browser; programs and strangers are not signed in."""
    browser = Browser(app)
    if reader not in WITHOUT_ACCOUNT:
        role, acts_for = {**READERS, **OWNERS}[reader]
        given = {field: world.ids.get(one, one) for field, one in acts_for.items()}
        who = enlisted(app, role, reader.replace(" ", "-"), **given)
        assert browser.sign_in(who, clock).status_code == 303
    return browser
