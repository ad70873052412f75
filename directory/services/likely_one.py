"""What is published of records that could be another's too: read once a revision, as by one who is cleared for nothing.

A confidential place has no name, address or point of its own here, and a confidential organisation neither number nor
website: no pair is found by what nobody may read.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import changes, db, geography
from directory.alike import Facts, Pair, Sort, pairs
from directory.models.channel import Channel
from directory.models.department import Department
from directory.models.organisation import Organisation
from directory.models.person import Person
from directory.models.post import FocalPoint, Post
from directory.models.service import Service, ServiceSite
from directory.models.site import Site
from directory.per_engine import PerEngine
from directory.permissions import Actor
from directory.queries.published import Published, Publisher
from directory.queries.standing import standing
from directory.queries.visibility import visible
from directory.services.catalogue import COLLECTIONS

READER = Actor("coordinator", "duplicates")
"""Whose sight pairs are made in: all that is listed, of confidential organisations what anybody reads."""
STRANGER = Actor("anonymous", "duplicates")
POINT_DIGITS = 3
"""Decimals of a degree of two points that are one place: some hundred metres."""
KINDS = {"email": "same_email", "telephone": "same_telephone"}


def _rows(session: Session, name: str) -> list[Published]:
    collection = COLLECTIONS[name]
    seen = [*visible(session, READER, name), *standing(name), collection.model.status == "active"]
    found = session.scalars(select(collection.model).where(*seen).order_by(collection.model.id)).all()
    return Publisher(session, STRANGER).publish(collection, found)


def _names(*names: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(geography.normalise(one) for one in names if one))


def _host(website: str) -> str:
    """A website without what varies in writing it."""
    parts = urlsplit(website.casefold())
    return parts.netloc.removeprefix("www.") + parts.path.rstrip("/")


def _lines(session: Session) -> Mapping[str, frozenset[tuple[str, str]]]:
    """What reaches each organisation and person, as kinds and values."""
    owners: dict[tuple[str, str], str] = {}
    for kind, model in (("department", Department), ("post", Post)):
        rows: Any = select(model.id, model.organisation_id)
        owners |= {(kind, one): owner for one, owner in session.execute(rows)}
    given = select(ServiceSite.id, Service.organisation_id).join(Service, Service.id == ServiceSite.service_id)
    owners |= {("service_site", one): owner for one, owner in session.execute(given)}
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    seen = [*visible(session, READER, "channels"), *standing("channels"), Channel.status == "active"]
    for kind, owner, value in session.execute(select(Channel.owner_type, Channel.owner_id, Channel.value).where(*seen)):
        whose = owner if kind in ("organisation", "person") else owners.get((kind, owner))
        if whose is not None:
            found[whose].add((KINDS["email" if "@" in value else "telephone"], value.casefold()))
    return {one: frozenset(values) for one, values in found.items()}


def _districts(session: Session) -> Mapping[str, set[str]]:
    """The published districts of the places of each organisation."""
    found: dict[str, set[str]] = defaultdict(set)
    for owner, district in session.execute(select(Site.organisation_id, Site.district).where(Site.status == "active")):
        found[owner].add(district)
    return found


def _organisations(session: Session) -> Iterable[Facts]:
    lines, districts = _lines(session), _districts(session)
    for one in _rows(session, "organisations"):
        values = set(lines.get(one["id"], ()))
        if one.get("npo_number"):
            values.add(("same_npo_number", "".join(filter(str.isalnum, one["npo_number"].casefold()))))
        if one.get("website"):
            values.add(("same_website", _host(one["website"])))
        own = {one["district"]} if one.get("district") else set()
        names = _names(one["name"], *one["alternate_names"])
        yield Facts(one["id"], names, frozenset(values), frozenset(own | districts.get(one["id"], set())))


def _sites(session: Session) -> Iterable[Facts]:
    for one in _rows(session, "sites"):
        if not one["confidential"]:
            lat, lon = (round(one["point"][axis], POINT_DIGITS) for axis in ("lat", "lon"))
            values = {("same_point", f"{lat},{lon}")}
            if one["address"]:
                values.add(("same_address", geography.normalise(one["address"])))
            places = frozenset({one["district"]})
            yield Facts(one["id"], _names(one["name"]), frozenset(values), places, one["organisation_id"])


def _services(session: Session) -> Iterable[Facts]:
    for one in _rows(session, "services"):
        codes = frozenset({("same_codes", ",".join(sorted(one["codes"])))})
        places = frozenset({one["department_id"]} if one["department_id"] else ())
        yield Facts(one["id"], _names(one["name"]), codes, places, one["organisation_id"])


def _persons(session: Session) -> Iterable[Facts]:
    lines = _lines(session)
    homes: dict[str, set[str]] = defaultdict(set)
    seats = select(FocalPoint.person_id, Post.organisation_id).join(Post, Post.id == FocalPoint.post_id)
    for person, home in session.execute(seats.where(FocalPoint.status == "active")):
        homes[person].add(home)
    for one in _rows(session, "persons"):
        yield Facts(one["id"], _names(one["full_name"]), lines.get(one["id"], frozenset()), frozenset(homes[one["id"]]))


def _channels(session: Session) -> Iterable[Facts]:
    for one in _rows(session, "channels"):
        value = frozenset({("same_value", one["value"].casefold())})
        yield Facts(one["id"], (), value, frozenset({one["owner"]["id"]}))


READ: Mapping[str, tuple[Callable[[Session], Iterable[Facts]], Sort]] = {
    "organisations": (_organisations, Sort("same_district")),
    "sites": (_sites, Sort("same_district")),
    "services": (_services, Sort("same_unit")),
    "persons": (_persons, Sort("same_organisation", named=True)),
    "channels": (_channels, Sort("same_owner", elsewhere=1.0)),
}
"""How the facts of each collection are read and compared: colleagues share a telephone, and a number that is listed
twice is so whoever has it."""
NAMES: Mapping[str, Any] = {
    "organisations": Organisation.name,
    "sites": Site.name,
    "services": Service.name,
    "persons": Person.full_name,
    "channels": Channel.channel_kind,
}
"""What a record is called in a pair; numbers are not told."""


@dataclass(slots=True)
class _Kept:
    lock: Lock = field(default_factory=Lock)
    revision: int = -1
    pairs: dict[str, list[Pair]] = field(default_factory=dict)


_KEPT = PerEngine(_Kept)


def likely(session: Session, name: str) -> list[Pair]:
    """The likely pairs of a collection, the likeliest first; kept until the registry changes."""
    kept, revision = _KEPT.of(db.home(session)), changes.revision(session)
    with kept.lock:
        if kept.revision != revision:
            kept.revision, kept.pairs = revision, {}
        if name not in kept.pairs:
            read, sort = READ[name]
            kept.pairs[name] = pairs(list(read(session)), sort)
        return kept.pairs[name]
