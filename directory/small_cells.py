"""Hiding small figures in a table, and with them as many others as it takes that no total gives them away.

A figure under five could be about somebody whom a reader knows. What is hidden is neither shown nor can be worked out:
every hidden figure could be any of at least five values, whatever is made of all that is shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

LEAST = 5
"""The smallest figure shown. Nought is small too: that nobody asked may be known of a single person."""
WIDTH = LEAST - 1
"""How far apart the least and the largest value that a hidden figure may have must be."""
FREE = 1 << 40
"""More than any figure: a hidden one may grow by this much."""

Cell = tuple[int, int]
Node = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Protected:
    """A table as it may be shown: None is hidden. The last row and the last column hold the totals."""

    cells: tuple[tuple[int | None, ...], ...]

    @property
    def hidden(self) -> int:
        """How many figures are hidden, totals among them."""
        return sum(value is None for row in self.cells for value in row)


def protect(counts: Sequence[Sequence[int]]) -> Protected:
    """Hide every figure under five, then, while what is shown would tell one of the hidden to within less than five
    values, the smallest figure shown beside it (complementary suppression). Totals are added, and hidden alike. Where
    most figures are small it hides less to begin with totals, elsewhere with figures: the better of both is taken.

    The figures of a table with one row or column are their own totals: then there is one total, of the others.
    """
    return _protected(tuple(map(tuple, counts)))


@lru_cache(maxsize=256)
def _protected(counts: tuple[tuple[int, ...], ...]) -> Protected:
    """Kept for a while: a month that is over is asked for again and again."""
    tables = [_Table(counts, totals_first=totals_first) for totals_first in (False, True)]
    for table in tables:
        for cell in sorted(table.hidden):
            table.secure(cell)
    return Protected(min(tables, key=lambda table: len(table.hidden)).shown())


def bounds(whole: Sequence[Sequence[int]], hidden: Iterable[Cell], cell: Cell) -> tuple[int, int | None]:
    """The least and largest value that a hidden figure of a table with totals may have, given all that is shown; None
    when there is no largest. Exact: what the shown figures leave open is a flow, and flows of whole numbers reach
    their bounds."""
    one = _Open(whole, frozenset(hidden))
    value = whole[cell[0]][cell[1]]
    fall, rise = one.room(cell, up=False, most=value), one.room(cell, up=True, most=FREE)
    return value - fall, None if rise >= FREE else value + rise


class _Table:
    """A table with its totals, and which of its cells are hidden so far."""

    def __init__(self, counts: Sequence[Sequence[int]], *, totals_first: bool) -> None:
        self.totals_first = totals_first
        rows = [[*row, sum(row)] for row in counts]
        self.whole = [*rows, [sum(column) for column in zip(*rows, strict=True)]] if rows else [[0]]
        self.last = (len(self.whole) - 1, len(self.whole[0]) - 1)
        self.hidden = {cell for cell in self._cells() if self._value(cell) < LEAST or self._repeats(cell)}
        self.left_open = _Open(self.whole, frozenset(self.hidden))

    def _cells(self) -> Iterator[Cell]:
        return ((row, column) for row in range(self.last[0] + 1) for column in range(self.last[1] + 1))

    def _value(self, cell: Cell) -> int:
        return self.whole[cell[0]][cell[1]]

    def _repeats(self, cell: Cell) -> bool:
        """Whether this is the total of a single figure."""
        return (self.last[1] == 1 and cell[1] == 1) or (self.last[0] == 1 and cell[0] == 1)

    def secure(self, cell: Cell) -> None:
        """Hide what it takes around one hidden cell, and around whatever is hidden for its sake."""
        waiting = [cell]
        while waiting:
            one = waiting[-1]
            beside = None if self._is_safe(one) else self._smallest_beside(one)
            if beside is None:
                waiting.pop()
            else:
                self.hidden.add(beside)
                self.left_open.add(beside, self._value(beside))
                waiting.append(beside)

    def _is_safe(self, cell: Cell) -> bool:
        if self._repeats(cell):
            return True
        up = self.left_open.room(cell, up=True, most=WIDTH)
        return up >= WIDTH or up + self.left_open.room(cell, up=False, most=min(WIDTH, self._value(cell))) >= WIDTH

    def _smallest_beside(self, cell: Cell) -> Cell | None:
        """The smallest shown in the same row or column, of totals or figures first; the total of all is beside every
        total."""
        row, column = cell
        around = {(row, other) for other in range(self.last[1] + 1)} | {
            (other, column) for other in range(self.last[0] + 1)
        }
        if self.totals_first:
            around.add(self.last)
        return min(around - self.hidden, key=self._rank, default=None)

    def _rank(self, cell: Cell) -> tuple[bool, int, Cell]:
        is_total = cell[0] == self.last[0] or cell[1] == self.last[1]
        return (is_total != self.totals_first, self._value(cell), cell)

    def shown(self) -> tuple[tuple[int | None, ...], ...]:
        return tuple(
            tuple(None if (number, place) in self.hidden else value for place, value in enumerate(row))
            for number, row in enumerate(self.whole)
        )


class _Open:
    """What the shown figures leave open. Rows and columns are nodes, hidden cells are arcs: with the totals taken
    negative every row and column sums to nought, so that a change of some cells is a circulation."""

    def __init__(self, whole: Sequence[Sequence[int]], hidden: frozenset[Cell]) -> None:
        self._last = (len(whole) - 1, len(whole[0]) - 1)
        self._arcs: dict[Node, dict[Node, int]] = defaultdict(dict)
        for cell in sorted(hidden):
            self.add(cell, whole[cell[0]][cell[1]])

    def add(self, cell: Cell, value: int) -> None:
        """One more cell is hidden."""
        out, back = (value, FREE) if self._is_total(cell) else (FREE, value)
        self._arcs[("row", cell[0])][("column", cell[1])] = out
        self._arcs[("column", cell[1])][("row", cell[0])] = back

    def _is_total(self, cell: Cell) -> bool:
        return (cell[0] == self._last[0]) != (cell[1] == self._last[1])

    def room(self, cell: Cell, *, up: bool, most: int) -> int:
        """By how much a cell may rise or fall, as far as `most`: the largest flow that closes the circle through it."""
        row, column = ("row", cell[0]), ("column", cell[1])
        start, end = (column, row) if up != self._is_total(cell) else (row, column)
        arcs, found = self._arcs, 0
        pushed: list[tuple[Node, Node, int]] = []
        itself = arcs[row].pop(column), arcs[column].pop(row)
        while found < most:
            path = _path(arcs, start, end)
            if path is None:
                break
            step = min(most - found, *(arcs[one][two] for one, two in path))
            pushed += [(one, two, step) for one, two in path]
            for one, two in path:
                arcs[one][two] -= step
                arcs[two][one] += step
            found += step
        for one, two, step in pushed:
            arcs[one][two] += step
            arcs[two][one] -= step
        arcs[row][column], arcs[column][row] = itself
        return found


def _path(arcs: dict[Node, dict[Node, int]], start: Node, end: Node) -> list[tuple[Node, Node]] | None:
    """A shortest way along arcs that have room."""
    came: dict[Node, Node] = {start: start}
    queue = [start]
    for node in queue:
        if node == end:
            break
        for other, room in arcs.get(node, {}).items():
            if room > 0 and other not in came:
                came[other] = node
                queue.append(other)
    if end not in came:
        return None
    steps = []
    while end != start:
        steps.append((came[end], end))
        end = came[end]
    return steps[::-1]
