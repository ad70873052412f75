"""The documents say what is there: paths, names and targets they mention exist; every decision record is whole."""

import importlib
import json
import re
from pathlib import Path

import pytest
from flask import Flask

from tests.house.tree import ROOMS, ROOT
from web import cli

DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").iterdir())
TOPS = (*ROOMS, "openapi", "tests", "benchmarks", "docs", "requirements", r"\.ci")
PATH = re.compile(rf"(?<![\w/.-])(?:{'|'.join(TOPS)})/[\w./*-]*")
ROOT_FILE = re.compile(r"`([\w.-]+\.(?:py|md|toml)|Makefile|LICENSE|NOTICE)`")
NAME = re.compile(rf"`((?:{'|'.join(ROOMS)})(?:\.\w+)+)(?:\([^`]*\))?`")
CODE = re.compile(r"```.*?```|`[^`]+`", re.DOTALL)
TARGETS = re.compile(r"\bmake((?: [a-z-]+)+)")
FLASK = re.compile(r"\bflask ([a-z]+)(?: ([a-z]+))?")
CALL = re.compile(r"/api/v1[\w/{}$-]*")
SECTIONS = ["Context", "Decision", "Consequences"]
STATUS = re.compile(r"Status: (accepted|superseded by (\d{3}))")


def say(document: Path) -> str:
    return document.read_text(encoding="utf-8")


def of(document: Path) -> str:
    return document.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("document", DOCUMENTS, ids=of)
def test_the_paths_it_names_exist(document: Path) -> None:
    named = {path.rstrip(".") for path in PATH.findall(say(document))} | set(ROOT_FILE.findall(say(document)))

    assert [path for path in sorted(named) if not _exists(document, path)] == []


def _exists(document: Path, path: str) -> bool:
    if "*" in path:
        return any(ROOT.glob(path))
    return (ROOT / path).exists() or (document.parent / path).exists()


@pytest.mark.parametrize("document", DOCUMENTS, ids=of)
def test_the_names_of_code_it_gives_exist(document: Path) -> None:
    assert [name for name in sorted(set(NAME.findall(say(document)))) if not _is_defined(name)] == []


def _is_defined(name: str) -> bool:
    """Whether a dotted name is a module, or something in one (or, as in `x.Class.field`, one level deeper)."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            if not hasattr(found, part):
                return part in getattr(found, "__annotations__", {})
            found = getattr(found, part)
        return True
    return False


@pytest.mark.parametrize("document", DOCUMENTS, ids=of)
def test_the_commands_it_names_exist(document: Path) -> None:
    code = "\n".join(CODE.findall(say(document)))
    named = {target for targets in TARGETS.findall(code) for target in targets.split()}

    assert named <= set(re.findall(r"^([a-z-]+):", say(ROOT / "Makefile"), re.MULTILINE))


@pytest.mark.parametrize("document", DOCUMENTS, ids=of)
def test_the_commands_of_flask_it_names_exist(document: Path) -> None:
    app = Flask("nothing but commands")
    cli.init_app(app)
    groups = {name: set(getattr(command, "commands", [""])) for name, command in app.cli.commands.items()}
    code = "\n".join(CODE.findall(say(document)))

    assert [(group, name) for group, name in FLASK.findall(code) if name not in groups.get(group, {name})] == []
    assert {group for group, _ in FLASK.findall(code)} <= set(groups)


@pytest.mark.parametrize("document", DOCUMENTS, ids=of)
def test_the_calls_it_names_exist(document: Path) -> None:
    paths = json.loads(say(ROOT / "openapi" / "openapi.json"))["paths"]
    known = {re.sub(r"\{\w+\}", "{}", path).rstrip("/") for path in paths}
    named = {re.sub(r"\{\w+\}|\$ID", "{}", call).rstrip("/.") for call in CALL.findall(say(document))}

    assert sorted(named - known - {"/api/v1"}) == []


def test_the_test_command_is_part_of_the_check() -> None:
    """The pipeline runs the check and the README's test command; that they are one keeps it from running twice."""
    check = re.search(r"^check: (.*)$", say(ROOT / "Makefile"), re.MULTILINE)

    assert check is not None
    assert "test" in check[1].split()
    assert "make test" in say(ROOT / "README.md")


def test_the_map_names_every_room() -> None:
    for document in ("README.md", "docs/architecture.md"):
        assert [room for room in ROOMS if f"{room}/" not in say(ROOT / document)] == []


def test_decisions_are_numbered_without_gaps() -> None:
    assert [path.name[:4] for path in DECISIONS] == [f"{number:03}-" for number in range(1, len(DECISIONS) + 1)]


@pytest.mark.parametrize("decision", DECISIONS, ids=of)
def test_a_decision_is_whole(decision: Path) -> None:
    text = say(decision)
    title, _, status = text.splitlines()[:3]
    headings = [heading for heading in re.findall(r"^## (.+)$", text, re.MULTILINE) if heading in SECTIONS]

    assert re.fullmatch(rf"# {decision.name[:3]}: \S.*", title)
    assert STATUS.fullmatch(status)
    assert headings == SECTIONS
    assert [
        number for number in re.findall(r"\((\d{3})\)", text) if not list(decision.parent.glob(f"{number}-*"))
    ] == []
