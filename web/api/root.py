"""What stands at the root: the index, whether the process lives, whether it can serve."""

from collections.abc import Mapping
from typing import Any

from flask import Response
from sqlalchemy.exc import SQLAlchemyError

from directory import changes
from directory.services.catalogue import COLLECTIONS
from web import metrics, transaction
from web.document import TITLE, VERSION
from web.errors import Refused
from web.json import answer
from web.paths import API, HSDS
from web.smorest import PUBLIC, Blueprint, Gives, Json, Operation

TAG = "service"
Query = Mapping[str, Any]

LINKS = {
    "self": f"{API}/",
    "documents": "/docs",
    "openapi": "/openapi.json",
    "matches": f"{API}/matches",
    "explanations": f"{API}/matches/explanations",
    "packages": f"{API}/packages",
    "changes": f"{API}/changes",
    "webhooks": f"{API}/webhooks",
    "exports": f"{API}/exports",
    "imports": f"{API}/imports",
    "vocabulary": f"{API}/vocabulary",
    "places": f"{API}/places",
    "rulesets": f"{API}/rulesets",
    "hotlines": f"{API}/hotlines",
    "hsds": f"{HSDS}/",
    **{collection.name: f"{API}/{collection.path}" for collection in COLLECTIONS.values()},
}

INDEX: Json = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "version": {"type": "string", "description": "Of the API."},
        "revision": {"type": "integer", "description": "Of the registry."},
        "links": {"type": "object", "additionalProperties": {"type": "string", "format": "uri-reference"}},
    },
    "required": ["name", "version", "revision", "links"],
}
STATE: Json = {"type": "object", "properties": {"status": {"type": "string"}}, "required": ["status"]}


def index(query: Query) -> Response:
    """What this is and where everything is."""
    revision = changes.revision(transaction.session())
    return answer({"name": TITLE, "version": VERSION, "revision": revision, "links": LINKS})


def is_alive(query: Query) -> Response:
    """The process answers."""
    return answer({"status": "ok"})


def is_ready(query: Query) -> Response:
    """The database answers too."""
    try:
        changes.revision(transaction.session())
    except SQLAlchemyError:
        raise Refused("busy", "The database does not answer, or has not been migrated.") from None
    return answer({"status": "ready"})


def show_metrics(query: Query) -> Response:
    """How many requests were answered, how fast, and the registry's figures."""
    return metrics.exposition()


def blueprint() -> Blueprint:
    """The routes."""
    made = Blueprint("root", __name__)
    shown = {"name": TITLE, "version": VERSION, "revision": 1234, "links": {"matches": f"{API}/matches"}}
    for rule, name in (("/", "getRoot"), (f"{API}/", "getIndex")):
        gives = Gives(schema=INDEX, example=shown, description="The index.")
        operation = Operation(method="GET", rule=rule, id=name, policy=PUBLIC, tag=TAG, summary="Index", gives=(gives,))
        made.operation(operation, index)
    for rule, name, said, view in (
        ("/healthz", "isAlive", "ok", is_alive),
        ("/readyz", "isReady", "ready", is_ready),
    ):
        gives = Gives(schema=STATE, example={"status": said}, description="Yes.")
        summary = str(view.__doc__)
        operation = Operation(method="GET", rule=rule, id=name, policy=PUBLIC, tag=TAG, summary=summary, gives=(gives,))
        made.operation(operation, view)
    made.operation(_metrics(), show_metrics)
    return made


def _metrics() -> Operation:
    text = Gives(
        schema={"type": "string"},
        example='directory_request_seconds_count{method="GET",route="/healthz",status="200"} 12.0\n',
        description="In the text format of Prometheus.",
        media_type="text/plain",
    )
    summary = "Counts of requests by route, method and status, and the registry's figures"
    return Operation(
        method="GET", rule="/metrics", id="showMetrics", policy="metrics.read", tag=TAG, summary=summary, gives=(text,)
    )
