"""The one table from what can go wrong to what is answered."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, Response
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.http import http_date

from directory.errors import Conflict, Denied, DomainError, Invalid, NotFound, VersionConflict
from directory.services.factors import SecondFactorNeeded
from directory.services.quotas import Exhausted
from matching.errors import UnknownRuleset, Unreadable
from web.body import Malformed
from web.log import report
from web.problems import BY_STATUS, KINDS, plain, problem

RETRY_AFTER_S = "1"
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="directory"'}
BUSY_SQLSTATES = frozenset({"40001", "40P01", "55P03"})
"""PostgreSQL: serialization failure, deadlock, lock not available."""


class Refused(Exception):
    """A kind of problem that the web room itself finds, by its code."""

    def __init__(
        self,
        code: str,
        detail: str | None = None,
        errors: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.code, self.detail, self.errors, self.headers = code, detail, errors, headers


def _invalid(error: Invalid) -> Response:
    kind = KINDS["invalid" if error.candidates is None else "unclear-place"]
    return problem(kind, errors=error.errors, candidates=error.candidates)


def _refused(error: Refused) -> Response:
    headers = CHALLENGE if error.code == "unauthenticated" else error.headers
    return problem(KINDS[error.code], error.detail, errors=error.errors, headers=headers)


def _spent(error: Exhausted) -> Response:
    headers = {"Retry-After": http_date(error.until)}
    return problem(KINDS["allowance-spent"], str(error), headers=headers)


def _database(error: DBAPIError) -> Response:
    locked = isinstance(error, OperationalError) and "locked" in str(error.orig)
    if locked or getattr(error.orig, "sqlstate", None) in BUSY_SQLSTATES:
        return problem(KINDS["busy"], headers={"Retry-After": RETRY_AFTER_S})
    return _unforeseen(error)


def _unforeseen(error: Exception) -> Response:
    report(error)
    return problem(KINDS["internal"])


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    kind = BY_STATUS.get(status)
    answer = plain(status, error.name) if kind is None else problem(kind, errors=_messages(error))
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            answer.headers[name] = value
    return answer


def _messages(error: HTTPException) -> dict[str, list[str]] | None:
    """What marshmallow said of a query or body, its location dropped, by dotted path."""
    messages = (getattr(error, "data", None) or {}).get("messages")
    if not isinstance(messages, dict):
        return None
    return {path: said for location in messages.values() for path, said in flattened(location).items()}


def flattened(messages: Any, path: str = "") -> dict[str, list[str]]:
    """Nested messages by dotted path."""
    if isinstance(messages, dict):
        paths = {name: f"{path}.{name}" if path and name else path or str(name) for name in messages}
        inner = [flattened(said, paths[name]) for name, said in messages.items()]
        return {one: said for group in inner for one, said in group.items()}
    return {path: [str(said) for said in (messages if isinstance(messages, list) else [messages])]}


TABLE: tuple[tuple[type[Exception], Callable[[Any], Response]], ...] = (
    (NotFound, lambda error: problem(KINDS["not-found"], str(error))),
    (UnknownRuleset, lambda error: problem(KINDS["not-found"], str(error))),
    (Unreadable, lambda _: problem(KINDS["busy"], headers={"Retry-After": RETRY_AFTER_S})),
    (SecondFactorNeeded, lambda error: problem(KINDS["second-factor-needed"], str(error))),
    (Denied, lambda error: problem(KINDS["denied"], str(error))),
    (VersionConflict, lambda error: problem(KINDS["version-conflict"], str(error))),
    (StaleDataError, lambda _: problem(KINDS["version-conflict"], "Another writer was first.")),
    (Exhausted, _spent),
    (Conflict, lambda error: problem(KINDS["conflict"], str(error))),
    (IntegrityError, lambda _: problem(KINDS["conflict"], "Another writer was first.")),
    (Invalid, _invalid),
    (Refused, _refused),
    (Malformed, lambda error: problem(KINDS["malformed"], str(error))),
    (DBAPIError, _database),
    (HTTPException, _http),
    (DomainError, _unforeseen),
    (Exception, _unforeseen),
)


def render(error: Exception) -> Response:
    """The answer to an exception: the first row that fits."""
    return next(answer(error) for kind, answer in TABLE if isinstance(error, kind))


def init_app(app: Flask) -> None:
    """Answer every exception by the table."""
    app.register_error_handler(Exception, render)
    app.register_error_handler(HTTPException, render)
