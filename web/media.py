"""In which form an answer is wanted: by `format`, else by what the client accepts; JSON when it does not say."""

from collections.abc import Sequence

from flask import Response, request

JSON, CSV, SVG = "application/json", "text/csv", "image/svg+xml"
NAMES = {"json": JSON, "csv": CSV, "svg": SVG}


def wanted(asked: str | None, among: Sequence[str]) -> str:
    """One of these media types, the first where the client takes any."""
    if asked is not None:
        return NAMES[asked]
    return request.accept_mimetypes.best_match(list(among), default=among[0]) or among[0]


def text(body: str, media_type: str) -> Response:
    """An answer that is text, and differs by what is accepted."""
    answer = Response(body, content_type=f"{media_type}; charset=utf-8")
    answer.vary.add("Accept")
    return answer
