"""Every benchmark is part of the whole run, and says in its first lines how it is started by itself."""

import ast
import importlib

from benchmarks.__main__ import declared
from tests.house.tree import ROOT

FILES = sorted(path for path in (ROOT / "benchmarks").glob("*.py") if path.stem != "__main__")


def test_whatever_can_be_started_is_declared() -> None:
    started = {path.stem for path in FILES if "main" in _functions(path.read_text(encoding="utf-8"))}

    assert set(declared()) == started
    assert len(started) >= 4


def test_each_says_how_it_is_started() -> None:
    told = {name: importlib.import_module(f"benchmarks.{name}").__doc__ or "" for name in declared()}

    assert [name for name, said in told.items() if f"python -m benchmarks.{name}" not in said] == []


def _functions(text: str) -> set[str]:
    return {node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}
