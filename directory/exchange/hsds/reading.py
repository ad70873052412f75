"""What one actor may read, gathered for a page of answers: as many questions to the database, however long it is.

Everything comes by the conditions of the lists (visible, in good standing, not closed) and through the publisher.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from directory.db import columns
from directory.exchange.hsds import offers, organisations
from directory.exchange.hsds.lines import INSTITUTIONAL, OWNERS, Lines
from directory.exchange.hsds.parts import Json, Published, moment
from directory.models.channel import Channel
from directory.models.department import Department
from directory.models.organisation import Organisation
from directory.models.post import Post
from directory.models.service import Service, ServiceSite
from directory.models.site import Site
from directory.permissions import Actor
from directory.queries.published import Publisher
from directory.queries.standing import standing
from directory.queries.visibility import visible
from directory.services import listing
from directory.services.catalogue import COLLECTIONS

BATCH = 500
"""Ids in one question to the database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A page as asked for; `full` with all that belongs to each."""

    filters: Mapping[str, Any] = field(default_factory=dict)
    page: int = 1
    per_page: int = 50
    full: bool = False


Page = tuple[list[Json], int]
"""The objects of a page, and the number of all that match."""


def services(session: Session, actor: Actor, asked: Asked) -> Page:
    """Services by name. Raises Denied."""
    read = _Reader(session, actor)
    found, total = read.page("services", asked)
    if asked.full:
        return whole_services(session, actor, found), total
    around = read.around(found, full=False)
    return [offers.brief(one, around) for one in found], total


def whole_services(session: Session, actor: Actor, found: Sequence[Published]) -> list[Json]:
    """Services that were read, each with all that belongs to it."""
    around = _Reader(session, actor).around(found, full=True)
    return [offers.whole(one, around) for one in found]


def service_ids(session: Session, actor: Actor, asked: Asked) -> Page:
    """Services in the order of their names: their ids, and when they changed. Raises Denied."""
    found, total = _Reader(session, actor).page("services", asked)
    return [{"id": one["id"], "modified_date": moment(one["updated_at"])} for one in found], total


def services_at_locations(session: Session, actor: Actor, asked: Asked) -> Page:
    """Services at locations by id. Raises Denied."""
    read = _Reader(session, actor)
    found, total = read.page("service_sites", asked)
    given = _by_id(read.those("services", Service.id, (one["service_id"] for one in found)))
    around = read.around(list(given.values()), full=asked.full, at=found)
    shown = offers.whole_at if asked.full else offers.brief_at
    return [shown(one, given.get(one["service_id"]), around) for one in found], total


def organizations(session: Session, actor: Actor, asked: Asked, *, with_services: bool = False) -> Page:
    """Organisations by name. Raises Denied."""
    read = _Reader(session, actor)
    found, total = read.page("organisations", asked)
    if asked.full:
        return whole_organizations(session, actor, found, with_services=with_services), total
    called = read.lines(found)
    return [organisations.brief(one, called.get(one["id"], Lines())) for one in found], total


def whole_organizations(
    session: Session, actor: Actor, found: Sequence[Published], *, with_services: bool = False
) -> list[Json]:
    """Organisations that were read, each with all that belongs to it."""
    around = _Reader(session, actor).around_organisations(found, with_services=with_services)
    return [organisations.whole(one, around[one["id"]]) for one in found]


def by_id(record_id: str) -> Asked:
    """A page of one record with all that belongs to it."""
    return Asked(filters={"ids": [record_id]}, per_page=1, full=True)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads for one answer."""

    session: Session
    actor: Actor

    def page(self, name: str, asked: Asked) -> tuple[list[Published], int]:
        """A page of a collection."""
        collection = COLLECTIONS[name]
        found, total = listing.page(
            self.session, self.actor, collection, asked.filters, page=asked.page, page_size=asked.per_page
        )
        return self._published(name, found), total

    def those(
        self, name: str, key: InstrumentedAttribute[Any], ids: Iterable[str | None], *more: Any
    ) -> list[Published]:
        """All listed records with one of these ids in a column, in the order of their own."""
        model = COLLECTIONS[name].model
        wanted = sorted({one for one in ids if one is not None})
        if not wanted:
            return []
        listed = [*visible(self.session, self.actor, name), *standing(name), model.status != "closed", *more]
        chosen = select(*columns(model)).where(*listed)
        rows = [row for some in _batches(wanted) for row in self.session.execute(chosen.where(key.in_(some)))]
        return self._published(name, sorted(rows, key=lambda row: str(row.id)))

    def around(self, found: Sequence[Published], *, full: bool, at: Sequence[Published] | None = None) -> offers.Around:
        """What stands around services; `at` are the places asked for, else all at which they are given."""
        owners = self.those("organisations", Organisation.id, (one["organisation_id"] for one in found))
        units = self.those("departments", Department.id, (one["department_id"] for one in found))
        given = at or []
        if full and at is None:
            given = self.those("service_sites", ServiceSite.service_id, (one["id"] for one in found))
        sites = self.those("sites", Site.id, (one["site_id"] for one in given))
        posts = self._posts(Post.department_id, units) if full else []
        called: list[Published] = [*owners, *units, *posts, *given] if full else owners
        return offers.Around(
            organisations=_by_id(owners),
            units=_by_id(units),
            service_sites=_grouped(given, "service_id"),
            sites=_by_id(sites),
            posts=_grouped(posts, "department_id"),
            lines=self.lines(called),
        )

    def around_organisations(
        self, found: Sequence[Published], *, with_services: bool
    ) -> dict[str, organisations.Around]:
        """What stands around each organisation."""
        ids = [one["id"] for one in found]
        sites = _grouped(self.those("sites", Site.organisation_id, ids), "organisation_id")
        units = self.those("departments", Department.organisation_id, ids)
        posts = self._posts(Post.organisation_id, found)
        called, by_owner = self.lines([*found, *units, *posts]), _grouped(units, "organisation_id")
        its_posts = _grouped(posts, "organisation_id")
        offered = self._offered(ids) if with_services else {}
        return {
            one: organisations.Around(
                sites=sites.get(one, ()),
                units=by_owner.get(one, ()),
                posts=its_posts.get(one, ()),
                lines=called,
                services=offered.get(one, ()) if with_services else None,
            )
            for one in ids
        }

    def _offered(self, organisation_ids: Collection[str]) -> dict[str, list[Json]]:
        found = self.those("services", Service.organisation_id, organisation_ids)
        around = self.around(found, full=True)
        offered: dict[str, list[Json]] = {}
        for each in found:
            offered.setdefault(each["organisation_id"], []).append(offers.whole(each, around, owned=True))
        return offered

    def _posts(self, key: InstrumentedAttribute[Any], owners: Sequence[Published]) -> list[Published]:
        """Posts that have a line of their own."""
        called = select(Channel.owner_id).where(Channel.owner_type == "post", Channel.channel_kind.in_(INSTITUTIONAL))
        return self.those("posts", key, (one["id"] for one in owners), Post.id.in_(called))

    def lines(self, owners: Iterable[Published]) -> dict[str, Lines]:
        """Institutional channels by whose they are, those that are answered by somebody on duty first."""
        told = (Channel.owner_type.in_(OWNERS), Channel.channel_kind.in_(INSTITUTIONAL))
        found = self.those("channels", Channel.owner_id, (one["id"] for one in owners), *told)
        found.sort(key=lambda channel: (channel["channel_kind"], channel["id"]))
        by_owner: dict[str, list[Published]] = {}
        for channel in found:
            by_owner.setdefault(channel["owner"]["id"], []).append(channel)
        return {owner: Lines(those) for owner, those in by_owner.items()}

    def _published(self, name: str, rows: Sequence[Any]) -> list[Published]:
        return list(Publisher(self.session, self.actor).publish(COLLECTIONS[name], rows))


def _by_id(records: Sequence[Published]) -> dict[str, Published]:
    return {one["id"]: one for one in records}


def _grouped(records: Sequence[Published], name: str) -> dict[str, list[Published]]:
    groups: dict[str, list[Published]] = {}
    for each in records:
        groups.setdefault(each[name] or "", []).append(each)
    return groups


def _batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
