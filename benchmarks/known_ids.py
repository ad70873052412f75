"""Ids of the network's records, put in the place of generated ones, which hardly ever exist."""

from collections.abc import Mapping
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import text

from directory.services.catalogue import COLLECTIONS

EXISTS = 0.5
"""How often an id exists."""

TABLES = {"accounts": "account", "api-keys": "api_key"}
MOST = 200


class KnownIds:
    """Ids by the path of their collection, as they were at the start."""

    def __init__(self, app: Flask) -> None:
        names = {one.path: one.model.__tablename__ for one in COLLECTIONS.values()}
        self.ids: dict[str, list[str]] = {}
        self.owners: dict[str, str] = {}
        with app.extensions["registry"].engine.connect() as connection:
            for path, table in {**names, **TABLES}.items():
                found = connection.execute(text(f"SELECT id FROM {table} ORDER BY id LIMIT {MOST}"))  # noqa: S608
                self.ids[path] = [_hyphened(row[0]) for row in found]
            owned = connection.execute(text("SELECT id, organisation_id FROM department"))
            self.owners = {_hyphened(one): _hyphened(other) for one, other in owned}
        self.every = [one for some in self.ids.values() for one in some]

    def owner_of(self, department_id: str) -> str:
        """The organisation of a department."""
        return self.owners[department_id]

    def put_into(self, case: Any, random: Random) -> None:
        """Let about half of a case's ids be of records that exist."""
        for name in case.path_parameters or {}:
            those = self._named(name) or self.ids.get(_collection(case.operation.path, name), [])
            if those and random.random() < EXISTS:
                case.path_parameters[name] = random.choice(those)
        for where in (case.query, case.body):
            if isinstance(where, (dict, list)):
                self._inside(where, random)

    def _inside(self, value: Any, random: Random) -> None:
        pairs = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
        for name, one in pairs:
            if isinstance(one, (dict, list)):
                self._inside(one, random)
            elif isinstance(one, str) and str(name).endswith("id") and random.random() < EXISTS:
                kind = value.get("type") if isinstance(value, dict) else None
                those = self._named(str(name)) or self.ids.get(f"{kind}s".replace("_", "-")) or self.every
                if those:
                    value[name] = random.choice(those)

    def _named(self, name: str) -> list[str]:
        return self.ids.get(f"{name.removesuffix('_id').replace('_', '-')}s", [])


def _collection(path: str, name: str) -> str:
    before: Mapping[str, str] = {f"{{{name}}}": path.partition(f"/{{{name}}}")[0].rsplit("/", 1)[-1]}
    return next(iter(before.values()))


def _hyphened(kept: object) -> str:
    plain = str(kept).replace("-", "")
    return "-".join((plain[:8], plain[8:12], plain[12:16], plain[16:20], plain[20:]))
