"""The garbage collector beside large things that are built at once and stay."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused() -> Iterator[None]:
    """Nothing that is built here is part of a cycle, yet the collector would walk through all of it again and again
    (two fifths of the time, on 100,000 people). Threads may overlap: whoever found it running starts it again."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


@contextmanager
def staying() -> Iterator[None]:
    """The same for what stays as long as the process: it is not walked through later either, which with 100,000
    candidates took seconds out of some match every now and then."""
    with paused():
        yield
        gc.freeze()
