"""The figures of the last committed run, and whether a new one holds to them: `benchmarks/figures.json`.

Held are ratios alone, of what was measured in turns in one run, each a median: times depend on the machine and on what
else it does, ratios far less. The more the better, all of them. One is worse when it is more than a fifth below what
is kept; what a busy machine did to a single run, the run of all benchmarks finds out by running it again. With them
stand the times that they come from, and where those were taken."""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

KEPT = Path(__file__).with_suffix(".json")
WORSE = 0.8
BEHIND = 3
"""How a benchmark ends whose ratios do not hold: unlike one that finds something wrong, it is worth another try."""


def add_write(options: argparse.ArgumentParser) -> None:
    """Let a benchmark be told to keep its figures."""
    options.add_argument("--write", action="store_true", help="keep the figures instead of holding the ratios")


def held(benchmark: str, ratios: Mapping[str, float], measured: Mapping[str, Any], *, write: bool) -> int:
    """`BEHIND` if a ratio is a fifth below the one that is kept, else 0."""
    kept: dict[str, dict[str, Any]] = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    mine = kept.get(benchmark, {"ratios": {}, "measured": {}})
    if write:
        rounded = {name: round(value, 3) for name, value in ratios.items()}
        kept[benchmark] = {
            "machine": machine(),
            "ratios": {**mine["ratios"], **rounded},
            "measured": {**mine["measured"], **measured},
        }
        KEPT.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        return 0
    worse = {name: value for name, value in ratios.items() if value < WORSE * mine["ratios"].get(name, 0.0)}
    for name, value in worse.items():
        print(f"WORSE {name}: {value:.2f}, kept {mine['ratios'][name]:.2f}")
    return BEHIND if worse else 0


def machine() -> dict[str, Any]:
    """Where a run was taken, and how busy that was."""
    models = [line for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if "model name" in line]
    return {
        "taken": datetime.now(UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "processor": models[0].partition(":")[2].strip() if models else platform.processor(),
        "load": [round(one, 1) for one in os.getloadavg()],
        "python": platform.python_version(),
        **{name: version(name) for name in ("numpy", "flask", "gunicorn", "psycopg")},
    }
