"""How long packages take: `python -m benchmarks.packages [--copies N] [--folder FOLDER] [--cases N]`.

Questions for one to twelve needs from large places, answered from memory (no HTTP) on the fictitious network or N times
its partners. What is answered is proved elsewhere (`tests/matching/test_packages.py`).
"""

import argparse
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from benchmarks import multiplied
from directory import geography, vocabulary
from directory.db import begin, make_engine
from matching import feed, service
from matching.types import Asker, Case, Member, NearAsked, Need, Profile

ARGUMENTS = ("--cases", "40")
NEEDS = (1, 2, 4, 6, 8, 12)
LARGE_PLACES = 200
CALM = Profile(languages=("eng",), mental_acuity="low", medical_acuity="low", substance="none", has_id=True)


def cases(count: int, needs: int, now: datetime) -> list[Case]:
    """Questions for so many needs."""
    random = Random(needs)
    places = sorted(geography.places(), key=lambda place: -place.population)[:LARGE_PLACES]
    codes = list(vocabulary.codes("service"))
    asked = (
        Need(
            near=NearAsked(place_id=random.choice(places).id),
            needs=tuple(random.sample(codes, needs)),
            party=(Member(age=29, gender="female"),),
            profile=CALM,
            max_km=500.0,
        )
        for _ in range(count)
    )
    return [service.resolve(one, now) for one in asked]


def main() -> None:
    """Print a row for each number of needs."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--copies", type=int, default=1)
    options.add_argument("--cases", type=int, default=40)
    options.add_argument("--folder", type=Path)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as made:
        engine = make_engine(multiplied.registry(given.folder or Path(made), given.copies))
        now = datetime.now(UTC)
        with begin(engine, write=False) as session:
            network = feed.network(session)
            print(f"{len(network.collections['service_sites']):,} candidates")
            for needs in NEEDS:
                took = []
                for case in cases(given.cases, needs, now):
                    started = time.perf_counter()
                    service.packaged(network, case, Asker(), now)
                    took.append((time.perf_counter() - started) * 1000)
                print(
                    f"  {needs:2} needs: median {statistics.median(took):6.1f} ms, longest {max(took):6.1f} ms",
                    flush=True,
                )
        engine.dispose()


if __name__ == "__main__":
    main()
