"""Records as anyone may read them: published columns alone, confidential organisations masked.

Absent means that the reader may not see it; null means not known or does not apply.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from operator import attrgetter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from directory import geography
from directory.collection import Collection
from directory.free_words import tell_where
from directory.models.channel import Channel
from directory.models.department import Department
from directory.models.link import Link
from directory.models.organisation import Organisation
from directory.models.person import Person
from directory.models.post import FocalPoint, Post
from directory.models.service import Capacity, Service, ServiceSite
from directory.models.site import Site
from directory.permissions import CLEARED, MASKED, Actor, Form, is_cleared
from directory.queries.belonging import of_organisations
from directory.queries.masking import masked_organisations, month_of, note_reading

LOADED = "load"
RESTRICTED = "restricted"
BATCH, MANY = 500, 5000
"""Ids in one question to the database; with more than so many, all are asked for."""
CAPACITY = (
    *("unit", "total", "available", "as_of"),
    *("published_unit", "published_band", "published_as_of"),
)

COLLECTED: Mapping[str, type[Any]] = {"persons": Person, "channels": Channel, "links": Link}
"""Collections whose organisation is found by way of others."""

Published = dict[str, Any]


class Publisher:
    """Turns records into what one actor may read of them, a page at a time. Records are objects of the model or rows of
    its columns (`db.columns`). `leaving`: fields that are not asked for."""

    def __init__(self, session: Session, actor: Actor, leaving: Set[str] = frozenset()) -> None:
        self.session = session
        self.actor = actor
        self.leaving = leaving

    @cached_property
    def masked(self) -> Set[str]:
        """Confidential organisations."""
        return masked_organisations(self.session)

    def hides(self, organisation_id: str | None) -> bool:
        """Whether this actor reads the organisation masked."""
        if organisation_id not in self.masked:
            return False
        if self.actor.role in CLEARED and self.actor.organisation_id != organisation_id:
            note_reading(self.session, "organisations", organisation_id, "unmasked")
        return not is_cleared(self.actor, organisation_id)

    def publish(self, collection: Collection, records: Sequence[Any]) -> list[Published]:
        """The published form of records of one collection, in their order."""
        special = getattr(self, f"_{collection.name}", None)
        names = [n for n in collection.readable if n not in self.leaving and hasattr(collection.model, n)]
        read = attrgetter(*names)
        plain: list[Published] = [dict(zip(names, read(record), strict=True)) for record in records]
        if special is not None:
            special(records, plain)
        return plain

    def _mask(self, collection: str, published: Published, organisation_id: str | None) -> None:
        if self.hides(organisation_id):
            self._cut(collection, published)

    def _rows(self, key: InstrumentedAttribute[Any], ids: Iterable[str | None], *named: str) -> dict[str, Any]:
        """Rows of some columns, by an id; of many, those of all that there are."""
        chosen = select(key.label("key"), *(getattr(key.class_, name) for name in named))
        wanted = sorted({one for one in ids if one is not None})
        parts = [chosen] if len(wanted) > MANY else [chosen.where(key.in_(some)) for some in _batches(wanted)]
        return {row.key: row for part in parts for row in self.session.execute(part)}

    def _mask_all(self, name: str, records: Sequence[Any], out: list[Published]) -> None:
        """Mask the records of one collection that belong to organisations this actor reads masked."""
        hidden = {one for one in self.masked if not is_cleared(self.actor, one)}
        model = COLLECTED[name]
        chosen = select(model.id).where(of_organisations(name, hidden))
        ids = [record.id for record in records]
        parts = [chosen] if len(ids) > MANY else [chosen.where(model.id.in_(some)) for some in _batches(ids)]
        found = {one for part in parts if hidden for one in self.session.scalars(part)}
        for published in out:
            if published["id"] in found:
                self._cut(name, published)

    def _cut(self, name: str, published: Published) -> None:
        for field, form in MASKED[name].items():
            if field not in self.leaving:
                FORMS[form](published, field)

    def _organisations(self, records: Sequence[Organisation], out: list[Published]) -> None:
        for record, published in zip(records, out, strict=True):
            self._mask("organisations", published, record.id)

    def _persons(self, records: Sequence[Person], out: list[Published]) -> None:
        self._mask_all("persons", records, out)

    def _posts(self, records: Sequence[Post], out: list[Published]) -> None:
        for record, published in zip(records, out, strict=True):
            self._mask("posts", published, record.organisation_id)

    def _sites(self, records: Sequence[Site], out: list[Published]) -> None:
        for record, published in zip(records, out, strict=True):
            self._mask("sites", published, record.organisation_id)
            if record.confidential:
                published.pop("address")
            published["area"] = _area(record)
            published["point"] = {"lat": record.lat, "lon": record.lon}

    def _departments(self, records: Sequence[Department], out: list[Published]) -> None:
        for record, published in zip(records, out, strict=True):
            self._mask("departments", published, record.organisation_id)

    def _services(self, records: Sequence[Service], out: list[Published]) -> None:
        for record, published in zip(records, out, strict=True):
            self._mask("services", published, record.organisation_id)

    def _service_sites(self, records: Sequence[ServiceSite], out: list[Published]) -> None:
        services = self._rows(Service.id, (record.service_id for record in records), "organisation_id")
        sites = self._rows(Site.id, (record.site_id for record in records), "confidential")
        capacities = self._rows(Capacity.service_site_id, (record.id for record in records), *CAPACITY)
        for record, published in zip(records, out, strict=True):
            self._mask("service_sites", published, services[record.service_id].organisation_id)
            site = sites.get(record.site_id or "")
            capacity = capacities.get(record.id)
            published["capacity"] = publish_capacity(capacity, confidential=bool(site and site.confidential))

    def _channels(self, records: Sequence[Any], out: list[Published]) -> None:
        for record, published in zip(records, out, strict=True):
            published["owner"] = {"type": record.owner_type, "id": record.owner_id}
            if record.visibility == RESTRICTED and RESTRICTED in self.actor.visibility:
                note_reading(self.session, "channels", record.id, RESTRICTED)
        self._mask_all("channels", records, out)

    def _links(self, records: Sequence[Any], out: list[Published]) -> None:
        for record, published in zip(records, out, strict=True):
            published["a"] = {"type": record.a_type, "id": record.a_id}
            published["b"] = {"type": record.b_type, "id": record.b_id}
        self._mask_all("links", records, out)

    def _focal_points(self, records: Sequence[FocalPoint], out: list[Published]) -> None:
        persons = self._rows(Person.id, (record.person_id for record in records), "full_name")
        posts = self._rows(Post.id, (r.post_id for r in records), "title", "organisation_id", "department_id")
        units = self._rows(Department.id, (post.department_id for post in posts.values()), "name")
        organisations = self._rows(Organisation.id, (post.organisation_id for post in posts.values()), "name")
        for record, published in zip(records, out, strict=True):
            post = posts[record.post_id]
            unit = units.get(post.department_id or "")
            self._mask("focal_points", published, post.organisation_id)
            published["person"] = {"id": record.person_id, "name": persons[record.person_id].full_name}
            published["post"] = {"id": post.key, "title": post.title}
            organisation = organisations[post.organisation_id]
            published["organisation"] = {"id": organisation.key, "name": organisation.name}
            published["department"] = None if unit is None else {"id": unit.key, "name": unit.name}


def _batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


def _without_district(published: Published, field: str) -> None:
    if (published[field] or {}).get("scope") == "district":
        published.pop(field)


def _without_number(published: Published, field: str) -> None:
    if published[field] is not None:
        published[field] = {name: value for name, value in published[field].items() if name != "number"}


def _without_place(published: Published, field: str) -> None:
    value = published[field]
    if isinstance(value, list):
        published[field] = [one for one in value if not _tells(one)]
    elif _tells(value):
        published.pop(field)


def _tells(value: Any) -> bool:
    """Whether text, or an object with text in it, tells a place."""
    words = value.values() if isinstance(value, dict) else (value,)
    return any(isinstance(one, str) and tell_where(one) for one in words)


def _loaded_only(published: Published, field: str) -> None:
    published[field] = [one for one in published[field] if one["scheme"] == LOADED]


def _by_month(published: Published, field: str) -> None:
    published[field] = month_of(published[field])


FORMS: Mapping[Form, Callable[[Published, str], object]] = {
    "absent": dict.pop,
    "no district": _without_district,
    "no number": _without_number,
    "no place": _without_place,
    "load only": _loaded_only,
    "month": _by_month,
}
"""How a field of a confidential organisation is cut to what is left of it."""


def _area(site: Site) -> Published:
    """A confidential site's area by its own name; an open one's by the site's district, which may be another."""
    area = geography.areas()[site.area_id]
    if site.confidential:
        return {"id": area.id, "label": area.label, "province": area.province, "district": area.district}
    label = f"{geography.districts()[site.district].name}, {geography.provinces()[site.province]}"
    return {"id": area.id, "label": label, "province": site.province, "district": site.district}


def publish_capacity(capacity: Any, *, confidential: bool) -> Published | None:
    """A capacity as anyone reads it: figures of an open place, the last published band of a confidential one."""
    if capacity is None:
        return None
    if not confidential:
        return {
            "unit": capacity.unit,
            "total": capacity.total,
            "available": capacity.available,
            "as_of": capacity.as_of,
        }
    if capacity.published_as_of is None:
        return None
    return {
        "unit": capacity.published_unit,
        "band": capacity.published_band,
        "as_of": capacity.published_as_of,
    }
