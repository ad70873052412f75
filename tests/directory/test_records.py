"""The verbs that all collections share."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import changes
from directory.errors import Conflict, Denied, Invalid, NotFound, VersionConflict
from directory.models.upkeep import Change
from directory.permissions import LOCAL, Actor
from directory.services import catalogue, changefeed, records, replays
from directory.services.catalogue import COLLECTIONS
from tests.directory.conftest import Make

ORGANISATIONS = COLLECTIONS["organisations"]
SERVICES = COLLECTIONS["services"]
STRANGER = Actor("anonymous", "stranger")


def test_a_new_record_starts_at_version_one_and_unverified(make: Make) -> None:
    record = make("organisations", name="Umoja Centre")
    assert (record.version, record.status, record.verified_at, record.alternate_names) == (1, "active", None, [])


def test_a_patch_changes_what_it_names_and_raises_the_version(session: Session, make: Make) -> None:
    record = make("organisations", name="Umoja", description="Open", alternate_names=["U", "V"])
    records.update(session, LOCAL, ORGANISATIONS, record.id, 1, {"description": None, "alternate_names": ["W"]})
    assert (record.name, record.description, record.alternate_names, record.version) == ("Umoja", None, ["W"], 2)


def test_a_patch_merges_objects_and_null_forgets_an_answer(session: Session, make: Make) -> None:
    owner = make("organisations", name="Umoja")
    service = make("services", organisation_id=owner.id, name="Beds", eligibility={"pregnancy": "yes", "age_min": 18})
    records.update(session, LOCAL, SERVICES, service.id, 1, {"eligibility": {"age_min": None, "newborn": "no"}})
    assert service.eligibility == {"pregnancy": "yes", "newborn": "no"}


@pytest.mark.parametrize(
    "said",
    [{"intake": one} for one in ("24h", "hours", "days", "case_by_case", "unknown")]
    + [{"languages_spoken": one} for one in (["amh"], "amh", "case_by_case", "unknown")],
)
def test_an_answer_may_be_one_code(said: dict[str, Any], make: Make) -> None:
    owner = make("organisations", name="House")
    assert make("services", organisation_id=owner.id, name="Beds", eligibility=said).eligibility == said


def test_a_patch_that_changes_nothing_keeps_the_version(session: Session, make: Make) -> None:
    record = make("organisations", name="Umoja")
    records.update(session, LOCAL, ORGANISATIONS, record.id, 1, {"name": "Umoja"})
    assert record.version == 1


def test_an_old_version_is_refused(session: Session, make: Make) -> None:
    record = make("organisations", name="Umoja")
    records.update(session, LOCAL, ORGANISATIONS, record.id, 1, {"name": "Umoja Centre"})
    with pytest.raises(VersionConflict):
        records.update(session, LOCAL, ORGANISATIONS, record.id, 1, {"name": "Other"})
    with pytest.raises(VersionConflict):
        records.close(session, LOCAL, ORGANISATIONS, record.id, 1)


def test_closing_keeps_the_record_readable(session: Session, make: Make) -> None:
    record = make("organisations", name="Umoja")
    records.close(session, LOCAL, ORGANISATIONS, record.id, 1)
    assert records.get(session, LOCAL, ORGANISATIONS, record.id).status == "closed"


@pytest.mark.parametrize("unknown", ["00000000-0000-4000-8000-000000000000", "no-id", "", "' or 1=1"])
def test_an_unknown_id_is_not_found(session: Session, unknown: str) -> None:
    with pytest.raises(NotFound):
        records.get(session, LOCAL, ORGANISATIONS, unknown)


def test_a_reference_must_exist(make: Make) -> None:
    nobody = "00000000-0000-4000-8000-000000000000"
    with pytest.raises(Invalid) as caught:
        make("links", a={"type": "organisation", "id": nobody}, b={"type": "department", "id": nobody})
    assert set(caught.value.errors) == {"a.id", "b.id"}


def test_a_post_takes_its_units_organisation(make: Make) -> None:
    owner, other = make("organisations", name="Police"), make("organisations", name="Other")
    unit = make("departments", organisation_id=owner.id, name="Desk", functions=["police_report"])
    assert make("posts", department_id=unit.id, title="Desk officer").organisation_id == owner.id
    with pytest.raises(Invalid):
        make("posts", department_id=unit.id, organisation_id=other.id)
    with pytest.raises(Invalid):
        make("posts", title="Nobody's")


def test_who_may_not_is_denied_before_anything_is_looked_up(session: Session) -> None:
    with pytest.raises(Denied):
        records.get(session, STRANGER, ORGANISATIONS, "no-id")
    with pytest.raises(Denied):
        records.create(session, STRANGER, ORGANISATIONS, {"colour": "red"})


def test_verifications_date_undate_or_leave_a_record(session: Session, make: Make) -> None:
    record = make("organisations", name="Umoja")
    asked = changes.now(session) - timedelta(days=2)
    given = {"method": "phone", "outcome": "confirmed", "verified_at": asked.isoformat()}
    records.verify(session, LOCAL, ORGANISATIONS, record.id, given)
    assert (record.verified_at, record.version) == (asked, 2)
    records.verify(session, LOCAL, ORGANISATIONS, record.id, {"method": "phone", "outcome": "unreachable"})
    assert (record.verified_at, record.version) == (asked, 2)
    records.verify(session, LOCAL, ORGANISATIONS, record.id, {"method": "letter", "outcome": "wrong"})
    assert record.verified_at is None


def test_an_older_confirmation_does_not_make_a_record_older(session: Session, make: Make) -> None:
    record = make("organisations", name="Umoja")
    moment = changes.now(session)
    for days in (1, 9):
        at = (moment - timedelta(days=days)).isoformat()
        given = {"method": "visit", "outcome": "confirmed", "verified_at": at}
        records.verify(session, LOCAL, ORGANISATIONS, record.id, given)
    assert record.verified_at == moment - timedelta(days=1)


def test_nothing_is_verified_in_the_future_or_when_closed(session: Session, make: Make) -> None:
    record = make("organisations", name="Umoja")
    later = (changes.now(session) + timedelta(minutes=1)).isoformat()
    given = {"method": "self", "outcome": "confirmed", "verified_at": later}
    with pytest.raises(Invalid):
        records.verify(session, LOCAL, ORGANISATIONS, record.id, given)
    records.close(session, LOCAL, ORGANISATIONS, record.id, 1)
    with pytest.raises(Conflict):
        records.verify(session, LOCAL, ORGANISATIONS, record.id, {"method": "self", "outcome": "confirmed"})


def test_each_change_takes_one_revision_in_order(session: Session, make: Make) -> None:
    before = changes.revision(session)
    first, second = make("organisations", name="A"), make("persons", full_name="B")
    records.close(session, LOCAL, ORGANISATIONS, first.id, 1)
    session.commit()
    rows = session.scalars(select(Change).where(Change.revision > before).order_by(Change.revision)).all()
    assert [(row.record_id, row.op) for row in rows] == [(second.id, "put"), (first.id, "closed")]
    assert [row.revision for row in rows] == [before + 1, before + 2]
    items, following, now = changefeed.after(session, LOCAL, before, 1)
    assert [(item["id"], item["op"]) for item in items] == [(second.id, "put")]
    assert (following, now) == (before + 1, before + 2)


@pytest.mark.parametrize("limit", [1, 2])
def test_a_page_of_changes_is_empty_only_at_the_end(session: Session, make: Make, limit: int) -> None:
    """Else a program, which reads no people, would stop where many were written, and miss what came after."""
    app, after, read = Actor("app", "app"), changes.revision(session), []
    for _ in range(2):
        for _ in range(4):
            make("persons", full_name="B")
        session.commit()
        read += [make("organisations", name="A").id]
        session.commit()
    found: list[str] = []
    while items := changefeed.after(session, app, after, limit)[0]:
        assert len(items) <= limit
        after = changefeed.after(session, app, after, limit)[1]
        found += [item["id"] for item in items]
    assert (found, after) == (read, changes.revision(session))


def test_a_rolled_back_change_takes_no_revision(session: Session, make: Make) -> None:
    before = changes.revision(session)
    make("organisations", name="A")
    session.rollback()
    session.commit()
    assert changes.revision(session) == before


def test_a_replay_is_recalled_for_the_same_body_only(session: Session, make: Make) -> None:
    record = make("organisations", name="A")
    replays.remember(session, LOCAL, "POST /organisations", "k", "digest", (201, record.id))
    earlier = replays.recall(session, LOCAL, "POST /organisations", "k", "digest")
    assert earlier is not None
    assert (earlier.status, earlier.record_id) == (201, record.id)
    assert replays.recall(session, LOCAL, "POST /sites", "k", "digest") is None
    with pytest.raises(Invalid):
        replays.recall(session, LOCAL, "POST /organisations", "k", "another")


def test_sites_go_their_own_way_through_the_catalogue(session: Session, make: Make) -> None:
    record = make("organisations", name="A")
    catalogue.change(session, LOCAL, ORGANISATIONS, record.id, 1, {"name": "B"})
    assert record.name == "B"
