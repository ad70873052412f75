"""Worlds of any size, clustered as people live: columns of candidates without a database, fast enough for a million.

Places come from the gazetteer by population, scattered around it as towns spread; what services offer, ask and answer
is drawn from the fictitious network, field by field one time in seven from another service, so that answers are as
mixed as they are there. Records are made only for the few candidates that an answer shows.

`python -m benchmarks.worlds 100000` says how long it takes and what came out."""

import json
import sys
import time
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np

from directory import geography, vocabulary
from matching import encode
from matching.bits import Words
from matching.blocks import Size, contact_planes
from matching.columns import EPOCH, MICROSECONDS_A_DAY, MICROSECONDS_AN_HOUR, NEVER, Columns, Ints, microseconds
from matching.contacts import GRADES
from matching.encode import LIMITS, SMALL, Numbering
from matching.index import Index, Ledger, assemble
from matching.ranking import World
from matching.rows import Row
from matching.rulesets import catalogue
from matching.types import Asker, Case, Contacts, Member, Near, Profile

ARGUMENTS = ()
NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
NETWORK = Path(__file__).parent.parent / "seed" / "network"
SPREAD_KM = 12.0
"""How far a town of a hundred thousand people spreads, as a standard deviation; others by the root of their people."""
KM_A_DEGREE = 111.2
OTHER_SERVICE = 1 / 7
CONFIDENTIAL, REMOTE, UNPLACED, INACTIVE = 0.1, 0.05, 0.02, 0.04
SITES_AN_ORGANISATION = 3
AT_HOME = 0.85
"""How many of an organisation's sites stand in its own town."""


@dataclass(frozen=True)
class Made:
    """A world: its index, and what a ranker needs beside it."""

    index: Index
    redundancy: Ints
    robust: Words | None

    def world(self) -> World:
        """As the ranker takes it."""
        urgency = {code: int(term["urgency"]) for code, term in vocabulary.terms("service").items()}
        return World(self.index, Nobody(), self.redundancy, catalogue.current(), urgency, self.robust)


class Nobody:
    """A contact source that knows nobody: contacts are measured elsewhere."""

    def redundancy(self, service_site_id: str) -> int:
        return 0

    def asker_redundancies(self, asker: Asker) -> Mapping[str, int]:
        return {}

    def contacts(self, service_site_id: str, asker: Asker, when: datetime) -> Contacts:
        return Contacts(GRADES[0], 0, None, "", None, False, ())

    def unit_contacts(self, department_id: str, asker: Asker, when: datetime) -> Contacts:
        return self.contacts(department_id, asker, when)

    def organisation_contacts(self, organisation_id: str, asker: Asker, when: datetime) -> Contacts:
        return self.contacts(organisation_id, asker, when)


def make(count: int, seed: int = 1, size: Size | None = None) -> Made:
    """A world of so many candidates."""
    random = np.random.default_rng(seed)
    templates = _templates()
    number = _numbering(templates, count)
    table = encode.table(templates, number).table[random.integers(0, len(templates), count)]
    columns = Columns(table)
    for name in (*SMALL, *LIMITS, "intake"):
        mixed = random.random(count) < OTHER_SERVICE
        table[name][mixed] = random.permutation(table[name])[mixed]
    _where(columns, random, number)
    _when(columns, random)
    ids = Ids(count, seed)
    columns.tie[:] = [encode.tie(ids.id(one)) for one in range(count)]
    sized = size or Size()
    km = catalogue.current().numbers.same_place_km
    index = assemble(columns, number, km, sized, lambda order: ids.ledger(columns, order))
    redundancy = np.zeros(count, dtype=np.int64)
    redundancy[ids.row_of] = random.integers(0, 5, count) * (random.random(count) < 0.8)
    blocks = index.blocks
    planes = None if blocks is None else contact_planes(blocks.layout, redundancy)
    return Made(index, redundancy, planes)


def _templates() -> list[Row]:
    lines = (NETWORK / "services.jsonl").read_text(encoding="utf-8").splitlines()
    rows = []
    for number, line in enumerate(lines):
        service: dict[str, Any] = json.loads(line)
        unit = {"id": "unit"} if service.get("department") else None
        rows.append(Row({"id": str(number)}, service, {"id": "organisation"}, unit, None, None))
    return rows


def _numbering(templates: list[Row], count: int) -> Numbering:
    """The numbers of all that the templates name, and of every organisation, area, district and province."""
    known = Numbering.of(templates)
    organisations = {f"organisation {one}": one for one in range(max(1, count // SITES_AN_ORGANISATION))}
    return replace(
        known,
        organisations=organisations | {"organisation": len(organisations)},
        areas={area: one for one, area in enumerate(sorted(geography.areas()))},
        provinces={code: one for one, code in enumerate(sorted(geography.provinces()))},
        districts=known.districts.with_all([tuple(geography.districts())]),
    )


def _where(c: Columns, random: np.random.Generator, number: Numbering) -> None:
    """Organisations and points: most of an organisation's sites around its own town."""
    count, places = len(c), geography.places()
    people = np.array([max(place.population, 1) for place in places], dtype=np.float64)
    organisation = random.integers(0, len(number.organisations) - 1, count)
    home = random.choice(len(places), len(number.organisations), p=people / people.sum())
    away = random.choice(len(places), count, p=people / people.sum())
    at = np.where(random.random(count) < AT_HOME, home[organisation], away)
    areas = [geography.areas()[place.area_id] for place in places]
    spread = SPREAD_KM * np.sqrt(np.minimum(people, 4e6) / 1e5)[at] / KM_A_DEGREE
    hidden, unplaced = random.random(count) < CONFIDENTIAL, random.random(count) < UNPLACED
    lat = np.array([place.lat for place in places])[at] + random.normal(0, 1, count) * spread
    lon = np.array([place.lon for place in places])[at] + random.normal(0, 1, count) * spread
    c.lat[:] = np.where(unplaced, np.nan, np.where(hidden, np.array([area.lat for area in areas])[at], lat))
    c.lon[:] = np.where(unplaced, np.nan, np.where(hidden, np.array([area.lon for area in areas])[at], lon))
    c.reach[:] = np.where(hidden, np.array([area.reach_km for area in areas])[at], 0.0)
    c.open_site[:] = ~hidden & ~unplaced
    c.organisation[:], c.host[:] = organisation, np.where(unplaced, -1, organisation)
    c.unit_organisation[:] = np.where(c.unit >= 0, organisation, -1)
    c.unit[:] = np.where(c.unit >= 0, organisation, -1)
    c.area[:] = np.where(unplaced, -1, np.array([number.areas[place.area_id] for place in places])[at])
    c.province[:] = np.where(unplaced, -1, np.array([number.provinces[place.province] for place in places])[at])
    own = number.districts.pack([(place.district,) for place in places])
    around = number.districts.pack([area.districts for area in areas])
    c.districts[:] = np.where(unplaced[:, None], np.uint64(0), np.where(hidden[:, None], around[at], own[at]))
    remote = random.random(count) < REMOTE
    c.remote[:] |= remote
    c.on_site[:] &= ~remote


def _when(c: Columns, random: np.random.Generator) -> None:
    """Verified within a year mostly, beds counted within days mostly, certificates of organisations."""
    count, now = len(c), microseconds(NOW)
    c.active[:] = random.random(count) >= INACTIVE
    verified = now - (random.exponential(90, count) * MICROSECONDS_A_DAY).astype(np.int64)
    c.verified[:] = np.where(random.random(count) < 0.05, NEVER, verified)
    counted = random.random(count) < 0.8
    c.available[:] = np.where(counted, random.integers(0, 12, count), -1)
    hours = (random.exponential(14, count) * MICROSECONDS_AN_HOUR).astype(np.int64)
    c.capacity_as_of[:] = np.where(counted, now - hours, NEVER)
    c.banded[:] = counted & ~c.open_site
    c.by_room[:] = random.random(count) < 0.1
    day = (NOW - EPOCH).days + EPOCH.toordinal()
    c.accreditation[:] = random.choice(3, count, p=(0.5, 0.4, 0.1))[c.organisation % count]
    c.issued[:] = (day - random.integers(0, 1500, count))[c.organisation % count]
    c.expires[:] = (day + random.integers(-300, 1200, count))[c.organisation % count]


class Ids(MutableMapping[str, int]):
    """Ids and records by number, made when they are asked for. As a mapping: the row of an id."""

    def __init__(self, count: int, seed: int) -> None:
        self.count, self.seed = count, seed
        self.row_of = np.zeros(0, dtype=np.int64)
        self.moved: dict[str, int] = {}

    def id(self, number: int) -> str:
        """The id of a candidate, by its number at birth."""
        return str(UUID(int=self.seed << 64 | number))

    def ledger(self, columns: Columns, order: Ints) -> Ledger:
        """The ledger of candidates that stand in an order."""
        self.row_of = np.empty(len(order), dtype=np.int64)
        self.row_of[order] = np.arange(len(order))
        return Ledger(Records(self, columns.take(order), order), self, {})

    def __setitem__(self, key: str, row: int) -> None:
        self.moved[key] = row

    def __delitem__(self, key: str) -> None:
        del self.moved[key]

    def __getitem__(self, key: str) -> int:
        if key in self.moved:
            return self.moved[key]
        number = UUID(key).int - (self.seed << 64)
        if not 0 <= number < len(self.row_of):
            raise KeyError(key)
        return int(self.row_of[number])

    def __iter__(self) -> Iterator[str]:
        return (self.id(one) for one in range(self.count))

    def __len__(self) -> int:
        return self.count


class Records:
    """The records of candidates, in the order of their rows."""

    def __init__(self, ids: Ids, columns: Columns, order: Ints) -> None:
        self.ids, self.columns, self.order = ids, columns, order
        self.more: list[Row] = []

    def __getitem__(self, at: int) -> Row:
        return self.more[at - len(self.order)] if at >= len(self.order) else self._made(at)

    def append(self, row: Row) -> None:
        """One more, behind the others."""
        self.more.append(row)

    def _made(self, at: int) -> Row:
        c, key = self.columns, self.ids.id(int(self.order[at]))
        area = {"id": "area", "label": "Area", "district": "DC35", "province": "ZA-LP"}
        site = {"id": key, "lat": float(c.lat[at]), "lon": float(c.lon[at]), "confidential": not c.open_site[at]}
        organisation = {"id": f"organisation {c.organisation[at]}", "name": f"Organisation {c.organisation[at]}"}
        verified = None if c.verified[at] == NEVER else EPOCH + timedelta(microseconds=int(c.verified[at]))
        return Row(
            {"id": key, "verified_at": verified, "status": "active"},
            {"id": key, "name": f"Service {self.order[at]}", "codes": ["shelter_emergency"]},
            {**organisation, "org_type": "shelter", "sector": "civil_society"},
            None,
            None if np.isnan(c.lat[at]) else {**site, "area": area, "area_id": "area"},
            None,
        )


def cases(count: int, seed: int = 1) -> Iterator[Case]:
    """Questions as they are asked: from places by population, a woman alone, a mother with children, a man."""
    random = np.random.default_rng(seed)
    places = geography.places()
    people = np.array([max(place.population, 1) for place in places], dtype=np.float64)
    parties = (
        (Member(age=27, gender="female"),),
        (Member(age=31, gender="female"), Member(age=9, gender="male", relation="child")),
        (Member(age=29, gender="female"), Member(age=15, gender="male", relation="child")),
        (Member(age=41, gender="male"),),
    )
    profiles = (
        Profile(mental_acuity="low", medical_acuity="low", substance="none"),
        Profile(languages=("amh", "eng"), language_required=True, mental_acuity="low", has_id=False),
        Profile(pregnant=True, languages=("fra",), step_free=True, undocumented=True),
        Profile(),
    )
    asked = (("shelter_emergency",), ("shelter_emergency", "counselling", "legal_advice"), ("medical_general",))
    for place in random.choice(len(places), count, p=people / people.sum()).tolist():
        where = places[place]
        yield Case(
            near=Near(where.name, where.lat, where.lon, where.province, where.district, where.id),
            needs=asked[int(random.integers(len(asked)))],
            now=NOW,
            when=NOW,
            party=parties[int(random.integers(len(parties)))],
            profile=profiles[int(random.integers(len(profiles)))],
            stay_days=(None, 30)[int(random.integers(2))],
            max_km=500.0,
        )


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    start = time.perf_counter()
    made = make(count)
    blocks = made.index.blocks
    size = made.index.columns.table.itemsize + (blocks.nbytes / count if blocks else 0)
    print(f"{count} candidates in {time.perf_counter() - start:.1f} s, {size:.0f} bytes each")


if __name__ == "__main__":
    main()
