"""People with accounts and keys, made over HTTP by an administrator."""

from typing import Any

import pyotp
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import Clock
from tests.web.records import API, answer_json

USERS, KEYS, ME = f"{API}/users", f"{API}/api-keys", f"{API}/me"


def with_key(app: Flask, token: str) -> FlaskClient:
    """Whoever sends this token."""
    made = app.test_client()
    made.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return made


def enlist(admin: FlaskClient, role: str, username: str = "", **given: Any) -> dict[str, Any]:
    """An account as its administrator is told of it, secrets included."""
    body = {"username": username or f"{role}-1", "display_name": f"A {role}", "role": role, **given}
    answer = admin.post(USERS, json=body)
    assert answer.status_code == 201, answer.text
    return answer_json(answer)


def key_of(admin: FlaskClient, **given: Any) -> dict[str, Any]:
    """A key as its administrator is told of it, token included."""
    answer = admin.post(KEYS, json={"name": "a program", **given})
    assert answer.status_code == 201, answer.text
    return answer_json(answer)


def code(account: dict[str, Any], clock: Clock) -> str:
    """What the person's authenticator shows now."""
    return pyotp.TOTP(account["totp_secret"]).at(clock.now)
