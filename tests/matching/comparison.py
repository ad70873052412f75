"""Two answers in the oracle's form, compared: order and buckets exactly, figures to the last bits of a float."""

from typing import Any

Record = dict[str, Any]

TINY = 1e-12
HALF_A_HUNDRED_METRES = 0.05 + 1e-9


def differences(product: Record, oracle: Record) -> list[str]:
    """Everything in which the product's answer is not the oracle's."""
    needs = [block["need"] for block in oracle["by_need"]]
    if needs != [block["need"] for block in product["by_need"]]:
        return [f"needs {[block['need'] for block in product['by_need']]}, oracle {needs}"]
    found = [
        f"{ours['need']}: {line}"
        for theirs, ours in zip(product["by_need"], oracle["by_need"], strict=True)
        for line in _need(theirs, ours)
    ]
    if product["uncovered"] != oracle["uncovered"]:
        found.append(f"uncovered {product['uncovered']}, oracle {oracle['uncovered']}")
    return found


def _need(theirs: Record, ours: Record) -> list[str]:
    found = _unlike("read_as", theirs, ours)
    for bucket in ("suitable", "confirm_by_phone"):
        order = [row["service_site"] for row in ours[bucket]]
        if not _same_order(theirs[bucket], ours[bucket]):
            found.append(f"{bucket} {[row['service_site'] for row in theirs[bucket]]}, oracle {order}")
            continue
        by_key = {row["service_site"]: row for row in ours[bucket]}
        for row in theirs[bucket]:
            found += [f"{row['service_site']}: {line}" for line in _row(row, by_key[row["service_site"]])]
    return found + _excluded(theirs["excluded"], ours["excluded"])


def _unlike(name: str, theirs: Record, ours: Record) -> list[str]:
    return [] if theirs[name] == ours[name] else [f"{name} {theirs[name]}, oracle {ours[name]}"]


def _same_order(theirs: list[Record], ours: list[Record]) -> bool:
    """The same order, save that two scores which differ in the last bits only may change places.

    The weighted sum of six floats depends on the order of addition, which the design leaves open.
    """
    if [row["service_site"] for row in theirs] == [row["service_site"] for row in ours]:
        return True
    score = {row["service_site"]: row["score"] for row in ours}
    if len(theirs) != len(ours) or set(score) != {row["service_site"] for row in theirs}:
        return False
    twins = {round(value, 12) for value in score.values()}
    return len(twins) < len(score) and all(
        abs(score[a["service_site"]] - score[b["service_site"]]) < TINY for a, b in zip(theirs, ours, strict=True)
    )


def _row(theirs: Record, ours: Record) -> list[str]:
    found = []
    for name in ("distance_band", "contacts"):
        found += _unlike(name, theirs, ours)
    for name in ("confirm", "also_covers"):
        if sorted(theirs[name]) != sorted(ours[name]):
            found.append(f"{name} {theirs[name]}, oracle {ours[name]}")
    if abs(theirs["score"] - ours["score"]) > TINY:
        found.append(f"score {theirs['score']}, oracle {ours['score']}")
    if set(theirs["features"]) != set(ours["features"]):
        found.append(f"features {set(theirs['features'])}")
    else:
        found += [
            f"{name} {value}, oracle {ours['features'][name]}"
            for name, value in theirs["features"].items()
            if abs(value - ours["features"][name]) > TINY
        ]
    if theirs["penalties"] != ours["penalties"]:
        found.append(f"penalties {theirs['penalties']}, oracle {ours['penalties']}")
    shown, exact = theirs["distance_km"], ours["distance_km"]
    if (shown is None) != (exact is None) or (shown is not None and abs(shown - exact) > HALF_A_HUNDRED_METRES):
        found.append(f"distance_km {shown}, oracle {exact}")
    return found


def _excluded(theirs: Record, ours: Record) -> list[str]:
    found = _unlike("total", theirs, ours)
    counts = [{row["rule"]: (row["said"], row["unknown"]) for row in one["by_reason"]} for one in (theirs, ours)]
    if counts[0] != counts[1]:
        found.append(f"by_reason {counts[0]}, oracle {counts[1]}")
    for name in ("service_site", "rules", "waitlist", "next_opening"):
        given, expected = ([row[name] for row in one["nearest"]] for one in (theirs, ours))
        if name == "rules":
            given, expected = [sorted(rules) for rules in given], [sorted(rules) for rules in expected]
        if given != expected:
            found.append(f"nearest {name} {given}, oracle {expected}")
    return found
