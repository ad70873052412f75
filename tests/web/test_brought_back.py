"""Who was erased does not come back: not by a restored backup, whatever starts the server, nor by an old dump."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from directory.permissions import LOCAL
from directory.services import erasure, erasure_list
from directory.services.erasure_list import Entry
from tests.conftest import Clock
from tests.directory.people import working
from tests.web.records import API, answer_json, make
from web.cli import dump_registry, load_registry
from web.transaction import Registry

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Type = Callable[..., Result]
NAME = "Zanele Qwabe-Tshivhase"


@pytest.fixture
def kept(app: Flask) -> Iterator[Path]:
    """The erasure list of this machine."""
    path: Path = app.config["SETTINGS"].instance / erasure_list.FILE
    path.unlink(missing_ok=True)
    yield path
    path.unlink(missing_ok=True)


def listed(client: FlaskClient) -> dict[str, Any]:
    """Somebody with a post and a number."""
    person = make(client, "persons", full_name=NAME)
    make(client, "focal_points", person_id=person["id"])
    make(client, "channels", owner={"type": "person", "id": person["id"]}, value="+27821112233")
    return person


def restarted(app: Flask, engine: Engine, clock: Clock, kept: Path) -> None:
    """Another process, started by whatever serves."""
    app.extensions["registry"] = Registry(engine, clock, erasures=kept)


def test_a_restored_backup_is_erased_before_the_first_answer(
    app: Flask, client: FlaskClient, engine: Engine, clock: Clock, kept: Path
) -> None:
    person = listed(client)
    erasure_list.add(kept, [Entry("persons", person["id"])], clock())
    restarted(app, engine, clock, kept)

    assert NAME not in client.get(f"{API}/persons").text
    assert client.get(f"{API}/persons/{person['id']}").status_code == 404
    assert answer_json(client.get(f"{API}/channels"))["items"] == []


def test_with_a_list_that_cannot_be_read_it_does_not_serve(
    app: Flask, client: FlaskClient, engine: Engine, clock: Clock, kept: Path
) -> None:
    listed(client)
    kept.write_text("{\n", encoding="utf-8")
    restarted(app, engine, clock, kept)
    answers = [client.get(f"{API}/persons") for _ in range(2)]

    assert [one.status_code for one in answers] == [500, 500]
    assert NAME not in answers[0].text


@pytest.mark.parametrize("dumps", [1, 2])
def test_an_old_dump_brings_nobody_back(
    app: Flask, client: FlaskClient, engine: Engine, clock: Clock, kept: Path, tmp_path: Path, dumps: int
) -> None:
    """Loaded again a person has another id; a dump says the first one, through as many loads as there are."""
    listed(client)
    make(client, "persons", full_name="Somebody Else")
    for number in range(dumps):
        assert app.test_cli_runner().invoke(dump_registry, [str(tmp_path / str(number))]).exit_code == 0
        if number + 1 < dumps:
            _emptied(client)
            assert app.test_cli_runner().invoke(load_registry, [str(tmp_path / str(number))]).exit_code == 0
    found = answer_json(client.get(f"{API}/persons?q=Zanele"))["items"][0]["id"]
    with working(engine, clock) as session:
        erasure.erase(session, LOCAL, found, {"reason": "own_request"}, kept)
    _emptied(client)
    told = app.test_cli_runner().invoke(load_registry, [str(tmp_path / "0")])

    assert f"{dumps} had been erased" in told.output
    names = [one["full_name"] for one in answer_json(client.get(f"{API}/persons"))["items"]]
    assert (NAME in names, "Somebody Else" in names) == (False, True)


def test_a_dump_keeps_who_is_suspended(app: Flask, client: FlaskClient, holder: Any, tmp_path: Path) -> None:
    partner = make(client, "organisations", name="Closed for now")["id"]
    said = holder("coordinator").post(f"{API}/organisations/{partner}/suspensions", json={"code": "safeguarding"})
    assert said.status_code == 201
    for command in (dump_registry, load_registry):
        assert app.test_cli_runner().invoke(command, [str(tmp_path)]).exit_code == 0

    assert answer_json(client.get(f"{API}/organisations?q=Closed"))["items"] == []
    assert len(answer_json(holder("coordinator").get(f"{API}/suspensions"))["items"]) == 2


def _emptied(client: FlaskClient) -> None:
    """Close everybody, so that what is loaded next is told from what was there."""
    for one in answer_json(client.get(f"{API}/persons"))["items"]:
        client.delete(f"{API}/persons/{one['id']}", headers={"If-Match": "*"})
