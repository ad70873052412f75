"""Who is in good standing: what is left of each list once suspended organisations and units are out of it."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from directory.models.channel import Channel
from directory.models.department import Department
from directory.models.link import Link
from directory.models.organisation import Organisation
from directory.models.person import Person
from directory.models.post import FocalPoint, Post
from directory.models.service import Service, ServiceSite
from directory.models.site import Site

Condition = ColumnElement[bool]


def unsuspended(organisation_id: Any, department_id: Any = None) -> Condition:
    """Whether neither the organisation nor the unit in these columns is suspended; null is nobody."""
    kept: Condition = or_(organisation_id.is_(None), organisation_id.not_in(_organisations()))
    if department_id is None:
        return kept
    return and_(kept, or_(department_id.is_(None), department_id.not_in(_units())))


def standing(name: str) -> list[Condition]:
    """The condition that keeps what is suspended, and all that belongs to it, out of a collection's lists."""
    made = _CONDITIONS.get(name)
    return [] if made is None else [made()]


def _organisations() -> Select[str]:
    return select(Organisation.id).where(Organisation.suspended)


def _units() -> Select[str]:
    return select(Department.id).where(or_(Department.suspended, Department.organisation_id.in_(_organisations())))


def _services() -> Select[str]:
    return select(Service.id).where(~unsuspended(Service.organisation_id, Service.department_id))


def _service_sites() -> Select[str]:
    return select(ServiceSite.id).where(ServiceSite.service_id.in_(_services()))


def _posts() -> Select[str]:
    return select(Post.id).where(~unsuspended(Post.organisation_id, Post.department_id))


def _persons() -> Select[str]:
    """People all of whose posts are out."""
    holds = select(FocalPoint.person_id).where(FocalPoint.status != "closed")
    elsewhere = holds.where(FocalPoint.post_id.not_in(_posts()))
    return holds.where(FocalPoint.post_id.in_(_posts()), FocalPoint.person_id.not_in(elsewhere))


def _channel_kept() -> Condition:
    owners = {
        "organisation": _organisations(),
        "department": _units(),
        "post": _posts(),
        "person": _persons(),
        "service_site": _service_sites(),
    }
    return and_(*(or_(Channel.owner_type != kind, Channel.owner_id.not_in(ids)) for kind, ids in owners.items()))


def _link_kept() -> Condition:
    ends = ((Link.a_type, Link.a_id), (Link.b_type, Link.b_id))
    out = {"organisation": _organisations, "department": _units}
    return and_(*(or_(kind != name, end.not_in(ids())) for kind, end in ends for name, ids in out.items()))


_CONDITIONS = {
    "organisations": lambda: ~Organisation.suspended,
    "departments": lambda: Department.id.not_in(_units()),
    "sites": lambda: unsuspended(Site.organisation_id),
    "services": lambda: unsuspended(Service.organisation_id, Service.department_id),
    "service_sites": lambda: ServiceSite.service_id.not_in(_services()),
    "posts": lambda: unsuspended(Post.organisation_id, Post.department_id),
    "focal_points": lambda: FocalPoint.post_id.not_in(_posts()),
    "persons": lambda: Person.id.not_in(_persons()),
    "channels": _channel_kept,
    "links": _link_kept,
}
