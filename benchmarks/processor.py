"""How long whole groups of processes have worked: what a request costs, however busy the machine is besides."""

from __future__ import annotations

import os
from pathlib import Path

PROC = Path("/proc")
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


def worked(*marks: str) -> float:
    """Seconds of processor time so far of the processes whose command line has one of the marks, and of all that
    they started and that still run."""
    found = _processes()
    mine = {number for number in found if _is_marked(number, marks)}
    while further := {number for number, (parent, _) in found.items() if parent in mine} - mine:
        mine |= further
    return sum(found[number][1] for number in mine) / TICKS_A_SECOND


def _processes() -> dict[int, tuple[int, int]]:
    """The parent and the ticks of every process."""
    found = {}
    for entry in PROC.iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            fields = (entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        found[int(entry.name)] = int(fields[1]), int(fields[11]) + int(fields[12])
    return found


def _is_marked(number: int, marks: tuple[str, ...]) -> bool:
    try:
        line = (PROC / str(number) / "cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return False
    return number != os.getpid() and any(mark in line for mark in marks)
