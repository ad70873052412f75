"""Scripts and styles, kept by browsers for good: each is asked for by a name that changes with its content."""

import gzip
import mimetypes
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Flask, Response, abort, request

STATIC = Path(__file__).resolve().parent / "static"
UNNAMED_S = 3600
NAMED = "public, max-age=31536000, immutable"
DIGITS = 16
LEAST_COMPRESSED = 500
TEXTS = ("text/", "application/json", "image/svg")


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served, and as compressed where that makes it shorter."""

    kind: str
    digest: str
    content: bytes = field(repr=False)
    compressed: bytes | None = field(repr=False)


def init_app(app: Flask) -> None:
    """Serve the files, and let templates name them."""
    app.jinja_env.globals["asset"] = address
    app.add_url_rule("/static/<path:path>", "asset", serve, methods=["GET"])


def serve(path: str) -> Response:
    """A file; for good if it was asked for by its content."""
    if path not in _paths():
        abort(404)
    found = read(path)
    packed = found.compressed if request.accept_encodings["gzip"] else None
    answer = Response(found.content if packed is None else packed, content_type=found.kind)
    if packed is not None:
        answer.headers["Content-Encoding"] = "gzip"
    answer.vary.add("Accept-Encoding")
    by_content = request.args.get("v") == found.digest
    answer.headers["Cache-Control"] = NAMED if by_content else f"public, max-age={UNNAMED_S}"
    answer.set_etag(found.digest, weak=True)
    answer.make_conditional(request)
    return answer


def address(path: str) -> str:
    """Where a file is, by its content. Raises KeyError for none."""
    if path not in _paths():
        raise KeyError(path)
    return f"/static/{path}?v={read(path).digest}"


@cache
def read(path: str) -> Asset:
    """A file of the folder, read once a process."""
    content = (STATIC / path).read_bytes()
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    text = kind.startswith(TEXTS)
    return Asset(
        kind=f"{kind}; charset=utf-8" if text else kind,
        digest=sha256(content).hexdigest()[:DIGITS],
        content=content,
        compressed=packed(content) if text else None,
    )


def packed(content: bytes) -> bytes | None:
    """The content compressed, if that is worth it; the same bytes each time."""
    return gzip.compress(content, mtime=0) if len(content) >= LEAST_COMPRESSED else None


@cache
def _paths() -> frozenset[str]:
    return frozenset(file.relative_to(STATIC).as_posix() for file in STATIC.rglob("*") if file.is_file())
