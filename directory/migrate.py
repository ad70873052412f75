"""Brings a database to the models' shape. A migration is a promise: it is tested on populated databases.

Alembic is loaded when there is something to do: most starts find the newest revision there."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, column, inspect, select, table

from directory.db import make_engine
from directory.models.registry import Base

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "head"
VERSIONS = table("alembic_version", column("version_num"))
"""Alembic's own."""
MIGRATIONS = Path(__file__).resolve().parent / "migrations"


def upgrade(engine: Engine, revision: str = HEAD) -> None:
    """Migrate up, in one transaction that other starters wait for."""
    if revision == HEAD and applied(engine) == newest():
        return
    from alembic import command

    with engine.connect().execution_options(registry_write=True) as connection, connection.begin():
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Migrate down."""
    from alembic import command

    with engine.connect().execution_options(registry_write=True) as connection, connection.begin():
        command.downgrade(_config(connection), revision)


def differences(engine: Engine) -> list[str]:
    """What a migrated database lacks of the models, or has beyond them."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return [str(one) for one in compare_metadata(context, Base.metadata)]


def drift() -> list[str]:
    """What the migrations lack of the models, found on a database made for the purpose."""
    with TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/drift.sqlite3")
        upgrade(engine)
        found = differences(engine)
        engine.dispose()
    return found


def draft(engine: Engine, message: str) -> None:
    """Write a migration from the difference, to be read and corrected before it is kept."""
    from alembic import command

    with engine.connect() as connection, connection.begin():
        command.revision(_config(connection), message=message, autogenerate=True)


def newest() -> str:
    """The last revision there is: each file is called by its own, and they are one chain."""
    return max(path.name for path in (MIGRATIONS / "versions").glob("[0-9]*.py")).partition("_")[0]


def applied(engine: Engine) -> str | None:
    """The revision of a database, if it has one."""
    with engine.connect() as connection:
        if not inspect(connection).has_table(VERSIONS.name):
            return None
        found: str | None = connection.execute(select(VERSIONS.c.version_num)).scalar()
        return found


def _config(connection: Connection) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config
