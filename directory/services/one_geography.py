"""A confidential organisation shows one geography only: its published areas. What would add a second is refused."""

import numpy as np
from sqlalchemy import Select, cast, func, or_, select
from sqlalchemy.orm import Session

from directory import changes, geography
from directory.db import Identifier
from directory.errors import Invalid
from directory.models.channel import Channel
from directory.models.department import Department
from directory.models.organisation import Organisation, Succession
from directory.models.post import FocalPoint, Post
from directory.models.service import Service, ServiceSite
from directory.models.site import Site, SiteSecret
from directory.permissions import Actor, is_cleared
from directory.queries.masking import masked_organisations, note_masked
from directory.services.reach import is_geographic

NEIGHBOUR_KM = 1.0
MAILBOXES = ("role_mailbox", "on_call_roster")
ELSEWHERE = (
    "This confidential organisation has a hidden place there or near there: it alone opens a place in the area, as it "
    "alone knows whether that stands apart."
)


def check_name(session: Session, organisation_id: str, name: str | None, field: str = "name") -> None:
    """Raise Invalid if a confidential organisation would name a place in a service, a site, a unit or a post."""
    if name is not None and organisation_id in masked_organisations(session):
        place = geography.names_a_place(name)
        if place is not None:
            raise Invalid({field: [f"It names a place ({place}), and the organisation is confidential."]})


def check_value(session: Session, channel: Channel) -> None:
    """Raise Invalid for a landline or mailbox of a confidential organisation that tells where it is."""
    if not _tells(channel.channel_kind, channel.value):
        return
    if owner_organisations(session, channel.owner_type, channel.owner_id) & masked_organisations(session):
        said = "A mailbox named after a place" if "@" in channel.value else "A landline"
        raise Invalid({"value": [f"{said} tells a place, and the organisation is confidential."]})


def _tells(channel_kind: str, value: str) -> bool:
    """Whether a line has an area code, or an office's mailbox a place's name; people are named after places too."""
    return is_geographic(value) or (channel_kind in MAILBOXES and geography.names_a_place(value) is not None)


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
    """Raise Invalid if such a line comes to a confidential organisation with a person, post, unit or service."""
    if organisation_id not in masked_organisations(session):
        return
    session.flush()
    if _has_telling_lines(session, organisation_id):
        raise Invalid({field: ["It brings a line that tells a place, and the organisation is confidential."]})


def mask(session: Session, organisation_id: str) -> None:
    """Make an organisation that has, or is a guest at, a confidential place show one geography.

    Raises Invalid if what it shows already, in closed records too, tells a second one.
    """
    note_masked(session, organisation_id)
    check_organisation(session, organisation_id)
    closed = select(Site).where(Site.organisation_id == organisation_id, Site.status == "closed")
    for site in session.scalars(closed):
        forget(session, site)
    organisation = session.get_one(Organisation, organisation_id)
    if not organisation.kept_confidential:
        organisation.kept_confidential = True
        organisation.updated_at = changes.now(session)
        session.flush()
        changes.note(session, "organisations", organisation_id, "closed" if organisation.status == "closed" else "put")
    for earlier in session.scalars(_was(organisation_id)).all():
        mask(session, earlier)


def _was(organisation_id: str) -> Select[str]:
    """The records that an organisation was: what they show is read as its own."""
    followed = select(Succession.predecessor_id).where(Succession.successor_id == organisation_id)
    was = or_(Organisation.merged_into == organisation_id, Organisation.id.in_(followed))
    return select(Organisation.id).where(was, ~Organisation.kept_confidential).order_by(Organisation.id)


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
    sites = select(Site.name).where(Site.organisation_id == organisation_id, Site.status == "active")
    others = (
        select(Service.name).where(Service.organisation_id == organisation_id),
        select(Department.name).where(Department.organisation_id == organisation_id),
        select(Post.title).where(Post.organisation_id == organisation_id),
    )
    telling = [name for name in session.scalars(sites.union(*others)) if name and geography.names_a_place(name)]
    if telling:
        said = f"A confidential organisation names no place: rename {'; '.join(sorted(telling))}."
        raise Invalid({"confidential": [said]})
    if _has_telling_lines(session, organisation_id):
        said = "A confidential organisation has no landlines, and no mailboxes named after places: close those it has."
        raise Invalid({"confidential": [said]})


def check_apart(session: Session, actor: Actor, organisation_id: str, at: tuple[float, float]) -> None:
    """Raise Invalid for an open site in or beside an area where its organisation hides one, unless that is the actor's.

    Who may not know the place is refused by what is published alone: a refusal within a kilometre of the true point
    would let them find it.
    """
    if is_cleared(actor, organisation_id):
        return
    hidden = select(Site.area_id).where(
        Site.organisation_id == organisation_id, Site.status == "active", Site.confidential
    )
    if geography.areas_near(*at, NEIGHBOUR_KM) & set(session.scalars(hidden)):
        raise Invalid({"location": [ELSEWHERE]})


def check_host(session: Session, site_id: str | None, organisation_id: str) -> None:
    """Raise Invalid for a unit at the confidential place of another organisation: its own facts would tell it."""
    site = None if site_id is None else session.get_one(Site, site_id)
    if site is not None and site.confidential and site.organisation_id != organisation_id:
        raise Invalid({"site_id": ["This is the confidential place of another organisation."]})


def check_neighbours(session: Session, organisation_id: str) -> None:
    """Raise Invalid if an open site of the organisation stands within 1 km of a confidential one's true point.

    On PostgreSQL a function of the tables' owner answers: the serving role cannot read the point.
    """
    if session.get_bind().dialect.name == "postgresql":
        asked = func.open_site_beside_secret(cast(organisation_id, Identifier()))
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


def _has_telling_lines(session: Session, organisation_id: str) -> bool:
    return any(_tells(kind, value) for kind, value in session.execute(_channels_of(organisation_id)))


def _channels_of(organisation_id: str) -> Select[str, str]:
    posts = select(Post.id).where(Post.organisation_id == organisation_id)
    owners = (
        select(Department.id).where(Department.organisation_id == organisation_id),
        posts,
        select(FocalPoint.person_id).where(FocalPoint.post_id.in_(posts)),
        select(ServiceSite.id).join(Service).where(Service.organisation_id == organisation_id),
    )
    owned = or_(Channel.owner_id == organisation_id, *(Channel.owner_id.in_(ids) for ids in owners))
    return select(Channel.channel_kind, Channel.value).where(owned, Channel.status == "active")
