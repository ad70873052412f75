"""The kinds of problem an answer can report (RFC 9457), each with a URI that stays."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Response

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: the last part of its URI, its status, what it is called and when it happens."""

    code: str
    status: int
    title: str
    when: str

    @property
    def uri(self) -> str:
        """The `type` of its problems."""
        return f"/problems/{self.code}"

    @property
    def told(self) -> str:
        """Title and occasion as running text."""
        return f"{self.title}{'' if self.title.endswith('?') else '.'} {self.when}"


KINDS: Mapping[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("malformed", 400, "The request cannot be read", "The body is not JSON in UTF-8, or a header is broken."),
        Kind("unauthenticated", 401, "Say who you are", "A key is needed, or the one given is not known."),
        Kind("denied", 403, "You may not do this", "Your role does not allow it."),
        Kind(
            "second-factor-needed",
            403,
            "Give a second factor",
            "No TOTP code was given with this key or session within five minutes, or the one given does not hold.",
        ),
        Kind("not-found", 404, "There is nothing here", "No such address or record, or none that you may know of."),
        Kind("method-not-allowed", 405, "This address does not do that", "The header Allow names the methods it has."),
        Kind("conflict", 409, "The record's state does not allow it", "For instance, a closed record is verified."),
        Kind("version-conflict", 412, "The record has changed", "If-Match names another version than the current one."),
        Kind("too-large", 413, "The body is too large", "A body has at most 1 MiB, a spreadsheet 4."),
        Kind(
            "unsupported-media-type",
            415,
            "The body is of another type",
            "Send Content-Type: application/json, or that of a spreadsheet to import.",
        ),
        Kind("invalid", 422, "Some fields are not right", "`errors` names each field and says why."),
        Kind(
            "unclear-place",
            422,
            "Which place is meant?",
            "The name is unknown or means several places; `candidates` lists those to choose from.",
        ),
        Kind("precondition-required", 428, "Say which version you saw", "PATCH and DELETE need If-Match."),
        Kind("allowance-spent", 429, "Today's allowance is spent", "Retry-After says when the next day begins."),
        Kind("too-many-requests", 429, "Ask less often", "Retry-After says in how many seconds to ask again."),
        Kind("internal", 500, "Something broke here", "Our fault; nothing was written."),
        Kind("busy", 503, "Try again in a moment", "Another writer holds the registry; nothing was written."),
    )
}

BY_STATUS: Mapping[int, Kind] = {kind.status: kind for kind in reversed([*KINDS.values()])}


def problem(
    kind: Kind,
    detail: str | None = None,
    *,
    errors: Mapping[str, Any] | None = None,
    candidates: Any = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer that reports a problem."""
    members = {"detail": detail, "errors": errors, "candidates": candidates}
    body = {"type": kind.uri, "title": kind.title, "status": kind.status}
    body |= {name: value for name, value in members.items() if value is not None}
    answer = Response(orjson.dumps(body), status=kind.status, content_type=MEDIA_TYPE)
    answer.headers.update(headers or {})
    return answer


def plain(status: int, title: str) -> Response:
    """A problem that has no kind of its own."""
    body = {"type": "about:blank", "title": title, "status": status}
    return Response(orjson.dumps(body), status=status, content_type=MEDIA_TYPE)


PROBLEM_SCHEMA = {
    "type": "object",
    "description": "A problem (RFC 9457).",
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "examples": ["/problems/invalid"]},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "What went wrong this time."},
        "errors": {
            "type": "object",
            "description": "Sentences by field path, such as `accreditation.expires`.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "candidates": {
            "type": "array",
            "description": "Places to choose from, where a name was unknown or meant several.",
            "items": {"$ref": "#/components/schemas/Place"},
        },
    },
    "required": ["type", "title", "status"],
}

PLACE_SCHEMA = {
    "type": "object",
    "properties": {
        "place_id": {"type": "string"},
        "name": {"type": "string"},
        "province": {"type": "string"},
        "district": {"type": "string"},
        "lat": {"type": "number"},
        "lon": {"type": "number"},
    },
    "required": ["place_id", "name", "province", "district", "lat", "lon"],
}
