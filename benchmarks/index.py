"""How long the index takes beside looking at every candidate, how it grows, what it weighs, what a change costs.

`python -m benchmarks.index` measures worlds of 1,000, 100,000 and 1,000,000 candidates (`--sizes`). Each question is
asked of the blocks, without and with the counts of who is left out, and of all candidates, with equal answers asserted;
then records change. Times are processor time of the one thread, of each question the least of a few tries, since other
work on the machine would count otherwise, in milliseconds. Ratios are held against those of `index.json`; one that is a
fifth worse ends with 1, `--write` makes that file anew."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np

from benchmarks.worlds import NOW, Made, cases, make
from matching.assess import Assessment
from matching.blocks import Size
from matching.ranking import Question, Ranker
from matching.renewal import ordered, renewed
from matching.types import Asker, Case, Sort

ARGUMENTS = ("--sizes", "1000", "100000")
KEPT = Path(__file__).with_suffix(".json")
WORSE = 1.2
SIZES = (1000, 100_000, 1_000_000)
QUESTIONS = 200
FIRST = 10
CLASSES: dict[str, tuple[Sort, float | None]] = {
    "nearest": ("nearest", 500.0),
    "by score": ("score", 500.0),
    "score, no limit": ("score", None),
}
CHANGES = 2000
TRIES = 3


def first_of(question: Question, assessment: Assessment, sort: Sort) -> list[int]:
    """The rows of the ten first suitable."""
    rows = assessment.first(assessment.members("suitable"), sort, FIRST)
    return [int(row) for row in assessment.columns.row[rows]]


def by_blocks(question: Question, sort: Sort) -> list[int]:
    """The product's way."""
    return [int(row) for row in question.first(question.needs[0], "suitable", FIRST)]


def with_counts(question: Question, sort: Sort) -> list[int]:
    """The same, and how many are left out for which reason."""
    pruning = question.prune(question.needs[0])
    if pruning is not None:
        pruning.sift()
    return by_blocks(question, sort)


def by_all(question: Question, sort: Sort) -> list[int]:
    """Every rule and feature of every candidate."""
    return first_of(question, question.assess(question.needs[0]), sort)


def timed(ask: Callable[[Question, Sort], list[int]], ranker: Ranker, case: Case) -> tuple[float, list[int]]:
    """The least milliseconds of a few tries, reading the case included, and what was found."""
    took: list[float] = []
    found: list[int] = []
    for _ in range(TRIES):
        start = time.thread_time()
        found = ask(ranker.read(case), case.sort)
        took.append((time.thread_time() - start) * 1e3)
    return min(took), found


def whole(question: Question, sort: Sort) -> list[int]:
    """The answer for the need, with both lists, the counts, the nearest excluded and every reason."""
    question.result(question.needs[0])
    return []


def measure(made: Made, sort: Sort, farthest: float | None, questions: int, compare: int) -> dict[str, float]:
    """Medians and 99th percentiles; `compare`: how many questions are asked of all candidates too."""
    ranker = Ranker(made.world(), Asker())
    took: dict[str, list[float]] = {"blocks": [], "counts": [], "all": [], "answer": []}
    for number, case in enumerate(cases(questions, seed=int(time.time()) % 10_000)):
        asked: Case = replace(case, sort=sort, max_km=farthest)
        each, found = timed(by_blocks, ranker, asked)
        took["blocks"].append(each)
        each, counted = timed(with_counts, ranker, asked)
        took["counts"].append(each)
        assert counted == found, (number, found, counted)
        if number < compare:
            each, expected = timed(by_all, ranker, asked)
            took["all"].append(each)
            assert found == expected, (number, found, expected)
        took["answer"].append(timed(whole, ranker, asked)[0])
    rows = ((name, values[1:]) for name, values in took.items())
    return {f"{name} p{p}": float(np.percentile(values, p)) for name, values in rows for p in (50, 99)}


def weight(made: Made) -> float:
    """Bytes a candidate, with all that is kept once every need was asked for."""
    ranker, case, index = Ranker(made.world(), Asker()), next(cases(1)), made.index
    for code in index.number.codes.place if index.blocks else ():
        ranker.read(replace(case, needs=(code,))).first(code, "suitable", FIRST)
    kept = sum(shelf.nbytes for shelf in index.shelves.values())
    blocks = 0 if index.blocks is None else index.blocks.nbytes
    return float(index.columns.table.itemsize + (blocks + kept) / len(index))


def hour(made: Made) -> float:
    """Milliseconds of the first question of an hour, with what is then kept for the others: the longest of some."""
    ranker, took = Ranker(made.world(), Asker()), []
    for case in cases(10):
        for hours in (5, 7):
            now = case.now + timedelta(hours=hours)
            start = time.thread_time()
            by_blocks(ranker.read(replace(case, now=now, when=now)), case.sort)
            took.append((time.thread_time() - start) * 1e3)
    return max(took)


def changes(made: Made) -> dict[str, float]:
    """What one changed record costs, in microseconds, and what putting all in order costs, in milliseconds."""
    index, took = made.index, []
    for number in (
        np.random.default_rng(3).choice(len(made.index), min(CHANGES, len(made.index) // 2), replace=False).tolist()
    ):
        row = index.row(int(number))
        if (number := index.find(row.id)) is None:
            continue
        counted = {"unit": "bed", "total": 9, "available": number % 9, "as_of": NOW}
        changed = replace(row, service_site=row.service_site | {"capacity": counted})
        start = time.thread_time()
        later = renewed(index, {row.id: changed})
        took.append((time.thread_time() - start) * 1e6)
        index = later
    start = time.thread_time()
    ordered(index) if len(index) <= 100_000 else None
    return {
        "change least us": float(np.min(took)),
        "p50 us": float(np.median(took)),
        "p99 us": float(np.percentile(took, 99)),
        "ordering ms": (time.thread_time() - start) * 1e3,
    }


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    options.add_argument("--questions", type=int, default=QUESTIONS)
    options.add_argument("--write", action="store_true")
    given = options.parse_args()
    found: dict[str, float] = {}
    for size in given.sizes:
        made = make(size, seed=int(time.time()) % 1000, size=Size(least=1))
        print(f"{size:>9,} candidates, {weight(made):.1f} bytes each; first of an hour {hour(made):.1f} ms")
        for name, (sort, farthest) in CLASSES.items():
            one = measure(made, sort, farthest, given.questions, 20 if size > 100_000 else 100)
            print(f"  {name:16}" + "  ".join(f"{what} {value:.2f}" for what, value in one.items()))
            found[f"{size} {name}: blocks as a share of all"] = one["blocks p50"] / one["all p50"]
        print("  " + "  ".join(f"{what} {value:.0f}" for what, value in changes(made).items()))
    return held(found, write=given.write)


def held(found: dict[str, float], *, write: bool) -> int:
    """1 if a ratio is a fifth worse than the one that is kept."""
    kept: dict[str, float] = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    if write:
        KEPT.write_text(json.dumps(kept | {name: round(value, 4) for name, value in found.items()}, indent=1) + "\n")
        return 0
    worse = {name: (value, kept[name]) for name, value in found.items() if value > WORSE * kept.get(name, np.inf)}
    for name, (value, before) in worse.items():
        print(f"WORSE {name}: {value:.3f}, kept {before:.3f}")
    return int(bool(worse))


if __name__ == "__main__":
    sys.exit(main())
