"""The network report as a document: what it says, in every form, and that what may be shared names nobody."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.changes import LOCAL
from directory.exchange.cells import safe
from tests.conftest import Clock
from tests.matching.test_network_seed import seed
from tests.web.records import API, answer_json
from tests.web.report_example import FOLDER, PROVINCE, examples, facts
from web.cells import csv_of
from web.pictures.scene import Table
from web.report import made
from web.report.content import Asked, document
from web.report.document import Document, Section
from web.report.print import latin, pdf
from web.report.shared import shared
from web.report.workbook import workbook
from web.schemas.match_answer import wire

NETWORK = f"{API}/network"
Holder = Callable[..., FlaskClient]
BEGINNING = 6
"""So many characters of a secret, none of which is shorter, are looked for first."""
FORMULA = '=HYPERLINK("http://evil.example")'


@cache
def said(*, shareable: bool = False, most: int | None = 10) -> Document:
    return document(facts().report, facts().drawn, facts().trend, Asked(shareable, most))


def section(name: str, **asked: Any) -> Section:
    return next(one for one in said(**asked).sections if one.name == name)


def rows(name: str, **asked: Any) -> tuple[tuple[str, ...], ...]:
    table = section(name, **asked).table
    assert table is not None
    return table.rows


def test_it_says_what_to_do_first_and_who_by_when() -> None:
    first = facts().report.findings.items[0]
    assert first.owner is not None
    number, do, who, by, why = rows("first")[0]
    assert (number, do, who) == ("1", "Nominate a deputy", first.owner.name)
    assert by == "05 Dec 2026"
    assert why
    assert not why.startswith(who)
    assert section("first").words[-1] == f"The first 10 of {facts().report.findings.total}."


def test_its_figures_are_those_of_the_report() -> None:
    report = facts().report
    figures = {one.name: one.value for one in said().figures}
    grades = {one.code: one.count for one in report.links_by_grade}
    assert figures["backed (B)"] == f"{report.coverage.b:.0%}"
    assert figures["links on one person"] == str(grades["single_contact"])
    assert figures["links that nobody answers"] == str(grades["dead"])
    assert figures["fragmentation (F)"] == f"{report.shape.fragmentation:.2f}"


def test_the_most_urgent_links_come_first() -> None:
    urgencies = [row[0] for row in rows("single", most=None)]
    assert urgencies == sorted(urgencies)
    assert len(urgencies) == len(facts().report.single_contact_links.items)


def test_every_cell_of_the_province_is_in_the_picture() -> None:
    picture = section("coverage").picture
    assert picture is not None
    assert len(picture.table.rows) == facts().report.coverage.required
    states = [row[1].split(":")[0] for row in picture.table.rows]
    assert states.count("backed") == facts().report.coverage.backed


class _Ids(HTMLParser):
    """Ids, what refers to them, and the tags that fetch or run something."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.referred: set[str] = set()
        self.tags: set[str] = set()
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name == "aria-labelledby":
                self.referred |= set((value or "").split())
            elif name == "href" and (value or "").startswith("#"):
                self.referred.add((value or "")[1:])
            elif name in ("src", "href"):
                self.fetched.append(value or "")


def test_the_page_is_whole_by_itself(application: Flask) -> None:
    page = examples(application)["network-report-limpopo.html"]
    read = _Ids()
    read.feed(page)

    assert read.fetched == []
    assert "script" not in read.tags
    assert "url(" not in page
    assert "@import" not in page
    assert len(read.ids) == len(set(read.ids))
    assert read.referred <= set(read.ids)
    assert page.count("<svg") == 2
    assert page.count("<h1") == 1
    assert "@media print" in page


def test_the_example_in_the_docs_is_what_is_written_now(application: Flask) -> None:
    """`make report-example` writes it anew."""
    now = examples(application)
    assert {name: (FOLDER / name).read_text(encoding="utf-8") for name in now} == now


def hostile() -> made.Facts:
    """The report, with a name that would break out of anything."""
    report = facts().report
    first = report.findings.items[0]
    assert first.owner is not None
    owner = replace(first.owner, name="<script>alert(1)</script>")
    found = replace(report.findings, items=(replace(first, owner=owner, reason=FORMULA),))
    return replace(facts(), report=replace(report, findings=found))


def test_nothing_breaks_out_of_the_page_or_the_workbook(application: Flask) -> None:
    with application.app_context():
        page = made.as_html(hostile(), shareable=False).decode()
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)" in page
    book = openpyxl.load_workbook(BytesIO(made.as_workbook(hostile(), shareable=False)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert f"'{FORMULA}" in [cell.value for cell in cells]
    assert "f" not in {cell.data_type for cell in cells}
    assert [
        cell.value for cell in cells if isinstance(cell.value, str) and cell.value.startswith(tuple("=+-@\t\r"))
    ] == []
    assert made.as_pdf(hostile(), shareable=False).startswith(b"%PDF-")


@pytest.mark.parametrize("text", ["=1+1", "+27", "-1", "@x", "\tx", "\rx"])
def test_formulas_are_text(text: str) -> None:
    assert safe(text) == f"'{text}"
    assert f"'{text[0]}" in csv_of(["a"], [[text]])
    assert safe("a=1") == "a=1"


def test_the_workbook_has_all_that_the_report_has() -> None:
    book = openpyxl.load_workbook(BytesIO(made.as_workbook(facts(), shareable=False)))
    assert book["What to do first"].max_row == 1 + len(facts().report.findings.items)
    assert book["Links that hang on one person"].max_row == 1 + len(facts().report.single_contact_links.items)
    assert book.sheetnames[0] == "Summary"
    assert book["What departments can be reached"].max_row == 1 + facts().report.coverage.required


def test_the_print_can_be_searched_and_has_a_title() -> None:
    printed = pdf(said())
    assert printed.count(b"/Type /Page\n") >= 3 or b"/Count" in printed
    assert b"/Lang (en-ZA)" in printed
    assert b"/DisplayDocTitle true" in printed
    assert b"/Outlines" in printed
    assert b"/Image" not in re.sub(rb"/ProcSet \[[^\]]*\]", b"", printed)
    assert pdf(said()) == printed


def test_signs_that_few_fonts_have_are_written_plainly() -> None:
    assert latin("Tshivenḓa “š”\x00") == "Tshivenda “š”"


def test_an_empty_report_is_one_too() -> None:
    empty = Document("Nothing", (), (), (Section("none", "None", table=Table(("a", "b"), ())),), "")
    assert pdf(empty).startswith(b"%PDF-")
    assert openpyxl.load_workbook(BytesIO(workbook(empty))).sheetnames == ["Summary", "None"]


# --- what may be shared ----------------------------------------------------------------------------------


@cache
def secrets() -> list[str]:
    """Every name, number and id of a person in the fictitious network."""
    collections = seed().picture.collections
    people = [str(one[name]) for one in collections["persons"] for name in ("id", "full_name")]
    return people + [str(one["value"]) for one in collections["channels"]]


def found_in(text: str) -> list[str]:
    """Secrets in a text; those whose beginning is nowhere in it are not looked for."""
    beginnings = {text[at : at + BEGINNING] for at in range(len(text))}
    return [one for one in secrets() if one[:BEGINNING] in beginnings and one in text]


def texts(shareable: bool, app: Flask) -> dict[str, str]:
    """The report in every form, as text. The print has the words of the document it is made of."""
    with app.app_context():
        page = made.as_html(facts(), shareable=shareable).decode()
    book = openpyxl.load_workbook(BytesIO(made.as_workbook(facts(), shareable=shareable)))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    return {
        "html": page,
        "xlsx": "\n".join(cells),
        "json": made.as_json(facts(), shareable=shareable).decode(),
        "document": repr(said(shareable=shareable, most=None)),
    }


def test_what_may_be_shared_names_no_person(application: Flask) -> None:
    assert {form: found_in(text) for form, text in texts(True, application).items()} == {
        form: [] for form in ("html", "xlsx", "json", "document")
    }


def test_what_is_not_shared_names_them(application: Flask) -> None:
    """Lest the test above look for what could never be there."""
    assert [form for form, text in texts(False, application).items() if not found_in(text)] == []


def test_what_may_be_shared_names_posts_in_their_place() -> None:
    told = shared(wire(facts().report))
    row = told["people"]["items"][0]
    assert set(row["person"]) == {"posts"}
    assert row["person"]["posts"][0]["title"]
    about = [one for one in told["findings"]["items"] if one["kind"] == "person"]
    assert about
    assert all("key" not in one and "subject" not in one and one["reason"] for one in about)
    assert json.dumps(told["coverage"]) == json.dumps(wire(facts().report)["coverage"])


# --- over HTTP -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["coverage", "map", "links"])
def test_pictures_are_given_to_who_takes_them(coordinator: FlaskClient, path: str) -> None:
    query = {"organisation_id": "00000000-0000-4000-8000-000000000000"} if path == "links" else {"province": PROVINCE}
    drawn = coordinator.get(f"{NETWORK}/{path}", query_string=query, headers={"Accept": "image/svg+xml"})
    assert drawn.status_code == 200
    assert drawn.content_type == "image/svg+xml; charset=utf-8"
    assert drawn.text.startswith("<svg ")
    assert drawn.text == coordinator.get(f"{NETWORK}/{path}", query_string=query | {"format": "svg"}).text
    told = coordinator.get(f"{NETWORK}/{path}", query_string=query)
    assert told.content_type == "application/json"
    assert "Accept" in told.headers["Vary"]


def test_a_picture_of_links_is_of_one_organisation(coordinator: FlaskClient) -> None:
    refused = coordinator.get(f"{NETWORK}/links", query_string={"format": "svg"})
    assert refused.status_code == 422
    assert list(answer_json(refused)["errors"]) == ["organisation_id"]


@pytest.mark.parametrize("path", ["map", "coverage", "report?shareable=true"])
def test_pictures_and_what_may_be_shared_are_for_coordinators(holder: Holder, path: str) -> None:
    assert holder("coordinator").get(f"{NETWORK}/{path}").status_code == 200
    assert holder("auditor").get(f"{NETWORK}/{path}").status_code == 403
    assert holder("coordinator", province="ZA-GP").get(f"{NETWORK}/map?province=ZA-LP").status_code == 403


# --- typed -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", list(made.FORMATS))
def test_the_command_writes_a_file_for_one_reader(app: Flask, tmp_path: Any, form: str) -> None:
    path = tmp_path / f"report.{form}"
    done = app.test_cli_runner().invoke(args=["network", "report", "--format", form, "--output", str(path)])
    assert done.exit_code == 0, done.output
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.stat().st_size > 500


def test_the_command_is_audited_and_json_is_that_of_the_api(
    app: Flask, client: FlaskClient, coordinator: FlaskClient
) -> None:
    runner = app.test_cli_runner()
    printed = runner.invoke(args=["network", "report", "--format", "json"]).stdout
    assert json.loads(printed) == answer_json(coordinator.get(f"{NETWORK}/report"))
    entries = answer_json(client.get(f"{API}/audit", query_string={"action": "network.reported"}))["items"]
    assert [(one["actor"]["name"], one["details"]) for one in entries] == [("console", ["format:json"])]
    runner.invoke(args=["network", "report", "--format", "json", "--shareable"])
    assert answer_json(client.get(f"{API}/audit", query_string={"action": "network.reported"}))["total"] == 1


def test_the_trend_is_drawn(app: Flask, coordinator: FlaskClient, clock: Clock) -> None:
    runner = app.test_cli_runner()
    assert runner.invoke(args=["network", "run"]).exit_code == 0
    day = clock.now.astimezone(LOCAL).date().isoformat()
    days = {"from": day, "to": day}
    told = answer_json(coordinator.get(f"{NETWORK}/trend", query_string=days))["days"]
    drawn = coordinator.get(f"{NETWORK}/trend", query_string=days, headers={"Accept": "image/svg+xml"})

    assert drawn.content_type == "image/svg+xml; charset=utf-8"
    assert [one["day"] for one in told] == [days["from"]]
    assert f"Measure: B, backed functions; Day: {days['from']}; Value: {told[0]['b']:.0%}" in drawn.text
    page = runner.invoke(args=["network", "report"]).stdout
    assert "No day has been kept yet" not in page
    assert 'id="trend-title"' in page
