"""Minimal records of every collection, made through the services, each with the records it needs."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from directory.permissions import LOCAL, Actor
from directory.services import records
from directory.services.catalogue import COLLECTIONS

POLOKWANE = {"address": "1 Acacia Street", "lat": -23.9, "lon": 29.45}

REFERENCES: Mapping[str, Mapping[str, str]] = {
    "departments": {"organisation_id": "organisations"},
    "posts": {"organisation_id": "organisations"},
    "focal_points": {"person_id": "persons", "post_id": "posts"},
    "sites": {"organisation_id": "organisations"},
    "services": {"organisation_id": "organisations"},
    "service_sites": {"service_id": "services", "site_id": "sites"},
}
"""The references that a minimal record of a collection has."""

ENDS: Mapping[str, tuple[str, ...]] = {"channels": ("owner",), "links": ("a", "b")}
"""Those to a record of any of several collections."""

MINIMAL: Mapping[str, Mapping[str, Any]] = {
    "organisations": {"name": "Thandeka Advice Office", "org_type": "ngo"},
    "departments": {"name": "Victim desk", "functions": ["case_management"]},
    "persons": {"full_name": "Naledi Mokoena"},
    "posts": {"title": "Social worker"},
    "focal_points": {"primary": True},
    "channels": {"channel_kind": "duty_line", "value": "+27821234567"},
    "sites": {"location": POLOKWANE},
    "services": {"name": "Counselling", "codes": ["counselling"]},
    "service_sites": {},
    "links": {"link_types": ["referral_sent"]},
    "trainings": {"course": "Identifying victims", "attendees": []},
}


class Factory:
    """Makes records in one session, as one actor."""

    def __init__(self, session: Session, actor: Actor = LOCAL) -> None:
        self.session = session
        self.actor = actor

    def __call__(self, collection: str, /, **given: Any) -> Any:
        """A record with the given fields; what is left out is minimal."""
        return records.create(self.session, self.actor, COLLECTIONS[collection], self.body(collection, **given))

    def body(self, collection: str, /, **given: Any) -> dict[str, Any]:
        """What POST of such a record sends; the records it refers to are made."""
        needed = {name: self(to).id for name, to in REFERENCES.get(collection, {}).items() if name not in given}
        return {**MINIMAL[collection], **self._ends(collection, given), **needed, **given}

    def _ends(self, collection: str, given: Mapping[str, Any]) -> dict[str, Any]:
        names = [name for name in ENDS.get(collection, ()) if name not in given]
        return {name: {"type": "organisation", "id": self("organisations").id} for name in names}
