"""`python -m seed.generate`: writes the network again, the same bytes each time."""

import argparse
from pathlib import Path

from seed.generate.build import build

SEED = Path(__file__).resolve().parents[1]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m seed.generate", description=__doc__)
    parser.add_argument("--reference", type=Path, default=SEED / "reference")
    parser.add_argument("--out", type=Path, default=SEED / "network")
    options = parser.parse_args()
    world = build(options.reference)
    world.write(options.out)
    for collection, records in world.records.items():
        print(f"{collection}: {len(records)}")


if __name__ == "__main__":
    main()
