"""Brings a database to the models' shape. A migration is a promise: it is tested on populated databases."""

from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine

from directory.db import make_engine
from directory.models.registry import Base

HEAD = "head"
MIGRATIONS = Path(__file__).resolve().parent / "migrations"


def upgrade(engine: Engine, revision: str = HEAD) -> None:
    """Migrate up, in one transaction that other starters wait for."""
    with engine.connect().execution_options(registry_write=True) as connection, connection.begin():
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Migrate down."""
    with engine.connect().execution_options(registry_write=True) as connection, connection.begin():
        command.downgrade(_config(connection), revision)


def differences(engine: Engine) -> list[str]:
    """What a migrated database lacks of the models, or has beyond them."""
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
    with engine.connect() as connection, connection.begin():
        command.revision(_config(connection), message=message, autogenerate=True)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config
