"""Records made over HTTP, each with the records it needs, which the services make."""

from collections.abc import Mapping
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from directory.services.catalogue import COLLECTIONS
from tests.factories import ENDS, MINIMAL, REFERENCES, Factory

API = "/api/v1"

CHANGES: Mapping[str, Mapping[str, Any]] = {
    "organisations": {"description": "Advice and a warm meal"},
    "departments": {"typical_wait_days": 3},
    "persons": {"languages": ["zul"]},
    "posts": {"state": "vacant"},
    "focal_points": {"acting": True},
    "channels": {"whatsapp": True},
    "sites": {"name": "Main office"},
    "services": {"cost": "free"},
    "service_sites": {"source": "By telephone"},
    "links": {"link_types": ["training"]},
    "trainings": {"provider": "Task team"},
}
"""For each collection a change that alters it."""

VERIFICATION = {"method": "phone", "outcome": "confirmed"}


def path(collection: str) -> str:
    """Where a collection stands."""
    return f"{API}/{COLLECTIONS[collection].path}"


def body(client: FlaskClient, collection: str, /, **given: Any) -> dict[str, Any]:
    """What POST of a minimal record sends."""
    if given.keys() >= {*REFERENCES.get(collection, ()), *ENDS.get(collection, ())}:
        return {**MINIMAL[collection], **given}
    with client.application.extensions["registry"].within(write=True) as session:
        return Factory(session).body(collection, **given)


def post(client: FlaskClient, collection: str, /, **given: Any) -> TestResponse:
    """The answer to making a record."""
    return client.post(path(collection), json=body(client, collection, **given))


def make(client: FlaskClient, collection: str, /, **given: Any) -> dict[str, Any]:
    """A record as made."""
    answer = post(client, collection, **given)
    assert answer.status_code == 201, answer.text
    return answer_json(answer)


def answer_json(answer: TestResponse) -> dict[str, Any]:
    """The object answered."""
    found: dict[str, Any] = answer.json  # type: ignore[assignment]
    return found
