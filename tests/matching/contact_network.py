"""A small network for contact tests: plain published records, each by a short made-up id."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from matching.contactbook import ContactBook
from matching.rows import by_id

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)  # 22:00 in Johannesburg, a Saturday


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


@dataclass
class Network:
    """Builds the collections of a contact book; every method returns the id that was given."""

    collections: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, collection: str, key: str, **fields: Any) -> str:
        record = {"id": key, "status": "active", **fields}
        self.collections.setdefault(collection, []).append(record)
        return key

    def organisation(self, key: str, sector: str = "civil_society", **fields: Any) -> str:
        return self.add("organisations", key, sector=sector, name=key, **fields)

    def unit(self, key: str, organisation: str, **fields: Any) -> str:
        return self.add("departments", key, organisation_id=organisation, name=key, **fields)

    def candidate(self, key: str, organisation: str, unit: str | None = None) -> str:
        self.add("services", f"{key}-service", organisation_id=organisation, department_id=unit)
        return self.add("service_sites", key, service_id=f"{key}-service")

    def post(self, key: str, organisation: str | None = None, unit: str | None = None, **fields: Any) -> str:
        settled = {"contact_role": "intake_officer", "state": "filled", **fields}
        return self.add("posts", key, organisation_id=organisation, department_id=unit, **settled)

    def person(self, key: str, phone: str | None = None, **fields: Any) -> str:
        self.add("persons", key, **{"full_name": key, **fields})
        if phone:
            self.channel(f"{key}-phone", "person", key, phone, kind="person_phone")
        return key

    def sits(self, person: str, post: str, days: float | None = 5, key: str = "", **fields: Any) -> str:
        since = None if days is None else ago(days)
        key = key or f"{person}@{post}"
        return self.add("focal_points", key, person_id=person, post_id=post, verified_at=since, **fields)

    def channel(self, key: str, owner: str, owner_id: str, value: str, **fields: Any) -> str:
        settled = {"visibility": "network", "hours": None, "tested_at": None, **fields}
        settled["channel_kind"] = settled.pop("kind", "duty_line")
        return self.add("channels", key, owner={"type": owner, "id": owner_id}, value=value, **settled)

    def link(self, key: str, a: tuple[str, str], b: tuple[str, str], **fields: Any) -> dict[str, Any]:
        settled = {"link_types": ["referral_sent"], "carriers": [], "channels": [], **fields}
        ends = {"a": {"type": a[0], "id": a[1]}, "b": {"type": b[0], "id": b[1]}}
        self.add("links", key, **ends, **settled)
        return self.collections["links"][-1]

    def book(self, now: datetime = NOW) -> ContactBook:
        return ContactBook(by_id(self.collections), now)


def carrier(end: str, focal_point: str, *link_types: str) -> dict[str, Any]:
    return {"end": end, "focal_point_id": focal_point, "link_types": list(link_types) or ["referral_sent"]}


def listed(end: str, channel: str) -> dict[str, str]:
    return {"end": end, "channel_id": channel}
