"""People listed: a link that opens once and for a while, what it shows, what it changes, and who hears of it."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.errors import Conflict, Denied, Invalid, NotFound
from directory.models.listed import ListedLink, ListedStatement
from directory.permissions import LOCAL, Actor
from directory.services import erasure, listed, records, statements, tokens
from directory.services.catalogue import COLLECTIONS
from directory.services.listed import Invitation
from tests.conftest import Clock
from tests.directory.erasing import WHY, kept
from tests.directory.people import wait
from tests.factories import Factory

__all__ = ["kept"]

COORDINATOR = Actor("coordinator", "c")
PHONE, NEW_PHONE = "+27821112233", "+27827654321"


class Desk:
    """A unit with two people in post; one of them has a telephone."""

    def __init__(self, make: Factory) -> None:
        self.unit = make("departments")
        post, other = (make("posts", department_id=self.unit.id, organisation_id=None) for _ in range(2))
        self.person = make("persons", full_name="Naledi Mokoena", source="The task team's list")
        self.colleague = make("persons", full_name="Thabo Nkosi")
        self.held = make("focal_points", person_id=self.person.id, post_id=post.id)
        make("focal_points", person_id=self.colleague.id, post_id=other.id)
        mine = {"type": "person", "id": self.person.id}
        self.phone = make("channels", owner=mine, channel_kind="person_phone", value=PHONE)
        self.office = make("channels", owner={"type": "department", "id": self.unit.id})


@pytest.fixture
def desk(factory: Factory) -> Desk:
    """Two colleagues."""
    return Desk(factory)


@pytest.fixture
def link(session: Session, desk: Desk) -> Invitation:
    """A link of one of them."""
    return listed.invite(session, LOCAL, desk.person.id)


def see(session: Session, link: Invitation) -> dict[str, Any]:
    return listed.see(session, link.token)


def said(session: Session) -> list[tuple[str, str | None]]:
    return [(one.kind, one.code) for one in session.scalars(select(ListedStatement))]


def test_the_token_is_kept_as_a_hash_alone(session: Session, link: Invitation) -> None:
    row = session.scalars(select(ListedLink)).one()
    assert row.token_hash == tokens.digest(link.token) != link.token
    assert link.token not in repr(link)


def test_it_opens_once_and_for_half_an_hour(session: Session, clock: Clock, link: Invitation) -> None:
    wait(session, clock, days=6, hours=23)
    ends = see(session, link)["session_ends_at"]
    assert ends == clock() + listed.OPEN
    wait(session, clock, minutes=29, seconds=59)
    assert see(session, link)["session_ends_at"] == ends
    wait(session, clock, seconds=1)
    with pytest.raises(NotFound) as used:
        see(session, link)
    with pytest.raises(NotFound) as unknown:
        listed.see(session, tokens.new())
    assert str(used.value) == str(unknown.value)


def test_it_is_of_no_use_after_a_week(session: Session, clock: Clock, link: Invitation) -> None:
    wait(session, clock, days=7)
    with pytest.raises(NotFound):
        see(session, link)


def test_a_new_link_ends_the_one_before(session: Session, desk: Desk, link: Invitation) -> None:
    again = listed.invite(session, LOCAL, desk.person.id)
    with pytest.raises(NotFound):
        see(session, link)
    assert see(session, again)["person"]["id"] == desk.person.id


def test_it_shows_all_that_is_kept_and_where_from(
    session: Session, desk: Desk, factory: Factory, link: Invitation
) -> None:
    carriers = [{"end": "a", "focal_point_id": desk.held.id, "link_types": ["training"]}]
    ends = {end: {"type": "organisation", "id": factory("organisations", name=end).id} for end in ("a", "b")}
    factory("links", carriers=carriers, **ends)
    factory("trainings", attendees=[{"person_id": desk.person.id}])
    told = {"method": "phone", "outcome": "confirmed"}
    records.verify(session, LOCAL, COLLECTIONS["channels"], desk.phone.id, told)

    shown = see(session, link)

    assert (shown["person"]["full_name"], shown["person"]["source"]) == ("Naledi Mokoena", "The task team's list")
    assert [(one["title"], one["department"]) for one in shown["posts"]] == [("Social worker", "Victim desk")]
    assert [one["value"] for one in shown["channels"]] == [PHONE]
    assert [(one["between"], one["link_types"]) for one in shown["links"]] == [(["a", "b"], ["training"])]
    assert [one["course"] for one in shown["trainings"]] == ["Identifying victims"]
    assert [(one["collection"], one["outcome"]) for one in shown["verifications"]] == [("channels", "confirmed")]
    assert shown["colleagues"] == [{"id": desk.colleague.id, "name": "Thabo Nkosi"}]


def test_name_languages_and_leave_are_ones_own_to_say(session: Session, desk: Desk, link: Invitation) -> None:
    version = desk.person.version
    listed.correct(session, link.token, {"full_name": "Naledi Dube", "languages": ["zul"], "status": "on_leave"})
    assert (desk.person.full_name, desk.person.languages, desk.person.status) == ("Naledi Dube", ["zul"], "on_leave")
    assert desk.person.version == version + 1
    assert said(session) == [("correction", "full_name")]
    listed.correct(session, link.token, {"status": "active"})
    assert desk.person.status == "active"


@pytest.mark.parametrize(
    "given", [{"full_name": None}, {"languages": None}, {"status": "closed"}, {"status": None}, {"source": "me"}]
)
def test_other_changes_are_refused(session: Session, link: Invitation, given: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        listed.correct(session, link.token, given)


def test_a_closed_listing_stays_closed(session: Session, desk: Desk, link: Invitation) -> None:
    records.close(session, LOCAL, COLLECTIONS["persons"], desk.person.id, desk.person.version)
    with pytest.raises(Conflict):
        listed.correct(session, link.token, {"status": "active"})


def test_a_changed_number_is_untested_and_coordinators_hear_of_it(
    session: Session, clock: Clock, desk: Desk, link: Invitation
) -> None:
    desk.phone.tested_at = desk.phone.verified_at = clock()
    hours = [{"days": ["mon"], "opens": "08:00", "closes": "16:00"}]
    listed.correct_channel(session, link.token, desk.phone.id, {"hours": hours, "visibility": "restricted"})
    assert (desk.phone.hours, desk.phone.visibility) == (hours, "restricted")
    assert desk.phone.tested_at is not None
    assert said(session) == []

    listed.correct_channel(session, link.token, desk.phone.id, {"value": "082 765 4321"})
    assert (desk.phone.value, desk.phone.tested_at, desk.phone.verified_at) == (NEW_PHONE, None, None)
    assert said(session) == [("correction", "channel_value")]
    with pytest.raises(Invalid):
        listed.correct_channel(session, link.token, desk.phone.id, {"value": "12"})


def test_a_withdrawn_number_is_closed(session: Session, desk: Desk, link: Invitation) -> None:
    listed.withdraw_channel(session, link.token, desk.phone.id)
    assert desk.phone.status == "closed"
    assert see(session, link)["channels"][0]["status"] == "closed"
    with pytest.raises(NotFound):
        listed.withdraw_channel(session, link.token, desk.phone.id)


def test_what_is_not_ones_own_is_not_there(session: Session, desk: Desk, link: Invitation) -> None:
    for channel_id in (desk.office.id, desk.unit.id, "no id"):
        with pytest.raises(NotFound):
            listed.correct_channel(session, link.token, channel_id, {"hours": "24h"})


def test_a_colleague_is_named_as_a_deputy(session: Session, desk: Desk, factory: Factory, link: Invitation) -> None:
    for _ in range(2):
        made = listed.name_deputy(session, link.token, {"person_id": desk.colleague.id})
    assert (made.kind, made.code, made.deputy_id) == ("deputy", None, desk.colleague.id)
    assert len(said(session)) == 1
    for stranger in (factory("persons").id, desk.person.id):
        with pytest.raises(Invalid):
            listed.name_deputy(session, link.token, {"person_id": stranger})


def test_an_objection_reaches_coordinators_alone(session: Session, link: Invitation) -> None:
    made = listed.object_to(session, link.token, {"code": "in_danger"})
    assert statements.page(session, COORDINATOR) == ([made], 1)
    assert statements.page(session, Actor("coordinator", "c", province="ZA-WC")) == ([], 0)
    for role in ("partner_manager", "unit_manager", "caseworker", "admin"):
        with pytest.raises(Denied):
            statements.page(session, Actor(role, "other"))
    with pytest.raises(Invalid):
        listed.object_to(session, link.token, {"code": "I fear my manager"})


def test_a_statement_is_settled_once(session: Session, link: Invitation) -> None:
    made = listed.object_to(session, link.token, {"code": "wrong_post"})
    settled = statements.settle(session, COORDINATOR, made.id, {"outcome": "followed"})
    assert (settled.outcome, settled.settled_at) == ("followed", made.at)
    assert statements.page(session, COORDINATOR)[1] == 0
    assert statements.page(session, COORDINATOR, settled=True)[1] == 1
    with pytest.raises(Conflict):
        statements.settle(session, COORDINATOR, made.id, {"outcome": "checked"})
    for unknown in (link.link.id, "no id"):
        with pytest.raises(NotFound):
            statements.settle(session, COORDINATOR, unknown, {"outcome": "checked"})


def test_managers_invite_their_own_alone(session: Session, desk: Desk, factory: Factory) -> None:
    own = Actor("unit_manager", "m", organisation_id=desk.unit.organisation_id, department_id=desk.unit.id)
    other = Actor("unit_manager", "o", department_id=factory("departments").id)
    assert listed.invite(session, own, desk.person.id).token
    for refused in (other, Actor("caseworker", "w"), Actor("coordinator", "c", province="ZA-WC")):
        with pytest.raises(Denied):
            listed.invite(session, refused, desk.person.id)

    factory("focal_points", person_id=desk.person.id)
    with pytest.raises(Denied, match="elsewhere"):
        listed.invite(session, own, desk.person.id)
    assert listed.invite(session, COORDINATOR, desk.person.id).token


def test_a_notice_names_its_sources_and_no_number(session: Session, desk: Desk) -> None:
    told = listed.notice(session, COORDINATOR, desk.person.id)
    assert (told["person_id"], told["sources"]) == (desk.person.id, ["The task team's list"])
    assert all(part in told["text"] for part in ("Naledi Mokoena", "The task team's list", "Information Regulator"))
    assert PHONE not in told["text"]
    unsourced = listed.notice(session, COORDINATOR, desk.colleague.id)
    assert "the organisation for which you hold a post" in unsourced["text"]


def test_links_and_statements_go_with_the_person(session: Session, desk: Desk, link: Invitation, kept: Any) -> None:
    listed.name_deputy(session, link.token, {"person_id": desk.colleague.id})
    theirs = listed.invite(session, LOCAL, desk.colleague.id)
    listed.object_to(session, theirs.token, {"code": "not_me"})
    session.commit()
    session.expire_all()
    erasure.erase(session, LOCAL, desk.colleague.id, WHY, kept)
    assert said(session) == []
    assert [one.person_id for one in session.scalars(select(ListedLink))] == [desk.person.id]
