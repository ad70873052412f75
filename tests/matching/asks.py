"""Random requests on the edges of the rules, and who asks."""

from typing import Any

from tests.matching.choosing import Chooser
from tests.matching.worlds import CLOCKS, DISTRICTS, NEEDS, TOWNS, WHEN, Record, World

WELL = {"mental_acuity": "low", "medical_acuity": "low", "substance": "none"}
PROFILE: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(
        ("pregnant", "newborn", "step_free", "language_required", "undocumented", "lgbtqi"), (True, True, False, None)
    ),
    **dict.fromkeys(("has_id", "has_police_report", "has_dsd_referral"), (False, True, None)),
    "languages": (["amh"], ["eng", "amh"], ["som"], []),
    "substance": ("none", "stable", "active", None),
    "mental_acuity": ("low", "moderate", "high", None),
    "medical_acuity": ("low", "moderate", "high", None),
    "legal_basis": ("s19_police", "s18_child", "self_referral", None),
    "recognition": ("none", "suspected", "letter_issued", None),
}
AGES = (0, 5, 9, 12, 13, 15, 16, 17, 18, 21, 24, 25, 29, 60, None)
BANDS = ("0-5", "6-11", "12-15", "16-17", "18-24", "25-59", "60+")
PARTIES: tuple[list[Record], ...] = (
    [{"age": 29, "gender": "female"}],
    [{"age": 38, "gender": "female"}, {"age": 14, "gender": "male", "relation": "child"}],
    [{"age": 34, "gender": "male"}],
    [{"age": 15, "gender": "female"}],
    [{"age_band": "18-24", "gender": "female"}, {"age": 0, "gender": "female"}, {"age": 17, "gender": "female"}],
)
POINTS = ((-23.5, 29.4), (-25.0, 28.6), (-28.4, 21.3))
RADII = (5, 20, 50, 90)


def request(choose: Chooser, ids: dict[str, dict[str, str]]) -> Record:
    """A request that may name organisations and units of a world to avoid."""
    said = {name: choose.one(PROFILE[name]) for name in choose.some(sorted(PROFILE), 0, 7)}
    party = choose.one((*PARTIES, None, None, None))
    asked: Record = {
        "near": _near(choose),
        "needs": choose.some(NEEDS, 1, 3),
        "profile": choose.one((WELL, WELL, WELL, {})) | said,
        "party": [_member(choose) for _ in range(choose.count(0, 4))] if party is None else party,
        "avoid": [_avoided(choose, ids) for _ in range(choose.one((0, 0, 1, 2)))],
        "when": choose.one(WHEN),
        "stay_days": choose.one((None, 1, 7, 30, 90)),
        "sort": choose.one(("score", "nearest")),
        "max_km": choose.one((None, None, 60, 120, 200)),
        "limit": choose.one((50, 10, 1, 2)),
    }
    return {name: value for name, value in asked.items() if value not in (None, [])}


def _near(choose: Chooser) -> Record:
    way = choose.one(("place", "place", "district", "point"))
    if way == "point":
        lat, lon = choose.one(POINTS)
        return {"point": {"lat": lat, "lon": lon}}
    return {way: choose.one(TOWNS if way == "place" else DISTRICTS)}


def _member(choose: Chooser) -> Record:
    """One person of whom something, or nothing, is said."""
    age = {"age_band": choose.one(BANDS)} if choose.one((True, False)) else {"age": choose.one(AGES)}
    return {
        **age,
        "gender": choose.one(("female", "male", "other", None)),
        "trans": choose.one((None, None, False, True)),
        "age_disputed": choose.one((False, False, False, True)),
    }


def _avoided(choose: Chooser, ids: dict[str, dict[str, str]]) -> Record:
    way = choose.one(("district", "place", "point", "organisation", "department"))
    if way in ("organisation", "department") and ids[f"{way}s"]:
        return {f"{way}_id": choose.one(sorted(ids[f"{way}s"].values()))}
    if way == "place":
        return {"place": choose.one(TOWNS), "radius_km": choose.one(RADII)}
    if way == "point":
        return {"point": {"lat": -23.2, "lon": 30.1}, "radius_km": choose.one(RADII)}
    return {"district": choose.one(DISTRICTS)}


def asker(choose: Chooser, world: World) -> Record | None:
    """Nobody, the first organisation, or one of its units."""
    first = world["organisations"][0]["key"]
    units = [u["key"] for u in world["departments"] if u["organisation"] == first]
    with_unit = [{"organisation": first, "department": unit} for unit in units]
    chosen: Record | None = choose.one([None, {"organisation": first}, *with_unit])
    return chosen


def clock(choose: Chooser) -> Any:
    """A clock of the request."""
    return choose.one(CLOCKS)
