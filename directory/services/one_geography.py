"""A confidential organisation shows one geography only: its published areas. What would add a second is refused."""

import numpy as np
from sqlalchemy import Select, Uuid, cast, func, or_, select
from sqlalchemy.orm import Session

from directory import changes, geography
from directory.errors import Invalid
from directory.models.channel import Channel
from directory.models.department import Department
from directory.models.organisation import Organisation
from directory.models.post import FocalPoint, Post
from directory.models.service import Service, ServiceSite
from directory.models.site import Site, SiteSecret
from directory.queries.masking import masked_organisations
from directory.services.reach import is_geographic

NEIGHBOUR_KM = 1.0


def check_name(session: Session, organisation_id: str, name: str | None) -> None:
    """Raise Invalid if a confidential organisation would name a place in a service or site."""
    if name is not None and organisation_id in masked_organisations(session):
        place = geography.names_a_place(name)
        if place is not None:
            raise Invalid({"name": [f"It names a place ({place}), and the organisation is confidential."]})


def check_value(session: Session, owner_type: str, owner_id: str, value: str) -> None:
    """Raise Invalid for the landline of a confidential organisation: its area code tells where it is."""
    if is_geographic(value) and owner_organisations(session, owner_type, owner_id) & masked_organisations(session):
        raise Invalid({"value": ["A landline tells a place, and the organisation is confidential."]})


def owner_organisations(session: Session, owner_type: str, owner_id: str) -> frozenset[str]:
    """The organisations behind a channel's owner."""
    chosen = {
        "organisation": None,
        "department": select(Department.organisation_id).where(Department.id == owner_id),
        "post": select(Post.organisation_id).where(Post.id == owner_id),
        "person": select(Post.organisation_id).join(FocalPoint).where(FocalPoint.person_id == owner_id),
        "service_site": select(Service.organisation_id).join(ServiceSite).where(ServiceSite.id == owner_id),
    }[owner_type]
    return frozenset({owner_id} if chosen is None else session.scalars(chosen))


def check_lines(session: Session, organisation_id: str, field: str) -> None:
    """Raise Invalid if a landline comes to a confidential organisation with a person, post, unit or service."""
    if organisation_id not in masked_organisations(session):
        return
    session.flush()
    if any(is_geographic(value) for value in session.scalars(_channels_of(organisation_id))):
        raise Invalid({field: ["It brings a landline, which tells a place, and the organisation is confidential."]})


def mask(session: Session, organisation_id: str, *, anew: bool) -> None:
    """Make a confidential organisation show one geography. `anew`: it was not confidential before this transaction.

    Raises Invalid if what it shows already, in closed records too, tells a second one.
    """
    check_organisation(session, organisation_id)
    closed = select(Site).where(Site.organisation_id == organisation_id, Site.status == "closed")
    for site in session.scalars(closed):
        forget(session, site)
    if anew:
        organisation = session.get_one(Organisation, organisation_id)
        organisation.updated_at = changes.now(session)
        session.flush()
        changes.note(session, "organisations", organisation_id, "closed" if organisation.status == "closed" else "put")


def forget(session: Session, site: Site) -> None:
    """Leave a closed site of a confidential organisation its area alone: somebody may live at the address now."""
    if site.confidential or site.organisation_id not in masked_organisations(session):
        return
    area = geography.areas()[site.area_id]
    left = (None, None, area.province, area.district, area.lat, area.lon)
    if (site.name, site.address, site.province, site.district, site.lat, site.lon) != left:
        site.name, site.address, site.province, site.district, site.lat, site.lon = left
        site.updated_at = changes.now(session)
        session.flush()
        changes.note(session, "sites", site.id, "closed")


def check_organisation(session: Session, organisation_id: str) -> None:
    """Raise Invalid if what a newly confidential organisation already shows tells a second geography."""
    names = select(Service.name).where(Service.organisation_id == organisation_id)
    sites = select(Site.name).where(
        Site.organisation_id == organisation_id, Site.status == "active", Site.name.is_not(None)
    )
    telling = [name for name in session.scalars(names.union(sites)) if geography.names_a_place(name)]
    if telling:
        said = f"A confidential organisation names no place: rename {'; '.join(sorted(telling))}."
        raise Invalid({"confidential": [said]})
    if any(is_geographic(value) for value in session.scalars(_channels_of(organisation_id))):
        raise Invalid({"confidential": ["A confidential organisation has no landlines: close those it has."]})


def check_neighbours(session: Session, organisation_id: str) -> None:
    """Raise Invalid if an open site of the organisation stands within 1 km of a confidential one's true point.

    On PostgreSQL a function of the tables' owner answers: the serving role cannot read the point.
    """
    if session.get_bind().dialect.name == "postgresql":
        asked = func.open_site_beside_secret(cast(organisation_id, Uuid(as_uuid=False)))
        beside = bool(session.scalar(select(asked)))
    else:
        beside = _beside(session, organisation_id)
    if beside:
        raise Invalid({"location": ["An open site of this organisation would stand beside a confidential one."]})


def _beside(session: Session, organisation_id: str) -> bool:
    active = (Site.organisation_id == organisation_id, Site.status == "active")
    opened = session.execute(select(Site.lat, Site.lon).where(*active, Site.confidential.is_(False))).all()
    secret = select(SiteSecret.latitude, SiteSecret.longitude).join(Site, Site.id == SiteSecret.site_id)
    hidden = session.execute(secret.where(*active, Site.confidential)).all()
    if not opened or not hidden:
        return False
    lats, lons = (np.array(column, dtype=np.float64) for column in zip(*opened, strict=True))
    return any((geography.haversine_km(lat, lon, lats, lons) < NEIGHBOUR_KM).any() for lat, lon in hidden)


def _channels_of(organisation_id: str) -> Select[str]:
    posts = select(Post.id).where(Post.organisation_id == organisation_id)
    owners = (
        select(Department.id).where(Department.organisation_id == organisation_id),
        posts,
        select(FocalPoint.person_id).where(FocalPoint.post_id.in_(posts)),
        select(ServiceSite.id).join(Service).where(Service.organisation_id == organisation_id),
    )
    owned = or_(Channel.owner_id == organisation_id, *(Channel.owner_id.in_(ids) for ids in owners))
    return select(Channel.value).where(owned, Channel.status == "active")
