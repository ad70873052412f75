"""The import contracts hold, and each is shown to fail: a copy of the rooms with one fault planted breaks it."""

import ast
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.house.tree import ROOMS, ROOT, modules

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
NAMES: dict[str, str] = {contract["id"]: contract["name"] for contract in SETTINGS["contracts"]}
MIGRATIONS = Path("directory/migrations")
MIGRATIONS_KNOW = {"alembic", "sqlalchemy", "directory.db"}


@dataclass(frozen=True)
class Fault:
    """A line added to a file (made if it is not there) that must break a contract."""

    contract: str
    path: str
    line: str


FAULTS = [
    Fault("rooms", "directory/errors.py", "from matching import types"),
    Fault("rooms", "matching/types.py", "import web.settings"),
    Fault("rooms", "matching/types.py", "from seed import load"),
    Fault("http", "directory/services/sites.py", "import flask"),
    Fault("http", "directory/fields.py", "from marshmallow import Schema"),
    Fault("http", "matching/service.py", "from werkzeug.exceptions import NotFound"),
    Fault("pure", "matching/types.py", "from directory import errors"),
    Fault("pure", "matching/rules/people.py", "from sqlalchemy.orm import Session"),
    Fault("pure", "matching/brand_new.py", "from directory.vocabulary import codes"),
    Fault("models", "matching/feed.py", "from directory.models.service import Service"),
    Fault("models", "seed/load.py", "from directory import db"),
    Fault("models", "web/errors.py", "from directory.db import begin"),
    Fault("queries", "matching/service.py", "from directory.queries import candidates"),
    Fault("queries", "web/errors.py", "from directory.queries.published import Publisher"),
    Fault("migrate", "web/errors.py", "from directory import migrate"),
    Fault("making-seed", "web/cli.py", "from seed import areas"),
    Fault("cycles", "directory/vocabulary.py", "from directory import geography"),
    Fault("cycles", "seed/generate/draw.py", "from seed.generate import world"),
    Fault("directory", "directory/fields.py", "from directory import collection"),
    Fault("directory", "directory/utils.py", "from directory import errors"),
    Fault("directory-models", "directory/models/site.py", "from directory.models import channel"),
    Fault("directory-queries", "directory/queries/masking.py", "from directory.queries import filters"),
    Fault("directory-services", "directory/services/records.py", "from directory.services import sites"),
    Fault("directory-exchange", "directory/exchange/jsonl.py", "from directory.exchange import dump"),
    Fault("seed", "seed/load.py", "from seed import areas"),
    Fault("seed", "seed/common.py", ""),
]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the rooms and their contracts, to break."""
    copy = tmp_path_factory.mktemp("house")
    for room in ROOMS:
        shutil.copytree(ROOT / room, copy / room, ignore=_all_but_python)
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def _all_but_python(folder: str, names: list[str]) -> set[str]:
    return {name for name in names if not (name.endswith(".py") or (Path(folder) / name).is_dir())}


@pytest.fixture
def planted(house: Path, request: pytest.FixtureRequest) -> Iterator[Fault]:
    """A fault planted, and taken out again."""
    fault: Fault = request.param
    file = house / fault.path
    before = file.read_bytes() if file.exists() else None
    file.write_bytes((before or b"") + f"\n{fault.line}\n".encode())
    yield fault
    file.unlink() if before is None else file.write_bytes(before)


def lint(house: Path) -> tuple[int, str]:
    """What import-linter says of a tree."""
    linter = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run(
        [linter, "--no-logo", "--cache-dir", house / ".cache"],
        cwd=house,
        env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1", "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_the_contracts_hold(house: Path) -> None:
    status, said = lint(house)

    assert status == 0, said
    assert all(f"{name} KEPT" in said for name in NAMES.values())


@pytest.mark.parametrize("planted", FAULTS, indirect=True, ids=lambda fault: f"{fault.contract}: {fault.path}")
def test_a_planted_fault_breaks_its_contract(house: Path, planted: Fault) -> None:
    status, said = lint(house)

    assert status == 1, said
    assert f"{NAMES[planted.contract]} BROKEN" in said


def test_every_contract_is_shown_to_fail() -> None:
    assert {fault.contract for fault in FAULTS} == set(NAMES)


def test_every_room_is_under_contract() -> None:
    packages = {file.parent.name for file in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}

    assert packages == set(ROOMS) == set(SETTINGS["root_packages"])


def test_no_module_escapes_the_contracts() -> None:
    """Files outside packages are not seen by import-linter; migrations are such, and know their database alone."""
    outside = {path.relative_to(ROOT) for path in modules() if not (path.parent / "__init__.py").exists()}

    assert all(MIGRATIONS in path.parents for path in outside)
    for path in outside - {MIGRATIONS / "env.py"}:
        assert _imported(path) <= MIGRATIONS_KNOW, path


def test_wsgi_names_the_application_and_nothing_else() -> None:
    assert _imported(Path("wsgi.py")) == {"web.app"}


def _imported(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
