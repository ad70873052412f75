"""What records are called, and which record somebody means who types a name."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from directory import geography, vocabulary
from directory.collection import Collection
from directory.errors import Invalid
from directory.fields import Code, Field, Id, Listing, Shape, Wrong, clean_id
from directory.permissions import READERS, Actor
from directory.services import listing, records
from directory.services.catalogue import COLLECTIONS

OFFERED = 8
MANY = 200
MARK = re.compile(r" \(([0-9a-f]{8})\)$")
"""What tells two records of one name apart: the first eight characters of the id."""

CALLED: Mapping[str, tuple[str, str]] = {
    "organisations": ("an organisation", "Organisations"),
    "sites": ("a place", "Places"),
    "departments": ("a department unit", "Department units"),
    "services": ("a service", "Services"),
    "service_sites": ("where a service is offered", "Where services are offered"),
    "persons": ("a person", "People"),
    "posts": ("a post", "Posts"),
    "focal_points": ("who holds a post", "Who holds which post"),
    "channels": ("a number or mailbox", "Numbers and mailboxes"),
    "links": ("a link", "Links between partners"),
    "trainings": ("a training", "Trainings"),
}
"""What people call one record of a collection, and all of them."""

Published = Mapping[str, Any]


def called(name: str, record: Published) -> str:
    """What people call a record, as its reader sees it."""
    if name == "focal_points":
        post, person = record.get("post") or {}, record.get("person") or {}
        return ", ".join(part for part in (person.get("name"), post.get("title")) if part) or "focal point"
    if name == "channels":
        return f"{term('channel_kind', record.get('channel_kind'))} {record.get('value', '')}".strip()
    if name == "sites":
        return record.get("name") or (record.get("area") or {}).get("label") or "site"
    for field in ("name", "full_name", "title", "course"):
        if record.get(field):
            return str(record[field])
    return term("contact_role", record.get("contact_role")) or COLLECTIONS[name].path.replace("-", " ").rstrip("s")


def term(of: str, code: Any) -> str:
    """A code in the vocabulary's words."""
    found = vocabulary.terms(of).get(code) if isinstance(code, str) else None
    return found["label"] if found else str(code or "").replace("_", " ")


def marked(name: str, record: Published) -> str:
    """A name that can be typed back: it says which of those of this name is meant."""
    return f"{called(name, record)} ({record['id'][:8]})"


def offered(session: Session, who: Actor, name: str, text: str) -> Sequence[Published]:
    """The records whose names are most like what was typed."""
    collection = COLLECTIONS[name]
    if collection.named_by is None or who.role not in READERS[name] or not text.strip():
        return []
    asked = MARK.sub("", text)[:MANY]
    found, _total = listing.page(session, who, collection, {"q": asked}, page_size=OFFERED)
    return records.publish(session, who, collection, found)


class Names:
    """What the records that some fields refer to are called, to one reader."""

    def __init__(self, session: Session, who: Actor) -> None:
        self.session, self.who = session, who
        self.unclear: dict[str, list[str]] = {}

    def require_clear(self) -> None:
        """Raises Invalid where a typed name may mean several records, or none."""
        if self.unclear:
            raise Invalid(self.unclear)

    def of(self, wanted: Mapping[str, set[str]]) -> dict[str, str]:
        """Names by id, of those that may be read; by collection, at most a page of each."""
        found: dict[str, str] = {}
        for name, ids in wanted.items():
            if ids and self.who.role in READERS[name]:
                found |= {one["id"]: marked(name, one) for one in self._read(COLLECTIONS[name], ids)}
        return found

    def resolve(self, path: str, name: str, text: str) -> str:
        """The id that a typed name stands for. What is not clear is kept in `unclear`, and handed back as typed."""
        try:
            return clean_id(text)
        except Wrong:
            pass
        if name not in COLLECTIONS:
            self.unclear[path] = ["Say what kind it is."]
            return text
        like = offered(self.session, self.who, name, text)
        mark = MARK.search(text)
        alike = [one for one in like if mark and one["id"].startswith(mark[1])] or [
            one for one in like if geography.normalise(called(name, one)) == geography.normalise(text)
        ]
        if len(alike) == 1:
            return str(alike[0]["id"])
        said = "; ".join(marked(name, one) for one in like)
        self.unclear[path] = [f"Which one? {said}" if said else "Nothing of this name is known."]
        return text

    def _read(self, collection: Collection, ids: set[str]) -> Sequence[Published]:
        asked = {"ids": sorted(ids)[:MANY], "status": "any"}
        found, _total = listing.page(self.session, self.who, collection, asked, page_size=MANY)
        return records.publish(self.session, self.who, collection, found)


def referred(fields: Mapping[str, Field], values: Mapping[str, Any]) -> dict[str, set[str]]:
    """The ids in a record, by the collection they are of."""
    wanted: dict[str, set[str]] = {}
    for name, identifier in _ids(fields, values):
        if name in COLLECTIONS:
            wanted.setdefault(name, set()).add(identifier)
    return wanted


def _ids(fields: Mapping[str, Field], values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, field in fields.items():
        yield from _inside(field, values.get(name))


def _inside(field: Field, value: Any) -> Iterable[tuple[str, str]]:
    if isinstance(field, Id) and isinstance(value, str):
        return [(field.to, value)]
    if isinstance(field, Listing) and isinstance(value, list):
        return [found for item in value for found in _inside(field.of, item)]
    if isinstance(field, Shape) and isinstance(value, Mapping):
        if isinstance(field.fields.get("type"), Code) and isinstance(value.get("id"), str):
            return [(f"{value.get('type')}s", value["id"])]
        return list(_ids(field.fields, value))
    return []
