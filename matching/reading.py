"""A case in the terms of an index: places, languages and organisations become bits and numbers, once."""

from dataclasses import dataclass, field, replace

import numpy as np

from matching.asked import Asked, AvoidCodes, Numbers
from matching.bits import Bits
from matching.columns import Columns, Flags, Floats, microseconds, ordinal
from matching.index import Index
from matching.offered import Offered
from matching.party import Party
from matching.sphere import Points
from matching.types import Avoid, Case
from matching.week import LOCAL

READ_FOR_CHILDREN = {"shelter_emergency": "child_temporary_safe_care"}
"""What an unaccompanied child asks for, and what that means: a child is placed, not sheltered."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A case as one index reads it."""

    case: Case
    asked: Asked
    asking_for: dict[str, Asked] = field(default_factory=dict)

    @classmethod
    def of(cls, case: Case, index: Index, numbers: Numbers) -> "Reading":
        asked = Asked(
            code="",
            party=Party.of(case.party),
            profile=case.profile,
            numbers=numbers,
            now_us=microseconds(case.now),
            day=ordinal(case.when.astimezone(LOCAL).date()),
            open_weeks=index.number.weeks.open_at(case.when),
            languages=index.number.languages.mask(case.profile.languages),
            province=_one(index.number.serves, case.near.province),
            district=_one(index.number.serves, case.near.district),
            avoid=_avoid(case.avoid, index),
            stay_days=case.stay_days,
        )
        return cls(case, asked)

    @property
    def at_once(self) -> bool:
        """Whether it is about now, to the minute."""
        return self.case.when.replace(second=0, microsecond=0) == self.case.now.replace(second=0, microsecond=0)

    def kilometres(self, c: Columns) -> Floats:
        """Published distances; a remote service has none, nor has one whose place is not known."""
        if isinstance(c, Offered):
            return self._known(c.points, c.remote)
        return self._known(Points.of(c.lat, c.lon), c.remote)

    def _known(self, points: Points, remote: Flags) -> Floats:
        km = points.km(self.case.near.lat, self.case.near.lon)
        km[remote | np.isnan(km)] = np.inf
        return km

    def code(self, need: str) -> str:
        """The need as it is read for this party."""
        return READ_FOR_CHILDREN.get(need, need) if self.asked.party.unaccompanied else need

    def asking(self, need: str) -> Asked:
        """The question for one need."""
        found = self.asking_for.get(need)
        if found is None:
            found = self.asking_for[need] = replace(self.asked, code=self.code(need))
        return found


def _one(bits: Bits, code: str | None) -> "np.ndarray[tuple[int], np.dtype[np.uint64]]":
    return bits.mask(() if code is None else (code,))


def _avoid(avoid: Avoid, index: Index) -> AvoidCodes:
    number = index.number
    organisations = [number.organisations[i] for i in avoid.organisations if i in number.organisations]
    units = [number.units[i] for i in avoid.departments if i in number.units]
    return AvoidCodes(
        districts=number.districts.mask(avoid.districts),
        circles=avoid.circles,
        organisations=np.array(organisations, dtype=np.int64),
        units=np.array(units, dtype=np.int64),
        any_district=bool(avoid.districts),
    )
