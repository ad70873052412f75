"""The product asked without a database: a world in the load format, published, ranked, and put in the oracle's form.

Records are published here as `directory.queries` publishes them; places come from `directory.geography`, not from the
oracle's own gazetteer.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from directory import geography
from matching import service
from matching.blocks import Size
from matching.feed import Network
from matching.ranking import Question, Ranker
from matching.rows import by_id
from matching.types import Asker, AvoidAsked, MatchResult, Member, NearAsked, Need, NeedResult, Point, Profile, Ranked
from tests.matching.oracle import clock

Record = dict[str, Any]
World = dict[str, list[Record]]
Ids = Mapping[str, Mapping[str, str]]

REFERENCES = {
    "organisation": "organisations",
    "department": "departments",
    "person": "persons",
    "post": "posts",
    "focal_point": "focal_points",
    "channel": "channels",
    "site": "sites",
    "service": "services",
    "service_site": "service_sites",
}
INSTANTS = ("verified_at", "tested_at", "last_confirmed_at")
DAYS = ("starts", "ends", "issued", "expires", "signed", "on")
EVERYTHING = frozenset({"public", "network", "restricted"})


def run_product(
    world: World, request: Record, now: datetime, ids: Ids, asker: Record | None = None, size: Size | None = None
) -> dict[str, Any]:
    """The product's answer in the form of the oracle's, with the codes of first steps and of ways out."""
    network = Network(1, by_id(snapshot(world, ids, now)), size)
    case = service.resolve(need_of(request), now)
    who = asker_of(asker, ids)
    result = service.answer(network, case, who, now)
    question = Ranker(network.world(case.now), who).read(case)
    keys = {name: {value: key for key, value in of.items()} for name, of in ids.items()}
    return {
        "by_need": [_need(question, need, keys) for need in result.by_need],
        "uncovered": list(result.uncovered),
        "first": [step.code for step in result.first],
    }


def full_answer(
    world: World, request: Record, now: datetime, ids: Ids, asker: Record | None = None, size: Size | None = None
) -> MatchResult:
    """The product's whole answer, as it leaves matching."""
    case = service.resolve(need_of(request), now)
    return service.answer(Network(1, by_id(snapshot(world, ids, now)), size), case, asker_of(asker, ids), now)


def asker_of(asker: Record | None, ids: Ids) -> Asker:
    """Who asks, with every class of number visible: what may be seen is not what is tested here."""
    ids_of = {kind: ids[REFERENCES[kind]][key] for kind, key in (asker or {}).items() if key}
    return Asker(ids_of.get("organisation"), ids_of.get("department"), EVERYTHING)


def need_of(request: Record) -> Need:
    """The request as the API's schema loads it."""
    profile: dict[str, Any] = {k: v for k, v in (request.get("profile") or {}).items() if v is not None}
    if "languages" in profile:
        profile["languages"] = tuple(profile["languages"])
    when = request.get("when")
    optional = {k: request[k] for k in ("stay_days", "sort", "max_km", "limit") if request.get(k) is not None}
    return Need(
        near=NearAsked(**_located(request["near"])),
        needs=tuple(request["needs"]),
        party=tuple(Member(**member) for member in request.get("party") or ()),
        profile=Profile(**profile),
        avoid=tuple(AvoidAsked(**_located(item)) for item in request.get("avoid") or ()),
        when=None if when is None else datetime.fromisoformat(when),
        **optional,
    )


def _located(told: Record) -> Record:
    return {**told, "point": Point(**told["point"])} if "point" in told else told


def snapshot(world: World, ids: Ids, now: datetime) -> World:
    """The published records of a world, as `directory.queries.candidates.snapshot` hands them on."""
    minute = now.astimezone(UTC).replace(second=0, microsecond=0)
    hidden = {s["key"] for s in world.get("sites", []) if s.get("confidential")}
    masked = {
        s["organisation"]
        for s in world.get("sites", [])
        if s["key"] in hidden and s.get("status", "active") == "active"
    }
    owners = {s["key"]: s["organisation"] for s in world.get("services", [])}
    published: World = {}
    for collection, rows in world.items():
        published[collection] = [
            {"status": "active", **_plain(row, ids, minute), "id": ids[collection][row["key"]]} for row in rows
        ]
        for row, out in zip(rows, published[collection], strict=True):
            out.pop("key")
            owner = {"service_sites": owners.get(row.get("service", ""))}.get(collection, row.get("organisation"))
            if owner in masked and out.get("verified_at") and collection in ("services", "service_sites", "sites"):
                out["verified_at"] = out["verified_at"].replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for row, out in zip(world.get("sites", []), published.get("sites", []), strict=True):
        _publish_site(row, out)
    for row, out in zip(world.get("organisations", []), published.get("organisations", []), strict=True):
        out["masked"] = row["key"] in masked
    for row, out in zip(world.get("service_sites", []), published.get("service_sites", []), strict=True):
        out["capacity"] = _publish_capacity(out.get("capacity"), row.get("site") in hidden)
    return published


def _plain(value: Any, ids: Ids, now: datetime, name: str = "") -> Any:
    """References become ids, and times and days what the database would give back."""
    if isinstance(value, dict) and set(value) == {"type", "id"}:
        return {"type": value["type"], "id": ids[REFERENCES[value["type"]]][value["id"]]}
    if name in INSTANTS or name == "as_of":
        return _instant(value, now)
    if name in DAYS and value is not None:
        if isinstance(value, dict):
            return (now - timedelta(days=value["days_ago"])).astimezone(clock.JOHANNESBURG).date()
        return datetime.fromisoformat(value).date()
    if isinstance(value, dict):
        out = {}
        for key, inner in value.items():
            if key in REFERENCES and (inner is None or isinstance(inner, str)):
                out[f"{key}_id"] = None if inner is None else ids[REFERENCES[key]][inner]
            else:
                out[key] = _plain(inner, ids, now, key)
        return out
    return [_plain(inner, ids, now) for inner in value] if isinstance(value, list) else value


def _instant(value: Any, now: datetime) -> datetime | None:
    if value is None:
        return None
    then = now - timedelta(days=value["days_ago"]) if isinstance(value, dict) else datetime.fromisoformat(value)
    return then.astimezone(UTC)


def _publish_site(row: Record, out: Record) -> None:
    location = out.pop("location")
    place = geography.locate(location["lat"], location["lon"])
    assert place is not None
    area = geography.areas()[place.area_id]
    hidden = bool(row.get("confidential"))
    out |= {
        "confidential": hidden,
        "area_id": area.id,
        "province": area.province if hidden else place.province,
        "district": area.district if hidden else place.district,
        "lat": area.lat if hidden else location["lat"],
        "lon": area.lon if hidden else location["lon"],
    }


def _publish_capacity(capacity: Record | None, hidden: bool) -> Record | None:
    """A confidential site publishes its band as of the last tick; an open one its figures."""
    if capacity is None or not hidden:
        return capacity
    if capacity.get("available") is None:
        return None
    free, as_of = capacity["available"], capacity["as_of"]
    band = "none" if free == 0 else "1-2" if free < 3 else "3+"
    return {"unit": capacity["unit"], "band": band, "as_of": as_of and clock.tick(as_of)}


def _need(question: Question, result: NeedResult, keys: dict[str, dict[str, str]]) -> Record:
    excluded = result.excluded
    return {
        "need": result.need,
        "read_as": result.read_as,
        "suitable": [_shown(row, keys) for row in result.suitable],
        "confirm_by_phone": [_shown(row, keys) for row in result.confirm_by_phone],
        "alternatives": [way.code for way in result.alternatives],
        "excluded": {
            "total": excluded.total,
            "by_reason": [asdict(row) for row in excluded.by_reason],
            "nearest": [
                {
                    "service_site": keys["service_sites"][row.service_site_id],
                    "rules": _excluding(question, result.need, row.service_site_id),
                    "reasons": list(row.reasons),
                    "waitlist": row.waitlist,
                    "next_opening": row.next_opening,
                }
                for row in excluded.nearest
            ],
        },
    }


def _excluding(question: Question, need: str, service_site_id: str) -> list[str]:
    """The codes of the rules behind the sentences that an excluded candidate is shown with."""
    assessment = question.assess(need)
    row = question.world.index.find(service_site_id)
    at = assessment.columns.row.tolist().index(row)
    return [assessment.ruleset.rules[one.rule].code for one in assessment.excluding(at)]


def _shown(row: Ranked, keys: dict[str, dict[str, str]]) -> Record:
    return {
        "rank": row.rank,
        "service_site": keys["service_sites"][row.service_site_id],
        "score": row.score,
        "features": {feature.name: feature.value for feature in row.features},
        "penalties": [{"name": penalty.name, "value": penalty.value} for penalty in row.penalties],
        "distance_km": row.distance_km,
        "distance_band": row.distance_band,
        "also_covers": list(row.also_covers),
        "confirm": [confirm.rule for confirm in row.confirm],
        "contacts": {
            "grade": row.contacts.grade,
            "redundancy": row.contacts.redundancy,
            "link": row.contacts.link_id and keys["links"][row.contacts.link_id],
        },
    }
