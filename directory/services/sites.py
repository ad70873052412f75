"""Sites: what is published of a place, and the true location of a confidential one, which is kept apart."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from directory import changes, geography
from directory.collection import Collection, Given
from directory.errors import Invalid
from directory.fields import Boolean, District, Field, Id, Number, Province, Shape, Text, checked
from directory.models.channel import Channel
from directory.models.department import Department
from directory.models.organisation import Organisation
from directory.models.service import Capacity, Service, ServiceSite
from directory.models.site import Site, SiteSecret
from directory.permissions import Actor
from directory.queries.masking import masked_organisations
from directory.services import audit, records
from directory.services.one_geography import check_apart, check_name, check_neighbours, forget, mask

USUALLY_CONFIDENTIAL = ("shelter", "child_youth_care_centre")

LATITUDE = Number(least=-90, most=90, required=True)
LONGITUDE = Number(least=-180, most=180, required=True)
POINT = Shape(fields={"lat": LATITUDE, "lon": LONGITUDE})

LOCATION = Shape(
    fields={"address": Text(most=300), "lat": LATITUDE, "lon": LONGITUDE},
    required=True,
    whole=False,
    doc="Written, never read as such: an open site shows address and point, a confidential one its area's.",
)

FIELDS: dict[str, Field] = {
    "organisation_id": Id(to="organisations", required=True, create_only=True),
    "name": Text(doc="A confidential site has none: what is sent is dropped. None that names a place beside one."),
    "confidential": Boolean(
        doc="Must be said for shelters and child and youth care centres; otherwise false if left out."
    ),
    "location": LOCATION,
}

SHOWN: dict[str, Field] = {
    "area": Shape(fields={"id": Id(to=""), "label": Text(), "province": Text(), "district": Text()}, required=True),
    "province": Province(required=True, doc="Of a confidential site, its area's."),
    "district": District(required=True, doc="Of a confidential site, its area's."),
    "point": Shape(fields=POINT.fields, required=True, doc="Published point: of a confidential site, its area's."),
    "address": Text(doc="Absent for a confidential site."),
}


def _place(session: Session, record: Any, given: Given) -> None:
    if given.get("confidential") is None and record.version is None:
        organisation = session.get_one(Organisation, record.organisation_id)
        if organisation.org_type in USUALLY_CONFIDENTIAL:
            raise Invalid({"confidential": ["Say whether this place is confidential."]})
    if record.confidential:
        record.name = None
    location = given.get("location")
    if location is None:
        return
    place = geography.locate(location["lat"], location["lon"])
    if place is None:
        raise Invalid({"location": ["Must lie in South Africa."]})
    area = geography.areas()[place.area_id]
    record.area_id = area.id
    if record.confidential:
        record.province, record.district, record.lat, record.lon = area.province, area.district, area.lat, area.lon
        record.address = None
        _keep_secret(session, record, location)
    else:
        record.province, record.district = place.province, place.district
        record.lat, record.lon = location["lat"], location["lon"]
        record.address = location.get("address", record.address)


def _keep_secret(session: Session, record: Site, location: Mapping[str, Any]) -> None:
    columns = {"address": "address", "lat": "latitude", "lon": "longitude"}
    values = {columns[key]: value for key, value in location.items()}
    if session.scalar(select(SiteSecret.site_id).where(SiteSecret.site_id == record.id)) is None:
        session.add(record)
        session.flush()
        session.execute(insert(SiteSecret).values(site_id=record.id, **values))
    else:
        raised = {"version": SiteSecret.version + 1, **values}
        session.execute(update(SiteSecret).where(SiteSecret.site_id == record.id).values(**raised))


def _rules(session: Session, record: Any, given: Given) -> None:
    if record.confidential:
        session.flush()
        mask(session, record.organisation_id)
    elif record.status == "closed":
        forget(session, record)
    else:
        check_name(session, record.organisation_id, record.name)
    if record.organisation_id in masked_organisations(session):
        session.flush()
        check_neighbours(session, record.organisation_id)


def _vet(session: Session, actor: Actor, record: Any) -> None:
    if not record.confidential:
        check_apart(session, actor, record.organisation_id, (record.lat, record.lon))


COLLECTION = Collection(
    name="sites",
    model=Site,
    fields=FIELDS,
    shown=SHOWN,
    hidden=frozenset({"location"}),
    named_by="name",
    filters=frozenset({"province", "district", "organisation_id", "near"}),
    place=_place,
    rules=_rules,
    vetting=_vet,
    closing=forget,
)


def change(session: Session, actor: Actor, record_id: str, version: int, given: Mapping[str, Any]) -> Site:
    """Change a site. One that becomes confidential, ceases to be, or leaves its area closes, and a new one opens.

    A move inside the area writes the secret alone: the site's version, times and revision stay as they are.
    Raises Denied, NotFound, VersionConflict, Invalid.
    """
    record: Site = records.held(session, actor, COLLECTION, record_id)
    records.expect(record, version)
    given = _complete(session, record, dict(given))
    values = checked(COLLECTION.changeable, given, partial=True)
    confidential = record.confidential if values.get("confidential") is None else values["confidential"]
    location = values.get("location")
    if confidential == record.confidential and not (confidential and location and _leaves(record, location)):
        if location and not confidential and (location["lat"], location["lon"]) != (record.lat, record.lon):
            check_apart(session, actor, record.organisation_id, (location["lat"], location["lon"]))
        return records.update(session, actor, COLLECTION, record_id, version, given)  # type: ignore[no-any-return]
    if location is None and record.confidential:
        raise Invalid({"location": ["Say the location to publish."]})
    records.close(session, actor, COLLECTION, record.id, record.version)
    opened = _reopen(session, actor, record, values, confidential=confidential)
    _follow(session, record, opened)
    audit.note(session, actor, "reopened", audit.About("sites", opened.id))
    return opened


def _complete(session: Session, record: Site, given: dict[str, Any]) -> dict[str, Any]:
    """A patch of the address alone: an open site keeps its point, a confidential one's goes straight to the secret."""
    location = given.get("location")
    if not isinstance(location, dict) or location.keys() != {"address"}:
        return given
    if not record.confidential:
        return {**given, "location": {"lat": record.lat, "lon": record.lon, **location}}
    address = checked(LOCATION.fields, location, partial=True)["address"]
    raised = {"version": SiteSecret.version + 1, "address": address}
    session.execute(update(SiteSecret).where(SiteSecret.site_id == record.id).values(**raised))
    return {name: value for name, value in given.items() if name != "location"}


def _leaves(record: Site, location: Mapping[str, Any]) -> bool:
    place = geography.locate(location["lat"], location["lon"])
    return place is None or place.area_id != record.area_id


def _reopen(session: Session, actor: Actor, record: Site, values: Mapping[str, Any], *, confidential: bool) -> Site:
    kept = {"lat": record.lat, "lon": record.lon, "address": record.address}
    opened: Site = records.make(
        session,
        COLLECTION,
        {
            "organisation_id": record.organisation_id,
            "name": values.get("name", record.name),
            "confidential": confidential,
            "location": values.get("location") or kept,
            "source": values.get("source", record.source),
        },
        by=records.By(actor, lambda made: _vet(session, actor, made)),
    )
    return opened


def _follow(session: Session, old: Site, new: Site) -> None:
    """Units move to the new site; its services open there under new ids, with their channels and their room.

    A place that goes into hiding leaves other organisations behind: they did not, and their own facts would tell it.
    """
    hiding = new.confidential and not old.confidential
    for unit in session.scalars(select(Department).where(Department.site_id == old.id)):
        unit.site_id = None if hiding and unit.organisation_id != new.organisation_id else new.id
        _touch(session, "departments", unit)
    here = select(ServiceSite).where(ServiceSite.site_id == old.id, ServiceSite.status == "active")
    for left in list(session.scalars(here)):
        if not hiding or session.get_one(Service, left.service_id).organisation_id == new.organisation_id:
            _open_there(session, left, new)
        left.status = "closed"
        _touch(session, "service_sites", left)


def _open_there(session: Session, left: ServiceSite, new: Site) -> None:
    moment = changes.now(session)
    taken = ServiceSite(service_id=left.service_id, site_id=new.id, created_at=moment, updated_at=moment)
    session.add(taken)
    session.flush()
    changes.note(session, "service_sites", taken.id, "put")
    for channel in session.scalars(select(Channel).where(Channel.owner_id == left.id)):
        channel.owner_id = taken.id
        _touch(session, "channels", channel)
    room = session.get(Capacity, left.id)
    if room is not None:
        kept = {name: getattr(room, name) for name in ("unit", "total", "available", "as_of")}
        session.add(Capacity(service_site_id=taken.id, **kept))


def _touch(session: Session, collection: str, record: Any) -> None:
    record.updated_at = changes.now(session)
    session.flush()
    changes.note(session, collection, record.id, "closed" if record.status == "closed" else "put")
