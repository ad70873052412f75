"""Which organisations are confidential, and what of them is published.

An organisation that has, or gives a service at, a confidential site shows one geography only: its published areas.
It stays so when such a site closes: the old address may still be somebody's. So does one whose places went to another
record, and whoever became one with it.
"""

from collections.abc import Set
from datetime import UTC, datetime, timedelta
from typing import cast

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from directory.models.organisation import Organisation
from directory.models.service import Service, ServiceSite
from directory.models.site import Site

STALE_AFTER_DAYS = 180


def masked_organisations(session: Session) -> Set[str]:
    """Ids of the confidential organisations, read once a transaction, with those that it has made so since."""
    if "masked" not in session.info:
        own = select(Site.organisation_id).where(Site.confidential)
        guests = (
            select(Service.organisation_id)
            .join(ServiceSite, ServiceSite.service_id == Service.id)
            .join(Site, Site.id == ServiceSite.site_id)
            .where(Site.confidential)
        )
        kept = select(Organisation.id).where(Organisation.kept_confidential)
        session.info["masked"] = set(session.scalars(union(own, guests, kept)))
    return cast(Set[str], session.info["masked"])


def note_reading(session: Session, collection: str, record_id: str | None, what: str) -> None:
    """Remember that this transaction reads something confidential: by whom is audited before it leaves."""
    session.info.setdefault("read", set()).add((collection, record_id, what))


def note_masked(session: Session, organisation_id: str) -> None:
    """Remember that an organisation is confidential from now on."""
    cast("set[str]", masked_organisations(session)).add(organisation_id)


def month_of(moment: datetime | None) -> datetime | None:
    """A masked organisation's `verified_at` as published: the first of its month, 00:00 UTC."""
    if moment is None:
        return None
    return moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def stale_before(now: datetime) -> tuple[datetime, datetime]:
    """Instants at or before which a `verified_at` is stale: an open record's own, and (exclusive) a masked one's.

    Stale is more than 180 whole elapsed days. A masked one is judged by the month it publishes.
    """
    last = now - timedelta(days=STALE_AFTER_DAYS + 1)
    month = cast(datetime, month_of(last))
    return last, (month + timedelta(days=32)).replace(day=1)
