"""The ways in which PostGIS is asked: how candidates are found, how answers are compared, how the planner is told.

The best of them for a kind of question is the peer. A way that needs several statements (circles that grow until
nobody outside can be among the first; those without a distance only if there are not ten) asks them one by one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from psycopg.sql import SQL, Composable

from benchmarks.peer_counts import counted
from benchmarks.peer_sql import FIRST, Asking, Places, Table, Wanted, circle, far, first, nearest
from matching.groups import RESIDENTIAL
from matching.types import Sort

CIRCLES_KM = (10.0, 40.0, 160.0, 640.0)
PREPARED = 2000

Answer = list[tuple[int, float, float, int]]
"""Row, score, km, hash."""


@dataclass(frozen=True, slots=True)
class Setup:
    """`path`: which index finds places; `growing`: by circles that grow; `in_order`: the nearest come from the index
    in their order, so that ten are enough; `own`: from the tables of the need; `generic`: planned once for all
    questions."""

    name: str
    way: Wanted
    path: Places
    growing: bool = False
    in_order: bool = False
    own: bool = True
    generic: bool = False

    def suits(self, sort: Sort) -> bool:
        """Whether it can answer in an order."""
        return sort == "nearest" or not self.in_order


SETUPS = (
    Setup("one table, partial indexes", "columns", "place", own=False),
    Setup("boxes, columns", "columns", "place"),
    Setup("boxes, bit mask", "mask", "place"),
    Setup("boxes, array", "array", "place"),
    Setup("boxes, columns, planned once", "columns", "place", generic=True),
    Setup("geography, columns", "columns", "globe"),
    Setup("earth-centred, bit mask", "mask", "ball"),
    Setup("growing boxes, columns", "columns", "place", growing=True),
    Setup("growing boxes, columns, planned once", "columns", "place", growing=True, generic=True),
    Setup("growing balls, bit mask, planned once", "mask", "ball", growing=True, generic=True),
    Setup("kNN geography, columns", "columns", "globe", in_order=True),
    Setup("kNN earth-centred, columns", "columns", "ball", in_order=True),
    Setup("kNN earth-centred, bit mask, planned once", "mask", "ball", in_order=True, generic=True),
)

Got = TypeVar("Got")
Statement = tuple[str, dict[str, Any]]
Run = Callable[[], Answer]


class Peer:
    """Connections to a cluster, one for each way to plan."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._open: dict[bool, psycopg.Connection] = {}

    def connection(self, setup: Setup) -> psycopg.Connection:
        """That of a set-up."""
        if setup.generic not in self._open:
            made = psycopg.connect(self._address, autocommit=True)
            made.prepare_threshold, made.prepared_max = 0, PREPARED
            made.execute(f"SET plan_cache_mode = force_{'generic' if setup.generic else 'custom'}_plan")
            made.execute("SET max_parallel_workers_per_gather = 0")
            self._open[setup.generic] = made
        return self._open[setup.generic]

    def timed(self, setup: Setup, run: Callable[[], Got]) -> tuple[float, Got]:
        """How long this thread and the server's process for a set-up worked on something, in milliseconds, and what it
        gave. What it takes to look at the clocks is not counted."""
        server = Path(f"/proc/{self.connection(setup).info.backend_pid}/schedstat")
        before, start = int(server.read_text(encoding="ascii").split()[0]), time.thread_time()
        found = run()
        passed = time.thread_time() - start
        return passed * 1e3 + (int(server.read_text(encoding="ascii").split()[0]) - before) / 1e6, found

    def close(self) -> None:
        """All of them, and what was planned."""
        for one in self._open.values():
            one.close()
        self._open.clear()

    def ready(self, setup: Setup, asking: Asking, sort: Sort, farthest: float | None, bit: int) -> Run:
        """A question in a set-up, all but executed: its statements are written."""
        cursor = self.connection(setup).cursor(binary=True)
        table = Table(question_need(asking), None if setup.own else bit)

        def written(found: Composable, km: float | None) -> Statement:
            return first(found, sort, bounded=km is not None).as_string(cursor), asking.within(km)

        def asked(statement: Statement) -> Answer:
            return cursor.execute(*statement).fetchall()

        everyone_far = written(far(asking, table, setup.way), None)
        if setup.in_order:
            ten = written(nearest(asking, table, setup.way, setup.path), farthest)
            return lambda: _or_far(asked(ten), lambda: asked(everyone_far))
        if setup.growing:
            circles = list(_circles(asking, table, setup, sort, farthest))
            steps = [(written(rows, km), km) for rows, km in circles]
            if sort == "nearest":
                return lambda: _or_far(_grown_near(steps, asked), lambda: asked(everyone_far))
            return lambda: _grown_by_score(steps, asked, most_beyond(asking))
        found = circle(asking, table, setup.way, None if farthest is None else setup.path)
        if sort == "nearest":
            there = written(found, farthest)
            return lambda: _or_far(asked(there), lambda: asked(everyone_far))
        both = written(SQL("{} UNION ALL {}").format(found, far(asking, table, setup.way)), farthest)
        return lambda: asked(both)

    def counting(self, setup: Setup, asking: Asking, farthest: float | None) -> Callable[[], list[tuple[int, ...]]]:
        """The counts of the excluded, all but executed."""
        cursor = self.connection(setup).cursor(binary=True)
        text = counted(asking, path=None if farthest is None else setup.path).as_string(cursor)
        values = asking.within(farthest)
        return lambda: cursor.execute(text, values).fetchall()


def question_need(asking: Asking) -> str:
    """The need as it is read."""
    return asking.asked.code


def most_beyond(asking: Asking) -> Callable[[float], float]:
    """The highest score that anybody with a place farther than so many km can have."""
    most = 0.80 if asking.asked.code in RESIDENTIAL else 0.725
    return lambda km: most + 0.20 / (1 + km / 100) + 1e-9


def _circles(
    asking: Asking, table: Table, setup: Setup, sort: Sort, farthest: float | None
) -> Iterator[tuple[Composable, float | None]]:
    """The statements' rows, circle by circle; by score the first has those without a distance too."""
    steps: list[float | None] = [km for km in CIRCLES_KM if farthest is None or km < farthest]
    for number, km in enumerate([*steps, farthest]):
        rows: Composable = circle(asking, table, setup.way, None if km is None else setup.path)
        if sort == "score" and number == 0:
            rows = SQL("{} UNION ALL {}").format(rows, far(asking, table, setup.way))
        yield rows, km


def _or_far(found: Answer, others: Callable[[], Answer]) -> Answer:
    """Those with a place, then those without, until there are ten."""
    return found if len(found) >= FIRST else (found + others())[:FIRST]


def _grown_near(steps: list[tuple[Statement, float | None]], asked: Callable[[Statement], Answer]) -> Answer:
    found: Answer = []
    for statement, _ in steps:
        found = asked(statement)
        if len(found) >= FIRST:
            break
    return found


def _grown_by_score(
    steps: list[tuple[Statement, float | None]], asked: Callable[[Statement], Answer], most: Callable[[float], float]
) -> Answer:
    best: dict[int, tuple[int, float, float, int]] = {}
    found: Answer = []
    for statement, km in steps:
        best |= {one[0]: one for one in asked(statement)}
        found = sorted(best.values(), key=lambda one: (-one[1], one[2], one[3]))[:FIRST]
        if km is not None and len(found) == FIRST and found[-1][1] > most(km):
            break
    return found
