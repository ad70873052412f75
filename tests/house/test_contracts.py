"""The import contracts hold, and each is shown to fail: a copy of the rooms with a fault planted breaks it."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.house.faults import FAULTS, Fault, rounds
from tests.house.tree import ROOMS, ROOT, modules

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
NAMES: dict[str, str] = {contract["id"]: contract["name"] for contract in SETTINGS["contracts"]}
MIGRATIONS = Path("directory/migrations")
MIGRATIONS_KNOW = {"alembic", "sqlalchemy", "directory.db"}


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


@contextmanager
def planted(house: Path, faults: Sequence[Fault]) -> Iterator[None]:
    """Faults planted, and taken out again."""
    files = {house / fault.path for fault in faults}
    before = {file: file.read_bytes() if file.exists() else None for file in files}
    for fault in faults:
        with (house / fault.path).open("a", encoding="utf-8") as file:
            file.write(f"\n{fault.line}\n")
    yield
    for path, content in before.items():
        if content is None:
            path.unlink()
        else:
            path.write_bytes(content)


def lint(house: Path) -> tuple[int, str]:
    """What import-linter says of a tree."""
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-logo", "--cache-dir", house / ".cache"],
        cwd=house,
        env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1", "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def broken(said: str) -> dict[str, str]:
    """What is said of each broken contract, by its name."""
    parts = re.split(r"^(.+)\n-{3,}\n", said.partition("Broken contracts")[2], flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_the_contracts_hold(house: Path) -> None:
    status, said = lint(house)

    assert status == 0, said
    assert [name for name in NAMES.values() if f"{name} KEPT" not in said] == []


@pytest.mark.parametrize("faults", rounds(), ids=lambda faults: f"{len(faults)} contracts")
def test_planted_faults_break_their_contracts(house: Path, faults: Sequence[Fault]) -> None:
    with planted(house, faults):
        status, said = lint(house)

    assert status == 1, said
    assert [fault for fault in faults if fault.said not in broken(said).get(NAMES[fault.contract], "")] == []


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
    assert _imported(Path("wsgi.py")) == {"gc", "web.app"}


def _imported(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
