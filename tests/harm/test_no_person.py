"""Nobody can write down who the person helped is: there is no field for it, and nothing of a request is kept."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.harm.asking import API
from tests.harm.world import World

CANARY = "Zanele-Canary-0825550199"
MATCHES, EXPLANATIONS = f"{API}/matches", f"{API}/matches/explanations"
LOGGED = frozenset({"at", "event", "method", "route", "status", "ms", "kind", "frames"})
GAZETTEER = frozenset({"near.place", "near.place_id", "avoid.0.place", "avoid.0.place_id"})
"""The only texts of a request: each must be one gazetteer place's name or id, and is 422 otherwise."""

COUNTED = frozenset({"api_key", "quota", "match_count"})
"""Tables that a match may write: when a key was used, how much of the day's allowance, and a batch of counts."""

FULL: Mapping[str, Any] = {
    "near": {"place": "Polokwane", "province": "ZA-LP"},
    "needs": ["shelter_emergency", "medical_general"],
    "party": [
        {"age": 29, "age_band": "25-59", "age_disputed": False, "gender": "female", "trans": False, "relation": "child"}
    ],
    "profile": {
        "pregnant": False,
        "newborn": False,
        "step_free": False,
        "languages": ["amh", "eng"],
        "language_required": False,
        "substance": "none",
        "mental_acuity": "low",
        "medical_acuity": "low",
        "time_critical": False,
        "has_id": False,
        "has_police_report": False,
        "has_dsd_referral": False,
        "undocumented": True,
        "lgbtqi": False,
        "legal_basis": "self_referral",
        "recognition": "none",
    },
    "avoid": [{"place": "Musina", "radius_km": 50}],
    "when": "2026-03-11T22:00:00+02:00",
    "stay_days": 30,
    "sort": "score",
    "max_km": 500,
    "limit": 10,
}
Path_ = tuple[str | int, ...]


def leaves(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """The path of every value inside, and of every object."""
    yield path
    inner = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inner:
        yield from leaves(one, (*path, name))


def put(value: Any, path: Path_, new: Any) -> Any:
    """A copy with another value at a path."""
    if not path:
        return new
    copy = deepcopy(value)
    inside = copy
    for name in path[:-1]:
        inside = inside[name]
    inside[path[-1]] = new
    return copy


def named(world: World, route: str) -> dict[str, Any]:
    """A whole request of a route."""
    more = {"service_site_id": world["shelter_beds"]} if route == EXPLANATIONS else {}
    return {**deepcopy(dict(FULL)), **more}


def texts(schema: Mapping[str, Any], schemas: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """The paths at which a schema takes text of one's own, or fields that it does not name."""
    if "$ref" in schema:
        yield from texts(schemas[schema["$ref"].rsplit("/", 1)[1]], schemas, path)
    for one in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from texts(one, schemas, path)
    kinds = schema.get("type", ())
    if "object" in kinds or "properties" in schema:
        if schema.get("additionalProperties") is not False:
            yield f"{path}.*"
        for name, one in schema.get("properties", {}).items():
            yield from texts(one, schemas, f"{path}.{name}".lstrip("."))
    if "array" in kinds:
        yield from texts(schema["items"], schemas, f"{path}.0")
    if "string" in kinds and not {"enum", "format", "pattern"} & schema.keys():
        yield path


@pytest.mark.parametrize("route", [MATCHES, EXPLANATIONS])
def test_the_request_has_no_text_but_places(client: FlaskClient, route: str) -> None:
    document = client.get("/openapi.json").json or {}
    body = document["paths"][route]["post"]["requestBody"]["content"]["application/json"]["schema"]

    assert set(texts(body, document["components"]["schemas"])) == GAZETTEER


def test_nothing_else_that_is_said_of_a_case_has_text(client: FlaskClient) -> None:
    """Purposes, reasons and outcomes are code lists."""
    document = client.get("/openapi.json").json or {}
    schemas = document["components"]["schemas"]
    said = ("location-disclosures", "concerns", "suspensions", "verifications", "erasures", "capacity", "outcomes")
    found = {
        f"{path}: {text}"
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if path.split("/")[-1] in said and method in ("post", "put") and "requestBody" in operation
        for text in texts(operation["requestBody"]["content"]["application/json"]["schema"], schemas)
    }

    assert found <= {f"{API}/sites/{{record_id}}/location-disclosures: code"}


@pytest.mark.parametrize("route", [MATCHES, EXPLANATIONS])
def test_unknown_fields_are_refused_everywhere(app: Flask, world: World, route: str) -> None:
    client, body = world.client(app, "caseworker"), named(world, route)
    for path in leaves(body):
        inside: Any = body
        for name in path:
            inside = inside[name]
        if isinstance(inside, dict):
            answer = client.post(route, json=put(body, path, {**inside, "full_name": CANARY}))
            errors = (answer.json or {})["errors"]
            assert answer.status_code == 422
            assert ".".join(str(name) for name in (*path, "full_name")) in errors
            assert CANARY not in answer.text


def canaries(body: Mapping[str, Any]) -> Iterator[Any]:
    """The body with the canary in the place of each value, in a list, an object and as the name of a field."""
    for path in leaves(body):
        for one in (CANARY, [CANARY], {"name": CANARY}, CANARY[:3].lower()):
            yield put(body, path, one)


@pytest.mark.parametrize("route", [MATCHES, EXPLANATIONS])
def test_a_canary_is_nowhere(
    app: Flask, world: World, database: Path, route: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """In every field of a body, in queries, headers and broken JSON: not in answers, logs or files."""
    client, body = world.client(app, "caseworker"), named(world, route)
    answers = [client.post(route, json=one) for one in canaries(body)]
    raw = [f'{{"near": "{CANARY}', f'{{"{CANARY}": 1, "{CANARY}": 2}}', CANARY, f'{{"{CANARY}": NaN}}']
    answers += [client.post(route, data=one, content_type="application/json") for one in raw]
    answers += [client.post(f"{route}?q={CANARY}", json=body), client.post(route, data=body, content_type=CANARY)]
    answers += [client.post(f"{route}/{CANARY}", json=body), client.get(f"{API}/places?q={CANARY}")]
    for header in ("Idempotency-Key", "User-Agent", "Referer", "X-Request-Id", "If-Match", "Cookie"):
        answers.append(client.post(route, json=body, headers={header: CANARY}))

    assert [answer.text for answer in answers if CANARY.lower() in answer.text.lower()] == []
    assert {answer.status_code for answer in answers} <= {200, 400, 404, 415, 422}
    assert CANARY not in "".join(capfd.readouterr()) + world.client(app, "admin").get("/metrics").text
    assert in_files(database, CANARY) == []


@pytest.mark.parametrize("where", ["", "party.0", "profile", "near"])
def test_a_name_in_the_place_of_a_field_is_told_as_a_path_only(app: Flask, world: World, where: str) -> None:
    client, body = world.client(app, "caseworker"), named(world, MATCHES)
    inside: Any = body
    for name in where.split(".") if where else ():
        inside = inside[int(name) if name.isdigit() else name]
    inside[CANARY] = CANARY
    told = client.post(MATCHES, json=body).json or {}

    assert list(told["errors"]) == [f"{where}.{CANARY}".lstrip(".")]
    assert CANARY not in json.dumps({**told, "errors": list(told["errors"].values())})


def in_files(database: Path, text: str) -> list[str]:
    """The files of the database, its write-ahead log included, that hold a text in any of its usual forms."""
    forms = [form for said in (text, text.lower()) for form in (said.encode(), said.encode("utf-16-le"))]
    beside = sorted(database.parent.glob(f"{database.name}*"))
    assert [path for path in beside if path.name.endswith("-wal")]
    return [path.name for path in beside if any(form in path.read_bytes() for form in forms)]


def contents(database: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {name: sorted(connection.execute(f'SELECT * FROM "{name}"'), key=repr) for name in tables}  # noqa: S608
    connection.close()
    return found


def test_a_match_is_not_kept(
    app: Flask, world: World, database: Path, capfd: pytest.CaptureFixture[str], readers: Sequence[str]
) -> None:
    """A whole case is asked: the tables are as before but for the counts, and the log has a line without it."""
    before = contents(database)
    body = named(world, MATCHES) | {"near": {"point": {"lat": -24.187654, "lon": 29.012345}}, "stay_days": 1234}
    for reader in readers:
        assert world.client(app, reader).post(MATCHES, json=body).status_code == 200
    logged = "".join(capfd.readouterr())
    after = contents(database)

    assert {name for name in after if after[name] != before[name]} <= COUNTED
    assert in_files(database, "24.187654") == in_files(database, "self_referral") == []
    assert [said for said in ("24.18", "1234", "self_referral", "amh", "shelter_emergency") if said in logged] == []
    lines = [json.loads(line) for line in logged.splitlines() if line.startswith("{")]
    assert [line["route"] for line in lines] == [MATCHES] * len(readers)
    assert {name for line in lines for name in line} <= LOGGED


@pytest.fixture
def readers() -> Sequence[str]:
    """Everybody who may match."""
    return ("caseworker", "app", "coordinator", "manager of another shelter", "social worker")


def test_a_fault_while_matching_tells_nothing(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The message of an unforeseen error may carry the request: it is neither answered nor logged."""

    def fail(*_args: object, **_kwargs: object) -> None:
        raise ValueError(f"cannot match {CANARY}")

    monkeypatch.setattr("matching.service.match", fail)
    answer = world.client(app, "caseworker").post(MATCHES, json=named(world, MATCHES))

    assert answer.status_code == 500
    assert CANARY not in answer.text + "".join(capfd.readouterr())


def test_the_canary_is_found_where_it_is_kept(client: FlaskClient, database: Path, world: World) -> None:
    """The control: what the registry does keep is found in its files and answers."""
    answer = client.post(f"{API}/persons", json={"full_name": CANARY})

    assert (answer.status_code, CANARY in answer.text) == (201, True)
    assert in_files(database, CANARY)
