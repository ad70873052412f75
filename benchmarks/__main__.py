"""All benchmarks, one after the other, each in a process of its own: `python -m benchmarks`.

A module here is one if it declares `ARGUMENTS`, what the whole run starts it with; its docstring says what it measures.
`--list` says which there are, `--only NAME` runs one. Ends with 1 if any of them did.
"""

from __future__ import annotations

import argparse
import importlib
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def declared() -> dict[str, Sequence[str]]:
    """Names of the benchmarks, with their arguments."""
    names = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__main__")
    modules = {name: importlib.import_module(f"benchmarks.{name}") for name in names}
    return {name: one.ARGUMENTS for name, one in modules.items() if hasattr(one, "ARGUMENTS")}


def main() -> int:
    """Run them, and say how long each took and how it ended."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--list", action="store_true", help="say which there are")
    options.add_argument("--only", help="the name of one")
    given = options.parse_args()
    chosen = {name: arguments for name, arguments in declared().items() if given.only in (None, name)}
    if given.list or not chosen:
        for name, arguments in chosen.items():
            print(" ".join(("python -m", f"benchmarks.{name}", *arguments)))
        return int(not chosen)
    ended = {}
    for name, arguments in chosen.items():
        print(f"\n== {name}", flush=True)
        started = time.perf_counter()
        ended[name] = subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *arguments], check=False).returncode
        print(f"== {name}: {'ended well' if not ended[name] else 'FAILED'}, {time.perf_counter() - started:.0f} s")
    return int(any(ended.values()))


if __name__ == "__main__":
    sys.exit(main())
