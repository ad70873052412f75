"""Disclosure: the address of a hidden place, to one person, for a purpose, after the audit and never before."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from directory.errors import Conflict, Denied, Invalid, NotFound
from directory.models.oversight import AuditEntry
from directory.permissions import LOCAL, Actor
from directory.services import auditing, disclosures, factors, keys, quotas, records
from directory.services.accounts import Credentials
from directory.services.catalogue import COLLECTIONS
from tests.conftest import Clock
from tests.directory.people import code, enlist, signed_in, wait, working
from tests.factories import POLOKWANE, Factory

PURPOSE = {"purpose": "transport"}


@pytest.fixture(autouse=True)
def at_noon(clock: Clock) -> None:
    """So that no test passes midnight."""
    clock.now = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


def hidden(session: Session, **given: Any) -> Any:
    return Factory(session)("sites", confidential=True, **given)


@contextmanager
def asking(engine: Engine, clock: Clock) -> Iterator[tuple[Session, Actor, Any]]:
    """A disclosure officer who has just signed in, and a hidden place; committed at the end."""
    with working(engine, clock) as session:
        actor, site = signed_in(session, enlist(session, "disclosure")), hidden(session)
    with working(engine, clock) as session:
        yield session, actor, site


def test_the_audit_is_committed_before_the_address_is_read(engine: Engine, clock: Clock) -> None:
    with asking(engine, clock) as (session, actor, site):
        made = disclosures.authorise(session, actor, site.id, PURPOSE)
    with working(engine, clock, write=False) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "disclosure.authorised")).one()
        assert entry.details == ["purpose:transport", f"site:{site.id}"]
        assert disclosures.reveal(session, actor, made.id) == {
            "address": POLOKWANE["address"],
            "lat": POLOKWANE["lat"],
            "lon": POLOKWANE["lon"],
        }
        assert str(POLOKWANE["address"]) not in "".join(auditing.export(session, Actor("auditor", "a")))


def test_without_the_commit_there_is_no_address(engine: Engine, clock: Clock) -> None:
    with asking(engine, clock) as (session, actor, site):
        made = disclosures.authorise(session, actor, site.id, PURPOSE)
        with pytest.raises(Denied):
            disclosures.reveal(session, actor, made.id)
        session.rollback()
    with working(engine, clock, write=False) as session, pytest.raises(Denied):
        disclosures.reveal(session, actor, made.id)


def test_an_authorisation_is_ones_own_and_passes(engine: Engine, clock: Clock) -> None:
    with asking(engine, clock) as (session, actor, site):
        made = disclosures.authorise(session, actor, site.id, PURPOSE)
        other = signed_in(session, enlist(session, "disclosure", "other"))
    with working(engine, clock, write=False) as session:
        for wrong in (other, Actor("disclosure", "nobody")):
            with pytest.raises(Denied):
                disclosures.reveal(session, wrong, made.id)
        with pytest.raises(Denied):
            disclosures.reveal(session, actor, "no id")
        wait(session, clock, minutes=6)
        with pytest.raises(Denied):
            disclosures.reveal(session, actor, made.id)


@pytest.fixture
def officer(session: Session) -> Credentials:
    return enlist(session, "disclosure")


@pytest.fixture
def actor(session: Session, officer: Credentials) -> Actor:
    return signed_in(session, officer)


@pytest.mark.parametrize(
    "role", ["app", "caseworker", "partner_manager", "unit_manager", "coordinator", "auditor", "admin"]
)
def test_no_other_role_is_told(session: Session, role: Any) -> None:
    site = hidden(session)
    with pytest.raises(Denied):
        disclosures.authorise(session, Actor(role, "x", organisation_id=site.organisation_id), site.id, PURPOSE)


@pytest.mark.parametrize("given", [{}, {"purpose": "curiosity"}, {**PURPOSE, "reason": "for Thandi"}])
def test_a_purpose_is_a_code(session: Session, actor: Actor, given: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        disclosures.authorise(session, actor, hidden(session).id, given)


def test_a_second_factor_was_given_within_five_minutes(session: Session, clock: Clock, officer: Credentials) -> None:
    actor, site = signed_in(session, officer), hidden(session)
    wait(session, clock, minutes=5, seconds=1)
    with pytest.raises(factors.SecondFactorNeeded):
        disclosures.authorise(session, actor, site.id, PURPOSE)
    assert factors.confirm(session, actor, str(code(session, officer)))
    disclosures.authorise(session, actor, site.id, PURPOSE)


def test_a_key_alone_is_not_told(session: Session, officer: Credentials) -> None:
    made = keys.create(session, LOCAL, {"name": "console", "account_id": officer.account.id})
    by_key = keys.lookup(session, made.token)
    assert by_key is not None
    with pytest.raises(factors.SecondFactorNeeded):
        disclosures.authorise(session, by_key, hidden(session).id, PURPOSE)


def test_a_persons_budget_of_a_day(session: Session, clock: Clock, actor: Actor, officer: Credentials) -> None:
    site = hidden(session)
    for _ in range(disclosures.BUDGET):
        disclosures.authorise(session, actor, site.id, PURPOSE)
    with pytest.raises(quotas.Exhausted):
        disclosures.authorise(session, actor, site.id, PURPOSE)
    wait(session, clock, days=1)
    again = signed_in(session, officer)
    disclosures.authorise(session, again, site.id, PURPOSE)


def test_an_organisations_cap(session: Session) -> None:
    site, owner = hidden(session), Factory(session)("organisations")
    quotas.set_limit(session, LOCAL, owner.id, "disclosures", 3)
    people = [enlist(session, "disclosure", f"officer-{n}", organisation_id=owner.id) for n in range(2)]
    first, second = (signed_in(session, who) for who in people)
    for who in (first, first, second):
        disclosures.authorise(session, who, site.id, PURPOSE)
    with pytest.raises(quotas.Exhausted):
        disclosures.authorise(session, second, site.id, PURPOSE)


def test_open_closed_and_missing_places(session: Session, actor: Actor) -> None:
    closed = hidden(session)
    records.close(session, LOCAL, COLLECTIONS["sites"], closed.id, closed.version)
    for site in (Factory(session)("sites"), closed):
        with pytest.raises(Conflict):
            disclosures.authorise(session, actor, site.id, PURPOSE)
    with pytest.raises(NotFound):
        disclosures.authorise(session, actor, "nothing", PURPOSE)


def test_an_officer_of_a_province_is_told_of_its_places(session: Session) -> None:
    site = hidden(session)
    inside = signed_in(session, enlist(session, "disclosure", "inside", province="ZA-LP"))
    outside = signed_in(session, enlist(session, "disclosure", "outside", province="ZA-GP"))
    disclosures.authorise(session, inside, site.id, PURPOSE)
    with pytest.raises(Denied):
        disclosures.authorise(session, outside, site.id, PURPOSE)


def test_the_partner_sees_who_asked(session: Session, actor: Actor) -> None:
    site, other = hidden(session), hidden(session)
    disclosures.authorise(session, actor, site.id, PURPOSE)
    disclosures.authorise(session, actor, other.id, PURPOSE)
    rows, total = disclosures.page(session, Actor("partner_manager", "m", organisation_id=site.organisation_id))
    assert total == 1
    assert (rows[0]["site_id"], rows[0]["purpose"]) == (site.id, "transport")
    assert rows[0]["asked_by"] == {"display_name": "A disclosure", "role": "disclosure", "organisation": None}
    assert disclosures.page(session, Actor("partner_manager", "m"))[1] == 0
    assert disclosures.page(session, Actor("auditor", "a"))[1] == 2
    with pytest.raises(Denied):
        disclosures.page(session, Actor("caseworker", "w", organisation_id=site.organisation_id))


def test_a_unit_sees_who_asked_for_its_own_place(session: Session, factory: Factory, actor: Actor) -> None:
    site = hidden(session)
    unit = factory("departments", organisation_id=site.organisation_id, site_id=site.id)
    disclosures.authorise(session, actor, site.id, PURPOSE)
    assert disclosures.page(session, Actor("unit_manager", "u", department_id=unit.id))[1] == 1
    assert disclosures.page(session, Actor("unit_manager", "u"))[1] == 0
