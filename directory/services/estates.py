"""What an organisation leaves that others follow: which record goes to whom, and what becomes of it.

Services, links and room are known to be so under the old name alone: what goes has to be confirmed anew.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, select
from sqlalchemy.orm import Session

from directory import changes
from directory.errors import Conflict, Invalid
from directory.models.access import Account
from directory.models.channel import Channel
from directory.models.department import Department
from directory.models.link import Link
from directory.models.organisation import Organisation
from directory.models.post import FocalPoint, Post
from directory.models.service import Capacity, Service, ServiceSite
from directory.models.site import Site
from directory.queries.belonging import ends
from directory.services import doubled, moving
from directory.services.catalogue import COLLECTIONS

OWNED: Mapping[str, tuple[type[Any], str]] = {
    "site": (Site, "organisation_id"),
    "department": (Department, "organisation_id"),
    "service": (Service, "organisation_id"),
    "post": (Post, "organisation_id"),
    "organisation": (Organisation, "parent_id"),
}
MOVABLE = (*OWNED, "channel", "link")
Key = tuple[str, str]


@dataclass(slots=True)
class Estate:
    """What an organisation leaves: its open records by kind and id, and to whom each goes."""

    owner: Organisation
    records: dict[Key, Any]
    to: dict[Key, str]

    def goes_with(self, key: Key, other: Key) -> bool:
        """Whether two of them go to the same successor."""
        return self.to.get(other) == self.to.get(key)


def read(session: Session, owner: Organisation, values: Mapping[str, Any]) -> Estate:
    """What an organisation has open, and to whom each of it goes as `moves` and `successors` say. Raises Invalid,
    Conflict (a unit is suspended)."""
    found: dict[Key, Any] = {}
    for kind, (model, column) in OWNED.items():
        chosen = select(model).where(getattr(model, column) == owner.id, model.status != "closed")
        found |= {(kind, one.id): one for one in session.scalars(chosen.order_by(model.id).with_for_update())}
    lines = (Channel.owner_type == "organisation", Channel.owner_id == owner.id)
    tied = ends("organisation", [owner.id])
    rows: Sequence[tuple[str, type[Any], Sequence[ColumnElement[bool]]]] = (
        ("channel", Channel, lines),
        ("link", Link, [tied]),
    )
    for kind, model, where in rows:
        chosen = select(model).where(*where, model.status != "closed").order_by(model.id).with_for_update()
        found |= {(kind, one.id): one for one in session.scalars(chosen)}
    if any(kind == "department" and row.suspended for (kind, _), row in found.items()):
        raise Conflict("lift the suspension of its units first: what leaves one would leave it")
    return Estate(owner, found, _destinations(found, values))


def _destinations(found: Mapping[Key, Any], values: Mapping[str, Any]) -> dict[Key, str]:
    moves: Sequence[Mapping[str, str]] | None = values.get("moves")
    successors: Sequence[str] = values.get("successors") or []
    if moves is None:
        return dict.fromkeys(found, successors[0]) if len(successors) == 1 else {}
    to: dict[Key, str] = {}
    errors = {}
    for at, one in enumerate(moves):
        key = (one["type"], one["id"])
        if key not in found or key in to:
            errors[f"moves.{at}.id"] = ["It is not an open record of this organisation's, or is named twice."]
        to[key] = one["successor_id"]
    if errors:
        raise Invalid(errors)
    for key, row in found.items():
        unit = ("department", str(row.department_id)) if key[0] in ("post", "service") else key
        if unit in to:
            to.setdefault(key, to[unit])
    return to


def give(session: Session, estate: Estate, day: date) -> int:
    """Move what goes, and close the rest. How many records closed."""
    came = {
        one: {link for (kind, link), to in estate.to.items() if kind == "link" and to == one}
        for one in estate.to.values()
    }
    _lift(session, estate)
    for key, successor in estate.to.items():
        _move(session, estate, key, successor)
    session.flush()
    _undate_links(session, [one for kind, one in estate.to if kind == "department"])
    for successor, links in came.items():
        doubled.settle(session, successor, links)
    closed = 0
    for key, row in estate.records.items():
        if key not in estate.to:
            closed += _close(session, key, row, day)
    session.flush()
    return closed


def _lift(session: Session, estate: Estate) -> None:
    """Successors below the organisation take its place, lest one stands below what comes to stand below it."""
    for one in set(estate.to.values()):
        successor = session.get_one(Organisation, one)
        if estate.owner.id in moving.above(session, successor):
            successor.parent_id = estate.owner.parent_id


def _move(session: Session, estate: Estate, key: Key, successor: str) -> None:
    kind, row = key[0], estate.records[key]
    if kind in OWNED and row.id != successor:
        setattr(row, OWNED[kind][1], successor)
    if kind == "channel":
        row.owner_id = successor
    elif kind == "link":
        _move_link(estate, row, successor)
    elif kind == "department":
        _move_unit(session, estate, row, successor)
    elif kind in ("post", "service"):
        if row.department_id is not None and not estate.goes_with(key, ("department", row.department_id)):
            row.department_id = None
        if kind == "service":
            _move_service(session, estate, key)


def _move_link(estate: Estate, link: Link, successor: str) -> None:
    for end in ("a", "b"):
        if (getattr(link, f"{end}_type"), getattr(link, f"{end}_id")) == ("organisation", estate.owner.id):
            setattr(link, f"{end}_id", successor)
    link.verified_at = link.last_confirmed_at = None


def _move_unit(session: Session, estate: Estate, unit: Department, successor: str) -> None:
    """A unit takes its people's accounts along; a place that does not go with it is not its place any more."""
    place = ("site", unit.site_id or "")
    if place in estate.records and not estate.goes_with(("department", unit.id), place):
        unit.site_id = None
    for account in session.scalars(select(Account).where(Account.department_id == unit.id)):
        if account.organisation_id == estate.owner.id:
            account.organisation_id, account.updated_at = successor, changes.now(session)


def _move_service(session: Session, estate: Estate, key: Key) -> None:
    """A service is confirmed anew, and its room said anew; where its place stays behind it is given no more."""
    estate.records[key].verified_at = None
    for there in session.scalars(_given(ServiceSite.service_id == key[1])):
        site = ("site", there.site_id or "")
        there.verified_at = None
        session.execute(delete(Capacity).where(Capacity.service_site_id == there.id))
        changes.note(session, "service_sites", there.id, "put")
        if site in estate.records and not estate.goes_with(key, site):
            there.status = "closed"


def _undate_links(session: Session, units: Sequence[str]) -> None:
    for link in session.scalars(select(Link).where(ends("department", units), Link.status == "active")):
        link.verified_at = link.last_confirmed_at = None


def _close(session: Session, key: Key, row: Any, day: date) -> int:
    """Close a record that stays behind with what hangs on it; organisations below are below nobody."""
    if key[0] == "organisation":
        row.parent_id = None
        return 0
    row.status = "closed"
    COLLECTIONS[f"{key[0]}s"].closing(session, row)
    hanging = list(_hanging(session, key))
    for one in hanging:
        one.status = "closed"
        if isinstance(one, FocalPoint):
            ends_on = day if one.ends is None else min(one.ends, day)
            one.ends = ends_on if one.starts is None else max(one.starts, ends_on)
    session.flush()
    return 1 + len(hanging)


def _hanging(session: Session, key: Key) -> Iterator[Any]:
    kind, one = key
    if kind == "service":
        yield from session.scalars(_given(ServiceSite.service_id == one))
    elif kind == "site":
        yield from session.scalars(_given(ServiceSite.site_id == one))
    elif kind == "post":
        yield from session.scalars(select(FocalPoint).where(FocalPoint.post_id == one, FocalPoint.status == "active"))
    elif kind == "department":
        yield from session.scalars(select(Link).where(ends("department", [one]), Link.status == "active"))
    if kind in ("department", "post"):
        owned = (Channel.owner_type == kind, Channel.owner_id == one, Channel.status == "active")
        yield from session.scalars(select(Channel).where(*owned))


def _given(where: ColumnElement[bool]) -> Select[ServiceSite]:
    return select(ServiceSite).where(where, ServiceSite.status == "active").order_by(ServiceSite.id)
