"""The index: bits, weeks, distances, pairs of sites, and that the order of the input never matters."""

import hashlib
import random
from datetime import UTC, datetime, timedelta
from itertools import product

import numpy as np
import pytest
from geopy.distance import great_circle
from hypothesis import given
from hypothesis import strategies as st

from matching.bits import Bits, shares
from matching.index import build, tie_break
from matching.sphere import band, haversine
from matching.together import neighbours
from matching.types import Member
from matching.week import Weeks, spans
from tests.matching.single import NOW, House, ask, case, index_of

BANDS = [(0, "0-25"), (24.99, "0-25"), (25, "25-50"), (799, "400-800"), (800, "800+")]
SETS = st.frozensets(st.integers(0, 150).map(str), max_size=6)
POINTS = st.tuples(st.floats(-35, -22), st.floats(16, 33))


@given(POINTS, POINTS)
def test_distances_are_those_of_geopy(one: tuple[float, float], other: tuple[float, float]) -> None:
    """Geopy rounds the radius to 6371.009 km: 3 parts in 100 million."""
    (lat, lon), (lat2, lon2) = one, other
    found = haversine(lat, lon, np.array([lat2]), np.array([lon2]))[0]
    assert found == pytest.approx(great_circle(one, other).km, rel=1e-7, abs=1e-6)


@pytest.mark.parametrize(
    ("km", "shown"), [(0, "0-25"), (24.99, "0-25"), (25, "25-50"), (799, "400-800"), (800, "800+")]
)
def test_bands_begin_at_their_lower_end(km: float, shown: str) -> None:
    assert band(km) == shown


@given(
    st.lists(st.frozensets(st.integers(0, 150).map(str), max_size=6), min_size=1),
    st.frozensets(st.integers(0, 150).map(str)),
)
def test_bits_share_what_sets_share(sets: list[frozenset[str]], asked: frozenset[str]) -> None:
    bits = Bits.over(sets)
    assert shares(bits.pack(sets), bits.mask(asked)).tolist() == [bool(one & asked) for one in sets]


def test_a_night_belongs_to_its_opening_day() -> None:
    week = spans([{"days": ["sun"], "opens": "22:00", "closes": "06:00"}])
    weeks, rows = Weeks.of([week, None, spans("24h"), spans("hours"), spans([])])
    assert rows.tolist() == [rows[0], -1, rows[2], -1, -1]
    monday_at_five = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
    opened = [weeks.open_at(monday_at_five + timedelta(hours=h))[rows[0]] for h in (-8, -7, 0, 1)]
    assert opened == [False, True, True, False]
    assert weeks.open_at(NOW)[rows].tolist() == [False, False, True, False, False]


def test_the_next_opening_is_the_next_one_in_the_week() -> None:
    weeks, rows = Weeks.of([spans([{"days": ["mon", "thu"], "opens": "08:00", "closes": "12:00"}])])
    sunday = datetime(2026, 11, 22, 10, 30, 20, tzinfo=UTC)
    assert weeks.next_opening(int(rows[0]), sunday) == datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
    assert weeks.next_opening(int(rows[0]), sunday + timedelta(days=1)) == datetime(2026, 11, 26, 6, 0, tzinfo=UTC)
    assert weeks.next_opening(-1, sunday) is None


def test_hash_order_is_that_of_the_digests() -> None:
    houses = [House(key) for key in "abcdefghij"]
    index = index_of(houses)
    by_tie = [index.row(row).id for row in np.argsort(index.columns.tie)]
    assert by_tie == sorted("abcdefghij", key=lambda key: hashlib.blake2b(key.encode()).digest())
    assert len(tie_break("a")) == 64


@given(st.lists(st.tuples(st.integers(0, 2), POINTS), max_size=25))
def test_neighbours_are_all_pairs_of_an_organisation_within_the_distance(
    homes: list[tuple[int, tuple[float, float]]],
) -> None:
    organisation = np.array([o for o, _ in homes], dtype=np.int64)
    lat, lon = (np.array([point[i] for _, point in homes], dtype=np.float64) for i in (0, 1))
    found = neighbours(organisation, lat, lon, 150.0)
    for i, j in product(range(len(homes)), repeat=2):
        near = i == j or haversine(lat[i], lon[i], lat[j : j + 1], lon[j : j + 1])[0] <= 150.0
        has = np.arange(len(homes)) == j
        assert found.reach(has)[i] == (organisation[i] == organisation[j] and near)


def test_an_empty_registry_answers() -> None:
    question = ask([], case(needs=("shelter_emergency", "medical_general")))
    result = question.result("shelter_emergency")
    assert (result.suitable, result.confirm_by_phone, result.excluded.total) == ((), (), 0)


def test_the_order_of_the_input_never_matters() -> None:
    houses = [
        House(str(i), organisation={"id": f"o{i % 7}", "name": "O"}, site={"lat": -24 + i % 5}) for i in range(40)
    ]
    asked = case(needs=("shelter_emergency", "medical_general"), party=(Member(age=29, gender="female"),))
    first = ask(houses, asked).result("shelter_emergency")
    random.Random(7).shuffle(houses)
    assert ask(houses, asked).result("shelter_emergency") == first


def test_a_service_that_is_not_published_is_no_candidate() -> None:
    records = House().records()
    found = build({name: {"a": records[name]} for name in ("service_sites", "organisations")}, {}, 25.0)
    assert len(found) == 0
