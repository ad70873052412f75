"""The network in a file, so that a server that starts again need not derive it from all records.

Columns and blocks are read at once; records, who refers to whom, units and contacts stay in the file until somebody
asks for one of them (`matching.vault`). What is only remembered from match to match is not written."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np

from matching import collector
from matching.columns import Columns
from matching.contact_records import JOINED, ContactRecords
from matching.contactbook import ContactBook
from matching.errors import Unreadable
from matching.graded import Graded
from matching.guidance.unit import Known
from matching.guidance.units import Units
from matching.index import Index, Ledger
from matching.planes import Answers
from matching.references import References
from matching.rows import ById, Candidates, PublishedArea
from matching.vault import Vault, Writer

Areas = Mapping[str, PublishedArea]
Thing = TypeVar("Thing")

ROOM = Path(__file__).resolve().parent.parent
SOURCES = ("directory", "matching", "seed/reference")
"""All that decides how a network is derived from records: another version of it does not read the file."""
OWNER_ALONE = 0o600
AT_ONCE = 2000
"""Turns that are written at once: more would make matches wait."""

CONTACTS = (
    *("service_sites", "channels_of", "plain", "at_value", "own_values", "people", "together", "numbers"),
    *("posts_at", "seats", "seats_at", "candidates_at"),
)
"""What of the joined contacts is large."""
BOOK, UNITS = ("far", "own"), ("_serving", "_bodies")
"""The same of a contact book and of units."""


@dataclass(frozen=True, slots=True)
class Derived:
    """Records and all that is derived from them; and the file that they are read from, if they are."""

    records: ById
    index: Index
    references: References
    units: Units
    graded: Graded
    vault: Vault | None = None


class Mark(NamedTuple):
    """Which revision of which registry: `last` tells the last change that is in it, so that one which was restored
    from a backup and went on differently is another."""

    revision: int
    last: tuple[str, ...]


def write(path: Path, key: bytes, mark: Mark, derived: Derived) -> None:
    """Write a file in place of the one before, whole or not at all. Nobody else may write it meanwhile."""
    draft = path.with_name(f"{path.name}.draft")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ALONE)
        with collector.paused(), open(descriptor, "wb") as file:
            _write(Writer(file, key), mark, derived)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _write(writer: Writer, mark: Mark, derived: Derived) -> None:
    book, graded = derived.graded.book, derived.graded
    writer.whole("mark", (VERSION, mark))
    for name, records in derived.records.items():
        writer.mapping(f"records/{name}", records)
    for pair in derived.references.known:
        writer.mapping("/".join(("references", *pair)), derived.references.all_of(pair))
    things = ("contacts", book.records, CONTACTS), ("book", book, BOOK), ("units", derived.units, UNITS)
    for name, thing, large in things:
        for one in large:
            writer.mapping(f"{name}/{one}", vars(thing)[one])
    starts = range(0, len(graded.turns), AT_ONCE)
    for start in starts:
        writer.whole(f"turns/{start}", graded.turns[start : start + AT_ONCE])
    names = tuple(derived.records), tuple(derived.references.known), tuple(starts)
    writer.whole("names", (*names, _index(derived.index), _grades(graded)))
    writer.finish()


def _index(index: Index) -> dict[str, Any]:
    blocks = index.blocks and replace(index.blocks, dated={}, said={})
    ids: list[str | None] = [None] * len(index.columns)
    for number in index.all_rows().tolist():
        ids[number] = index.ledger.id(number)
    return {
        "ids": ids,
        "table": index.room.table,
        "blocks": blocks,
        "alive": index.alive,
        "number": index.number,
        "same_place_km": index.same_place_km,
        "size": index.size,
    }


def _grades(graded: Graded) -> dict[str, Any]:
    book = graded.book
    return {
        "now": book.records.now,
        "thresholds": book.records.thresholds,
        "valid_until": book.valid_until,
        "redundancy": graded.redundancy,
        "robust": graded.robust,
    }


def opened(path: Path, key: bytes) -> tuple[Mark, Vault]:
    """A file, and of which registry and revision it is. Raises Unreadable if there is none that this key and this
    version open."""
    vault = Vault(path, key)
    made_by, found = vault.whole("mark")
    if made_by != VERSION:
        raise Unreadable("another version")
    return Mark(*found), vault


def mark(path: Path, key: bytes) -> Mark | None:
    """Of which registry and revision a file is; None if there is none that opens."""
    try:
        return opened(path, key)[0]
    except Unreadable:
        return None


def read(vault: Vault, areas: Areas) -> Derived:
    """What stands in a file. Raises Unreadable."""
    collections, pairs, starts, index, grades = vault.whole("names")
    records = {name: vault.mapping(f"records/{name}") for name in collections}
    references = References({pair: vault.mapping("/".join(("references", *pair))) for pair in pairs})
    made = _made_index(index, records, areas)
    units = Units.__new__(Units)
    vars(units).update(_known=Known(records, references, areas), _kept={}, **_large(vault, "units", UNITS))
    grades["turns"] = [turn for start in starts for turn in vault.whole(f"turns/{start}")]
    return Derived(records, made, references, units, _made_grades(vault, grades, records, references), vault)


def _large(vault: Vault, name: str, large: tuple[str, ...]) -> dict[str, Any]:
    return {one: vault.mapping(f"{name}/{one}") for one in large}


def _made_index(kept: dict[str, Any], records: ById, areas: Areas) -> Index:
    ids: list[str | None] = kept.pop("ids")
    room, blocks = Columns(kept.pop("table")), kept.pop("blocks")
    ledger = Ledger(Candidates(records, ids, areas), {key: row for row, key in enumerate(ids) if key is not None}, {})
    if blocks is not None:
        blocks = replace(blocks, answers=_sharing(blocks.answers))
    return Index(ledger=ledger, room=room, columns=Columns(room.table[: len(ids)]), blocks=blocks, **kept)


def _sharing(answers: Answers) -> Answers:
    """Each part's planes are those of all."""
    parts = {
        names: part if part.first is None else replace(part, planes=answers.planes[part.first :][: len(part.planes)])
        for names, part in answers.parts.items()
    }
    return replace(answers, parts=parts)


def _made_grades(vault: Vault, kept: dict[str, Any], records: ById, references: References) -> Graded:
    contacts = ContactRecords(kept["now"], kept["thresholds"])
    contacts.by_id = {name: records[name] for name in JOINED}
    vars(contacts).update(_large(vault, "contacts", CONTACTS))
    book = ContactBook.__new__(ContactBook)
    own = {"records": contacts, "now": contacts.now, "limited": False, "valid_until": kept["valid_until"]}
    vars(book).update(own | _large(vault, "book", BOOK))
    book.forget()
    return Graded(book, references, kept["redundancy"], kept["robust"], kept["turns"])


def fingerprint() -> str:
    """Tells one version of the product from another: by its sources, and by what it counts with."""
    digest = sha256(np.__version__.encode())
    for source in SOURCES:
        for path in sorted((ROOM / source).rglob("*")):
            if path.suffix in (".py", ".json", ".csv", ".geojson") and path.is_file():
                digest.update(f"{path.relative_to(ROOM)}\n".encode() + path.read_bytes())
    return digest.hexdigest()


VERSION = fingerprint()
"""That of this process: of the sources as it read them, whatever is put in their place while it runs."""
