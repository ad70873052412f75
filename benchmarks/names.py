"""Names nearly right: trigrams and the best thousand beside rapidfuzz's WRatio over all of them.

`python -m benchmarks.names [COUNT …] [--queries N]` asks the committed queries (`tests/directory/misspelt.py`) of so
many fictitious names, both ways in turn, and prints milliseconds, the ratio, and on how many the results are as alike.
It fails if the first result is as alike on fewer than 99 of 100.
"""

import argparse
import statistics
import time

from rapidfuzz import fuzz, process

from directory.queries.names import LIKENESS_FLOOR, Names
from tests.directory import misspelt

ARGUMENTS = ("100000", "1000000", "--queries", "6")
FIRST = 0.99


def compare(count: int, queries: int) -> None:
    """Print a row for each kind of query."""
    names = misspelt.names(count)
    begun = time.perf_counter()
    kept = Names.of(1, [(str(at), name) for at, name in enumerate(names)])
    took, size = time.perf_counter() - begun, kept.postings.nbytes / count
    print(f"{count:,} names, read in {took:.1f} s, {size:.0f} bytes each")
    everybody, right = set(kept.ids), []
    rows: dict[str, list[tuple[float, float, bool, float]]] = {}
    for kind, query in misspelt.queries(names, queries):
        begun = time.perf_counter()
        found = sorted(kept.likeness(query, lambda ids: set(ids or everybody)).values())[:10]
        between = time.perf_counter()
        full = process.extract(query, names, scorer=fuzz.WRatio, score_cutoff=LIKENESS_FLOOR, limit=10)
        took, fully = between - begun, time.perf_counter() - between
        expected = [100.0 - score for _, score, _ in full]
        alike = [abs(one - other) < 1e-6 for one, other in zip(found, expected, strict=False)]
        right.append(alike[:1] == [True] * len(expected[:1]))
        rows.setdefault(kind, []).append((took, fully, right[-1], sum(alike) / max(1, len(expected))))
    for kind, those in rows.items():
        took, fully = (statistics.median(one[at] for one in those) * 1000 for at in (0, 1))
        first, ten = (statistics.mean(one[at] for one in those) for at in (2, 3))
        print(
            f"  {kind:14} {took:7.1f} ms {fully:9.1f} ms {fully / took:6.0f}x   first {first:6.1%}   of ten {ten:6.1%}"
        )
    if statistics.mean(right) < FIRST:
        raise SystemExit("The first result is another one too often.")


def main() -> None:
    """Compare at each size."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("counts", type=int, nargs="*", default=[100_000])
    options.add_argument("--queries", type=int, default=25, help="Of each kind.")
    given = options.parse_args()
    for count in given.counts:
        compare(count, given.queries)


if __name__ == "__main__":
    main()
