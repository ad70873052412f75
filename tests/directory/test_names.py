"""Names in memory: what is committed is found, by whoever may see it, on both databases."""

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from directory.db import begin
from directory.permissions import LOCAL, Actor
from directory.services import listing, records
from directory.services.catalogue import COLLECTIONS
from tests.conftest import Clock

ORGANISATIONS = COLLECTIONS["organisations"]


def found(session: Session, query: str, actor: Actor = LOCAL) -> list[str]:
    records_found, total = listing.page(session, actor, ORGANISATIONS, {"q": query})
    assert total == len(records_found)
    return [one.name for one in records_found]


def writing(engine: Engine, clock: Clock) -> Session:
    begun = begin(engine, write=True)
    begun.info["clock"] = clock
    return begun


def test_a_committed_name_is_in_the_next_answer(engine: Engine, clock: Clock) -> None:
    with writing(engine, clock) as session:
        made = records.create(session, LOCAL, ORGANISATIONS, {"name": "Umoja Legal Clinic"})
        session.commit()
    with begin(engine, write=False) as session:
        assert found(session, "umjoa leagl") == ["Umoja Legal Clinic"]
    with writing(engine, clock) as session:
        records.update(session, LOCAL, ORGANISATIONS, made.id, 1, {"name": "Zola Haven"})
        assert found(session, "zola havn") == ["Zola Haven"]
        session.commit()
    with begin(engine, write=False) as session:
        assert found(session, "umoja legal clinic") == []
        assert found(session, "zola havn") == ["Zola Haven"]


def test_what_was_not_committed_is_nobody_elses(engine: Engine, clock: Clock) -> None:
    with writing(engine, clock) as session:
        records.create(session, LOCAL, ORGANISATIONS, {"name": "Aloe House"})
        assert found(session, "aloe house") == ["Aloe House"]
        session.rollback()
    with begin(engine, write=False) as session:
        assert found(session, "aloe house") == []


def test_a_closed_record_is_found_only_when_asked_for(engine: Engine, clock: Clock) -> None:
    with writing(engine, clock) as session:
        made = records.create(session, LOCAL, ORGANISATIONS, {"name": "Aloe House"})
        session.commit()
    with begin(engine, write=False) as session:
        assert found(session, "aloe house") == ["Aloe House"]
    with writing(engine, clock) as session:
        records.close(session, LOCAL, ORGANISATIONS, made.id, 1)
        session.commit()
    with begin(engine, write=False) as session:
        assert found(session, "aloe house") == []
        closed, _ = listing.page(session, LOCAL, ORGANISATIONS, {"q": "aloe house", "status": "closed"})
        assert [one.name for one in closed] == ["Aloe House"]
