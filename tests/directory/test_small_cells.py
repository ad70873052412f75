"""Small figures: nothing shown gives a hidden one away, by linear algebra, by bounds and by trying everything."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.small_cells import Cell, Protected, bounds, protect

LEAST, WIDTH = 5, 4
"""As promised, whatever the code says."""

Counts = list[list[int]]
Grid = np.ndarray[Any, np.dtype[Any]]
FIGURES = st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 9, 20, 300])


def tables(rows: int, columns: int) -> st.SearchStrategy[Counts]:
    return st.integers(1, rows).flatmap(
        lambda deep: st.integers(1, columns).flatmap(
            lambda wide: st.lists(st.lists(FIGURES, min_size=wide, max_size=wide), min_size=deep, max_size=deep)
        )
    )


def whole(counts: Counts) -> Counts:
    rows = [[*row, sum(row)] for row in counts]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def hidden(shown: Protected) -> list[Cell]:
    return [(i, j) for i, row in enumerate(shown.cells) for j, value in enumerate(row) if value is None]


def repeats(counts: Counts, cell: Cell) -> bool:
    """The total of a single figure, which is never shown and so is no figure of its own."""
    return (len(counts[0]) == 1 and cell[1] == 1) or (len(counts) == 1 and cell[0] == 1)


def real(counts: Counts, shown: Protected) -> list[Cell]:
    return [cell for cell in hidden(shown) if not repeats(counts, cell)]


@settings(deadline=None)
@given(tables(8, 9))
def test_what_is_shown_is_true_and_not_small(counts: Counts) -> None:
    for told, true in zip(protect(counts).cells, whole(counts), strict=True):
        for one, value in zip(told, true, strict=True):
            assert one is None or one == value >= LEAST


@settings(deadline=None)
@given(tables(8, 9))
def test_no_hidden_figure_is_a_sum_of_what_is_shown(counts: Counts) -> None:
    """Linear algebra: the rows and columns are equations in the hidden figures; were one of them determined, its unit
    vector would lie in the space of the equations."""
    shown = protect(counts)
    unknown = hidden(shown)
    system = _equations(shown, unknown)
    rank = np.linalg.matrix_rank(system)
    for cell in real(counts, shown):
        unit = np.array([[float(cell == one) for one in unknown]])
        assert np.linalg.matrix_rank(np.vstack([system, unit])) > rank, cell


def _equations(shown: Protected, unknown: list[Cell]) -> Grid:
    """One a row and one a column: figures less their total are nought."""
    deep, wide = len(shown.cells) - 1, len(shown.cells[0]) - 1
    rows = [[(1.0 if j < wide else -1.0) * (i == number) for i, j in unknown] for number in range(deep + 1)]
    columns = [[(1.0 if i < deep else -1.0) * (j == number) for i, j in unknown] for number in range(wide + 1)]
    return np.array(rows + columns, dtype=np.float64).reshape(deep + wide + 2, len(unknown))


@settings(deadline=None)
@given(tables(8, 9))
def test_no_hidden_figure_is_bounded_closely(counts: Counts) -> None:
    """Intervals: drawn together as far as figures that are not negative allow, each keeps at least five values."""
    shown = protect(counts)
    for cell, (low, high) in _intervals(shown).items():
        if not repeats(counts, cell):
            assert high - low >= WIDTH, cell


def _intervals(shown: Protected) -> dict[Cell, tuple[float, float]]:
    deep, wide = len(shown.cells) - 1, len(shown.cells[0]) - 1
    left: dict[Cell, tuple[float, float]] = {}
    for i, row in enumerate(shown.cells):
        for j, value in enumerate(row):
            left[i, j] = (0.0, np.inf) if value is None else (float(value), float(value))
    lines = [[(i, j) for j in range(wide + 1)] for i in range(deep + 1)]
    lines += [[(i, j) for i in range(deep + 1)] for j in range(wide + 1)]
    for _ in range(4 * (deep + wide + 2)):
        for line in lines:
            *parts, total = line
            left[total] = _meet(left[total], sum(left[p][0] for p in parts), sum(left[p][1] for p in parts))
            for part in parts:
                others = [left[p] for p in parts if p != part]
                low = left[total][0] - sum(high for _, high in others)
                high = left[total][1] - sum(low_ for low_, _ in others)
                left[part] = _meet(left[part], low, high)
    return {cell: left[cell] for cell in hidden(shown)}


def _meet(one: tuple[float, float], low: float, high: float) -> tuple[float, float]:
    low = -np.inf if np.isnan(low) else low
    return max(one[0], low), min(one[1], high)


SQUARES = st.lists(st.lists(st.integers(0, 6), min_size=2, max_size=2), min_size=2, max_size=2)
EVERY_CELL = [(i, j) for i in range(3) for j in range(3)]


def _agreeing(shown: Protected, most: int) -> Grid:
    """Every table of two by two, of figures up to `most`, that has all figures and totals that are shown: its nine
    figures in a row."""
    a, b, c, d = (axis.ravel() for axis in np.meshgrid(*(np.arange(most + 1),) * 4, indexing="ij"))
    every = np.stack([a, b, a + b, c, d, c + d, a + c, b + d, a + b + c + d])
    for place, told in enumerate(value for row in shown.cells for value in row):
        if told is not None:
            every = every[:, every[place] == told]
    return every


@settings(max_examples=30, deadline=None)
@given(SQUARES)
def test_every_hidden_figure_could_truly_be_one_of_five(counts: Counts) -> None:
    shown = protect(counts)
    agreeing = _agreeing(shown, max(map(max, counts)) + 8)

    for i, j in hidden(shown):
        assert len(np.unique(agreeing[3 * i + j])) > WIDTH


@settings(max_examples=30, deadline=None)
@given(SQUARES, st.sets(st.sampled_from(EVERY_CELL[:-1]), min_size=1))
def test_the_bounds_are_those_of_all_tables_that_agree(counts: Counts, chosen: set[Cell]) -> None:
    """For any choice of what to hide; the total of all is shown, so that there are not too many."""
    true = whole(counts)
    told = tuple(
        tuple(None if (i, j) in chosen else value for j, value in enumerate(row)) for i, row in enumerate(true)
    )
    agreeing = _agreeing(Protected(told), true[-1][-1])

    for i, j in sorted(chosen):
        values = agreeing[3 * i + j]
        assert bounds(true, chosen, (i, j)) == (values.min(), values.max())


@pytest.mark.parametrize(
    ("counts", "cells"),
    [
        ([[5, 6], [7, 8]], ((5, 6, 11), (7, 8, 15), (12, 14, 26))),
        ([[4]], ((None, None), (None, None))),
        ([[9]], ((9, None), (None, None))),
        ([], ((None,),)),
    ],
)
def test_by_hand(counts: Counts, cells: tuple[tuple[int | None, ...], ...]) -> None:
    assert protect(counts).cells == cells


def test_one_small_figure_takes_three_more() -> None:
    """Hidden alone it would be its row's total less the others; with one more its column would tell; so four go."""
    shown = protect([[1, 20, 30], [10, 25, 40], [60, 70, 80]])
    assert hidden(shown) == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_a_column_of_small_figures_cannot_be_told_from_its_total() -> None:
    """The total of all is 40: with 39 shown, a single one would be left for the four hidden."""
    shown = protect([[1], [0], [0], [0], [39]])
    assert shown.cells[-1][0] is None or shown.cells[4][0] is None


def test_noughts_are_hidden_like_ones() -> None:
    assert (
        protect([[0, 20], [20, 20]]).cells == protect([[1, 20], [20, 20]]).cells
        or protect([[0, 20], [20, 20]]).cells[0][0] is None
    )


def test_the_same_table_is_shown_the_same_way() -> None:
    table = [[3, 8, 8, 8], [8, 8, 8, 8], [8, 8, 8, 8]]
    assert len({protect(table) for _ in range(5)}) == 1
