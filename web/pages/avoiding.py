"""What is to be avoided, found by name: an organisation, an office, or the office that a person works in.

A person is never avoided by name: the match has no field for one. What stays in the form is the office.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from directory import geography
from directory.errors import DomainError
from directory.permissions import Actor
from directory.services import listing, records
from directory.services.catalogue import COLLECTIONS

FOUND_MOST = 6
SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Avoidable:
    """Something to avoid: what the form sends for it, and how it reads. `through` is the person it was found by."""

    code: str
    label: str
    through: str = ""


def found(session: Session, actor: Actor, name: str) -> list[Avoidable]:
    """Organisations and offices of this name, and those of people of this name, as far as the actor may know them."""
    if len(name) < SHORTEST:
        return []
    offices = [
        Avoidable(f"{kind}:{row.id}", row.name)
        for kind in ("organisation", "department")
        for row in _like(session, actor, f"{kind}s", name)
    ]
    return list({one.code: one for one in (*offices, *_of_people(session, actor, name))}.values())


def named(session: Session, actor: Actor, codes: Sequence[str]) -> list[Avoidable]:
    """What the form has already, as it reads; what is not there (any more) is left out."""
    return [one for code in codes if (one := _named(session, actor, code)) is not None]


def _like(session: Session, actor: Actor, collection: str, name: str) -> list[Any]:
    return listing.page(session, actor, COLLECTIONS[collection], {"q": name}, page_size=FOUND_MOST)[0]


def _of_people(session: Session, actor: Actor, name: str) -> Iterator[Avoidable]:
    for person in _like(session, actor, "persons", name) if _reads_people(actor) else ():
        seats, _ = listing.page(session, actor, COLLECTIONS["focal_points"], {"person_id": person.id})
        for seat in seats:
            post = records.get(session, actor, COLLECTIONS["posts"], seat.post_id)
            code = f"department:{post.department_id}" if post.department_id else f"organisation:{post.organisation_id}"
            office = _named(session, actor, code)
            if office is not None:
                yield Avoidable(office.code, office.label, person.full_name)


def _reads_people(actor: Actor) -> bool:
    return actor.role != "app"


def _named(session: Session, actor: Actor, code: str) -> Avoidable | None:
    kind, *rest = code.split(":")
    if kind == "district":
        district = geography.districts().get(rest[0])
        return None if district is None else Avoidable(code, district.name)
    if kind == "place":
        place = geography.places_by_id().get(rest[0])
        return None if place is None else Avoidable(code, f"{place.name} · {rest[1]} km")
    try:
        record = records.get(session, actor, COLLECTIONS[f"{kind}s"], rest[0])
    except DomainError:
        return None
    return Avoidable(code, record.name)
