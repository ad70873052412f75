"""Worlds in the load format as the registry would publish them, and the product's answer in the oracle's words."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from directory import geography
from matching.contactbook import ContactBook
from matching.feed import urgencies
from matching.index import build
from matching.ranking import Question, Ranker, World
from matching.rulesets import catalogue
from matching.service import resolve
from matching.types import Asker, AvoidAsked, Member, NearAsked, Need, NeedResult, Point, Profile, Ranked

Record = dict[str, Any]
Ids = Mapping[str, Mapping[str, str]]

LOCAL = ZoneInfo("Africa/Johannesburg")
TICKS = (6, 12, 18, 22)
REFERENCES = {
    "organisation": "organisations",
    "department": "departments",
    "person": "persons",
    "post": "posts",
    "site": "sites",
    "service": "services",
    "focal_point": "focal_points",
    "channel": "channels",
    "parent": "organisations",
}
TYPES = {"person": "persons", "post": "posts", "department": "departments", "organisation": "organisations"}
TYPES |= {"service_site": "service_sites"}
INSTANTS = {"verified_at", "tested_at", "as_of", "last_confirmed_at"}
DAYS = {"issued", "expires", "signed", "starts", "ends", "on", "verified_on"}


class Publisher:
    """Publishes one world at one time."""

    def __init__(self, world: Mapping[str, list[Record]], ids: Ids, now: datetime) -> None:
        self.world = world
        self.ids = ids
        self.now = now.replace(second=0, microsecond=0)
        self.masked = {s["organisation"] for s in world["sites"] if s.get("confidential")}

    def collections(self) -> dict[str, list[Record]]:
        """All records, ids for keys."""
        published = {name: [self._record(name, row) for row in rows] for name, rows in self.world.items()}
        sites = {row["id"]: row for row in published["sites"]}
        for row in published["service_sites"]:
            site = sites.get(row.get("site_id") or "")
            row["capacity"] = self._capacity(row.get("capacity"), hidden=bool(site and site["confidential"]))
        for service_site, row in zip(self.world["service_sites"], published["service_sites"], strict=True):
            service = next(s for s in self.world["services"] if s["key"] == service_site["service"])
            if service["organisation"] in self.masked and row.get("verified_at"):
                first = row["verified_at"].astimezone(UTC)
                row["verified_at"] = first.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        return published

    def _record(self, name: str, row: Record) -> Record:
        record = {"id": self.ids[name][row["key"]], "status": "active"} | self._plain(row)
        if name == "organisations":
            record["masked"] = row["key"] in self.masked
        if name == "sites":
            record |= self._place(row)
        return record

    def _any(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._any(one) for one in value]
        if not isinstance(value, dict):
            return value
        if set(value) == {"type", "id"}:
            return {"type": value["type"], "id": self.ids[TYPES[value["type"]]][value["id"]]}
        return self._plain(value)

    def _plain(self, value: Record) -> Record:
        plain: Record = {}
        for name, told in value.items():
            if name in REFERENCES and (told is None or isinstance(told, str)):
                plain[f"{name}_id"] = None if told is None else self.ids[REFERENCES[name]][told]
            elif name in INSTANTS:
                plain[name] = self._instant(told)
            elif name in DAYS:
                plain[name] = self._day(told)
            elif name != "key":
                plain[name] = self._any(told)
        return plain

    def _instant(self, told: Any) -> datetime | None:
        if isinstance(told, dict):
            return self.now - timedelta(days=told["days_ago"])
        return datetime.fromisoformat(told) if isinstance(told, str) else told

    def _day(self, told: Any) -> date | None:
        if isinstance(told, dict):
            return (self.now - timedelta(days=told["days_ago"])).astimezone(LOCAL).date()
        return date.fromisoformat(told) if isinstance(told, str) else told

    def _place(self, row: Record) -> Record:
        lat, lon = float(row["location"]["lat"]), float(row["location"]["lon"])
        place = geography.locate(lat, lon)
        assert place is not None
        area = geography.areas()[place.area_id]
        hidden = bool(row.get("confidential"))
        return {
            "confidential": hidden,
            "area_id": area.id,
            "province": area.province if hidden else place.province,
            "district": area.district if hidden else place.district,
            "lat": area.lat if hidden else lat,
            "lon": area.lon if hidden else lon,
        }

    def _capacity(self, told: Record | None, *, hidden: bool) -> Record | None:
        if not told or not hidden or "band" in told:
            return told
        free, as_of = told.get("available"), told.get("as_of")
        if free is None or as_of is None:
            return None
        shown = "none" if free == 0 else "1-2" if free <= 2 else "3+"
        return {"unit": told["unit"], "band": shown, "as_of": _tick(as_of)}


def _tick(moment: datetime) -> datetime:
    local = moment.astimezone(LOCAL)
    days = (local.date(), local.date() - timedelta(days=1))
    return max(t for day in days for h in TICKS if (t := datetime.combine(day, time(h), LOCAL)) <= local)


def need(request: Record) -> Need:
    """A request body as the schema loads it."""
    return Need(
        near=NearAsked(**_with_point(request["near"])),
        needs=tuple(request["needs"]),
        party=tuple(Member(**{k: v for k, v in m.items() if v is not None}) for m in request.get("party") or ()),
        profile=_profile(request.get("profile") or {}),
        avoid=tuple(AvoidAsked(**_with_point(one)) for one in request.get("avoid") or ()),
        when=datetime.fromisoformat(request["when"]) if request.get("when") else None,
        stay_days=request.get("stay_days"),
        sort=request.get("sort") or "score",
        max_km=request.get("max_km"),
        limit=request.get("limit") or 10,
    )


def _profile(told: Record) -> Profile:
    said = {k: v for k, v in told.items() if k != "languages"}
    return Profile(**said, languages=tuple(told.get("languages") or ()))


def _with_point(told: Record) -> Record:
    return {k: Point(**v) if k == "point" else v for k, v in told.items()}


def question(
    world: Mapping[str, list[Record]], request: Record, now: datetime, asker: Record | None, ids: Ids
) -> Question:
    """The product's ranker, asked about a world."""
    collections = Publisher(world, ids, now).collections()
    ruleset = catalogue.current()
    index = build(collections, geography.areas(), ruleset.numbers.same_place_km)
    book = ContactBook(collections, now)
    redundancy = np.array([book.redundancy(row.id) for row in index.rows], dtype=np.int64)
    mine = {kind: ids[f"{kind}s"][key] for kind, key in (asker or {}).items() if key}
    who = Asker(mine.get("organisation"), mine.get("department"), frozenset({"public", "network"}))
    return Ranker(World(index, book, redundancy, ruleset, urgencies()), who).read(resolve(need(request), now))


def answer(world: Mapping[str, list[Record]], request: Record, now: datetime, asker: Record | None, ids: Ids) -> Record:
    """What the product answers, in the form of the oracle's answer: keys for ids."""
    asked = question(world, request, now, asker, ids)
    keys = {name: {identifier: key for key, identifier in those.items()} for name, those in ids.items()}
    results = [asked.result(one) for one in asked.needs]
    return {
        "by_need": [_need(result, keys) for result in results],
        "uncovered": [r.need for r in results if not r.suitable and not r.confirm_by_phone],
    }


def _need(result: NeedResult, keys: Mapping[str, Mapping[str, str]]) -> Record:
    return {
        "need": result.need,
        "read_as": result.read_as,
        "suitable": [_shown(one, keys) for one in result.suitable],
        "confirm_by_phone": [_shown(one, keys) for one in result.confirm_by_phone],
        "excluded": {
            "total": result.excluded.total,
            "by_reason": [{"rule": r.rule, "said": r.said, "unknown": r.unknown} for r in result.excluded.by_reason],
            "nearest": [
                {
                    "service_site": keys["service_sites"][one.service_site_id],
                    "rules": list(one.rules),
                    "waitlist": one.waitlist,
                    "next_opening": one.next_opening,
                }
                for one in result.excluded.nearest
            ],
        },
    }


def _shown(one: Ranked, keys: Mapping[str, Mapping[str, str]]) -> Record:
    link = one.contacts.link_id
    return {
        "rank": one.rank,
        "service_site": keys["service_sites"][one.service_site_id],
        "score": one.score,
        "features": {f.name: f.value for f in one.features},
        "penalties": [{"name": p.name, "value": p.value} for p in one.penalties],
        "distance_km": one.distance_km,
        "distance_band": one.distance_band,
        "also_covers": list(one.also_covers),
        "confirm": [c.rule for c in one.confirm],
        "contacts": {
            "grade": one.contacts.grade,
            "redundancy": one.contacts.redundancy,
            "link": None if link is None else keys["links"][link],
        },
    }
