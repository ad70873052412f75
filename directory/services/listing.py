"""Pages of a collection: filtered, ordered, fuzzy by name, near a point. All on published columns."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from directory import changes, geography
from directory.collection import Collection
from directory.models.department import Department
from directory.models.service import Service, ServiceSite
from directory.models.site import Site
from directory.permissions import Actor
from directory.queries.belonging import Condition
from directory.queries.filters import FILTERS
from directory.queries.masking import masked_organisations, stale_before
from directory.queries.names import names
from directory.queries.standing import standing
from directory.queries.visibility import visible

SORTS = ("name", "-name", "created_at", "-created_at", "updated_at", "-updated_at", "distance")

__all__ = ["FILTERS", "SORTS", "page", "stale"]


def page(
    session: Session,
    actor: Actor,
    collection: Collection,
    filters: Mapping[str, Any],
    *,
    page: int = 1,
    page_size: int = 50,
    sort: str | None = None,
) -> tuple[list[Any], int]:
    """One page of records and the number of all that match.

    Ordered by name then id; by likeness where `q` asks for a name, by distance where `near` asks for a place, unless
    `sort` says otherwise. `near` is (lat, lon) in degrees, `max_km` kilometres. Raises Denied.
    """
    conditions = _conditions(session, actor, collection, filters)
    start = (page - 1) * page_size
    ranked = _ranked(session, collection, filters, conditions, sort)
    if ranked is None:
        total = session.scalar(select(func.count()).select_from(collection.model).where(*conditions)) or 0
        chosen = select(collection.model).where(*conditions).order_by(*_order(collection, sort))
        return list(session.scalars(chosen.offset(start).limit(page_size))), total
    wanted = ranked[start : start + page_size]
    rows = session.scalars(select(collection.model).where(collection.model.id.in_(wanted)))
    found = {row.id: row for row in rows}
    return [found[one] for one in wanted], len(ranked)


def _conditions(session: Session, actor: Actor, collection: Collection, filters: Mapping[str, Any]) -> list[Condition]:
    model = collection.model
    answered = FILTERS[collection.name]
    conditions = [*visible(session, actor, collection.name), *standing(collection.name)]
    conditions += [answered[name](session, value) for name, value in filters.items() if name in answered]
    status = filters.get("status") or "active"
    if status == "active":
        conditions.append(model.status != "closed")
    elif status != "any":
        conditions.append(model.status == status)
    if filters.get("ids") is not None:
        conditions.append(model.id.in_(filters["ids"]))
    if filters.get("updated_since") is not None:
        conditions.append(model.updated_at >= filters["updated_since"])
    if filters.get("stale") is not None:
        late = stale(session, collection, changes.now(session))
        conditions.append(late if filters["stale"] else ~late)
    return conditions


def stale(session: Session, collection: Collection, now: datetime) -> Condition:
    """Whether a record is stale at a moment, by what is published of when it was confirmed."""
    model: Any = collection.model
    last, month = stale_before(now)
    masked = _masked_rows(session, collection)
    own = or_(model.verified_at.is_(None), model.verified_at <= last)
    if masked is None:
        return own
    return or_(
        model.verified_at.is_(None), and_(~masked, model.verified_at <= last), and_(masked, model.verified_at < month)
    )


def _masked_rows(session: Session, collection: Collection) -> ColumnElement[bool] | None:
    masked = masked_organisations(session)
    if collection.name == "organisations":
        return collection.model.id.in_(masked)
    if collection.name in ("sites", "departments", "services"):
        model: Any = collection.model
        return model.organisation_id.in_(masked)  # type: ignore[no-any-return]
    if collection.name == "service_sites":
        return ServiceSite.service_id.in_(select(Service.id).where(Service.organisation_id.in_(masked)))
    return None


def _order(collection: Collection, sort: str | None) -> list[Any]:
    model: Any = collection.model
    key = (sort or "name").lstrip("-")
    column = getattr(model, collection.named_by or "id") if key in ("name", "distance") else getattr(model, key)
    if key == "name" and collection.named_by is not None:
        column = func.coalesce(column, "")
    return [column.desc() if (sort or "").startswith("-") else column, model.id]


def _ranked(
    session: Session,
    collection: Collection,
    filters: Mapping[str, Any],
    conditions: Sequence[Condition],
    sort: str | None,
) -> list[str] | None:
    """Ids in their final order where a name or a place ranks or narrows them, else None."""
    query, near = filters.get("q"), filters.get("near")
    if query is None and near is None:
        return None
    keys: list[dict[str, float]] = []
    if query is not None:
        keys.append(_likeness(session, collection, query, conditions))
        conditions = [*conditions, collection.model.id.in_(keys[0])]
    ordered = list(session.scalars(select(collection.model.id).where(*conditions).order_by(*_order(collection, sort))))
    if near is not None:
        distances = _distances(session, collection, near)
        given = filters.get("max_km")
        most = math.inf if given is None else given
        keys.append({one: km for one, km in distances.items() if km <= most})
    kept = [one for one in ordered if all(one in key for key in keys)]
    if sort is None:
        kept.sort(key=keys[0].__getitem__)
    elif sort == "distance" and near is not None:
        kept.sort(key=keys[-1].__getitem__)
    return kept


def _likeness(
    session: Session, collection: Collection, query: str, conditions: Sequence[Condition]
) -> dict[str, float]:
    """Ids of the records whose name or alternate name is like the query, with 100 minus the likeness."""
    identifier = collection.model.id

    def wanted(ids: Sequence[str] | None) -> set[str]:
        chosen = select(identifier).where(*conditions)
        return set(session.scalars(chosen if ids is None else chosen.where(identifier.in_(ids))))

    return names(session, collection).likeness(geography.normalise(query), wanted)


def _distances(session: Session, collection: Collection, near: tuple[float, float]) -> dict[str, float]:
    """Kilometres from a point to the nearest published point of each record that has one."""
    rows = session.execute(_points(collection)).all()
    if not rows:
        return {}
    ids, lats, lons = zip(*rows, strict=True)
    kilometres = geography.haversine_km(*near, np.array(lats), np.array(lons))
    nearest: dict[str, float] = {}
    for identifier, km in zip(ids, kilometres.tolist(), strict=True):
        nearest[identifier] = min(km, nearest.get(identifier, math.inf))
    return nearest


def _points(collection: Collection) -> Select[str, float, float]:
    where = Site.status == "active"
    if collection.name == "sites":
        return select(Site.id, Site.lat, Site.lon)
    if collection.name == "organisations":
        return select(Site.organisation_id, Site.lat, Site.lon).where(where)
    if collection.name == "departments":
        return select(Department.id, Site.lat, Site.lon).join(Site, Site.id == Department.site_id).where(where)
    given = select(ServiceSite.service_id, Site.lat, Site.lon).join(Site, Site.id == ServiceSite.site_id)
    return given.where(where, ServiceSite.status == "active")
