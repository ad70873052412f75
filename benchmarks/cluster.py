"""A PostgreSQL with PostGIS of one's own for a benchmark: on a socket in a folder, removed afterwards.

Debian's packages (`benchmarks/install_postgis`); nothing that runs on the machine is touched. As root the server runs
as `nobody`, since PostgreSQL refuses root."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

DEBIAN = Path("/usr/lib/postgresql")
CONTROL = "/usr/share/postgresql/{version}/extension/postgis.control"
UNPRIVILEGED = "nobody"
MISSING = "PostGIS is not installed here: benchmarks/install_postgis installs it from Debian's packages."
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_wal_size": "8GB",
    "shared_buffers": "3GB",
    "effective_cache_size": "8GB",
    "maintenance_work_mem": "1GB",
    "work_mem": "128MB",
    "random_page_cost": "1.05",
    "jit": "off",
    "max_connections": "40",
}
"""Everything in memory and nothing written while it is asked: what reading can hope for."""


def programs() -> Path | None:
    """Where the programs of the newest PostgreSQL that has PostGIS are; None where there is none."""
    found = [one for one in DEBIAN.glob("*/bin") if Path(CONTROL.format(version=one.parent.name)).exists()]
    return max(found, key=lambda one: int(one.parent.name), default=None)


@contextmanager
def cluster() -> Iterator[str]:
    """The address (for psycopg) of an empty database with PostGIS. Raises SystemExit where that is not installed."""
    where = programs()
    if where is None:
        raise SystemExit(MISSING)
    signal.signal(signal.SIGTERM, _leave)
    folder = Path(tempfile.mkdtemp(prefix="peer", dir="/tmp"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, UNPRIVILEGED)
        data = folder / "data"
        _run(where / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        settings = " ".join(f"-c {name}='{value}'" for name, value in SETTINGS.items())
        started = f"{settings} -c unix_socket_directories='{folder}'"
        _run(where / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", started, "start")
        try:
            address = f"host={folder} user=postgres dbname=postgres"
            _run(where / "psql", address, "-qc", "CREATE EXTENSION postgis")
            yield address
        finally:
            _run(where / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _leave(number: int, _frame: FrameType | None) -> None:
    """End as usual when told to, so that the server ends too."""
    sys.exit(128 + number)


def _run(*command: str | Path) -> None:
    """One of its programs, unprivileged, from a folder that it may enter."""
    user = UNPRIVILEGED if os.geteuid() == 0 else None
    words = [str(part) for part in command]
    subprocess.run(words, check=True, user=user, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
