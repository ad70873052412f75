"""The erasure list: ids of people erased, kept in a file outside the database.

A restored backup has them again, so the list is applied to it before it serves. It holds ids and moments only: an id
says nothing to whoever has no backup. Keep it with the backups' key, not with the backups: without it they cannot be
told whom to leave out. Lines are only ever added.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from directory.errors import Conflict
from directory.fields import Wrong, clean_id

FILE = "erasures.jsonl"
OWNER_ONLY = 0o600
COLLECTIONS = ("persons", "users")
ORIGIN = "registry"
"""The scheme under which a dump writes a person's first id: who is loaded again gets another, and is known by this."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A person or an account erased."""

    collection: str
    record_id: str


def add(path: Path, entries: Iterable[Entry], at: datetime) -> None:
    """Add entries, on disk before this returns: a commit follows that may not be forgotten."""
    lines = "".join(
        json.dumps({"at": at.isoformat(), "collection": one.collection, "id": one.record_id}) + "\n" for one in entries
    )
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, OWNER_ONLY)
    try:
        os.fchmod(descriptor, OWNER_ONLY)
        os.write(descriptor, lines.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read(path: Path) -> list[Entry]:
    """All entries, once each, oldest first. Raises Conflict for a line that is none: better not to start than to let
    somebody erased come back."""
    if not path.exists():
        return []
    found: dict[Entry, None] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            said = json.loads(line)
            entry = Entry(str(said["collection"]), clean_id(said["id"]))
        except (ValueError, TypeError, KeyError, Wrong):
            raise Conflict(f"line {number} of the erasure list {path.name} cannot be read") from None
        if entry.collection not in COLLECTIONS:
            raise Conflict(f"line {number} of the erasure list {path.name} cannot be read")
        found[entry] = None
    return list(found)
