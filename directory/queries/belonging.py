"""Whose a row is: conditions on rows that belong to organisations, to their posts, or to either end of a link."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select

from directory.models.channel import Channel
from directory.models.department import Department
from directory.models.link import Link
from directory.models.organisation import Organisation
from directory.models.person import Person
from directory.models.post import FocalPoint, Post
from directory.models.service import Service, ServiceSite
from directory.models.site import Site
from directory.permissions import Actor

Condition = ColumnElement[bool]


def of_actor(kind: Any, ids: Any, actor: Actor) -> Condition:
    """Rows that name an owner by kind and id, and are the actor's unit's; or, without a unit, those of the actor's
    organisation and of all its units."""
    if actor.department_id is not None:
        return and_(kind == "department", ids == actor.department_id)
    if actor.organisation_id is None:
        return false()
    units = select(Department.id).where(Department.organisation_id == actor.organisation_id)
    return or_(and_(kind == "organisation", ids == actor.organisation_id), and_(kind == "department", ids.in_(units)))


def holders(posts: Any) -> Any:
    """Ids of the people who hold, or have held, one of the posts."""
    return select(FocalPoint.person_id).where(FocalPoint.post_id.in_(posts))


def ends(kind: str, ids: Any) -> Condition:
    """Links with one of these organisations or units at an end."""
    return or_(
        and_(Link.a_type == kind, Link.a_id.in_(ids)),
        and_(Link.b_type == kind, Link.b_id.in_(ids)),
    )


def channels_of(posts: Any, **owner: Any) -> Condition:
    """Channels of the posts, of the people in them, and of other owners by kind."""
    owned = [and_(Channel.owner_type == kind, Channel.owner_id.in_(ids)) for kind, ids in owner.items()]
    return or_(
        *owned,
        and_(Channel.owner_type == "post", Channel.owner_id.in_(posts)),
        and_(Channel.owner_type == "person", Channel.owner_id.in_(holders(posts))),
    )


def of_organisations(name: str, ids: Collection[str]) -> Condition:
    """Rows of a collection that belong to one of the organisations."""
    services = select(Service.id).where(Service.organisation_id.in_(ids))
    sites = select(Site.id).where(Site.organisation_id.in_(ids))
    posts = select(Post.id).where(Post.organisation_id.in_(ids))
    units = select(Department.id).where(Department.organisation_id.in_(ids))
    there = and_(ServiceSite.site_id.is_not(None), ServiceSite.site_id.in_(sites))
    given = or_(ServiceSite.service_id.in_(services), there)
    conditions: dict[str, Condition] = {
        "organisations": Organisation.id.in_(ids),
        "sites": Site.organisation_id.in_(ids),
        "departments": Department.organisation_id.in_(ids),
        "services": Service.organisation_id.in_(ids),
        "service_sites": given,
        "persons": Person.id.in_(holders(posts)),
        "posts": Post.organisation_id.in_(ids),
        "focal_points": FocalPoint.post_id.in_(posts),
        "channels": channels_of(
            posts, organisation=ids, department=units, service_site=select(ServiceSite.id).where(given)
        ),
        "links": or_(ends("organisation", ids), ends("department", units)),
        "trainings": false(),
    }
    return conditions[name]
