"""The columnar index: derived from the registry, disposable, rebuilt from it at any time.

Nothing in it depends on the clock; ages are counted at the time of the question. Building it is linear in the number
of candidates; asking it never loops over rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import numpy as np

from matching import encode
from matching.bits import Bits, Words, shares
from matching.columns import Columns, Flags, Floats, Ints, microseconds
from matching.features.scarcity import Partners, scarce_partners
from matching.rows import Collections, PublishedArea, Row, join
from matching.together import Neighbours, Sizes, neighbours
from matching.week import Weeks


def tie_break(identifier: str) -> bytes:
    """The stable hash that settles ties: BLAKE2b-512 over the id in UTF-8. Never the alphabet."""
    return blake2b(identifier.encode()).digest()


@dataclass(frozen=True, slots=True)
class Offer:
    """All candidates that offer one code, active or not, and which partners take a scarce profile."""

    columns: Columns
    scarce: Mapping[str, Partners]


@dataclass(frozen=True, slots=True)
class Numbering:
    """The number or bit that each id or code has in the columns."""

    rows: Mapping[str, int]
    organisations: Mapping[str, int]
    units: Mapping[str, int]
    serves: Bits
    districts: Bits
    languages: Bits
    codes: Bits


@dataclass(frozen=True, slots=True)
class Index:
    """Columns for all candidates; `spot_lat`, `spot_lon` are the distinct published points."""

    rows: tuple[Row, ...]
    columns: Columns
    services: Words
    number: Numbering
    weeks: Weeks
    spot_lat: Floats
    spot_lon: Floats
    near: Neighbours
    sizes: Sizes
    _offers: dict[str, Offer] = field(default_factory=dict)

    def offer(self, code: str) -> Offer:
        """The candidates that offer a code; kept, since they are the same for every question."""
        if code not in self._offers:
            rows = np.flatnonzero(shares(self.services, self.number.codes.mask((code,))))
            columns = self.columns.take(rows)
            self._offers[code] = Offer(columns, scarce_partners(columns))
        return self._offers[code]


def build(collections: Collections, areas: Mapping[str, PublishedArea], same_place_km: float) -> Index:
    """The index of a snapshot. `areas`: published areas by id; `same_place_km`: how far apart two open sites of one
    organisation may stand and still be one place (a number of the ruleset)."""
    rows = tuple(join(collections, areas))
    owners = [row.unit_organisation_id for row in rows]
    organisations = _numbered([*(row.organisation_id for row in rows), *owners])
    units = _numbered(row.department_id for row in rows)
    serves, competences = encode.competences(rows)
    spoken, languages = encode.languages(rows)
    weeks, hours = encode.hours(rows)
    places = _Places(rows, _numbers([row.organisation_id for row in rows], organisations))
    districts = Bits.over(row.districts for row in rows)
    codes = Bits.over(row.codes for row in rows)
    columns = Columns(
        row=np.arange(len(rows)),
        tie=_tie(rows),
        active=_flags(row.active for row in rows),
        verified=_ints(microseconds(row.service_site.get("verified_at")) for row in rows),
        organisation=places.organisation,
        unit=_numbers([row.department_id for row in rows], units),
        unit_organisation=_numbers(owners, organisations),
        remote=_flags(row.remote for row in rows),
        on_site=_flags(row.on_site for row in rows),
        districts=districts.pack([row.districts for row in rows]),
        **places.columns,
        **competences,
        **languages,
        **hours,
        **encode.answers(rows),
        **encode.capacities(rows),
        **encode.certificates(rows),
    )
    numbered = {row.id: i for i, row in enumerate(rows)}
    number = Numbering(numbered, organisations, units, serves, districts, spoken, codes)
    sizes = Sizes(len(organisations), places.yards, places.homes)
    services = codes.pack([row.codes for row in rows])
    near = places.neighbours(same_place_km)
    return Index(rows, columns, services, number, weeks, places.spot_lat, places.spot_lon, near, sizes)


class _Places:
    """The columns of place, and the distinct points, yards and homes that they point to."""

    def __init__(self, rows: Sequence[Row], organisation: Ints) -> None:
        self.organisation = organisation
        placed = _flags(row.placed for row in rows)
        open_site = _flags(row.placed and not row.confidential for row in rows)
        lat = np.array([row.site["lat"] if row.site and row.placed else np.nan for row in rows], dtype=np.float64)
        lon = np.array([row.site["lon"] if row.site and row.placed else np.nan for row in rows], dtype=np.float64)
        spots, spot = _distinct(placed, lat, lon)
        self.spot_lat, self.spot_lon = spots[:, 0], spots[:, 1]
        area = _numbers([row.area_id for row in rows], _numbered(row.area_id for row in rows))
        yards, yard = _distinct(placed & (area >= 0), organisation, area)
        homes, home = _distinct(open_site, organisation, spot)
        self.yards, self.homes, self._homes = len(yards), len(homes), homes.astype(np.int64)
        provinces = [row.province for row in rows]
        self.columns: dict[str, Any] = {
            "spot": spot,
            "yard": yard,
            "home": home,
            "open_site": open_site,
            "lat": lat,
            "lon": lon,
            "reach": np.array([row.reach_km for row in rows], dtype=np.float64),
            "province": _numbers(provinces, _numbered(provinces)),
        }

    def neighbours(self, within_km: float) -> Neighbours:
        """Which homes of an organisation stand close to each other."""
        organisation, spot = self._homes[:, 0], self._homes[:, 1]
        return neighbours(organisation, self.spot_lat[spot], self.spot_lon[spot], within_km)


def _distinct(rows: Flags, *keys: Any) -> tuple[Any, Ints]:
    """The distinct combinations of keys among some rows, and for each row the number of its own, else -1."""
    found, inverse = np.unique(np.stack([key[rows] for key in keys], axis=1), axis=0, return_inverse=True)
    numbers = np.full(len(rows), -1, dtype=np.int64)
    numbers[rows] = inverse.reshape(-1)
    return found, numbers


def _numbered(keys: Iterable[str | None]) -> dict[str, int]:
    return {key: i for i, key in enumerate(sorted({key for key in keys if key is not None}))}


def _numbers(keys: Sequence[str | None], numbered: Mapping[str, int]) -> Ints:
    return np.array([-1 if key is None else numbered[key] for key in keys], dtype=np.int64)


def _flags(values: Iterable[bool]) -> Flags:
    return np.fromiter(values, dtype=np.bool_)


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int64)


def _tie(rows: Sequence[Row]) -> Ints:
    """The rank of each row in the order of the hashes of the ids."""
    ranks = np.empty(len(rows), dtype=np.int64)
    ranks[sorted(range(len(rows)), key=lambda i: tie_break(rows[i].id))] = np.arange(len(rows))
    return ranks
