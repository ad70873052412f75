"""JSON as this service writes it: instants as ISO 8601 with offset, keys in the order of their declaration."""

from typing import Any

import orjson
from flask import Response
from flask.json.provider import JSONProvider


class OrjsonProvider(JSONProvider):
    """orjson behind Flask's interface."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """Text."""
        return orjson.dumps(obj).decode()

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Bodies are read by web.body instead."""
        return orjson.loads(s)

    def response(self, *args: Any, **kwargs: Any) -> Response:
        """A whole answer, without the detour over text."""
        return Response(orjson.dumps(self._prepare_response_obj(args, kwargs)), mimetype="application/json")


def answer(value: Any) -> Response:
    """A value as the answer to a request."""
    return Response(orjson.dumps(value), mimetype="application/json")
