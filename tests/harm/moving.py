"""Move a confidential place, as its manager would."""

from collections.abc import Callable

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.harm.places import HIDEOUTS, Hideout, Location
from tests.harm.world import World


def move(client: FlaskClient, site_id: str, to: Location) -> TestResponse:
    """The answer to a change of the true location."""
    path = f"/api/v1/sites/{site_id}"
    answer = client.patch(path, json={"location": dict(to.written())}, headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text
    return answer


def move_all(client: FlaskClient, world: World, to: Callable[[Hideout], Location]) -> None:
    """Move every confidential place of the world."""
    for name, hideout in HIDEOUTS.items():
        move(client, world[name], to(hideout))
