"""Garbage collection held back while millions of records are joined."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Nothing that is built here is part of a cycle, yet the collector would walk through all of it again and again
    (two fifths of the time, on 100,000 people). Threads may overlap: whoever found it running starts it again."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
