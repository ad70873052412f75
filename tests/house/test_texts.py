"""No text of the tree names what is not the project's: machines, registries, people, work to be done some day."""

import re
from collections.abc import Iterator

import pytest

from tests.house.tree import texts

FORBIDDEN = {
    "a path of somebody's machine": r"(?<![\w.:}/-])/(?:work|root|home|Users|tmp|mnt|workspace)/",
    "a package registry": r"pypi[.]org|pythonhosted[.]org|npmjs[.](?:org|com)",
    "a private host": r"\b[\w-]+[.](?:internal|lan|corp|localdomain)\b|no-?reply|\bseed-[0-9a-f]{8}\b",
    "an issue by its number": r"(?i)\bissues?[ /]#?\d|(?<![\w&/#'\"(])#\d+\b(?! ?[;,{])",
    "work to be done some day": r"\bT[O]DO\b|\bF[I]XME\b|\bX[X]X\b",
}
LEGAL_OR_LOCKED = ("LICENSE", "requirements/run.txt", "requirements/dev.txt", "requirements/bootstrap.txt")
VENDORED = "web/static/vendor/"

MAILBOX = re.compile(r"[\w.%+-]+@((?:[\w-]+\.)+[A-Za-z]{2,})")
RESERVED = re.compile(r"(?i)(?:.+\.)?example(?:\.(?:org|com|net))?")
PUBLIC_SOURCES: frozenset[str] = frozenset()
"""Domains of mailboxes that a public source names; each of them with that source in the same file."""


def ours() -> Iterator[tuple[str, str]]:
    return ((path, text) for path, text in texts() if not path.startswith(VENDORED))


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_text_names(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what])

    assert [
        f"{path}:{text.count(chr(10), 0, match.start()) + 1}: {match[0]}"
        for path, text in ours()
        for match in pattern.finditer(text)
        if path not in LEGAL_OR_LOCKED
    ] == []


def test_mailboxes_are_invented() -> None:
    found = {(path, domain) for path, text in ours() for domain in MAILBOX.findall(text)}

    assert [one for one in sorted(found) if not RESERVED.fullmatch(one[1]) and one[1] not in PUBLIC_SOURCES] == []


def test_texts_end_as_texts_do() -> None:
    assert [path for path, text in ours() if "\r" in text or not f"\n{text}".endswith("\n")] == []
