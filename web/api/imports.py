"""Partners from a spreadsheet: checked first, then written whole or not at all."""

from collections.abc import Mapping
from dataclasses import asdict
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, request

from directory.errors import Invalid
from directory.exchange import importing, partners, sheets
from directory.exchange.importing import Asked, Outcome
from directory.exchange.partners import HEADS, Told
from directory.exchange.sheets import CSV, MOST_BYTES, MOST_ROWS, XLSX
from directory.fields import Boolean, Field, Text, Wrong
from directory.services import imports
from directory.services.catalogue import COLLECTIONS
from web import idempotency, transaction
from web.auth import actor
from web.errors import Refused
from web.idempotency import REPLAYED
from web.json import answer
from web.paths import API
from web.smorest import Blueprint, Gives, Json, Operation, Upload

Query = Mapping[str, Any]
PATH = f"{API}/imports"
CANDIDATES_TOLD = 50
PATHS = {name: COLLECTIONS[name].path for name in importing.MADE}

QUERY: Mapping[str, Field] = {
    "dry_run": Boolean(doc="True if left out: everything is checked, nothing is written. Say false to write."),
    "update": Boolean(
        doc="Bring partners that are there already up to date: what the row fills is written, lists are added to, "
        "places and services stay. False if left out: they are told and left."
    ),
    "services": Text(doc="Codes, with commas between them, of what all partners offer whose row names no service."),
    "source": Text(doc="Where the facts come from: kept with each record, as is the day."),
}
COLUMNS = "\n".join(f"| `{name}` | {head.doc} |" for name, head in HEADS.items())
DESCRIPTION = f"""\
One row a partner, the first row names the columns: in any order, spelt with any case and spaces. Of a workbook the
sheet `organisations` is read, else the first. At most {MOST_ROWS} rows.

| column | what |
|---|---|
{COLUMNS}

Each row becomes an organisation, a site at its town (the gazetteer's point, never an address), a service there with
the codes, and the organisation's lines and mailboxes. All of it is unverified, so matches show it as a list to call.
Where a partner is there already (by external id, NPO number, or name in the province) it is told; `update` brings it
up to date. Formulas, and confidential places, are refused. A dry run answers what would be; with `dry_run=false` all is
written, or nothing (422, `errors` by `rows.<number>.<column>`). Of the file, numbers of rows, sentences and ids are
kept, and nothing else."""

_TOLD: Json = {
    "type": "object",
    "properties": {
        "row": {"type": "integer"},
        "column": {"type": "string"},
        "message": {"type": "string"},
        "candidates": {"type": ["array", "null"], "items": {"$ref": "#/components/schemas/Place"}},
    },
    "required": ["row", "column", "message", "candidates"],
}
_EXISTING: Json = {
    "type": "object",
    "properties": {
        "row": {"type": "integer"},
        "organisation_id": {"type": "string", "format": "uuid"},
        "by": {"type": "string", "enum": ["external_id", "npo_number", "name"]},
    },
    "required": ["row", "organisation_id", "by"],
}
IMPORT: Json = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "status": {
            "type": "string",
            "enum": list(imports.STATUSES),
            "description": " ".join(imports.STATUSES.values()),
        },
        "media_type": {"type": "string", "enum": [CSV, XLSX]},
        "created_at": {"type": "string", "format": "date-time"},
        "rows": {"type": "integer", "description": "Read, the first one not counted."},
        "updated": {"type": "boolean", "description": "Whether those that were there already are brought up to date."},
        "counts": {
            "type": "object",
            "description": "How many records of each collection are new.",
            "additionalProperties": {"type": "integer"},
        },
        "errors": {"type": "array", "items": _TOLD},
        "notes": {"type": "array", "items": _TOLD, "description": "Worth a thought, and no errors."},
        "existing": {"type": "array", "items": _EXISTING},
        "created": {
            "type": "object",
            "description": "Ids by collection; none of a dry run.",
            "additionalProperties": {"type": "array", "items": {"type": "string", "format": "uuid"}},
        },
    },
    "required": [
        "id",
        "status",
        "media_type",
        "created_at",
        "rows",
        "updated",
        "counts",
        "errors",
        "notes",
        "existing",
    ],
}
EXAMPLE: Json = {
    "id": "6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7a01",
    "status": "done",
    "media_type": CSV,
    "created_at": "2026-11-21T20:00:00+00:00",
    "rows": 1,
    "updated": False,
    "counts": dict.fromkeys(PATHS.values(), 1),
    "errors": [],
    "notes": [],
    "existing": [],
    "created": {path: ["6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7a02"] for path in PATHS.values()},
}
SPREADSHEET = "Name,Town,Phones,Services\nThandeka Advice Office,Polokwane,015 291 1234,legal_advice; counselling\n"


def create(query: Query) -> Response:
    """Read the file while nobody waits for this transaction, then check or write it in one."""
    transaction.abandon()
    media_type, content = _body()
    asked, is_dry = _asked(query), query.get("dry_run") is not False
    attempt = idempotency.attempt(transaction.session(), actor())
    earlier = attempt.earlier()
    if earlier is not None:
        return _shown(imports.get(transaction.session(), actor(), earlier.record_id), REPLAYED)
    transaction.abandon()
    lines = sheets.read(media_type, content)
    outcome = importing.run(transaction.session(), actor(), lines, asked)
    if outcome.errors and not is_dry:
        raise _refusal(outcome)
    if is_dry:
        transaction.abandon()
    status = imports.DONE if not is_dry else imports.REFUSED if outcome.errors else imports.CHECKED
    made = imports.keep(transaction.session(), actor(), status, media_type, _kept(outcome, asked, is_dry))
    idempotency.attempt(transaction.session(), actor()).keep(made.id)
    return _shown(made, {})


def _body() -> tuple[str, bytes]:
    """The file, of which no more is read than may be: one that does not say its length would be cut off there."""
    if request.mimetype not in (CSV, XLSX):
        raise Refused("unsupported-media-type", f"Send Content-Type: {CSV} or {XLSX}.")
    request.max_content_length = MOST_BYTES + 1
    content = request.get_data(cache=True)
    if len(content) > MOST_BYTES:
        raise Refused("too-large")
    return request.mimetype, content


def _asked(query: Query) -> Asked:
    try:
        services = partners.codes_of(query.get("services") or "")
    except Wrong as wrong:
        raise Invalid({"services": [one for said in wrong.errors.values() for one in said]}) from None
    day = transaction.registry().clock().date().isoformat()
    source = query.get("source") or "spreadsheet"
    return Asked(f"{source}, imported {day}", tuple(services), query.get("update") is True)


def _refusal(outcome: Outcome) -> Invalid:
    errors: dict[str, list[str]] = {}
    for one in outcome.errors:
        errors.setdefault(f"rows.{one.row}.{one.column}", []).append(one.message)
    places = {str(place["place_id"]): place for one in outcome.errors for place in one.candidates or ()}
    return Invalid(errors, list(places.values())[:CANDIDATES_TOLD] or None)


def _kept(outcome: Outcome, asked: Asked, is_dry: bool) -> Json:
    created = {PATHS[name]: ids for name, ids in outcome.created.items()}
    return {
        "rows": outcome.rows,
        "updated": asked.update,
        "counts": {path: len(ids) for path, ids in created.items()},
        "errors": _all_told(outcome.errors),
        "notes": _all_told(outcome.notes),
        "existing": [asdict(one) for one in outcome.existing],
        **({} if is_dry else {"created": created}),
    }


def _all_told(those: list[Told]) -> list[Json]:
    return [asdict(one) for one in those]


def read(query: Query, record_id: UUID) -> Response:
    """What came of one."""
    return answer(_wire(imports.get(transaction.session(), actor(), str(record_id))))


def _shown(made: Any, headers: Mapping[str, str]) -> Response:
    shown = answer(_wire(made))
    shown.status_code = HTTPStatus.CREATED
    shown.headers.update({"Location": f"{PATH}/{made.id}", **headers})
    return shown


def _wire(made: Any) -> Json:
    told = {"id": made.id, "status": made.status, "media_type": made.media_type, "created_at": made.created_at}
    return {**told, **made.told}


def blueprint() -> Blueprint:
    """The routes."""
    made = Blueprint("imports", __name__)
    importing_ = Operation(
        method="POST",
        rule=PATH,
        id="importPartners",
        policy=importing.ACTION,
        tag="imports",
        summary="Import partners from a spreadsheet, or see what would come of it",
        description=DESCRIPTION,
        query=QUERY,
        upload=Upload(media_types=(CSV, XLSX), most_bytes=MOST_BYTES, examples={CSV: SPREADSHEET}),
        gives=(
            Gives(
                status=201,
                schema=IMPORT,
                example=EXAMPLE,
                headers=("Location", "Idempotency-Replayed"),
                description="Checked, or written: see `status`.",
            ),
        ),
        request_headers=("Idempotency-Key",),
        problems=("conflict", "unclear-place"),
        writes=True,
    )
    made.operation(importing_, create)
    reading = Operation(
        method="GET",
        rule=f"{PATH}/<uuid:record_id>",
        id="getImport",
        policy=importing.ACTION,
        tag="imports",
        summary="What came of an import",
        description="For whoever made it, and for coordinators of the province. Dry runs are kept for 30 days.",
        gives=(Gives(schema=IMPORT, example=EXAMPLE, description="What came of it."),),
        problems=("not-found",),
    )
    made.operation(reading, read)
    return made
