"""The registry as CSV (RFC 4180, UTF-8): one collection, or a ZIP of all. The same facts give the same bytes."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from io import TextIOWrapper
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from directory.collection import Collection
from directory.exchange.tables import about, columns_of, row_of

README = "README.txt"
NO_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest that a ZIP can say: when a copy was made is no part of it."""
OWNER_ONLY = 0o600 << 16

Records = Iterable[Mapping[str, Any]]
Table = tuple[Collection, Records]


def member(name: str) -> ZipInfo:
    """A file in a ZIP that says nothing of when and where it was made."""
    made = ZipInfo(name, NO_TIME)
    made.compress_type, made.external_attr, made.create_system = ZIP_DEFLATED, OWNER_ONLY, 3
    return made


def write(target: IO[bytes], collection: Collection, records: Records) -> int:
    """Write one collection with a head; how many records. The target stays open."""
    columns, rows = columns_of(collection.name), 0
    text = TextIOWrapper(target, encoding="utf-8", newline="")
    writer = csv.writer(text)
    writer.writerow(column.name for column in columns)
    for record in records:
        writer.writerow(row_of(columns, record))
        rows += 1
    text.flush()
    text.detach()
    return rows


def write_all(target: IO[bytes], tables: Sequence[Table], revision: int) -> int:
    """Write a ZIP of a README and a file for each collection; how many records."""
    rows = 0
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        lines = about([collection for collection, _ in tables], revision)
        told = "\n".join(f"{head}: {said}" if said else head for head, said in lines)
        archive.writestr(member(README), f"{told}\n")
        for collection, records in tables:
            with archive.open(member(f"{collection.path}.csv"), "w", force_zip64=True) as file:
                rows += write(file, collection, records)
    return rows
