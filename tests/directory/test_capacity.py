"""Capacity: at once for open places, at ticks for confidential ones."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import changes
from directory.errors import Invalid
from directory.models.service import Capacity, ServiceSite
from directory.permissions import LOCAL
from directory.services import capacity, records
from directory.services.catalogue import COLLECTIONS
from tests.directory.conftest import POLOKWANE, Make

ROOMS = COLLECTIONS["service_sites"]


def at(session: Session, text: str) -> None:
    """Let the transaction happen at a Johannesburg time."""
    session.info["now"] = datetime.fromisoformat(f"{text}+02:00").astimezone(UTC)


def shown(session: Session, record: Any) -> Any:
    return records.publish(session, LOCAL, COLLECTIONS["service_sites"], [record])[0]["capacity"]


@pytest.mark.parametrize(
    ("moment", "tick"),
    [
        ("2026-03-01T05:59", "2026-02-28T22:00"),
        ("2026-03-01T06:00", "2026-03-01T06:00"),
        ("2026-03-01T17:59", "2026-03-01T12:00"),
        ("2026-03-01T22:30", "2026-03-01T22:00"),
    ],
)
def test_the_latest_tick(moment: str, tick: str) -> None:
    given, expected = (datetime.fromisoformat(f"{text}+02:00") for text in (moment, tick))
    assert capacity.latest_tick(given) == expected


@pytest.mark.parametrize(("free", "band"), [(None, None), (0, "none"), (1, "1-2"), (2, "1-2"), (3, "3+"), (90, "3+")])
def test_bands(free: int | None, band: str | None) -> None:
    assert capacity.band(free) == band


def test_a_confidential_band_is_published_at_the_next_tick_only(session: Session, haven: Any) -> None:
    room = session.scalars(select(ServiceSite)).one()
    at(session, "2026-03-01T12:30")
    capacity.publish_due(session)
    capacity.put(session, LOCAL, ROOMS, room, {"unit": "bed", "total": 8, "available": 5})
    session.info.pop("changes", None)
    before = shown(session, room)
    at(session, "2026-03-01T17:59")
    capacity.publish_due(session)
    assert shown(session, room) == before
    at(session, "2026-03-01T18:00")
    capacity.publish_due(session)
    noon = datetime.fromisoformat("2026-03-01T12:00+02:00")
    assert shown(session, room) == {"unit": "bed", "band": "3+", "as_of": noon}
    assert list(session.info["changes"]) == [("service_sites", room.id)]


def test_a_confidential_figure_takes_no_revision_and_no_version(session: Session, haven: Any) -> None:
    room = session.scalars(select(ServiceSite)).one()
    session.commit()
    before = changes.revision(session), room.version, room.updated_at
    capacity.put(session, LOCAL, ROOMS, room, {"unit": "bed", "total": 8, "available": 0})
    session.commit()
    assert (changes.revision(session), room.version, room.updated_at) == before
    assert session.scalars(select(Capacity.available)).one() == 0


def test_an_open_figure_is_read_at_once_and_takes_a_revision(session: Session, make: Make) -> None:
    owner = make("organisations", name="Umoja")
    site = make("sites", organisation_id=owner.id, location=POLOKWANE)
    service = make("services", organisation_id=owner.id, name="Beds")
    room = make("service_sites", service_id=service.id, site_id=site.id)
    session.commit()
    before = changes.revision(session)
    capacity.put(session, LOCAL, ROOMS, room, {"unit": "room", "total": 4, "available": 3})
    session.commit()
    assert shown(session, room)["available"] == 3
    assert (changes.revision(session), room.version) == (before + 1, 1)


@pytest.mark.parametrize(
    "given",
    [
        {"unit": "bed", "total": 1, "available": 2},
        {"unit": "tent"},
        {"unit": "bed", "available": -1},
        {"unit": "bed", "as_of": "2990-01-01T00:00:00+02:00"},
    ],
)
def test_what_cannot_be_is_refused(session: Session, haven: Any, given: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        capacity.put(session, LOCAL, ROOMS, session.scalars(select(ServiceSite)).one(), given)
