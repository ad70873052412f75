"""The application with three addresses more. Two answer a constant body: what a server and Flask cost by themselves,
and with the look at a key that a match takes. The third answers matches that were found before: what a match costs
besides finding it."""

from functools import cache

from flask import Response, request

from matching.types import MatchResult
from web.app import create_app
from web.body import decode
from web.json import sent
from web.limits import matched
from web.schemas.match import need_of
from web.schemas.match_bytes import dumped
from web.smorest import Gives, Operation

app = create_app()


@cache
def _body(size: int) -> bytes:
    return b'"' + b"x" * (size - 2) + b'"'


@app.post("/floor/<int:size>")
@app.post("/checked/<int:size>", endpoint="checked")
def floor(size: int) -> Response:
    """So many bytes. The body is read, or servers close the connection."""
    request.get_data()
    return Response(_body(size), mimetype="application/json")


FOUND: dict[bytes, MatchResult] = {}


@app.post("/told/<int:size>")
def told(size: int) -> Response:
    """A match that matching answered before, read, checked and written as `POST /matches` does."""
    body = request.get_data()
    need = need_of(decode(body))
    if body not in FOUND:
        FOUND[body] = matched(need)
    return sent(dumped(FOUND[body]))


for one in ("checked", "told"):
    app.extensions["operations"][one] = Operation(
        method="POST", rule=f"/{one}", id=one, policy="match", tag="matches", summary="", gives=(Gives(),)
    )
