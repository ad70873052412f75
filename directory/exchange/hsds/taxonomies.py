"""The vocabulary's sets as taxonomies, their codes as terms."""

from collections.abc import Iterable
from functools import cache

from directory import vocabulary
from directory.exchange.hsds.parts import Json, derived, said

LANGUAGE = "eng"
FOUND_BY = ("service", "org_type", "sector")
"""Taxonomies by whose terms records are found; each is called as the list filter is."""


@cache
def taxonomies() -> tuple[Json, ...]:
    """Every set, in its published order."""
    return tuple(taxonomy(name) for name in vocabulary.document()["sets"])


@cache
def taxonomy(name: str) -> Json:
    """One set."""
    document = vocabulary.document()
    source = document["sources"].get(name, document["sources"]["others"])
    return {
        "id": derived("taxonomy", name),
        "name": name,
        "description": f"The code list {name} of this directory's vocabulary. Source: {source}.",
        "version": document["version"],
    }


@cache
def terms() -> tuple[Json, ...]:
    """Every code of every set."""
    return tuple(
        {**term(name, code), "taxonomy_detail": taxonomy(name)}
        for name in vocabulary.document()["sets"]
        for code in vocabulary.codes(name)
    )


@cache
def term(name: str, code: str) -> Json:
    """A code of a set, as it stands in an attribute."""
    known = vocabulary.terms(name)[code]
    return {
        "id": derived("term", name, code),
        "code": code,
        "name": known["label"],
        "description": known.get("description") or known["label"],
        "taxonomy": name,
        "language": LANGUAGE,
    }


def label(name: str, code: str) -> str:
    """What a code is called; a code that the set does not have is its own name."""
    known = vocabulary.terms(name).get(code)
    return code if known is None else str(known["label"])


def classified(owner: str, name: str, codes: Iterable[str | None]) -> list[Json]:
    """Attributes that put a record under terms of a taxonomy."""
    return [
        said(id=derived(owner, name, code), link_type=name, value=code, taxonomy_term=term(name, code))
        for code in codes
        if code is not None
    ]


@cache
def found_by() -> dict[str, tuple[str, str]]:
    """The list filter and its value that stand for a term, by the term's id."""
    return {term(name, code)["id"]: (name, code) for name in FOUND_BY for code in vocabulary.codes(name)}
