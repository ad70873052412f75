"""Catalogues are what the pages say, and every text of Find help is in all of them."""

import re

import pytest
from flask import Flask

from tests.house.tree import ROOT
from web import texts
from web.languages import ENGLISH, LANGUAGES, catalogue

CODES = [code for code in LANGUAGES if code != ENGLISH]
DYNAMIC = re.compile(r"_\((?![\"'])([^)]*)\)")
"""What is translated by a code's label: such labels come from the vocabulary or from the page's own words."""


@pytest.mark.parametrize("code", CODES)
def test_no_text_is_missing_and_none_is_left_over(code: str) -> None:
    assert texts.missing(code) == []
    assert texts.forgotten(code) == []


@pytest.mark.parametrize("code", CODES)
def test_a_catalogue_is_read_and_says_that_it_needs_review(code: str) -> None:
    said = catalogue(code).gettext("Find help")

    assert said != "Find help"
    assert (ROOT / "web" / "translations" / f"{code}.po").read_text(encoding="utf-8").startswith("# Needs review")


def test_a_new_text_would_be_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "_of_vocabulary", lambda: iter(["A text that nobody has translated"]))

    assert texts.missing("zu") == ["A text that nobody has translated"]
    assert "A safe bed tonight" in texts.forgotten("zu")


def test_the_command_says_what_it_finds(application: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    fine = application.test_cli_runner().invoke(args=["languages", "check"])
    monkeypatch.setattr(texts, "missing", lambda code: ["Nobody"])
    lacking = application.test_cli_runner().invoke(args=["languages", "check"])

    assert (fine.exit_code, lacking.exit_code) == (0, 1)
    assert "zu lacks: Nobody" in lacking.output


def test_whole_words_are_translated_and_not_pieces() -> None:
    dynamic = {
        found
        for path in (ROOT / "web" / "templates" / "help").glob("*.html")
        for found in DYNAMIC.findall(path.read_text("utf-8"))
    }

    assert dynamic <= {
        "label",
        "need.label",
        "need.description",
        "band.label",
        "gender.label",
        "words.service[code]",
        "words.service[need.result.read_as or need.result.need]",
        "words.rule.get(reason.rule, reason.rule",
        "terms.relation[one.relation].label",
    }
