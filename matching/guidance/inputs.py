"""What guidance is given: units, contacts, the ranker's search, the public hotlines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from matching.calls import answers_at
from matching.contacts import Grade
from matching.guidance.unit import Unit
from matching.guidance.units import Units, Wanted
from matching.index import tie_break
from matching.types import (
    Asker,
    Bucket,
    Call,
    Case,
    Contacts,
    ContactSource,
    Ranked,
    Search,
    Sighted,
    StepContact,
    Who,
)
from matching.week import Hours

FIRST_LOOKED_AT = 8
"""How many nearest candidates are looked at before the search is widened."""

WIDER = 8
"""By how much it is widened each time."""

HOTLINE_GRADE: Grade = "single_channel"
"""A hotline is one line that outlives everybody on it."""

BUCKETS: tuple[Bucket, ...] = ("suitable", "confirm_by_phone")


class Reachable(ContactSource, Protocol):
    """Contacts of organisations as well; `matching.contactbook.ContactBook` is the real one."""

    def organisation_contacts(self, organisation_id: str, asker: Asker, when: datetime) -> Contacts:
        """Whom to call at an organisation."""


@dataclass(frozen=True, slots=True)
class Hotline:
    """A public hotline. `kind`: trafficking, police, emergency, ambulance, gender_violence, shelter, child."""

    name: str
    number: str
    kind: str
    hours: Hours

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Hotline:
        """From the published list of hotlines."""
        return cls(str(record["name"]), str(record["number"]), str(record["kind"]), record.get("hours"))


@dataclass(frozen=True, slots=True)
class Guide:
    """Everything that guidance may ask, for one asker and one question."""

    units: Units
    contacts: Reachable
    search: Search
    hotlines: tuple[Hotline, ...]
    asker: Asker
    found: dict[Wanted, Unit | None] = field(default_factory=dict)
    """The units found for the place of the question; several duties lead to the same."""

    def unit(self, wanted: Wanted, case: Case) -> Unit | None:
        """The competent unit for the place; when the first is avoided, the second."""
        if wanted not in self.found:
            self.found[wanted] = next(self.units.competent(wanted, case.near, case.avoid), None)
        return self.found[wanted]

    def who(self, wanted: Wanted, case: Case) -> Who | None:
        """That unit with its contacts and grade."""
        unit = self.unit(wanted, case)
        if unit is None:
            return None
        return Who(unit.id, unit.name, self.contacts.unit_contacts(unit.id, self.asker, case.when))

    def unit_contact(self, unit: Unit, case: Case) -> StepContact:
        contacts = self.contacts.unit_contacts(unit.id, self.asker, case.when)
        return StepContact(unit.name, department_id=unit.id, contacts=contacts)

    def hotline(self, kinds: Iterable[str], case: Case) -> StepContact | None:
        """The first hotline of the first kind that is listed."""
        wanted = list(kinds)
        listed = [hotline for hotline in self.hotlines if hotline.kind in wanted]
        if not listed:
            return None
        return hotline_contact(min(listed, key=lambda hotline: wanted.index(hotline.kind)), case)

    def nearest_open(self, case: Case, need: str) -> Ranked | None:
        """The nearest candidate with a place, not avoided, that is known to be open when asked. `max_km` does not hold
        for an emergency."""
        asked = nearest_first(case, need)
        limit = FIRST_LOOKED_AT
        while True:
            found = [self.search.sight(asked, need, bucket, limit) for bucket in BUCKETS]
            placed = sorted((one for part in found for one in part if one.point is not None), key=nearness)
            seen_to = min((nearness(part[-1]) for part in found if len(part) == limit), default=None)
            for one in placed:
                if seen_to is not None and nearness(one) > seen_to:
                    break
                if self.search.is_open(one.service_site_id, asked):
                    return one.show()
            if seen_to is None:
                return None
            limit *= WIDER


def nearest_first(case: Case, need: str) -> Case:
    """The case asked for this need alone, nearest first and at any distance."""
    return replace(case, needs=(need,), sort="nearest", max_km=None)


def nearness(one: Sighted) -> tuple[float, float, bytes]:
    """The order of `nearest`: published distance, then score, then hash."""
    return (one.km, -one.score, tie_break(one.service_site_id))


def candidate_contact(ranked: Ranked) -> StepContact:
    """A candidate as somebody to turn to."""
    service, organisation = ranked.service.name, ranked.organisation.name
    return StepContact(
        name=service if service == organisation else f"{service}, {organisation}",
        service_site_id=ranked.service_site_id,
        department_id=ranked.facts.department_id,
        distance_band=ranked.distance_band,
        contacts=ranked.contacts,
    )


def hotline_contact(hotline: Hotline, case: Case) -> StepContact:
    """A public hotline as somebody to turn to."""
    answers = answers_at(hotline.hours, case.when)
    call = Call(1, "duty_line", hotline.number, hotline.name, None, answers, None)
    contacts = Contacts(HOTLINE_GRADE, 1, None, "A public line that anybody may call.", None, False, (call,))
    return StepContact(hotline.name, contacts=contacts)
