"""The registry taken as a whole: a copy to work with, or to begin a mirror from."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import IO, Any

from flask import Response

from directory import changes
from directory.errors import Denied
from directory.exchange import csv_files
from directory.exchange.hsds import whole
from directory.fields import Code
from directory.services import exports
from directory.services.catalogue import COLLECTIONS
from web import transaction
from web.auth import actor
from web.exports import CSV, FORMATS, REVISION, XLSX, ZIP, sent
from web.json import answer
from web.media import JSON
from web.paths import API
from web.schemas.hsds import reference
from web.smorest import Blueprint, Gives, Json, Operation

PATHS = {collection.path: collection for collection in COLLECTIONS.values()}
QUERY = {"collection": Code(among=tuple(PATHS), doc="One CSV file of this collection alone.")}
HEADERS = (REVISION, "Content-Disposition")
HSDS = ("hsds", "-hsds.json", JSON)
FILE: Json = {"type": "string", "format": "binary"}
Query = Mapping[str, Any]
Write = Callable[[IO[bytes], int], int]
"""Writes a copy of a revision; how many records."""

DOCUMENT: Json = {
    "type": "object",
    "description": "As `full=true` of /hsds/v3 answers, where its profile says what is in it.",
    "properties": {
        "version": {"type": "string", "description": "Of HSDS."},
        "revision": {"type": "integer"},
        **{
            name: {"type": "array", "items": reference(kind)}
            for name, kind in (
                ("organizations", "organization"),
                ("services", "service"),
                ("taxonomies", "taxonomy"),
                ("taxonomy_terms", "taxonomy_term"),
            )
        },
    },
    "required": ["version", "revision", "organizations", "services", "taxonomies", "taxonomy_terms"],
}

READ_AS = (
    "Everything that you may list, as you may read it there: published facts alone, closed and suspended records "
    "left out; cleared roles, too, get confidential organisations masked in a file. All of one revision, which the "
    f"header `{REVISION}` names: `GET /changes?after=` goes on from there, and nothing is lost or told twice. The same "
    "revision gives the same bytes. Text that a spreadsheet program could run has an apostrophe before it. Each export "
    "is in the audit."
)

LISTED: Json = {
    "type": "object",
    "properties": {
        "revision": {"type": "integer", "description": "The registry's; each export names its own."},
        "collections": {
            "type": "array",
            "items": {"type": "string", "enum": list(PATHS)},
            "description": "Those you would find in it.",
        },
        "formats": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "href": {"type": "string", "format": "uri-reference"},
                    "media_type": {"type": "string"},
                    "title": {"type": "string"},
                },
                "required": ["name", "href", "media_type", "title"],
            },
        },
        "changes": {
            "type": "string",
            "format": "uri-reference",
            "description": "Where to go on from a copy of this revision.",
        },
    },
    "required": ["revision", "collections", "formats", "changes"],
}


def _formats() -> list[Json]:
    return [{"name": one.name, "href": one.path, "media_type": one.media_type, "title": one.title} for one in FORMATS]


def show(query: Query) -> Response:
    """The forms there are."""
    revision = changes.revision(transaction.session())
    return answer(
        {
            "revision": revision,
            "collections": [one.path for one in exports.collections(actor())],
            "formats": _formats(),
            "changes": f"{API}/changes?after={revision}",
        }
    )


def as_csv(query: Query) -> Response:
    """All as a ZIP, or one collection as it is."""
    path = query.get("collection")
    if path is None:
        return _made(_whole(csv_files.write_all), "csv", ".zip", ZIP)
    collection = PATHS[path]
    if collection not in exports.collections(actor()):
        raise Denied(f"the role {actor().role} may not: registry.read of {collection.name}")

    def write(file: IO[bytes], _revision: int) -> int:
        return csv_files.write(file, collection, exports.records(transaction.session(), actor(), collection))

    return _made(write, "csv", f"-{path}.csv", f"{CSV}; charset=utf-8")


def as_workbook(query: Query) -> Response:
    """All as sheets."""
    from directory.exchange import workbook

    return _made(_whole(workbook.write_all), "xlsx", ".xlsx", XLSX)


def as_hsds(query: Query) -> Response:
    """All as one document."""
    return _made(lambda file, revision: whole.write(transaction.session(), actor(), file, revision), *HSDS)


def _whole(write_all: Callable[[IO[bytes], Sequence[csv_files.Table], int], int]) -> Write:
    def write(file: IO[bytes], revision: int) -> int:
        session, who = transaction.session(), actor()
        tables = [(one, exports.records(session, who, one)) for one in exports.collections(who)]
        return write_all(file, tables, revision)

    return write


def _made(write: Write, form: str, ending: str, media_type: str) -> Response:
    """A file made anew, which goes when it is sent, or when it cannot be."""
    revision = changes.revision(transaction.session())
    with ExitStack() as kept:
        file = kept.enter_context(TemporaryFile())
        rows = write(file, revision)
        made = sent(file, form, f"directory-{revision}{ending}", media_type, (revision, rows))
        kept.pop_all()
    return made


def _exporting(form: str, name: str, summary: str, gives: Gives, **more: Any) -> Operation:
    return Operation(
        method="GET",
        rule=f"{API}/exports/{form}",
        id=name,
        policy="registry.read",
        tag="exports",
        summary=summary,
        description=READ_AS,
        gives=(gives,),
        **more,
    )


def blueprint() -> Blueprint:
    """The routes."""
    made = Blueprint("exports", __name__)
    example = {"revision": 1234, "collections": ["organisations"], "formats": _formats()}
    example["changes"] = f"{API}/changes?after=1234"
    listing = Operation(
        method="GET",
        rule=f"{API}/exports",
        id="listExports",
        policy="registry.read",
        tag="exports",
        summary="The forms in which to take the registry, and its revision",
        gives=(Gives(schema=LISTED, example=example, description="The forms."),),
    )
    made.operation(listing, show)
    zipped = Gives(schema=FILE, media_type=ZIP, headers=HEADERS, also=(CSV,), description=FORMATS[0].title)
    made.operation(_exporting("csv", "exportCsv", "The registry as CSV", zipped, query=QUERY), as_csv)
    sheets = Gives(schema=FILE, media_type=XLSX, headers=HEADERS, description=FORMATS[1].title)
    made.operation(_exporting("xlsx", "exportWorkbook", "The registry as a workbook", sheets), as_workbook)
    document = Gives(schema=DOCUMENT, headers=HEADERS, description=FORMATS[2].title)
    made.operation(_exporting("hsds", "exportHsds", "The registry by Open Referral's HSDS", document), as_hsds)
    return made
