"""What is logged: method, route template, status, milliseconds. Never a body, a query, an address or a message.

A match is a person's case. Error messages can carry values of a query (a database's do), so that of an unforeseen
error only its class and where it happened are kept.
"""

import logging
import sys
import time
import traceback
from datetime import UTC, datetime

import orjson
from flask import Flask, Response, g, has_request_context, request

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def report(error: Exception) -> None:
    """Log an unforeseen error without its message."""
    frames = [f"{f.filename.rsplit('/', 1)[-1]}:{f.lineno}:{f.name}" for f in traceback.extract_tb(error.__traceback__)]
    _say("error", kind=type(error).__qualname__, route=route(), frames=frames[-12:])


def init_app(app: Flask) -> None:
    """Log every answer."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def finish(answer: Response) -> Response:
        elapsed = (time.perf_counter() - g.started) * 1000 if "started" in g else 0.0
        _say("request", method=method(), route=route(), status=answer.status_code, ms=round(elapsed, 1))
        return answer


def method() -> str:
    """The method of this request, if it is one: anybody can send any word as one."""
    return request.method if request.method in METHODS else "other"


def route() -> str | None:
    """The template of the route that this request found."""
    found = request.url_rule if has_request_context() else None
    return None if found is None else found.rule


def _say(event: str, **values: object) -> None:
    """Look stderr up each time: whoever redirects it later (a server, a test) gets the line. It is written at once, so
    that no other stands in it."""
    line = {"at": datetime.now(UTC).isoformat(), "event": event, **values}
    sys.stderr.write(f"{orjson.dumps(line).decode()}\n")
    sys.stderr.flush()
