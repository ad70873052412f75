"""Partners from a spreadsheet: what a row becomes, what is refused before it is read, and that it is all or nothing."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from directory.exchange import sheets, unpacking
from tests.web.records import API, answer_json, make, path

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Holder = Callable[..., FlaskClient]
PATH = f"{API}/imports"
USUAL = """\
Name ; TELEPHONE;Town;E-mail;Type;Other names;NPO
Thandeka Advice Office;082 123 4567 / 015 291 1234;Polokwane;desk@thandeka.example;NGO;Thandi's;012-345
Lesedi Clinic;821234568;Musina;;;;
"""
WRITE = "?dry_run=false&services=counselling"


def put(client: FlaskClient, content: str | bytes, query: str = WRITE, **headers: str) -> TestResponse:
    """The answer to a CSV file, or to a workbook."""
    media_type = sheets.CSV if isinstance(content, str) else sheets.XLSX
    return client.post(f"{PATH}{query}", data=content, content_type=media_type, headers=headers)


def done(answer: TestResponse) -> dict[str, Any]:
    assert answer.status_code == 201, answer.text
    return answer_json(answer)


def workbook(*rows: list[Any]) -> bytes:
    book, kept = openpyxl.Workbook(), BytesIO()
    for row in rows:
        assert book.active is not None
        book.active.append(row)
    book.save(kept)
    return kept.getvalue()


def repacked(content: bytes, **parts: bytes) -> bytes:
    """A workbook with other parts in it, by the end of their names."""
    kept = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            put_in = next((part for end, part in parts.items() if name.endswith(f"{end}.xml")), None)
            new.writestr(name, old.read(name) if put_in is None else put_in)
    return kept.getvalue()


def listed(client: FlaskClient, collection: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answer_json(client.get(path(collection)))["items"]
    return found


def errors(client: FlaskClient, content: str | bytes, query: str = WRITE) -> dict[str, list[str]]:
    answer = put(client, content, query)
    assert answer.status_code == 422, answer.text
    assert all(listed(client, one) == [] for one in ("organisations", "channels", "sites"))
    return dict(answer_json(answer)["errors"])


def test_each_row_becomes_a_partner_with_a_place_lines_and_a_service(client: FlaskClient) -> None:
    told = done(put(client, USUAL, f"{WRITE}&source=District list"))
    clinic, office = listed(client, "organisations")
    sites = {one["organisation_id"]: one for one in listed(client, "sites")}

    assert (told["status"], told["rows"], told["errors"], told["existing"]) == ("done", 2, [], [])
    assert told["counts"] == {"organisations": 2, "sites": 2, "services": 2, "service-sites": 2, "channels": 4}
    assert (office["name"], office["org_type"], office["alternate_names"]) == (
        *("Thandeka Advice Office", "ngo"),
        ["Thandi's"],
    )
    assert (office["npo_number"], office["province"], clinic["district"]) == ("012-345", "ZA-LP", "DC34")
    assert sites[office["id"]]["area"]["label"].startswith("Capricorn")
    assert {one["value"] for one in listed(client, "channels")} == {
        *("+27821234567", "+27152911234", "+27821234568", "desk@thandeka.example")
    }
    everything = [one for name in told["created"] for one in listed(client, name.replace("-", "_"))]
    assert {one["verified_at"] for one in everything} == {None}
    assert all(one["source"].startswith("District list, imported ") for one in everything)
    assert client.get(f"{PATH}/{told['id']}").json == told


def test_a_fresh_spreadsheet_answers_a_match_with_a_list_to_call(client: FlaskClient) -> None:
    done(put(client, "name,phones,town\nLesedi,0821234567,Polokwane\nNaledi,0821234568,Musina\n"))
    found = client.post(f"{API}/matches", json={"near": {"place": "Polokwane"}, "needs": ["counselling"]})
    need = answer_json(found)["by_need"][0]

    assert (need["suitable"], answer_json(found)["uncovered"]) == ([], [])
    assert [(one["organisation"]["name"], one["contacts"]["call"][0]["value"]) for one in need["confirm_by_phone"]] == [
        ("Lesedi", "+27821234567"),
        ("Naledi", "+27821234568"),
    ]


def test_a_dry_run_is_the_default_and_writes_nothing(client: FlaskClient) -> None:
    before = answer_json(client.get(f"{API}/"))["revision"]
    told = done(put(client, f"{USUAL}Nowhere;0821234567;Zzyzx;;;;\n", "?services=counselling"))

    assert (told["status"], told["counts"]["organisations"], "created" in told) == ("refused", 2, False)
    assert [(one["row"], one["column"]) for one in told["errors"]] == [(4, "town")]
    assert listed(client, "organisations") == []
    assert answer_json(client.get(f"{API}/changes"))["items"] == []
    assert answer_json(client.get(f"{API}/"))["revision"] == before
    assert done(put(client, USUAL, ""))["status"] == "checked"
    assert [one["column"] for one in done(put(client, USUAL, ""))["notes"]] == ["services", "services"]


def test_one_wrong_row_and_nothing_is_written(client: FlaskClient) -> None:
    answer = put(client, f"{USUAL}Third;not a number;Umlazi;;;;\n")
    told = answer_json(answer)

    assert (answer.status_code, set(told["errors"])) == (422, {"rows.4.phones", "rows.4.town"})
    assert {"place_id", "name", "province"} <= set(told["candidates"][0])
    assert listed(client, "organisations") == []


def test_a_cell_with_more_than_a_few_values_is_refused_before_they_are_read(client: FlaskClient) -> None:
    """Who writes one value a thousand times would have the server read it as often, while all who write wait."""
    many = ";".join(f"counselling{'.' * at}" for at in range(21))

    assert list(errors(client, f"Name,Town,Services\nA,Polokwane,{many}\n")) == ["rows.2.services"]
    assert done(put(client, f"Name,Town,Services\nA,Polokwane,{'counselling;' * 300}\n"))["errors"] == []


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("Lesedi,0821234567,Polokwane,yes,,", "confidential"),
        ("Lesedi,0821234567,Polokwane,,shelter,", "confidential"),
        ("Lesedi,0821234567,Polokwane,,,shelter_emergency", "confidential"),
        ("=1+1,0821234567,Polokwane,,,", "name"),
        (",0821234567,Polokwane,,,", "name"),
        ("\u200b,0821234567,Polokwane,,,", "name"),
        ("Les\x07edi,0821234567,Polokwane,,,", "name"),
        ("Lesedi,0821234567,,,,", "town"),
        ("Lesedi,0821234567,Polokwane,,,flying", "services"),
        ("Lesedi,0821234567,Polokwane,,a kind,", "org_type"),
    ],
)
def test_what_is_wrong_is_told_by_row_and_column(client: FlaskClient, row: str, column: str) -> None:
    assert set(errors(client, f"name,phone,town,confidential,type,services\n{row}\n")) == {f"rows.2.{column}"}


@pytest.mark.parametrize(
    "content",
    [
        *("", "name\n", "name,address\nLesedi,1 Acacia Street\n", "name,Name\nA,B\n", "town\nMusina\n"),
        *(b"", b"PK\x03\x04broken", "name\n\0\n", 'name\n"open\n', "name\n" + "A\n" * (sheets.MOST_ROWS + 1)),
        "name" + "," * sheets.MOST_COLUMNS + "town\n",
    ],
)
def test_what_is_no_such_spreadsheet_is_refused_as_a_whole(client: FlaskClient, content: str | bytes) -> None:
    if content == "name\n":
        assert done(put(client, content))["rows"] == 0
    else:
        assert set(errors(client, content)) == {""}


def test_a_workbook_is_read_like_csv_with_formulas_and_errors_told(client: FlaskClient) -> None:
    good = workbook(
        ["Name", "Phones", "Town"], ["Lesedi", 821234567, "Polokwane"], ["Naledi", "'+27821234568", "Musina"]
    )
    bad = workbook(["name", "phones", "town"], ["=1+1", "#REF!", "Polokwane"])

    assert set(errors(client, bad)) == {"rows.2.name", "rows.2.phones"}
    assert done(put(client, good))["counts"]["channels"] == 2
    assert {one["value"] for one in listed(client, "channels")} == {"+27821234567", "+27821234568"}


def test_what_unpacks_to_more_than_a_spreadsheet_needs_is_refused_unread(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, most in (("MOST_UNPACKED", 400_000), ("MOST_ELEMENTS", 9000), ("MOST_OTHERS", 2000)):
        monkeypatch.setattr(unpacking, name, most)
    usual = workbook(["name", "town"], ["Lesedi", "Polokwane"])
    start = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    long_tag = b"<row " + b" ".join(b'a%d=""' % one for one in range(20_000)) + b"/>"
    laughs = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c SYSTEM "file:///etc/passwd">]><a>&b;&c;</a>'
    bombs = {
        "unpacks": start + b" " * (unpacking.MOST_UNPACKED + 1),
        "too many cells": start + b"<c/>" * (unpacking.MOST_ELEMENTS + 1),
        "or styles": start + b"<font/>" * (unpacking.MOST_OTHERS + 1),
        "tag": start + long_tag,
        "document type": laughs,
        "rows": start + b'<row r="999999999999"><c r="A999999999999" t="n"><v>1</v></c></row></sheetData></worksheet>',
    }
    for said, part in bombs.items():
        packed = repacked(usual, sheet1=part)
        assert len(packed) < 100_000
        assert said in errors(client, packed)[""][0], said
    assert "document type" in errors(client, repacked(usual, styles=laughs))[""][0]


def test_a_file_beyond_the_limit_is_not_read(client: FlaskClient) -> None:
    assert put(client, "name\n" + " " * sheets.MOST_BYTES).status_code == 413
    unsaid = {"input_stream": BytesIO(b"name\n" + b" " * sheets.MOST_BYTES), "content_type": sheets.CSV}
    assert (
        client.post(PATH, **unsaid, environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""}).status_code
        == 413
    )
    assert put(client, "name\n" + f"{' ' * 250}\n" * 8000).status_code == 201
    assert client.post(PATH, json={}).status_code == 415


def test_who_is_there_already_is_told_and_changed_only_when_asked(client: FlaskClient) -> None:
    known = make(client, "organisations", name="THANDÉKA  advice office", province="ZA-LP")
    elsewhere = make(client, "organisations", name="Lesedi Clinic", province="ZA-GP")
    told = done(put(client, USUAL))
    again = done(put(client, USUAL, f"{WRITE}&update=true"))
    now = answer_json(client.get(f"{path('organisations')}/{known['id']}"))

    assert [(one["row"], one["organisation_id"], one["by"]) for one in told["existing"]] == [(2, known["id"], "name")]
    assert told["counts"]["organisations"] == 1
    assert [one["by"] for one in again["existing"]] == ["name", "name"]
    assert again["counts"] == {"organisations": 0, "sites": 0, "services": 0, "service-sites": 0, "channels": 3}
    assert (now["npo_number"], now["name"], elsewhere["version"]) == ("012-345", "Thandeka Advice Office", 1)
    assert done(put(client, USUAL))["existing"][0]["by"] == "npo_number"
    assert set(errors_of(put(client, f"{USUAL}Lesedi clinic;;Musina;;;;\n"))) == {"rows.4.name"}


def errors_of(answer: TestResponse) -> dict[str, list[str]]:
    assert answer.status_code == 422, answer.text
    return dict(answer_json(answer)["errors"])


def test_numbers_of_a_confidential_partner_are_not_found_by_a_spreadsheet(client: FlaskClient, holder: Holder) -> None:
    haven = make(client, "organisations", name="Haven", org_type="shelter", npo_number="077-314", province="ZA-LP")
    where = {"address": "7 Baobab Lane", "lat": -22.35, "lon": 30.04}
    make(client, "sites", organisation_id=haven["id"], confidential=True, location=where)
    asked = "name,town,npo\nWho is it,Polokwane,077-314\n"

    assert done(put(holder("coordinator"), asked, ""))["existing"] == []
    assert done(put(client, asked, ""))["existing"] == []


def test_a_provincial_coordinator_imports_the_own_province_alone(client: FlaskClient, holder: Holder) -> None:
    limpopo, gauteng = (holder("coordinator", province=one) for one in ("ZA-LP", "ZA-GP"))
    told = done(put(limpopo, USUAL))
    where = f"{PATH}/{told['id']}"

    assert set(errors_of(put(gauteng, "name,town\nLesedi,Polokwane\n"))) == {"rows.2.town"}
    assert [one.get(where).status_code for one in (limpopo, gauteng, holder("coordinator"))] == [200, 404, 200]
    assert put(holder("caseworker"), USUAL).status_code == 403
    assert put(holder("partner_manager", organisation_id=told["created"]["organisations"][0]), USUAL).status_code == 403


def test_a_repetition_with_the_same_key_writes_once(client: FlaskClient) -> None:
    first = put(client, USUAL, **{"Idempotency-Key": "k1"})
    second = put(client, USUAL, **{"Idempotency-Key": "k1"})

    assert (second.json, second.headers["Idempotency-Replayed"]) == (first.json, "true")
    assert len(listed(client, "organisations")) == 2
    assert put(client, USUAL, "?dry_run=true", **{"Idempotency-Key": "k1"}).status_code == 422


def test_nothing_that_stood_in_the_file_is_kept(client: FlaskClient) -> None:
    told = put(client, "name,phones,town\nMs Naledi M,082 999 8877 call at night,Zzyzx\n", "").text

    assert [said in told for said in ("Naledi", "999", "night", "Zzyzx")] == [False] * 4
