"""The candidates as columns: what rules and features read, one row for one service at one site.

Only published facts stand here. Answers are small codes (`matching.rules.outcome`), sets are bits
(`matching.bits`), times are whole microseconds since 1970 in UTC with `NEVER` for not known, days are proleptic
ordinals with 0 for not known."""

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta

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


@dataclass(frozen=True, slots=True)
class Columns:
    """Arrays of equal length. `tie` is the rank of the row in hash order; `spot` points to the distinct published
    points, `yard` to the distinct pairs of organisation and published area, `home` to those of organisation and open
    point: each -1 where there is none. `open_site` says that the published point is its own."""

    row: Ints
    tie: Ints
    active: Flags
    verified: Ints
    organisation: Ints
    unit: Ints
    unit_organisation: Ints
    remote: Flags
    on_site: Flags
    spot: Ints
    yard: Ints
    home: Ints
    open_site: Flags
    lat: Floats
    lon: Floats
    reach: Floats
    province: Ints
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

    def __len__(self) -> int:
        return len(self.row)

    def take(self, rows: Ints | Flags) -> "Columns":
        """The same columns for some rows, in the given order."""
        return Columns(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})
