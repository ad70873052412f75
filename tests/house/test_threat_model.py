"""The threat model names a test for every control, and the tests it names exist."""

import ast
import re

from tests.house.tree import ROOT

TEXT = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
ADVERSARIES = {"trafficker with a key", "corrupt official", "scraper", "careless insider", "database thief"}


def rows() -> list[list[str]]:
    """The cells of each abuse."""
    part = TEXT.partition("## Abuse, control, test")[2].partition("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def defined(path: str) -> set[str]:
    """The functions that a file defines."""
    file = ROOT / path
    tree = ast.parse(file.read_text(encoding="utf-8")) if file.exists() else ast.Module([], [])
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_abuse_has_a_control_and_a_test() -> None:
    assert [row for row in rows() if len(row) != 4 or not all(row) or not NAMED.findall(row[3])] == []
    assert [row[3] for row in rows() if NAMED.sub("", row[3]).strip(" ,")] == []


def test_the_tests_it_names_exist() -> None:
    named = sorted(set(NAMED.findall(TEXT)))

    assert [f"{path}::{name}" for path, name in named if name not in defined(path)] == []
    assert len(named) > 40


def test_every_adversary_is_faced_and_described() -> None:
    assert {row[0] for row in rows()} == ADVERSARIES
    assert [one for one in ADVERSARIES if f"- **{one.capitalize()}**" not in TEXT] == []


def test_what_has_no_control_is_said() -> None:
    assert TEXT.partition("## Not yet")[2].count("\n- ") > 3
