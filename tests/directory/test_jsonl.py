"""Loading and dumping: all or nothing, errors that name file, line and field."""

import json
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from directory import changes
from directory.errors import Denied
from directory.exchange import dump, jsonl
from directory.models.registry import Capacity, Channel, FocalPoint, Link, Organisation, Person, Site, SiteSecret
from directory.permissions import LOCAL, Actor
from directory.services import capacity, listing
from directory.services.catalogue import COLLECTIONS
from tests.factories import Factory

World = dict[str, list[dict[str, Any]]]

WORLD: World = {
    "organisations": [
        {"key": "child", "name": "Haven East", "parent": "haven", "status": "closed"},
        {"key": "haven", "name": "Haven", "org_type": "shelter", "verified_at": {"days_ago": 2.5}},
        {
            "key": "dsd",
            "name": "Social Development",
            "accreditation": {"status": "valid", "expires": {"days_ago": -10}},
        },
    ],
    "sites": [
        {"key": "house", "organisation": "haven", "confidential": True, "location": {"lat": -22.35, "lon": 30.04}},
    ],
    "departments": [{"key": "unit", "organisation": "dsd", "name": "Unit", "functions": ["case_management"]}],
    "services": [{"key": "beds", "organisation": "haven", "name": "Beds", "codes": ["shelter_emergency"]}],
    "service-sites": [
        {
            "key": "beds-there",
            "service": "beds",
            "site": "house",
            "capacity": {"unit": "bed", "total": 9, "available": 4, "as_of": {"days_ago": 0.5}},
        }
    ],
    "persons": [{"key": "ann", "full_name": "Ann Example", "status": "on_leave"}],
    "posts": [{"key": "intake", "organisation": "haven", "title": "Intake", "contact_role": "intake_officer"}],
    "focal-points": [{"key": "ann-intake", "person": "ann", "post": "intake", "starts": {"days_ago": 30}}],
    "channels": [
        {
            "key": "line",
            "owner": {"type": "service_site", "id": "beds-there"},
            "channel_kind": "duty_line",
            "value": "0800 222 777",
            "tested_at": {"days_ago": 3},
        }
    ],
    "links": [
        {
            "key": "l",
            "a": {"type": "organisation", "id": "haven"},
            "b": {"type": "department", "id": "unit"},
            "link_types": ["referral_sent"],
            "carriers": [{"end": "a", "focal_point": "ann-intake", "link_types": ["referral_sent"]}],
            "channels": [{"end": "a", "channel": "line"}],
            "memorandum": {"signed": {"days_ago": 20}},
            "facts": [{"on": {"days_ago": 1}, "response": "acted"}],
        }
    ],
    "trainings": [{"key": "t", "course": "Basics", "attendees": [{"person": "ann", "organisation": "haven"}]}],
}


def write(folder: Path, world: World) -> Path:
    folder.mkdir(exist_ok=True)
    for name, lines in world.items():
        text = "\n".join(json.dumps(line) for line in lines)
        (folder / f"{name}.jsonl").write_text(text + "\n", encoding="utf-8")
    return folder


def one(session: Session, model: type[Any], key: str) -> Any:
    rows = session.scalars(select(model)).all()
    return next(row for row in rows if {"scheme": "load", "value": key} in row.external_ids)


def test_keys_become_references_and_ages_become_dates(session: Session, tmp_path: Path) -> None:
    counts = jsonl.load(session, LOCAL, write(tmp_path / "w", WORLD))
    now = changes.now(session)
    haven, dsd = one(session, Organisation, "haven"), one(session, Organisation, "dsd")
    assert counts["organisations"] == 3
    assert haven.verified_at == now - timedelta(days=2.5)
    assert one(session, Organisation, "child").parent_id == haven.id
    assert one(session, Organisation, "child").status == "closed"
    local = (now + timedelta(days=10)).astimezone(changes.LOCAL).date().isoformat()
    assert dsd.accreditation == {"status": "valid", "number": None, "issued": None, "expires": local}
    assert one(session, Person, "ann").status == "on_leave"
    link, line = one(session, Link, "l"), one(session, Channel, "line")
    assert link.carriers[0]["focal_point_id"] == one(session, FocalPoint, "ann-intake").id
    assert link.channels == [{"end": "a", "channel_id": line.id}]
    assert (line.value, line.tested_at) == ("+27800222777", now - timedelta(days=3))
    assert session.get_one(SiteSecret, one(session, Site, "house").id).latitude == -22.35


def test_a_file_of_another_name_is_not_passed_over(session: Session, tmp_path: Path) -> None:
    folder = write(tmp_path / "w", WORLD)
    (folder / "services.jsonl").rename(folder / "service.jsonl")

    with pytest.raises(jsonl.LoadFailed) as caught:
        jsonl.load(session, LOCAL, folder)

    assert caught.value.errors == {"service.jsonl": ["No collection is called so."]}


def test_a_loaded_confidential_capacity_waits_for_its_tick(session: Session, tmp_path: Path) -> None:
    jsonl.load(session, LOCAL, write(tmp_path / "w", WORLD))
    assert session.scalars(select(Capacity)).one().published_as_of is None
    capacity.publish(session)
    assert session.scalars(select(Capacity)).one().published_band == "3+"


@pytest.mark.parametrize(
    ("file", "line", "where"),
    [
        ("organisations", {"key": "x"}, "organisations.jsonl:4: name"),
        ("organisations", {"key": "haven", "name": "Twice"}, "organisations.jsonl:4: key"),
        ("organisations", {"name": "No key"}, "organisations.jsonl:4: key"),
        ("organisations", {"key": "half a \ud800 pair", "name": "X"}, "organisations.jsonl:4: key"),
        ("organisations", {"key": "x", "name": "X", "colour": "red"}, "organisations.jsonl:4: colour"),
        ("organisations", {"key": "x", "name": "X", "parent": "nobody"}, "organisations.jsonl:4: parent"),
        ("organisations", {"key": "x", "name": "X", "parent": "x"}, "organisations.jsonl:4: parent_id"),
        (
            "organisations",
            {"key": "x", "name": "X", "verified_at": {"days_ago": "2"}},
            "organisations.jsonl:4: verified_at",
        ),
        ("sites", {"key": "x", "organisation_id": "haven", "location": {}}, "sites.jsonl:2: organisation_id"),
        ("services", {"key": "x", "organisation": "haven", "name": "Musina beds"}, "services.jsonl:2: name"),
        ("persons", {"key": "x", "full_name": "X", "status": "away"}, "persons.jsonl:2: status"),
        ("channels", {**WORLD["channels"][0], "key": "x", "value": "015 534 1234"}, "channels.jsonl:2: value"),
        (
            "links",
            {**WORLD["links"][0], "key": "x", "channels": [{"end": "c", "channel": "line"}]},
            "links.jsonl:2: channels.0.end",
        ),
        ("links", {**WORLD["links"][0], "key": "x", "a": {"type": "organisation", "id": "no"}}, "links.jsonl:2: a.id"),
    ],
)
def test_errors_name_file_line_and_field(
    session: Session, tmp_path: Path, file: str, line: dict[str, Any], where: str
) -> None:
    world = {**WORLD, file: [*WORLD[file], line]}
    with pytest.raises(jsonl.LoadFailed) as caught:
        jsonl.load(session, LOCAL, write(tmp_path / "w", world))
    assert where in caught.value.errors


@pytest.mark.parametrize(
    "text", ["not json", "[1]", "\ufeff{}", '{"key": 1}', '{"key": "a", "full_name": "A", "full_name": "B"}']
)
def test_what_is_no_object_is_told(session: Session, tmp_path: Path, text: str) -> None:
    (tmp_path / "persons.jsonl").write_text(text, encoding="utf-8")
    with pytest.raises(jsonl.LoadFailed) as caught:
        jsonl.load(session, LOCAL, tmp_path)
    assert all(where.startswith("persons.jsonl:1") for where in caught.value.errors)


def test_an_empty_folder_is_told(session: Session, tmp_path: Path) -> None:
    with pytest.raises(jsonl.LoadFailed):
        jsonl.load(session, LOCAL, tmp_path)


def test_only_administrators_load(session: Session, tmp_path: Path) -> None:
    with pytest.raises(Denied):
        jsonl.load(session, Actor("coordinator", "c"), tmp_path)


def test_a_dump_loads_again_to_the_same(session: Session, tmp_path: Path) -> None:
    jsonl.load(session, LOCAL, write(tmp_path / "w", WORLD))
    session.commit()
    dump.dump(session, LOCAL, tmp_path / "d")
    files = sorted((tmp_path / "d").iterdir())
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)
    first = {file.name: sorted(file.read_text().splitlines()) for file in files}
    for collection in reversed(COLLECTIONS.values()):
        if collection.name in ("sites", "service_sites"):
            session.query(SiteSecret if collection.name == "sites" else Capacity).delete()
        session.query(collection.model).delete()
    session.commit()
    session.expunge_all()
    session.info.clear()
    jsonl.load(session, LOCAL, tmp_path / "d")
    dump.dump(session, LOCAL, tmp_path / "e")
    second = {file.name: sorted(file.read_text().splitlines()) for file in sorted((tmp_path / "e").iterdir())}
    assert first == second
    assert session.scalar(select(func.count()).select_from(Organisation)) == 3
    assert listing.page(session, LOCAL, COLLECTIONS["links"], {})[1] == 1


def test_who_stays_confidential_stays_so_through_a_dump(session: Session, factory: Factory, tmp_path: Path) -> None:
    """A record whose hidden places went to another: nothing else says that it is to be read cut."""
    kept = factory("organisations", name="Absorbed")
    kept.kept_confidential = True
    dump.dump(session, LOCAL, tmp_path)
    lines = [json.loads(line) for line in (tmp_path / "organisations.jsonl").read_text().splitlines()]
    assert [line["kept_confidential"] for line in lines] == [True]
    (tmp_path / "organisations.jsonl").write_text(json.dumps({**lines[0], "key": "again"}))
    jsonl.load(session, LOCAL, tmp_path)

    assert one(session, Organisation, "again").kept_confidential


def test_what_is_loaded_together_is_written_together(session: Session, tmp_path: Path) -> None:
    """Two hundred places of services take a few statements, not some for each line."""
    world: World = {
        "organisations": [{"key": "haven", "name": "Haven"}],
        "sites": [
            {"key": f"s{n}", "organisation": "haven", "location": {"lat": -23.9, "lon": 29.45}} for n in range(200)
        ],
        "services": [{"key": f"v{n}", "organisation": "haven", "name": "Meals"} for n in range(200)],
        "service-sites": [
            {"key": f"x{n}", "service": f"v{n}", "site": f"s{n}", "capacity": {"unit": "bed", "available": n}}
            for n in range(200)
        ],
    }
    said: list[str] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *asked: said.append(asked[2]))
    jsonl.load(session, LOCAL, write(tmp_path / "w", world))
    assert session.scalar(select(func.sum(Capacity.available))) == sum(range(200))
    assert len(said) < 60
