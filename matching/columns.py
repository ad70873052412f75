"""The candidates as columns: what rules and features read, one row for one service at one site.

Only published facts stand here. Answers are small codes (`matching.rules.outcome`), sets are bits
(`matching.bits`), times are whole microseconds since 1970 in UTC with `NEVER` for not known, days are proleptic
ordinals with 0 for not known."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.bits import Words

Ints = NDArray[np.int64]
Small = NDArray[np.int8]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
NEVER = -(1 << 62)
"""Long before any date, and far enough from the end of the range that ages do not overflow."""
MICROSECONDS_A_DAY = 86_400_000_000
MICROSECONDS_AN_HOUR = 3_600_000_000

NATIONAL, PROVINCES, DISTRICTS = (np.int8(i) for i in range(1, 4))
SCOPES = {"national": NATIONAL, "province": PROVINCES, "district": DISTRICTS}
FEMALE, MALE, ANY = (np.int8(i) for i in range(1, 4))
GENDERS = {"female": FEMALE, "male": MALE, "any": ANY, "case_by_case": np.int8(4)}
TRANS = {"by_identity": np.int8(1), "no": np.int8(2), "case_by_case": np.int8(3)}
ACUITIES = {"low": np.int8(1), "moderate": np.int8(2), "high": np.int8(3), "case_by_case": np.int8(4)}
SUBSTANCES = {"none": 1, "stable": 2, "active": 3, "detox_onsite": 4, "case_by_case": 5}
STATUSES = {"valid": np.int8(1), "unknown": np.int8(0)}
STATUS_NOT_VALID = np.int8(2)


def microseconds(moment: datetime | None) -> int:
    """An aware time as the columns hold it."""
    return NEVER if moment is None else (moment - EPOCH) // MICROSECOND


def ordinal(day: date | None) -> int:
    """A date as the columns hold it."""
    return 0 if day is None else day.toordinal()


SETS = ("districts", "serves", "languages", "codes", "covers")
"""Columns that hold a set: as many 64-bit words a row as its bits take."""

WIDTHS: Mapping[str, str] = {
    **dict.fromkeys(("tie", "verified", "capacity_as_of"), "i8"),
    **dict.fromkeys(("lat", "lon", "reach"), "f8"),
    **dict.fromkeys(("row", "organisation", "host", "unit", "unit_organisation", "intake"), "i4"),
    **dict.fromkeys(("issued", "expires"), "i4"),
    **dict.fromkeys(("area", "available", "stay", "age_min", "age_max", "children", "boy_max", "girl_max"), "i2"),
    **dict.fromkeys(("active", "remote", "on_site", "open_site", "languages_known", "banded", "by_room"), "?"),
    **dict.fromkeys(
        ("province", "scope", "accreditation", "interpreter", "gender", "trans", "unaccompanied", "pregnancy"), "i1"
    ),
    **dict.fromkeys(("newborn", "step_free", "substance", "mental", "medical", "undocumented"), "i1"),
    **dict.fromkeys(("police_report", "recognition", "dsd_referral", "identity_document"), "i1"),
}
"""Every other column and how it is kept; the widest first, so that each stands where the processor wants it."""


def layout(words: Mapping[str, int]) -> np.dtype[np.void]:
    """How one row is kept. `words`: how many words each set takes."""
    return np.dtype([(name, "<u8", (words[name],)) for name in SETS] + [(n, f"<{w}") for n, w in WIDTHS.items()])


class Columns:
    """Columns of equal length over one table of rows, so that taking a few rows touches each once. `row` is the
    number of the row, `tie` rises with the hash of its id, `host` is the organisation that keeps its site. `open_site`
    says that the published point is its own; `lat` and `lon` are NaN where none is known. `covers` has what its
    organisation gives in the same place or remotely, by services that are active."""

    row: Ints
    tie: Ints
    active: Flags
    verified: Ints
    organisation: Ints
    host: Ints
    unit: Ints
    unit_organisation: Ints
    remote: Flags
    on_site: Flags
    area: Ints
    open_site: Flags
    lat: Floats
    lon: Floats
    reach: Floats
    province: Ints
    codes: Words
    covers: Words
    districts: Words
    scope: Small
    serves: Words
    accreditation: Small
    issued: Ints
    expires: Ints
    intake: Ints
    languages: Words
    languages_known: Flags
    interpreter: Small
    stay: Ints
    available: Ints
    banded: Flags
    by_room: Flags
    capacity_as_of: Ints
    gender: Small
    trans: Small
    age_min: Ints
    age_max: Ints
    unaccompanied: Small
    children: Ints
    boy_max: Ints
    girl_max: Ints
    pregnancy: Small
    newborn: Small
    step_free: Small
    substance: Small
    mental: Small
    medical: Small
    undocumented: Small
    police_report: Small
    recognition: Small
    dsd_referral: Small
    identity_document: Small

    def __init__(self, table: NDArray[np.void]) -> None:
        self.table = table

    def __getattr__(self, name: str) -> Any:
        """One column: a view of the table, kept."""
        try:
            column = self.__dict__[name] = self.table[name]
        except (KeyError, ValueError) as error:
            raise AttributeError(name) from error
        return column

    def __reduce__(self) -> tuple[type["Columns"], tuple[NDArray[np.void]]]:
        """The table is all there is to keep."""
        return type(self), (self.table,)

    def __len__(self) -> int:
        return len(self.table)

    def take(self, rows: Ints | Flags | slice) -> "Columns":
        """The same columns for some rows, in the given order. Of records, `take` is ten times as quick as an index."""
        if isinstance(rows, slice):
            return Columns(self.table[rows])
        return Columns(self.table.take(np.flatnonzero(rows) if rows.dtype == np.bool_ else rows))

    @property
    def placed(self) -> Flags:
        """Whether a point is published."""
        return ~np.isnan(self.lat)
