"""Registry records into the codes of the columns: one place that knows how an answer is written down."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
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
    Columns,
    layout,
    microseconds,
    ordinal,
)
from matching.rows import Record, Row
from matching.rules.outcome import ANSWERS, LIMIT_CASE_BY_CASE, LIMIT_NOT_KNOWN
from matching.week import Weeks

BAND_LEAST = {"none": 0, "1-2": 1, "3+": 3}
"""The least that a published band stands for."""

MOST = 32_767
"""Years, children, days or beds beyond which a limit is none: what a column holds."""


@dataclass(frozen=True, slots=True)
class Numbering:
    """The number or bit that each id or code has in the columns, and the distinct opening weeks. It only ever grows."""

    organisations: Mapping[str, int]
    units: Mapping[str, int]
    areas: Mapping[str, int]
    provinces: Mapping[str, int]
    serves: Bits
    districts: Bits
    languages: Bits
    codes: Bits
    weeks: Weeks

    @classmethod
    def of(cls, rows: Sequence[Row]) -> "Numbering":
        """The numbers of all that some rows name."""
        none = Bits.over(())
        return cls({}, {}, {}, {}, none, none, none, none, Weeks.of(())[0]).with_all(rows)

    def with_all(self, rows: Sequence[Row]) -> "Numbering":
        """The same, and numbers for what is new."""
        organisations = [one for r in rows for one in (r.organisation_id, r.unit_organisation_id, r.host_id)]
        return Numbering(
            organisations=_grown(self.organisations, organisations),
            units=_grown(self.units, [row.department_id for row in rows]),
            areas=_grown(self.areas, [row.area_id for row in rows]),
            provinces=_grown(self.provinces, [row.province for row in rows]),
            serves=self.serves.with_all(row.served for row in rows),
            districts=self.districts.with_all(row.districts for row in rows),
            languages=self.languages.with_all(row.languages for row in rows),
            codes=self.codes.with_all(row.codes for row in rows),
            weeks=self.weeks.with_all([row.week for row in rows])[0],
        )

    @property
    def layout(self) -> np.dtype[np.void]:
        """How a row is kept that has room for these sets."""
        sets = {name: getattr(self, name).words for name in ("districts", "serves", "languages", "codes")}
        return layout({**sets, "covers": self.codes.words})


def _grown(known: Mapping[str, int], keys: Sequence[str | None]) -> Mapping[str, int]:
    further = sorted({key for key in keys if key is not None} - known.keys())
    return {**known, **{key: len(known) + i for i, key in enumerate(further)}} if further else known


def limit(value: Any) -> int:
    """A number, or that it is decided case by case, or not known. "no" is zero: no children."""
    if isinstance(value, int) and not isinstance(value, bool):
        return min(value, MOST)
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
    ways = {**SMALL, **{name: (source, limit) for name, source in LIMITS.items()}}
    sources = [source for source, _ in ways.values()]
    said = [tuple(map(row.eligibility.get, sources)) for row in rows]
    of_service = set().union(*(row.service.keys() for row in rows))
    return {
        name: [read(row.field(source)) for row in rows]
        if source in of_service
        else [read(values[at]) for values in said]
        for at, (name, (source, read)) in enumerate(ways.items())
    }


def table(rows: Sequence[Row], number: Numbering) -> Columns:
    """The rows as columns, but for what depends on other rows: `row` and `covers`. `number` knows all of them."""
    written = np.zeros(len(rows), dtype=number.layout)
    for columns in (_standing(rows, number), places(rows, number), answers(rows), daily(rows), certificates(rows)):
        for name, values in columns.items():
            written[name] = values
    return Columns(written)


def daily(rows: Sequence[Row]) -> dict[str, Any]:
    """The columns that come from the service at its site, which changes daily."""
    return {
        "active": [row.active for row in rows],
        "verified": [microseconds(row.service_site.get("verified_at")) for row in rows],
        **capacities(rows),
    }


def today(row: Row) -> tuple[tuple[str, int], ...]:
    """The same columns of one row, but for `active`."""
    fact: Record = row.service_site.get("capacity") or {}
    as_of = fact.get("as_of")
    return (
        ("verified", microseconds(row.service_site.get("verified_at"))),
        ("available", _available(fact) if as_of else -1),
        ("banded", "band" in fact),
        ("by_room", fact.get("unit") == "room"),
        ("capacity_as_of", microseconds(as_of)),
    )


def _standing(rows: Sequence[Row], number: Numbering) -> dict[str, Any]:
    """The columns of who gives it, to whom and when."""
    return {
        "tie": [tie(row.id) for row in rows],
        "organisation": [number.organisations[row.organisation_id] for row in rows],
        "unit": [_number(number.units, row.department_id) for row in rows],
        "unit_organisation": [_number(number.organisations, row.unit_organisation_id) for row in rows],
        "remote": [row.remote for row in rows],
        "on_site": [row.on_site for row in rows],
        "scope": [int(SCOPES.get((row.serves or {}).get("scope") or "", 0)) for row in rows],
        "serves": number.serves.pack([row.served for row in rows]),
        "codes": number.codes.pack([row.codes for row in rows]),
        "languages": number.languages.pack([row.languages for row in rows]),
        "languages_known": [bool(row.languages) for row in rows],
        "intake": [_number(number.weeks.number, row.week) for row in rows],
    }


def places(rows: Sequence[Row], number: Numbering) -> dict[str, Any]:
    """The columns of where it is."""
    sites = [row.site if row.placed else None for row in rows]
    return {
        "host": [_number(number.organisations, row.host_id) for row in rows],
        "area": [_number(number.areas, row.area_id) for row in rows],
        "open_site": [row.placed and not row.confidential for row in rows],
        "lat": [np.nan if site is None else site["lat"] for site in sites],
        "lon": [np.nan if site is None else site["lon"] for site in sites],
        "reach": [row.reach_km for row in rows],
        "province": [_number(number.provinces, row.province) for row in rows],
        "districts": number.districts.pack([row.districts for row in rows]),
    }


def _number(numbers: Mapping[Any, int], key: Any) -> int:
    return -1 if key is None else numbers[key]


def tie_break(identifier: str) -> bytes:
    """The stable hash that settles ties: BLAKE2b-512 over the id in UTF-8. Never the alphabet."""
    return blake2b(identifier.encode()).digest()


def tie(identifier: str) -> int:
    """Its first 63 bits, which order as the whole does: among a million ids two agree in them once in ten million
    registries."""
    return int.from_bytes(tie_break(identifier)[:8]) >> 1


def capacities(rows: Sequence[Row]) -> dict[str, Any]:
    """The columns of room: units free (-1 unless it is known since when), and whether that is the least of a band."""
    facts = [row.service_site.get("capacity") or {} for row in rows]
    return {
        "available": [_available(fact) if fact.get("as_of") else -1 for fact in facts],
        "banded": ["band" in fact for fact in facts],
        "by_room": [fact.get("unit") == "room" for fact in facts],
        "capacity_as_of": [microseconds(fact.get("as_of")) for fact in facts],
    }


def _available(fact: Record) -> int:
    if "band" in fact:
        return BAND_LEAST.get(fact["band"] or "", -1)
    available = fact.get("available")
    return -1 if available is None else min(int(available), MOST)


def certificates(rows: Sequence[Row]) -> dict[str, Any]:
    """The columns of accreditation."""
    facts = [row.organisation.get("accreditation") or {} for row in rows]
    return {
        "accreditation": [STATUSES.get(fact.get("status") or "unknown", STATUS_NOT_VALID) for fact in facts],
        "issued": [ordinal(fact.get("issued")) for fact in facts],
        "expires": [ordinal(fact.get("expires")) for fact in facts],
    }
