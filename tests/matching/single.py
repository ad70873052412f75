"""One house that takes everybody, and one case that asks nothing hard: tests change one fact or one word of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any

import numpy as np

from matching.index import Index, build
from matching.ranking import Question, Ranker, World
from matching.rulesets import catalogue
from matching.types import Asker, Case, Contacts, Member, Near, Profile

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)  # 22:00 in Johannesburg, a Saturday
POLOKWANE = Near("Polokwane, Limpopo", -23.9, 29.45, "ZA-LP", "DC35")
WOMAN = Member(age=29, gender="female")
CALM = Profile(mental_acuity="low", medical_acuity="low", substance="none")
URGENCY = {"shelter_emergency": 1, "child_temporary_safe_care": 1, "medical_emergency": 1, "medical_general": 2}

HOUSE: Mapping[str, Any] = MappingProxyType(
    {
        "sex_gender": "any",
        "trans_policy": "by_identity",
        "age_min": 0,
        "age_max": 130,
        "unaccompanied_minor": "yes",
        "children_with_adult": 5,
        "boy_child_max_age": 17,
        "girl_child_max_age": 17,
        "pregnancy": "yes",
        "newborn": "yes",
        "step_free": "yes",
        "substance": "active",
        "mental_acuity_max": "high",
        "medical_acuity_max": "high",
        "undocumented": "yes",
        "police_report_required": "no",
        "recognition_required": "no",
        "dsd_referral_required": "no",
        "id_required": "no",
    }
)


@dataclass(frozen=True)
class Area:
    """A published area of a test."""

    id: str
    label: str = "Polokwane area, Limpopo"
    district: str = "DC35"
    province: str = "ZA-LP"
    reach_km: float = 30.0
    districts: tuple[str, ...] = ("DC35",)


@dataclass
class House:
    """One candidate with its records. `says` goes over HOUSE; None takes an answer away."""

    key: str = "a"
    codes: tuple[str, ...] = ("shelter_emergency",)
    says: dict[str, Any] = field(default_factory=dict)
    service: dict[str, Any] = field(default_factory=dict)
    organisation: dict[str, Any] = field(default_factory=dict)
    unit: dict[str, Any] | None = None
    site: dict[str, Any] | None = field(default_factory=dict)
    here: dict[str, Any] = field(default_factory=dict)

    def records(self) -> dict[str, dict[str, Any]]:
        """Its published records by collection."""
        owner = self.organisation.get("id", f"org-{self.key}")
        eligibility = {k: v for k, v in {**HOUSE, **self.says}.items() if v is not None}
        service = {
            "id": f"svc-{self.key}",
            "name": f"Service {self.key}",
            "organisation_id": owner,
            "department_id": f"unit-{self.key}" if self.unit is not None else None,
            "codes": list(self.codes),
            "delivery": "on_site",
            "intake": "24h",
            "languages": ["eng"],
            "interpreter_on_call": "no",
            "eligibility": eligibility,
            **self.service,
        }
        here = {
            "id": self.key,
            "service_id": service["id"],
            "site_id": None if self.site is None else f"site-{self.key}",
            "verified_at": NOW - timedelta(days=10),
            "capacity": {"unit": "bed", "total": 9, "available": 9, "as_of": NOW},
            **self.here,
        }
        records = {
            "organisations": {"id": owner, "name": f"Org {self.key}", **self.organisation},
            "services": service,
            "service_sites": here,
        }
        if self.unit is not None:
            records["departments"] = {"id": f"unit-{self.key}", "organisation_id": owner, **self.unit}
        if self.site is not None:
            place = {"lat": -23.9, "lon": 29.45, "district": "DC35", "province": "ZA-LP", "area_id": "area"}
            records["sites"] = {"id": f"site-{self.key}", "confidential": False, **place, **self.site}
        return records


class Silent:
    """A contact source that knows nobody, but for what a test says."""

    def __init__(self, own: Mapping[str, int] | None = None, linked: Mapping[str, int] | None = None) -> None:
        self.own, self.linked = dict(own or {}), dict(linked or {})

    def redundancy(self, service_site_id: str) -> int:
        return self.own.get(service_site_id, 0)

    def asker_redundancies(self, asker: Asker) -> Mapping[str, int]:
        return self.linked

    def contacts(self, service_site_id: str, asker: Asker, when: datetime) -> Contacts:
        return Contacts("dead", 0, None, "", None, False, ())

    def unit_contacts(self, department_id: str, asker: Asker, when: datetime) -> Contacts:
        return Contacts("dead", 0, None, "", None, False, ())

    def organisation_contacts(self, organisation_id: str, asker: Asker, when: datetime) -> Contacts:
        return Contacts("dead", 0, None, "", None, False, ())


def case(**said: Any) -> Case:
    """A woman of 29 who is well asks for a bed tonight; `profile` goes over what is said of her."""
    profile = replace(CALM, **said.pop("profile", {}))
    plain: dict[str, Any] = {"near": POLOKWANE, "needs": ("shelter_emergency",), "now": NOW, "when": NOW}
    return Case(**{**plain, "party": (WOMAN,), **said, "profile": profile})


def index_of(houses: Iterable[House], areas: Iterable[Area] = (Area("area"),)) -> Index:
    """The index of some houses."""
    collections: dict[str, dict[str, dict[str, Any]]] = {}
    for house in houses:
        for name, record in house.records().items():
            collections.setdefault(name, {})[record["id"]] = record
    return build(collections, {area.id: area for area in areas}, catalogue.current().numbers.same_place_km)


def ask(houses: Iterable[House], asked: Case, contacts: Silent | None = None, areas: Any = (Area("area"),)) -> Question:
    """A case put to some houses."""
    index, source = index_of(houses, areas), contacts or Silent()
    own = np.zeros(len(index.columns), dtype=np.int64)
    for number, row in index.candidates():
        own[number] = source.redundancy(row.id)
    return Ranker(World(index, source, own, catalogue.current(), URGENCY), Asker()).read(asked)


def ago(**spent: float) -> datetime:
    return NOW - timedelta(**spent)


def certificate(**changed: Any) -> dict[str, Any]:
    """A valid accreditation."""
    return {"status": "valid", "issued": date(2025, 1, 1), "expires": date(2028, 12, 31), **changed}
