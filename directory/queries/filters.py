"""The list filters, each as a condition on published columns."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Text, and_, cast, false, or_, select
from sqlalchemy.orm import Session

from directory.models.channel import Channel
from directory.models.department import Department
from directory.models.link import Link
from directory.models.organisation import Organisation
from directory.models.outcome import ChannelDoubt
from directory.models.person import Person
from directory.models.post import FocalPoint, Post
from directory.models.service import Service, ServiceSite
from directory.models.site import Site
from directory.models.training import Training
from directory.queries.belonging import Condition, channels_of, ends, holders
from directory.queries.masking import masked_organisations


def has_code(column: Any, code: str) -> Condition:
    """Whether a JSON array of codes holds the code. Codes are plain words, so the quoted word is the code."""
    return cast(column, Text).contains(f'"{code}"', autoescape=True)


def _placed(session: Session, column: str, value: str) -> Condition:
    """Organisations by place: a confidential one by its published areas, any other by what it says itself."""
    masked = Organisation.id.in_(masked_organisations(session))
    sites = select(Site.organisation_id).where(getattr(Site, column) == value, Site.status == "active")
    return or_(and_(~masked, getattr(Organisation, column) == value), and_(masked, Organisation.id.in_(sites)))


def _children(session: Session, parent_id: str) -> Condition:
    """Open organisations below another; of a confidential one the parent, which may have a place, is not shown."""
    return and_(Organisation.parent_id == parent_id, Organisation.id.not_in(masked_organisations(session)))


def _serving(session: Session, column: str, value: str) -> Condition:
    """Units by place: where their site is, else where their organisation is, or where an open one says it serves."""
    masked = Department.organisation_id.in_(masked_organisations(session))
    sites = select(Site.id).where(getattr(Site, column) == value)
    elsewhere = select(Organisation.id).where(_placed(session, column, value))
    return or_(
        Department.site_id.in_(sites),
        and_(Department.site_id.is_(None), Department.organisation_id.in_(elsewhere)),
        and_(~masked, has_code(Department.serves, value)),
    )


def _given_at(column: str, value: str) -> Condition:
    """Service-sites by the published place of their site."""
    return ServiceSite.site_id.in_(select(Site.id).where(getattr(Site, column) == value))


def _of_services(condition: Condition) -> Condition:
    return ServiceSite.service_id.in_(select(Service.id).where(condition))


def _of_organisations(column: Any, condition: Condition) -> Condition:
    in_them: Condition = column.in_(select(Organisation.id).where(condition))
    return in_them


def _posts_of(**where: str) -> Any:
    return select(Post.id).where(*(getattr(Post, name) == value for name, value in where.items()))


def _posts_at(session: Session, province: str) -> Any:
    units = select(Department.id).where(_serving(session, "province", province))
    owners = select(Organisation.id).where(_placed(session, "province", province))
    return select(Post.id).where(or_(Post.department_id.in_(units), Post.organisation_id.in_(owners)))


def _links_at(session: Session, column: str, value: str) -> Condition:
    organisations = select(Organisation.id).where(_placed(session, column, value))
    units = select(Department.id).where(_serving(session, column, value))
    return or_(ends("organisation", organisations), ends("department", units))


def _carried_by(session: Session, person_id: str) -> Condition:
    held = session.scalars(select(FocalPoint.id).where(FocalPoint.person_id == person_id))
    return or_(false(), *(has_code(Link.carriers, one) for one in held))


def _doubted() -> Condition:
    """Channels that led to somebody else, and were neither confirmed nor changed since."""
    since = select(ChannelDoubt.channel_id).where(ChannelDoubt.channel_id == Channel.id)
    return since.where(ChannelDoubt.at > Channel.updated_at).exists()


def _trained_at(session: Session, province: str) -> Condition:
    """Trainings that somebody of the province attended, one just made too: by the posts they hold, or for whom."""
    here = set(session.scalars(holders(_posts_at(session, province))))
    here |= set(session.scalars(select(Organisation.id).where(_placed(session, "province", province))))
    here |= set(session.scalars(select(Department.id).where(_serving(session, "province", province))))
    session.flush()
    rows = session.execute(select(Training.id, Training.attendees))
    return Training.id.in_([one for one, attendees in rows if any(here & set(came.values()) for came in attendees)])


def _organisation_offers(code: str) -> Condition:
    services = select(Service.organisation_id).where(has_code(Service.codes, code), Service.status == "active")
    units = select(Department.organisation_id).where(
        has_code(Department.functions, code), Department.status == "active"
    )
    return or_(Organisation.id.in_(services), Organisation.id.in_(units))


def _service_here(column: str, value: str) -> Condition:
    return Service.id.in_(
        select(ServiceSite.service_id).where(_given_at(column, value), ServiceSite.status == "active")
    )


Filter = Callable[[Session, Any], Condition]

FILTERS: Mapping[str, Mapping[str, Filter]] = {
    "organisations": {
        "province": lambda s, v: _placed(s, "province", v),
        "district": lambda s, v: _placed(s, "district", v),
        "service": lambda _, v: _organisation_offers(v),
        "org_type": lambda _, v: Organisation.org_type == v,
        "sector": lambda _, v: Organisation.sector == v,
        "organisation_id": lambda s, v: or_(Organisation.id == v, _children(s, v)),
    },
    "departments": {
        "province": lambda s, v: _serving(s, "province", v),
        "district": lambda s, v: _serving(s, "district", v),
        "service": lambda _, v: has_code(Department.functions, v),
        "org_type": lambda _, v: _of_organisations(Department.organisation_id, Organisation.org_type == v),
        "sector": lambda _, v: _of_organisations(Department.organisation_id, Organisation.sector == v),
        "organisation_id": lambda _, v: Department.organisation_id == v,
    },
    "persons": {
        "province": lambda s, v: Person.id.in_(holders(_posts_at(s, v))),
        "organisation_id": lambda _, v: Person.id.in_(holders(_posts_of(organisation_id=v))),
        "department_id": lambda _, v: Person.id.in_(holders(_posts_of(department_id=v))),
        "person_id": lambda _, v: Person.id == v,
    },
    "posts": {
        "province": lambda s, v: _of_organisations(Post.organisation_id, _placed(s, "province", v)),
        "district": lambda s, v: _of_organisations(Post.organisation_id, _placed(s, "district", v)),
        "service": lambda _, v: has_code(Post.functions, v),
        "organisation_id": lambda _, v: Post.organisation_id == v,
        "department_id": lambda _, v: Post.department_id == v,
        "person_id": lambda _, v: Post.id.in_(select(FocalPoint.post_id).where(FocalPoint.person_id == v)),
    },
    "focal_points": {
        "province": lambda s, v: FocalPoint.post_id.in_(_posts_at(s, v)),
        "organisation_id": lambda _, v: FocalPoint.post_id.in_(_posts_of(organisation_id=v)),
        "department_id": lambda _, v: FocalPoint.post_id.in_(_posts_of(department_id=v)),
        "person_id": lambda _, v: FocalPoint.person_id == v,
    },
    "channels": {
        "province": lambda s, v: channels_of(
            _posts_at(s, v),
            organisation=select(Organisation.id).where(_placed(s, "province", v)),
            department=select(Department.id).where(_serving(s, "province", v)),
            service_site=select(ServiceSite.id).where(_given_at("province", v)),
        ),
        "organisation_id": lambda _, v: channels_of(
            _posts_of(organisation_id=v),
            organisation=[v],
            department=select(Department.id).where(Department.organisation_id == v),
            service_site=select(ServiceSite.id).where(_of_services(Service.organisation_id == v)),
        ),
        "department_id": lambda _, v: channels_of(
            _posts_of(department_id=v),
            department=[v],
            service_site=select(ServiceSite.id).where(_of_services(Service.department_id == v)),
        ),
        "person_id": lambda _, v: and_(Channel.owner_type == "person", Channel.owner_id == v),
        "doubted": lambda _, v: _doubted() if v else ~_doubted(),
    },
    "sites": {
        "province": lambda _, v: Site.province == v,
        "district": lambda _, v: Site.district == v,
        "organisation_id": lambda _, v: Site.organisation_id == v,
    },
    "services": {
        "province": lambda _, v: _service_here("province", v),
        "district": lambda _, v: _service_here("district", v),
        "service": lambda _, v: has_code(Service.codes, v),
        "org_type": lambda _, v: _of_organisations(Service.organisation_id, Organisation.org_type == v),
        "sector": lambda _, v: _of_organisations(Service.organisation_id, Organisation.sector == v),
        "organisation_id": lambda _, v: Service.organisation_id == v,
        "department_id": lambda _, v: Service.department_id == v,
    },
    "service_sites": {
        "province": lambda _, v: _given_at("province", v),
        "district": lambda _, v: _given_at("district", v),
        "service": lambda _, v: _of_services(has_code(Service.codes, v)),
        "organisation_id": lambda _, v: _of_services(Service.organisation_id == v),
        "department_id": lambda _, v: _of_services(Service.department_id == v),
    },
    "links": {
        "province": lambda s, v: _links_at(s, "province", v),
        "district": lambda s, v: _links_at(s, "district", v),
        "organisation_id": lambda _, v: ends("organisation", [v]),
        "department_id": lambda _, v: ends("department", [v]),
        "person_id": lambda s, v: _carried_by(s, v),
    },
    "trainings": {
        "province": lambda s, v: _trained_at(s, v),
        "organisation_id": lambda _, v: has_code(Training.attendees, v),
        "department_id": lambda _, v: has_code(Training.attendees, v),
        "person_id": lambda _, v: has_code(Training.attendees, v),
    },
}
