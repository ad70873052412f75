"""Erasure: nothing of a person is left in any table or dump, and everything else stays."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from directory.errors import Denied, Invalid, NotFound
from directory.exchange import dump
from directory.models.access import Account
from directory.models.channel import Channel
from directory.models.link import Link
from directory.models.oversight import SubjectKey
from directory.models.post import Post
from directory.models.training import Training
from directory.models.upkeep import Verification
from directory.permissions import LOCAL, Actor
from directory.services import auditing, changefeed, erasure, records
from directory.services.catalogue import COLLECTIONS
from directory.services.erasure import Erased
from tests.conftest import Clock
from tests.directory.erasing import MAILBOX, PHONE, TRACES, WHY, Listed, contents, erase, kept, listed, traces
from tests.directory.people import working
from tests.factories import Factory

__all__ = ["kept", "listed"]


def test_no_table_names_who_was_erased(engine: Engine, clock: Clock, listed: Listed, kept: Path) -> None:
    assert traces(contents(engine), listed.username) == [*TRACES, listed.username]

    gone = erase(engine, clock, listed, kept, account_id=listed.account)

    assert gone == Erased(focal_points=1, channels=4, links=1, trainings=1)
    assert traces(contents(engine), listed.username) == [PHONE, MAILBOX]
    with working(engine, clock, write=False) as session:
        left = [session.get_one(Channel, one) for one in (listed.shared, listed.office)]
        assert [one.value for one in left] == [PHONE, MAILBOX]
        assert [one["focal_point_id"] for one in session.get_one(Link, listed.link).carriers] != []
        assert [one["channel_id"] for one in session.get_one(Link, listed.link).channels] == [listed.office]
        seated = session.get_one(Training, listed.training).attendees
        assert [one["person_id"] for one in seated] == [listed.colleague]
        assert session.get_one(Post, listed.post).state == "vacant"
        assert session.scalars(select(Verification)).all() == []
        assert session.get(Account, listed.account) is None


def test_the_audit_names_nobody_and_its_chain_holds(engine: Engine, clock: Clock, listed: Listed, kept: Path) -> None:
    with working(engine, clock) as session:
        before = auditing.entries(session, LOCAL, auditing.Search(record=listed.id))[1]
    erase(engine, clock, listed, kept, account_id=listed.account)

    with working(engine, clock, write=False) as session:
        known = set(session.scalars(select(SubjectKey.subject_id)))
        assert before > 0
        assert not {listed.id, listed.account} & known
        assert auditing.verify(session, LOCAL).sound
        erased = auditing.entries(session, LOCAL, auditing.Search(action="erased"))[0]
        assert auditing.entries(session, LOCAL, auditing.Search(record=listed.id))[1] == 0
    assert sorted((one["collection"], *one["details"]) for one in erased) == [
        ("persons", "reason:own_request"),
        ("users",),
    ]


def test_copies_elsewhere_are_told(engine: Engine, clock: Clock, listed: Listed, kept: Path) -> None:
    with working(engine, clock, write=False) as session:
        seen = changefeed.after(session, LOCAL, 0, 1000)[1]
    erase(engine, clock, listed, kept)

    with working(engine, clock, write=False) as session:
        items = changefeed.after(session, LOCAL, 0, 1000)[0]
    new = [(one["collection"], one["op"], one["record"] is None) for one in items if one["revision"] > seen]
    assert sorted(new) == sorted(
        [("persons", "erased", True), ("focal-points", "erased", True)]
        + [("channels", "erased", True)] * 4
        + [("links", "put", False), ("trainings", "put", False), ("posts", "put", False)]
    )
    assert [one["op"] for one in items if one["id"] == listed.id] == ["erased"]


def test_dumps_made_later_lack_the_person(
    engine: Engine, clock: Clock, listed: Listed, kept: Path, tmp_path: Path
) -> None:
    erase(engine, clock, listed, kept)
    with working(engine, clock) as session:
        dump.dump(session, LOCAL, tmp_path / "out", session)
    text = "".join(file.read_text(encoding="utf-8") for file in (tmp_path / "out").iterdir())
    assert traces(text, listed.id) == [PHONE, MAILBOX]


def test_who_may(session: Session, factory: Factory, kept: Path) -> None:
    person = factory("persons")
    held = factory("focal_points", person_id=person.id)
    unit = session.get_one(Post, held.post_id).organisation_id
    for refused in (
        Actor("partner_manager", "m", organisation_id=unit),
        Actor("coordinator", "c", province="ZA-WC"),
        Actor("caseworker", "w"),
    ):
        with pytest.raises(Denied):
            erasure.erase(session, refused, person.id, WHY, kept)
    with pytest.raises(Denied):
        erasure.erase(session, Actor("coordinator", "c"), person.id, {**WHY, "account_id": person.id}, kept)
    assert not kept.exists()
    erasure.erase(session, Actor("coordinator", "c"), person.id, WHY, kept)
    with pytest.raises(NotFound):
        erasure.erase(session, LOCAL, person.id, WHY, kept)


@pytest.mark.parametrize("given", [{}, {"reason": "because"}, {**WHY, "account_id": SubjectKey.__name__}])
def test_what_is_refused(session: Session, factory: Factory, kept: Path, given: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        erasure.erase(session, LOCAL, factory("persons").id, given, kept)
    assert not kept.exists()


def test_a_post_that_somebody_else_holds_stays_filled(session: Session, factory: Factory, kept: Path) -> None:
    post = factory("posts")
    first, second = (factory("focal_points", post_id=post.id) for _ in range(2))
    erasure.erase(session, LOCAL, first.person_id, WHY, kept)
    assert post.state == "filled"
    erasure.erase(session, LOCAL, second.person_id, WHY, kept)
    assert post.state == "vacant"
    assert records.get(session, LOCAL, COLLECTIONS["posts"], post.id).version == 2
