"""Ranking truth: small networks a coordinator can write, spelled out into the world format.

A file in `tests/cases` has `title`, `why`, `now`, `network`, `ask` and `expect` (see tests/cases/README.md). What it
leaves out is filled from the defaults below: a house for women, verified ten days ago, four beds free since just now,
two tested duty lines, no paper asked; and a woman of 29 who is well, asking from Polokwane for a bed tonight.
"""

import math
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.matching.oracle.answer import made_up_ids
from tests.matching.oracle.gazetteer import reference

Record = dict[str, Any]
World = dict[str, list[Record]]

FOLDER = Path(__file__).resolve().parents[1] / "cases"
COLLECTIONS = (
    "organisations",
    "departments",
    "persons",
    "posts",
    "focal_points",
    "channels",
    "sites",
    "services",
    "service_sites",
    "links",
)
WELCOME: Record = {
    "sex_gender": "female",
    "trans_policy": "by_identity",
    "age_min": 0,
    "age_max": 130,
    "unaccompanied_minor": "yes",
    "children_with_adult": 4,
    "boy_child_max_age": 12,
    "girl_child_max_age": 17,
    "pregnancy": "yes",
    "newborn": "yes",
    "step_free": "no",
    "substance": "stable",
    "mental_acuity_max": "high",
    "medical_acuity_max": "high",
    "undocumented": "yes",
    "police_report_required": "no",
    "recognition_required": "no",
    "dsd_referral_required": "no",
    "id_required": "no",
}
"""A house for women. It takes none of the scarce profiles, so that the scarcity guard sleeps unless a case wakes it."""
ASK: Record = {
    "near": {"place": "Polokwane"},
    "needs": ["shelter_emergency"],
    "party": [{"age": 29, "gender": "female"}],
    "profile": {"mental_acuity": "low", "medical_acuity": "low", "substance": "none"},
}
KM_PER_DEGREE = 6371.0088 * math.pi / 180
LOCATED = ("place", "north", "south")
"""Where a site is: a gazetteer place, or kilometres due north or south of Polokwane."""
SERVICE_KEYS = (
    "codes",
    "delivery",
    "serves",
    "languages",
    "interpreter_on_call",
    "intake",
    "stay_max_days",
    "cost",
    "setting",
    "transport",
)


class Reader(yaml.SafeLoader):
    """YAML in which dates and times stay text, as in the load format."""


Reader.yaml_implicit_resolvers = {
    letter: [rule for rule in rules if rule[0] != "tag:yaml.org,2002:timestamp"]
    for letter, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True)
class Case:
    """One file, spelled out."""

    name: str
    title: str
    now: datetime
    world: World
    ids: dict[str, dict[str, str]]
    request: Record
    asker: Record | None
    expect: Record


@cache
def names() -> tuple[str, ...]:
    """Every case file, by name."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yml")))


@cache
def load(name: str) -> Case:
    """Read one case."""
    told = Reader((FOLDER / f"{name}.yml").read_text(encoding="utf-8")).get_single_data()
    unknown = set(told) - {"title", "why", "now", "network", "ids", "asker", "ask", "expect", "records"}
    if unknown:
        raise ValueError(f"{name}: {unknown}")
    world = network(told["network"])
    for collection, rows in (told.get("records") or {}).items():
        world[collection] += rows
    ids = made_up_ids(world)
    for key, value in (told.get("ids") or {}).items():
        ids["service_sites"][key] = value
    return Case(
        name=name,
        title=told["title"],
        now=datetime.fromisoformat(told["now"]),
        world=world,
        ids=ids,
        request=request(told.get("ask") or {}, ids),
        asker=told.get("asker"),
        expect=told["expect"],
    )


def request(told: Record, ids: dict[str, dict[str, str]]) -> Record:
    """A request: what the case says over the defaults; `null` drops a default; keys in `avoid` become ids."""
    asked = {**ASK, **told}
    profile = asked["profile"]
    asked["profile"] = None if profile is None else {**ASK["profile"], **profile}
    asked["avoid"] = [_avoid(item, ids) for item in asked.get("avoid") or []]
    if asked["profile"]:
        asked["profile"] = {k: v for k, v in asked["profile"].items() if v is not None}
    return {key: value for key, value in asked.items() if value is not None and value != []}


def _avoid(item: Record, ids: dict[str, dict[str, str]]) -> Record:
    for kind in ("organisation", "department"):
        if kind in item:
            return {f"{kind}_id": ids[f"{kind}s"][item[kind]]}
    return item


def network(partners: dict[str, Record]) -> World:
    """The world of several partners: for each an organisation (or that of another), a site, a service and contacts."""
    world: World = {name: [] for name in COLLECTIONS}
    for key, told in partners.items():
        _add_partner(world, key, told or {})
    return world


def _add_partner(world: World, key: str, told: Record) -> None:
    known = {
        *("of", *LOCATED, "province", "confidential", "accepts", "imported", "capacity", "verified", "people"),
        *("lines", "unit", "organisation", "status", "also", *SERVICE_KEYS),
    }
    if set(told) - known:
        raise ValueError(f"{key}: {set(told) - known}")
    owner = told.get("of", key)
    if owner == key:
        world["organisations"].append({"key": key, "name": f"House {key}", **told.get("organisation", {})})
    if "unit" in told:
        world["departments"].append({"key": key, "organisation": owner, "name": f"Unit {key}", **(told["unit"] or {})})
    if set(LOCATED) & set(told):
        world["sites"].append(_site(key, owner, told))
    _add_service(world, key, owner, told)
    for name, more in (told.get("also") or {}).items():
        _add_service(world, name, owner, {**{k: told[k] for k in ("imported",) if k in told}, **more}, site=key)
    _add_contacts(world, key, owner, told)


def _site(key: str, owner: str, told: Record) -> Record:
    lat, lon = _point(told)
    return {
        "key": key,
        "organisation": owner,
        "name": None,
        "confidential": told.get("confidential", False),
        "location": {"address": None, "lat": lat, "lon": lon},
    }


def _point(told: Record) -> tuple[float, float]:
    if "place" in told:
        return reference().named(told["place"], told.get("province")).point
    lat, lon = reference().named("Polokwane").point
    return lat + (told.get("north", 0) - told.get("south", 0)) / KM_PER_DEGREE, lon


def _add_service(world: World, key: str, owner: str, told: Record, site: str | None = None) -> None:
    imported = told.get("imported", False)
    full = {"languages": ["eng"], "interpreter_on_call": "no", "intake": "24h", "stay_max_days": 365}
    service: Record = {
        "key": key,
        "organisation": owner,
        "department": key if "unit" in told else None,
        "name": f"Service {key}",
        "codes": ["shelter_emergency"],
        "delivery": "on_site",
        **({} if imported else full),
        **{name: told[name] for name in SERVICE_KEYS if name in told},
        "eligibility": {**({} if imported else WELCOME), **told.get("accepts", {})},
    }
    world["services"].append(service)
    beds = {"unit": "bed", "total": 8, "available": 4, "as_of": {"days_ago": 0}}
    capacity = told.get("capacity", None if imported else {})
    world["service_sites"].append(
        {
            "key": key,
            "service": key,
            "site": site or (key if set(LOCATED) & set(told) else None),
            "capacity": None if capacity is None else {**beds, **capacity},
            "verified_at": _days(told.get("verified", None if imported else 10)),
            "status": told.get("status", "active"),
        }
    )


def _days(days: float | None) -> Record | None:
    return None if days is None else {"days_ago": days}


def _add_contacts(world: World, key: str, owner: str, told: Record) -> None:
    """`people` and `lines` are counts, or lists that say more; each person holds a post of the unit or organisation."""
    unit = key if "unit" in told else None
    people, lines = (_listed(told.get(name, default)) for name, default in (("people", 0), ("lines", 2)))
    if told.get("imported"):
        people, lines = _listed(told.get("people", 1)), _listed(told.get("lines", 0))
    for number, person in enumerate(people, 1):
        name = f"{key}-p{number}"
        who = person.get("person", name)
        if who == name:
            world["persons"].append({"key": name, "full_name": name, "status": person.get("status", "active")})
        post = {"key": name, "organisation": owner, "department": unit, "title": name, "contact_role": "focal_point"}
        world["posts"].append({**post, "state": person.get("state", "filled")})
        seen = person.get("days", None if told.get("imported") else 10)
        held = {"key": name, "person": who, "post": name, "verified_at": _days(seen), "primary": number == 1}
        world["focal_points"].append({**held, "starts": person.get("starts"), "ends": person.get("ends")})
        if "phone" in person:
            world["channels"].append(_channel(name, "person", who, {"kind": "person_phone", "value": person["phone"]}))
    owner_type, owner_key = ("department", key) if unit else ("organisation", owner)
    for number, line in enumerate(lines, 1):
        value = {"value": f"line {number} of {key}", **line}
        world["channels"].append(_channel(f"{key}-l{number}", owner_type, owner_key, value))


def _listed(told: int | list[Record]) -> list[Record]:
    return [{} for _ in range(told)] if isinstance(told, int) else told


def _channel(key: str, owner_type: str, owner: str, told: Record) -> Record:
    return {
        "key": key,
        "owner": {"type": owner_type, "id": owner},
        "channel_kind": told.get("kind", "duty_line"),
        "value": told["value"],
        "hours": told.get("hours", "24h"),
        "visibility": "network",
        "tested_at": _days(told.get("days", 10)),
    }
