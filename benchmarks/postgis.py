"""The index beside PostGIS, given its best plan: `python -m benchmarks.postgis [--sizes N …] [--questions N]`.

Worlds of `benchmarks.worlds`, questions of four kinds (by how much they rule out), the ten first suitable: nearest
within 500 km, by score within 50 and 500 km, by score without a limit. Eight different questions are put to the index,
one after the other, then the same eight to each set-up of `benchmarks.peer_setups`, then the next eight: who answers
does so as a server in use does, with its own code and data in the processor's caches, not those of whom it is compared
with. Each question is asked once of each, and every answer has to be the same rows in the same order. What is hopeless
after some questions is left out of the rest. Then both are asked how many in reach are excluded, and by which rule,
which every match says too: a statement more for PostGIS, and again the same answer.

Times are processor time, of this process and of the server's for its connection, since other work on the machine would
count otherwise; that spares PostgreSQL the waiting at its socket. It runs without parallel workers, which were
never best when they were tried. Its statements are prepared and written before the clock starts.

Needs `benchmarks/install_postgis`; says so and ends well where that was not run."""

from __future__ import annotations

import argparse
import gc
import os
import sys
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
import psycopg

from benchmarks import figures
from benchmarks.cluster import MISSING, cluster, programs
from benchmarks.index import by_blocks, weight
from benchmarks.peer_columns import load
from benchmarks.peer_counts import told
from benchmarks.peer_questions import KINDS, NEEDS, questions
from benchmarks.peer_setups import SETUPS, Answer, Got, Peer, Setup
from benchmarks.peer_sql import Asking
from benchmarks.worlds import Made, make
from matching import counting
from matching.ranking import Question, Ranker
from matching.types import Asker, Case, Sort

ARGUMENTS = ("--sizes", "100000", "--questions", "60")
LARGE = ("--sizes", "100000", "1000000", "--questions", "100")
SIZES = (1000, 100_000, 1_000_000)
CELLS: dict[str, tuple[Sort, float | None]] = {
    "nearest, 500 km": ("nearest", 500.0),
    "by score, 50 km": ("score", 50.0),
    "by score, 500 km": ("score", 500.0),
    "by score, no limit": ("score", None),
}
TURN = 8
"""So many questions are put to one, then to the next. The first turn does not count."""
HOPELESS = 2.5
"""After the first that counts, a set-up whose median is so many times the best one's is left out."""
ROUNDING = 1e-12
"""Kilometres and scores that differ by less are the same: two libraries' sines and powers differ in the last bit."""

COUNTING = next(one for one in SETUPS if one.path == "place" and one.generic and not one.growing)
GROWING = frozenset(one.name for one in SETUPS if one.growing)
ONCE = frozenset(one.name for one in SETUPS) - GROWING


@dataclass(slots=True)
class Cell:
    """What one kind of question took, in milliseconds."""

    index: list[float] = field(default_factory=list)
    peers: dict[str, list[float]] = field(default_factory=dict)
    counts: list[float] = field(default_factory=list)
    counted: list[float] = field(default_factory=list)
    suitable: list[int] = field(default_factory=list)

    def add(self, other: Cell) -> None:
        """What another turn took; a set-up that it was not put to is left out."""
        self.index += other.index
        self.counts += other.counts
        self.counted += other.counted
        self.suitable += other.suitable
        self.peers = {name: self.peers[name] + took for name, took in other.peers.items()}

    def best(self, among: Collection[str]) -> str:
        """The set-up with the lowest median, of some."""
        return min((name for name in self.peers if name in among), key=self._median)

    def prune(self) -> None:
        """Leave out what is hopeless, of those that ask once and of those that grow."""
        for among in (ONCE, GROWING):
            if not any(name in among for name in self.peers):
                continue
            most = HOPELESS * self._median(self.best(among))
            self.peers = {
                name: took for name, took in self.peers.items() if name not in among or self._median(name) <= most
            }

    def ratio(self, among: Collection[str]) -> float:
        """How many times as long as the index the best of some set-ups takes, by medians."""
        return self._median(self.best(among)) / self.median

    def measured(self) -> dict[str, object]:
        """Medians and 99th percentiles, and which set-ups were best."""
        ways = {"one statement": self.best(ONCE), "growing circles": self.best(GROWING)}
        taken = {
            "index": self.index,
            "index with counts": self.counted,
            "counts": self.counts,
            **{way: self.peers[name] for way, name in ways.items()},
        }
        figures = {
            f"{way} ms": [round(float(one), 3) for one in np.percentile(t, (50, 99))] for way, t in taken.items()
        }
        return {"suitable": int(np.median(self.suitable)), **figures, "set-ups": ways}

    @property
    def whole(self) -> float:
        """How many times as long as the index the best set-up takes, both with the counts."""
        return (min(map(self._median, self.peers)) + float(np.median(self.counts))) / float(np.median(self.counted))

    @property
    def median(self) -> float:
        """The index's own."""
        return float(np.median(self.index))

    def _median(self, name: str) -> float:
        return float(np.median(self.peers[name]))


def measure(made: Made, peer: Peer, kind: str, cell: str, cases: list[Case]) -> Cell:
    """One kind of question in one order, put to all in turns of some questions."""
    sort, farthest = CELLS[cell]
    turn, found = Turn(made, peer, sort, farthest), Cell()
    found.peers = {one.name: [] for one in SETUPS if one.suits(sort)}
    turns = [replace(case, sort=sort, max_km=farthest) for case in cases]
    for number, begin in enumerate(range(0, len(turns), TURN)):
        names = list(found.peers)
        took = turn.taken(turns[begin : begin + TURN], names[number % len(names) :] + names[: number % len(names)])
        if number:
            found.add(took)
        if number == 1:
            found.prune()
    return found


@dataclass(frozen=True, slots=True)
class Turn:
    """Asks some questions one after the other, first the index, then each set-up."""

    made: Made
    peer: Peer
    sort: Sort
    farthest: float | None

    def taken(self, cases: list[Case], names: list[str]) -> Cell:
        """What each took, having given the same answers."""
        ranker, peer, sort = Ranker(self.made.world(), Asker()), self.peer, self.sort
        expected, index = timed([partial(_first, ranker, case) for case in cases])
        askings = [Asking.of(ranker.read(case)) for case in cases]
        bits = [self.made.index.number.codes.place[one.asked.code] for one in askings]
        found = Cell(index=index, suitable=[_suitable(ranker.read(case)) for case in cases])
        for setup in sorted((one for one in SETUPS if one.name in names), key=lambda one: names.index(one.name)):
            runs = [peer.ready(setup, one, sort, self.farthest, bit) for one, bit in zip(askings, bits, strict=True)]
            answers = [peer.timed(setup, run) for run in runs]
            for case, mine, (_, theirs) in zip(cases, expected, answers, strict=True):
                same(setup, case, mine, theirs)
            found.peers[setup.name] = [passed for passed, _ in answers]
        counting = [peer.counting(COUNTING, one, self.farthest) for one in askings]
        counts = [peer.timed(COUNTING, run) for run in counting]
        found.counts = [passed for passed, _ in counts]
        whole, found.counted = timed([partial(with_counts, ranker, case) for case in cases])
        for asking, mine, (_, rules), counted in zip(askings, expected, counts, whole, strict=True):
            assert counted == (mine, *told(asking, rules)), (asking.asked.code, counted, rules)
        return found


def timed(runs: Sequence[Callable[[], Got]]) -> tuple[list[Got], list[float]]:
    """What each of some gives, one after the other, and the milliseconds that it took this thread."""
    found, took = [], []
    for run in runs:
        start = time.thread_time()
        found.append(run())
        took.append((time.thread_time() - start) * 1e3)
    return found, took


def _first(ranker: Ranker, case: Case) -> list[int]:
    return by_blocks(ranker.read(case), case.sort)


def _suitable(question: Question) -> int:
    """How many are suitable."""
    pruning = question.prune(question.needs[0])
    if pruning is None:
        return question.assess(question.needs[0]).count("suitable")
    return pruning.sift().count("suitable")


def with_counts(ranker: Ranker, case: Case) -> tuple[list[int], int, dict[str, int]]:
    """The ten first, how many are excluded, and by which rules."""
    question, need = ranker.read(case), case.needs[0]
    pruning = question.prune(need)
    if pruning is not None:
        pruning.sift()
    first = by_blocks(question, case.sort)
    total, reasons = counting.excluded(question.look(need, {}), pruning)
    return first, total, {one.rule: one.said + one.unknown for one in reasons}


def same(setup: Setup, case: Case, expected: list[int], answer: Answer) -> None:
    """The same rows in the same order, but for neighbours whose keys differ in rounding alone."""
    rows = [one[0] for one in answer]
    if rows == expected:
        return
    keys = {row: (score, km) for row, score, km, _ in answer}
    assert sorted(rows) == sorted(expected), (setup.name, case.near, expected, answer)
    for one, other in zip(rows, expected, strict=True):
        differ = [abs(a - b) for a, b in zip(keys[one], keys[other], strict=True) if a != b]
        assert all(value < ROUNDING for value in differ), (setup.name, case.near, expected, answer)


def world(size: int, count: int, address: str) -> dict[str, Cell]:
    """A world of a size, in both, and all that is asked of it."""
    made = make(size, seed=int(time.time()) % 1000)
    with psycopg.connect(address) as connection:
        started = time.perf_counter()
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE EXTENSION postgis")
        load(connection, made, NEEDS)
        took = time.perf_counter() - started
        peer_bytes = connection.execute("SELECT pg_total_relation_size('one') / %s", (size,)).fetchone()
    assert peer_bytes is not None
    print(
        f"{size:>9,} candidates, {weight(made):.0f} bytes each; {peer_bytes[0]} in PostGIS, loaded in {took:.0f} s",
        flush=True,
    )
    peer, found = Peer(address), {}
    gc.freeze()
    for cell in CELLS:
        for kind in KINDS:
            cases = list(questions(kind, count + TURN, seed=int(time.time()) % 10_000))
            found[f"{kind}, {cell}"] = one = measure(made, peer, kind, cell, cases)
            print(f"  {kind + ', ' + cell:28} {line(one)}", flush=True)
    peer.close()
    return found


def growth(size: int, found: dict[str, float], others: dict[int, dict[str, float]]) -> dict[str, float]:
    """How much longer the index takes than in the world before, the other way round: the more the better."""
    others[size] = found
    before = max((one for one in others if one < size), default=None)
    if before is None:
        return {}
    cells = [sum(found[f"{kind}, {cell}"] for kind in KINDS) for cell in CELLS]
    smaller = [sum(others[before][f"{kind}, {cell}"] for kind in KINDS) for cell in CELLS]
    for cell, one, other in zip(CELLS, cells, smaller, strict=True):
        print(f"  {cell}: {one / other:.2f} times as long as with {before:,}")
    pairs = zip(CELLS, cells, smaller, strict=True)
    return {f"{cell}: {before} over {size}": other / one for cell, one, other in pairs}


def line(cell: Cell) -> str:
    """Its figures: index and best set-up, medians and 99th percentiles."""
    mine = np.percentile(cell.index, (50, 99))
    found = f"{np.median(cell.suitable):6.0f} {mine[0]:8.2f} / {mine[1]:6.2f}"
    for among in (ONCE, GROWING):
        best = cell.best(among)
        theirs = np.percentile(cell.peers[best], (50, 99))
        found += f" {theirs[0]:8.2f} / {theirs[1]:6.2f} {cell.ratio(among):6.1f}x {best:42}"
    return f"{found} with counts {np.median(cell.counted):6.2f} + {np.median(cell.counts):7.2f} {cell.whole:6.1f}x"


def main() -> int:
    """Print a row for each kind of question."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    options.add_argument("--questions", type=int, default=100)
    figures.add_write(options)
    given = options.parse_args()
    if programs() is None:
        print(MISSING)
        return 0
    ratios: dict[str, float] = {}
    measured: dict[str, dict[str, object]] = {}
    medians: dict[int, dict[str, float]] = {}
    with cluster() as address:
        for size in given.sizes:
            cells = world(size, given.questions, address)
            ratios |= growth(size, {name: one.median for name, one in cells.items()}, medians)
            for name, cell in cells.items():
                ratios[f"{size} {name}: one statement over index"] = cell.ratio(ONCE)
                ratios[f"{size} {name}: growing circles over index"] = cell.ratio(GROWING)
                ratios[f"{size} {name}: best with counts over index"] = cell.whole
                measured[f"{size} {name}"] = cell.measured()
    print(f"load {os.getloadavg()[0]:.1f}")
    return figures.held("postgis", ratios, measured, write=given.write)


if __name__ == "__main__":
    sys.exit(main())
