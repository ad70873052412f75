"""What of each collection an actor may know of at all, as conditions on its rows, and what belongs to whom."""

from typing import Any, cast

from sqlalchemy import and_, false, or_, select
from sqlalchemy.orm import Session

from directory.models.channel import Channel
from directory.models.department import Department
from directory.models.link import Link
from directory.models.organisation import Organisation
from directory.models.service import Service, ServiceSite
from directory.models.site import Site
from directory.permissions import READERS, Actor, Reach, is_cleared, may, reach
from directory.queries.belonging import Condition, ends, of_organisations
from directory.queries.filters import FILTERS
from directory.queries.masking import masked_organisations

NEARBY_LEVELS = ("district", "station_site")
SHELTERS = ("shelter", "child_youth_care_centre")
AREA_CODES = tuple(f"+27{first}" for first in range(1, 6))
"""How South African landlines begin (ICASA numbering plan: 01 to 05 are geographic)."""

DUTIES = frozenset(
    {
        "shelter_emergency",
        "shelter_second_stage",
        "shelter_long_term",
        "child_temporary_safe_care",
        "child_youth_care_centre",
        "case_management",
    }
)
"""Functions whose holders place people: government with one of these sees the shelters of the area it serves."""


def visible(session: Session, actor: Actor, name: str) -> list[Condition]:
    """Conditions on the rows of a collection that the actor may read. Raises Denied."""
    conditions = []
    belongs = within(session, actor, name, reach(actor, "registry.read", name))
    if belongs is not None:
        conditions.append(belongs)
    if name == "links":
        conditions += _links_kept_apart(session, actor)
    if name == "channels":
        conditions.append(_channels_shown(session, actor))
        conditions += _landlines_kept_apart(session, actor)
    hidden = hidden_organisations(session, actor)
    if hidden:
        conditions.append(~of_organisations(name, hidden))
    return conditions


def links_seen(session: Session, actor: Actor, province: str | None) -> frozenset[str]:
    """Ids of the links that the actor may read, of a province if one is named. Raises Denied."""
    conditions = visible(session, actor, "links")
    if province is not None:
        conditions.append(FILTERS["links"]["province"](session, province))
    return frozenset(session.scalars(select(Link.id).where(*conditions)))


def referable(session: Session, actor: Actor, name: str) -> list[Condition]:
    """Conditions on the rows that an actor may refer to: others are answered like ids that no record has.

    What it may read; of what its role or key reads nothing, all but what belongs to shelters hidden from it.
    """
    if may(actor, "registry.read") and actor.role in READERS[name]:
        return visible(session, actor, name)
    hidden = hidden_organisations(session, actor)
    return [~of_organisations(name, hidden)] if hidden else []


def within(session: Session, actor: Actor, name: str, granted: Reach) -> Condition | None:
    """The condition that a row lies within the reach of a grant; None is everywhere."""
    if granted == "all" or (granted == "province" and actor.province is None):
        return None
    if granted == "province":
        return _in_province(session, name, cast(str, actor.province))
    if granted == "unit":
        return _own_unit(session, actor, name)
    return _own_organisation(session, actor, name)


def _in_province(session: Session, name: str, province: str) -> Condition:
    """What lies in a province; what is given nowhere yet, or from afar, lies where its organisation does."""
    filters = FILTERS[name]
    if "province" not in filters:
        return false()
    placed = filters["province"](session, province)
    owners = select(Organisation.id).where(FILTERS["organisations"]["province"](session, province))
    if name == "services":
        nowhere = Service.id.not_in(select(ServiceSite.service_id))
        return or_(placed, and_(nowhere, Service.organisation_id.in_(owners)))
    if name == "service_sites":
        given = select(Service.id).where(Service.organisation_id.in_(owners))
        return or_(placed, and_(ServiceSite.site_id.is_(None), ServiceSite.service_id.in_(given)))
    return placed


def _own_unit(session: Session, actor: Actor, name: str) -> Condition:
    if actor.department_id is None:
        return false()
    if name == "departments":
        return Department.id == actor.department_id
    filters = FILTERS[name]
    return filters["department_id"](session, actor.department_id) if "department_id" in filters else false()


def _own_organisation(session: Session, actor: Actor, name: str) -> Condition:
    if actor.organisation_id is None:
        return _own_unit(session, actor, name)
    if name == "organisations":
        return Organisation.id == actor.organisation_id
    if name == "links":
        units = select(Department.id).where(Department.organisation_id == actor.organisation_id)
        return or_(ends("organisation", [actor.organisation_id]), ends("department", units))
    filters = FILTERS[name]
    return filters["organisation_id"](session, actor.organisation_id) if "organisation_id" in filters else false()


def _channels_shown(session: Session, actor: Actor) -> Condition:
    """Channels of the classes that the actor's role reads, and its own organisation's or unit's of any class."""
    shown = Channel.visibility.in_(actor.visibility)
    return or_(shown, _own_organisation(session, actor, "channels"))


def _masked_to(session: Session, actor: Actor) -> frozenset[str]:
    """The confidential organisations for whose facts the actor is not cleared."""
    return frozenset(one for one in masked_organisations(session) if not is_cleared(actor, one))


def _landlines_kept_apart(session: Session, actor: Actor) -> list[Condition]:
    """A confidential organisation has closed its landlines. Closed records can be read; these cannot."""
    masked = _masked_to(session, actor)
    if not masked:
        return []
    landline = or_(*(Channel.value.startswith(code) for code in AREA_CODES))
    return [~and_(landline, of_organisations("channels", masked))]


def _links_kept_apart(session: Session, actor: Actor) -> list[Condition]:
    """A confidential organisation's links to stations and districts would place it: itself and cleared roles only."""
    masked = _masked_to(session, actor)
    if not masked:
        return []
    near = select(Department.id).where(Department.level.in_(NEARBY_LEVELS))
    units = select(Department.id).where(Department.organisation_id.in_(masked))
    return [~and_(or_(ends("organisation", masked), ends("department", units)), ends("department", near))]


def hidden_organisations(session: Session, actor: Actor) -> frozenset[str]:
    """The shelters that a government role does not see: all outside its duty, by function and by published area."""
    key = ("hidden", actor.organisation_id, actor.department_id)
    if key not in session.info:
        session.info[key] = _hidden(session, actor)
    return cast("frozenset[str]", session.info[key])


def _hidden(session: Session, actor: Actor) -> frozenset[str]:
    if actor.role in ("coordinator", "admin", "auditor", "disclosure"):
        return frozenset()
    unit = None if actor.department_id is None else session.get(Department, actor.department_id)
    own = actor.organisation_id or (unit.organisation_id if unit else None)
    organisation = None if own is None else session.get(Organisation, own)
    if organisation is None or organisation.sector != "government":
        return frozenset()
    housing = or_(Organisation.org_type.in_(SHELTERS), Organisation.id.in_(masked_organisations(session)))
    conditions = [housing, Organisation.id != own]
    if unit is not None and DUTIES & set(unit.functions):
        conditions.append(~_housed_in(unit.serves or {}))
    found = frozenset(session.scalars(select(Organisation.id).where(*conditions)))
    return found | frozenset(session.scalars(select(Organisation.id).where(Organisation.merged_into.in_(found))))


def _housed_in(serves: dict[str, Any]) -> Condition:
    """Organisations with a published place in a competent area."""
    if serves.get("scope") == "national":
        return Organisation.id.is_not(None)
    column = {"province": Site.province, "district": Site.district}.get(serves.get("scope") or "")
    if column is None:
        return false()
    return Organisation.id.in_(select(Site.organisation_id).where(column.in_(serves.get("codes") or ())))
