"""What the tests of one geography ask and read, each in one line."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

API = "/api/v1"
LANDLINE = "+27155341234"
READING = ("app", "caseworker", "coordinator", "admin", "manager of a guest", "social worker")
"""Readers that are not cleared for the facts of a confidential organisation."""


def get(client: FlaskClient, path: str) -> dict[str, Any]:
    """What is answered to a GET that must succeed."""
    answer = client.get(f"{API}/{path}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json or {})


def listed(client: FlaskClient, path: str) -> list[str]:
    """The ids of a list."""
    return [one["id"] for one in get(client, path)["items"]]


def patch(client: FlaskClient, path: str, **given: Any) -> TestResponse:
    """The answer to a change."""
    return client.patch(f"{API}/{path}", json=given, headers={"If-Match": "*"})


def phone(kind: str, owner: str, value: str = LANDLINE) -> dict[str, Any]:
    """A line."""
    return {"owner": {"type": kind, "id": owner}, "channel_kind": "duty_line", "value": value}
