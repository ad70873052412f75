"""A verification is a change of what is published: it takes a revision, and matching hears of it."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from directory import changes
from directory.permissions import LOCAL
from directory.services import changefeed, records
from directory.services.catalogue import COLLECTIONS
from tests.conftest import Clock
from tests.factories import Factory


@pytest.mark.parametrize("outcome", ["confirmed", "wrong"])
def test_what_a_verification_changes_takes_a_revision(
    session: Session, factory: Factory, clock: Clock, outcome: str
) -> None:
    record = factory("organisations")
    records.verify(session, LOCAL, COLLECTIONS["organisations"], record.id, {"method": "phone", "outcome": "confirmed"})
    session.commit()
    before = changes.revision(session), record.version
    session.info["now"] = clock.advance(days=1)
    records.verify(session, LOCAL, COLLECTIONS["organisations"], record.id, {"method": "phone", "outcome": outcome})
    session.commit()
    items, _, revision = changefeed.after(session, LOCAL, before[0], 10)
    assert [(item["id"], item["record"]["version"]) for item in items] == [(record.id, before[1] + 1)]
    assert revision == before[0] + 1
    assert record.updated_at == clock.now


def test_nobody_there_changes_nothing(session: Session, factory: Factory) -> None:
    record = factory("organisations")
    session.commit()
    before = changes.revision(session), record.version, record.updated_at
    given = {"method": "phone", "outcome": "unreachable"}
    records.verify(session, LOCAL, COLLECTIONS["organisations"], record.id, given)
    session.commit()
    assert (changes.revision(session), record.version, record.updated_at) == before


def test_an_older_confirmation_changes_nothing(session: Session, factory: Factory, clock: Clock) -> None:
    record = factory("organisations")
    given = {"method": "phone", "outcome": "confirmed"}
    records.verify(session, LOCAL, COLLECTIONS["organisations"], record.id, given)
    session.commit()
    before = changes.revision(session), record.version, record.updated_at
    earlier = {**given, "verified_at": (clock.now - timedelta(days=3)).isoformat()}
    records.verify(session, LOCAL, COLLECTIONS["organisations"], record.id, earlier)
    session.commit()
    assert (changes.revision(session), record.version, record.updated_at) == before
