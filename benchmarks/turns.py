"""Servers or paths asked in turns over HTTP, second by second, so that whatever else the machine does slows all."""

from __future__ import annotations

import http.client
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from threading import Thread

from benchmarks import processor

CONNECTIONS = 4
TURN_S = 1.0


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked; `marks`: by what the command lines of its processes are known."""

    port: int
    path: str
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one target: requests a second (median of turns), milliseconds at the median and the 99th percentile, and
    milliseconds of processor time that the server takes for one."""

    rate: float
    p50: float
    p99: float
    work: float


def ask(target: Target, body: bytes, key: str, connection: http.client.HTTPConnection | None = None) -> bytes:
    """One answer, on a connection of its own unless one is given. Ends with SystemExit where it is not 200."""
    line = connection or http.client.HTTPConnection("127.0.0.1", target.port)
    line.request("POST", target.path, body, {"Authorization": f"Bearer {key}", "Content-Type": "application/json"})
    answer = line.getresponse()
    text = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{target.path}: {answer.status} {text[:300]!r}")
    return text


def measured(targets: Mapping[str, Target], questions: Sequence[bytes], key: str, seconds: float) -> dict[str, Figures]:
    """Figures of each target, asked in turns for so many seconds in all."""
    rates: dict[str, list[float]] = {name: [] for name in targets}
    times: dict[str, list[float]] = {name: [] for name in targets}
    work = dict.fromkeys(targets, 0.0)
    for _ in range(max(1, round(seconds / len(targets) / TURN_S))):
        for name, target in targets.items():
            before, begun = processor.worked(*target.marks), time.perf_counter()
            took = _turn(target, questions, key)
            rates[name].append(len(took) / (time.perf_counter() - begun))
            work[name] += processor.worked(*target.marks) - before
            times[name] += took
    return {name: _figures(rates[name], times[name], work[name]) for name in targets}


def _figures(rates: Sequence[float], times: Sequence[float], work: float) -> Figures:
    ordered = sorted(times)
    p50, p99 = (ordered[int(len(ordered) * share)] * 1000 for share in (0.5, 0.99))
    return Figures(statistics.median(rates), p50, p99, work / len(ordered) * 1000)


def _turn(target: Target, questions: Sequence[bytes], key: str) -> list[float]:
    """How long answers took, in seconds, of those asked within a turn from all connections."""
    took: list[float] = []
    until = time.perf_counter() + TURN_S

    def keep_asking(start: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", target.port)
        for body in cycle((*questions[start:], *questions[:start])):
            begun = time.perf_counter()
            if begun >= until:
                return
            ask(target, body, key, connection)
            took.append(time.perf_counter() - begun)

    threads = [Thread(target=keep_asking, args=(len(questions) * n // CONNECTIONS,)) for n in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took
