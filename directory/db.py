"""Engines, the declarative base and the column types both databases share."""

import json
from collections.abc import Set
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import JSON, DateTime, Engine, Label, MetaData, Text, Uuid, create_engine, event, inspect
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

BUSY_TIMEOUT_MS = 20_000
"""How long one waits for another writer, on either database."""
SQLITE = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
)
"""How each connection to SQLite begins."""

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Kept as UTC; naive values are refused, SQLite's naive answers are read as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its offset")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the UTC offset back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """SQLite keeps instants as text that says no offset: read at once, since a registry has many."""
        return _utc if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _utc(kept: str | None) -> datetime | None:
    return None if kept is None else datetime.fromisoformat(f"{kept}+00:00")


class Identifier(TypeDecorator[str]):
    """An id, as text. SQLite keeps its digits alone: they are cut by place, since a registry has many."""

    impl = Uuid(as_uuid=False)
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """Of PostgreSQL's own type as SQLAlchemy reads it."""
        return _with_dashes if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _with_dashes(kept: str | None) -> str | None:
    return None if kept is None else f"{kept[:8]}-{kept[8:12]}-{kept[12:16]}-{kept[16:20]}-{kept[20:]}"


def _read(text: str | bytes) -> Any:
    """What a column of JSON holds. What orjson does not read (half a pair of surrogates) is read as it was written."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)


class Base(DeclarativeBase):
    """Root of the models. Text sorts by code point on both databases, whatever the server's locale."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {
        datetime: UtcDateTime(),
        dict[str, Any]: JSON(none_as_null=True),
        list[Any]: JSON(none_as_null=True),
        str: Text().with_variant(Text(collation="C"), "postgresql"),
    }


def make_engine(url: str) -> Engine:
    """An engine whose transactions are what the registry needs.

    SQLite: WAL, synchronous=FULL, foreign keys, deleted content overwritten, and BEGIN IMMEDIATE for writers (a writer
    that began deferred loses its read snapshot at the first write). PostgreSQL: readers in REPEATABLE READ see one
    revision and its rows together. On both nobody waits for a lock for ever.
    """
    if url.startswith("postgres://"):
        url = "postgresql://" + url.removeprefix("postgres://")
    if url.startswith("postgresql://"):
        url = "postgresql+psycopg://" + url.removeprefix("postgresql://")
    engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"), json_deserializer=_read)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    elif engine.dialect.name == "postgresql":
        event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {BUSY_TIMEOUT_MS}")
    connection.commit()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in (f"busy_timeout={BUSY_TIMEOUT_MS}", *SQLITE):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("registry_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def begin(engine: Engine, *, write: bool) -> Session:
    """A session: for writing, with its transaction begun, or for reading one consistent snapshot, which is that of the
    first read; one that reads nothing costs nothing."""
    if not write:
        return Session(_reading(engine), expire_on_commit=False, autoflush=False, info={"engine": engine})
    session = Session(engine, expire_on_commit=False, autoflush=False, info={"engine": engine})
    session.connection(execution_options={"registry_write": True})
    return session


def home(session: Session) -> Engine:
    """The engine that a session of `begin` belongs to, whether it reads or writes."""
    found: Engine = session.info["engine"]
    return found


def _reading(engine: Engine) -> Engine:
    """The same engine, its transactions as readers need them."""
    isolated = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    return engine.execution_options(registry_write=False, **isolated)


def columns(model: type[Base], leaving: Set[str] = frozenset()) -> list[Label[Any]]:
    """A model's columns by the names of its attributes: rows of them read like its objects, and in a fifth of the
    time."""
    attributes = inspect(model).column_attrs
    return [one.columns[0].label(one.key) for one in attributes if one.key not in leaving]
