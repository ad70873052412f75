"""What matching reads: the snapshot, and the snapshot renewed by its changes alone."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import db
from directory.models.service import ServiceSite
from directory.models.site import Site
from directory.permissions import LOCAL, Actor
from directory.queries import candidates, published
from directory.queries.published import Publisher
from directory.services import capacity, catalogue, records
from directory.services.catalogue import COLLECTIONS
from tests.directory.conftest import MUSINA, POLOKWANE, Make
from tests.factories import Factory


def test_a_snapshot_types_days_and_moments(session: Session, make: Make, haven: Any) -> None:
    make("organisations", name="A", accreditation={"status": "valid", "issued": "2026-01-02"})
    read = candidates.snapshot(session, COLLECTIONS).collections
    accreditations = [
        one["accreditation"]["issued"].isoformat() for one in read["organisations"] if one["accreditation"]
    ]
    assert accreditations == ["2026-01-02"]
    assert [one["masked"] for one in read["organisations"] if one["name"] == "Haven"] == [True]
    assert read["sites"][0]["lat"] == read["sites"][0]["point"]["lat"]


def test_renewing_by_changes_equals_reading_all_anew(session: Session, make: Make, haven: Any) -> None:
    owner = make("organisations", name="Umoja")
    service = make("services", organisation_id=owner.id, name="Advice", serves={"scope": "district", "codes": ["DC34"]})
    make("departments", organisation_id=owner.id, name="Unit", serves={"scope": "district", "codes": ["DC34"]})
    site = make("sites", organisation_id=owner.id, location=POLOKWANE)
    make("service_sites", service_id=service.id, site_id=site.id, capacity={"unit": "bed", "available": 1})
    session.commit()
    steps: list[Callable[[], Any]] = [
        lambda: make("organisations", name="New"),
        lambda: records.update(
            session, LOCAL, COLLECTIONS["organisations"], owner.id, owner.version, {"name": "Other"}
        ),
        lambda: capacity.publish(session),
        lambda: catalogue.change(session, LOCAL, COLLECTIONS["sites"], site.id, site.version, {"confidential": True}),
        lambda: records.close(session, LOCAL, COLLECTIONS["organisations"], haven.id, haven.version),
        lambda: make("sites", organisation_id=owner.id, location=MUSINA),
    ]
    kept = candidates.snapshot(session, COLLECTIONS)
    for step in steps:
        step()
        session.commit()
        before = kept
        renewal = candidates.changed(session, COLLECTIONS, before.revision, 0)
        assert renewal is not None
        kept = candidates.snapshot(session, COLLECTIONS)
        assert renewal.revision == kept.revision
        for name, now in kept.records.items():
            was, ids = before.records[name], renewal.changed[name]
            assert {one for one in now.keys() | was.keys() if now.get(one) != was.get(one)} <= ids
            assert {one: now[one] for one in ids & now.keys()} == renewal.records[name]


def test_many_changes_are_read_all_anew(session: Session, make: Make, haven: Any, monkeypatch: Any) -> None:
    kept = candidates.snapshot(session, COLLECTIONS)
    make("organisations", name="New")
    session.commit()
    monkeypatch.setattr(candidates, "MOST_CHANGES", 0)
    known = 100 * candidates.SHARE
    assert candidates.changed(session, COLLECTIONS, kept.revision, 0) is None
    assert candidates.changed(session, COLLECTIONS, kept.revision, known) is not None


def test_the_true_point_is_nowhere_in_a_snapshot(session: Session, haven: Any) -> None:
    before = repr(candidates.snapshot(session, COLLECTIONS).records)
    site = session.scalars(select(Site)).one()
    moved = {"location": {"lat": -22.37, "lon": 30.05, "address": "Elsewhere"}}
    catalogue.change(session, LOCAL, COLLECTIONS["sites"], site.id, site.version, moved)
    session.commit()
    assert repr(candidates.snapshot(session, COLLECTIONS).records) == before
    assert session.scalars(select(ServiceSite)).one().status == "active"


@pytest.mark.parametrize("actor", [candidates.MATCHING, LOCAL], ids=lambda actor: actor.role)
def test_rows_are_published_as_objects_are(
    session: Session, factory: Factory, haven: Any, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of every collection, open and confidential, a few read by their ids or all at once, whole or in part."""
    for name in COLLECTIONS:
        factory(name)
    post = factory("posts", organisation_id=haven.id)
    factory("focal_points", post_id=post.id)
    session.flush()
    for name, collection in COLLECTIONS.items():
        objects = session.scalars(select(collection.model)).all()
        expected = Publisher(session, actor).publish(collection, objects)
        assert expected
        for many in (0, published.MANY):
            monkeypatch.setattr(published, "MANY", many)
            for leaving in (frozenset(), candidates.UNREAD):
                rows = session.execute(select(*db.columns(collection.model, leaving))).all()
                found = {one["id"]: one for one in Publisher(session, actor, leaving).publish(collection, rows)}
                assert found == {one["id"]: {k: v for k, v in one.items() if k not in leaving} for one in expected}, (
                    name
                )
