"""Catalogues are what the pages say, and every text of Find help is in all of them."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import Clock
from tests.house.tree import ROOT
from tests.web.browsing import Browser, enlisted
from tests.web.records import API, answer_json, make
from web import languages, texts
from web.languages import ENGLISH, LANGUAGES, catalogue

CODES = [code for code in LANGUAGES if code != ENGLISH]


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


class Marked:
    """A catalogue that marks what passes through it."""

    def gettext(self, text: str) -> str:
        return f"«{text}»"


class Texts(HTMLParser):
    """What stands on a page and is neither marked, nor told to be English, nor a name of the registry."""

    OWN = ("h4", "script", "style", "title")
    VOID = ("meta", "link", "input", "br", "path", "circle", "rect")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        aside = tag in self.OWN or given.get("translate") == "no" or given.get("name") == "language"
        aside = aside or given.get("lang") not in (None, "zu")
        if tag not in self.VOID:
            self.open.append((tag, aside or (bool(self.open) and self.open[-1][1])))
        if not (self.open and self.open[-1][1]):
            self.found += [given[name] or "" for name in ("aria-label", "placeholder", "alt") if given.get(name)]

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not (self.open and self.open[-1][1]):
            self.found.append(data)

    def plain(self) -> list[str]:
        """The words among it that came through no catalogue."""
        bare = (re.sub("«.*?»", "", text, flags=re.DOTALL).strip() for text in self.found)
        return [text for text in bare if re.search("[A-Za-z]{2}", re.sub(r"\bkm\b|WhatsApp|Directory", "", text))]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_on_the_form_or_the_answer_passes_by_the_catalogue(
    app: Flask, client: FlaskClient, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = make(client, "service_sites")
    own = answer_json(client.get(f"{API}/services/{site['service_id']}"))["organisation_id"]
    make(client, "channels", owner={"type": "organisation", "id": own}, visibility="public", value="+27821234567")
    caller = Browser(app)
    caller.sign_in(enlisted(app, "caseworker", organisation_id=own), clock)
    caller.send("/language", {"language": "zu", "back": "/help"}, seen="/help")
    monkeypatch.setattr(languages, "catalogue", lambda code: Marked())
    asked: dict[str, Any] = {"place": "Polokwane", "needs": ["counselling", "transport"], "relation": ["", "child"]}
    pages = [caller.read("/help"), caller.send("/help", asked, seen="/help"), caller.read("/cards")]
    pages += [caller.send("/help", {**asked, "place": "Middelburg", "age": "old", "needs": ""}, seen="/help")]

    for page in pages:
        texts_of = Texts()
        texts_of.feed(page.text)
        assert len(texts_of.found) > 50
        assert texts_of.plain() == []
