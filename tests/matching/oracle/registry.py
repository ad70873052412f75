"""The registry as anyone may read it: one candidate per service-site, joined and published row by row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

from tests.matching.oracle import clock
from tests.matching.oracle.gazetteer import Area, Gazetteer, Point, distance_km

Record = dict[str, Any]
World = dict[str, list[Record]]
Ids = Mapping[str, Mapping[str, str]]
"""Ids by collection and key."""

OWN_FIELD = {"languages_spoken": "languages"}
SERVICE_FIELDS = ("interpreter_on_call", "stay_max_days", "setting", "transport", "cost", "intake", "languages_spoken")
"""Answers that the service record itself may give; it then beats the same in eligibility."""
RESIDENTIAL = (
    "shelter_emergency",
    "shelter_second_stage",
    "shelter_long_term",
    "child_temporary_safe_care",
    "child_youth_care_centre",
)
EMERGENCY = ("medical_emergency", "hotline", "police_report", "forensic_exam", "pep_srh")


@dataclass(frozen=True)
class Where:
    """What is published of a site: its own point if open, its area's if confidential."""

    point: Point
    confidential: bool
    area: Area
    province: str
    district: str

    def in_district(self, code: str) -> bool:
        """Does any part of what is published lie in the district?"""
        return code in self.area.districts if self.confidential else code == self.district

    def within(self, point: Point, radius_km: float) -> bool:
        """Does any part of what is published lie within the radius?"""
        reach = self.area.reach_km if self.confidential else 0.0
        return distance_km(self.point, point) <= radius_km + reach


@dataclass(frozen=True)
class Capacity:
    """Published beds or rooms: `sure` are certainly free; `exact` says whether more can be free."""

    unit: str
    sure: int
    exact: bool
    as_of: datetime | None


@dataclass(frozen=True)
class Candidate:
    """One service at one site."""

    key: str
    id: str
    service: Record
    organisation: Record
    department: Record | None
    where: Where | None
    active: bool
    verified_at: datetime | None
    capacity: Capacity | None

    @property
    def remote(self) -> bool:
        """Reached from anywhere: distance does not count."""
        return bool(self.service.get("delivery", "on_site") == "remote")

    @property
    def hash(self) -> bytes:
        """What breaks a tie: BLAKE2b-512 of the id in text form."""
        return blake2b(self.id.lower().encode()).digest()

    def offers(self, need: str) -> bool:
        """Is the need among the service's codes?"""
        return need in self.service["codes"]

    def group(self, need: str) -> str:
        """Which hard rules govern this candidate for this need."""
        if need in RESIDENTIAL:
            return "residential"
        if need in EMERGENCY:
            return "emergency"
        return "statutory" if self.department else "support"

    def answer(self, name: str) -> Any:
        """What the service answers to one question of eligibility; "unknown" when it was never asked."""
        if name in SERVICE_FIELDS:
            own = self.service.get(OWN_FIELD.get(name, name))
            if own not in (None, [], "unknown"):
                return own
        said = (self.service.get("eligibility") or {}).get(name)
        return "unknown" if said in (None, []) else said


class Registry:
    """All records by key, and the candidates they make."""

    def __init__(self, world: World, ids: Ids, now: datetime, gazetteer: Gazetteer) -> None:
        self.now = now
        self.ids = ids
        self.gazetteer = gazetteer
        self.rows = {name: {row["key"]: row for row in rows} for name, rows in world.items()}
        self.masked = {
            site["organisation"]
            for site in self.all("sites")
            if site.get("confidential") and site.get("status", "active") == "active"
        }
        self.candidates = [self._candidate(row) for row in self.all("service_sites")]

    def all(self, collection: str) -> list[Record]:
        """Every record of a collection."""
        return list(self.rows.get(collection, {}).values())

    def get(self, collection: str, key: str | None) -> Record | None:
        """One record; None for no key."""
        return None if key is None else self.rows[collection][key]

    def _candidate(self, row: Record) -> Candidate:
        service = self.rows["services"][row["service"]]
        department = self.get("departments", service.get("department"))
        organisation = self.rows["organisations"][service["organisation"]]
        site = self.get("sites", row.get("site"))
        verified_at = clock.instant(row.get("verified_at"), self.now)
        if verified_at and organisation["key"] in self.masked:
            verified_at = clock.first_of_month(verified_at)
        return Candidate(
            key=row["key"],
            id=self.ids["service_sites"][row["key"]],
            service=service,
            organisation=organisation,
            department=department,
            where=None if site is None else self._where(site),
            active=all(is_active(r) for r in (row, service, organisation, department, site) if r is not None),
            verified_at=verified_at,
            capacity=self._capacity(row.get("capacity"), site),
        )

    def _where(self, site: Record) -> Where:
        point = (float(site["location"]["lat"]), float(site["location"]["lon"]))
        place = self.gazetteer.locate(point)
        area = self.gazetteer.areas[place.area]
        if site.get("confidential"):
            return Where(area.point, True, area, area.province, area.district)
        return Where(point, False, area, place.province, place.district)

    def _capacity(self, told: Record | None, site: Record | None) -> Capacity | None:
        """Published capacity: exact for an open site; for a confidential one the band, at the tick.

        A record that carries `band` is taken as published already; else the managers' figure publishes at once.
        """
        if told is None:
            return None
        as_of = clock.instant(told.get("as_of"), self.now)
        if "band" in told:
            return _banded(told["unit"], told["band"], as_of)
        if told.get("available") is None:
            return None
        if site is not None and site.get("confidential"):
            return _banded(told["unit"], band_of(told["available"]), as_of and clock.tick(as_of))
        return Capacity(told["unit"], told["available"], True, as_of)


def is_active(record: Record) -> bool:
    """Neither closed nor suspended."""
    return record.get("status", "active") == "active" and not record.get("suspended", False)


def band_of(available: int) -> str:
    """The published band of a confidential site's free beds or rooms."""
    return "none" if available == 0 else "1-2" if available <= 2 else "3+"


def _banded(unit: str, band: str, as_of: datetime | None) -> Capacity:
    """A band is sure of its least; only `none` is sure of its most as well."""
    return Capacity(unit, {"none": 0, "1-2": 1, "3+": 3}[band], band == "none", as_of)
