"""The forms in which the registry can be taken as a whole: a row for each, which `GET /exports` lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO

from flask import Response
from werkzeug.wsgi import wrap_file

from directory.services import exports
from web import transaction
from web.auth import actor
from web.media import JSON
from web.paths import API

CSV, XLSX, ZIP = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/zip"
REVISION = "Registry-Revision"
NOT_KEPT = "no-store"
AT_ONCE = 1024 * 1024
"""Bytes; a larger file is read as it is sent."""


@dataclass(frozen=True, slots=True)
class Format:
    """A form: its last part of the address, its media type, and what is in it."""

    name: str
    media_type: str
    title: str

    @property
    def path(self) -> str:
        """Where it is asked for."""
        return f"{API}/exports/{self.name}"


FORMATS = (
    Format("csv", ZIP, "A ZIP with a CSV file for each collection; with `collection`, one CSV file."),
    Format("xlsx", XLSX, "A workbook with a sheet for each collection."),
    Format("hsds", JSON, "One JSON document by HSDS 3.1.1: organizations, services and the vocabulary, each in full."),
)
"""A new form is a row here and its operation."""


def sent(file: IO[bytes], form: str, name: str, media_type: str, counted: tuple[int, int]) -> Response:
    """A finished file, which nobody else can open, as the answer; who took it is in the audit before it leaves.

    `counted`: the registry's revision, and how many records are in the file.
    """
    revision, rows = counted
    with transaction.registry().within(write=True) as session:
        exports.note(session, actor(), form, revision, rows)
    size = file.tell()
    file.seek(0)
    body: Iterable[bytes] | bytes = wrap_file({}, file)
    if size <= AT_ONCE:
        with file:
            body = file.read()
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Length": str(size),
        "Cache-Control": NOT_KEPT,
        REVISION: str(revision),
    }
    return Response(body, headers=headers, content_type=media_type)
