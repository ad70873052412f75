"""Worlds that many tests begin with: written once a worker, and then laid down, row by row, as they were written."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from sqlalchemy import Engine, Table, insert, select

from directory.models.registry import Base

T = TypeVar("T")
Rows = Mapping[Table, list[dict[str, Any]]]
LAST = {"sqlite": "PRAGMA defer_foreign_keys = ON", "postgresql": "SET LOCAL session_replication_role = replica"}
"""Rows refer to rows of their own table: references are looked at last, or not at all."""


class Kept:
    """What was written into an empty registry, by the kind of database and the name of the world."""

    def __init__(self) -> None:
        self._worlds: dict[tuple[str, str], tuple[Rows, Any]] = {}

    def lay(self, engine: Engine, name: str, write: Callable[[], T]) -> T:
        """Have a world written that changes nothing that is there, or lay down what was; and say what writing said."""
        key = (engine.dialect.name, name)
        if key not in self._worlds:
            before, said = _rows(engine), write()
            written = {
                table: [one for one in rows if one not in before[table]] for table, rows in _rows(engine).items()
            }
            self._worlds[key] = {table: rows for table, rows in written.items() if rows}, said
        else:
            with engine.connect().execution_options(registry_write=True) as connection, connection.begin():
                connection.exec_driver_sql(LAST[engine.dialect.name])
                for table, rows in self._worlds[key][0].items():
                    connection.execute(insert(table), rows)
        found: T = self._worlds[key][1]
        return found


def _rows(engine: Engine) -> Rows:
    """All that there is."""
    with engine.connect() as connection:
        tables = Base.metadata.sorted_tables
        return {table: [dict(row) for row in connection.execute(select(table)).mappings()] for table in tables}
