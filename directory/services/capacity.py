"""How much room there is: written every day by the shelter, published at once or, of confidential places, at ticks.

At 06, 12, 18 and 22 h (Africa/Johannesburg) the bands of all confidential places are published together, so that the
moment at which one of them changes tells nothing. The true figure takes no revision.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from directory import changes
from directory.changes import LOCAL
from directory.collection import Collection
from directory.errors import Conflict, Invalid
from directory.fields import Code, Field, Instant, Integer, Shape, as_instant, checked
from directory.models.service import Capacity, Service, ServiceSite
from directory.models.site import Site
from directory.models.upkeep import RegistryState
from directory.permissions import Actor
from directory.services import audit
from directory.services.authority import may_write, require_write

Shown = dict[str, Any]
TICK_HOURS = (6, 12, 18, 22)
BANDS = ((0, "none"), (2, "1-2"))
TOP_BAND = "3+"

FIELDS: dict[str, Field] = {
    "unit": Code(among=("bed", "room"), required=True),
    "total": Integer(most=10_000),
    "available": Integer(most=10_000),
    "as_of": Instant(doc="When the figure was true; now if left out."),
}

SHOWN = Shape(
    fields={
        "unit": Code(among=("bed", "room"), required=True),
        "total": Integer(most=10_000, doc="Open places only."),
        "available": Integer(most=10_000, doc="Open places only."),
        "band": Code(among=("none", "1-2", TOP_BAND), doc="Confidential places only."),
        "as_of": Instant(required=True),
    },
    doc="Of a confidential place the band last published at 06, 12, 18 or 22 h, never a figure.",
)


def put(
    session: Session, actor: Actor, collection: Collection, record: ServiceSite, given: Mapping[str, Any]
) -> Capacity:
    """Say how much room there is now. Touches neither version nor verified_at. Raises Denied, Invalid, Conflict."""
    require_write(session, actor, collection, record, "capacity.write")
    if record.status == "closed":
        raise Conflict("a closed record has no capacity")
    values = checked(FIELDS, dict(given))
    said = as_instant(values.get("as_of"))
    if said is not None and said > changes.now(session):
        raise Invalid({"as_of": ["Must not lie in the future."]})
    kept = store(session, record.id, values)
    audit.note(session, actor, "capacity.said", audit.About("service_sites", record.id))
    site = None if record.site_id is None else session.get_one(Site, record.site_id)
    if site is None or not site.confidential:
        changes.note(session, "service_sites", record.id, "put")
    return kept


def check(values: Mapping[str, Any]) -> None:
    """Raise Invalid when more is free than there is."""
    total, available = values.get("total"), values.get("available")
    if total is not None and available is not None and available > total:
        raise Invalid({"available": ["Must not be more than total."]})


def begin(session: Session, service_site_id: str, values: Mapping[str, Any]) -> Capacity:
    """Keep the first figure of a place: checked, and written as the session is flushed."""
    kept = Capacity(service_site_id=service_site_id)
    session.add(kept)
    return _say(session, kept, values)


def _say(session: Session, kept: Capacity, values: Mapping[str, Any]) -> Capacity:
    kept.unit, kept.total, kept.available = values["unit"], values.get("total"), values.get("available")
    kept.as_of = as_instant(values.get("as_of")) or changes.now(session)
    return kept


def store(session: Session, service_site_id: str, values: Mapping[str, Any]) -> Capacity:
    """Keep a figure whose fields are checked. Raises Invalid when more is free than there is."""
    check(values)
    kept = session.get(Capacity, service_site_id)
    stored = begin(session, service_site_id, values) if kept is None else _say(session, kept, values)
    session.flush()
    return stored


def said(session: Session, actor: Actor, collection: Collection, records: Sequence[ServiceSite]) -> dict[str, Shown]:
    """What was last said of each of these places that the actor says it of. The true figure of a confidential one is
    its managers' alone: a coordinator, who may say it too, would read there when somebody arrived."""
    own = [record.id for record in records if may_write(session, actor, collection, record, "capacity.write")]
    kept = session.scalars(
        select(Capacity)
        .join(ServiceSite, ServiceSite.id == Capacity.service_site_id)
        .join(Service, Service.id == ServiceSite.service_id)
        .outerjoin(Site, Site.id == ServiceSite.site_id)
        .where(
            Capacity.service_site_id.in_(own),
            or_(Site.id.is_(None), ~Site.confidential, Service.organisation_id == actor.organisation_id),
        )
    )
    return {
        one.service_site_id: {name: getattr(one, name) for name in ("unit", "total", "available", "as_of")}
        for one in kept
    }


def latest_tick(moment: datetime) -> datetime:
    """The last publishing time not after the moment, in UTC."""
    local = moment.astimezone(LOCAL)
    passed = [hour for hour in TICK_HOURS if time(hour) <= local.time()]
    day = local.date() if passed else local.date() - timedelta(days=1)
    hour = passed[-1] if passed else TICK_HOURS[-1]
    return datetime.combine(day, time(hour), LOCAL).astimezone(UTC)


def is_due(session: Session) -> bool:
    """Whether a publishing time has passed that nobody has kept yet."""
    last = session.scalar(select(RegistryState.last_tick))
    return last is None or last < latest_tick(changes.now(session))


def publish_due(session: Session) -> None:
    """Publish the bands of all confidential places if a publishing time has passed; before any other write."""
    state = session.get(RegistryState, changes.STATE_ID, with_for_update=True)
    if state is None:
        state = RegistryState(id=changes.STATE_ID, revision=0)
        session.add(state)
        session.flush()
    tick = latest_tick(changes.now(session))
    if state.last_tick is None or state.last_tick < tick:
        session.execute(update(RegistryState).values(last_tick=tick))
        session.expire(state)
        publish(session)


def publish(session: Session) -> None:
    """Publish the bands of all confidential places, as of the last publishing time not after the shelter's own."""
    chosen = (
        select(Capacity)
        .join(ServiceSite, ServiceSite.id == Capacity.service_site_id)
        .join(Site, Site.id == ServiceSite.site_id)
        .where(Site.confidential)
    )
    for kept in session.scalars(chosen):
        shown = (kept.unit, band(kept.available), latest_tick(kept.as_of))
        if (kept.published_unit, kept.published_band, kept.published_as_of) != shown:
            kept.published_unit, kept.published_band, kept.published_as_of = shown
            changes.note(session, "service_sites", kept.service_site_id, "put")
    session.flush()


def band(available: int | None) -> str | None:
    """The published band of a number of free units; null when it was not said."""
    if available is None:
        return None
    return next((name for most, name in BANDS if available <= most), TOP_BAND)
