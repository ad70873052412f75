"""Browse and search the registry; a record with everything that hangs on it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from directory import permissions
from directory.collection import Collection
from directory.permissions import READERS, WRITERS, Actor
from directory.services import authority, listing, records, suspensions
from directory.services.catalogue import COLLECTIONS
from web import browser, grades, html, transaction
from web.auth import actor
from web.forms import controls, reading
from web.forms.controls import Control, Shown
from web.pages.registry import naming, wording
from web.pages.registry.naming import Names
from web.pages.registry.ways import ways
from web.schemas.filters import NAMED

REGISTRY = "/registry"
TOLD = {
    "made": "Kept. It is in the lists and matches now.",
    "changed": "Your change is kept.",
    "closed": "It is closed.",
    "verified": "Noted, with the day.",
    "suspended": "It is out of every list and match.",
    "lifted": "It is back in the lists.",
}
GRADES = {
    "dead": "nobody can be reached",
    "single_contact": "hangs on one person",
    "single_channel": "hangs on one line",
    "person_only": "people alone, no office line",
    "backed": "backed",
}
KEEPING = ("created_at", "updated_at", "source", "external_ids")
"""Fields about the keeping of a record, folded on its page."""
TOLD_BESIDE = ("id", "version", "status", "name", "full_name", "suspended")
"""Fields that the page says in its heading, or not at all."""
SHOWN_AT_ONCE = 25
LARGEST_SECTION = 100
ASKED = ("province", "service", "org_type", "sector")
PARTS: Mapping[str, tuple[str, ...]] = {
    "organisations": (
        "links",
        "departments",
        "services",
        "service_sites",
        "sites",
        "posts",
        "focal_points",
        "channels",
    ),
    "departments": ("links", "services", "service_sites", "posts", "focal_points", "channels"),
    "persons": ("focal_points", "channels", "links"),
}
"""What is shown on the page of a record: the records of these collections that belong to it."""


def index() -> Response:
    """Organisations by kind and place; and the way to everything else."""
    return _listed(COLLECTIONS["organisations"], request.args)


def browse(collection: Collection) -> Response:
    """One collection, narrowed down by what may stand in an address."""
    return _listed(collection, request.args)


def search(collection: Collection) -> Response:
    """The records of a name: sent, so that the name stands in no address. Without a name, on to what can be kept."""
    permissions.reach(actor(), "registry.read", collection.name)
    if not request.form.get("q", "").strip():
        kept = {name: value for name, value in request.form.items() if value and name in (*ASKED, "stale")}
        where = f"{REGISTRY}/{collection.path}?{urlencode(kept)}".rstrip("?")
        return browser.go_to(where)
    return _listed(collection, request.form, request.form.get("q", ""))


def names(collection: Collection) -> Response:
    """Names like what is being typed, for a control to offer."""
    permissions.reach(actor(), "registry.read", collection.name)
    typed = (value for name, value in request.form.items() if value and name != "csrf_token")
    text = next(typed, "")[: naming.MANY]
    found = naming.offered(transaction.session(), actor(), collection.name, text)
    return html.render("registry/names.html", names=[naming.marked(collection.name, one) for one in found])


def one(collection: Collection, record_id: UUID) -> Response:
    """A record, and what belongs to it."""
    session, who = transaction.session(), actor()
    record = records.get(session, who, collection, str(record_id))
    return record_page(session, who, collection, record)


def record_page(session: Session, who: Actor, collection: Collection, record: Any) -> Response:
    """The page of a record."""
    shown = published(session, who, collection, [record])[0]
    parts = [_part(session, who, name, collection, shown) for name in PARTS.get(collection.name, ())]
    writes = authority.may_write(session, who, collection, record)
    return html.render(
        "registry/record.html",
        collection=collection,
        called=naming.CALLED,
        record=shown,
        title=naming.called(collection.name, shown),
        facts=_facts(session, who, collection, shown, set(shown) - {*KEEPING, *TOLD_BESIDE}),
        keeping=_facts(session, who, collection, shown, set(KEEPING)),
        parts=[part for part in parts if part is not None],
        may_write=writes,
        ways=list(ways(who, collection, shown, writes=writes)),
        may_invite=collection.name == "persons" and permissions.may(who, "persons.invite"),
        may_suspend="suspended" in shown and permissions.may(who, "suspensions.write"),
        said=request.args.get("said", ""),
        told=TOLD,
        grades=GRADES,
        suspended=suspensions.CODES,
        lifted=suspensions.LIFTED,
    )


def published(session: Session, who: Actor, collection: Collection, found: list[Any]) -> list[dict[str, Any]]:
    """Records as this actor reads them, with the grades of links."""
    shown = [dict(one) for one in records.publish(session, who, collection, found)]
    if collection.name == "links":
        grades.add(who, shown)
    return shown


def _listed(collection: Collection, given: "MultiDict[str, str]", q: str = "") -> Response:
    session, who = transaction.session(), actor()
    asked = _asked(collection, given, q)
    number = max(1, min(given.get("page", 1, type=int), 10_000))
    filters = {name: value for name, value in asked.items() if value}
    found, total = listing.page(session, who, collection, filters, page=number, page_size=SHOWN_AT_ONCE)
    rows = _rows(session, who, collection, published(session, who, collection, found))
    return html.render(
        "registry/list.html",
        collection=collection,
        collections=[one for one in COLLECTIONS.values() if who.role in READERS[one.name]],
        called=naming.CALLED,
        filters=_filters(collection, asked),
        searched=collection.named_by is not None,
        asked=asked,
        kept={name: value for name, value in given.items() if value and name in (*ASKED, "grade", "stale")},
        rows=rows,
        total=total,
        number=number,
        last=max(1, -(-total // SHOWN_AT_ONCE)),
        may_add=who.role in WRITERS[collection.name] and permissions.may(who, "registry.write"),
    )


def _asked(collection: Collection, given: "MultiDict[str, str]", q: str) -> dict[str, Any]:
    """The filters that were given."""
    known = {name: given[name] for name in (*ASKED, "grade") if name in collection.filters & given.keys()}
    asked = reading.sensible(NAMED, known)
    if collection.named_by is not None:
        asked["q"] = q.strip()[: naming.MANY]
    asked["stale"] = given.get("stale") == "true"
    if asked.get("grade"):
        asked["ids"] = grades.ids_of(actor(), asked.pop("grade"))
    return asked


def _filters(collection: Collection, asked: Mapping[str, Any]) -> tuple[Control, ...]:
    fields = {name: NAMED[name] for name in ASKED if name in collection.filters}
    return controls.controls(fields, Shown(values=asked, errors={}, names={}, options={}))


def _rows(session: Session, who: Actor, collection: Collection, shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What a list says of each record: its name, a line about it, whether somebody should ask again."""
    wanted: dict[str, set[str]] = {}
    for record in shown:
        for name, ids in naming.referred(collection.readable, record).items():
            wanted.setdefault(name, set()).update(ids)
    names = Names(session, who).of(wanted)
    return [_row(collection, record, names) for record in shown]


def _row(collection: Collection, record: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    brief = {name: field for name, field in collection.readable.items() if name in BRIEF[collection.name]}
    title = naming.called(collection.name, record)
    if collection.name == "links":
        ends = wording.said({"a": collection.fields["a"], "b": collection.fields["b"]}, record, names)
        title = ", ".join(end.text for end in ends)
    if collection.name == "service_sites":
        title = wording.said({"service_id": collection.fields["service_id"]}, record, names)[0].text
    said = "; ".join(one.text for one in wording.said(brief, record, names) if one.text != title)
    return {**record, "title": title, "about": said}


BRIEF: Mapping[str, tuple[str, ...]] = {
    "organisations": ("org_type", "sector", "province"),
    "sites": ("area", "address"),
    "departments": ("organisation_id", "level", "serves"),
    "services": ("codes",),
    "service_sites": ("site_id", "capacity"),
    "persons": ("languages",),
    "posts": ("state", "contact_role", "functions"),
    "focal_points": ("organisation", "starts", "ends"),
    "channels": ("channel_kind", "visibility", "hours"),
    "links": ("grade", "link_types", "band"),
    "trainings": ("provider", "held_on"),
}
"""The fields that a line in a list tells."""


def _facts(
    session: Session, who: Actor, collection: Collection, shown: Mapping[str, Any], names: set[str]
) -> list[wording.Said]:
    fields = {name: field for name, field in collection.readable.items() if name in names}
    return wording.said(fields, shown, Names(session, who).of(naming.referred(fields, shown)))


def _part(session: Session, who: Actor, name: str, of: Collection, record: Mapping[str, Any]) -> dict[str, Any] | None:
    if who.role not in READERS[name]:
        return None
    collection = COLLECTIONS[name]
    key = {"organisations": "organisation_id", "departments": "department_id", "persons": "person_id"}[of.name]
    found, total = listing.page(session, who, collection, {key: record["id"]}, page_size=LARGEST_SECTION)
    rows = _rows(session, who, collection, published(session, who, collection, found))
    return {"collection": collection, "rows": rows, "total": total, "key": key, "adds": who.role in WRITERS[name]}
