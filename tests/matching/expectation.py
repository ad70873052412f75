"""What a case file expects, compared with an answer: every difference in a line a coordinator can read."""

from collections.abc import Callable
from datetime import datetime
from itertools import groupby
from typing import Any

Record = dict[str, Any]

HALF_A_DIGIT = 0.000051
"""Scores stand in the files to four decimals."""
HIDDEN = ("active", "avoided")
NEAREST_SHOWN = 5
UNASKED = "unknown "
KNOWN = {
    *("read_as", "suitable", "confirm", "excluded", "waitlist", "next_opening", "scores", "features", "penalties"),
    *("also_covers", "contacts", "links", "distances", "alternatives"),
}


def differences(expect: Record, answer: Record) -> list[str]:
    """Everything in which the answer is not what the file expects."""
    needs = {name: told or {} for name, told in expect.items() if name not in ("uncovered", "first")}
    found: list[str] = []
    if list(needs) != [block["need"] for block in answer["by_need"]]:
        found.append(f"needs: {[block['need'] for block in answer['by_need']]}")
        return found
    for block, told in zip(answer["by_need"], needs.values(), strict=True):
        found += [f"{block['need']}: {line}" for line in _need(told, block)]
    if "uncovered" in expect:
        found += _unlike("uncovered", expect["uncovered"], answer["uncovered"])
    if "first" in expect and "first" in answer:
        found += _unlike("first", expect["first"], answer["first"])
    return found


def _unlike(what: str, expected: Any, given: Any) -> list[str]:
    return [] if expected == given else [f"{what}: expected {expected}, is {given}"]


def _need(told: Record, block: Record) -> list[str]:
    if set(told) - KNOWN:
        return [f"not understood: {sorted(set(told) - KNOWN)}"]
    shown = {row["service_site"]: row for bucket in ("suitable", "confirm_by_phone") for row in block[bucket]}
    found = _unlike("read_as", told.get("read_as"), block["read_as"])
    found += _unlike("suitable", told.get("suitable", []), [row["service_site"] for row in block["suitable"]])
    asked = [(row["service_site"], row["confirm"]) for row in block["confirm_by_phone"]]
    found += _unlike("confirm", list((told.get("confirm") or {}).items()), asked)
    found += _excluded(told, block["excluded"])
    found += [line for name, compare in DETAILS.items() for line in _details(name, compare, told, shown)]
    if "alternatives" in told and "alternatives" in block:
        found += _unlike("alternatives", told["alternatives"], [kind for kind, _ in groupby(block["alternatives"])])
    return found


def _details(name: str, compare: Callable[[Any, Record], bool], told: Record, shown: dict[str, Record]) -> list[str]:
    found = []
    for key, value in (told.get(name) or {}).items():
        if key not in shown:
            found.append(f"{name}: {key} is not shown")
        elif not compare(value, shown[key]):
            row = {field: shown[key][field] for field in FIELDS[name]}
            found.append(f"{name} of {key}: expected {value}, is {row}")
    return found


def _features(expected: Record, row: Record) -> bool:
    return all(abs(value - row["features"][name]) < 1e-12 for name, value in expected.items())


def _distance(expected: float | str, row: Record) -> bool:
    if isinstance(expected, str):
        return row["distance_km"] is None and bool(row["distance_band"] == expected)
    return row["distance_km"] is not None and abs(row["distance_km"] - expected) <= 0.05


DETAILS: dict[str, Callable[[Any, Record], bool]] = {
    "scores": lambda value, row: abs(row["score"] - value) < HALF_A_DIGIT,
    "features": _features,
    "penalties": lambda value, row: sum(p["value"] for p in row["penalties"]) == value,
    "also_covers": lambda value, row: sorted(row["also_covers"]) == sorted(value),
    "contacts": lambda value, row: f"{row['contacts']['grade']} {row['contacts']['redundancy']}" == value,
    "links": lambda value, row: row["contacts"]["link"] == value,
    "distances": _distance,
}
FIELDS = {
    "scores": ("score", "features", "penalties"),
    "features": ("features",),
    "penalties": ("penalties",),
    "also_covers": ("also_covers",),
    "contacts": ("contacts",),
    "links": ("contacts",),
    "distances": ("distance_km", "distance_band"),
}


def _excluded(told: Record, given: Record) -> list[str]:
    """`told["excluded"]`: who, nearest first, and why; "unknown age": the registry never asked."""
    excluded: dict[str, list[str]] = told.get("excluded") or {}
    counts: dict[str, list[int]] = {}
    for reasons in excluded.values():
        for reason in reasons:
            counts.setdefault(reason.removeprefix(UNASKED), [0, 0])[reason.startswith(UNASKED)] += 1
    found = _unlike("excluded in all", len(excluded), given["total"])
    by_reason = {row["rule"]: [row["said"], row["unknown"]] for row in given["by_reason"]}
    found += _unlike("excluded by reason (said, unknown)", counts, by_reason)
    expected = [
        (key, [reason.removeprefix(UNASKED) for reason in reasons])
        for key, reasons in excluded.items()
        if not set(HIDDEN) & set(reasons)
    ][:NEAREST_SHOWN]
    found += _unlike("excluded, nearest first", expected, [(r["service_site"], r["rules"]) for r in given["nearest"]])
    waiting = [row["service_site"] for row in given["nearest"] if row["waitlist"]]
    found += _unlike("waitlist", sorted(told.get("waitlist", [])), sorted(waiting))
    openings = {row["service_site"]: row["next_opening"] for row in given["nearest"] if row["next_opening"]}
    wanted = {key: datetime.fromisoformat(str(value)) for key, value in (told.get("next_opening") or {}).items()}
    return found + _unlike("next opening", wanted, openings)
