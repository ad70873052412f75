"""The application with two addresses more, which answer a constant body: what a server and Flask cost by themselves,
and with the look at a key that a match takes."""

from functools import cache

from flask import Response, request

from web.app import create_app
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


app.extensions["operations"]["checked"] = Operation(
    method="POST", rule="/checked", id="checked", policy="match", tag="matches", summary="", gives=(Gives(),)
)
