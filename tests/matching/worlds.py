"""Random small networks and requests that lie on the edges of the rules.

Values are drawn from short lists of edges (exactly 180 days, exactly 24 hours, cap ages, one door for two houses, one
number for two people) rather than from ranges: an edge that is never hit is never tested. A service starts as one that
welcomes or one that was never asked and then answers a few questions differently, so that every bucket fills.
"""

from datetime import UTC, datetime
from functools import cache
from hashlib import blake2b
from typing import Any
from uuid import UUID

from tests.matching.cases import COLLECTIONS, WELCOME
from tests.matching.choosing import Chooser
from tests.matching.oracle.gazetteer import reference

Record = dict[str, Any]
World = dict[str, list[Record]]

TOWNS = ("Polokwane", "Tzaneen", "Thohoyandou", "Giyani", "Musina", "Mankoeng", "Pretoria", "Upington")
"""Limpopo mostly, where areas of one, two and three districts meet; Giyani and Thohoyandou share an area."""
NEARBY = ((0.0, 0.0), (0.0, 0.0), (-0.09, 0.02), (-0.17, -0.11), (-0.31, 0.08))
"""Degrees from a town: itself, and about 10, 22 and 35 km away, so that 25 km lies between."""
NEEDS = (
    "shelter_emergency",
    "shelter_second_stage",
    "child_temporary_safe_care",
    "child_youth_care_centre",
    "medical_general",
    "counselling",
    "forensic_exam",
    "investigation",
)
DISTRICTS = ("DC33", "DC34", "DC35", "DC36", "TSH", "DC8")
PROVINCES = ("ZA-LP", "ZA-GP", "ZA-NC")
AGO = (3, 3, 3, 90, 180, 180.9, 181, 400, None)
HOURS_AGO = (0, 0.1, 3, 3, 12, 24, 24.01, 50)
YES_NO: tuple[Any, ...] = ("yes", "no", "case_by_case", "unknown", None)
ANSWERS: dict[str, tuple[Any, ...]] = {
    "sex_gender": ("female", "male", "any", "unknown"),
    "trans_policy": ("by_identity", "case_by_case", "no", "unknown"),
    "age_min": (0, 12, 16, 18, 21, "case_by_case", "unknown"),
    "age_max": (15, 17, 18, 24, 59, 130, "unknown"),
    "children_with_adult": (0, 1, 2, 4, "no", "case_by_case", "unknown"),
    "boy_child_max_age": (5, 9, 12, 13, 17, "case_by_case", "unknown"),
    "girl_child_max_age": (5, 11, 12, 17, "unknown"),
    "substance": ("none", "stable", "active", "detox_onsite", "case_by_case", "unknown"),
    "mental_acuity_max": ("low", "moderate", "high", "case_by_case", "unknown"),
    "medical_acuity_max": ("low", "moderate", "high", "unknown"),
    "languages_spoken": (["amh"], "eng", "unknown"),
    "interpreter_on_call": YES_NO,
    "intake": ("24h", "unknown"),
    "stay_max_days": (0, 7, 30, "case_by_case"),
    **dict.fromkeys(("unaccompanied_minor", "pregnancy", "newborn", "step_free", "undocumented"), YES_NO),
    **dict.fromkeys(("police_report_required", "recognition_required", "dsd_referral_required", "id_required"), YES_NO),
}
CERTIFICATE_DAYS = ("2022-01-01", "2026-11-20", "2026-11-21", "2026-11-22", "2028-01-01", None)
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri"]
INTAKE: tuple[Any, ...] = (
    "24h",
    "24h",
    "24h",
    None,
    [{"days": WEEKDAYS, "opens": "08:00", "closes": "16:00"}],
    [{"days": ["fri", "sat"], "opens": "20:00", "closes": "06:00"}],
    [{"days": ["sat"], "opens": "06:00", "closes": "22:00"}, {"days": ["sun"], "opens": "22:00", "closes": "22:00"}],
)
CLOCKS = (
    datetime(2026, 11, 21, 20, 0, tzinfo=UTC),
    datetime(2026, 11, 21, 19, 59, 59, 999999, tzinfo=UTC),
    datetime(2026, 11, 20, 22, 30, 31, tzinfo=UTC),
    datetime(2026, 3, 1, 3, 59, 30, tzinfo=UTC),
)
WHEN = (None, "2026-11-21T22:00:00+02:00", "2026-11-22T05:59:59+02:00", "2026-11-22T06:00:00+02:00")
NUMBERS = (*[f"+2760000000{digit}" for digit in range(4)], "desk@example.org")
NAMES = {"p0": "Thandi Mokoena", "p1": "Pieter van Wyk", "p2": "Amina Diallo"}
OWNERS = ("organisation", "post", "person", "person", "service_site", "department")
KINDS = ("duty_line", "person_phone", "role_mailbox", "on_call_roster", "person_email")
MOSTLY_ACTIVE = ("active",) * 24 + ("closed",)


def ago(days: float | None) -> Record | None:
    """A moment of the load format."""
    return None if days is None else {"days_ago": days}


def network(choose: Chooser, services: int = 8) -> World:
    """A random network of at most so many services; organisation `o0` may be the asker's."""

    def keys(letter: str, least: int, most: int) -> list[str]:
        return [f"{letter}{number}" for number in range(choose.count(least, most))]

    world: World = {name: [] for name in COLLECTIONS}
    world["organisations"] = [_organisation(choose, key) for key in keys("o", 1, 4)]
    world["departments"] = [_unit(choose, key, world) for key in keys("u", 0, 2)]
    world["sites"] = _sites(choose, keys("s", 1, 6), world)
    for key in keys("c", 1 + services // 3, services):
        _add_candidate(choose, key, world)
    world["persons"] = [_person(choose, key) for key in keys("p", 1, 3)]
    world["posts"] = [_post(choose, key, world) for key in keys("q", 1, 3)]
    world["focal_points"] = [_focal_point(choose, key, world) for key in keys("f", 0, 9)]
    world["channels"] = [_channel(choose, key, world) for key in keys("n", 0, 10)]
    if len(world["organisations"]) > 1:
        world["links"] = [_link(choose, key, world) for key in keys("l", 0, 4)]
    return world


def ids_of(world: World, salt: int) -> dict[str, dict[str, str]]:
    """Random ids: the same salt gives the same."""
    return {name: {row["key"]: _id(salt, name, row["key"]) for row in rows} for name, rows in world.items()}


def _id(salt: int, collection: str, key: str) -> str:
    digest = blake2b(f"{salt} {collection} {key}".encode(), digest_size=16).digest()
    return str(UUID(bytes=digest, version=4))


def _key(choose: Chooser, rows: list[Record]) -> str:
    return str(choose.one(rows)["key"])


def _organisation(choose: Chooser, key: str) -> Record:
    held = {"status": choose.one(("valid", "valid", "lapsed", "unknown"))}
    held |= {name: choose.one(CERTIFICATE_DAYS) for name in ("issued", "expires")}
    return {
        "key": key,
        "name": f"Organisation {key}",
        "org_type": "shelter",
        "sector": "civil_society",
        "accreditation": choose.one((None, held, held)),
        "status": choose.one(MOSTLY_ACTIVE),
        "suspended": choose.one(MOSTLY_ACTIVE) == "closed",
    }


def _serves(choose: Chooser) -> Record | None:
    scope = choose.one((None, "national", "province", "district"))
    if scope is None or scope == "national":
        return None if scope is None else {"scope": "national", "codes": []}
    return {"scope": scope, "codes": choose.some(PROVINCES if scope == "province" else DISTRICTS, 1, 2)}


def _unit(choose: Chooser, key: str, world: World) -> Record:
    return {
        "key": key,
        "organisation": _key(choose, world["organisations"]),
        "name": f"Unit {key}",
        "level": "district",
        "serves": _serves(choose),
        "status": choose.one(MOSTLY_ACTIVE),
    }


def _sites(choose: Chooser, keys: list[str], world: World) -> list[Record]:
    """Sites, often several of one organisation in and around one town."""
    found: list[Record] = []
    town, organisation = choose.one(TOWNS), _key(choose, world["organisations"])
    for key in keys:
        if choose.one((False, False, True)):
            town, organisation = choose.one(TOWNS), _key(choose, world["organisations"])
        (lat, lon), (north, east) = _town(town), choose.one(NEARBY)
        found.append(
            {
                "key": key,
                "organisation": organisation,
                "name": None,
                "confidential": choose.one((False, False, True)),
                "location": {"address": None, "lat": lat + north, "lon": lon + east},
                "status": choose.one(MOSTLY_ACTIVE),
            }
        )
    return found


@cache
def _town(name: str) -> tuple[float, float]:
    return reference().named(name).point


def _units_of(world: World, organisation: str) -> list[str]:
    return [unit["key"] for unit in world["departments"] if unit["organisation"] == organisation]


def _add_candidate(choose: Chooser, key: str, world: World) -> None:
    """One more service, and the place or two where it is given."""
    delivery = choose.one(("on_site",) * 6 + ("mobile", "remote"))
    organisation = choose.one(world["sites"])["organisation"]
    changed = {name: choose.one(ANSWERS[name]) for name in choose.some(sorted(ANSWERS), 1, 6)}
    world["services"].append(
        {
            "key": key,
            "organisation": organisation,
            "department": choose.one([None, *_units_of(world, organisation)]),
            "name": f"Service {key}",
            "codes": choose.some(NEEDS, 1, 4),
            "delivery": delivery,
            "serves": _serves(choose),
            "eligibility": choose.one((WELCOME,) * 5 + ({},)) | changed,
            "languages": choose.one((["eng"], ["eng", "amh"], [])),
            "interpreter_on_call": choose.one(YES_NO),
            "intake": choose.one(INTAKE),
            "stay_max_days": choose.one((None, 0, 10, 30, 365)),
            "status": choose.one(MOSTLY_ACTIVE),
        }
    )
    own = [site["key"] for site in world["sites"] if site["organisation"] == organisation]
    for number, site in enumerate([None] if delivery == "remote" else choose.some(own, 1, 2)):
        world["service_sites"].append(_service_site(choose, f"{key}.{number}", key, site))


def _service_site(choose: Chooser, key: str, service: str, site: str | None) -> Record:
    capacity = {"unit": choose.one(("bed", "bed", "room")), "total": 8, "available": choose.one((4, 1, 2, 3, 0))}
    capacity["as_of"] = ago(choose.one(HOURS_AGO) / 24)
    return {
        "key": key,
        "service": service,
        "site": site,
        "capacity": choose.one((capacity, capacity, capacity, None)),
        "verified_at": ago(choose.one(AGO)),
        "status": choose.one(MOSTLY_ACTIVE),
    }


def _person(choose: Chooser, key: str) -> Record:
    return {"key": key, "full_name": NAMES[key], "status": choose.one(("active",) * 6 + ("on_leave", "closed"))}


def _post(choose: Chooser, key: str, world: World) -> Record:
    organisation = _key(choose, world["organisations"])
    return {
        "key": key,
        "organisation": organisation,
        "department": choose.one([None, *_units_of(world, organisation)]),
        "title": key,
        "contact_role": "focal_point",
        "state": choose.one(("filled", "filled", "acting", "vacant")),
        "status": choose.one(MOSTLY_ACTIVE),
    }


def _focal_point(choose: Chooser, key: str, world: World) -> Record:
    return {
        "key": key,
        "person": _key(choose, world["persons"]),
        "post": _key(choose, world["posts"]),
        "starts": ago(choose.one((None, None, None, 300, 0, -1))),
        "ends": ago(choose.one((None, None, None, None, -1, 0, 1))),
        "verified_at": ago(choose.one((3, 3, 3, *AGO))),
        "status": choose.one(MOSTLY_ACTIVE),
    }


def _channel(choose: Chooser, key: str, world: World) -> Record:
    kind = choose.one([kind for kind in OWNERS if world[f"{kind}s"]])
    return {
        "key": key,
        "owner": {"type": kind, "id": _key(choose, world[f"{kind}s"])},
        "channel_kind": choose.one(KINDS),
        "value": choose.one(NUMBERS),
        "hours": "24h",
        "visibility": "network",
        "tested_at": ago(choose.one(AGO)),
        "status": choose.one(MOSTLY_ACTIVE),
    }


def _link(choose: Chooser, key: str, world: World) -> Record:
    """A link of two ends, most often of the asker's organisation; carriers and channels may stand at either end."""
    ends = [{"type": kind, "id": row["key"]} for kind in ("organisation", "department") for row in world[f"{kind}s"]]
    a = choose.one([ends[0], ends[0], *ends])
    b = choose.one([end for end in ends if end != a])
    focal_points, channels = ([row["key"] for row in world[name]] for name in ("focal_points", "channels"))
    carriers = choose.some(focal_points, 0, 4) if focal_points else []
    listed = choose.some(channels, 0, 2) if channels else []
    signed = {"signed": ago(choose.one((30, 0, -1))), "expires": ago(choose.one((None, -1, 0, 1)))}
    return {
        "key": key,
        **choose.one(({"a": a, "b": b}, {"a": b, "b": a})),
        "link_types": ["referral_sent"],
        "carriers": [
            {"end": choose.one("ab"), "focal_point": one, "link_types": ["referral_sent"]} for one in carriers
        ],
        "channels": [{"end": choose.one("ab"), "channel": one} for one in listed],
        "memorandum": choose.one((None, signed, signed)),
        "status": choose.one(MOSTLY_ACTIVE),
    }
