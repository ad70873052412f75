"""All benchmarks, one after the other, each in a process of its own: `python -m benchmarks`, or `make bench`.

A module here is one if it declares `ARGUMENTS`, what the whole run starts it with; its docstring says what it measures.
`--large` starts those that declare `LARGE` with that instead: a million candidates, or 100,000 over HTTP. `--list`
says which there are, `--only NAME` runs one. One whose ratios fall behind those of `figures.json` runs once more, since
a busy machine can make them look worse than they are; ends with 1 if any failed."""

from __future__ import annotations

import argparse
import importlib
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.figures import BEHIND

FOLDER = Path(__file__).resolve().parent
TRIES = 2


def declared(*, large: bool = False) -> dict[str, Sequence[str]]:
    """Names of the benchmarks, with their arguments."""
    names = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__main__")
    modules = {name: importlib.import_module(f"benchmarks.{name}") for name in names}
    mine = {name: one for name, one in modules.items() if hasattr(one, "ARGUMENTS")}
    return {name: getattr(one, "LARGE", one.ARGUMENTS) if large else one.ARGUMENTS for name, one in mine.items()}


def main() -> int:
    """Run them, and say how long each took and how it ended."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--list", action="store_true", help="say which there are")
    options.add_argument("--only", help="the name of one")
    options.add_argument("--large", action="store_true", help="the large worlds: an hour")
    given = options.parse_args()
    chosen = {name: it for name, it in declared(large=given.large).items() if given.only in (None, name)}
    if given.list or not chosen:
        for name, arguments in chosen.items():
            print(" ".join(("python -m", f"benchmarks.{name}", *arguments)))
        return int(not chosen)
    failed = [name for name, arguments in chosen.items() if not ran(name, arguments)]
    print(f"\n{len(chosen) - len(failed)} passed, {len(failed)} failed", *failed)
    return int(bool(failed))


def ran(name: str, arguments: Sequence[str]) -> bool:
    """Whether one ended well; one that only fell behind has another try."""
    for number in range(1, TRIES + 1):
        print(f"\n== {name}, load {os.getloadavg()[0]:.1f}", flush=True)
        started = time.perf_counter()
        code = subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *arguments], check=False).returncode
        took = time.perf_counter() - started
        print(f"== {name}: {'FAILED' if code else 'ended well'}, {took:.0f} s, try {number}", flush=True)
        if code != BEHIND:
            return not code
    return False


if __name__ == "__main__":
    sys.exit(main())
