"""Sizes that keep a room liveable, and names that say what a file is for."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import ROOT, modules

LINES_A_FILE = 300
LINES_A_FUNCTION = 40
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc"}
ALLOWED = {"matching/types.py": 570, "matching/rules/table.py": 310}
"""Declarations alone, which one reads as a list: cutting them in two would only hide half."""
MADE_BY_A_TOOL = (Path("directory/migrations/versions"),)


def ours() -> Iterator[tuple[Path, str]]:
    for path in modules():
        relative = path.relative_to(ROOT)
        if not any(folder in relative.parents for folder in MADE_BY_A_TOOL):
            yield relative, path.read_text(encoding="utf-8")


def test_files_are_short() -> None:
    assert [str(path) for path, text in ours() if _too_long(path, text)] == []


def _too_long(path: Path, text: str) -> bool:
    return len(text.splitlines()) > ALLOWED.get(path.as_posix(), LINES_A_FILE)


def test_functions_are_short() -> None:
    long = [
        f"{path}: {node.name}, {lines} lines"
        for path, text in ours()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > LINES_A_FUNCTION
    ]

    assert long == []


def test_names_say_something() -> None:
    assert [str(path) for path in modules() if path.stem in NAMES_THAT_SAY_NOTHING] == []


def test_packages_hold_no_code() -> None:
    """What a package's `__init__` defines is imported by all its modules, and ends in a cycle."""
    packages = ((path, ast.parse(text).body) for path, text in ours() if path.name == "__init__.py")

    assert [path for path, body in packages if not all(_is_docstring(node) for node in body)] == []


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
