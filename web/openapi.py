"""The framework's API, overridden once: how the document is made of what operations say of themselves."""

from collections import deque
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from threading import Lock
from typing import Any

import marshmallow
from flask_smorest import Api as SmorestApi

from web.problems import KINDS, MEDIA_TYPE, PLACE_SCHEMA, PROBLEM_SCHEMA
from web.smorest import Blueprint, Declared, Json


def declared2schema(self: Any, field: marshmallow.fields.Field[Any], **kwargs: Any) -> Json:
    """How the document generator asks a declared field for its JSON Schema."""
    return field.described() if isinstance(field, Declared) else {}


class Api(SmorestApi):  # type: ignore[misc]
    """The API's document: problems instead of the framework's own errors, and no handlers of its own."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def register_blueprint(self, blp: Blueprint, **options: Any) -> None:
        """Let operations answer, and describe them later, which takes longer."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blp.name] = self
        self._app.register_blueprint(blp, **options)
        self.later(partial(self._describe, blp))

    def later(self, describe: Callable[[], None]) -> None:
        """Describe something when somebody asks for the document."""
        self._undescribed.append(describe)

    def document(self) -> Json:
        """The OpenAPI document, of all operations."""
        with self._describing:
            while self._undescribed:
                self._undescribed.popleft()()
            described: Json = self.spec.to_dict()
            return described

    def _describe(self, blueprint: Blueprint) -> None:
        blueprint.register_views_in_doc(self, self._app, self.spec, name=blueprint.name, parameters=None)
        self.spec.tag({"name": blueprint.name, "description": blueprint.description})

    def _init_spec(self, **options: Any) -> None:
        super()._init_spec(**options)
        self._undescribed, self._describing = deque[Callable[[], None]](), Lock()
        self.ma_plugin.converter.add_attribute_function(declared2schema)
        self.spec.components.schema("Place", PLACE_SCHEMA)
        self.spec.components.schema("Problem", PROBLEM_SCHEMA)

    def _register_error_handlers(self) -> None:
        """web.errors answers."""

    def _register_responses(self) -> None:
        for status in sorted({kind.status for kind in KINDS.values()}):
            kinds = [kind for kind in KINDS.values() if kind.status == status]
            examples = {
                kind.code: {"value": {"type": kind.uri, "title": kind.title, "status": status}} for kind in kinds
            }
            content = {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": examples}
            response = {
                "description": " / ".join(kind.told for kind in kinds) or HTTPStatus(status).phrase,
                "content": {MEDIA_TYPE: content},
            }
            self.spec.components.response(f"Problem{status}", response, lazy=True)

    def _register_etag_headers(self) -> None:
        """Declared in web.document."""

    def _register_pagination_header(self) -> None:
        """Lists have an envelope."""
