"""The registry as files: what each may list, of one revision, the same bytes again, and nothing to be run."""

import csv
import zipfile
from collections.abc import Callable
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from directory import changes
from directory.db import begin
from directory.exchange import workbook
from directory.permissions import LOCAL
from directory.services import changefeed, exports
from directory.services.catalogue import COLLECTIONS
from tests.conftest import Clock
from tests.factories import Factory
from tests.web.records import API, answer_json, make, path
from web.rates import COSTS

Holder = Callable[..., FlaskClient]
Rows = list[dict[str, str]]
EVIL = '=HYPERLINK("http://evil.example")'
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def tables(client: FlaskClient) -> dict[str, Rows]:
    """The CSV files of an export, by collection."""
    answer = client.get(f"{API}/exports/csv")
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(BytesIO(answer.data)) as archive:
        names = [name for name in archive.namelist() if name.endswith(".csv")]
        return {name.removesuffix(".csv"): read(archive.read(name)) for name in names}


def read(text: bytes) -> Rows:
    return list(csv.DictReader(StringIO(text.decode(), newline="")))


def sheets(client: FlaskClient) -> dict[str, list[tuple[Any, ...]]]:
    answer = client.get(f"{API}/exports/xlsx")
    book = openpyxl.load_workbook(BytesIO(answer.data))
    return {sheet.title: list(sheet.values) for sheet in book.worksheets}


@on_sqlite
def test_the_list_names_its_revision_and_each_form_answers(client: FlaskClient) -> None:
    make(client, "channels")
    listed = answer_json(client.get(f"{API}/exports"))
    answers = [client.get(one["href"]) for one in listed["formats"]]

    assert [one["name"] for one in listed["formats"]][:2] == ["csv", "xlsx"]
    assert {one.headers["Registry-Revision"] for one in answers} == {str(listed["revision"])}
    assert [one.mimetype for one in answers] == [one["media_type"] for one in listed["formats"]]
    assert {one.headers["Cache-Control"] for one in answers} == {"no-store"}
    assert all(one.headers["Content-Disposition"].startswith("attachment; filename=") for one in answers)
    assert answer_json(client.get(listed["changes"]))["items"] == []


@on_sqlite
def test_each_form_counts_as_many_requests(client: FlaskClient) -> None:
    """It is a minute of a processor in a large registry: nobody's key keeps the workers at it."""
    operations = answer_json(client.get("/openapi.json"))["paths"]
    forms = [one["href"] for one in answer_json(client.get(f"{API}/exports"))["formats"]]

    assert {COSTS.get(operations[href]["get"]["operationId"]) for href in forms} == {5000}


def test_each_collection_has_its_records_with_nested_values_in_columns(client: FlaskClient) -> None:
    given = {"accreditation": {"status": "valid", "number": "DSD 7"}, "alternate_names": ["Thandi's", "a; b"]}
    office = make(client, "organisations", **given)
    site = make(client, "sites", organisation_id=office["id"])
    found, book = tables(client), sheets(client)

    assert list(found) == [one.path for one in COLLECTIONS.values()]
    assert [(row["id"], row["accreditation.number"]) for row in found["organisations"]] == [(office["id"], "DSD 7")]
    assert found["organisations"][0]["alternate_names"] == '["Thandi\'s","a; b"]'
    assert [(row["area.label"], float(row["point.lat"])) for row in found["sites"]] == [(site["area"]["label"], -23.9)]
    assert list(book) == ["about", *found]
    heads, only = book["sites"]
    assert dict(zip(heads, only, strict=True))["point.lat"] == -23.9
    assert list(heads) == list(found["sites"][0])


@on_sqlite
def test_more_rows_than_a_sheet_holds_go_on_in_another(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    monkeypatch.setattr(workbook, "LONGEST", 300)
    made = {make(client, "organisations", name=f"O{n}", description="x" * 301)["id"] for n in range(5)}
    found = {title: rows for title, rows in sheets(client).items() if title.startswith("organisations")}
    heads = next(iter(found.values()))[0]

    assert {title: len(rows) for title, rows in found.items()} == {
        "organisations": 3,
        "organisations 2": 3,
        "organisations 3": 2,
    }
    assert {row[0] for rows in found.values() for row in rows[1:]} == made
    assert {row[heads.index("description")] for rows in found.values() for row in rows[1:]} == {workbook.TOO_LONG}


@on_sqlite
@pytest.mark.parametrize("name", [EVIL, "+27", "-1", "@SUM(1)"])
def test_no_cell_is_run_as_a_formula(client: FlaskClient, name: str) -> None:
    make(client, "organisations", name=name, alternate_names=[name])
    one = client.get(f"{API}/exports/csv?collection=organisations")
    heads, cells = sheets(client)["organisations"]

    assert read(one.data)[0]["name"] == f"'{name}" == dict(zip(heads, cells, strict=True))["name"]
    assert read(one.data)[0]["alternate_names"] == f"'{name}"


@on_sqlite
def test_the_same_revision_gives_the_same_bytes(client: FlaskClient, clock: Clock) -> None:
    make(client, "channels")
    asked = [f"{API}/exports/{form}" for form in ("csv", "xlsx")]
    first = [client.get(one).data for one in asked]
    clock.advance(days=1, hours=3)

    assert [client.get(one).data for one in asked] == first
    make(client, "organisations")
    assert [client.get(one).data == was for one, was in zip(asked, first, strict=True)] == [False, False]


@on_sqlite
def test_what_a_list_leaves_out_is_in_no_file(client: FlaskClient, holder: Holder) -> None:
    closed, suspended, stays = (make(client, "organisations", name=name) for name in ("Gone", "Out", "Here"))
    make(client, "services", organisation_id=suspended["id"])
    number = make(client, "channels", owner={"type": "organisation", "id": stays["id"]}, visibility="restricted")
    client.delete(f"{path('organisations')}/{closed['id']}", headers={"If-Match": "*"})
    coordinator, caseworker = holder("coordinator"), holder("caseworker")
    coordinator.post(f"{path('organisations')}/{suspended['id']}/suspensions", json={"code": "safeguarding"})
    to_coordinators, to_caseworkers, to_apps = (tables(one) for one in (coordinator, caseworker, holder("app")))

    assert [row["name"] for row in to_coordinators["organisations"]] == ["Here"]
    assert (to_coordinators["services"], to_caseworkers["channels"]) == ([], [])
    assert [row["value"] for row in to_coordinators["channels"]] == [f"'{number['value']}"]
    assert "trainings" in to_coordinators
    assert "trainings" not in to_caseworkers
    assert {"persons", "focal-points"} & set(to_apps) == set()
    assert caseworker.get(f"{API}/exports/csv?collection=trainings").status_code == 403


@on_sqlite
def test_files_hold_confidential_organisations_masked_for_cleared_roles_too(
    client: FlaskClient, holder: Holder
) -> None:
    haven = make(client, "organisations", name="Haven", org_type="shelter", npo_number="077-314", province="ZA-LP")
    musina = {"address": "7 Baobab Lane", "lat": -22.3512, "lon": 30.0467}
    make(client, "sites", organisation_id=haven["id"], confidential=True, location=musina)
    cleared = holder("disclosure")
    whole = answer_json(cleared.get(f"{path('organisations')}/{haven['id']}"))["npo_number"]
    asked = [cleared.get(f"{API}/exports/csv?collection={name}").text for name in ("organisations", "sites")]
    own = tables(holder("partner_manager", organisation_id=haven["id"]))

    assert whole == "077-314"
    assert [said in text for said in ("077-314", "ZA-LP") for text in asked[:1]] == [False, False]
    assert not any(said in asked[1] for said in ("Baobab", "22.3512", "30.0467"))
    assert own["organisations"][0]["npo_number"] == "077-314"
    assert "Baobab" not in str(own)


@on_sqlite
def test_whoever_takes_a_copy_is_in_the_audit_before_it_leaves(client: FlaskClient, holder: Holder) -> None:
    make(client, "organisations")
    holder("caseworker").get(f"{API}/exports/csv")
    found = answer_json(holder("auditor").get(f"{API}/audit?action=registry.exported"))["items"]

    assert [(one["role"], one["details"][0], one["details"][2]) for one in found] == [
        ("caseworker", "form:csv", "records:1")
    ]


@on_sqlite
def test_who_was_erased_is_in_no_later_copy(client: FlaskClient, holder: Holder) -> None:
    person = make(client, "persons", full_name="Naledi Mokoena")
    coordinator = holder("coordinator")
    before = coordinator.get(f"{API}/exports/csv?collection=persons").text
    assert client.post(f"{path('persons')}/{person['id']}/erasures", json={"reason": "own_request"}).status_code < 400
    after = coordinator.get(f"{API}/exports/csv?collection=persons").text

    assert ("Naledi" in before, "Naledi" in after, person["id"] in after) == (True, False, False)


def test_a_copy_and_the_changes_after_it_make_the_registry_whoever_writes_meanwhile(
    engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "BATCH", 2)

    def write(*names: str) -> None:
        with begin(engine, write=True) as session:
            session.info["clock"] = clock
            for name in names:
                Factory(session)("channels", owner={"type": "organisation", "id": _named(session, name)})
            session.commit()

    def _named(session: Any, name: str) -> str:
        return str(Factory(session)("organisations", name=name).id)

    def copied(meanwhile: Callable[[], None]) -> tuple[int, dict[str, dict[str, Any]]]:
        with begin(engine, write=False) as session:
            kept: dict[str, dict[str, Any]] = {}
            revision = changes.revision(session)
            for one in exports.collections(LOCAL):
                for record in exports.records(session, LOCAL, one):
                    meanwhile()
                    assert kept.setdefault(f"{one.path} {record['id']}", record) is record
            return revision, kept

    write("A", "B", "C", "D", "E")
    left = ["F", "G", "H", "I", "J", "K", "L", "M"]
    revision, copy = copied(lambda: write(left.pop()) if left else None)
    names = {one["name"] for key, one in copy.items() if key.startswith("organisations ")}
    with begin(engine, write=False) as session:
        items, _, current = changefeed.after(session, LOCAL, revision, 1000)
    told = [f"{one['collection']} {one['id']}" for one in items]

    assert (names, left, current > revision) == ({"A", "B", "C", "D", "E"}, [], True)
    assert set(told).isdisjoint(copy)
    assert len(told) == len(set(told)) == 16
    copy |= {f"{one['collection']} {one['id']}": one["record"] for one in items}
    assert copy == copied(lambda: None)[1]
