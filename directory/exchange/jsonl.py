"""The registry as files: one `<collection>.jsonl` each, one object a line, keys where ids would stand.

Loading is all or nothing, in the caller's transaction, through the same checks as the API.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from directory import changes, permissions
from directory.changes import LOCAL
from directory.collection import Collection
from directory.errors import Invalid
from directory.fields import (
    Boolean,
    Code,
    Day,
    Field,
    Id,
    Instant,
    Listing,
    OneOf,
    Shape,
    Text,
    Wrong,
    as_instant,
    clean_object,
)
from directory.models.record import new_id
from directory.permissions import Actor
from directory.services import audit, capacity, records
from directory.services.catalogue import COLLECTIONS
from directory.services.records import Fresh

LOAD_SCHEME = "load"
FLAGS = ("suspended", "kept_confidential")
"""What no caller of the API writes, and a load may not lose: who is out, and who stays confidential."""
ERRORS_TOLD = 50
DAYS_AGO_MOST = 80_000
BATCH = 500
"""Lines whose records are written together."""
ASKED_AGAIN = ("organisations", "sites", "departments", "services", "posts")
"""Records that the lines after them look at: kept in memory until the load is over."""
KEY = Text(most=200)
"""Kept among the foreign identifiers, and so a text like theirs."""
TYPED = {"person", "post", "department", "organisation", "service_site"}

Progress = Callable[[str, int], None]


class LoadFailed(Invalid):
    """Lines that cannot be loaded: errors by `file:line: field`."""


@dataclass(slots=True)
class _Load:
    session: Session
    ids: dict[tuple[str, str], str] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    kept: list[Any] = field(default_factory=list)

    @property
    def moment(self) -> datetime:
        return changes.now(self.session)

    @contextmanager
    def telling(self, where: str) -> Iterator[None]:
        """Whatever is wrong within stands in this line."""
        try:
            yield
        except (Wrong, Invalid) as found:
            self.fail(where, found.errors)

    def fail(self, where: str, errors: Mapping[str, Iterable[str]]) -> None:
        for path, said in errors.items():
            self.errors[f"{where}: {path}" if path else where] = list(said)
        if len(self.errors) >= ERRORS_TOLD:
            raise LoadFailed(self.errors)


def load(session: Session, actor: Actor, path: Path, progress: Progress | None = None) -> dict[str, int]:
    """Load every file of a folder. Raises Denied, and LoadFailed naming file, line and field."""
    permissions.require(actor, "registry.load")
    capacity.publish_due(session)
    files = {collection.name: path / f"{collection.path}.jsonl" for collection in COLLECTIONS.values()}
    if not any(file.exists() for file in files.values()):
        raise LoadFailed({str(path): ["No file of a collection (such as organisations.jsonl) is here."]})
    strange = {file.name for file in path.glob("*.jsonl")} - {file.name for file in files.values()}
    if strange:
        raise LoadFailed({name: ["No collection is called so."] for name in sorted(strange)})
    run = _Load(session)
    lines = {
        name: [(where, line) for where, line in _read(run, file) if _claim(run, COLLECTIONS[name], where, line)]
        for name, file in files.items()
        if file.exists()
    }
    for name, those in lines.items():
        ordered = _in_order(COLLECTIONS[name], those)
        for start in range(0, len(ordered), BATCH):
            batch = ordered[start : start + BATCH]
            _load_lines(run, COLLECTIONS[name], batch)
            if progress is not None:
                progress(name, len(batch))
    if run.errors:
        raise LoadFailed(run.errors)
    audit.note(session, actor, "registry.loaded")
    return {name: len(those) for name, those in lines.items()}


def count(path: Path) -> int:
    """How many lines a load of the folder will read."""
    files = [path / f"{collection.path}.jsonl" for collection in COLLECTIONS.values()]
    return sum(1 for file in files if file.exists() for line in file.read_bytes().splitlines() if line.strip())


def _read(run: _Load, file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, raw in enumerate(file.read_bytes().split(b"\n"), 1):
        if not raw.strip():
            continue
        where = f"{file.name}:{number}"
        try:
            line = json.loads(raw, object_pairs_hook=_object)
        except (ValueError, RecursionError):
            run.fail(where, {"": ["Not a JSON object, or a field stands in it twice."]})
            continue
        if isinstance(line, dict):
            yield where, line
        else:
            run.fail(where, {"": ["Not a JSON object."]})


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Raises ValueError where a field stands twice: one of its values would be lost."""
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError
    return value


def _claim(run: _Load, collection: Collection, where: str, line: dict[str, Any]) -> bool:
    key = line.get("key")
    with run.telling(f"{where}: key"):
        KEY.clean(key)
        if (collection.name, key) in run.ids:
            raise Wrong(f"{key} stands twice.")
        run.ids[collection.name, str(key)] = new_id()
        return True
    return False


def _in_order(collection: Collection, lines: list[tuple[str, dict[str, Any]]]) -> list[tuple[str, dict[str, Any]]]:
    """Lines with parents before their children; a cycle is left as it stands, and fails as an unknown parent."""
    if collection.name != "organisations":
        return lines
    keys = {line.get("key") for _, line in lines}
    placed: set[Any] = set()
    ordered: list[tuple[str, dict[str, Any]]] = []
    waiting = lines
    while waiting:
        ready = [one for one in waiting if one[1].get("parent") not in keys - placed]
        if not ready:
            return ordered + waiting
        ordered += ready
        placed |= {line.get("key") for _, line in ready}
        waiting = [one for one in waiting if one[1].get("key") not in placed]
    return ordered


def _load_lines(run: _Load, collection: Collection, lines: Sequence[tuple[str, dict[str, Any]]]) -> None:
    """Lines whose records are written at once, and then settled."""
    fields = {**collection.writable, "verified_at": Instant(), "status": Code(among=collection.statuses)}
    fields |= {name: Boolean() for name in FLAGS if hasattr(collection.model, name)}
    begun: list[tuple[str, Any, dict[str, Any]]] = []
    for where, line in lines:
        with run.telling(where):
            values = _values(run, fields, line)
            dated = as_instant(values.pop("verified_at", None))
            fresh = Fresh(run.ids[collection.name, line["key"]], run.moment, dated)
            begun.append((where, records.begin(run.session, collection, values, fresh), values))
    run.session.flush()
    for where, record, values in begun:
        with run.telling(where):
            records.settle(run.session, collection, record, values)
    run.session.flush()
    if collection.name in ASKED_AGAIN:
        run.kept += [record for _, record, _ in begun]


def _values(run: _Load, fields: Mapping[str, Field], line: Mapping[str, Any]) -> dict[str, Any]:
    """What a line says, checked. Raises Wrong."""
    given = _resolved(run, fields, {name: value for name, value in line.items() if name != "key"})
    values = clean_object(fields, given, partial=False)
    kept = [one for one in values.get("external_ids") or [] if one["scheme"] != LOAD_SCHEME]
    values["external_ids"] = [*kept, {"scheme": LOAD_SCHEME, "value": line["key"]}]
    return values


def _resolved(run: _Load, fields: Mapping[str, Field], value: Mapping[str, Any]) -> dict[str, Any]:
    """An object with ids where keys stood, and dates where ages stood."""
    out: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    for name, given in value.items():
        target = f"{name}_id"
        if target in fields and isinstance(fields[target], Id):
            out[target], wrong = _id_of(run, fields[target], given)
            if wrong:
                errors[name] = [wrong]
        elif name in fields and isinstance(fields[name], Id):
            errors[name] = [f"Write {name.removesuffix('_id')} with a key."]
        else:
            try:
                out[name] = _value(run, fields.get(name), given)
            except Wrong as caught:
                errors |= {f"{name}.{rest}" if rest else name: said for rest, said in caught.errors.items()}
    if errors:
        raise Wrong(errors)
    return out


def _id_of(run: _Load, one: Field, key: Any) -> tuple[str | None, str]:
    if key is None:
        return None, ""
    collection = one.to if isinstance(one, Id) else ""
    found = run.ids.get((collection, key)) if isinstance(key, str) else None
    return (found, "") if found else (None, f"No line of {collection} has the key {key}.")


def _value(run: _Load, one: Field | None, given: Any) -> Any:
    if isinstance(given, dict) and given.keys() == {"days_ago"}:
        return _days_ago(run, one, given["days_ago"])
    if isinstance(one, Listing) and isinstance(given, list):
        return [_value(run, one.of, item) for item in given]
    if isinstance(one, OneOf) and isinstance(given, list | dict):
        return given
    if isinstance(one, Shape) and isinstance(given, dict):
        if given.get("type") in TYPED and "id" in given:
            found, wrong = _id_of(run, Id(to=f"{given['type']}s"), given["id"])
            if wrong:
                raise Wrong({"id": [wrong]})
            return {**given, "id": found}
        return _resolved(run, one.fields, given)
    return given


def _days_ago(run: _Load, one: Field | None, days: Any) -> str:
    if isinstance(days, bool) or not isinstance(days, int | float) or not abs(days) <= DAYS_AGO_MOST:
        raise Wrong("days_ago must be a number.")
    moment = run.moment - timedelta(days=days)
    return moment.astimezone(LOCAL).date().isoformat() if isinstance(one, Day) else moment.isoformat()
