"""What is typed works: the commands, the server they start, and the requests that are published as examples."""

import json
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from directory.db import make_engine
from tests.conftest import admit
from tests.web.live import Server, flask, server
from web.settings import ROOT

EXAMPLES = sorted(path for path in (ROOT / "openapi" / "examples").iterdir() if path.suffix in (".sh", ".py"))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, empty_sqlite: Path) -> Iterator[Server]:
    """A server on an empty registry, and a key in the environment of its examples."""
    folder = tmp_path_factory.mktemp("live")
    (folder / "instance").mkdir()
    path = folder / "instance" / "directory.sqlite3"
    shutil.copy(empty_sqlite, path)
    engine = make_engine(f"sqlite:///{path}")
    key = admit(engine, "admin")
    engine.dispose()
    with server(folder) as started:
        yield replace(started, environment={**started.environment, "KEY": key, "BASE": started.base})


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_an_example_runs_as_published(running: Server, example: Path) -> None:
    command = ["sh", str(example)] if example.suffix == ".sh" else [sys.executable, str(example)]

    ran = subprocess.run(command, env=running.environment, capture_output=True, text=True, check=False)

    assert (ran.returncode, ran.stderr) == (0, "")
    if example.suffix == ".sh":
        assert json.loads(ran.stdout)


def test_there_are_examples_of_both_kinds() -> None:
    assert {path.suffix for path in EXAMPLES} == {".sh", ".py"}


def test_the_server_listens_on_loopback_alone(running: Server) -> None:
    """It is gunicorn that binds: its answer comes from the address that the settings allowed."""
    assert running.base.startswith("http://127.0.0.1:")
    with urllib.request.urlopen(f"{running.base}/healthz") as answer:  # noqa: S310
        assert json.load(answer) == {"status": "ok"}
        assert "Set-Cookie" not in answer.headers


def test_start_refuses_another_address_with_its_reason(tmp_path: Path) -> None:
    ran = flask(tmp_path, "start", HOST="0.0.0.0")  # noqa: S104

    assert ran.returncode != 0
    assert "loopback" in ran.stderr
