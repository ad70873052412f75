"""The application with one address more, which answers a constant body: what a server and Flask cost by themselves."""

from functools import cache

from flask import Response, request

from web.app import create_app

app = create_app()


@cache
def _body(size: int) -> bytes:
    return b'"' + b"x" * (size - 2) + b'"'


@app.post("/floor/<int:size>")
def floor(size: int) -> Response:
    """So many bytes. The body is read, or servers close the connection."""
    request.get_data()
    return Response(_body(size), mimetype="application/json")
