"""Pictures as SVG: every datum is there in words too, nothing covers a word, nothing is told by colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import combinations, product
from xml.etree import ElementTree as Xml

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.pictures.ego import LOOKS, Ego, Tie, ego_picture
from web.pictures.matrix import Matrix, Square, matrix_picture
from web.pictures.scene import Box, Disc, Group, Picture, Route, Words, fitted, flat, width_of
from web.pictures.stakeholders import NAMES, Bond, Spot, Stakeholders, stakeholder_picture
from web.pictures.svg import svg
from web.pictures.trend import Measure, shown, trend_picture

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = 'Rose & "Thorn" <script>alert(1)</script> \x00\x0b\ud800'
STATES = ("backed", "single", "gap")


def words(picture: Picture) -> list[Words]:
    return [mark for mark in flat(picture.marks) if isinstance(mark, Words)]


def told(picture: Picture) -> list[str]:
    return [mark.told for mark in picture.marks if isinstance(mark, Group)]


def assert_legible(picture: Picture) -> None:
    """No word covers another or leaves the paper."""
    for one, two in combinations(words(picture), 2):
        (left, right), (start, end) = one.span, two.span
        apart = right <= start or end <= left or abs(one.y - two.y) >= max(one.size, two.size) * 0.8
        assert apart, (one.text, two.text)
    for one in words(picture):
        assert one.span[0] >= 0, one.text
        assert one.span[1] <= picture.width, one.text
        assert 0 < one.y <= picture.height, one.text


def read(text: str) -> Xml.Element:
    return Xml.fromstring(text)  # noqa: S314


def matrix(names: Sequence[str] = ("SAPS", "DSD"), columns: Sequence[str] = ("ZA-LP", "ZA-GP")) -> Matrix:
    pairs = list(product(names, columns))
    squares = {
        pair: Square(STATES[number % 3], f"{number}/{number + 1}", f"datum {number}")
        for number, pair in enumerate(pairs[:-1])
    }
    return Matrix("Coverage", "Said.", tuple(names), tuple(columns), squares)


def ego(count: int, name: str = "Shelter of the long and winding name that needs three lines or more") -> Ego:
    grades = list(LOOKS)
    return Ego(
        name,
        tuple(
            Tie(
                f"Partner {number} of the Department of Justice and Constitutional Development",
                grade,
                ("joint_case",),
                "fresh",
            )
            for number in range(count)
            for grade in [grades[number % len(grades)]]
        ),
    )


def stakeholders(count: int) -> Stakeholders:
    quadrants = list(NAMES)
    spots = tuple(
        Spot(
            f"Organisation {number} for the support of people in need everywhere",
            quadrants[number % 4],
            None if number % 5 == 0 else 0.5,
            12,
            None if number % 5 == 0 else 0.5,
            number,
            *((number + 1, 60.0 + 24 * (number % 8), 60.0 + 24 * (number // 8), 10.0) if number < 60 else ()),
        )
        for number in range(count)
    )
    bonds = tuple(
        Bond(one, two, 3 + number, number, 2.5)
        for number, (one, two) in enumerate(product(quadrants, quadrants))
        if quadrants.index(one) <= quadrants.index(two)
    )
    return Stakeholders("Limpopo", spots, bonds, (100.0, 160.0, 220.0, 280.0, 340.0, 400.0))


def trend(days: int = 12) -> tuple[Measure, ...]:
    first = date(2026, 9, 1)
    points = tuple((first + timedelta(days=7 * number), 0.5 + number / 50) for number in range(days))
    return (
        Measure("B", "share", "up", points),
        Measure("Single-contact links", "count", "down", tuple((day, 1234 * value) for day, value in points)),
    )


WIDE = Stakeholders("Limpopo", (), (), (400.0, 800.0, 1200.0))
PICTURES = {
    "matrix": matrix_picture(matrix()),
    "one province": matrix_picture(matrix([f"SAPS, function {number}" for number in range(19)], ["ZA-LP"])),
    "ego": ego_picture(ego(60)),
    "ego of nobody": ego_picture(ego(0)),
    "stakeholders": stakeholder_picture(stakeholders(70)),
    "stakeholders of nowhere": stakeholder_picture(stakeholders(0)),
    "stakeholders of wide rings": stakeholder_picture(WIDE),
    "trend": trend_picture(trend()),
    "trend of one day": trend_picture(trend(1)),
    "trend of nothing": trend_picture([Measure("B", "share", "up", ())]),
}


@pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES)
def test_no_word_covers_another_or_leaves_the_paper(picture: Picture) -> None:
    assert_legible(picture)


@pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES)
def test_it_is_an_image_with_a_name_and_a_description(picture: Picture) -> None:
    root = read(svg(picture))

    assert root.attrib["role"] == "img"
    labelled = root.attrib["aria-labelledby"].split()
    said = {one.attrib["id"]: one.text for one in root if "id" in one.attrib}
    assert [said[one] for one in labelled] == [picture.title, picture.told]
    assert root.attrib["viewBox"] == f"0 0 {picture.width:g} {picture.height:g}"


@pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES)
def test_a_page_that_allows_no_styles_and_scripts_may_hold_it(picture: Picture) -> None:
    root = read(svg(picture))

    assert {one.tag for one in root.iter()} <= {f"{SVG}{tag}" for tag in TAGS}
    assert [one.attrib for one in root.iter() if {"style", "class", "href"} & set(one.attrib)] == []


TAGS = ("svg", "title", "desc", "rect", "g", "circle", "polyline", "text")


@pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES)
def test_alone_it_tells_the_table_too(picture: Picture) -> None:
    described = read(svg(picture, alone=True)).findtext(f"{SVG}desc") or ""

    for row in picture.table.rows:
        assert all(value in described for value in row)
        assert len(row) == len(picture.table.columns)


def test_the_matrix_shows_every_square_in_its_own_way() -> None:
    shown_ = matrix()
    picture = matrix_picture(shown_)

    for (row, column), square in shown_.squares.items():
        group = next(
            one for one in picture.marks if isinstance(one, Group) and one.told == f"{row}, {column}: {square.told}"
        )
        assert square.words in [one.text for one in flat(group.marks) if isinstance(one, Words)]
    assert "DSD, ZA-GP: nothing is required" in told(picture)
    assert ("DSD", "datum 2", "not required") in picture.table.rows


def test_states_differ_without_colour() -> None:
    """Drawn in one colour, no two of the three are alike: solid, strokes one way, dashes and a cross."""
    shapes = {}
    for state in STATES:
        squares = {("r", "c"): Square(state, "", state)}
        group = matrix_picture(Matrix("", "", ("r",), ("c",), squares)).marks[2]
        assert isinstance(group, Group)
        shapes[state] = [
            (
                type(mark).__name__,
                getattr(mark, "points", None),
                bool(mark.paint.dash),
                mark.paint.fill not in (None, "#ffffff"),
            )
            for mark in flat(group.marks)
            if not isinstance(mark, Words)
        ]
    assert all(shapes[one] != shapes[two] for one, two in combinations(STATES, 2))


def test_links_differ_by_thickness_and_dash_as_well_as_colour() -> None:
    assert len({(paint.width, paint.dash) for paint in LOOKS.values()}) == len(LOOKS)
    single, backed = LOOKS["single_contact"], LOOKS["backed"]
    assert single.width < 1.5 < 4 < backed.width
    assert single.dash
    assert single.stroke is not None
    red, green, blue = (int(single.stroke[at : at + 2], 16) for at in (1, 3, 5))
    assert red > 3 * max(green, blue)


def test_every_link_of_the_organisation_is_drawn_and_told() -> None:
    shown_ = ego(7)
    picture = ego_picture(shown_)

    for tie in shown_.ties:
        group = next(one for one in picture.marks if isinstance(one, Group) and one.told.startswith(f"{tie.partner}:"))
        route = next(mark for mark in flat(group.marks) if isinstance(mark, Route))
        assert route.paint == LOOKS[tie.grade]
    assert {row[0] for row in picture.table.rows} == {tie.partner for tie in shown_.ties}


def test_every_stakeholder_is_on_the_map_or_in_the_table() -> None:
    shown_ = stakeholders(70)
    picture = stakeholder_picture(shown_)

    for spot in shown_.spots[:60]:
        assert any(one.startswith(f"{spot.number}. {spot.name},") for one in told(picture))
    assert [row[1] for row in picture.table.rows] == [spot.name for spot in shown_.spots]
    assert "10 more are in the table" in picture.told
    for bond in shown_.bonds:
        assert any(f"{bond.links} links" in one for one in told(picture))


def test_thickness_grows_with_strength() -> None:
    def widest(strength: float) -> float:
        one, two = list(NAMES)[:2]
        picture = stakeholder_picture(Stakeholders("", (), (Bond(one, two, 9, 0, strength),), (100.0, 160.0)))
        group = next(mark for mark in picture.marks if isinstance(mark, Group) and "strength" in mark.told)
        return max(mark.paint.width for mark in flat(group.marks) if not isinstance(mark, Words))

    assert widest(0.0) < widest(5.0) < widest(50.0)


def test_the_trend_shows_every_value() -> None:
    measures = trend()
    picture = trend_picture(measures)

    for measure in measures:
        for day, value in measure.points:
            assert f"{measure.name}, {day.isoformat()}: {shown(value, measure.unit)}" in told(picture)
    assert "(better)" in picture.told
    assert "(worse)" in picture.told
    dots = [mark for mark in flat(picture.marks) if isinstance(mark, Disc)]
    assert len(dots) == sum(len(measure.points) for measure in measures)
    assert all(0 <= dot.y <= picture.height for dot in dots)


@given(st.text(), st.text())
def test_names_cannot_break_out(name: str, other: str) -> None:
    picture = ego_picture(Ego(name + HOSTILE, (Tie(other + HOSTILE, "dead", (HOSTILE,), "stale"),)))

    root = read(svg(picture, alone=True))

    assert {one.tag for one in root.iter()} <= {f"{SVG}{tag}" for tag in TAGS}
    assert "<script>alert(1)</script>" in (root.findtext(f"{SVG}desc") or "")


@given(st.text(st.characters(codec="utf-8"), max_size=90), st.floats(20, 300))
def test_cut_words_fit(text: str, width: float) -> None:
    assert width_of(fitted(text, width, 12), 12) <= max(width, width_of("…", 12))


def test_shapes_stay_on_the_paper() -> None:
    for picture in PICTURES.values():
        for mark in flat(picture.marks):
            if isinstance(mark, Box):
                assert 0 <= mark.x <= mark.x + mark.width <= picture.width
                assert 0 <= mark.y <= mark.y + mark.height <= picture.height
            elif isinstance(mark, Disc):
                assert mark.radius <= mark.x <= picture.width - mark.radius
                assert mark.radius <= mark.y <= picture.height - mark.radius
