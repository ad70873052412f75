"""The oracle itself, held to figures worked out on paper and to an outside library."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from geopy.distance import great_circle
from hypothesis import given
from hypothesis import strategies as st

from tests.matching.oracle import clock
from tests.matching.oracle.answer import answer
from tests.matching.oracle.case import read
from tests.matching.oracle.contacts import grade
from tests.matching.oracle.gazetteer import (
    EARTH_RADIUS_KM,
    Area,
    Gazetteer,
    Place,
    band,
    distance_km,
    normalise,
    reference,
)
from tests.matching.oracle.registry import band_of

NOW = datetime(2026, 11, 21, 20, 0, 40, tzinfo=UTC)
MINUTE = NOW.replace(second=0)
POINTS = st.tuples(st.floats(-35, -22), st.floats(16, 33))


@given(POINTS, POINTS)
def test_distances_are_those_of_geopy(a: tuple[float, float], b: tuple[float, float]) -> None:
    """On one sphere, by another formula, to within a millimetre."""
    assert distance_km(a, b) == pytest.approx(great_circle(a, b, radius=EARTH_RADIUS_KM).km, abs=1e-6)


def test_one_degree_of_latitude() -> None:
    """6371.0088 km x pi / 180."""
    assert distance_km((-24.0, 29.0), (-25.0, 29.0)) == pytest.approx(111.19508, abs=1e-5)


@pytest.mark.parametrize(
    ("kilometres", "shown"),
    [
        (0, "0-25"),
        (24.99, "0-25"),
        (25, "25-50"),
        (99.9, "50-100"),
        (399, "200-400"),
        (799.9, "400-800"),
        (800, "800+"),
    ],
)
def test_bands(kilometres: float, shown: str) -> None:
    """A limit belongs to the band it begins."""
    assert band(kilometres) == shown


def test_names_are_compared_without_accents_case_and_double_spaces() -> None:
    """NFKD, case fold, white space."""
    assert normalise("  Thabazimbi ÉÉN  b ") == "thabazimbi een b"


def test_a_name_of_two_towns_is_never_guessed() -> None:
    """Middelburg is two towns in two provinces."""
    with pytest.raises(LookupError):
        reference().named("Middelburg")
    assert reference().named("Middelburg", "ZA-MP").province == "ZA-MP"


def test_a_point_takes_the_nearest_place_of_its_own_province() -> None:
    """The town across the border is nearer and does not count; without an outline the nearest place decides."""
    here = Place("1", ("Here",), (-25.0, 28.0), "ZA-LP", "DC36", "a")
    across = Place("2", ("Across",), (-25.3, 28.0), "ZA-GP", "TSH", "b")
    areas = {p.area: Area(p.area, p.province, p.district, p.point, 1.0, (p.district,)) for p in (here, across)}
    square = ((-24.0, 27.0), (-24.0, 29.0), (-25.25, 29.0), (-25.25, 27.0))
    bounded = Gazetteer((here, across), areas, {}, (("ZA-LP", (square,)),))
    assert bounded.locate((-25.2, 28.0)) == here
    assert Gazetteer((here, across), areas, {}).locate((-25.2, 28.0)) == across


@pytest.mark.parametrize(
    ("told", "published"),
    [
        ("2026-11-21T22:00:00+02:00", "2026-11-21T20:00:00+00:00"),
        ("2026-11-21T21:59:59+02:00", "2026-11-21T16:00:00+00:00"),
        ("2026-11-21T06:00:00+02:00", "2026-11-21T04:00:00+00:00"),
        ("2026-11-21T05:59:00+02:00", "2026-11-20T20:00:00+00:00"),
        ("2026-11-20T23:30:00+00:00", "2026-11-20T20:00:00+00:00"),
    ],
)
def test_ticks(told: str, published: str) -> None:
    """06, 12, 18 and 22 h in Johannesburg; before six it is still last night's."""
    assert clock.tick(datetime.fromisoformat(told)) == datetime.fromisoformat(published)


@pytest.mark.parametrize(("free", "shown"), [(0, "none"), (1, "1-2"), (2, "1-2"), (3, "3+"), (40, "3+")])
def test_capacity_bands(free: int, shown: str) -> None:
    """What a confidential site shows of its beds."""
    assert band_of(free) == shown


@pytest.mark.parametrize(
    ("elapsed", "fresh"),
    [
        (timedelta(days=180), True),
        (timedelta(days=180, hours=23, minutes=59), True),
        (timedelta(days=181), False),
        (timedelta(days=-1), True),
    ],
)
def test_freshness_counts_whole_days(elapsed: timedelta, fresh: bool) -> None:
    """Exactly 180 is fresh, and so is what has not passed 181."""
    assert clock.is_fresh(MINUTE - elapsed, MINUTE) is fresh


def test_dates_are_those_of_johannesburg() -> None:
    """At 22:30 UTC it is tomorrow there."""
    late = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)
    assert clock.day({"days_ago": 0}, late) == date(2026, 11, 22)
    assert clock.day({"days_ago": 0.5}, late) == date(2026, 11, 21)


NIGHT = [{"days": ["sat"], "opens": "20:00", "closes": "06:00"}]


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-11-21T19:59:59+02:00", False),
        ("2026-11-21T20:00:00+02:00", True),
        ("2026-11-22T05:59:59+02:00", True),
        ("2026-11-22T06:00:00+02:00", False),
        ("2026-11-22T20:00:00+02:00", False),
    ],
)
def test_a_night_belongs_to_its_opening_day(at: str, is_open: bool) -> None:
    """[opens, closes), across midnight."""
    assert clock.is_open(NIGHT, datetime.fromisoformat(at)) is is_open


def test_next_opening_may_be_a_week_away() -> None:
    """Closed since six, open again on the next Saturday."""
    closed = datetime.fromisoformat("2026-11-22T06:00:00+02:00")
    assert clock.next_opening(NIGHT, closed) == datetime.fromisoformat("2026-11-28T20:00:00+02:00")
    assert clock.next_opening([], closed) is None


@pytest.mark.parametrize(
    ("party", "alone"),
    [
        ([{"age": 17}], True),
        ([{"age": 18}], False),
        ([{"age": 19, "age_disputed": True}], True),
        ([{"age_band": "18-24", "age_disputed": True}, {"age": 4}], True),
        ([{"age_disputed": True}], True),
        ([{"age": 17}, {"age": 18}], False),
        ([{}], None),
        ([], None),
        ([{"age": 9}, {}], None),
        ([{"age": 40}, {}], False),
    ],
)
def test_unaccompanied(party: list[dict[str, Any]], alone: bool | None) -> None:
    """All children or disputed; silent when an age is missing and none is a known adult."""
    assert read({"party": party}, MINUTE).unaccompanied is alone


@pytest.mark.parametrize(
    ("people", "lines", "memorandum", "expected"),
    [
        (0, 0, True, "dead"),
        (1, 0, True, "single_contact"),
        (0, 1, True, "single_channel"),
        (2, 0, False, "person_only"),
        (2, 0, True, "backed"),
        (1, 1, False, "backed"),
        (0, 2, False, "backed"),
    ],
)
def test_grades(people: int, lines: int, memorandum: bool, expected: str) -> None:
    """A memorandum lifts person_only and nothing else: it cannot be phoned."""
    assert grade(people, lines, memorandum) == expected


def test_a_score_on_paper() -> None:
    """.30 x 1/2 + .20 x .5 + .15 x .5^(12/24) + .15 x .6 + .10 x 10/30 + .10 x 1/2 - .10, from every feature's text."""
    north = reference().named("Polokwane")
    lat, lon = north.point
    world: dict[str, list[dict[str, Any]]] = {
        "organisations": [{"key": "o"}],
        "persons": [{"key": "p"}],
        "posts": [{"key": "q", "organisation": "o", "state": "acting"}],
        "focal_points": [{"key": "f", "person": "p", "post": "q", "verified_at": {"days_ago": 3}}],
        "sites": [{"key": "s", "organisation": "o", "location": {"lat": lat - 100 / 111.1950802335329, "lon": lon}}],
        "services": [
            {
                "key": "v",
                "organisation": "o",
                "codes": ["shelter_emergency", "counselling"],
                "languages": ["eng"],
                "interpreter_on_call": "yes",
                "stay_max_days": 10,
                "eligibility": {"sex_gender": "any"},
            }
        ],
        "service_sites": [
            {
                "key": "vs",
                "service": "v",
                "site": "s",
                "capacity": {"unit": "bed", "available": 5, "as_of": {"days_ago": 0.5}},
            }
        ],
    }
    request = {
        "near": {"place": "Polokwane"},
        "needs": ["shelter_emergency", "counselling", "transport"],
        "party": [{"age": 30, "gender": "female"}],
        "profile": {"languages": ["som"]},
        "stay_days": 30,
    }
    [row] = answer(world, request, NOW)["by_need"][0]["confirm_by_phone"]
    assert row["features"]["capacity_freshness"] == pytest.approx(0.7071067811865476)
    assert row["score"] == pytest.approx(0.15 + 0.1 + 0.10606601717798213 + 0.09 + 0.1 / 3 + 0.05 - 0.1, abs=1e-9)
    assert row["also_covers"] == ["counselling"]
    assert row["penalties"] == [{"name": "scarcity", "value": 0.1}]
