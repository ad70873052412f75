"""A person with a browser: reads pages, fills in their forms, follows where they lead."""

import re
from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from directory.permissions import LOCAL, Role
from directory.services import accounts
from directory.services.accounts import Credentials
from tests.conftest import Clock
from tests.web.people import code

ORIGIN = "http://localhost"
CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')


class Browser:
    """Keeps cookies, and sends what a browser sends."""

    def __init__(self, app: Flask, origin: str = ORIGIN) -> None:
        self.client: FlaskClient = app.test_client()
        self.origin = origin

    def read(self, address: str, **headers: str) -> TestResponse:
        """A page, as followed from a page of ours."""
        sent = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"} | {
            k.replace("_", "-"): v for k, v in headers.items()
        }
        return self.client.get(address, base_url=self.origin, headers=sent)

    def send(
        self, address: str, form: Mapping[str, str] | None = None, /, *, seen: str = "/sign-in", **headers: str
    ) -> TestResponse:
        """A form of the page `seen`, sent."""
        return self.post(address, {"csrf_token": self.token(seen), **(form or {})}, **headers)

    def token(self, seen: str) -> str:
        """What the forms of the page `seen` are sent with."""
        page = self.read(seen)
        found = CSRF.search(page.text)
        assert found is not None, page.text
        return found[1]

    def post(self, address: str, form: Mapping[str, str], **headers: str) -> TestResponse:
        """A form with nothing added."""
        sent = {"Accept": "text/html", "Origin": self.origin, "Sec-Fetch-Site": "same-origin"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(address, base_url=self.origin, data=form, headers={k: v for k, v in sent.items() if v})

    def sign_in(self, who: dict[str, Any], clock: Clock, **given: str) -> TestResponse:
        """Sign in with all that the person has, or with something else."""
        form = {"username": who["username"], "password": who["password"]}
        form |= {"code": code(who, clock)} if who.get("totp_secret") else {}
        return self.send("/sign-in", {**form, **given})

    def cookies(self) -> set[str]:
        """The names of the cookies it has kept."""
        return {name for _domain, _path, name in self.client._cookies or {}}


def enlisted(app: Flask, role: Role, username: str = "", **given: Any) -> dict[str, Any]:
    """An account with its secrets, made by the services."""
    body = {"username": username or f"{role.replace('_', '-')}-1", "display_name": f"A {role}", "role": role, **given}
    with app.extensions["registry"].within(write=True) as session:
        made: Credentials = accounts.create(session, LOCAL, body)
        return {
            "id": made.account.id,
            "username": made.account.username,
            "password": made.password,
            "totp_secret": made.totp_secret,
        }
