"""What is typed beside a server: migrate, load, dump, and whether anything has drifted."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import Result

from tests.applications import Configured
from tests.conftest import SECRET_KEY
from web import snapshots
from web.settings import Settings

ORGANISATION = {"key": "haven", "name": "Haven", "org_type": "ngo", "verified_at": {"days_ago": 3}}

Type = Callable[..., Result]


@pytest.fixture
def flask(configured: Configured, tmp_path: Path) -> Type:
    """Types a command, on a database that does not exist yet."""
    url = f"sqlite:///{tmp_path / 'registry.sqlite3'}"
    app = configured(Settings(database_url=url, secret_key=SECRET_KEY, instance=tmp_path, demo=False))
    runner = app.test_cli_runner()
    return lambda *command: runner.invoke(args=[str(part) for part in command])


def write(folder: Path, *lines: Mapping[str, object]) -> Path:
    """A folder with organisations to load."""
    folder.mkdir()
    text = "\n".join(json.dumps(line) for line in lines)
    (folder / "organisations.jsonl").write_text(text, encoding="utf-8")
    return folder


def test_a_registry_is_loaded_and_dumped_again(flask: Type, tmp_path: Path) -> None:
    loaded = flask("registry", "load", write(tmp_path / "in", ORGANISATION))
    dumped = flask("registry", "dump", tmp_path / "out")

    assert (loaded.exit_code, dumped.exit_code) == (0, 0), loaded.output + dumped.output
    assert "1 organisations loaded" in loaded.output
    assert (tmp_path / snapshots.FILE).exists()
    line = json.loads((tmp_path / "out" / "organisations.jsonl").read_text(encoding="utf-8"))
    assert (line["key"], line["name"]) == ("haven", "Haven")


def test_a_load_that_fails_names_file_line_and_field_and_writes_nothing(flask: Type, tmp_path: Path) -> None:
    wrong = {"key": "other", "name": "Other", "org_type": "church"}

    failed = flask("registry", "load", write(tmp_path / "in", ORGANISATION, wrong))
    flask("registry", "dump", tmp_path / "out")

    assert failed.exit_code != 0
    assert "organisations.jsonl:2: org_type" in failed.output
    assert (tmp_path / "out" / "organisations.jsonl").read_bytes() == b""


def test_a_folder_that_is_not_there_is_told(flask: Type, tmp_path: Path) -> None:
    assert flask("registry", "load", tmp_path / "nowhere").exit_code != 0


def test_dumping_what_was_never_migrated_says_what_to_do(flask: Type, tmp_path: Path) -> None:
    dumped = flask("registry", "dump", tmp_path / "out")

    assert dumped.exit_code != 0
    assert "flask db upgrade" in dumped.output


@pytest.mark.parametrize("command", ["db", "openapi"])
def test_nothing_has_drifted(flask: Type, command: str) -> None:
    checked = flask(command, "check")

    assert checked.exit_code == 0, checked.output


def test_a_database_goes_up_and_down(flask: Type) -> None:
    ran = [flask("db", *command) for command in (["upgrade"], ["downgrade", "base"], ["upgrade"])]

    assert [one.exit_code for one in ran] == [0, 0, 0], [one.output for one in ran]
