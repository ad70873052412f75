"""How a request is read: bodies strictly, and query strings as plain dicts in which nothing stands twice."""

from typing import Any

import marshmallow
from flask import Request as FlaskRequest
from flask import request
from marshmallow import RAISE, ValidationError
from webargs.flaskparser import FlaskParser

from web.body import decode
from web.errors import Refused

JSON_TYPES = frozenset({"application/json", "application/merge-patch+json"})


class Parser(FlaskParser):
    """Reads bodies strictly, and query strings as plain dicts in which nothing stands twice."""

    DEFAULT_UNKNOWN_BY_LOCATION = {"json": None, "query": RAISE}

    def parse(self, argmap: Any, req: FlaskRequest | None = None, *, location: str | None = None, **how: Any) -> Any:
        """What is given, checked by its schema; without the framework's detours where there is nothing to check here:
        an empty query, and a body, which directory checks."""
        asked: FlaskRequest = req or request
        if location == "query" and not asked.query_string and not any(one.required for one in argmap.fields.values()):
            return {}
        if location == "json":
            return argmap.load(self.load_json(asked, argmap))
        return super().parse(argmap, req, location=location, **how)

    def load_json(self, req: FlaskRequest, schema: marshmallow.Schema) -> Any:
        """The body's value. Raises Refused, Malformed."""
        if req.mimetype not in JSON_TYPES:
            raise Refused("unsupported-media-type", "Send Content-Type: application/json.")
        return decode(req.get_data(cache=True))

    def load_querystring(self, req: FlaskRequest, schema: marshmallow.Schema) -> dict[str, str]:
        """The query's parameters. Raises ValidationError."""
        twice = {name: ["Give it once."] for name, values in req.args.lists() if len(values) > 1}
        if twice:
            raise ValidationError(twice)
        return dict(req.args.items())
