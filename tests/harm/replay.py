"""Every request that reads, made from the OpenAPI document that is served, and the answers to them byte by byte.

A route or parameter that the document gains is replayed without being named here, with what its schema or the grid
gives as values.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any
from urllib.parse import urlencode

from flask.testing import FlaskClient

Json = Mapping[str, Any]

EXEMPT = ("/api/v1/audit", "/api/v1/disclosures", "/metrics")
"""Who asked for an address, what was written, and how much: these may tell that something moved."""

WITH_CLOSED = frozenset({"q", "province", "district", "organisation_id", "near", "sort"})
"""Parameters that are asked of closed records as well."""

WHOLE = frozenset({"status", "limit"})
"""Parameters that decide how much of a list is answered."""

ANYTHING: Mapping[str, Sequence[str]] = {
    "date-time": ("2026-03-11T09:20:00+00:00", "2026-03-11T10:40:00+00:00"),
    "date": ("2026-03-01", "2026-04-01"),
    "uuid": ("6f1f2c1e-6a0b-4a53-9d0a-2f6d3f1f7a01",),
    "integer": ("1", "20"),
    "string": ("umusa",),
}
"""Values by format or type, for parameters of which nothing else is known."""

WORDS, FEW_WORDS = "/hsds/v3/taxonom", 2
"""The vocabulary's terms and taxonomies come from a file: a few of them are enough."""

VARYING_HEADERS = frozenset({"Date"})


@dataclass(frozen=True, slots=True, order=True)
class Request:
    """One request that reads."""

    method: str
    path: str
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """All of an answer that may not depend on a true location."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Grid:
    """Values to send. `nears`: points `lat,lon`; `ladder`: kilometres; `others`: by the name of a parameter.

    `most`: so many values of any parameter that is no distance, and half as many in lists that measure none.
    """

    nears: Sequence[str]
    ladder: Sequence[float]
    others: Mapping[str, Sequence[str]] = field(default_factory=dict)
    most: int = 100


def ask(client: FlaskClient, request: Request) -> Answer:
    """Send one request."""
    kind = "application/json" if request.body else None
    headers = list(request.headers)
    answer = client.open(
        request.path, method=request.method, data=request.body or None, headers=headers, content_type=kind
    )
    said = sorted((name, value) for name, value in answer.headers if name not in VARYING_HEADERS)
    return Answer(answer.status_code, tuple(said), answer.data)


def replay(client: FlaskClient, requests: Iterable[Request]) -> dict[Request, Answer]:
    """The answers to all requests."""
    return {request: ask(client, request) for request in requests}


def differences(before: Mapping[Request, Answer], after: Mapping[Request, Answer]) -> list[str]:
    """The requests that are answered otherwise, each with what changed, the shortest first."""
    changed = [one for one in before if before[one] != after[one]]
    return [f"{one}\n  {_said(before[one])}\n  {_said(after[one])}" for one in sorted(changed, key=_length)]


def _length(request: Request) -> int:
    return len(request.path) + len(request.body)


def _said(answer: Answer) -> str:
    return f"{answer.status} {dict(answer.headers).get('ETag')} {answer.body[:2000].decode(errors='replace')}"


def posted(path: str, bodies: Iterable[Json]) -> list[Request]:
    """Requests that ask by POST."""
    return [Request("POST", path, json.dumps(body)) for body in bodies]


def readable(client: FlaskClient, grid: Grid) -> list[Request]:
    """Every GET of the served document, with all its parameters, for every record there is."""
    document: Json = client.get("/openapi.json").json or {}
    components = document["components"]
    found: list[Request] = []
    for rule, operations in document["paths"].items():
        operation = operations.get("get")
        if operation is None or rule.startswith(EXEMPT):
            continue
        given = (*operations.get("parameters", ()), *operation.get("parameters", ()))
        declared = [_resolved(one, components) for one in given]
        for path in _paths(client, rule, [one for one in declared if one["in"] == "path"], grid):
            found += _queried(path, [one for one in declared if one["in"] == "query"], grid)
            found += _conditional(path, declared)
    return list(dict.fromkeys(found))


def _resolved(parameter: Json, components: Json) -> Json:
    reference = parameter.get("$ref")
    return parameter if reference is None else components["parameters"][reference.rsplit("/", 1)[1]]


def _paths(client: FlaskClient, rule: str, parameters: Sequence[Json], grid: Grid) -> Iterator[str]:
    choices = [[(one["name"], value) for value in _path_values(client, rule, one, grid)] for one in parameters]
    for chosen in product(*choices):
        path = rule
        for name, value in chosen:
            path = path.replace(f"{{{name}}}", value)
        yield path


def _path_values(client: FlaskClient, rule: str, parameter: Json, grid: Grid) -> Sequence[str]:
    if parameter["schema"].get("format") == "uuid":
        return ids(client, rule.split("/{", 1)[0]) or ANYTHING["uuid"]
    return _values(parameter, grid)


def ids(client: FlaskClient, path: str) -> list[str]:
    """The ids of all records of a list, closed ones included."""
    asked = "per_page=200" if path.startswith("/hsds/") else "page_size=200&status=any"
    listed: Json = client.get(f"{path}?{asked}").json or {}
    found = [one["id"] for one in listed.get("items", listed.get("contents", ()))]
    return found[:FEW_WORDS] if path.startswith(WORDS) else found


def _values(parameter: Json, grid: Grid) -> Sequence[str]:
    name, schema = parameter["name"], parameter["schema"]
    if name == "near":
        return grid.nears
    if name == "max_km":
        return [f"{km:g}" for km in grid.ladder]
    return _other_values(name, schema, grid)[: grid.most]


def _other_values(name: str, schema: Json, grid: Grid) -> Sequence[str]:
    if name in grid.others:
        return grid.others[name]
    if "enum" in schema:
        return [str(value) for value in schema["enum"] if value is not None]
    if schema.get("type") == "boolean":
        return ("true", "false")
    return ANYTHING.get(schema.get("format", ""), ANYTHING.get(schema.get("type", ""), ANYTHING["string"]))


def _queried(path: str, parameters: Sequence[Json], grid: Grid) -> Iterator[Request]:
    """Each parameter by itself, and what belongs together together: distance, and lists with closed records."""
    values = {one["name"]: _values(one, grid) for one in parameters}
    needed = {one["name"]: values[one["name"]][0] for one in parameters if one.get("required")}
    yield _get(path, needed)
    for name, those in values.items():
        base = (
            {**needed, "near": grid.nears[0]} if name == "max_km" or (name == "sort" and "near" in values) else needed
        )
        many = "near" in values or name in WHOLE
        for value in those if many else those[: max(1, grid.most // 2)]:
            yield _get(path, {**base, name: value})
            if "status" in values and name in WITH_CLOSED:
                yield _get(path, {**base, "status": "any", name: value})
    if "near" in values and "max_km" in values:
        for near, most in product(values["near"], values["max_km"]):
            yield _get(path, {**needed, "near": near, "max_km": most})
            yield _get(path, {**needed, "near": near, "sort": "distance", "status": "any", "max_km": most})
    if "page" in values:
        yield from (_get(path, {**needed, "page": str(page), "page_size": "2"}) for page in (1, 2, 3))


def _conditional(path: str, declared: Sequence[Json]) -> Iterator[Request]:
    if any(one["in"] == "header" and one["name"] == "If-None-Match" for one in declared):
        yield Request("GET", path, headers=(("If-None-Match", f'"{path.rsplit("/", 1)[1]}.1"'),))


def _get(path: str, query: Mapping[str, str]) -> Request:
    return Request("GET", f"{path}?{urlencode(query)}" if query else path)
