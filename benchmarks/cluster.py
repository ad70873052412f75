"""A PostgreSQL with PostGIS of one's own for a benchmark: on a socket in a folder, removed afterwards.

Debian's packages (`benchmarks/install_postgis`); nothing that runs on the machine is touched. As root the server runs
as `nobody`, since PostgreSQL refuses root."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from tests import postgres

DEBIAN = Path("/usr/lib/postgresql")
CONTROL = "/usr/share/postgresql/{version}/extension/postgis.control"
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
    with postgres.started(lambda folder: where, SETTINGS) as folder:
        address = f"host={folder} user=postgres dbname=postgres"
        postgres.run(where / "psql", address, "-qc", "CREATE EXTENSION postgis")
        yield address


def _leave(number: int, _frame: FrameType | None) -> None:
    """End as usual when told to, so that the server ends too."""
    sys.exit(128 + number)
