"""The one code list, read from its data file."""

import json
from functools import cache
from pathlib import Path
from typing import Any

REFERENCE = Path(__file__).resolve().parent.parent / "seed" / "reference"


@cache
def document() -> dict[str, Any]:
    """The vocabulary as published: a version and sets of terms, each with code and label."""
    loaded: dict[str, Any] = json.loads((REFERENCE / "vocabulary.json").read_text(encoding="utf-8"))
    return loaded


@cache
def codes(name: str) -> tuple[str, ...]:
    """The codes of one set, in their published order."""
    return tuple(term["code"] for term in document()["sets"][name])


@cache
def terms(name: str) -> dict[str, dict[str, Any]]:
    """The terms of one set by code."""
    return {term["code"]: term for term in document()["sets"][name]}


@cache
def reference(name: str) -> Any:
    """Another reference file (`hotlines`, `departments`, `stages`) as published."""
    return json.loads((REFERENCE / f"{name}.json").read_text(encoding="utf-8"))
