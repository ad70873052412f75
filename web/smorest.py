"""The framework, overridden once: parser, fields, schemas and blueprint. Everything else is declarations.

A field of the registry is declared and checked in `directory`; here it is wrapped so that the framework documents it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

import marshmallow
from flask_smorest import Blueprint as SmorestBlueprint
from marshmallow import RAISE, ValidationError

from directory.errors import Invalid
from directory.fields import Boolean, Field, Instant, Integer, Number, Wrong
from directory.permissions import ACTIONS
from web.parser import Parser
from web.problems import KINDS

PUBLIC = "public"
"""The policy of what is open to all."""
HOLDER = "holder"
"""The policy of what is open to whoever has a key that holds, whatever it is limited to."""

Json = dict[str, Any]


class Declared(marshmallow.fields.Field[Any]):
    """A field of the registry. In a query its text becomes the JSON value first; in a body directory reads it."""

    def __init__(self, declared: Field, *, query: bool = False, patch: bool = False) -> None:
        super().__init__(required=declared.required and not patch)
        self.declared = declared
        self.query = query
        self.patch = patch

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return value

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return self.declared.clean(from_text(self.declared, value))
        except Wrong as wrong:
            raise ValidationError(dict(wrong.errors)) from None

    def described(self) -> Json:
        """Its JSON Schema; a query parameter is never null, and of a patch's objects any part may be missing."""
        if not self.query:
            return loosened(self.declared.schema()) if self.patch else self.declared.schema()
        schema = {**self.declared.kind()}
        if self.declared.doc:
            schema["description"] = self.declared.doc
        if self.declared.example is not None:
            schema["examples"] = [self.declared.example]
        return schema


def loosened(schema: Json) -> Json:
    """The schema of a merge patch: an object's fields may be missing or null. Arrays are replaced whole."""
    inner = {one: nullable(loosened(value)) for one, value in schema.get("properties", {}).items()}
    kept = {name: value for name, value in schema.items() if name != "required"}
    return kept | ({"properties": inner} if inner else {})


def nullable(schema: Json) -> Json:
    """A schema that takes null as well."""
    kind = schema.get("type")
    if isinstance(kind, str):
        enum = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
        return {**schema, "type": [kind, "null"], **enum}
    return schema


def from_text(declared: Field, text: Any) -> Any:
    """The JSON value that a query parameter's text stands for."""
    if not isinstance(text, str):
        return text
    if isinstance(declared, Integer) and re.fullmatch(r"-?[0-9]{1,12}", text):
        return int(text)
    if isinstance(declared, Number) and re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,12})?", text):
        return float(text)
    if isinstance(declared, Boolean) and text in ("true", "false"):
        return text == "true"
    if isinstance(declared, Instant):
        return text.replace(" ", "+")
    return text


class Schema(marshmallow.Schema):
    """Refuses unknown fields and keeps the order of declaration."""

    class Meta:
        unknown = RAISE


class Body(Schema):
    """Documents a request body. `directory` checks it, so that all its errors are told at once and in one voice."""

    def load(self, data: Any, **kwargs: Any) -> Any:
        """Hand the body on as it came, if it is an object. Raises Invalid."""
        if not isinstance(data, dict):
            raise Invalid({"": ["Must be an object."]})
        return data


class Answer(marshmallow.Schema):
    """What leaves: declared fields only. Fields may be added to it, so it promises nothing about unknown ones."""


def schema_of(name: str, fields: Mapping[str, Field], base: type[marshmallow.Schema]) -> type[marshmallow.Schema]:
    """A named schema of declared fields."""
    return base.from_dict({one: Declared(declared) for one, declared in fields.items()}, name=name)


def query_of(name: str, fields: Mapping[str, Field]) -> type[marshmallow.Schema]:
    """The schema of a query string."""
    return Schema.from_dict({one: Declared(declared, query=True) for one, declared in fields.items()}, name=name)


def page_of(item: type[marshmallow.Schema]) -> type[marshmallow.Schema]:
    """The envelope of a list."""
    count = Integer(most=2**31, required=True)
    fields: dict[str, Any] = {
        "items": marshmallow.fields.List(marshmallow.fields.Nested(item), required=True),
        "total": Declared(count),
        "page": Declared(count),
        "page_size": Declared(count),
    }
    return Answer.from_dict(fields, name=f"{item.__name__}Page")


@dataclass(frozen=True, kw_only=True)
class Gives:
    """A successful answer of an operation; `also` are media types of text that it is given in when asked."""

    status: int = 200
    schema: type[marshmallow.Schema] | Json | None = None
    example: Any = None
    headers: tuple[str, ...] = ()
    description: str = "As asked."
    media_type: str = "application/json"
    also: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Takes:
    """The body of an operation, with named examples."""

    schema: type[marshmallow.Schema]
    examples: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Upload:
    """The body of an operation that is a file, with an example of each media type that is text. The view reads it."""

    media_types: tuple[str, ...]
    most_bytes: int
    examples: Mapping[str, str] = field(default_factory=dict)

    def described(self) -> Json:
        """The request body as the document writes it."""
        binary = {"type": "string", "format": "binary"}
        content = {
            one: {"schema": binary, **({"example": self.examples[one]} if one in self.examples else {})}
            for one in self.media_types
        }
        return {"required": True, "description": f"At most {self.most_bytes} bytes.", "content": content}


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation: all of it that is documented, who may ask for it, and whether it writes.

    `policy` is an action of the permission table, HOLDER or PUBLIC. Without one there is no operation, and no server.
    """

    method: str
    rule: str
    id: str
    policy: str
    tag: str
    summary: str
    description: str = ""
    gives: tuple[Gives, ...]
    takes: Takes | None = None
    upload: Upload | None = None
    query: Mapping[str, Field] = field(default_factory=dict)
    request_headers: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    writes: bool = False

    def __post_init__(self) -> None:
        if self.policy not in (PUBLIC, HOLDER, *ACTIONS):
            raise ValueError(f"{self.id} has no policy of the permission table: {self.policy}")


class Blueprint(SmorestBlueprint):  # type: ignore[misc]
    """Registers operations. A view gets its query, then its body if it takes one, then the parts of its path."""

    ARGUMENTS_PARSER = Parser()

    def __init__(self, name: str, import_name: str) -> None:
        super().__init__(name, import_name)
        self.operations: dict[str, Operation] = {}

    def operation(self, operation: Operation, view: Callable[..., Any]) -> None:
        """Register a view as an operation."""

        @wraps(view)
        def run(*args: Any, **kwargs: Any) -> Any:
            return view(*args, **kwargs)

        self.operations[f"{self.name}.{operation.id}"] = operation
        wrapped: Any = run
        parameters, responses = list[Any](), dict[int, Any]()
        for decorate in self._decorators(operation):
            wrapped = decorate(wrapped)
            said = wrapped.__dict__.pop("_apidoc")
            parameters += said.get("arguments", {}).get("parameters", ())
            responses |= said.get("response", {}).get("responses", {})
        arguments = {"parameters": [*parameters, *operation.request_headers]}
        described = {"arguments": arguments, "response": {"responses": responses}}
        wrapped._apidoc = described | {"manual_doc": _documented(operation)}
        wrapped.__name__ = operation.id
        wrapped.__doc__ = ""
        self.route(operation.rule, methods=[operation.method], tags=[operation.tag], endpoint=operation.id)(wrapped)

    def _decorators(self, operation: Operation) -> Iterator[Callable[..., Any]]:
        """The framework's, innermost first. Each would copy all that those before it said."""
        if operation.takes is not None:
            examples = {name: {"value": value} for name, value in operation.takes.examples.items()}
            yield self.arguments(operation.takes.schema(), examples=examples)
        yield self.arguments(query_of("Query", operation.query)(), location="query")
        first, *others = operation.gives
        yield self.response(first.status, first.schema, **_about(first))
        for other in others:
            yield self.alt_response(other.status, schema=other.schema, **_about(other))

    def _store_endpoint_docs(self, endpoint: str, obj: Any, parameters: Any, tags: Any, **options: Any) -> None:
        """Keep what an operation says: it is that one's alone, so that it need not be copied."""
        (method,) = options["methods"]
        said = {**obj._apidoc, "docstring": {}, "tags": tags}
        self._docs[endpoint] = {method.lower(): said, "parameters": parameters}


def _about(gives: Gives) -> Json:
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in gives.headers}
    about = {"description": gives.description, "example": gives.example, "content_type": gives.media_type}
    return {**about, "headers": headers or None}


def _documented(operation: Operation) -> Json:
    documented: Json = {"operationId": operation.id, "summary": operation.summary}
    if operation.policy == PUBLIC:
        documented["security"] = []
    if operation.description:
        documented["description"] = operation.description
    responses: dict[int | str, Any] = _problems(operation)
    if operation.upload is not None:
        documented["requestBody"] = operation.upload.described()
    for gives in operation.gives:
        if gives.also:
            content = {media_type: {"schema": {"type": "string"}} for media_type in gives.also}
            responses[gives.status] = {"content": content}
    return documented | {"responses": responses}


def _problems(operation: Operation) -> dict[int | str, Any]:
    codes = {"invalid", "internal", "busy", "denied", "too-many-requests", *operation.problems}
    if operation.policy != PUBLIC:
        codes |= {"unauthenticated"}
    if operation.takes is not None or operation.upload is not None:
        codes |= {"malformed", "too-large", "unsupported-media-type"}
    return {str(status): f"Problem{status}" for status in sorted({KINDS[code].status for code in codes})}
