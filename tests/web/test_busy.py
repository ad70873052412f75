"""Somebody who writes while another writer holds the registry is told so, and does not wait for ever."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, update

from directory import changes, db
from directory.models.upkeep import RegistryState
from tests.web.records import make, post

WAIT_MS = 200


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever connects from now on waits for a moment only."""
    monkeypatch.setattr(db, "BUSY_TIMEOUT_MS", WAIT_MS)


@pytest.mark.usefixtures("impatient")
def test_who_waits_for_another_writer_is_told_to_come_back(engine: Engine, client: FlaskClient) -> None:
    make(client, "organisations")
    with db.begin(engine, write=True) as other:
        other.execute(update(RegistryState).values(revision=RegistryState.revision))
        before = changes.revision(other)
        refused = post(client, "organisations", name="Second")
        other.rollback()
    assert (refused.status_code, refused.mimetype) == (503, "application/problem+json")
    assert int(refused.headers["Retry-After"]) > 0
    assert post(client, "organisations", name="Second").status_code == 201
    with db.begin(engine, write=False) as session:
        assert changes.revision(session) == before + 1
