"""Keeps a file of what is derived from the registry, sealed, so that the server starts again within a second.

One worker of all does it, beside its matches. The file lies in the instance folder; its key is in the database alone
(`directory.services.snapshot_keys`)."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

from directory.services import snapshot_keys
from matching import service
from web.log import report
from web.transaction import Registry

FILE = "network.sealed"
LOOK_S = 60.0
"""How often a worker looks whether the file is to be written: right away if none is there that opens."""
LEAST_S = 600.0
"""Between two files, and after one that could not be written: a full disk is not tried for all the time."""
SHARE = 100
"""One that opens is written again after so long, and after so many times what writing it took."""


def keep_on(registry: Registry) -> None:
    """Keep the file from now on, in a thread of this process."""
    if registry.snapshot is not None:
        Thread(target=_keep_on, args=(registry, registry.snapshot), name="snapshot", daemon=True).start()


def _keep_on(registry: Registry, path: Path) -> None:
    pause = LEAST_S
    while True:
        try:
            with alone(path) as mine:
                took = keep(registry, path, pause) if mine else None
            pause = pause if took is None else max(LEAST_S, SHARE * took)
            time.sleep(LOOK_S)
        except Exception as error:
            report(error)
            time.sleep(LEAST_S)


def keep_now(registry: Registry) -> None:
    """Write the file unless somebody else is about to."""
    if registry.snapshot is not None:
        with alone(registry.snapshot) as mine:
            if mine:
                keep(registry, registry.snapshot, 0.0)


def keep(registry: Registry, path: Path, pause: float) -> float | None:
    """Write the file if it is due: where there is none or its key is gone, and `pause` seconds after it was written.
    Seconds of the clock that it took, None if it is not due."""
    began = time.monotonic()
    with registry.within(write=False) as session:
        known = snapshot_keys.find(session)
    if known is not None and path.exists() and time.time() - path.stat().st_mtime < pause:
        return None
    if known is None:
        with registry.within(write=True) as session:
            snapshot_keys.made(session)
    with registry.within(write=False) as session:
        write = service.snapshot(session, path, registry.clock())
    if write is None:
        with suppress(FileNotFoundError):
            os.utime(path)
    else:
        write()
    return time.monotonic() - began


@contextmanager
def alone(path: Path) -> Iterator[bool]:
    """Whether nobody else of this machine writes the file meanwhile."""
    with path.with_name(f"{path.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
