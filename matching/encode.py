"""Registry records into the codes of the columns: one place that knows how an answer is written down."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from matching.bits import Bits
from matching.columns import (
    ACUITIES,
    GENDERS,
    SCOPES,
    STATUS_NOT_VALID,
    STATUSES,
    SUBSTANCES,
    TRANS,
    microseconds,
    ordinal,
)
from matching.rows import Record, Row
from matching.rules.outcome import ANSWERS, LIMIT_CASE_BY_CASE, LIMIT_NOT_KNOWN
from matching.week import Weeks

BAND_LEAST = {"none": 0, "1-2": 1, "3+": 3}
"""The least that a published band stands for."""


def limit(value: Any) -> int:
    """A number, or that it is decided case by case, or not known. "no" is zero: no children."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return {"case_by_case": LIMIT_CASE_BY_CASE, "no": 0}.get(value, LIMIT_NOT_KNOWN)


def code(table: Mapping[str, Any]) -> Callable[[Any], int]:
    """How a column of codes is read; what the table does not know is not known."""
    return lambda value: int(table.get(value, 0)) if isinstance(value, str) else 0


SMALL: dict[str, tuple[str, Callable[[Any], int]]] = {
    "gender": ("sex_gender", code(GENDERS)),
    "trans": ("trans_policy", code(TRANS)),
    "unaccompanied": ("unaccompanied_minor", code(ANSWERS)),
    "pregnancy": ("pregnancy", code(ANSWERS)),
    "newborn": ("newborn", code(ANSWERS)),
    "step_free": ("step_free", code(ANSWERS)),
    "substance": ("substance", code(SUBSTANCES)),
    "mental": ("mental_acuity_max", code(ACUITIES)),
    "medical": ("medical_acuity_max", code(ACUITIES)),
    "undocumented": ("undocumented", code(ANSWERS)),
    "police_report": ("police_report_required", code(ANSWERS)),
    "recognition": ("recognition_required", code(ANSWERS)),
    "dsd_referral": ("dsd_referral_required", code(ANSWERS)),
    "identity_document": ("id_required", code(ANSWERS)),
    "interpreter": ("interpreter_on_call", code(ANSWERS)),
}
"""Columns of codes: the field of the service or its eligibility, and how it is read."""

LIMITS = {
    "age_min": "age_min",
    "age_max": "age_max",
    "children": "children_with_adult",
    "boy_max": "boy_child_max_age",
    "girl_max": "girl_child_max_age",
    "stay": "stay_max_days",
}
"""Columns of limits: the field of the service or its eligibility."""


def answers(rows: Sequence[Row]) -> dict[str, Any]:
    """The columns that come from what a service says of itself."""
    small = {
        name: np.array([read(row.field(source)) for row in rows], dtype=np.int8)
        for name, (source, read) in SMALL.items()
    }
    limits = {
        name: np.array([limit(row.field(source)) for row in rows], dtype=np.int64) for name, source in LIMITS.items()
    }
    return small | limits


def capacities(rows: Sequence[Row]) -> dict[str, Any]:
    """The columns of room: units free, and whether that is the least of a band."""
    facts = [row.service_site.get("capacity") or {} for row in rows]
    return {
        "available": np.array([_available(fact) for fact in facts], dtype=np.int64),
        "banded": np.array(["band" in fact for fact in facts], dtype=np.bool_),
        "by_room": np.array([fact.get("unit") == "room" for fact in facts], dtype=np.bool_),
        "capacity_as_of": np.array([microseconds(fact.get("as_of")) for fact in facts], dtype=np.int64),
    }


def _available(fact: Record) -> int:
    if "band" in fact:
        return BAND_LEAST.get(fact["band"] or "", -1)
    available = fact.get("available")
    return -1 if available is None else int(available)


def certificates(rows: Sequence[Row]) -> dict[str, Any]:
    """The columns of accreditation."""
    facts = [row.organisation.get("accreditation") or {} for row in rows]
    status = [STATUSES.get(fact.get("status") or "unknown", STATUS_NOT_VALID) for fact in facts]
    return {
        "accreditation": np.array(status, dtype=np.int8),
        "issued": np.array([ordinal(fact.get("issued")) for fact in facts], dtype=np.int64),
        "expires": np.array([ordinal(fact.get("expires")) for fact in facts], dtype=np.int64),
    }


def competences(rows: Sequence[Row]) -> tuple[Bits, dict[str, Any]]:
    """The columns of `serves`: the scope, and provinces and districts as bits."""
    facts = [row.serves or {} for row in rows]
    sets = [frozenset(fact.get("codes") or ()) for fact in facts]
    bits = Bits.over(sets)
    scope = [int(SCOPES.get(fact.get("scope") or "", 0)) for fact in facts]
    return bits, {"scope": np.array(scope, dtype=np.int8), "serves": bits.pack(sets)}


def languages(rows: Sequence[Row]) -> tuple[Bits, dict[str, Any]]:
    """The columns of languages, and whether any is known."""
    sets = [row.languages for row in rows]
    bits = Bits.over(sets)
    known = np.array([bool(spoken) for spoken in sets], dtype=np.bool_)
    return bits, {"languages": bits.pack(sets), "languages_known": known}


def hours(rows: Sequence[Row]) -> tuple[Weeks, dict[str, Any]]:
    """The column of intake weeks."""
    weeks, numbers = Weeks.of([row.week for row in rows])
    return weeks, {"intake": numbers.astype(np.int64)}
