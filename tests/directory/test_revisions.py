"""Every change of what is published takes exactly one version and one revision, whoever makes it."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from directory import changes
from directory.permissions import LOCAL, Actor
from directory.services import catalogue, changefeed, listed
from directory.services.catalogue import COLLECTIONS
from tests.conftest import Clock
from tests.factories import POLOKWANE, Factory

PATCHES: dict[str, dict[str, Any]] = {
    "organisations": {"description": "Advice and a warm meal"},
    "departments": {"typical_wait_days": 3},
    "sites": {"location": {**POLOKWANE, "lat": -23.95}},
    "services": {"cost": "free"},
    "service_sites": {"source": "By telephone"},
    "posts": {"state": "vacant"},
    "links": {"link_types": ["training"]},
}
COORDINATOR = Actor("coordinator", "c", province="ZA-LP")


@pytest.mark.parametrize("actor", [LOCAL, COORDINATOR], ids=lambda actor: actor.role)
@pytest.mark.parametrize("name", list(PATCHES))
def test_a_change_takes_one_version_and_one_revision(
    session: Session, factory: Factory, clock: Clock, name: str, actor: Actor
) -> None:
    organisation = factory("organisations", province="ZA-LP")
    end = {"type": "organisation", "id": organisation.id}
    site = factory("sites", organisation_id=organisation.id)
    service = factory("services", organisation_id=organisation.id)
    given = {
        "organisations": {"province": "ZA-LP"},
        "service_sites": {"service_id": service.id, "site_id": site.id},
        "links": {"a": end, "b": end},
    }.get(name, {"organisation_id": organisation.id})
    if name == "services":
        factory("service_sites", service_id=service.id, site_id=site.id)
    record = {"sites": site, "services": service}.get(name) or factory(name, **given)
    session.commit()
    before = changes.revision(session), record.version
    session.info["now"] = clock.advance(hours=1)
    catalogue.change(session, actor, COLLECTIONS[name], record.id, record.version, PATCHES[name])
    session.commit()
    items, _, revision = changefeed.after(session, LOCAL, before[0], 10)
    assert (record.version, record.updated_at) == (before[1] + 1, clock.now)
    assert ([item["id"] for item in items], revision) == ([record.id], before[0] + 1)


def test_a_change_that_changes_nothing_takes_none(session: Session, factory: Factory) -> None:
    site = factory("sites")
    session.commit()
    before = changes.revision(session), site.version, site.updated_at
    catalogue.change(session, COORDINATOR, COLLECTIONS["sites"], site.id, site.version, {"location": POLOKWANE})
    session.commit()
    assert (changes.revision(session), site.version, site.updated_at) == before


def test_who_takes_the_own_number_back_is_heard(session: Session, factory: Factory) -> None:
    """Matches name a number until they hear that it is withdrawn."""
    person = factory("persons")
    line = factory("channels", owner={"type": "person", "id": person.id}, channel_kind="person_phone")
    token = listed.invite(session, LOCAL, person.id).token
    session.commit()
    before = changes.revision(session)
    listed.withdraw_channel(session, token, line.id)
    session.commit()
    items, _, _ = changefeed.after(session, LOCAL, before, 10)
    assert [(item["id"], item["op"]) for item in items] == [(line.id, "closed")]


def test_no_change_is_written_without_its_revision(session: Session, factory: Factory, clock: Clock) -> None:
    """Whoever changes a record, and whatever is flushed meanwhile."""
    site, unit = factory("sites"), factory("departments")
    session.commit()
    before = changes.revision(session), site.version
    session.info["now"] = clock.advance(hours=1)
    site.source = "By telephone"
    session.flush()
    unit.status = "closed"
    session.flush()
    session.commit()
    items, _, _ = changefeed.after(session, LOCAL, before[0], 10)
    assert [(item["id"], item["op"]) for item in items] == [(site.id, "put"), (unit.id, "closed")]
    assert (site.version, site.updated_at) == (before[1] + 1, clock.now)
